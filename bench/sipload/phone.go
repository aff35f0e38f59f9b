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
	add := func(user, password string) {
		id := sha256.Sum256([]byte(user))
		h := hex.EncodeToString(id[:16])
		phones = append(phones, phone{
			index:    len(phones),
			user:     user,
			password: password,
			callID:   fmt.Sprintf("%016x-%d@sipload", run, len(phones)),
			instance: fmt.Sprintf("<urn:uuid:%s-%s-%s-%s-%s>", h[:8], h[8:12], h[12:16], h[16:20], h[20:]),
		})
	}
	if s.file == "" {
		for i := range s.count {
			add(fmt.Sprintf(s.userPattern, i), fmt.Sprintf(s.passwordPattern, i))
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
		user, password, ok := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if !ok {
			return nil, fmt.Errorf("%s: line %d is not `user password`", s.file, len(phones)+1)
		}
		add(user, strings.TrimSpace(password))
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(phones) == 0 || len(phones) < s.count {
		return nil, errors.New(s.file + ": fewer users than asked for")
	}
	return phones, nil
}
