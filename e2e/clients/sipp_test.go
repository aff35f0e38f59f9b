package clients_test

import (
	"fmt"
	"strings"
	"testing"

	"tischlein/e2e/clients"
)

func startSipp(t *testing.T, phone clients.SippPhone) *clients.Sipp {
	t.Helper()
	phone.Domain, phone.Instance = realm, "5d0a6a8e-0000-4000-8000-0000"+fmt.Sprintf("%08x", len(phone.User))
	s, err := clients.StartSipp(t.TempDir(), phone)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

func TestSipp_ThreePhonesBehindOneAddressEachGetTheirNotify(t *testing.T) {
	t.Parallel()
	for _, transport := range []string{"udp", "tcp"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			users := []string{"a", "bb", "ccc"}
			r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"a": "s3cret", "bb": "s3cret", "ccc": "s3cret"})
			phones, registrations := map[string]*clients.Sipp{}, map[string]registration{}
			for _, user := range users {
				phones[user] = startSipp(t, clients.SippPhone{
					Scenario: "register_notify", Server: r.address(transport), Transport: transport, User: user, Password: "s3cret",
					Agent: "Yealink SIP-T46U 108.86.0.20",
				})
				if err := phones[user].WaitRegistered(within(t)); err != nil {
					t.Fatal(err)
				}
				reg := r.next(user)
				if reg.transport != transport || reg.userAgent != "Yealink SIP-T46U 108.86.0.20" || !strings.HasPrefix(reg.source, "127.0.0.1:") {
					t.Errorf("registered as %+v", reg)
				}
				registrations[user] = reg
			}
			for _, user := range users {
				want := "check-sync;for=" + user
				if status := r.notify(registrations[user], want); status != 200 {
					t.Errorf("%s answered with %d", user, status)
				}
				if event, err := phones[user].WaitNotified(within(t)); err != nil || event != want {
					t.Errorf("%s was notified of %q: %v", user, event, err)
				}
				if err := phones[user].Wait(within(t)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestSipp_AnswersAsTold(t *testing.T) {
	t.Parallel()
	r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"a": "s3cret"})
	s := startSipp(t, clients.SippPhone{
		Scenario: "register_notify", Server: r.udp, Transport: "udp", Local: "127.0.0.7", User: "a", Password: "s3cret", Answer: "489 Bad Event",
	})
	reg := r.next("a")
	if !strings.HasPrefix(reg.source, "127.0.0.7:") {
		t.Errorf("came from %s", reg.source)
	}
	if status := r.notify(reg, "resync"); status != 489 {
		t.Errorf("answered with %d", status)
	}
	if err := s.Wait(within(t)); err != nil {
		t.Error(err)
	}
}

func TestSipp_TellsARefusalFromASuccess(t *testing.T) {
	t.Parallel()
	r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"a": "s3cret"})
	for password, scenarioOfIt := range map[string]string{"s3cret": "register_refused", "wrong": "register_notify"} {
		s := startSipp(t, clients.SippPhone{Scenario: scenarioOfIt, Server: r.udp, Transport: "udp", User: "a", Password: password})
		if err := s.Wait(within(t)); err == nil || !strings.Contains(err.Error(), "unexpected message") {
			t.Errorf("%s with the password %q: %v", scenarioOfIt, password, err)
		}
	}
	s := startSipp(t, clients.SippPhone{Scenario: "register_refused", Server: r.udp, Transport: "udp", User: "a", Password: "wrong"})
	if err := s.Wait(within(t)); err != nil {
		t.Error(err)
	}
}

func TestSipp_AnswersTheFirstChallengeAndOnlyMD5(t *testing.T) {
	t.Parallel()
	for want, challenges := range map[string][]string{
		"":              {challengeMD5, challengeSHA256},
		"must use MD5 ": {challengeSHA256, challengeMD5},
	} {
		r := startRegistrar(t, newAuthority(t).certificate(t), map[string]string{"a": "s3cret"}, challenges...)
		s := startSipp(t, clients.SippPhone{Scenario: "register_notify", Server: r.udp, Transport: "udp", User: "a", Password: "s3cret"})
		if err := s.WaitRegistered(within(t)); (err == nil) != (want == "") || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("offered %v: %v", challenges, err)
		}
	}
}
