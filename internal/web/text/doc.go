// Package text holds every word that the portal shows, in German, English and
// Dutch, and says dates and numbers the way each language does. It knows nothing
// of what it words.
package text
