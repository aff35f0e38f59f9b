package clients

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

// BaresipAccount is what a person would type into a generic SIP device.
type BaresipAccount struct {
	DisplayName string // may be empty
	Local       string // IPv4 address to send from; empty: 127.0.0.1
	User        string // the AOR's user part
	Domain      string // the AOR's domain
	Server      string // host:port to send to (the account's outbound proxy)
	Transport   string // udp, tcp or tls
	AuthUser    string // empty: as User
	Password    string
	CAFile      string // PEM; may be empty
	PicksUp     bool   // answers every call at once
	Tone        int    // Hz of what its microphone hears; 0: silence
	Mailbox     bool   // asks how many messages wait, once it is registered: event MWI_NOTIFY
}

// Baresip is one running baresip. Seen with Debian 12's version 1.0.0:
//
//   - It registers only where MD5 is offered alone: with SHA-256 beside it, in either order, it gives up with
//     "Function not implemented".
//   - It believes any TLS certificate, also one that the CA file does not vouch for.
//   - Its Contact is sip:<user>-0x<hex>@<address>, with no +sip.instance, and over TCP and TLS names a port it listens
//     on, not the connection's.
//   - It sends no Authorization before it was challenged, and counts nc from 1 again after every 401.
//   - It answers an unsolicited NOTIFY check-sync with 481 and does nothing.
//   - Its command "dial" completes a bare number with the account's domain, and escapes nothing. It knows blind transfer
//     only. What it hears is written by its module sndfile, if there is a module that plays: aubridge plays into nothing.
//   - It leaves with a REGISTER that ends the binding when it is told to stop, and without when it is killed. When its
//     TCP or TLS connection has gone by then it waits for an answer that cannot come.
type Baresip struct {
	home    string
	program *program
	remote  *remote
}

const spoken = "microphone.wav" // what a baresip says

// StartBaresip starts a baresip without sound that registers the account. The home must be an empty directory.
func StartBaresip(home string, account BaresipAccount) (*Baresip, error) {
	modules, err := baresipModules()
	if err != nil {
		return nil, err
	}
	if account.Local == "" {
		account.Local = "127.0.0.1"
	}
	if err := writeTone(filepath.Join(home, spoken), account.Tone); err != nil {
		return nil, err
	}
	var b *Baresip
	for range 3 { // the port that was free may be taken by now
		if b, err = startBaresip(home, modules, account); err == nil || !errors.Is(err, errPortTaken) {
			break
		}
	}
	return b, err
}

func startBaresip(home, modules string, account BaresipAccount) (*Baresip, error) {
	control, err := freePort()
	if err != nil {
		return nil, err
	}
	config := []string{
		"sip_listen " + account.Local + ":0", "net_interface " + account.Local, "module_path " + modules,
		"ctrl_tcp_listen " + control, "statmode_default off",
		"snd_path .", "audio_player aubridge,ear", "audio_source aufile," + spoken, // by their names: it cuts long paths off
		"ausrc_srate 8000", "auplay_srate 8000",
		"module stdio.so", "module g711.so", "module aubridge.so", "module aufile.so", "module sndfile.so",
		"module_tmp account.so", "module_app menu.so", "module_app ctrl_tcp.so",
	}
	if account.Mailbox {
		config = append(config, "module_app mwi.so")
	}
	if account.CAFile != "" {
		config = append(config, "sip_cafile "+account.CAFile)
	}
	for name, lines := range map[string][]string{"config": config, "accounts": {account.line()}, "contacts": {""}} {
		text := strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("writing baresip's %s: %w", name, err)
		}
	}
	started, err := start(home, "baresip", "-4", "-s", "-f", home)
	if err != nil {
		return nil, err
	}
	b := &Baresip{home: home, program: started}
	if b.remote, err = connectRemote(b.program, control); err != nil {
		b.Kill()
		return nil, err
	}
	return b, nil
}

func (a BaresipAccount) line() string {
	user := a.AuthUser
	if user == "" {
		user = a.User
	}
	answering := ""
	if a.PicksUp {
		answering = ";answermode=auto"
	}
	return fmt.Sprintf(`"%s" <sip:%s@%s;transport=%s>;outbound="sip:%s;transport=%s";auth_user=%s;auth_pass=%s;regint=120;rwait=90%s`,
		a.DisplayName, a.User, a.Domain, a.Transport, a.Server, a.Transport, user, a.Password, answering)
}

func baresipModules() (string, error) {
	found, err := filepath.Glob("/usr/lib*/baresip/modules/account.so")
	if err != nil || len(found) == 0 {
		return "", errors.Join(errors.New("baresip's modules are not installed: run scripts/install-test-tools"), err)
	}
	return filepath.Dir(found[0]), nil
}

var baresipOutcome = regexp.MustCompile(`registered successfully|^reg: `)

// WaitRegistered returns nil once baresip says that its account is registered, and its own words when it says that it
// failed.
func (b *Baresip) WaitRegistered(ctx context.Context) error {
	line, err := b.program.wait(ctx, baresipOutcome)
	if err != nil {
		return err
	}
	if !strings.Contains(line, "registered successfully") {
		return fmt.Errorf("baresip: %s", line)
	}
	return nil
}

// Output is everything baresip has written, a trace of its SIP messages included.
func (b *Baresip) Output() string { return b.program.text() }

// Stop ends baresip as a person would: it takes its binding back first, or is killed when nobody answers that.
func (b *Baresip) Stop() { b.program.stop(syscall.SIGTERM) }

// Kill ends it as a power cut would.
func (b *Baresip) Kill() { b.program.stop(syscall.SIGKILL) }
