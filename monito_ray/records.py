"""The records that travel: rows on their way from a file to the catalogue, and the published state of tasks and queues."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from monito_ray.arguments.checked_values import shown


class Method(StrEnum):
    """What settled a row's standardized name: a person's correction, a stored answer, the rules, or the LLM."""

    MANUAL = "manual"
    CACHE = "cache"
    RULES = "rules"
    LLM = "llm"


class Status(StrEnum):
    """The status of a task."""

    PENDING = "pending"
    RUNNING = "running"
    RETRY = "retry"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"


#: A task that has ended succeeded, failed or was cancelled; all others are open.
OPEN_STATUSES = (Status.PENDING, Status.RUNNING, Status.RETRY)


class Reason(StrEnum):
    """Why a row was rejected."""

    NO_PRICE = "no_price"
    NO_NAME = "no_name"
    PRICE_NOT_POSITIVE = "price_not_positive"
    PRICE_ON_REQUEST = "price_on_request"
    PRICE_UNREADABLE = "price_unreadable"
    SECTION_TITLE = "section_title"
    TOTAL_LINE = "total_line"
    NOTE = "note"
    ROW_DEADLY = "row_deadly"


def tiers_as_json(tiers: object) -> str:
    """Return other prices of a row, a mapping or JSON from their titles, as `RawRow` has them; "" for none.

    Raises:
        ValueError: they are no such thing; the message shows what is.
    """
    if tiers in (None, ""):
        return ""
    try:
        prices: Any = json.loads(tiers) if isinstance(tiers, str) else tiers
        numbers = {str(title): float(price) for title, price in prices.items()}
        return json.dumps(numbers, ensure_ascii=False, allow_nan=False) if numbers else ""
    except (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError):
        raise ValueError(f'{shown(tiers)} are no prices by their titles, as in {{"MRP": 98.5}}') from None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row of a located table as its file has it, an offer or not.

    Texts have their white space folded and are otherwise as written; "" or None where the file says nothing.
    """

    source_file: str
    source_sheet: str
    #: Counted from 1, as a person sees it.
    source_row: int
    original_name: str
    price: Decimal | None
    #: The text of the price cell.
    price_text: str = ""
    #: The other prices of the row as JSON: column title to price.
    price_tiers: str = ""
    #: ISO 4217.
    currency: str = ""
    #: The title that the row stands under.
    section: str = ""
    brand: str = ""
    category_text: str = ""
    #: Unit, size and pack from columns of their own: "kg", "330ml", "24". A unit in the title of such a column is appended: "20 л".
    unit_text: str = ""
    size_text: str = ""
    pack_text: str = ""
    #: The least order.
    min_quantity: str = ""
    sku: str = ""
    supplier: str = ""
    list_date: date | None = None
    tax_note: str = ""
    #: All cells of the row, as a JSON array of texts.
    cells: str = "[]"
    #: Equal for rows of one section and sheet that repeat every cell except the running number.
    fingerprint: str = ""
    #: "section" or "note" for a row that cannot be an offer, else "". Only rows without a price have one.
    role: str = ""
    #: Why a person should look at how the row was read, "" for no reason.
    doubt: str = ""
    #: How sure it is that the price is the row's and the one to pay, 0 to 1: the share of right rows that is predicted for the list.
    price_confidence: float = 1.0


class FieldConfidence(NamedTuple):
    """How sure each standardized field of a row is, 0 to 1: the share of rows in which the field was right when the same rules settled it."""

    name: float = 0.0
    brand: float = 0.0
    size: float = 0.0
    pack_count: float = 0.0
    category: float = 0.0


#: In the result of a list that repeats one byte for byte: the task that read that one, and when.
SAME_AS, READ_AT = "same_as", "read_at"
#: How a doubt begins that is about a price alone, since it was read from a picture. It stays until somebody has looked at that price:
#: a person's word on the article says nothing of what a picture shows this time.
PRICE_OF_PICTURE = "the price was read from a picture"

