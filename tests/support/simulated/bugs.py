"""Bugs to plant: each changes a few words of the product's own code, or a value in it. The simulation has to find them."""

import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from simulated import database


@dataclass(frozen=True, slots=True)
class Bug:
    """What is changed, and where: `module:name`. Without `changes` the name gets another value, else they replace words of the function."""

    name: str
    where: str
    changes: tuple[tuple[str, str], ...] = ()
    value: str = ""


class BugOutdated(Exception):
    """The words that a bug changes are not in the code any more."""


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """Let the product have a bug for the block."""
    module_name, _, path = bug.where.partition(":")
    owner: Any = importlib.import_module(module_name)
    *outer, name = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    database.forget_engines()  # they hold functions of the product
    if not bug.changes:
        before = getattr(owner, name)
        setattr(owner, name, eval(bug.value, vars(importlib.import_module(module_name))))  # noqa: S307  written above
        try:
            yield
        finally:
            setattr(owner, name, before)
            database.forget_engines()
        return
    function = _function(inspect.getattr_static(owner, name))
    code = function.__code__
    function.__code__ = _changed(function, bug)
    try:
        yield
    finally:
        function.__code__ = code
        database.forget_engines()


def _function(found: Any) -> Any:
    return inspect.unwrap(found.fget if isinstance(found, property) else getattr(found, "__func__", found))


def _changed(function: Any, bug: Bug) -> Any:
    source = textwrap.dedent(inspect.getsource(function))
    source = source[source.index("async def " if "async def " in source.partition("(")[0] else "def ") :]
    for old, new in bug.changes:
        if source.count(old) != 1:
            raise BugOutdated(f"{bug.name}: {old!r} is {source.count(old)} times in {bug.where}")
        source = source.replace(old, new)
    made: dict[str, Any] = {}
    exec(compile(source, inspect.getfile(function), "exec"), function.__globals__, made)  # noqa: S102  the product's own code
    return made[function.__name__].__code__


def _bug(name: str, where: str, *changes: tuple[str, str], value: str = "") -> Bug:
    return Bug(name, f"monito_ray.{where}", changes, value)


_QUEUE, _LIFE, _LEASE, _DRIVER = "jobs.queue", "jobs.lifecycle", "jobs.lease", "driver.driver"
_WRITING, _LEDGER, _SCHEDULER = "catalog.lists.writing", "jobs.llm.ledger", "cluster.llm.scheduler"
_PROGRESS, _FILES = "steps.background.chat_progress", "jobs.file_root"

