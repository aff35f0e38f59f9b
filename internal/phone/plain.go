package phone

import (
	"fmt"
	"net/http"
	"strings"

	"tischlein/internal/provision"
	"tischlein/internal/telephony"
)

type pointerKey struct {
	vendor string
	kind   provision.FileKind
}

// renderConstants renders what does not depend on any device: the certificates
// of our CA, what makes phones start again, and the pointers from plain HTTP to HTTPS.
func (s *Server) renderConstants() error {
	s.anybodys, s.pointers = map[string]*file{}, map[pointerKey]*file{}
	for _, drv := range s.cfg.Registry.Drivers() {
		stage, ok := drv.(provision.StageOne)
		if !ok {
			continue
		}
		info := drv.Info()
		b := provision.Bootstrap{RootCA: s.cfg.RootCA, StageURL: s.cfg.URL}
		for _, kind := range []provision.FileKind{provision.KindTrust, provision.KindRestart} {
			f, err := stage.RenderStageOne(b, kind)
			if err == nil {
				s.anybodys[strings.ToLower(f.Name)] = newFile(kind, f)
			} else if telephony.CodeOf(err) != telephony.NotFound {
				return fmt.Errorf("%s %s: %w", info.Vendor, kind, err)
			}
		}
		for _, kind := range []provision.FileKind{provision.KindConfig, provision.KindBoot, provision.KindCommon, provision.KindTrust} {
			f, err := stage.PlainPointer(kind, s.cfg.URL)
			if err == nil {
				s.pointers[pointerKey{info.Vendor, kind}] = newFile(kind, f)
			} else if telephony.CodeOf(err) != telephony.NotFound {
				return fmt.Errorf("%s pointer: %w", info.Vendor, err)
			}
		}
	}
	return nil
}

// servePlain answers with the vendor's constant and nothing else (P02). A token
// that came this way was seen by everybody on the path: it is not even looked up.
func (s *Server) servePlain(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuse(w, http.StatusMethodNotAllowed)
		return
	}
	p, ok := cleanPath(r.URL)
	door, _, rest := splitDoor(p)
	if !ok || door != doorBare {
		refuse(w, http.StatusNotFound)
		return
	}
	q := request(r, rest)
	q.Method = http.MethodGet
	rec, _ := s.cfg.Registry.Recognise(q) // whom it names makes no difference here
	if rec.Driver == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	f := s.pointers[pointerKey{rec.Driver.Info().Vendor, rec.Match.Kind}]
	if f == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	f.send(w, r)
}
