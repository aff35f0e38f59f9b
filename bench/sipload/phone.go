package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
)

// phone is one AOR. Call-ID and CSeq live as long as the process because a registrar orders
// REGISTERs by them (RFC 3261 10.3).
type phone struct {
	index          int
	user, password string
	name           string // user part of its Contact
	callID         string
	instance       string // +sip.instance, the same in every run: it is the same phone
	cseq           uint32
	conn           *connection // tcp, tls: the phone's own, opened by its first registration
}

// accountSource says where user names and passwords come from: a file, or two patterns.
type accountSource struct {
	file, userPattern, passwordPattern string
	count                              int
}

func (s accountSource) phones() ([]phone, error) {
	var phones []phone
	run := rand.Uint64()
	add := func(user, password, name string) {
		id := sha256.Sum256([]byte(name))
		h := hex.EncodeToString(id[:16])
		phones = append(phones, phone{
			index:    len(phones),
			user:     user,
			password: password,
			name:     name,
			callID:   fmt.Sprintf("%016x-%d@sipload", run, len(phones)),
			instance: fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", h[:8], h[8:12], h[12:16], h[16:20], h[20:]),
		})
	}
	if s.file == "" {
		for i := range s.count {
			user := fmt.Sprintf(s.userPattern, i)
			add(user, fmt.Sprintf(s.passwordPattern, i), user)
		}
		return phones, nil
	}
	f, err := os.Open(s.file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() && (s.count == 0 || len(phones) < s.count) {
		x := strings.Fields(lines.Text())
		switch len(x) {
		case 2:
			add(x[0], x[1], x[0])
		case 3:
			add(x[0], x[1], x[2])
		default:
			return nil, fmt.Errorf("%s: line %d is not `user password` or `user password name`", s.file, len(phones)+1)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(phones) == 0 || len(phones) < s.count {
		return nil, errors.New(s.file + ": fewer users than asked for")
	}
	return phones, nil
}
