"""What the durable queue promises, as plain Python: tasks, drivers, leases, chats, and a ledger with budgets, all in dictionaries."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from monito_ray.jobs.chat_messages import ClosingState
from monito_ray.jobs.fairness import COMMAND_LINE_USER
from monito_ray.jobs.heartbeat import PRESUMED_DEAD_AFTER_S
from monito_ray.jobs.intake.dedup import DUPLICATE_WINDOW, QUOTA_WINDOW
from monito_ray.jobs.lifecycle import MOST_OWNER_DEATHS, SUSPECT_FROM
from monito_ray.jobs.llm.ledger import RequestState
from monito_ray.records import Status
from monito_ray.spending import Decision
from monito_ray.stages import Stage

WAITING, OPEN = (Status.PENDING, Status.RETRY), (Status.PENDING, Status.RETRY, Status.RUNNING)


@dataclass
class ModelTask:
    """A file's task: what decides who may do what with it."""

    id: str
    user_id: int
    key: str
    priority: int
    created_at: datetime
    not_before: datetime
    stage: Stage = Stage.FILE_PROCESSING
    status: Status = Status.PENDING
    owner: str = ""
    claim_number: int = 0
    attempts: int = 0
    owner_deaths: int = 0
    rows: int = 0
    finished_at: datetime | None = None
    #: Names of its events, in order.
    events: list[str] = field(default_factory=lambda: ["task.submitted"])

    def is_due(self, now: datetime, paused: Collection[Stage]) -> bool:
        """Whether a driver may take it."""
        return self.status in WAITING and self.not_before <= now and self.stage not in paused

    def end(self, status: Status, event: str, now: datetime) -> None:
        """End it."""
        self.status, self.owner, self.finished_at = status, "", now
        self.events.append(event)

    def wait(self, status: Status, event: str) -> None:
        """Put it back into its queue."""
        self.status, self.owner = status, ""
        self.events.append(event)


@dataclass
class ModelRequest:
    """A request to the LLM: what it was reserved at, or what it did cost."""

    task_id: str
    at: datetime
    cost: Decimal
    state: RequestState = RequestState.RESERVED


@dataclass
class QueueModel:
    """All of it at one moment."""

    now: datetime
    files_per_hour: int
    task_usd: Decimal
    day_usd: Decimal
    abandoned_after: timedelta
    tasks: dict[str, ModelTask] = field(default_factory=dict)
    paused: set[Stage] = field(default_factory=set)
    #: The last beat of each driver that did not sign off.
    beats: dict[str, datetime] = field(default_factory=dict)
    #: Number and closing state of each task's message.
    messages: dict[str, tuple[int | None, ClosingState]] = field(default_factory=dict)
    requests: dict[str, ModelRequest] = field(default_factory=dict)
    next_update: int = 1

    def duplicate_of(self, key: str) -> str | None:
        """Return the newest task with this key that stands in the way of another."""
        in_the_way = [
            task
            for task in self.tasks.values()
            if task.key == key
            and (
                task.status in OPEN
                or (task.status is Status.SUCCESS and task.finished_at is not None and task.finished_at > self.now - DUPLICATE_WINDOW)
            )
        ]
        return max(in_the_way, key=lambda task: task.created_at).id if in_the_way else None

    def quota_ends_at(self, user_id: int) -> datetime | None:
        """Return when the user may send the next file; None: now."""
        recent = sorted(
            task.created_at for task in self.tasks.values() if task.user_id == user_id and task.created_at > self.now - QUOTA_WINDOW
        )
        is_over = user_id != COMMAND_LINE_USER and len(recent) >= self.files_per_hour
        return recent[-self.files_per_hour] + QUOTA_WINDOW if is_over else None

    def claims(self, limit: int, only: Collection[str] | None, suspects: int, concurrent: int) -> list[str]:
        """Return which tasks a driver gets: first those whose drivers died twice, then the others; of both always one of the user with the least running."""
        due = [task for task in self.tasks.values() if task.is_due(self.now, self.paused) and (only is None or task.id in only)]
        by_age = sorted(due, key=lambda task: task.created_at)
        rows, counts = Counter[int](), Counter[int]()
        for task in self.tasks.values():
            if task.status is Status.RUNNING:
                rows[task.user_id] += task.rows
                counts[task.user_id] += 1
        suspected = [task for task in by_age if task.owner_deaths >= SUSPECT_FROM]
        others = sorted((task for task in by_age if task.owner_deaths < SUSPECT_FROM), key=lambda task: (-task.priority, task.created_at))
        picked: list[ModelTask] = []
        for left, most in ((suspected, min(suspects, limit)), (others, limit)):
            while len(picked) < most:
                first: dict[int, ModelTask] = {}
                for task in left:
                    if task.user_id == COMMAND_LINE_USER or not concurrent or counts[task.user_id] < concurrent:
                        first.setdefault(task.user_id, task)
                if not first:
                    break
                task = min(first.values(), key=lambda task: (rows[task.user_id], counts[task.user_id], task.created_at, task.user_id))
                left.remove(task)
                rows[task.user_id] += task.rows
                counts[task.user_id] += 1
                picked.append(task)
        return [task.id for task in picked]

    def alive(self) -> set[str]:
        """Return the drivers that were heard of lately."""
        return {driver for driver, at in self.beats.items() if at >= self.now - timedelta(seconds=PRESUMED_DEAD_AFTER_S)}

    def free_orphans(self, alive: Collection[str]) -> list[str]:
        """Take running tasks from drivers that are not alive; the third death in a stage ends a task."""
        freed = [task for task in self.tasks.values() if task.status is Status.RUNNING and task.owner not in alive]
        for task in freed:
            task.owner_deaths += 1
            task.attempts = max(task.attempts - 1, 0)
            if task.owner_deaths < MOST_OWNER_DEATHS:
                task.wait(Status.PENDING, "task.released")
            else:
                task.end(Status.FAILURE, "task.failed", self.now)
        return [task.id for task in freed]

    def reserve(self, number: str, task_id: str, cost: Decimal) -> Decision:
        """Reserve a request as far as both budgets allow."""
        for request in self.requests.values():
            if request.state is RequestState.RESERVED and request.at < self.now - self.abandoned_after:
                request.state = RequestState.UNKNOWN
        decisions = {self._decide(task_id, cost), self._decide("", cost)}
        decision = next(one for one in (Decision.SPENT, Decision.WAIT, Decision.GO) if one in decisions)
        if decision is Decision.GO:
            self.requests[number] = ModelRequest(task_id, self.now, cost)
        return decision

    def _decide(self, task_id: str, cost: Decimal) -> Decision:
        """Decide by the budget of a task, or of the day for ""."""
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        own = [one for one in self.requests.values() if (one.task_id == task_id if task_id else one.at >= midnight)]
        limit = self.task_usd if task_id else self.day_usd
        spent = sum((one.cost for one in own if one.state is not RequestState.RESERVED), Decimal(0))
        reserved = sum((one.cost for one in own if one.state is RequestState.RESERVED), Decimal(0))
        if spent + cost > limit:
            return Decision.SPENT
        return Decision.WAIT if spent + reserved + cost > limit else Decision.GO
