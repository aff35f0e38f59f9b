package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"tischlein/internal/telephony"
)

// A pages token is the beginning of a token's hash, by which it is found, and
// a seal of 130 bits over the whole of it.
const (
	pagesStart = 12
	pagesSeal  = 26
)

// PagesToken is what a device's keys bear in the URLs that they open (P02): it
// leads to the device's pages and to no file. It follows from the hash of the
// device's permanent token, so it ends with that, and nobody can make one who has
// only a copy of the database.
func (k *Key) PagesToken(tokenHash string) telephony.Secret {
	if len(tokenHash) < pagesStart {
		return ""
	}
	h := hmac.New(sha256.New, k.pages)
	h.Write([]byte(tokenHash))
	return telephony.Secret(tokenHash[:pagesStart] + tokenText.EncodeToString(h.Sum(nil))[:pagesSeal])
}

// PagesStart is the part of a pages token with which the hash of the device's
// token begins. ok is false for what cannot be a pages token.
func PagesStart(pagesToken string) (start string, ok bool) {
	if len(pagesToken) != pagesStart+pagesSeal || strings.Trim(pagesToken[:pagesStart], "0123456789abcdef") != "" {
		return "", false
	}
	return pagesToken[:pagesStart], true
}

// IsPagesToken compares in constant time.
func (k *Key) IsPagesToken(pagesToken, tokenHash string) bool {
	own := k.PagesToken(tokenHash).Reveal()
	return own != "" && hmac.Equal([]byte(own), []byte(pagesToken))
}
