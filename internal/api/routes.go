package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tischlein/internal/app"
	"tischlein/internal/auth"
)

const description = `Tischlein lets an administrator say who sits where; the desk phone there does the rest.

Everything but setup, health and this description needs an API token: ` + "`Authorization: Bearer <token>`" + `. A token sees its own customers only; what it does not see is answered as not found.

Errors are problem+json (RFC 9457) with a stable ` + "`code`" + ` and ` + "`reason`" + `. Single objects carry an ETag; send it as If-Match to change only what you have read. Lists are read piece by piece: pass ` + "`next`" + ` as ` + "`cursor`" + `.

A POST or PUT may carry an Idempotency-Key: when it is sent again within a day, it is answered as the first time and not done again. Operations whose answer holds a secret (tokens, first-access and permanent URLs, SIP credentials) keep no answer and are done again.

Actions take ` + "`dry_run=true`" + ` and then only say what would happen.`

// routes collects the operations.
type routes struct {
	mux     *http.ServeMux
	api     huma.API
	s       *server
	secrets map[string]bool // mux patterns of operations whose answer holds a secret
}

func (s *server) routes() *routes {
	c := huma.DefaultConfig("Tischlein", "1")
	c.CreateHooks = nil // no $schema members in answers
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.RejectUnknownQueryParameters = true
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Info.Description = description
	c.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "An API token."}}
	c.Security = []map[string][]string{{"token": {}}}
	c.Servers = []*huma.Server{{URL: "/"}}
	mux := http.NewServeMux()
	r := &routes{mux: mux, api: humago.New(mux, c), s: s, secrets: map[string]bool{}}
	r.meta()
	r.partners()
	r.customers()
	r.allowlist()
	r.channels()
	r.links()
	r.logins()
	r.desks()
	r.extensions()
	r.extensionKeys()
	r.overrides()
	r.trunks()
	r.numbers()
	r.cpes()
	r.cpeActions()
	r.siteTokens()
	r.cpeRedirects()
	r.uploads()
	r.firmware()
	r.rollouts()
	r.fleet()
	r.attachments()
	r.tokens()
	r.audit()
	r.events()
	return r
}

// schemaName is a Go type's name in the description: channelBody is Channel there.
func schemaName(t reflect.Type, hint string) string {
	return strings.ReplaceAll(huma.DefaultSchemaNamer(t, hint), "Body", "")
}

// secret reports whether the request is for an operation whose answer holds a
// secret.
func (r *routes) secret(req *http.Request) bool {
	_, pattern := r.mux.Handler(req)
	return r.secrets[pattern]
}

type handler[I, O any] func(ctx context.Context, actor auth.Actor, in *I) (*O, error)

// add registers an operation. id is "verb-noun"; tag groups operations.
func add[I, O any](r *routes, route [2]string, tag, id, summary, text string, h handler[I, O], more ...func(*routes, *huma.Operation)) {
	op := huma.Operation{
		Method: route[0], Path: route[1], OperationID: id, Summary: summary, Description: text, Tags: []string{tag},
		MaxBodyBytes: maxBody + 1, // ours is the limit, by bounded
	}
	if op.Method == http.MethodPost || op.Method == http.MethodPut {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "Any text of up to 128 printable characters. Sent again within a day, the request is answered as the first time.",
		})
	}
	for _, m := range more {
		m(r, &op)
	}
	huma.Register(r.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, actorOf(ctx), in)
		if err != nil {
			report(ctx, r.s.log, id, err)
			return nil, problem(err).in(op.Method)
		}
		return out, nil
	})
}

func get(path string) [2]string    { return [2]string{http.MethodGet, path} }
func post(path string) [2]string   { return [2]string{http.MethodPost, path} }
func put(path string) [2]string    { return [2]string{http.MethodPut, path} }
func patch(path string) [2]string  { return [2]string{http.MethodPatch, path} }
func remove(path string) [2]string { return [2]string{http.MethodDelete, path} }

// isCreated says that success is 201.
func isCreated(_ *routes, op *huma.Operation) { op.DefaultStatus = http.StatusCreated }

// isOpen says that the operation needs no token.
func isOpen(_ *routes, op *huma.Operation) { op.Security = []map[string][]string{} }

// hasSecret says that the answer holds a secret, so that it is not kept for
// repetitions.
func hasSecret(r *routes, op *huma.Operation) {
	r.secrets[op.Method+" "+op.Path] = true
	op.Parameters = nil
	op.Description += " The answer holds a secret: it is not kept, and an Idempotency-Key has no effect."
}

// Page asks for a piece of a list.
type Page struct {
	Cursor string `query:"cursor" maxLength:"1024" doc:"As next in the answer before; empty for the beginning."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most."`
	Search string `query:"search" maxLength:"200" doc:"Part of a name or number, or a MAC in any notation."`
}

func (p Page) query() app.Query {
	return app.Query{Cursor: p.Cursor, Limit: p.Limit, Search: p.Search}
}

// MayDryRun lets an action be tried.
type MayDryRun struct {
	DryRun bool `query:"dry_run" doc:"Say what would happen and change nothing."`
}

type listBody[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"In a fixed order."`
	Next  string `json:"next,omitempty" doc:"The cursor of the next piece; absent at the end."`
}

type listed[T any] struct{ Body listBody[T] }

func listOf[A, B any](l app.List[A], show func(A) B) *listed[B] {
	return &listed[B]{listBody[B]{each(l.Items, show), l.Next}}
}

func each[A, B any](in []A, show func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, x := range in {
		out = append(out, show(x))
	}
	return out
}

type single[T any] struct {
	ETag string `header:"ETag" doc:"The object's version, for If-Match."`
	Body T
}

type made[T any] struct {
	ETag     string `header:"ETag" doc:"The object's version, for If-Match."`
	Location string `header:"Location" doc:"Where the new object is."`
	Body     T
}

type plain[T any] struct{ Body T }

type nothing struct{}
