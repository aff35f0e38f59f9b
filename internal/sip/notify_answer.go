package sip

import (
	"context"

	"tischlein/internal/sip/wire"
)

// answerChallenge sends the NOTIFY again with the account's own credentials, as
// the vendors that challenge expect (C05), and returns the last answer. Each valid
// secret is tried once: while a secret is being changed, the phone knows the
// previous one until it has fetched what this NOTIFY announces (P14).
func (s *Server) answerChallenge(ctx context.Context, n *notify, a answer) answer {
	for try := 0; a.status == 401 || a.status == 407; try++ {
		name, value := "Authorization", a.www
		if a.status == 407 {
			name, value = "Proxy-Authorization", a.proxy
		}
		c, ok := wire.ParseChallenge([]byte(value))
		if !ok {
			return a
		}
		secrets := s.secretsIn(ctx, string(c.Realm), n.target.user)
		if try >= len(secrets) {
			return a
		}
		n.authorization = name + ": " + Respond(&c, n.target.user, &secrets[try], "NOTIFY", n.target.contact) + "\r\n"
		n.cseq++
		a = s.request(ctx, &n.target.flow, n.build)
	}
	return a
}

// secretsIn are the user's secrets for a realm, current first; none where nobody
// can say. What the registrar keeps fits our own realm only.
func (s *Server) secretsIn(ctx context.Context, realm, user string) []HA1 {
	if realm != s.cfg.Realm {
		if s.cfg.Realms == nil {
			return nil
		}
		ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
		defer cancel()
		secrets, err := s.cfg.Realms.HA1In(ctx, realm, user)
		if err != nil {
			s.complain("a phone's challenge could not be answered", err)
			return nil
		}
		return secrets
	}
	cred := s.cached([]byte(user))
	if cred == nil {
		var err error
		if cred, err = s.lookup(user, s.cfg.Now().Unix()); err != nil || cred == nobody {
			return nil
		}
	}
	return cred.HA1
}
