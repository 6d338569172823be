"""Values that other programs hand in, checked at the door: what passes can be stored, written and sent, whatever it says."""

import functools
import inspect
import os
from collections.abc import Callable, Collection
from datetime import timedelta
from numbers import Integral, Real
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from monito_ray.errors import FileUnusable, MonitoError, OutputNotWritable, UsageWrong

P = ParamSpec("P")
T = TypeVar("T")

#: The longest text (characters): that of a cell in Excel.
LONGEST_TEXT = 32_767
#: What the store holds: ids of people and chats in 64 bits, priorities and counts of rows in 32.
MOST_ID, MOST_COUNT = 2**63 - 1, 2**31 - 1
#: What file systems take: characters of a path, bytes of each part.
_LONGEST_PATH, _LONGEST_FILE_NAME = 4_095, 255
_LONGEST_PERIOD = timedelta(days=36_525)
_LONGEST_SHOWN = 60
_SHOWN_BEFORE, _SHOWN_BEHIND = 40, 12


def shown(value: object) -> str:
    """Return a value as a message names it: on one line, with escapes for what cannot be written, and not too long."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * _LONGEST_SHOWN:
        return f"a number of {value.bit_length()} bits"
    try:
        text = ascii(value) if isinstance(value, str) and not is_writable(value) else repr(value)
    except Exception:  # noqa: BLE001  strange objects raise strange errors
        return f"something of {type(value).__name__}"
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_SHOWN_BEFORE]}...{text[-_SHOWN_BEHIND:]}"


def is_writable(text: str) -> bool:
    """Whether every database and file can hold the text: it has no lone surrogates and no NUL."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def text_fault(value: object, longest: int = LONGEST_TEXT) -> str:
    """Return why a value is no text that can be stored, to stand behind its name; "" for one that is."""
    if not isinstance(value, str):
        return f"{shown(value)} is no text"
    if not is_writable(value):
        return f"{shown(value)} has characters that cannot be stored"
    return "" if len(value) <= longest else f"{shown(value)} has {len(value):,} characters, more than {longest:,}"


def read_text(name: str, value: Any, longest: int = LONGEST_TEXT) -> str:
    """Return `value`, which is a text that can be stored.

    Raises:
        UsageWrong: it is none.
    """
    if fault := text_fault(value, longest):
        raise UsageWrong(f"{name}: {fault}")
    return str(value)


def read_whole_number(name: str, value: Any, most: int = MOST_COUNT, least: int | None = None) -> int:
    """Return `value`, which is a whole number between `least`, or `-most`, and `most`.

    Raises:
        UsageWrong: it is none.
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise UsageWrong(f"{name}: {shown(value)} is no whole number")
    number = int(value)
    if number > most or (least is None and number < -most):
        raise UsageWrong(f"{name}: {shown(number)} is too large")
    if least is not None and number < least:
        raise UsageWrong(f"{name}: {number} is less than {least}")
    return number


def read_seconds(name: str, value: Any) -> float:
    """Return `value`, which is a number of seconds.

    Raises:
        UsageWrong: it is none, or not finite.
    """
    if not isinstance(value, Real) or isinstance(value, bool) or not -MOST_COUNT <= value <= MOST_COUNT:  # type: ignore[operator]
        raise UsageWrong(f"{name}: {shown(value)} is no number of seconds")
    return float(value)


def read_positive(name: str, value: Any) -> int:
    """As `read_whole_number`, of at least 1."""
    return read_whole_number(name, value, least=1)


def read_count(name: str, value: Any) -> int:
    """As `read_whole_number`, of at least 0."""
    return read_whole_number(name, value, least=0)


def read_id(name: str, value: Any) -> int:
    """Return the id of a person or a chat.

    Raises:
        UsageWrong: it is no whole number, or larger than ids are.
    """
    return read_whole_number(name, value, MOST_ID)


def read_period(name: str, value: Any) -> timedelta:
    """Return `value`, which is a time until now.

    Raises:
        UsageWrong: it is none, or began before there were price lists.
    """
    if not isinstance(value, timedelta) or abs(value) > _LONGEST_PERIOD:
        raise UsageWrong(f"{name}: {shown(value)} is no period", "Give a timedelta of a hundred years at the most.")
    return value


def read_texts(name: str, value: Any) -> tuple[str, ...]:
    """Return `value`, which holds texts that can be stored, and is none itself.

    Raises:
        UsageWrong: it is something else.
    """
    if isinstance(value, str | bytes) or not isinstance(value, Collection):
        raise UsageWrong(f"{name}: {shown(value)} are no texts")
    return tuple(read_text(name, text) for text in value)


def read_path(_name: str, value: Any) -> Path:
    """Return the path of a file, whose name can be stored and shown.

    Raises:
        FileUnusable: it is no path, or no text in UTF-8.
    """
    return Path(_path_text(value, FileUnusable, "Rename the file."))


def read_output_path(_name: str, value: Any) -> Path:
    """Return the path of a file or folder that shall be written.

    Raises:
        OutputNotWritable: it is no path, or no text in UTF-8.
    """
    return Path(_path_text(value, OutputNotWritable, OutputNotWritable.remedy))


def _path_text(value: Any, error: type[MonitoError], remedy: str) -> str:
    text = os.fspath(value) if isinstance(value, str | os.PathLike) else value
    if not isinstance(text, str) or not text:
        raise error(f"{shown(value)} is no path", remedy)
    if not is_writable(text):
        raise error(f"{shown(text)}: the path is no text in UTF-8", remedy)
    if len(text) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_FILE_NAME for part in Path(text).parts):
        raise error(f"{shown(text)}: the path is too long", remedy)
    return text


def checked(**readers: Callable[[str, Any], Any]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Have arguments read before a function is called: each by the reader of its name, unless it is left out."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            bound = signature.bind(*args, **kwargs)
            for name, read in readers.items():
                if name in bound.arguments:
                    bound.arguments[name] = read(name, bound.arguments[name])
            return function(*bound.args, **bound.kwargs)

        return call

    return decorate
