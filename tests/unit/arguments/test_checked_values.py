"""Values of other programs at the door: what is taken, and the one sentence for what is not."""

import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monito_ray.arguments import checked_values
from monito_ray.arguments.checked_values import checked, read_count, read_id, read_path, read_period, read_seconds, read_text, read_texts
from monito_ray.errors import FileUnusable, MonitoError, UsageWrong


class _Strange:
    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("read", "value", "says"),
    [
        (read_text, "\ud800", r"x: '\\ud800' has characters that cannot be stored"),
        (read_text, "a\0b", r"x: 'a\\x00b' has characters that cannot be stored"),
        (read_text, 5, "x: 5 is no text"),
        (read_text, "a" * 40_000, "x: 'aaa.* has 40,000 characters, more than 32,767"),
        (read_text, _Strange(), "x: something of _Strange is no text"),
        (read_count, -1, "x: -1 is less than 0"),
        (read_count, True, "x: True is no whole number"),
        (read_count, math.nan, "x: nan is no whole number"),
        (read_count, 10**30, r"x: 1000000000000000000000000000000 is too large"),
        (read_id, 10**5_000, "x: a number of 16610 bits is too large"),
        (read_id, -(2**70), "x: -1180591620717411303424 is too large"),
        (read_seconds, math.inf, "x: inf is no number of seconds"),
        (read_seconds, "5", "x: '5' is no number of seconds"),
        (read_seconds, 10**400, "x: a number of 1329 bits is no number of seconds"),
        (read_period, timedelta.max, "x: .* is no period"),
        (read_texts, "price", "x: 'price' are no texts"),
        (read_texts, ["price", 5], "x: 5 is no text"),
        (read_path, "a\0.csv", r"'a\\x00.csv': the path is no text in UTF-8"),
        (read_path, "\udcff.csv", r"'\\udcff.csv': the path is no text in UTF-8"),
        (read_path, b"a.csv", r"b'a.csv' is no path"),
        (read_path, "", "'' is no path"),
        (read_path, "é" * 200, r"'ééé.*: the path is too long"),
    ],
    ids=lambda _: "",  # some cannot be shown
)
def test_what_cannot_be_stored_is_refused_in_a_sentence(read: Callable[[str, Any], Any], value: object, says: str):
    """It names the value, on one line and in characters that every terminal writes."""
    with pytest.raises((UsageWrong, FileUnusable), match=f"^{says}$") as error:
        read("x", value)
    assert str(error.value).isprintable()
    str(error.value).encode()


def test_what_can_be_stored_comes_back():
    """Also at the limits."""
    assert read_text("x", "Rice\n\N{GRINNING FACE}") == "Rice\n\N{GRINNING FACE}"
    assert read_id("x", -(2**63) + 1) == -(2**63) + 1
    assert read_path("x", Path("june.csv")) == read_path("x", "june.csv") == Path("june.csv")
    assert read_seconds("x", 2) == 2.0


def test_arguments_are_read_before_the_call():
    """By place and by name; those that are left out keep their default, and the signature stays."""

    @checked(most=read_count)
    def shown(query: str, most: int = -5) -> tuple[str, int]:
        return query, most

    assert shown("rice") == ("rice", -5)
    assert shown("rice", 2) == shown(query="rice", most=2) == ("rice", 2)
    with pytest.raises(MonitoError, match="most: -1 is less than 0"):
        shown("rice", -1)
    with pytest.raises(TypeError):
        shown()  # type: ignore[call-arg]
    assert checked_values.inspect.signature(shown).parameters["most"].default == -5
