"""What one row is tells what rows are that differ from it in numbers alone, unless their numbers leave it open."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.llm import number_templates
from monito_ray.records import RawRow, Standard


def _row(name: str, **texts: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=Decimal(1), **texts)


def _told(name: str, brand: str = "", size: str = "", unit: str = "", pack: int = 1) -> Standard:
    return Standard(standardized_name=name, brand=brand, size=Decimal(size) if size else None, unit=unit, pack_count=pack)


CARRIED = [
    ("Teh Kuntum 330 ml", _told("Kuntum tea", "Kuntum", "330", "ml"), "Teh Kuntum 620 ml", _told("Kuntum tea", "Kuntum", "620", "ml")),
    ("Baut M8 x 40 baja", _told("Steel bolt M8 x 40"), "Baut M12 x 60 baja", _told("Steel bolt M12 x 60")),
    ("Air 24 x 600 ml", _told("Water", "", "600", "ml", 24), "Air 12 x 1500 ml", _told("Water", "", "1500", "ml", 12)),
    ("Сок 0,2 л", _told("Juice", "", "0.2", "l"), "Сок 1,5 л", _told("Juice", "", "1.5", "l")),
    ("Cat 7 Warna", _told("7 Warna paint", "7 Warna"), "Cat 9 Warna", _told("9 Warna paint", "9 Warna")),
]


@pytest.mark.parametrize(("like", "standard", "name", "expected"), CARRIED)
def test_a_rows_own_numbers_take_their_place(like: str, standard: Standard, name: str, expected: Standard):
    """In name, brand, size and pack."""
    rows = {"a": _row(like), "b": _row(name)}
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": standard}) == {"b": expected}


OPEN = [
    ("Baut 8 x 8", _told("Bolt 8 x 8"), "Baut 8 x 10"),  # which of the two eights became the ten
    ("Teh isi 1", _told("Tea"), "Teh isi 12"),  # nobody said that the pack is the 1
    ("Air 4 x 6 x 330 ml", _told("Water", "", "330", "ml", 24), "Air 2 x 6 x 330 ml"),  # 24 stands nowhere
    ("Beras 1.000 gr", _told("Rice", "", "1000", "g"), "Beras 5.000 gr"),  # thousands or decimals
    ("Teh Kuntum 330 ml", _told("Kuntum tea", "Kuntum", "330", "ml"), "Kopi Kuntum 330 ml"),  # another thing
]


@pytest.mark.parametrize(("like", "standard", "name"), OPEN)
def test_what_numbers_leave_open_is_asked(like: str, standard: Standard, name: str):
    """Nothing is carried over, so the row is asked about itself."""
    rows = {"a": _row(like), "b": _row(name)}
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": standard}) == {}


def test_rows_of_other_sections_and_brands_are_others():
    """Also when these differ in numbers alone: a series is no quantity."""
    rows = {"a": _row("Filter 10", section="Series 3"), "b": _row("Filter 20", section="Series 5")}
    assert list(number_templates.representatives(rows)) == ["a", "b"]
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": _told("Filter 10")}) == {}


def test_what_will_be_asked_is_told_before():
    """One of each pattern, the one with the clearest numbers, and those to which its answer would not carry over."""
    rows = {"a": _row("Baut 8 x 8"), "b": _row("Baut 1 x 9"), "c": _row("Baut 8 x 10"), "d": _row("Mur 8")}
    assert list(number_templates.representatives(rows)) == ["c", "d"]
    assert list(number_templates.predict_questions(rows, {key: _told(row.original_name) for key, row in rows.items()})) == ["c", "d"]
    drafts = {key: _told("Something with 3 of it") for key in rows}
    assert list(number_templates.predict_questions(rows, drafts)) == list(rows)
