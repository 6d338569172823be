"""Limits of memory and processor time that the kernel holds this process to, counted from what it has used already.

They hold in C code, too: an allocation that goes too far fails (`MemoryError`, or the library ends the process), and a process that
computes for too long gets SIGXCPU, which ends it.
"""

import math
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from monito_ray.isolation.limits import ReadingBudget

_STATUS = Path("/proc/self/status")


@dataclass(slots=True)
class _LimitedBlock:
    """What this process had used when a block of `limited` began, and what the block may take."""

    cpu_s: float
    memory_bytes: int
    budget: ReadingBudget


_blocks: list[_LimitedBlock] = []


@contextmanager
def limited(budget: ReadingBudget) -> Iterator[None]:
    """Let the block take at most `budget` in this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    block = _LimitedBlock(usage.ru_utime + usage.ru_stime, data_bytes(), budget)
    before = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CPU)}
    _blocks.append(block)
    try:
        _set_limits(block)
        yield
    finally:
        _blocks.pop()
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)


def allow_more(budget: ReadingBudget) -> None:
    """Let a block of `limited` take so much more than it might so far; outside of such a block nothing is limited."""
    if _blocks:
        block = _blocks[-1]
        block.budget += budget
        _set_limits(block)


def allow_at_least(budget: ReadingBudget) -> None:
    """Let a block of `limited` take so much in all, from its beginning on, where it might take less so far."""
    if _blocks:
        block = _blocks[-1]
        block.budget |= budget
        _set_limits(block)


def data_bytes() -> int:
    """Return how much memory of its own this process has mapped, shared memory and program text aside; 0 where that is not known."""
    try:
        lines = _STATUS.read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:")), 0)


def _set_limits(block: _LimitedBlock) -> None:
    _set_soft(resource.RLIMIT_CPU, math.ceil(block.cpu_s + block.budget.cpu_s))
    if block.memory_bytes:
        _set_soft(resource.RLIMIT_DATA, block.memory_bytes + block.budget.memory_bytes)


def _set_soft(kind: int, value: int) -> None:
    """Set a soft limit; the hard one, which nobody could raise again, stays as it is."""
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
