// Package browser drives the portal in a real Chromium, as a person does: it finds things by role and name, presses and
// types, and looks at what can be seen. It must know nothing of the portal's markup but what assistive technology is told.
package browser
