package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tischlein/internal/telephony"
	"tischlein/internal/web/text"
	"tischlein/internal/web/view"
)

// Form is what was posted, and what is wrong with it. Whatever is refused goes
// back to the page with everything that was typed.
type Form struct {
	view.Form
	words  *text.Printer
	status int
}

// Form reads what was posted. Values are trimmed, but for passwords.
func (c *Call) Form() (*Form, error) {
	if err := c.R.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return nil, telephony.Invalidf("", "body_too_large", "too much was sent")
		}
		return nil, telephony.Invalidf("", "form_malformed", "the form could not be read")
	}
	f := &Form{words: c.Text(), status: http.StatusUnprocessableEntity}
	f.Values = c.R.PostForm
	for name, values := range f.Values {
		for i, v := range values {
			v = strings.ToValidUTF8(v, "\uFFFD")
			if !strings.Contains(name, "password") {
				v = strings.TrimSpace(v)
			}
			values[i] = v
		}
	}
	return f, nil
}

// Refuse says what is wrong with a field: the id of a text with its arguments.
func (f *Form) Refuse(field, id string, args ...any) {
	f.Errors = append(f.Errors, view.FieldError{Name: field, Message: f.words.T(id, args...)})
}

// Need refuses the fields that are empty.
func (f *Form) Need(fields ...string) {
	for _, name := range fields {
		if f.Value(name) == "" {
			f.Refuse(name, "errors.needed")
		}
	}
}

// Take puts a refusal of a use case where it belongs: beside the field it names,
// if the form has that, else above the form. What is no refusal of what was typed
// (not found, our own fault, a session that ended) is given back.
func (f *Form) Take(err error, fields ...string) error {
	var e *telephony.Error
	if !errors.As(err, &e) || e.Code == telephony.NotFound || e.Code == telephony.Internal || strings.HasPrefix(e.Reason, "session_") {
		return err
	}
	if e.Code == telephony.Conflict || e.Code == telephony.TooMany || e.Code == telephony.Unavailable {
		f.status = statusOf(err)
	}
	if e.Field != "" && slices.Contains(fields, e.Field) {
		f.Errors = append(f.Errors, view.FieldError{Name: e.Field, Message: wordOf(f.words, err)})
		return nil
	}
	f.General = wordOf(f.words, err)
	return nil
}

// gone puts the refusal of a choice that is not there any more in the place of not
// found.
func gone(err, refusal error) error {
	if telephony.CodeOf(err) != telephony.NotFound {
		return err
	}
	return refusal
}

// Renew makes the form one of what is there now: who saves again has read what they
// replace.
func (f *Form) Renew(version int64) { f.Values.Set("version", strconv.FormatInt(version, 10)) }

// versionOf is the version of what somebody saw when they sent the form.
func versionOf(typed string) int64 {
	n, _ := strconv.ParseInt(typed, 10, 64) // 0, any, when it was tampered with
	return n
}

// Status is the answer's status: 422, or 409 when the present state refused.
func (f *Form) Status() int { return f.status }

// Fill begins a form with what is: names and values in turn; true is "on", false
// and "" are nothing.
func Fill(pairs ...any) view.Form {
	f := view.Form{Values: map[string][]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		switch v := pairs[i+1].(type) {
		case bool:
			if v {
				f.Values.Set(name, "on")
			}
		case []string:
			f.Values[name] = v
		default:
			f.Values.Set(name, fmt.Sprint(v))
		}
	}
	return f
}
