"""The laws: what has to hold at each commit, at each request to the LLM, and when all is over."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import WorkerReply
from monito_ray.jobs.lifecycle import MOST_OWNER_DEATHS, SUSPECT_FROM
from monito_ray.jobs.queue import CLOCK_SET_BACK
from monito_ray.jobs.task import STAGES_BY_KIND
from monito_ray.records import Status
from simulated.llm import RETRY_AFTER_S
from simulated.threads import here

if TYPE_CHECKING:
    from simulated.run import Run

_ENDED = {Status.SUCCESS.value, Status.FAILURE.value, Status.CANCELLED.value}
_WAITING = {Status.PENDING.value, Status.RETRY.value}
#: Tables that only who holds the task may write to.
_FENCED = {"catalog_writes", "supplier_lists", "offers", "price_history", "price_changes"}
_TASKS = "SELECT id, kind, status, stage, owner, claim_number, owner_deaths, attempts, user_id, not_before, updated_at FROM tasks"
ROWS_FOUND = 6
#: A task asks so soon after it looked for stored answers.
_LOOKED_UP_WITHIN_S = 5.0
#: Who lost a task asks nothing more for it after this time.
_STOPS_WITHIN_S = 5.0
#: Requests that were on their way out when a refusal came may still leave.
_ON_THE_WAY_S = 0.2
#: By these a driver is late without being dead.
_LATE = ("suspend", "stall", "disk_full")
#: By these what a driver does is broken off: it dies, or is late, and another goes on with its task.
_BROKEN_OFF = ("crash", "power_cut", *_LATE)


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task at one moment."""

    kind: str
    status: str
    stage: str
    owner: str
    claim_number: int
    owner_deaths: int
    attempts: int
    user_id: int
    not_before: str
    updated_at: str

    @property
    def place(self) -> int:
        """The number of its stage."""
        return [stage.value for stage in STAGES_BY_KIND[self.kind]].index(self.stage)


