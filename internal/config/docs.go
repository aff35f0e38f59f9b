package config

import (
	"fmt"
	"strings"
)

const docsHead = `# Configuration

Made from the field tags of ` + "`internal/config`" + `; a test keeps it fresh.

Every setting can stand in a YAML file (` + "`tischlein serve --config tischlein.yaml`" + `), in the
environment, and as a flag; a flag outweighs the environment, the environment the file, the file
the default. Nothing needs to be set to begin with. A key that does not exist is an error, not
ignored. Durations are written ` + "`90s`, `15m`, `1h`" + `; lists as YAML lists, in flags and the
environment separated by commas.
`

// Docs is docs/configuration.md.
func Docs() string {
	var b strings.Builder
	b.WriteString(docsHead)
	for _, f := range fields() {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s\n\n", f.key, f.help)
		fmt.Fprintf(&b, "Flag `--%s`, environment `%s`, %s", f.flag, f.env, f.kind)
		if f.def != "" {
			fmt.Fprintf(&b, ", default `%s`", f.def)
		}
		b.WriteString(".\n")
	}
	return b.String()
}
