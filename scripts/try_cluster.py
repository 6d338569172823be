"""Try `ray-cluster.yaml` on this machine: `python scripts/try_cluster.py`.

Starts an SSH server of its own on a free port of 127.0.0.1 (Debian: openssh-server, rsync), runs `ray up` against it with everything in
a folder under /tmp, does the example list through the service, asks `monito status` by `ray exec`, and ends what it started: by process
id, nothing by name. Installing takes a few minutes and 2 GB. Exit code 0 when all of it worked.
"""

import argparse
import getpass
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = "examples/bali_grocery_june.xlsx"
NEEDED = ("sshd", "ssh", "ssh-keygen", "rsync", "setsid", "flock")
PASSED_ON = re.compile(r"PIP_\w+|\w+_proxy|\w+_PROXY|SSL_CERT_\w+|REQUESTS_CA_BUNDLE")
RAY_NOISE = re.compile(r"INFO \w+\.py|\.bashrc: No such file|^Shared connection")
RAY = [sys.executable, "-c", "import sys; from ray.scripts.scripts import main; sys.argv[0] = 'ray'; main()"]


def main() -> None:
    """Run the trial."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keep", action="store_true", help="leave the folder, for a look at the logs")
    keep = arguments.parse_args().keep
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        sys.exit(f"missing: {', '.join(missing)}; on Debian: apt-get install openssh-server rsync util-linux")
    # The names of Ray's sockets are limited to 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="mc", dir="/tmp"))
    try:
        with _ssh_server(folder) as port:
            _try_cluster(folder, _write_config(folder, port))
    finally:
        if keep:
            _print(f"left: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _try_cluster(folder: Path, config: Path) -> None:
    environment = os.environ | _environment(folder)

    def ray(*words: str) -> str:
        started = time.monotonic()
        done = subprocess.run(
            [*RAY, *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        _print(f"ray {shlex.join(words)}: {time.monotonic() - started:.1f} s, exit code {done.returncode}")
        if done.returncode:
            sys.exit(done.stdout)
        return "".join(line for line in done.stdout.splitlines(keepends=True) if not RAY_NOISE.search(line))

    def on_head(command: str) -> str:
        return ray("exec", "--no-config-cache", str(config), f"bash ~/monito/deploy/node.sh {command}")

    try:
        ray("up", "--yes", "--no-config-cache", str(config))
        output = on_head(f"monito submit ~/monito/{EXAMPLE} --json")
        result = _find_result(output)
        _print(f"the list: {result['status']}, {result['result']['rows_written']} rows written")
        ray("up", "--yes", "--no-config-cache", str(config))
        _print("after a second `ray up`:")
        _print(on_head("monito status"))
        _print(on_head("status"))
        mode = (folder / "home/.ray/auth_token").stat().st_mode & 0o777
        _print(f"the token's mode: {mode:o}")
        if result["status"] != "success" or mode != 0o600:
            sys.exit("the trial failed")
    finally:
        # Without SSH, so that it also works when SSH is what failed.
        subprocess.run(["bash", str(ROOT / "deploy/node.sh"), "stop"], env=environment, check=False)


def _find_result(output: str) -> dict[str, Any]:
    """Return the one JSON object among what Ray and the terminal print."""
    match = re.search(r'\{"task_id".*\}', output)
    return json.loads(match[0]) if match else sys.exit(f"no result in:\n{output}")


def _write_config(folder: Path, ssh_port: int) -> Path:
    """Write the cluster's file for one machine, with ports that are free here, and return its path."""
    config = yaml.safe_load((ROOT / "ray-cluster.yaml").read_text())
    # SSH shares connections by this name, also with a trial that has just ended.
    config["cluster_name"] = f"monito-{folder.name}"
    config["provider"] |= {"head_ip": "127.0.0.1", "worker_ips": []}
    proxy = f"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{ssh_port}; cat <&3 & cat >&3'"
    config["auth"] = {"ssh_user": getpass.getuser(), "ssh_private_key": str(folder / "key"), "ssh_proxy_command": proxy}
    ports = {name: _free_port() for name in ("port", "dashboard-port", "metrics-export-port")}
    for name, port in ports.items():
        config["head_start_ray_commands"][0] = re.sub(rf"--{name}=\d+", f"--{name}={port}", config["head_start_ray_commands"][0])
    worker = config["worker_start_ray_commands"]
    worker[-1] = worker[-1].replace(":6379", f":{ports['port']}")
    path = folder / "cluster.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


def _environment(folder: Path) -> dict[str, str]:
    """Return the variables that keep the trial out of the person's home and out of other Rays."""
    return {"HOME": str(folder / "home"), "RAY_TMPDIR": str(folder), "MONITO_PYTHON": str(Path(sys.base_prefix, "bin", "python3"))}


@contextmanager
def _ssh_server(folder: Path) -> Iterator[int]:
    """Run an SSH server on loopback that accepts a key made for it alone, and give its port."""
    (folder / "home").mkdir()
    for name in ("host", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    port = _free_port()
    passed_on = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)} | _environment(folder)
    settings = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "key.pub",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "SetEnv": " ".join(f'"{name}={value}"' for name, value in passed_on.items()),
    }
    (folder / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where root's sshd locks itself in
    with (
        (folder / "sshd.log").open("w") as log,
        subprocess.Popen([shutil.which("sshd"), "-D", "-e", "-f", folder / "sshd_config"], stderr=log) as server,
    ):
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(50):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    sys.exit("the SSH server does not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _print(text: str) -> None:
    sys.stdout.write(text.rstrip() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
