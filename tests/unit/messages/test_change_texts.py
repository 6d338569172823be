"""Changes as people in chats read them."""

import pytest
from rows import logged_change, shrunk_biscuit

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.messages import Messages, changes_text
from monito_ray.messages.change_texts import change_line


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (logged_change(), "Marie biscuit, Marlina, 300 g: 14,500 → 15,950 IDR (+10%)"),
        (
            logged_change(ChangeKind.DOWN, 16_000, 15_000, price_unit="box"),
            "Marie biscuit, Marlina, 300 g: 16,000 → 15,000 IDR/box (-6.2%)",
        ),
        (logged_change(ChangeKind.NEW, None), "Marie biscuit, Marlina, 300 g: new, 15,950 IDR"),
        (logged_change(ChangeKind.GONE, 14_500, None), "Marie biscuit, Marlina, 300 g: no longer in the list, 14,500 IDR"),
        (logged_change(ChangeKind.BACK), "Marie biscuit, Marlina, 300 g: back in the list, 14,500 → 15,950 IDR (+10%)"),
        (shrunk_biscuit(), "Marie biscuit, Marlina, 270 g: smaller pack: 300 g → 270 g, 14,500 IDR (+11.1%/kg)"),
        (
            logged_change(ChangeKind.CURRENCY, 20, currency_before="USD"),
            "Marie biscuit, Marlina, 300 g: currency changed from USD to IDR, $20 → 15,950 IDR",
        ),
        (
            logged_change(ChangeKind.BACK, 20, currency_before="USD"),
            "Marie biscuit, Marlina, 300 g: back in the list, currency changed from USD to IDR, $20 → 15,950 IDR",
        ),
        (logged_change(suspicion="10 times"), "Marie biscuit, Marlina, 300 g: 14,500 → 15,950 IDR (+10%), perhaps a misprint"),
        (logged_change(brand="<b>", name="x" * 300), f"{'x' * 133}…, &lt;b&gt;, 300 g: 14,500 → 15,950 IDR (+10%)"),
    ],
)
def test_a_change_is_one_line(change: LoggedChange, line: str):
    """The line says what happened, both prices and the share; a smaller pack says what its unit became dearer by."""
    text = changes_text(Messages("en"), [change]).split("\n")[1]
    if "…" in line:
        assert text.endswith(": 14,500 → 15,950 IDR (+10%)")
        assert "<" not in text
    else:
        assert text == line


@pytest.mark.parametrize(("language", "words"), [("id", "mata uang berubah dari USD ke IDR"), ("ru", "валюта изменилась с USD на IDR")])
def test_a_change_of_the_currency_is_said_in_words(language: str, words: str):
    """With no percentage, whatever the reader's language."""
    line = change_line(Messages(language), logged_change(ChangeKind.CURRENCY, 20, currency_before="USD"))
    assert words in line
    assert "%" not in line


def test_lines_stand_under_their_list():
    """Each list's changes stand under its supplier and its own date, not the day it came."""
    changes = [logged_change(), shrunk_biscuit(), logged_change(supplier="Toko B", task_id="t2", list_date=None)]
    titles = [line for line in changes_text(Messages("en"), changes).split("\n") if line.startswith("<b>")]
    assert titles == ["<b>Gudang Lima</b>, list of May 1, 2026", "<b>Toko B</b>, list of Jul 2, 2026"]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ru", "Marie biscuit, Marlina, 270 г: упаковка стала меньше: 300 г → 270 г, 14\u00a0500 IDR (+11,1\u00a0%/кг)"),
        ("id", "Marie biscuit, Marlina, 270 g: kemasan mengecil: 300 g → 270 g, Rp14.500 (+11,1%/kg)"),
    ],
)
def test_changes_are_in_the_language_of_the_chat(language: str, line: str):
    """Words and marks of numbers are those of the language."""
    assert changes_text(Messages(language), [shrunk_biscuit()]).split("\n")[1] == line