def _as_stored(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def _number_of(row: Any) -> int:
    """Return which of its supplier's lists a list is, by its file's name."""
    return int(row["file_name"].partition("-")[2].partition(".")[0])


class Laws:
    """Watches a run."""

    def __init__(self, run: "Run") -> None:
        self.broken: list[str] = []
        self._run = run
        self._tasks: dict[str, TaskState] = {}
        self._connection: sqlite3.Connection | None = None
        self.deaths: Counter[str] = Counter()
        #: The request that answered each key, and when.
        self._answered: dict[str, tuple[str, float]] = {}
        #: When requests left, by process.
        self._sent: dict[str, list[float]] = {}
        #: The first and the last commit, counted, by which each task's list was written to the catalogue.
        self._written: dict[str, tuple[int, int]] = {}
        self._commits = 0
        #: When each lease was lost: by task, owner and claim.
        self._lost: dict[tuple[str, str, int], float] = {}

    def breach(self, law: str, what: str) -> None:
        """Note that a law was broken."""
        if not here().is_over:
            here().note(f"BROKEN {law}: {what}")
            self.broken.append(f"{law}: {what}")

    def query(self, sql: str, *parameters: Any) -> list[Any]:
        """Read the database as it is."""
        if self._connection is None:
            self._connection = sqlite3.connect(self._run.machine.path, check_same_thread=False)
            self._connection.row_factory = sqlite3.Row
        return self._connection.execute(sql, parameters).fetchall()

    def reopen(self) -> None:
        """Read the files that are in place now."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    # At each commit.

    def on_commit(self, written: set[str]) -> None:
        """Check a transaction that was just committed."""
        strand = here().current
        before = self._tasks
        self._commits += 1
        if strand.attempt is not None and written & _FENCED:
            self._check_fence(strand.attempt, before, written)
            first, _ = self._written.get(strand.attempt[0], (self._commits, 0))
            self._written[strand.attempt[0]] = first, self._commits
        if "tasks" not in written:
            return
        self._tasks = {row["id"]: TaskState(*tuple(row)[1:]) for row in self.query(_TASKS)}
        for task_id, after in self._tasks.items():
            if task_id in before and before[task_id] != after:
                self._check_move(task_id, before[task_id], after)
        for task_id in before.keys() - self._tasks.keys():
            self.breach("durable", f"the task {task_id} is gone")
        self._check_loads()

    def after_power_cut(self) -> None:
        """Check that nothing that was acknowledged is lost."""
        self.reopen()
        tasks = {row["id"]: TaskState(*tuple(row)[1:]) for row in self.query(_TASKS)}
        for task_id in self._run.acknowledged:
            if task_id not in tasks:
                self.breach("durable", f"the acknowledged task {task_id} is gone")
        for task_id, before in self._tasks.items():
            if task_id in tasks and tasks[task_id] != before:
                self.breach("durable", f"the task {task_id} went back from {before} to {tasks[task_id]}")
        self._tasks = tasks

    def _check_fence(self, attempt: tuple[str, str, int], tasks: dict[str, TaskState], written: set[str]) -> None:
        task_id, owner, claim = attempt
        state = tasks.get(task_id)
        if state is None or (state.owner, state.claim_number) != (owner, claim):
            self.breach("one owner", f"{owner} claim {claim} wrote {sorted(written & _FENCED)} for {task_id}, which is {state}")

    def _check_move(self, task_id: str, before: TaskState, after: TaskState) -> None:
        strand = here().current
        said = f"{task_id} from {before} to {after}"
        self._check_order(before, after, said)
        if after.claim_number not in (before.claim_number, before.claim_number + 1):
            self.breach("one owner", f"claims are counted one by one: {said}")
        if after.claim_number == before.claim_number + 1:
            self._check_claim(before, after, said)
            return
        if before.status in _WAITING and after.status == "running":
            self.breach("one owner", f"claimed, and the number is the same: {said}")
        if after.status != "running" and after.owner:
            self.breach("one owner", f"waits or has ended and has an owner: {said}")
        if before.status == "running" and (after.owner, after.claim_number) != (before.owner, before.claim_number):
            self._lost[task_id, before.owner, before.claim_number] = here().now
        if before.status == "running" and after.status == "pending" and strand.process.name != "command":
            self._check_release(before, after, said)
        if strand.attempt is not None and before.status == "running" and strand.process.name not in ("harness", "command"):
            own = strand.attempt
            if own[0] != task_id or (before.owner, before.claim_number) != (own[1], own[2]):
                self.breach("one owner", f"{own} saved {said}")
        if before.status == "running" and after.status == "pending" and before.owner_deaths < after.owner_deaths:
            self.deaths[task_id] += 1

    def _check_order(self, before: TaskState, after: TaskState, said: str) -> None:
        if before.status in _ENDED and after != before and here().process.name not in ("harness", "command"):
            self.breach("ends once", said)
        if after.place < before.place or after.place > before.place + 1:
            self.breach("stages in order", said)
        if after.place == before.place + 1 and before.status != "running":
            self.breach("stages in order", said)

    def _check_claim(self, before: TaskState, after: TaskState, said: str) -> None:
        process = here().process
        if before.status not in _WAITING or after.status != "running":
            self.breach("one owner", f"claimed while it was not waiting: {said}")
        if self._run.driver_names.get(after.owner) != process.name:
            self.breach("one owner", f"claimed for another: {said}")
        # A clock may jump between a driver's look at it and its claim.
        now = datetime.fromisoformat(after.updated_at) if self._run.has("jump") else here().wall_time()
        if before.not_before > _as_stored(now) and before.updated_at <= _as_stored(now + CLOCK_SET_BACK):
            self.breach("order of work", f"claimed before its time: {said}")
        if self.query("SELECT 1 FROM paused_queues WHERE queue = ?", before.stage):
            self.breach("order of work", f"claimed from a paused queue: {said}")

    def _check_release(self, before: TaskState, after: TaskState, said: str) -> None:
        """A task that is put back keeps its attempts; another's is taken only from who is dead, or late, and that is counted."""
        run = self._run
        if after.attempts != max(before.attempts - 1, 0):
            self.breach("order of work", f"the attempt that was broken off counts: {said}")
        owner = next((one for one in run.world.processes if one.name == run.driver_names.get(before.owner)), None)
        if owner is None or owner is here().process:
            return
        if after.owner_deaths != before.owner_deaths + 1:
            self.breach("order of work", f"a death is not counted: {said}")
        if not owner.is_dead and not run.has("jump", *_LATE):
            self.breach("one owner", f"taken from a living driver: {said}")

    def _check_loads(self) -> None:
        setup = self._run.plan.setup
        running = [state for state in self._tasks.values() if state.status == "running"]
        for user, count in Counter(state.user_id for state in running if state.user_id).items():
            if count > setup.user_concurrent:
                self.breach("quota", f"{count} tasks of user {user} run")
        for owner, count in Counter(state.owner for state in running).items():
            if count > setup.slots and not self._run.has(*_LATE):
                self.breach("slots", f"{count} tasks run at {owner}")
        for owner, count in Counter(state.owner for state in running if state.owner_deaths >= SUSPECT_FROM).items():
            if count > 1 and not self._run.has(*_LATE):
                self.breach("order of work", f"{count} tasks that may have killed their driver run at {owner}")

    # At each request.

    def on_ask(self, task_id: str, keys: Sequence[str]) -> None:
        """Check that nothing is asked whose answer came, and was recorded, a while ago."""
        if self._run.has(*_LATE):
            return
        for key in keys:
            request_id, at = self._answered.get(key, ("", 0.0))
            if request_id and at < here().now - _LOOKED_UP_WITHIN_S and self._ledger_state(request_id) == "settled":
                self.breach("paid once", f"{task_id} asks again about {key}, which {request_id} answered")

    def on_send(self, request: Request) -> None:
        """Check that a request is in the ledger before it leaves, for a task that its driver holds, and not within a pause."""
        run, now, task_id = self._run, here().now, request.queue.task_id
        self._sent.setdefault(here().process.name, []).append(now)
        if self._ledger_state(request.id) != "reserved":
            self.breach("ledger equals bill", f"{request.id} leaves and is not reserved")
        state = self._tasks.get(task_id)
        owner = run.driver_names.get(state.owner) if state else None
        lost_at = max(
            (at for (lost, by, _), at in self._lost.items() if lost == task_id and run.driver_names.get(by) == here().process.name),
            default=None,
        )
        if owner != here().process.name and lost_at is not None and now > lost_at + _STOPS_WITHIN_S and not run.has(*_LATE):
            self.breach("one owner", f"{request.id} leaves for {task_id}, which was lost at {lost_at:.1f} s")
        refused_at = run.provider.refused_at.get(here().process.name)
        if refused_at is not None and refused_at + _ON_THE_WAY_S < now < refused_at + RETRY_AFTER_S:
            self.breach("limit", f"{request.id} leaves {now - refused_at:.2f} s after a refusal that asked for {RETRY_AFTER_S} s")

    def on_answer(self, request: Request, reply: WorkerReply) -> None:
        """Note which keys an answer settles; one in the right form settles all that it was asked about."""
        if reply.faults and request.id not in self._run.provider.malformed:
            self.breach("answers are taken", f"{request.id}: {reply.faults}")
        for index in reply.standards:
            if request.queue.keys:
                self._answered.setdefault(request.queue.keys[request.batch.positions[index]], (request.id, here().now))

    def _ledger_state(self, request_id: str) -> str:
        return next((str(row["state"]) for row in self.query("SELECT state FROM llm_requests WHERE id = ?", request_id)), "")

    # When all is over.

    def at_the_end(self) -> None:
        """Check everything that has to hold then."""
        self._check_ends()
        self._check_rows()
        self._check_offers()
        self._check_bill()
        self._check_chats()
        written = self.query("SELECT count(*) AS n FROM catalog_writes WHERE slices_left = 0")[0]["n"]
        if self._run.drawn < written and not self._run.is_stop_cut_short:
            self.breach("workbook", "the last lists are not drawn")
        for what in self._run.unexpected:
            self.breach("no faults of the program", what)

    def _check_ends(self) -> None:
        for row in self.query("SELECT id, kind, status, stage, error_code, error FROM tasks"):
            said = f"{row['kind']} {row['id']} is {row['status']} in {row['stage']} {row['error_code']} {row['error']}"
            if row["status"] not in _ENDED:
                self.breach("every task ends", said)
            elif (row["status"] == "failure" and not self._may_fail(row)) or (
                row["status"] == "cancelled" and row["id"] not in self._run.cancelled
            ):
                self.breach("no failure without a cause", said)

    def _may_fail(self, row: Any) -> bool:
        code = row["error_code"]
        if code == "TaskDeadly":
            return self._run.has("crash", "power_cut", "jump", "suspend", "stall") and self.deaths[row["id"]] >= MOST_OWNER_DEATHS - 1
        if code == "TelegramRefused":
            return row["kind"] == "notification" and self._run.has("chat", *_BROKEN_OFF)
        return False

    def _check_rows(self) -> None:
        sql = "SELECT id, result, rows FROM tasks WHERE kind = 'file' AND status = 'success'"
        for row in self.query(sql):
            result = json.loads(row["result"])
            if "same_as" in result:
                continue
            found, written, rejected = result["rows_found"], result["rows_written"], result["rows_rejected"]
            kept = self.query("SELECT sum(row_count) AS n FROM supplier_lists WHERE task_id = ?", row["id"])[0]["n"]
            if (found, written, rejected, result["rows_duplicate"]) != (ROWS_FOUND, ROWS_FOUND - 2, 1, 1) or kept != written:
                self.breach("rows conserved", f"{row['id']}: {result} and {kept} kept")
        writes = self.query("SELECT task_id, slices_left FROM catalog_writes")
        ended = {json.loads(row["result"]).get("same_as", row["id"]) for row in self.query(sql)}
        written_ids = {row["task_id"] for row in writes if not row["slices_left"]}
        if not ended <= written_ids:
            self.breach("rows conserved", f"not in the catalogue: {ended - written_ids}")

    def _check_offers(self) -> None:
        """Each article of a supplier stands once, at the price of its newest list that is written whole."""
        lists: dict[str, list[Any]] = {}
        sql = (
            "SELECT l.supplier, l.task_id, l.written_at, l.list_date, t.file_name, w.slices_left FROM supplier_lists l"
            " JOIN tasks t ON t.id = l.task_id JOIN catalog_writes w ON w.task_id = l.task_id"
        )
        for row in self.query(sql):
            lists.setdefault(row["supplier"], []).append(row)
        for supplier, own in lists.items():
            if any(row["slices_left"] for row in own):
                continue  # a list that was cancelled while it was written is folded with the supplier's next one
            newest = max(own, key=lambda row: row["written_at"])
            number = _number_of(newest)
            offers = self.query("SELECT original_name, price FROM offers WHERE supplier = ? AND NOT is_gone", supplier)
            prices = sorted(str(Decimal(row["price"]).normalize()) for row in offers)
            wanted = sorted(str(Decimal((11 + number) * 1000 + cents).normalize()) for cents in (500, 0, 250, 750))
            if prices != wanted:
                self.breach("one effect", f"{supplier}: {prices} stand, {wanted} are in {newest['file_name']}")
            history = self.query(
                "SELECT count(*) AS n FROM price_history h JOIN offers o ON o.id = h.offer_id WHERE o.supplier = ?", supplier
            )[0]["n"]
            if history > len(own) * 4:
                self.breach("one effect", f"{supplier}: {history} prices in the history of {len(own)} lists")
            self._check_counted(supplier, sorted(own, key=lambda row: row["written_at"]))
        for row in self.query("SELECT task_id, count(*) AS n FROM price_changes GROUP BY task_id HAVING n > 4"):
            self.breach("one effect", f"{row['n']} changes of {row['task_id']}, which has four articles")

    def _check_counted(self, supplier: str, own: list[Any]) -> None:
        """A list that was written when all earlier ones were says how many of its prices differ from theirs: all four, or none."""
        spans = [self._written.get(row["task_id"], (0, 0)) for row in own]
        if self._run.has("jump") or any(after[0] <= before[1] for before, after in pairwise(spans)):
            return
        for before, row in pairwise([None, *own]):
            ended = self.query("SELECT result FROM tasks WHERE id = ? AND status = 'success'", row["task_id"])
            changed = 4 if before is not None and _number_of(before) != _number_of(row) else 0
            if ended and (said := json.loads(ended[0]["result"])["prices_changed"]) != changed:
                self.breach("one effect", f"{supplier}: {row['file_name']} says that {said} prices changed, and {changed} did")

    def _check_bill(self) -> None:
        provider, run = self._run.provider, self._run
        ledger = {row["id"]: row for row in self.query("SELECT * FROM llm_requests")}
        for charge in provider.charges:
            row = ledger.get(charge.request_id)
            if row is None:
                self.breach("ledger equals bill", f"{charge.request_id} was charged and is not in the ledger")
                continue
            cost, state = Decimal(row["cost_usd"]).scaleb(-12), row["state"]
            if state == "settled" and cost != charge.cost:
                self.breach("ledger equals bill", f"{charge.request_id} cost {charge.cost} and is settled at {cost}")
            if state != "settled" and run.has_budget and cost < charge.cost:
                self.breach("ledger equals bill", f"{charge.request_id} cost {charge.cost} and {cost} is reserved")
            if state == "reserved" and not run.was_hurt(charge.process):
                self.breach("ledger equals bill", f"{charge.request_id} is still reserved")
            if state == "settled" and charge.cost and not charge.is_answered:
                self.breach("ledger equals bill", f"{charge.request_id} is settled without an answer")
        counted = {charge.request_id for charge in provider.charges}
        for request_id, row in ledger.items():
            if request_id not in counted and row["state"] == "settled":
                self.breach("ledger equals bill", f"{request_id} is settled and never reached the provider")
        if len(counted) != len(provider.charges):
            self.breach("ledger equals bill", "two requests have one id")
        self._check_budgets()
        self._check_limits()

    def _check_budgets(self) -> None:
        setup, charges = self._run.plan.setup, self._run.provider.charges
        day, each = Decimal(setup.day_usd), Decimal(setup.task_usd)
        total = sum((charge.cost for charge in charges), Decimal(0))
        if day and total > day and not self._run.has("jump"):
            self.breach("budget", f"{total} of {day} a day were spent")
        for task_id in {charge.task_id for charge in charges}:
            spent = sum((charge.cost for charge in charges if charge.task_id == task_id), Decimal(0))
            if each and spent > each:
                self.breach("budget", f"{spent} of {each} were spent for {task_id}")

    def _check_limits(self) -> None:
        """A driver lets no more requests leave in any minute than it may, however late they arrive."""
        setup = self._run.plan.setup
        if setup.requests_a_minute:
            for name, times in self._sent.items():
                most = max(sum(start <= at < start + 60 for at in times) for start in times)
                if most > setup.requests_a_minute:
                    self.breach("limit", f"{name} made {most} requests within a minute, {setup.requests_a_minute} are allowed")

    def _check_chats(self) -> None:
        run = self._run
        rows = self.query(
            "SELECT m.*, t.kind, t.status, t.options, t.file_name, t.result FROM chat_messages m JOIN tasks t ON t.id = m.task_id"
        )
        for row in rows:
            self._check_end_told(row)
        shown = {row["task_id"] for row in rows}
        for row in self.query("SELECT id, options FROM tasks WHERE kind = 'file'"):
            if run.update_of(row["options"]) and row["id"] not in shown:
                self.breach("told once", f"{row['id']} has no message in its chat")
        for row in self.query("SELECT dedup_key, count(*) AS n FROM tasks WHERE dedup_key != '' GROUP BY dedup_key HAVING n > 1"):
            if not run.cancelled and not run.has("jump"):
                self.breach("one effect", f"one file became {row['n']} tasks")
        self._check_updates()

    def _check_updates(self) -> None:
        """Each document that was sent to the bot is one task."""
        chats, run = self._run.chats, self._run
        committed = Counter(run.update_of(row["options"]) for row in self.query("SELECT options FROM tasks WHERE kind = 'file'"))
        for update in chats.updates:
            count = committed[update["update_id"]]
            if count > 1:
                self.breach("one effect", f"the update {update['update_id']} has {count} tasks")
            if not count:
                self.breach("acknowledged is durable", f"the update {update['update_id']} has no task")

    def _check_end_told(self, row: Any) -> None:
        """An end is told once, or where nobody knows at most once."""
        chats, run = self._run.chats, self._run
        said = f"{row['kind']} {row['task_id']} {row['status']} is {row['closing_state']}"
        if row["kind"] == "notification":
            told = [one for one in chats.delivered if one.text == json.loads(row["options"])["message"]]
            may_miss = row["status"] != "success"
        else:
            told = [one for one in chats.delivered if one.file_name == f"{row['file_name'].rpartition('.')[0]}-clean.xlsx"]
            is_repeat = "same_as" in json.loads(row["result"] or "{}")  # told by an edit of its message
            may_miss = row["status"] != "success" or is_repeat or row["closing_state"] in ("unknown", "sending")
        # A message that may have arrived is not sent again, unless a person who knows that says so.
        if len(told) > 1 + (run.retried[row["task_id"]] if row["kind"] == "notification" else 0):
            self.breach("told once", f"{said}, told {len(told)} times")
        if not told and not may_miss:
            self.breach("told once", f"{said}, and was never told")
        if row["closing_state"] == "none" and row["kind"] == "file":
            self.breach("told once", f"{said} at the end")
        if row["closing_state"] in ("sending", "unknown") and not run.has("chat", *_BROKEN_OFF):
            self.breach("told once", f"{said} without a cause")
