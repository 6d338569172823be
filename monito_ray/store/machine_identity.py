"""Which machine this is: what tells it from all others, also from those of the same name."""

import hashlib
import socket
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

#: Linux: the machine since it was installed, and since it was started. Copies of a virtual machine share the first, containers of a machine
#: the second.
_INSTALLED, _STARTED = Path("/etc/machine-id"), Path("/proc/sys/kernel/random/boot_id")
#: Linux: processes with the same link see each other's numbers; those of two containers do not.
_PROCESS_NUMBERS = Path("/proc/self/ns/pid")


@cache
def this_machine() -> str:
    """Return what only processes share that run on this machine since its last start, and see each other's numbers; it tells nothing else."""
    parts = [_content(_INSTALLED), _content(_STARTED), _link(_PROCESS_NUMBERS)]
    if not parts[1]:
        parts += [socket.gethostname(), str(uuid.getnode()), f"{psutil.boot_time():.0f}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _content(path: Path) -> str:
    with suppress(OSError):
        return path.read_text().strip()
    return ""


def _link(path: Path) -> str:
    with suppress(OSError):
        return str(path.readlink())
    return ""