BUGS = (
    # Leases.
    _bug("a save without a fence", f"{_QUEUE}:_UPDATE_HELD", value="_UPDATE"),
    _bug("a fence without the claim's number", f"{_QUEUE}:_UPDATE_HELD", value='_UPDATE.where(tasks.c.owner == bindparam("holder"))'),
    _bug("a claim that keeps the number", f"{_LIFE}:claim", ("task.claim_number + 1", "task.claim_number")),
    _bug("a lease that is confirmed unseen", f"{_LEASE}:confirm", (".first() is None:", ".first() is None and False:")),
    _bug("a list accepted without its lease", f"{_WRITING}:_accept", ("        confirm(connection)\n", "")),
    _bug("slices written without their lease", f"{_WRITING}:_write_supplier", ("            confirm(connection)\n            new_products", "            new_products")),
    _bug("a task that ends and keeps its owner", f"{_LIFE}:succeed", ('        owner="",\n', "")),
    _bug("a cancelled task that keeps its owner", f"{_LIFE}:cancel", (', owner=""', "")),
    # Drivers that die, and are late.
    _bug("orphans are never freed", f"{_DRIVER}:Driver._free_orphans", ("queue.free_orphans(store, alive, now)", "pass")),
    _bug("an orphan is put back as it was seen", f"{_QUEUE}:_release_orphan", ("task = _task(row)", "task = seen")),
    _bug("held tasks are never put back", f"{_DRIVER}:Driver._free_orphans", ("self._release_held(queue.held_by(store, self.id) - run.running_ids)", "pass")),
    _bug("one heartbeat and no more", "jobs.heartbeat:INTERVAL_S", value="1e9"),
    _bug("presumed dead after two seconds", "jobs.heartbeat:PRESUMED_DEAD_AFTER_S", value="2.0"),
    _bug("all heartbeats are removed", f"{_DRIVER}:Driver._free_orphans", ("registered - alive)", "registered)")),
    _bug("a death that is not counted", f"{_LIFE}:owner_died", ("task.owner_deaths + 1", "task.owner_deaths")),
    _bug("a broken attempt that counts", f"{_LIFE}:release", ("max(task.attempts - 1, 0)", "task.attempts")),
    _bug("a stop that fails the task", "driver.attempts:AttemptRunner._run_stage", ("except (Stopped, LeaseLost):", "except LeaseLost:"), ("if attempt.stop.is_set():", "if False:")),
    # The order of work.
    _bug("suspects side by side", f"{_QUEUE}:claim", ("min(suspects, limit)", "limit")),
    _bug("suspects count for nobody", f"{_QUEUE}:claim", ("[task for task in suspected if task.task_id in ids]", "[]")),
    _bug("no limit for one person", "jobs.fairness:_may_start", ("load.tasks < concurrent", "True")),
    _bug("paused queues are claimed from", f"{_QUEUE}:_CLAIM", value="_claim_statements(select(tasks.c.id).where(IS_DUE))"),
    _bug("a retry that does not wait", f"{_QUEUE}:_CLAIM", value="_claim_statements(select(tasks.c.id).where(IS_WAITING, _IS_OPEN_QUEUE))"),
    _bug("more tasks than slots", f"{_DRIVER}:Driver._start_due", ("self._slots - len(run.running)", "self._slots")),
    _bug("lost tasks go on", f"{_DRIVER}:Driver._stop_lost", ("task.stop.set()", "pass")),
    # Files.
    _bug("a file that is not synced", f"{_FILES}:_write_local", ("            os.fsync(file.fileno())\n", "")),
    _bug("a folder that is not synced", f"{_FILES}:_sync_folder", ("        os.fsync(handle)\n", "        pass\n")),
    _bug("a file written in its place", f"{_FILES}:_write_local", ('part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")', "part = path"), ("        part.unlink(missing_ok=True)\n", "        pass\n")),
    _bug("the rows before the facts of a list", "steps.read:read_list", (
        "    attempt.services.files.write_list_facts(attempt.task.id, {**_facts(read.price_list, doubts), SIGNS: signs.as_json()})\n    attempt.services.files.write_strips(attempt.task.id, read.price_list.strips)\n    attempt.keep(RAW, read.price_list.rows)\n",
        "    attempt.keep(RAW, read.price_list.rows)\n    attempt.services.files.write_list_facts(attempt.task.id, {**_facts(read.price_list, doubts), SIGNS: signs.as_json()})\n    attempt.services.files.write_strips(attempt.task.id, read.price_list.strips)\n",
    )),
    _bug("a step that is done by half", "driver.attempts:_open_steps", ("all(map(", "any(map(")),
    _bug("an upload that is staged after its task", "jobs.intake.submission:submit_file", ("file_hash=files.stage_upload(data)", 'file_hash=__import__("hashlib").sha256(data).hexdigest()'), ("    if isinstance(admission, OverQuota):", "    files.stage_upload(data)\n    if isinstance(admission, OverQuota):")),
    _bug("a hash before its upload", "steps.fetch:_staged", ("attempt.services.files.stage_upload(data))", '__import__("hashlib").sha256(data).hexdigest())'), ("    return data", "    attempt.services.files.stage_upload(data)\n    return data")),
    _bug("commits that are not synced", "store.database:_tune_sqlite", ("synchronous=FULL", "synchronous=OFF")),
    # The catalogue.
    _bug("an interrupted list is held for written", f"{_WRITING}:_accept", ("earlier is not None and not earlier.slices_left:", "earlier is not None:")),
    _bug("an interrupted list is folded onto itself", f"{_WRITING}:_write_supplier", ("is_interrupted or is_late", "is_late")),
    _bug("a list that is written again", f"{_WRITING}:_accept", ("if earlier is not None and not earlier.slices_left:", "if False:"), ("if earlier is not None:", "if False:")),
    _bug("the workbook is not asked for", "steps.write:publish_offers", ("    services.workbook.request()\n", "")),
    _bug("a drawing that stands for later lists", "steps.background.workbook_refresh:WorkbookRefresher._keep_drawing", ("self._drawn = requested", "self._drawn = self._requested")),
    # The LLM.
    _bug("requests leave before they are recorded", f"{_SCHEDULER}:RequestScheduler._finish_round", ("decisions = self._record(requests)", "decisions = [Decision.GO] * len(requests)"), ("    with self._changed:\n        for queue, outcome", "    self._record(requests)\n    with self._changed:\n        for queue, outcome")),
    _bug("answers are not stored", f"{_LEDGER}:LlmLedger.record", ("answers.save_answers(connection, self._model, _answers(settlements, Standard), now)", "pass")),
    _bug("settled at the reserved cost", f"{_LEDGER}:_SETTLE", value="_END"),
    _bug("a lost answer settled as free", "cluster.llm.worker:_failed", ("not (isinstance(error, LlmUnavailable) and error.is_outcome_unknown)", "True")),
    _bug("a budget that forgets what is on its way", f"{_LEDGER}:_BudgetUse.decide", ("self.spent + self.reserved + cost", "self.spent + cost")),
    _bug("settlements that are lost with the store", f"{_SCHEDULER}:RequestScheduler._record", ("decisions = self._ledger.record(self._settlements, reservations)", "settlements, self._settlements = self._settlements, []; decisions = self._ledger.record(settlements, reservations)")),
    _bug("a limit that is not kept", "cluster.llm.limiter:Limiter.acquire", ("bucket.take(_amount(name, tokens), now)", "pass")),
    _bug("a refusal that asks for no pause", "cluster.llm.limiter:Limiter.on_refusal", ("None if retry_after_s is None else min(retry_after_s, LONGEST_WAIT_S)", "None")),
    # Chats.
    _bug("a closing that is not claimed", f"{_PROGRESS}:ChatProgress._close", ("return\n    state", "pass\n    state")),
    _bug("a lost answer taken for a refusal", f"{_PROGRESS}:ChatProgress._close", ("ClosingState.UNKNOWN if error.is_outcome_unknown else ClosingState.NONE", "ClosingState.NONE")),
    _bug("a message that is sent again after a kill", "steps.notify:send_message", ("if state in (ClosingState.SENDING, ClosingState.UNKNOWN):", "if False:")),
    _bug("a start that takes an end back", f"{_PROGRESS}:ChatProgress._take_events", ("self._due.add(event.task_id)", "self._due.add(event.task_id); isinstance(event, StageStarted) and chat_messages.reset_closing(self._store, event.task_id)")),
    _bug("an offset beyond the next update", "jobs.intake.bot_updates:commit_updates", ("max(admissions) + 1", "max(admissions) + 2")),
)  # fmt: skip
