package phone

import (
	"strings"
	"testing"
)

// Jitsi asks for its file with a form. Another's form is an upload as before, and
// whoever only calls itself Jitsi gets nothing that a GET would not give.
func TestP06_WhoAsksWithAFormIsAnswered(t *testing.T) {
	f := newFake("jitsi", "")
	f.device.Model = "Jitsi"
	kept := &shelf{}
	st := newStage(t, f, func(c *Config) { c.Sending = Sending{Uploads: kept, UploadMost: uploadMost} })
	const agent = "Jitsi/2.10.5550"
	for _, path := range []string{"/d/" + ownToken + "/", "/d/" + ownToken + "/jitsi.properties"} {
		if body := st.want(200, ask{method: "POST", path: path, ua: agent}); !strings.Contains(body, ".PASSWORD="+sipSecret+"\n") {
			t.Errorf("%s: %s", path, body)
		}
	}
	if len(kept.kept) > 0 {
		t.Errorf("kept as an upload: %v", kept.kept)
	}
	st.want(404, ask{method: "POST", path: "/d/" + strings.Repeat("x", len(ownToken)) + "/", ua: agent})
	st.want(404, ask{method: "POST", path: "/p/", ua: agent})
	st.want(405, ask{method: "POST", path: "/p/", ua: "Jitsi"})
	if body := st.want(200, ask{method: "POST", path: "/d/" + ownToken + "/boot.log", ua: yealinkUA}); body != "" {
		t.Errorf("an upload is answered with %q", body)
	}
	if len(kept.kept) != 1 {
		t.Errorf("kept %v", kept.kept)
	}
}
