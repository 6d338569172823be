"""Random operations on the durable queue, one after the other, each compared with `queue_model`."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from queue_model import OPEN, WAITING, ModelTask, QueueModel
from sqlalchemy import select

from monito_ray.errors import LeaseLost, LlmUnavailable
from monito_ray.jobs import admin, chat_messages, heartbeat, lease, lifecycle, queue, statistics
from monito_ray.jobs.artifacts import RAW, Artifacts
from monito_ray.jobs.chat_messages import ChatMessage, ClosingState
from monito_ray.jobs.intake import bot_updates
from monito_ray.jobs.intake.bot_updates import ReceivedUpdate
from monito_ray.jobs.intake.dedup import AdmissionPolicy, Admitted, Duplicate, OverQuota, admit, dedup_key
from monito_ray.jobs.lifecycle import TransitionRefused
from monito_ray.jobs.llm import answers, ledger
from monito_ray.jobs.llm.ledger import Budgets, LlmLedger, RequestState
from monito_ray.jobs.retention import file_retention
from monito_ray.jobs.retention.file_retention import RetentionLimits
from monito_ray.jobs.task import Task
from monito_ray.records import LlmUse, Standard, Status
from monito_ray.spending import LlmReservation, LlmSettlement
from monito_ray.stages import Stage
from monito_ray.store.database import Store
from monito_ray.store.schema import llm_requests

START = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)  # three hours before a day of budgets ends
CHAT, BOT, MODEL = 70, "4242", "home-grown"
FILES_PER_HOUR, CONCURRENT = 3, 2
TIMEOUT_S = 60.0
KEPT_FOR = timedelta(hours=2)
DRIVERS = ("d1", "d2")
#: So few that the operations meet.
MOST_TASKS = 6
NUMBERS = st.integers(0, 1000)
CENT = Decimal("0.01")


class QueueMachine(RuleBasedStateMachine):
    """Drivers, people and a bot that use one store in any order. A subclass gives an empty `store` for each sequence."""

    def __init__(self) -> None:
        super().__init__()
        self.store = self.empty_store()
        self.folder = TemporaryDirectory()
        self.files = Artifacts(self.folder.name)
        self.model = QueueModel(START, FILES_PER_HOUR, 10 * CENT, 25 * CENT, timedelta(seconds=TIMEOUT_S) + timedelta(minutes=10))
        #: What drivers loaded when they claimed, some of which is another's by now.
        self.claims: list[Task] = []
        self.tables: dict[str, tuple[int, datetime]] = {}
        self.answered: set[str] = set()

    def empty_store(self) -> Store:
        """Return a store without any task."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Remove what was written."""
        self.store.close()
        self.folder.cleanup()

    # time, drivers

    @rule(seconds=st.sampled_from([1, 1, 4, 9, 12, 70, 700, 4000, 90_000]))
    def time_passes(self, seconds: int) -> None:
        """Let some time pass; then remove artifacts of ended tasks that are old, and no others."""
        self.model.now += timedelta(seconds=seconds)
        if self.tables:
            file_retention.remove_expired(self.store, self.files, RetentionLimits(KEPT_FOR), self.model.now)
            expired = {task_id for task_id, (_, at) in self.tables.items() if at < self.model.now - KEPT_FOR}
            is_open = {task.id for task in self.model.tasks.values() if task.status in OPEN}
            self.tables = {task_id: table for task_id, table in self.tables.items() if task_id not in expired or task_id in is_open}

    @rule(driver=st.sampled_from(DRIVERS), does=st.sampled_from(["beat", "free", "free", "free", "sign off"]))
    def a_driver_lives(self, driver: str, does: str) -> None:
        """Give a sign of life, stop in order, or free what dead drivers left."""
        {"beat": self._beat, "free": self._free_orphans, "sign off": self._sign_off}[does](driver)

    def _beat(self, driver: str) -> None:
        heartbeat.beat(self.store, driver, is_serving=True, now=self._tick())
        self.model.beats[driver] = self.model.now
        assert {beat.driver_id for beat in heartbeat.live_drivers(self.store, self.model.now)} == self.model.alive()

    def _sign_off(self, driver: str) -> None:
        heartbeat.sign_off(self.store, driver)
        self.model.beats.pop(driver, None)

    def _free_orphans(self, driver: str) -> None:
        """Do what a serving driver does every five seconds."""
        now = self._tick()
        registered = {beat.driver_id for beat in heartbeat.registered_drivers(self.store)}
        alive = {beat.driver_id for beat in heartbeat.live_drivers(self.store, now)} | {driver}
        assert sorted(queue.free_orphans(self.store, alive, now)) == sorted(self.model.free_orphans(self.model.alive() | {driver}))
        heartbeat.remove(self.store, registered - alive)
        self.model.beats = {one: at for one, at in self.model.beats.items() if one in alive}

    # submissions

    @precondition(lambda self: len(self.model.tasks) < MOST_TASKS)
    @rule(user=st.sampled_from([0, 1, 1, 2]), content=st.sampled_from("abc"), priority=st.sampled_from([0, 0, 5]), force=st.booleans())
    def a_program_submits(self, user: int, content: str, priority: int, force: bool) -> None:
        """Submit a file."""
        task = self._task(user, priority, force=force)
        with self.store.write() as connection:
            admission = admit(connection, task, content, AdmissionPolicy(FILES_PER_HOUR), self.model.now)
        self._check_admission(task, content, admission)

    @precondition(lambda self: len(self.model.tasks) < MOST_TASKS)
    @rule(user=st.sampled_from([1, 2]), content=st.sampled_from("abcd"), repeated=st.integers(0, 2))
    def the_bot_polls(self, user: int, content: str, repeated: int) -> None:
        """Commit a new update, and some that were committed before."""
        task = self._task(user, 0)
        first = max(1, self.model.next_update - repeated)
        update = ReceivedUpdate(self.model.next_update, task, ChatMessage(task.id, CHAT, "en"), content)
        old = [replace(update, update_id=number, task=replace(task, id=f"old{number}")) for number in range(first, update.update_id)]
        policy = AdmissionPolicy(FILES_PER_HOUR)
        committed = bot_updates.commit_updates(self.store, BOT, [*old, update], self.model.now, policy)
        offset_before = self.model.next_update
        self.model.next_update += 1
        assert (list(committed), bot_updates.next_offset(self.store, BOT, self.model.now)) == ([offset_before], self.model.next_update)
        if isinstance(self._check_admission(task, content, committed[offset_before]), Admitted):
            self.model.messages[task.id] = (None, ClosingState.NONE)

    def _check_admission(self, task: Task, content: str, admission: object) -> object:
        key = dedup_key(task, content, "")
        duplicate, back_at = self.model.duplicate_of(key), self.model.quota_ends_at(task.user_id)
        if duplicate is not None and not task.options.get("force"):
            assert admission == Duplicate(duplicate)
        elif back_at is not None:
            assert admission == OverQuota(back_at)
        else:
            assert admission == Admitted(task.id)
            self.model.tasks[task.id] = ModelTask(task.id, task.user_id, key, task.priority, self.model.now, self.model.now)
        return admission

    # claims and what drivers make of them

    @rule(
        driver=st.sampled_from(DRIVERS),
        limit=st.integers(1, 3),
        suspects=st.sampled_from([1, 1, 0]),
        few=st.sampled_from([None, None, 1, 2]),
    )
    def a_driver_claims(self, driver: str, limit: int, suspects: int, few: int | None) -> None:
        """Take tasks in the order that is fair."""
        only = None if few is None else list(self.model.tasks)[::few]
        claimed = queue.claim(self.store, driver, self._tick(), limit, only, suspects, CONCURRENT)
        assert [task.id for task in claimed] == self.model.claims(limit, only, suspects, CONCURRENT)
        for task in claimed:
            mine = self.model.tasks[task.id]
            mine.status, mine.owner, mine.claim_number, mine.attempts = Status.RUNNING, driver, mine.claim_number + 1, mine.attempts + 1
            assert (task.owner, task.claim_number, task.attempts) == (driver, mine.claim_number, mine.attempts)
        self.claims += claimed
        held = {task.id for task in self.model.tasks.values() if task.status is Status.RUNNING and task.owner == driver}
        assert queue.held_by(self.store, driver) == held

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS, rows=st.integers(1, 9))
    def a_stage_ends(self, number: int, rows: int) -> None:
        """Record the end of a stage, which a driver that lost its lease cannot."""
        index, task = self._claim(number)
        is_last = task.next_stage is None
        now = self._tick()
        after = lifecycle.succeed(task, {"rows_found": rows}, 5, now) if is_last else lifecycle.advance(task, 5, now, rows)
        if not self._saved(task, after, "task.succeeded" if is_last else "stage.finished"):
            return
        mine = self.model.tasks[task.id]
        if is_last:
            mine.end(Status.SUCCESS, "task.succeeded", now)
            return
        mine.stage, mine.attempts, mine.owner_deaths, mine.rows = after.stage, 1, 0, mine.rows or rows
        mine.events.append("stage.finished")
        self.claims[index] = after

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS, wait_s=st.sampled_from([0, 1, 300]))
    def a_stage_fails_for_now(self, number: int, wait_s: int) -> None:
        """Let a task wait for another attempt."""
        _, task = self._claim(number)
        now = self._tick()
        if self._saved(task, lifecycle.retry_later(task, LlmUnavailable("away"), wait_s, now), "task.retried"):
            mine = self.model.tasks[task.id]
            mine.not_before = now + timedelta(seconds=wait_s)
            mine.wait(Status.RETRY, "task.retried")

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS)
    def a_stage_fails_for_good(self, number: int) -> None:
        """Give a task up."""
        _, task = self._claim(number)
        now = self._tick()
        if self._saved(task, lifecycle.fail(task, LlmUnavailable("gone"), now), "task.failed"):
            self.model.tasks[task.id].end(Status.FAILURE, "task.failed", now)

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS)
    def a_driver_stops(self, number: int) -> None:
        """Give a task back."""
        _, task = self._claim(number)
        if self._saved(task, lifecycle.release(task, self._tick()), "task.released"):
            mine = self.model.tasks[task.id]
            mine.attempts = max(mine.attempts - 1, 0)
            mine.wait(Status.PENDING, "task.released")

    @precondition(lambda self: self.claims)
    @rule(number=NUMBERS, rows=st.integers(0, 5))
    def a_driver_writes_under_its_lease(self, number: int, rows: int) -> None:
        """Write what only the holder of the lease may."""
        _, task = self._claim(number)
        own = lease.lease_of(task)
        assert lease.holds(self.store, own) is self._is_held(task)
        try:
            with self.store.write() as connection:
                lease.confirm(connection, own)
            is_confirmed = True
        except LeaseLost:
            is_confirmed = False
        assert is_confirmed is self._is_held(task)
        if is_confirmed:
            self.files.write_table(task.id, RAW, pa.table({"row": list(range(rows))}))
            self.tables[task.id] = (rows, self._tick())
            self._date_files(task.id)

    # people

    @precondition(lambda self: self.model.tasks)
    @rule(number=NUMBERS, is_cancel=st.booleans())
    def a_person_cancels_or_retries(self, number: int, is_cancel: bool) -> None:
        """Cancel a task, or let it be done again."""
        mine, now = self._any_task(number), self._tick()
        may = OPEN if is_cancel else (Status.FAILURE, Status.CANCELLED, Status.RETRY)
        try:
            (admin.cancel if is_cancel else admin.requeue)(self.store, mine.id, now)
            is_done = True
        except TransitionRefused:
            is_done = False
        assert is_done is (mine.status in may)
        if is_done and is_cancel:
            mine.end(Status.CANCELLED, "task.cancelled", now)
        elif is_done:
            mine.attempts, mine.owner_deaths, mine.not_before, mine.finished_at = 0, 0, now, None
            mine.wait(Status.PENDING, "task.requeued")
            if mine.id in self.model.messages:  # its chat is told of the new end, too
                self.model.messages[mine.id] = (self.model.messages[mine.id][0], ClosingState.NONE)

    @rule(stage=st.sampled_from([*Stage][:2]), does=st.sampled_from(["pause", "resume", "resume", "purge"]))
    def a_person_turns_to_a_queue(self, stage: Stage, does: str) -> None:
        """Hold a queue, let it go on, or cancel all that waits in it."""
        if does == "pause":
            admin.pause(self.store, stage, self._tick())
            self.model.paused.add(stage)
        elif does == "resume":
            admin.resume(self.store, stage)
            self.model.paused.discard(stage)
        else:
            waiting = [task for task in self.model.tasks.values() if task.status in WAITING and task.stage is stage]
            assert admin.purge(self.store, stage, self._tick()) == len(waiting)
            for task in waiting:
                task.end(Status.CANCELLED, "task.cancelled", self.model.now)
        assert admin.paused_stages(self.store) == self.model.paused

    # chats

    @precondition(lambda self: self.model.messages)
    @rule(
        number=NUMBERS,
        message_id=st.sampled_from([None, 5, 6]),
        outcome=st.sampled_from(ClosingState),
        does=st.sampled_from("show close reset".split()),
    )
    def a_task_is_shown(self, number: int, message_id: int | None, outcome: ClosingState, does: str) -> None:
        """Show a task in a message, close it from two drivers at once, of which one sends, or let it be closed again."""
        task_id = self._any_message(number)
        shown_in, state = self.model.messages[task_id]
        if does == "show":
            chat_messages.set_message_id(self.store, [task_id], message_id)
            self.model.messages[task_id] = (message_id, state)
        elif does == "reset":
            chat_messages.reset_closing(self.store, task_id)
            self.model.messages[task_id] = (shown_in, ClosingState.NONE)
        else:
            claims = [chat_messages.claim_closing(self.store, task_id) for _ in range(2)]
            assert claims == [state, ClosingState.SENDING if state is ClosingState.NONE else state]
            if claims[0] is ClosingState.NONE:
                chat_messages.set_closing(self.store, task_id, outcome)
                self.model.messages[task_id] = (shown_in, outcome)

    # the LLM

    @precondition(lambda self: self.model.tasks)
    @rule(number=NUMBERS, driver=st.sampled_from(DRIVERS), cents=st.lists(st.integers(1, 6), min_size=1, max_size=3))
    def a_driver_reserves(self, number: int, driver: str, cents: Sequence[int]) -> None:
        """Reserve requests; those beyond a budget do not leave."""
        task, now = self._any_task(number), self._tick()
        reservations = [
            LlmReservation(f"r{len(self.model.requests)}-{index}", task.id, task.user_id, 100, cost * CENT)
            for index, cost in enumerate(cents)
        ]
        decisions = self._ledger(driver).record([], reservations)
        assert decisions == [self.model.reserve(one.id, one.task_id, one.cost_usd) for one in reservations]
        assert now == self.model.now

    @precondition(lambda self: self.model.requests)
    @rule(number=NUMBERS, is_certain=st.sampled_from([True, True, False, None]), share=st.integers(0, 4))
    def a_request_ends(self, number: int, is_certain: bool | None, share: int) -> None:
        """Settle a request, whoever made it and whenever, with its answer; or (None) leave it to the next owner of its task."""
        request_id = list(self.model.requests)[number % len(self.model.requests)]
        request = self.model.requests[request_id]
        if request.state is RequestState.SETTLED:
            return
        if is_certain is None:
            self._abandon(request.task_id)
            return
        cost = request.cost * share / 4
        key = f"key{number % 3}"
        stored = {key: Standard(standardized_name=f"Rice {number % 3}")} if is_certain else {}
        self._tick()
        self._ledger("d1").record([LlmSettlement(request_id, LlmUse(1, 2, 10, 0, 5, cost), is_certain=is_certain, answers=stored)], [])
        request.state = RequestState.SETTLED if is_certain else RequestState.UNKNOWN
        request.cost = cost if is_certain else request.cost
        self.answered |= stored.keys()
        assert answers.find_answers(self.store, ["key0", "key1", "key2"]).keys() == self.answered

    def _abandon(self, task_id: str) -> None:
        """Take no reservation of an earlier owner for one that is on its way."""
        ledger.mark_abandoned(self.store, task_id)
        for request in self.model.requests.values():
            if request.task_id == task_id and request.state is RequestState.RESERVED:
                request.state = RequestState.UNKNOWN

    # what always holds

    @invariant()
    def tasks_are_those_of_the_model(self) -> None:
        """Every task has the status, owner, counters and events that the model has."""
        stored = queue.load_all(self.store, list(self.model.tasks))
        fields = (
            "status", "stage", "owner", "claim_number", "attempts", "owner_deaths", "rows", "priority", "not_before", "created_at", "finished_at",
        )  # fmt: skip
        assert {task.id: [getattr(task, name) for name in fields] for task in stored} == {
            task.id: [getattr(task, name) for name in fields] for task in self.model.tasks.values()
        }
        events = queue.events_since(self.store, list(self.model.tasks), 0)
        assert [(task_id, name) for _, task_id, name, _ in sorted(events, key=lambda event: (event[1], event[0]))] == [
            (task.id, name) for task in self.model.tasks.values() for name in task.events
        ]

    @invariant()
    def queues_count_what_is_there(self) -> None:
        """Each task waits, runs, failed in one queue, and has passed those before it."""
        stages = [*Stage]
        for name, status in statistics.queue_status(self.store, self.model.now).items():
            here = [task for task in self.model.tasks.values() if task.stage == name]
            passed = [
                task
                for task in self.model.tasks.values()
                if task.status is Status.SUCCESS or stages.index(task.stage) > stages.index(Stage(name))
            ]
            counts = [sum(task.status in kinds for task in here) for kinds in (WAITING, (Status.RUNNING,), (Status.FAILURE,))]
            assert [status.waiting, status.running, status.failed, status.done] == [*counts, len(passed)]
            assert status.paused is (Stage(name) in self.model.paused)

    @invariant()
    def chats_are_those_of_the_model(self) -> None:
        """What is to be acknowledged and to be closed is what was not."""
        messages, tasks = self.model.messages, self.model.tasks
        unsent = {task_id for task_id, (_, state) in messages.items() if state is ClosingState.NONE}
        assert {
            one.task_id: (one.message_id, one.closing_state) for one in chat_messages.messages_of(self.store, list(messages))
        } == messages
        assert {one.task_id for one in chat_messages.unacknowledged(self.store)} == {one for one in unsent if messages[one][0] is None}
        ended = {one.task_id for one in chat_messages.awaiting_closing(self.store)}
        assert ended == {task_id for task_id in unsent if tasks[task_id].status not in OPEN}
        assert {one.task_id for one in chat_messages.open_messages(self.store)} == unsent

    @invariant()
    def the_ledger_is_that_of_the_model(self) -> None:
        """Every request has its state and cost, and no budget is passed."""
        with self.store.read() as connection:
            rows = connection.execute(
                select(llm_requests.c.id, llm_requests.c.task_id, llm_requests.c.state, llm_requests.c.cost_usd)
            ).all()
        assert {row.id: (row.task_id, row.state, row.cost_usd) for row in rows} == {
            number: (one.task_id, one.state, one.cost) for number, one in self.model.requests.items()
        }
        for task_id in sorted({row.task_id for row in rows})[:1]:
            use, uncertain = ledger.use_of_task(self.store, task_id), ledger.uncertain_cost_usd(self.store, task_id)
            assert use.cost_usd + uncertain <= self.model.task_usd
        for day in {one.at.date() for one in self.model.requests.values()}:
            assert sum(one.cost for one in self.model.requests.values() if one.at.date() == day) <= self.model.day_usd

    @invariant()
    def artifacts_are_those_that_were_written(self) -> None:
        """Tables are whole, and there until they are old and their task has ended."""
        for task_id in self.model.tasks if self.tables else ():
            rows = self.tables.get(task_id, (None,))[0]
            assert self.files.has_table(task_id, RAW) is (rows is not None)
            if rows is not None:
                assert (self.files.row_count(task_id, RAW), self.files.read_table(task_id, RAW).num_rows) == (rows, rows)

    def _task(self, user_id: int, priority: int, *, force: bool = False) -> Task:
        now = self._tick()
        task_id = f"t{len(self.model.tasks):03}"
        options = {"force": True} if force else {}
        return Task(
            id=task_id, created_at=now, updated_at=now, not_before=now, user_id=user_id, file_name="june.csv", priority=priority, options=options
        )  # fmt: skip

    def _tick(self) -> datetime:
        """Return a moment that nothing else happened at."""
        self.model.now += timedelta(seconds=1)
        return self.model.now

    def _any_task(self, number: int) -> ModelTask:
        return list(self.model.tasks.values())[number % len(self.model.tasks)]

    def _any_message(self, number: int) -> str:
        return list(self.model.messages)[number % len(self.model.messages)]

    def _claim(self, number: int) -> tuple[int, Task]:
        """Return one of the last two claims as a rule, else any of those that drivers once had."""
        last = len(self.claims)
        index = last - 1 - number % min(last, 2) if number < 700 else number % last
        return index, self.claims[index]

    def _is_held(self, task: Task) -> bool:
        mine = self.model.tasks[task.id]
        return mine.status is Status.RUNNING and (mine.owner, mine.claim_number) == (task.owner, task.claim_number)

    def _saved(self, task: Task, after: Task, event: str) -> bool:
        """Save what a driver made of a task; only the holder of the lease succeeds."""
        saved = queue.save(self.store, after, task.owner, event)
        assert saved is self._is_held(task)
        return saved

    def _ledger(self, driver: str) -> LlmLedger:
        budgets = Budgets(self.model.task_usd, self.model.day_usd)
        return LlmLedger(self.store, driver, MODEL, "", budgets, lambda: self.model.now, TIMEOUT_S)

    def _date_files(self, task_id: str) -> None:
        """Let files be as old as they are by the model's clock."""
        at = self.model.now.timestamp()
        for path in Path(self.folder.name, "tasks", task_id).iterdir():
            os.utime(path, (at, at))
