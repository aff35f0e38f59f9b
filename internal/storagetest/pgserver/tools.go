package pgserver

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// oldestMajor is the oldest PostgreSQL that Tischlein supports.
const oldestMajor = 15

// tools are the installed server programs and the account to run them as (nil: our own).
type tools struct {
	postgres, initdb string
	account          *syscall.Credential
}

// findTools looks where Debian installs the server (not in PATH), then in PATH, and takes the newest.
func findTools() (tools, error) {
	folders, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return tools{}, fmt.Errorf("looking for PostgreSQL: %w", err)
	}
	if program, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(program))
	}
	best, newest := "", 0
	for _, folder := range folders {
		if major := majorVersion(filepath.Join(folder, "postgres")); major > newest {
			best, newest = folder, major
		}
	}
	if newest < oldestMajor {
		return tools{}, fmt.Errorf("no PostgreSQL server %d or newer found (newest: %d): run scripts/install-test-tools", oldestMajor, newest)
	}
	account, err := unprivileged()
	if err != nil {
		return tools{}, err
	}
	return tools{filepath.Join(best, "postgres"), filepath.Join(best, "initdb"), account}, nil
}

// majorVersion asks the program itself; 0 when it does not run. The answer reads "postgres (PostgreSQL) 15.18 (Debian ...)".
func majorVersion(postgres string) int {
	output, err := exec.Command(postgres, "--version").Output()
	if err != nil {
		return 0
	}
	_, version, _ := strings.Cut(string(output), "(PostgreSQL) ")
	digits := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		return 0
	}
	major, err := strconv.Atoi(version[:digits])
	if err != nil {
		return 0
	}
	return major
}

func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			return nil, fmt.Errorf("reading the account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root and there is no user postgres or nobody to run it as")
}

// longestDirectory leaves room for "/.s.PGSQL.5432" within the 107 bytes of a Unix socket's path.
const longestDirectory = 90

func makeDirectory(account *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if len(parent)+len("/tischlein-pg-0123456789") > longestDirectory {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "tischlein-pg-")
	if err != nil {
		return "", fmt.Errorf("making the cluster's directory: %w", err)
	}
	if account == nil {
		return dir, nil
	}
	if err := os.Chown(dir, int(account.Uid), int(account.Gid)); err != nil {
		return "", errors.Join(fmt.Errorf("giving %s to the PostgreSQL account: %w", dir, err), os.RemoveAll(dir))
	}
	return dir, nil
}