#: Nothing is known of a row.
UNKNOWN = FieldConfidence()
#: What a person says is beyond doubt.
CERTAIN = FieldConfidence(1.0, 1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """The standardized fields of a row."""

    #: Without brand, price, size and pack; English where a translation exists.
    standardized_name: str
    brand: str = ""
    #: Content of one piece, in `unit`; None where it is unknown, or for goods sold loose.
    size: Decimal | None = None
    #: Canonical, see `pipeline.units`.
    unit: str = ""
    #: Pieces for the price.
    pack_count: int = 1
    #: What the price is for, canonical: "kg", "carton".
    price_unit: str = ""
    #: One of the taxonomy's.
    category: str = ""
    #: False for a name in another language, as the supplier wrote it.
    is_english: bool = True
    field_confidence: FieldConfidence = UNKNOWN
    method: Method = Method.RULES

    def as_json(self) -> dict[str, Any]:
        """Return the form that the store keeps; the size is a text, since JSON has no exact decimals."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"size": None if self.size is None else str(self.size)}


def standard_from_json(values: Mapping[str, Any]) -> Standard:
    """Return the `Standard` that `Standard.as_json` was called on."""
    size = None if values["size"] is None else Decimal(values["size"])
    sure = values.get("field_confidence") or [values["confidence"]] * len(FieldConfidence._fields)  # once there was one for all fields
    own_values = {name: values[name] for name in Standard.__slots__ if name in values}
    return Standard(**{**own_values, "size": size, "field_confidence": FieldConfidence(*sure), "method": Method(values["method"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A written offer. The fields and their order are the columns of every output format.

    Fields that `RawRow` and `Standard` have too are explained there.
    """

    original_name: str
    standardized_name: str
    brand: str
    size: Decimal | None
    unit: str
    pack_count: int
    price_unit: str
    category: str
    #: What a buyer pays for the smallest quantity.
    price: Decimal
    price_tiers: str
    currency: str
    #: The price of one `base_unit` (kg, l, m or pcs); None where size and pack do not say.
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
    #: The chance that price, brand, size and pack count are all right.
    confidence: float
    method: Method
    #: JSON: how sure `name`, `brand`, `size`, `pack_count`, `category` and `price` each are, as `FieldConfidence` and `price_confidence`.
    field_confidence: str = ""
    doubt: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that was rejected, or that repeats another."""

    original_name: str
    source_file: str
    source_sheet: str
    source_row: int
    #: All cells of the row, as a JSON array of texts.
    cells: str
    #: A `Reason`, or `DUPLICATE`.
    reason: str
    #: Where the row stands that a duplicate repeats.
    repeats: str = ""


#: The id of the question whose list it is, among the `questions` of a result.
#: What a list that was written in a chat and names nobody stands under until somebody says whose it is.
UNKNOWN_SUPPLIER = "unknown supplier"
SUPPLIER_QUESTION = "supplier"
#: The `reason` of a rejected row that repeats another.
DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class LlmUse:
    """The use of the LLM, by a task or by others."""

    requests: int = 0
    #: Rows that were sent.
    rows: int = 0
    prompt_tokens: int = 0
    #: The part of `prompt_tokens` that the provider had cached.
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)

    def as_result(self) -> dict[str, Any]:
        """Return the form that a task's `result` has."""
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
    """The published state of a task."""

    task_id: str
    status: Status
    #: For a file see `docs/architecture.md`; None until the task succeeded.
    result: dict[str, Any] | None = None
    #: The message of the latest failure.
    error: str | None = None
    #: From the first claim to the end, or to the last change.
    duration_ms: int = 0
    #: Attempts at the current stage.
    attempts: int = 0
    #: Kind, file name, user, stage, time of creation, error code, remedy; the time of the next attempt in retry. Of an open task also
    #: `nobody_alive`, and `waiting_for`: a sentence on what does not come by itself, "" for nothing.
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """A recorded event of a task."""

    at: datetime
    #: A dotted name such as `stage.finished`, see `events`.
    name: str
    #: Details; the keys depend on the name.
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retry:
    """The decision to repeat a failed attempt after `wait_s`."""

    wait_s: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The decision to make no further attempt."""

    reason: str


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """The status of one stage's queue."""

    name: str
    waiting: int
    running: int
    #: Tasks that have passed the stage.
    done: int
    #: Tasks that failed in the stage.
    failed: int
    paused: bool
    #: Age of the oldest waiting task, 0 when none waits.
    oldest_waiting_s: float


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """The statistics of all tasks and workers."""

    total_tasks: int
    successful_tasks: int
    failed_tasks: int
    pending_tasks: int
    #: LLM workers of live drivers.
    active_workers: int
    #: Tasks that wait, in any queue.
    queue_length: int
    #: Mean time from first claim to end, over the tasks that succeeded.
    average_processing_time_ms: float
