package server

import (
	"tischlein/internal/discovery/pnp"
	"tischlein/internal/provision/drivers"
)

// newPnP makes the SIP-PnP responder, nil when it is off. Its answer is the same
// for every phone, so it needs no use case.
func (s *Server) newPnP() error {
	networks, err := s.cfg.PnP()
	if err != nil || len(networks) == 0 {
		return err
	}
	ouis := map[string]bool{}
	for _, d := range drivers.All().Drivers() {
		i := d.Info()
		if found, ok := drivers.Discovery(i.Vendor); ok && found.PnP {
			for _, o := range i.OUIs {
				ouis[o] = true
			}
		}
	}
	s.pnp, err = pnp.Listen(pnp.Config{
		Networks: networks, URL: s.BaseURL() + "/", Known: func(oui string) bool { return ouis[oui] }, Log: s.log, Share: s.sip.ShareUDP,
	})
	return err
}
