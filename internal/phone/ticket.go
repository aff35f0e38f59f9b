package phone

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"tischlein/internal/telephony"
)

// A ticket carries an attempt from one page to the next, sealed: the PIN stands
// neither in a page nor in a second URL, and nothing is kept here, so that any
// node can go on. It is good for one line of one device.
const ticketLife = 3 * time.Minute

func ticketPurpose(s Spot) string { return "page " + s.Device.ID + " " + s.ChannelID }

func (s *Server) seal(at Spot, a Attempt) string {
	until := s.cfg.Now().Add(ticketLife).Unix()
	text := strings.Join([]string{strconv.FormatInt(until, 36), a.Number, a.PIN.Reveal(), a.NewPIN.Reveal(), a.End, a.Over}, "\x00")
	return base64.RawURLEncoding.EncodeToString(s.key.Seal(telephony.Secret(text), ticketPurpose(at)))
}

// unseal is false for what is not a ticket of this line, or one that is too old.
func (s *Server) unseal(at Spot, ticket string) (a Attempt, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil {
		return a, false
	}
	text, err := s.key.Open(sealed, ticketPurpose(at))
	if err != nil {
		return a, false
	}
	part := strings.Split(text.Reveal(), "\x00")
	if len(part) != 6 {
		return a, false
	}
	until, err := strconv.ParseInt(part[0], 36, 64)
	if err != nil || s.cfg.Now().Unix() >= until {
		return a, false
	}
	return Attempt{Number: part[1], PIN: telephony.Secret(part[2]), NewPIN: telephony.Secret(part[3]), End: part[4], Over: part[5]}, true
}
