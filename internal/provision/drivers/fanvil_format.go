package drivers

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"tischlein/internal/provision"
)

// fanvilForm is how the settings are written.
type fanvilForm int

const (
	fanvilTree    fanvilForm = iota // XML: current desk phones
	fanvilModules                   // text in the words of the same firmware
	fanvilOld                       // text in the words of firmware 1.x and of the X3 and X4
	fanvilAnyText                   // text in both, for phones of unknown generation
	fanvilLines                     // the file for firmware
)

const (
	fanvilHeader = "<<VOIP CONFIG FILE>>Version:"
	fanvilEnd    = "<<END OF FILE>>"
)

func fanvilFile(name string, s *provision.Sheet, form fanvilForm) (provision.File, error) {
	settings, err := s.Settings()
	if err != nil {
		return provision.File{}, fmt.Errorf("rendering fanvil %s: %w", name, err)
	}
	var b bytes.Buffer
	switch form {
	case fanvilTree:
		fanvilWriteTree(&b, settings)
		return provision.File{Name: name, ContentType: typeXML, Body: b.Bytes()}, nil
	case fanvilLines:
		for _, st := range settings {
			b.WriteString(st.Name + "=" + st.Value + "\n")
		}
	default:
		fanvilWriteText(&b, settings, form)
	}
	return provision.File{Name: name, ContentType: typeText, Body: b.Bytes()}, nil
}

// fanvilNode is an element; one with a value has no children.
type fanvilNode struct {
	tag, index, value string
	children          []*fanvilNode
}

func (n *fanvilNode) child(tag, index string) *fanvilNode {
	for _, c := range n.children {
		if c.tag == tag && c.index == index {
			return c
		}
	}
	c := &fanvilNode{tag: tag, index: index}
	n.children = append(n.children, c)
	return c
}

func (n *fanvilNode) write(b *bytes.Buffer, indent string) {
	open := n.tag
	if n.index != "" {
		open += ` index="` + n.index + `"`
	}
	if len(n.children) == 0 {
		element(b, indent, open, n.value)
		return
	}
	b.WriteString(indent + "<" + open + ">\n")
	for _, c := range n.children {
		c.write(b, indent+"  ")
	}
	b.WriteString(indent + "</" + n.tag + ">\n")
}

func fanvilWriteTree(b *bytes.Buffer, settings []provision.Setting) {
	root := &fanvilNode{tag: "sysConf"}
	root.child("Version", "").value = "2.0000000000"
	for _, st := range settings {
		n, parts := root, strings.Split(st.Name, ".")
		for i := 0; i < len(parts); i++ {
			index := ""
			if i+1 < len(parts) && parts[i+1][0] >= '0' && parts[i+1][0] <= '9' {
				index = parts[i+1]
			}
			n = n.child(parts[i], index)
			if index != "" {
				i++
			}
		}
		n.value = st.Value
	}
	b.WriteString(xml.Header)
	root.write(b, "")
}

// fanvilWriteText groups the settings by module and list, in the order in which
// these first occur; a module's own settings come before its lists. A setting
// that a generation has no word for is left out.
func fanvilWriteText(b *bytes.Buffer, settings []provision.Setting, form fanvilForm) {
	type list struct {
		name  string
		lines []string
	}
	type module struct {
		name  string
		lists []*list
	}
	var modules []*module
	put := func(w fanvilWord, key, value string) {
		var m *module
		for _, have := range modules {
			if have.name == w.module {
				m = have
			}
		}
		if m == nil {
			m = &module{name: w.module, lists: []*list{{}}}
			modules = append(modules, m)
		}
		var l *list
		for _, have := range m.lists {
			if have.name == w.list {
				l = have
			}
		}
		if l == nil {
			l = &list{name: w.list}
			m.lists = append(m.lists, l)
		}
		l.lines = append(l.lines, key+":"+value)
	}
	for _, st := range settings {
		if form != fanvilOld {
			if w, key, ok := fanvilNewWord(st.Name); ok {
				put(w, key, st.Value)
			}
		}
		if form != fanvilModules {
			if w, key, ok := fanvilOldWord(st.Name); ok {
				put(w, key, st.Value)
			}
		}
	}
	version := "2.0000000000"
	if form == fanvilOld {
		version = "2.0002"
	}
	b.WriteString(fanvilHeader + version + "\n")
	for _, m := range modules {
		b.WriteString("\n<" + m.name + ">\n")
		for _, l := range m.lists {
			if l.name != "" {
				fmt.Fprintf(b, "%-19s:\n", "--"+l.name+"--")
			}
			for _, line := range l.lines {
				b.WriteString(line + "\n")
			}
		}
	}
	b.WriteString(fanvilEnd + "\n")
}

// Parse reads back what the driver wrote, in any of its forms.
func (fanvil) Parse(f provision.File) ([]provision.Setting, error) {
	if bytes.HasPrefix(f.Body, []byte("<?xml")) {
		return fanvilParseTree(f)
	}
	text, ok := strings.CutPrefix(string(f.Body), fanvilHeader)
	if !ok {
		return fanvilParseLines(f)
	}
	var settings []provision.Setting
	module, list := "", ""
	for n, line := range strings.Split(text, "\n")[1:] {
		key, value, ok := strings.Cut(line, ":")
		key = strings.TrimRight(key, " ")
		switch {
		case line == fanvilEnd:
			return settings, nil
		case line == "":
		case strings.HasPrefix(line, "<"):
			module, list = strings.Trim(line, "<>"), ""
		case strings.HasPrefix(line, "--"):
			list = strings.Trim(key, "-")
		case !ok:
			return nil, fmt.Errorf("reading %s: line %d is no setting", f.Name, n+2)
		default:
			name, known := fanvilNamed(module, list, key)
			if !known {
				return nil, fmt.Errorf("reading %s: line %d: %q is no setting of %s", f.Name, n+2, key, module)
			}
			settings = append(settings, provision.Setting{Name: name, Value: value})
		}
	}
	return nil, fmt.Errorf("reading %s: it has no end", f.Name)
}

func fanvilParseLines(f provision.File) ([]provision.Setting, error) {
	var settings []provision.Setting
	for line := range strings.Lines(string(f.Body)) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			return nil, fmt.Errorf("reading %s: it is no file of ours", f.Name)
		}
		settings = append(settings, provision.Setting{Name: name, Value: value})
	}
	return settings, nil
}

func fanvilParseTree(f provision.File) ([]provision.Setting, error) {
	type node struct {
		XMLName  xml.Name
		Index    string `xml:"index,attr"`
		Value    string `xml:",chardata"`
		Children []node `xml:",any"`
	}
	var root node
	if err := xml.Unmarshal(f.Body, &root); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	var settings []provision.Setting
	var walk func(prefix string, n node)
	walk = func(prefix string, n node) {
		prefix += n.XMLName.Local
		if n.Index != "" {
			prefix += "." + n.Index
		}
		if len(n.Children) == 0 {
			settings = append(settings, provision.Setting{Name: prefix, Value: n.Value})
		}
		for _, c := range n.Children {
			walk(prefix+".", c)
		}
	}
	for _, c := range root.Children {
		walk("", c)
	}
	return settings, nil
}

// fanvilIndices are the numbers in a name, in order.
func fanvilIndices(name string) (numbers []string) {
	for part := range strings.SplitSeq(name, ".") {
		if _, err := strconv.Atoi(part); err == nil {
			numbers = append(numbers, part)
		}
	}
	return numbers
}
