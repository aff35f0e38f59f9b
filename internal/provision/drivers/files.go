package drivers

import "tischlein/internal/provision"

// What files are served as. A phone's browser may want its pages as something else.
const (
	typeXML  = "text/xml; charset=utf-8"
	typeText = "text/plain; charset=utf-8"
)

// caFile is the CA of our server, for phones that fetch it as it is. There is no
// file where that is a public one.
func caFile(name, rootCA string) (provision.File, error) {
	if rootCA == "" {
		return provision.File{}, provision.NoFile(provision.KindTrust)
	}
	return provision.File{Name: name, ContentType: "application/x-pem-file", Body: []byte(rootCA)}, nil
}
