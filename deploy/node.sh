#!/usr/bin/env bash
# What ray-cluster.yaml has done on each machine: install, start under a supervisor, stop, look.
#
#   node.sh install                the package into a venv of its own, with bytecode
#   node.sh token                  the cluster's token, made if it is missing (head); only its owner may read it
#   node.sh keep NAME COMMAND...   run the command under a supervisor as head, worker or serve, in place of what ran under the name
#   node.sh start NAME...          the same command once more, after a boot for instance
#   node.sh stop [NAME...]         end head, worker or serve (all unless named) by the process ids noted here, nothing by name
#   node.sh status                 what runs
#   node.sh monito ARGS...         a command of monito beside the service: same settings, same database
#
# Code lies in ~/monito, the venv, logs and process ids in ~/monito-node, settings (.env) and data in ~/monito-home.
set -euo pipefail
umask 077

code=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
node=${MONITO_NODE:-$HOME/monito-node}
data=${MONITO_DATA:-$HOME/monito-home}
mkdir -p "$node/run" "$node/logs" "$data"
export PATH="$node/venv/bin:$PATH" RAY_AUTH_MODE=token RAY_USAGE_STATS_ENABLED=0
# A machine that is cut off is given up by Ray after a minute and a half, not one: what runs there may be paid for, and its connections need half a
# minute after the cut to come back. The service goes on elsewhere within seconds all the same.
export RAY_health_check_failure_threshold=8
# Machines may differ in the last part of Python's version: what travels between them is the same within 3.11, and so on.
export RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL=minor

install() {
    local python=${MONITO_PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "$python is older than 3.11; set MONITO_PYTHON"
    [ -x "$node/venv/bin/python" ] || "$python" -m venv "$node/venv"
    # The files whose hashes are locked, and no others; the package is built from what lies here, by what was installed with them.
    local -a pip=("$node/venv/bin/python" -m pip install --quiet --disable-pip-version-check)
    # MONITO_LOCKS names more of them, with a space between: requirements-cloud.lock for buckets, machines of AWS and traces.
    local lock
    for lock in requirements.lock ${MONITO_LOCKS:-}; do "${pip[@]}" --require-hashes -r "$code/$lock"; done
    "${pip[@]}" --no-deps --no-build-isolation "$code"
    # Ray starts in half the time where Python finds its bytecode ready.
    "$node/venv/bin/python" -m compileall -q -j 0 "$node/venv/lib" || true
}

token() {
    mkdir -p ~/.ray
    [ -s ~/.ray/auth_token ] || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >~/.ray/auth_token
    chmod 600 ~/.ray/auth_token
}

address() { cat "${RAY_TMPDIR:-/tmp}/ray/ray_current_cluster"; }

is_up() {
    case $1 in
    head | worker) grep -q "Ray runtime started" "$node/logs/$1.log" ;;
    # Settings that are wrong show within these seconds.
    serve) sleep 3 && ! grep -q "serve ended and starts again" "$node/logs/serve.log" ;;
    esac
}

start() {
    local name=$1
    # A head that is asked to end waits half a minute for a service that still works on it.
    [ "$name" != head ] || stop_one serve
    stop_one "$name"
    [ -f "$node/run/$name.command" ] || die "no $name was started here yet"
    : >"$node/logs/$name.log"
    setsid --fork "${BASH_SOURCE[0]}" _supervise "$name" </dev/null >>"$node/logs/$name.log" 2>&1
    for _ in $(seq 90); do
        if is_running "$name" && is_up "$name"; then
            echo "$name is up"
            return
        fi
        ! grep -q "$name ended and starts again" "$node/logs/$name.log" || break
        sleep 1
    done
    stop_one "$name" >&2
    tail -n 30 "$node/logs/$name.log" >&2
    if grep -q "Version mismatch" "$node/logs/$name.log"; then
        die "Python or Ray here is another version than the head's (both are above): set MONITO_PYTHON to a Python of that version, remove $node/venv, run node.sh install"
    fi
    die "$name does not come up; the whole log is in $node/logs/$name.log"
}

# The command is noted with what `ray up` hands over in variables, so that it can be started again without `ray up`.
note() {
    local name=$1
    shift
    {
        export -p | grep -E '^declare -x (RAY_|OMP_|MONITO_)' | grep -v -E 'RAY_(AUTH_TOKEN|ADDRESS)=' || true
        printf 'exec'
        printf ' %q' "$@"
        echo
    } >"$node/run/$name.command"
}

run() {
    # The head may come back under another address.
    if [ "$1" = serve ]; then
        cd "$data"
        RAY_ADDRESS=$(address)
        export RAY_ADDRESS
    fi
    # shellcheck disable=SC1090
    source "$node/run/$1.command"
}

# The supervisor: runs the command again whenever it ends, later each time it ends early. It holds a lock for as long as it lives,
# so that a process id which by now belongs to somebody else is never taken for ours.
supervise() {
    local name=$1 wait_s=1 began child=""
    exec 9>"$node/run/$name.lock"
    flock -w 5 9 || die "$name is supervised already"
    echo $$ >"$node/run/$name.pid"
    trap 'trap "" TERM; end_all "$child"; rm -f "$node/run/$name.pid"; exit 0' TERM
    while true; do
        began=$SECONDS
        "${BASH_SOURCE[0]}" _run "$name" 9>&- &
        child=$!
        wait "$child" || true
        child=""
        [ $((SECONDS - began)) -lt 60 ] || wait_s=1
        echo "$(date -Is) $name ended and starts again in $wait_s s" >&2
        sleep $wait_s 9>&- &
        wait $! || true
        wait_s=$((wait_s < 30 ? wait_s * 2 : 30))
    done
}

# A process and what came from it: asked to end, and after half a minute made to.
end_all() {
    [ -n "$1" ] || return 0
    local -a all
    mapfile -t all < <(family "$1")
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in $(seq 300); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL "${all[@]}" 2>/dev/null || true
}

family() {
    local child
    echo "$1"
    for child in $(ps -o pid= --ppid "$1"); do family "$child"; done
}

is_running() { [ -f "$node/run/$1.pid" ] && ! flock -n "$node/run/$1.lock" true; }

stop_one() {
    is_running "$1" || return 0
    local pid
    pid=$(cat "$node/run/$1.pid")
    kill -TERM "$pid"
    for _ in $(seq 400); do
        is_running "$1" || break
        sleep 0.1
    done
    ! is_running "$1" || die "$1 (process $pid) does not end"
    echo "$1 has ended"
}

status() {
    local name
    for name in head worker serve; do
        if is_running "$name"; then echo "$name: runs, supervised by process $(cat "$node/run/$name.pid")"; fi
    done
}

die() {
    echo "node.sh: $*" >&2
    exit 1
}

case ${1:-} in
install | token | status) "$1" ;;
keep)
    [ $# -ge 3 ] || die "keep NAME COMMAND..."
    note "${@:2}"
    start "$2"
    ;;
start)
    for name in "${@:2}"; do start "$name"; done
    ;;
stop)
    shift
    [ $# -gt 0 ] || set -- serve worker head
    for name; do stop_one "$name"; done
    ;;
monito)
    shift
    cd "$data"
    exec monito "$@"
    ;;
_supervise) supervise "$2" ;;
_run) run "$2" ;;
*) sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
