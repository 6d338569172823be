"""Simulated time and threads. Strands stand for threads: one runs at a time, and hands over where it waits and at points that the plan names.

So a run is a function of its plan alone, and hours pass without waiting. Strands are greenlets: to hand over takes less than a microsecond.
"""

import hashlib
import heapq
import threading
from asyncio import events
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

from greenlet import getcurrent, greenlet

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
#: Simulated seconds that pass at each point: work takes time.
_POINT_S = 0.001
#: Points at which something has just been stored.
_STORING = ("committed", "disk")
#: A run of more points is going in circles.
MOST_POINTS = 400_000


class Crashed(BaseException):
    """Unwinds a strand whose process was killed, after the run, when nothing that it does has an effect any more."""


class EndlessRun(Exception):
    """The run has too many points."""


class Happening(Protocol):
    """What a plan lets happen at a point."""

    def happen(self, world: "World") -> None:
        """Do it."""


@dataclass(eq=False)
class Process:
    """A process of the simulated machines: a driver, a bot, a command."""

    name: str
    host: str
    #: Its wall clock beside the true time; a machine's processes share one, in seconds.
    clock: "MachineClock"
    pid: int
    started_at: float
    is_dead: bool = False
    suspended_until: float = 0.0
    #: Called when it is killed.
    on_death: list[Callable[[], None]] = field(default_factory=list)
    strands: "list[Strand]" = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether one of its strands is not at its end."""
        return not self.is_dead and any(not strand.is_finished for strand in self.strands)


@dataclass(eq=False)
class MachineClock:
    """The wall clock of a machine."""

    offset_s: float = 0.0


class Strand:
    """A simulated thread of a process."""

    def __init__(self, world: "World", process: Process, name: str, target: Callable[[], None]) -> None:
        self.process = process
        self.name = name
        self.is_finished = False
        self.error: BaseException | None = None
        #: Grows with each wait, so that a timer of an earlier one wakes nobody.
        self.waits = 0
        self.is_waiting = False
        #: Whether its last wait was ended by another strand, not by the time.
        self.was_woken = False
        #: What the run wants to know of it: the attempt that it works on, tables that its transaction wrote to.
        self.attempt: tuple[str, str, int] | None = None
        self.written: set[str] = set()
        self.request: Any = None
        self.greenlet = greenlet(self._run, world.main.greenlet) if world.processes[1:] else getcurrent()
        self._world = world
        self._target = target

    def _run(self, *_nothing: Any) -> None:
        try:
            self._target()
        except Crashed:
            pass
        except BaseException as error:  # noqa: BLE001  shown by the run
            self.error = error
        self._world.finish(self)


class World:
    """One run: time, strands, and what happens at which point.

    Args:
        happenings: what happens, by the kind of point and its number among those of its kind, from 1.
        switches: at which points, by their number, another strand goes on, and the how-manieth of those that could.
        seed: of the values that the product draws.
    """

    def __init__(
        self, happenings: Mapping[tuple[str, int], list[Happening]], switches: Mapping[int, int], seed: int, *, keeps_trace: bool = False
    ) -> None:
        self.now = 0.0
        self.points = 0
        self.counts: Counter[str] = Counter()
        self.random = Random(seed)  # noqa: S311
        self.trace: list[str] | None = [] if keeps_trace else None
        self.processes: list[Process] = []
        self._digest = hashlib.sha256()
        self._happenings = happenings
        self._switches = switches
        self._ready: deque[Strand] = deque()
        self._timers: list[tuple[float, int, Strand, int | None]] = []
        self._timer_number = 0
        self._strands: list[Strand] = []
        self.is_over = False
        harness = self.new_process("harness", "harness", MachineClock())
        self.main = Strand(self, harness, "main", lambda: None)
        harness.strands.append(self.main)
        self.current = self.main
        #: The real thread in which all of it happens.
        self.thread_ident = threading.get_ident()

    @property
    def digest(self) -> str:
        """A hash of all that happened, in order."""
        return self._digest.hexdigest()

    @property
    def process(self) -> Process:
        """The process whose strand runs."""
        return self.current.process

    def new_process(self, name: str, host: str, clock: MachineClock) -> Process:
        """Return a process without strands."""
        process = Process(name, host, clock, 1000 + len(self.processes), self.now)
        self.processes.append(process)
        return process

    def wall_time(self) -> datetime:
        """Return what the clock of this machine shows."""
        return START + timedelta(seconds=self.now + self.process.clock.offset_s)

    def note(self, text: str) -> None:
        """Add a line to what happened."""
        line = f"{self.points} {self.now:.3f} {self.current.process.name}/{self.current.name} {text}"
        self._digest.update(line.encode())
        if self.trace is not None:
            self.trace.append(line)

    def spawn(self, process: Process, name: str, target: Callable[[], None]) -> Strand:
        """Start a strand; it runs when its turn comes."""
        strand = Strand(self, process, name, target)
        process.strands.append(strand)
        self._strands.append(strand)
        self._ready.append(strand)
        return strand

    def point(self, kind: str, detail: str = "") -> None:
        """Pass a point: let happen what the plan has for it, and hand over if it says so."""
        self._check_alive()
        self.points += 1
        self.counts[kind] += 1
        self.now += _POINT_S
        self.note(f"{kind} {detail}")
        if self.points > MOST_POINTS:
            raise EndlessRun(f"{self.points} points")
        self._let_happen(kind)
        if self.current.attempt is not None:
            self.counts["work"] += 1
            self._let_happen("work")
            if kind in _STORING:
                self.counts["kept"] += 1
                self._let_happen("kept")
        turn = self._switches.get(self.points)
        if turn is not None:
            self.hand_over(turn)

    def hand_over(self, turn: int = 0) -> None:
        """Let another strand go on; this one is the last in the line."""
        self._ready.append(self.current)
        self._switch(turn)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait to be woken, at most so long; return whether that was before the time was over."""
        self._check_alive()
        me = self.current
        me.waits += 1
        me.is_waiting, me.was_woken = True, False
        if seconds is not None:
            self._set_timer(me, self.now + max(seconds, 0.0), me.waits)
        self._switch()
        return me.was_woken

    def wake(self, strand: Strand) -> None:
        """End the wait of a strand."""
        if strand.is_waiting:
            strand.is_waiting, strand.was_woken = False, True
            self._ready.append(strand)

    def sleep(self, seconds: float) -> None:
        """Let time pass for this strand."""
        self.point("sleep")
        self.wait(seconds)

    def kill(self, process: Process) -> None:
        """End a process at once: nothing of its later code is run."""
        if process.is_dead:
            return
        self.note(f"killed {process.name}")
        self.leave(process)
        if self.current.process is process:
            self._switch()

    def leave(self, process: Process) -> None:
        """End a process: its strands run no more, and its connections are closed."""
        process.is_dead = True
        for clean_up in process.on_death:
            clean_up()

    def suspend(self, process: Process, seconds: float) -> None:
        """Let a process stand still."""
        self.note(f"suspended {process.name} {seconds}")
        process.suspended_until = self.now + seconds
        if self.current.process is process:
            self.hand_over()

    def finish(self, strand: Strand) -> None:
        """End a strand that ran to its end; the next one goes on."""
        strand.is_finished = True
        if self.is_over:
            return
        self.current = self._next(0)
        strand.greenlet.parent = self.current.greenlet

    def end(self) -> None:
        """Unwind all strands that have not ended; called by the main one."""
        self.is_over = True
        for strand in self._strands:
            self.current = strand
            if not strand.is_finished and strand.greenlet:
                strand.greenlet.throw(Crashed)
        self.current = self.main
        events._set_running_loop(None)

    def _let_happen(self, kind: str) -> None:
        for happening in self._happenings.get((kind, self.counts[kind]), ()):
            happening.happen(self)

    def _check_alive(self) -> None:
        if self.is_over or self.current.process.is_dead:
            raise Crashed

    def _set_timer(self, strand: Strand, at: float, waits: int | None) -> None:
        """Let the strand go on at a time: if it still is in this wait of its, or (None) in any case."""
        self._timer_number += 1
        heapq.heappush(self._timers, (at, self._timer_number, strand, waits))

    def _switch(self, turn: int = 0) -> None:
        """Let the next strand go on until it is this one's turn again."""
        me, following = self.current, self._next(turn)
        if following is me:
            return
        self.current = following
        loop = events._get_running_loop()
        events._set_running_loop(None)
        following.greenlet.switch()
        events._set_running_loop(loop)

    def _next(self, turn: int) -> Strand:
        """Return the strand that goes on, and let time pass until there is one."""
        while True:
            self._ring_timers()
            if turn and len(self._ready) > 1:
                self._ready.rotate(-(turn % len(self._ready)))
                turn = 0
            while self._ready:
                strand = self._ready.popleft()
                if strand.process.is_dead or strand.is_finished:
                    continue
                if strand.process.suspended_until > self.now:
                    self._set_timer(strand, strand.process.suspended_until, None)
                    continue
                return strand
            if not self._timers:
                raise RuntimeError("every strand waits for ever")
            self.now = max(self.now, self._timers[0][0])

    def _ring_timers(self) -> None:
        while self._timers and self._timers[0][0] <= self.now:
            _, _, strand, waits = heapq.heappop(self._timers)
            if waits is None or (strand.is_waiting and strand.waits == waits):
                strand.is_waiting = False
                self._ready.append(strand)
