"""The options of submissions: one table of names and kinds, by which every door checks what it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monito_ray.arguments.checked_values import read_id, read_text, read_whole_number, shown
from monito_ray.currency_codes import is_currency
from monito_ray.errors import UsageWrong

#: Formats in which a cleaned list is sent back.
RESULT_FORMATS = ("xlsx", "csv")
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
        raise UsageWrong(f"{shown(written)} are no options", 'Give a dict, as in {"supplier": "Sari Sayur"}.')
    by_name = {option.name: option for option in options}
    for name in written or {}:
        if name not in by_name:
            raise UsageWrong(f"there is no option {shown(name)} here, but {', '.join(by_name)}")
    return {name: by_name[name].read(name, value) for name, value in (written or {}).items() if value is not None}


def check_currency(code: str) -> None:
    """Raise `UsageWrong` where `code` is no currency: a typing error would put a list into money that does not exist."""
    _currency("currency", code)


def _currency(name: str, value: Any) -> str:
    if value != "" and not (isinstance(value, str) and is_currency(value)):
        raise UsageWrong(f"{name}: {shown(value)} is no currency", _CURRENCY_REMEDY)
    return str(value)


def _format(name: str, value: Any) -> str:
    if not isinstance(value, str) or value not in RESULT_FORMATS:
        raise UsageWrong(f"{name}: {shown(value)} is neither {' nor '.join(RESULT_FORMATS)}")
    return str(value)


def _yes_or_no(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise UsageWrong(f"{name}: {shown(value)} is neither True nor False")
    return value


def _columns(name: str, value: Any) -> Any:
    from monito_ray.pipeline.rows import chosen_columns  # noqa: PLC0415  it loads the reader

    written = dict(value) if isinstance(value, Mapping) else value
    for text in (*written, *written.values()) if isinstance(written, dict) else (value,) if isinstance(value, str) else ():
        read_text(name, text)
    if written:
        chosen_columns.parse_columns(written)
    return written


def _sheets(name: str, value: Any) -> Any:
    from monito_ray.pipeline.rows import chosen_columns  # noqa: PLC0415  it loads the reader

    for sheet in chosen_columns.sheet_names(value):
        read_text(name, sheet)
    return value


_SUPPLIER, _CURRENCY = Option("supplier", read_text), Option("currency", _currency)
_USE_LLM, _PRIORITY, _CHAT_ID = Option("use_llm", _yes_or_no), Option("priority", read_whole_number), Option("chat_id", read_id)
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
PRODUCTS_OPTIONS = (_SUPPLIER, _USE_LLM, _PRIORITY, Option("user_id", read_id))
MESSAGE_OPTIONS = (_CHAT_ID, _PRIORITY)
