# Sourced by the benchmark scripts: where things are, how processes are pinned, waited for and
# stopped, and how figures are collected. Everything listens on 127.0.0.1 and lives in $RUN.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$BENCH")
RUN=${BENCH_RUN:-$BENCH/.run}
mkdir -p "$RUN"
SERVER_CPU=${SERVER_CPU:-0}
LOAD_CPU=${LOAD_CPU:-1}
RUNS=${RUNS:-3}
DOMAIN=sip.test
SIP_PORT=${SIP_PORT:-15060}
BARE_PORT=${BARE_PORT:-15070}
PG_PORT=${PG_PORT:-15432}
HTTP_PORT=${HTTP_PORT:-18080}
HTTPS_PORT=${HTTPS_PORT:-18443}
ulimit -n "$(ulimit -Hn)"

# build NAME...: the Go programs of this folder, into $RUN.
build() {
	local name
	for name; do (cd "$ROOT" && go build -o "$RUN/$name" "./bench/$name"); done
}

# await TEST LOG: until TEST succeeds, 20 s at most; then shows the end of LOG and fails.
await() {
	local try
	for try in $(seq 200); do
		if eval "$1" >/dev/null 2>&1; then return 0; fi
		sleep 0.1
	done
	echo "not ready after 20 s: $1" >&2
	tail -20 "$2" >&2
	return 1
}

# family PID: it and its children, in one line.
family() { echo "$1" $(pgrep -P "$1" || true); }

# stop_by_file PIDFILE: ends the process named there, and waits for it; 60 s at most.
stop_by_file() {
	local pid try
	if [ ! -s "$1" ]; then return 0; fi
	pid=$(cat "$1")
	kill "$pid" 2>/dev/null || true
	for try in $(seq 600); do
		kill -0 "$pid" 2>/dev/null || { rm -f "$1"; return 0; }
		sleep 0.1
	done
	echo "process $pid of $1 does not end" >&2
	return 1
}

# memory PID...: their proportional set size in KiB: shared pages are counted once.
memory() {
	local pid
	for pid; do awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup"; done | awk '{s += $1} END {print s + 0}'
}

# median: of the numbers on standard input.
median() { sort -g | awk '{v[NR] = $1} END {if (!NR) exit 1; print NR % 2 ? v[(NR+1)/2] : (v[NR/2] + v[NR/2+1]) / 2}'; }

# accounts FILE N: N lines `user password` for a peer measured by itself.
accounts() { awk -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "u%06d p%06d\n", i, i }' >"$1"; }

# start_side SIDE N, stop_side SIDE, pids_of SIDE: a server that is measured, with its database.
# The accounts of $USERS must be seeded.
start_side() {
	case $1 in
	cache | calls) "$BENCH/peers/postgres" start && "$BENCH/peers/kamailio" start "$1" ;;
	wt)
		# Bindings of the last run would make this one's refreshes.
		"$BENCH/peers/postgres" start
		"$BENCH/peers/postgres" subscribers "$USERS"
		"$BENCH/peers/kamailio" start cache wt
		;;
	*) "$BENCH/tischlein" start "$1" "$2" ;;
	esac
}
stop_side() {
	case $1 in
	cache | wt | calls) "$BENCH/peers/kamailio" stop ;;
	*) "$BENCH/tischlein" stop ;;
	esac
}
pids_of() {
	case $1 in
	cache | calls) "$BENCH/peers/kamailio" pids ;;
	wt) "$BENCH/peers/kamailio" pids && "$BENCH/peers/postgres" pids ;;
	*) "$BENCH/tischlein" pids ;;
	esac
}

# stop_all: everything this folder starts; harmless where nothing runs.
stop_all() {
	"$BENCH/peers/kamailio" stop || true
	"$BENCH/peers/nginx" stop || true
	if [ -x "$BENCH/tischlein" ]; then "$BENCH/tischlein" stop || true; fi
	"$BENCH/peers/postgres" stop || true
	stop_by_file "$RUN/bare.pid" || true
}

# metered PIDS COMMAND...: runs the load on its core, with the server's processes PIDS watched. What
# the load printed is then in $RUN/load.out, and in $RUN/usage who used the processors. BESIDE=1 keeps
# the server's core busy meanwhile (meter).
metered() {
	local pids=$1
	shift
	"$RUN/meter" -cpu "$LOAD_CPU" -server "$pids" ${BESIDE:+-beside "$SERVER_CPU"} -out "$RUN/usage" -- "$@" >"$RUN/load.out" || {
		cat "$RUN/load.out" >&2
		return 1
	}
}
# disturbed: whether other work took more than 15 % of the machine in the last metered run.
disturbed() { jq -e .noisy "$RUN/usage" >/dev/null; }

# bare_register: prints the machine's own cost of a REGISTER pair: the load against a responder
# that checks nothing, one phone at a time and then with the window full.
bare_register() {
	taskset -c "$SERVER_CPU" "$RUN/sipload" -serve "127.0.0.1:$BARE_PORT" &
	echo $! >"$RUN/bare.pid"
	sleep 0.3
	taskset -c "$LOAD_CPU" "$RUN/sipload" -server "127.0.0.1:$BARE_PORT" -n 2000 -window 1 |
		jq -r '"one bare REGISTER pair        p50 \(.new.p50_ms * 1000 | round) us, p99 \(.new.p99_ms * 1000 | round) us"'
	taskset -c "$LOAD_CPU" "$RUN/sipload" -server "127.0.0.1:$BARE_PORT" -n 50000 -rounds 3 |
		jq -r '"load generator'"'"'s ceiling      \(.new.rate | round) pairs/s"'
	stop_by_file "$RUN/bare.pid"
}
bare_commit() {
	"$RUN/rawcost" commit "$RUN" |
		jq -r '"one fsynced 4 KiB append      p50 \(.p50_ms * 1000 | round) us, p99 \(.p99_ms * 1000 | round) us"'
}
bare_handshake() {
	taskset -c "$SERVER_CPU,$LOAD_CPU" "$RUN/rawcost" handshake |
		jq -r '"one TLS 1.3 handshake (Go)    p50 \(.p50_ms * 1000 | round) us, p99 \(.p99_ms * 1000 | round) us"'
}

# prepare_accounts N SIDES: sets USERS to the file of N lines `user password` that all SIDES know.
# Tischlein makes its own random user names and passwords; the peers are then given those.
prepare_accounts() {
	case $2 in
	*tischlein*)
		"$BENCH/tischlein" seed "$1"
		USERS=$RUN/seed-$1/users
		;;
	*)
		USERS=$RUN/users-$1
		accounts "$USERS" "$1"
		;;
	esac
	case $2 in
	*cache* | *wt*)
		"$BENCH/peers/postgres" start
		"$BENCH/peers/postgres" subscribers "$USERS"
		;;
	esac
}
