"""The records that travel: rows on their way from a file to the catalogue, and what is told about a task."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Method(StrEnum):
    """How a row's standard fields were settled."""

    MANUAL = "manual"
    CACHE = "cache"
    RULES = "rules"
    LLM = "llm"


class Status(StrEnum):
    """Where a task stands."""

    PENDING = "pending"
    RUNNING = "running"
    RETRY = "retry"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"


#: A task that has ended succeeded, failed or was cancelled; all others are open.
OPEN_STATUSES = (Status.PENDING, Status.RUNNING, Status.RETRY)


class Reason(StrEnum):
    """Why a row is no offer."""

    NO_PRICE = "no_price"
    NO_NAME = "no_name"
    PRICE_NOT_POSITIVE = "price_not_positive"
    PRICE_ON_REQUEST = "price_on_request"
    PRICE_UNREADABLE = "price_unreadable"
    SECTION_TITLE = "section_title"
    TOTAL_LINE = "total_line"
    NOTE = "note"
    ROW_DEADLY = "row_deadly"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row of a located table, an offer or not, as its file has it.

    Texts are white-space folded and otherwise as written; what the file does not say is "" (or None). `section` is the title
    the row stands under. `unit_text`, `size_text`, `pack_text` come from columns of their own ("kg", "330ml", "24"), a unit in
    such a column's title being appended ("20 л"). `fingerprint` is equal for rows that repeat every cell but the running number. `doubt`
    says why a person should look at how the row was read.
    """

    source_file: str
    source_sheet: str
    source_row: int
    original_name: str
    price: Decimal | None
    price_text: str = ""
    price_tiers: str = ""
    currency: str = ""
    section: str = ""
    brand: str = ""
    category_text: str = ""
    unit_text: str = ""
    size_text: str = ""
    pack_text: str = ""
    min_quantity: str = ""
    sku: str = ""
    supplier: str = ""
    list_date: date | None = None
    tax_note: str = ""
    cells: str = "[]"
    fingerprint: str = ""
    role: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What standardizing settles about a row. `unit` and `price_unit` are canonical, `category` is one of the taxonomy's."""

    standardized_name: str
    brand: str = ""
    size: Decimal | None = None
    unit: str = ""
    pack_count: int = 1
    price_unit: str = ""
    category: str = ""
    confidence: float = 0.0
    method: Method = Method.RULES

    def as_json(self) -> dict[str, Any]:
        """As the store keeps it: the size as a text, for JSON has no exact numbers."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"size": None if self.size is None else str(self.size)}


def standard_from_json(values: Mapping[str, Any]) -> Standard:
    """What `Standard.as_json` made of one."""
    size = None if values["size"] is None else Decimal(values["size"])
    return Standard(**{**values, "size": size, "method": Method(values["method"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """One written offer; fields and their order are those of every output format. `doubt` says why a person should look at it, if one should."""

    original_name: str
    standardized_name: str
    brand: str
    size: Decimal | None
    unit: str
    pack_count: int
    price_unit: str
    category: str
    price: Decimal
    price_tiers: str
    currency: str
    base_price: Decimal | None
    base_unit: str
    min_quantity: Decimal | None
    supplier: str
    sku: str
    list_date: date | None
    tax_note: str
    source_file: str
    source_sheet: str
    source_row: int
    confidence: float
    method: Method
    doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that is no offer, or repeats one: `reason` is a `Reason`, or "duplicate" with `repeats` naming the first place."""

    original_name: str
    source_file: str
    source_sheet: str
    source_row: int
    cells: str
    reason: str
    repeats: str = ""


DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class LlmUse:
    """What a task asked of the LLM. `cached_tokens` are part of `prompt_tokens`."""

    requests: int = 0
    rows: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)

    def as_result(self) -> dict[str, Any]:
        """As a task's `result` has it."""
        return {**asdict(self), "cost_usd": round(float(self.cost_usd), 6)}

    def __add__(self, other: "LlmUse") -> "LlmUse":
        return LlmUse(
            self.requests + other.requests,
            self.rows + other.rows,
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost_usd + other.cost_usd,
        )


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What is told about a task; for a file's `result` see `docs/architecture.md`."""

    task_id: str
    status: Status
    result: dict[str, Any] | None = None
    error: str | None = None
    duration_ms: int = 0
    attempts: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """Something that happened to a task; `data` says more, as its `name` has it."""

    at: datetime
    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retry:
    """A decision about what failed: the same again, after `wait_s`."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A decision about what failed: no more of it."""

    reason: str


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """One stage's queue. `oldest_waiting_s` is 0 when nothing waits."""

    name: str
    waiting: int
    running: int
    done: int
    failed: int
    paused: bool
    oldest_waiting_s: float


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """All tasks and workers together; `queue_length` counts what waits in any queue."""

    total_tasks: int
    successful_tasks: int
    failed_tasks: int
    pending_tasks: int
    active_workers: int
    queue_length: int
    average_processing_time_ms: float
