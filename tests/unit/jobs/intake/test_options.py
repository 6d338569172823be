"""Options of submissions: what is taken, and what is refused before a task is made."""

import re
from pathlib import Path
from typing import Any

import pytest

from monito_ray.arguments.checked_values import read_id
from monito_ray.errors import UsageWrong
from monito_ray.jobs.intake.options import FILE_OPTIONS, MESSAGE_OPTIONS, PRODUCTS_OPTIONS, check_currency, read_options

PAGE = (Path(__file__).parents[4] / "docs" / "python.md").read_text("utf-8")
EVERY_FILE_OPTION = {
    "chat_id": -1001,
    "supplier": "Sari Sayur",
    "currency": "IDR",
    "format": "csv",
    "validate": False,
    "use_llm": True,
    "priority": 3,
    "force": True,
    "columns": "name=B,price=F",
    "sheet": ["Retail"],
}


@pytest.mark.parametrize("code", ["", "IDR", "KWD", "BYR", "HRK"])
def test_currencies_are_taken_by_their_codes(code: str):
    """Those of today, those of the last twenty years, and none."""
    check_currency(code)


@pytest.mark.parametrize("code", ["UDS", "EURO", "usd", "XYZ", "Rp"])
def test_what_is_no_currency_is_refused_in_words(code: str):
    """A typing error would put a list into money that does not exist."""
    with pytest.raises(UsageWrong, match=f"'{code}' is no currency"):
        check_currency(code)


def test_options_of_the_right_kind_are_taken_as_they_are():
    """All options of a file at once; None counts as left out."""
    assert read_options(EVERY_FILE_OPTION, FILE_OPTIONS) == EVERY_FILE_OPTION
    assert set(EVERY_FILE_OPTION) == {option.name for option in FILE_OPTIONS}
    assert read_options({"use_llm": None, "supplier": ""}, FILE_OPTIONS) == {"supplier": ""}
    assert read_options(None, FILE_OPTIONS) == {}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"foo": 1}, "no option 'foo' here, but chat_id, supplier, currency"),
        ({7: 1}, "no option 7"),
        ({"supplier": 7}, "supplier: 7 is no text"),
        ({"currency": "rupiah"}, "currency: 'rupiah' is no currency"),
        ({"currency": 360}, "currency: 360 is no currency"),
        ({"format": "doc"}, "format: 'doc' is neither xlsx nor csv"),
        ({"format": ["csv"]}, "is neither xlsx nor csv"),
        ({"validate": "yes"}, "validate: 'yes' is neither True nor False"),
        ({"use_llm": 0}, "use_llm: 0 is neither True nor False"),
        ({"force": "true"}, "force: 'true' is neither"),
        ({"priority": "high"}, "priority: 'high' is no whole number"),
        ({"priority": True}, "priority: True is no whole number"),
        ({"priority": 2**31}, "priority: 2147483648 is too large"),
        ({"chat_id": "ann"}, "chat_id: 'ann' is no whole number"),
        ({"columns": 7}, "columns: 7 is no choice of columns"),
        ({"columns": "name=7"}, "'7' is no column of name"),
        ({"sheet": 7}, "sheet: 7 is no name of a sheet"),
        ("supplier", "'supplier' are no options"),
    ],
)
def test_options_of_the_wrong_kind_are_refused_in_one_sentence(options: Any, says: str):
    """The sentence names the option and what was given for it."""
    with pytest.raises(UsageWrong, match=says) as caught:
        read_options(options, FILE_OPTIONS)
    assert "\n" not in f"{caught.value} {caught.value.remedy}"


@pytest.mark.parametrize(
    ("options", "taken"), [(PRODUCTS_OPTIONS, "supplier use_llm priority user_id"), (MESSAGE_OPTIONS, "chat_id priority")]
)
def test_what_has_no_file_has_fewer_options(options: Any, taken: str):
    """Products and messages refuse what only a file can have."""
    assert [option.name for option in options] == taken.split()
    with pytest.raises(UsageWrong, match="no option 'sheet'"):
        read_options({"sheet": "Retail"}, options)


@pytest.mark.parametrize("value", ["seven", "7", 7.0, None, True])
def test_people_have_numbers(value: Any):
    """Anything else is no person."""
    with pytest.raises(UsageWrong, match=r"user_id: .* is no whole number"):
        read_id("user_id", value)
    assert read_id("user_id", 7) == 7
    with pytest.raises(UsageWrong, match="is too large"):
        read_id("user_id", 2**63)


def test_the_page_for_programs_has_every_option():
    """The table lists those of a file, the text below it those of the other calls, and no others."""
    assert sorted(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == sorted(option.name for option in FILE_OPTIONS)
    for call, options in (("submit_llm_processing", PRODUCTS_OPTIONS), ("submit_telegram_notification", MESSAGE_OPTIONS)):
        assert f"`{call}`: {', '.join(f'`{option.name}`' for option in options)}." in PAGE
