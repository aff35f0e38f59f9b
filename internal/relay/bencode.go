package relay

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// value is what bencode can say: string, int64, []any or map[string]any.

// appendValue writes v. Keys of a dictionary are sorted, as the format wants.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		b = strconv.AppendInt(b, int64(len(v)), 10)
		b = append(b, ':')
		return append(b, v...)
	case []string:
		b = append(b, 'l')
		for _, s := range v {
			b = appendValue(b, s)
		}
		return append(b, 'e')
	case map[string]any:
		b = append(b, 'd')
		for _, k := range sortedKeys(v) {
			b = appendValue(appendValue(b, k), v[k])
		}
		return append(b, 'e')
	}
	panic(fmt.Sprintf("relay: no bencode for %T", v))
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

var errBencode = errors.New("relay: not a bencoded message")

// maxDepth bounds how deep an answer may nest: it comes by an open socket.
const maxDepth = 16

// parseValue reads one value and gives what follows it.
func parseValue(b []byte, depth int) (v any, rest []byte, err error) {
	if len(b) == 0 || depth > maxDepth {
		return nil, nil, errBencode
	}
	switch b[0] {
	case 'i':
		return parseInt(b[1:])
	case 'l':
		return parseList(b[1:], depth)
	case 'd':
		return parseDict(b[1:], depth)
	}
	return parseString(b)
}

func parseInt(b []byte) (any, []byte, error) {
	i := slices.Index(b, 'e')
	if i < 0 {
		return nil, nil, errBencode
	}
	n, err := strconv.ParseInt(string(b[:i]), 10, 64)
	if err != nil {
		return nil, nil, errBencode
	}
	return n, b[i+1:], nil
}

func parseString(b []byte) (any, []byte, error) {
	i := slices.Index(b, ':')
	if i < 1 {
		return nil, nil, errBencode
	}
	n, err := strconv.ParseUint(string(b[:i]), 10, 31)
	if err != nil || int(n) > len(b)-i-1 {
		return nil, nil, errBencode
	}
	end := i + 1 + int(n)
	return string(b[i+1 : end]), b[end:], nil
}

func parseList(b []byte, depth int) (any, []byte, error) {
	var list []any
	for len(b) > 0 && b[0] != 'e' {
		v, rest, err := parseValue(b, depth+1)
		if err != nil {
			return nil, nil, err
		}
		list, b = append(list, v), rest
	}
	if len(b) == 0 {
		return nil, nil, errBencode
	}
	return list, b[1:], nil
}

func parseDict(b []byte, depth int) (any, []byte, error) {
	dict := map[string]any{}
	for len(b) > 0 && b[0] != 'e' {
		k, rest, err := parseString(b)
		if err != nil {
			return nil, nil, err
		}
		v, rest, err := parseValue(rest, depth+1)
		if err != nil {
			return nil, nil, err
		}
		dict[k.(string)], b = v, rest
	}
	if len(b) == 0 {
		return nil, nil, errBencode
	}
	return dict, b[1:], nil
}
