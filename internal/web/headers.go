package web

import (
	"net/http"
	"net/url"

	"tischlein/internal/telephony"
)

// policy allows nothing but our own files: no inline script or style, no frame,
// no form to elsewhere (X04).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers are those that OWASP's ASVS asks for at level 2 (X04).
func (p *Portal) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		if p.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a browser send. Cookies are SameSite
// too; this holds where they would not.
func (p *Portal) sameOrigin(base *url.URL, next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	// A proxy in between may hand on another Host than the browser asked for.
	if err := guard.AddTrustedOrigin(base.Scheme + "://" + base.Host); err != nil {
		p.log.Error("the portal's base URL is no origin", "err", err)
	}
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &Call{W: w, R: r, portal: p, From: p.cfg.TrustedProxies.Source(r)}
		p.fail(c, telephony.Forbiddenf("cross_origin", "this request came from another site"))
	}))
	return guard.Handler(next)
}
