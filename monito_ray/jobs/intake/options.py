"""The options of submissions: one table of names and kinds, by which every door checks what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from monito_ray.currency_codes import is_currency
from monito_ray.errors import UsageWrong

#: Formats in which a cleaned list is sent back.
RESULT_FORMATS = ("xlsx", "csv")
#: What the store holds: ids of people and chats in 64 bits, priorities in 32.
_MOST_ID, _MOST_PRIORITY = 2**63 - 1, 2**31 - 1
_CURRENCY_REMEDY = "Give its code of ISO 4217, such as IDR."


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, and a function that returns a value as it is stored, or raises UsageWrong."""

    name: str
    read: Callable[[str, Any], Any]


def read_options(written: Mapping[str, Any] | None, options: Sequence[Option]) -> dict[str, Any]:
    """Return the options of a submission, checked; those that are None count as left out.

    Raises:
        UsageWrong: one sentence that names the first option that is none of `options`, or whose value is of the wrong kind.
    """
    if written is not None and not isinstance(written, Mapping):
        raise UsageWrong(f"{written!r} are no options", 'Give a dict, as in {"supplier": "Sari Sayur"}.')
    by_name = {option.name: option for option in options}
    for name in written or {}:
        if name not in by_name:
            raise UsageWrong(f"there is no option {name!r} here, but {', '.join(by_name)}")
    return {name: by_name[name].read(name, value) for name, value in (written or {}).items() if value is not None}


def check_currency(code: str) -> None:
    """Raise `UsageWrong` where `code` is no currency: a typing error would put a list into money that does not exist."""
    _currency("currency", code)


def read_user_id(value: Any) -> int:
    """Return the id of a person.

    Raises:
        UsageWrong: it is no whole number, or larger than ids are.
    """
    return _id("user_id", value)


def read_text(name: str, value: Any) -> str:
    """Return `value`, which is a text.

    Raises:
        UsageWrong: it is none.
    """
    if not isinstance(value, str):
        raise UsageWrong(f"{name}: {value!r} is no text")
    return value


def _currency(name: str, value: Any) -> str:
    if value != "" and not (isinstance(value, str) and is_currency(value)):
        raise UsageWrong(f"{name}: {value!r} is no currency", _CURRENCY_REMEDY)
    return str(value)


def _format(name: str, value: Any) -> str:
    if value not in RESULT_FORMATS:
        raise UsageWrong(f"{name}: {value!r} is neither {' nor '.join(RESULT_FORMATS)}")
    return str(value)


def _yes_or_no(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageWrong(f"{name}: {value!r} is neither True nor False")
    return value


def _id(name: str, value: Any) -> int:
    return _whole_number(name, value, _MOST_ID)


def _priority(name: str, value: Any) -> int:
    return _whole_number(name, value, _MOST_PRIORITY)


def _whole_number(name: str, value: Any, most: int) -> int:
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise UsageWrong(f"{name}: {value!r} is no whole number")
    if abs(int(value)) > most:
        raise UsageWrong(f"{name}: {value} is too large")
    return int(value)


def _columns(_name: str, value: Any) -> Any:
    from monito_ray.pipeline.rows import chosen_columns  # noqa: PLC0415  it loads the reader

    if value:
        chosen_columns.parse_columns(value)
    return value


def _sheets(_name: str, value: Any) -> Any:
    from monito_ray.pipeline.rows import chosen_columns  # noqa: PLC0415  it loads the reader

    chosen_columns.sheet_names(value)
    return value


_SUPPLIER, _CURRENCY = Option("supplier", read_text), Option("currency", _currency)
_USE_LLM, _PRIORITY, _CHAT_ID = Option("use_llm", _yes_or_no), Option("priority", _priority), Option("chat_id", _id)
#: Of a file; docs/python.md says what each does.
FILE_OPTIONS = (
    _CHAT_ID,
    _SUPPLIER,
    _CURRENCY,
    Option("format", _format),
    Option("validate", _yes_or_no),
    _USE_LLM,
    _PRIORITY,
    Option("force", _yes_or_no),
    Option("columns", _columns),
    Option("sheet", _sheets),
)
#: Of an estimate, of products without a file, and of a message.
ESTIMATE_OPTIONS = (_SUPPLIER, _CURRENCY)
PRODUCTS_OPTIONS = (_SUPPLIER, _USE_LLM, _PRIORITY, Option("user_id", _id))
MESSAGE_OPTIONS = (_CHAT_ID, _PRIORITY)
