"""A run: a plan carried out, and what came of it."""

import gc
import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from monito_ray.errors import MonitoError, StoreUnavailable
from monito_ray.jobs import admin
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.intake import submission
from monito_ray.stages import Stage
from simulated import database, service
from simulated.chats import Chats
from simulated.database import Machine
from simulated.disk import Disk
from simulated.laws import Laws
from simulated.llm import Provider
from simulated.plan import Action, Fault, Plan, Switch
from simulated.substitution import substituted
from simulated.threads import Event, begin, leave
from simulated.world import EndlessRun, MachineClock, Process, World

#: Simulated seconds after which a task that has not ended never will: outages are waited out for 16 minutes.
_HORIZON_S = 3000.0
_LOOK_EVERY_S = 1.0
#: Time for what follows the last end: drawings, chats.
_SETTLE_S = 5.0
_STOP_S = 60.0
#: Time between two looks at paused queues.
_PAUSED_S = 20.0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run."""

    plan: Plan
    broken: tuple[str, ...]
    digest: str
    points: int
    simulated_s: float
    trace: tuple[str, ...] = ()

    @property
    def law(self) -> str:
        """The first law that was broken, "" for none."""
        return self.broken[0].partition(":")[0] if self.broken else ""


class Run:
    """What is there while a plan is carried out."""

    def __init__(self, plan: Plan, *, keeps_trace: bool = False) -> None:
        self.plan = plan
        self.dice = Random(f"run {plan.seed}")  # noqa: S311
        happenings: dict[tuple[str, int], list[Any]] = {}
        for step in plan.steps:
            if isinstance(step, Fault):
                happenings.setdefault((step.point, step.number), []).append(_Happening(step, self))
        switches = {step.point: step.turn for step in plan.steps if isinstance(step, Switch)}
        self.world = World(happenings, switches, plan.seed, keeps_trace=keeps_trace)
        begin(self.world)
        self.folder = database.new_folder()
        self.disk, self.chats, self.provider = Disk(), Chats(), Provider(most_a_minute=plan.setup.provider_a_minute)
        self.laws = Laws(self)
        self.machine = Machine(self.folder, self.laws.on_commit)
        self.settings = service.settings_of(self)
        self.driver_names: dict[str, str] = {}
        self.acknowledged: list[str] = []
        self.cancelled: set[str] = set()
        #: How often people had each task tried again.
        self.retried: Counter[str] = Counter()
        self.unexpected: list[str] = []
        self.drawn = 0
        #: Whether a driver was killed while the service stopped: the next one draws what it has left.
        self.is_stop_cut_short = False
        self._is_stopping = False
        self.bot_store: Any = None
        self._clocks = [MachineClock() for _ in range(3)]
        self._faults_left = Counter(step.kind for step in plan.steps if isinstance(step, Fault))
        self._hurt: set[str] = set()
        self._children: list[_Child] = []
        self._happened: set[str] = set()
        self._full_until = 0.0
        #: Until then a thread, or a process, stands still that goes on with its work afterwards.
        self._still_until = 0.0
        self._resume_at = 12.0

    @property
    def has_chats(self) -> bool:
        """Whether somebody writes to the bot, or is written to."""
        return any(isinstance(step, Action) and step.kind in ("document", "message") for step in self.plan.steps)

    @property
    def has_budget(self) -> bool:
        """Whether money is limited."""
        return self.plan.setup.day_usd != "0" or self.plan.setup.task_usd != "0"

    def has(self, *kinds: str) -> bool:
        """Whether such a fault happened."""
        return bool(self._happened.intersection(kinds))

    def was_hurt(self, process: str) -> bool:
        """Whether a process was killed or stopped."""
        return process in self._hurt

    def update_of(self, options: str) -> int:
        """Return which update a task's options come from, 0 for none."""
        return int(str(json.loads(options).get("telegram_file_id", "file0")).removeprefix("file"))

    def happen(self, fault: Fault) -> None:
        """Let something go wrong."""
        world = self.world
        process = world.process
        world.note(f"FAULT {fault}")
        self.is_stop_cut_short |= self._is_stopping and fault.kind in ("crash", "power_cut")
        match fault.kind:
            case "llm":
                self.provider.fault = fault.detail
            case "chat":
                self.chats.fault = fault.detail
            case "stall":
                self._happened.add("stall")
                self._still_until = max(self._still_until, world.now + fault.seconds)
                world.wait(fault.seconds)
            case "disk_full":
                self.disk.is_full = self.machine.is_full = True
                self._full_until = world.now + fault.seconds
            case "power_cut":
                self._cut_power()
            case _ if process.name == "harness" or (process.name == "command" and fault.kind != "crash"):
                return  # commands are short
            case "crash":
                self._hurt.add(process.name)
                self._happened.add("crash")
                world.kill(process)
            case "suspend":
                self._happened.add("suspend")
                self._still_until = max(self._still_until, world.now + fault.seconds)
                world.suspend(process, fault.seconds)
            case "jump":
                process.clock.offset_s += fault.seconds
        self._happened.add(fault.kind)

    def carry_out(self) -> None:
        """Do the plan, wait until all has ended, stop the service, and look at what is left."""
        actions = sorted((step for step in self.plan.steps if isinstance(step, Action)), key=lambda action: action.at_s)
        setup = self.plan.setup
        self._children = [_Child(f"driver{number}", machine, service.drive) for number, machine in enumerate(setup.drivers)]
        if self.has_chats:
            self._children.append(_Child("bot", 0, service.be_bot))
        files = Artifacts(str(self.folder / "files"))
        ended_at: float | None = None
        while self.world.now < _HORIZON_S:
            self._look_after_children()
            self._end_faults()
            self._resume_queues(files)
            while actions and actions[0].at_s <= self.world.now:
                self._act(actions.pop(0), files)
            if actions or not self._has_ended():
                ended_at = None
            elif ended_at is None:
                ended_at = self.world.now
            elif self.world.now > ended_at + _SETTLE_S:
                break
            self.world.wait(_LOOK_EVERY_S)
        self._stop()
        self.laws.reopen()
        self.laws.at_the_end()

    def _has_ended(self) -> bool:
        waiting = "SELECT 1 FROM tasks WHERE status NOT IN ('success', 'failure', 'cancelled') LIMIT 1"
        untold = "SELECT 1 FROM chat_messages m JOIN tasks t ON t.id = m.task_id WHERE closing_state = 'none' AND t.kind = 'file' LIMIT 1"
        unread = any(update["update_id"] >= self.chats.confirmed for update in self.chats.updates)
        if any(process.name == "command" and not process.is_dead for process in self.world.processes) or self.world.now < self._still_until:
            return False
        return not unread and not self.laws.query(waiting) and not self.laws.query(untold) and not self.machine.is_full

    def _look_after_children(self) -> None:
        for child in self._children:
            if child.process is not None and not child.process.is_running:
                child.process, child.due_at = None, self.world.now + self.dice.uniform(0.25, 2.0)
            if child.process is None and self.world.now >= child.due_at:
                self._start(child)

    def _start(self, child: "_Child") -> None:
        child.number += 1
        name = f"{child.name}.{child.number}"
        process = self.world.new_process(name, f"machine{child.machine}", self._clocks[child.machine])
        child.process, child.stop = process, Event()
        stop = child.stop

        def main() -> None:
            try:
                child.run(self, process, stop)
            except StoreUnavailable:
                self._hurt.add(process.name)  # it ends with a line, and is started again
            if not self.world.is_over:
                self.world.leave(process)

        self.world.spawn(process, "main", main)

    def _resume_queues(self, files: Artifacts) -> None:
        """Let a person who paused a queue resume it, and again where that was lost."""
        if self.world.now >= self._resume_at and self.laws.query("SELECT 1 FROM paused_queues"):
            self._resume_at = self.world.now + _PAUSED_S
            self._act(Action("resume", self.world.now), files)

    def _end_faults(self) -> None:
        if self.machine.is_full and self.world.now >= self._full_until:
            self.disk.is_full = self.machine.is_full = False

    def _cut_power(self) -> None:
        self._happened.add("power_cut")
        current = self.world.process
        for process in self.world.processes:
            if process.name != "harness" and process is not current and not process.is_dead:
                self._hurt.add(process.name)
                self.world.kill(process)
        for child in self._children:
            if child.process is current:
                self._hurt.add(current.name)
        if current.name != "harness":
            self.world.leave(current)
        self.disk.cut_power()
        self.machine.cut_power()
        self.laws.after_power_cut()
        if current.name != "harness":
            self.world._switch()

    def _act(self, action: Action, files: Artifacts) -> None:
        """Do what a person does, in a command's process; what the store refuses just now is tried again by people."""
        if action.kind in ("document", "again", "stop"):
            self._act_outside(action)
            return
        process = self.world.new_process("command", "machine0", self._clocks[0])

        def command() -> None:
            store = self.machine.open(process)
            for _ in range(200):
                try:
                    self._command(action, store, files)
                    break
                except StoreUnavailable:
                    self.world.sleep(2.0)
                except MonitoError as error:
                    self.world.note(f"refused {type(error).__name__}")
                    break
            self.world.leave(process)

        self.world.spawn(process, action.kind, command)

    def _act_outside(self, action: Action) -> None:
        if action.kind == "document":
            name = f"chat{len(self.chats.updates)}-{action.number}.csv"
            self.chats.send_document(action.user, name, service.list_text(action.supplier, action.number), f"Toko {action.supplier}")
        elif action.kind == "again":
            self.chats.repeats = True
        else:
            child = self._children[action.supplier]
            if child.process is not None and child.stop is not None:
                self._hurt.add(child.process.name)
                child.stop.set()

    def _command(self, action: Action, store: Any, files: Artifacts) -> None:
        now = self.world.wall_time()
        if action.kind == "file":
            path = self.folder / f"list{action.supplier}-{action.number}.csv"
            path.write_bytes(service.list_text(action.supplier, action.number))
            task_id = submission.submit_file(store, files, path, action.user, {"supplier": f"Toko {action.supplier}"}, now)
        elif action.kind == "products":
            names = [f"Blenko Marf {letter * (action.number + 1)}" for letter in "xyz"]
            task_id = submission.submit_products(store, files, [{"original_name": name} for name in names], {"user_id": action.user}, now)
        elif action.kind == "message":
            task_id = submission.submit_notification(store, action.user, f"Message of {action.at_s}", None, now)
        elif action.kind == "cancel":
            waiting = [row["id"] for row in self.laws.query("SELECT id FROM tasks WHERE finished_at IS NULL ORDER BY created_at, id")]
            if waiting:
                task_id = waiting[action.number % len(waiting)]
                self.cancelled.add(task_id)
                admin.cancel(store, task_id, now)
            return
        elif action.kind == "retry":
            for row in self.laws.query("SELECT id FROM tasks WHERE status IN ('failure', 'cancelled') ORDER BY created_at, id"):
                self.retried[row["id"]] += 1  # also when the command dies on the way
                admin.requeue(store, row["id"], now)
            return
        elif action.kind == "resume":
            for stage in Stage:
                admin.resume(store, stage)
            return
        else:
            stage = list(Stage)[action.number + 1]
            admin.pause(store, stage, now)
            return
        self.acknowledged.append(task_id)

    def _stop(self) -> None:
        self._is_stopping = True
        for child in self._children:
            if child.stop is not None:
                child.stop.set()
        until = self.world.now + _STOP_S
        while self.world.now < until and any(child.process is not None and self._is_busy(child.process) for child in self._children):
            self.world.wait(_LOOK_EVERY_S)
        for child in self._children:
            if child.process is not None and self._is_busy(child.process):
                self.laws.breach("stops in time", child.process.name)

    def _is_busy(self, process: Process) -> bool:
        return not process.is_dead

    def close(self) -> None:
        """Unwind and remove everything."""
        for process in self.world.processes:
            for strand in process.strands:
                if strand.error is not None:
                    self.laws.broken.append(f"no faults of the program: {process.name}/{strand.name}: {strand.error!r}")
        self.world.end()
        self.laws.reopen()
        self.machine.close()
        leave()


@dataclass(slots=True)
class _Child:
    """A process that is started again when it ends."""

    name: str
    machine: int
    run: Any
    process: Process | None = None
    stop: Event | None = None
    due_at: float = 0.0
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Happening:
    fault: Fault
    run: Run = field(compare=False)

    def happen(self, _world: World) -> None:
        """Let it happen."""
        self.run.happen(self.fault)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the product logs, and what unwound strands complain of, from the terminal."""
    was_on = gc.isenabled()
    gc.disable()
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
        if was_on:
            gc.enable()


def carry_out(plan: Plan, *, keeps_trace: bool = False) -> Result:
    """Carry a plan out."""
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        run = Run(plan, keeps_trace=keeps_trace)
        stack.enter_context(substituted(run))
        try:
            run.carry_out()
        except EndlessRun as error:
            run.laws.broken.append(f"every task ends: {error}")
        finally:
            run.close()
        world = run.world
        return Result(plan, tuple(dict.fromkeys(run.laws.broken)), world.digest, world.points, world.now, tuple(world.trace or ()))
