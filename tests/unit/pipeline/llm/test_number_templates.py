"""The answer about one row is transferred to rows that differ in numbers alone, unless that is ambiguous."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.llm import number_templates
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import RawRow, Standard


def _row(name: str, given: dict[str, str] | None = None, **texts: str) -> RowItem:
    return RowItem(RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=Decimal(1), **texts), given or {})


def _standard(name: str, brand: str = "", size: str = "", unit: str = "", pack: int = 1) -> Standard:
    return Standard(standardized_name=name, brand=brand, size=Decimal(size) if size else None, unit=unit, pack_count=pack)


TRANSFERRED = [
    (
        "Teh Kuntum 330 ml",
        _standard("Kuntum tea", "Kuntum", "330", "ml"),
        "Teh Kuntum 620 ml",
        _standard("Kuntum tea", "Kuntum", "620", "ml"),
    ),
    ("Baut M8 x 40 baja", _standard("Steel bolt M8 x 40"), "Baut M12 x 60 baja", _standard("Steel bolt M12 x 60")),
    ("Air 24 x 600 ml", _standard("Water", "", "600", "ml", 24), "Air 12 x 1500 ml", _standard("Water", "", "1500", "ml", 12)),
    ("Сок 0,2 л", _standard("Juice", "", "0.2", "l"), "Сок 1,5 л", _standard("Juice", "", "1.5", "l")),
    ("Cat 7 Warna", _standard("7 Warna paint", "7 Warna"), "Cat 9 Warna", _standard("9 Warna paint", "9 Warna")),
]


@pytest.mark.parametrize(("answered", "standard", "name", "expected"), TRANSFERRED)
def test_a_rows_own_numbers_are_substituted(answered: str, standard: Standard, name: str, expected: Standard):
    """In name, brand, size and pack."""
    rows = {"a": _row(answered), "b": _row(name)}
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": standard}) == {"b": expected}


AMBIGUOUS = [
    ("Baut 8 x 8", _standard("Bolt 8 x 8"), "Baut 8 x 10"),  # which of the two eights became the ten
    ("Teh isi 1", _standard("Tea"), "Teh isi 12"),  # the 1 need not be the pack
    ("Air 4 x 6 x 330 ml", _standard("Water", "", "330", "ml", 24), "Air 2 x 6 x 330 ml"),  # 24 stands nowhere
    ("Beras 1.000 gr", _standard("Rice", "", "1000", "g"), "Beras 5.000 gr"),  # thousands or decimals
    ("Teh Kuntum 330 ml", _standard("Kuntum tea", "Kuntum", "330", "ml"), "Kopi Kuntum 330 ml"),  # another thing
]


@pytest.mark.parametrize(("answered", "standard", "name"), AMBIGUOUS)
def test_ambiguous_numbers_are_not_transferred(answered: str, standard: Standard, name: str):
    """The row is asked about itself."""
    rows = {"a": _row(answered), "b": _row(name)}
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": standard}) == {}


def test_numbers_of_sections_and_brands_belong_to_the_template():
    """A series is no quantity: its rows are other templates."""
    rows = {"a": _row("Filter 10", section="Series 3"), "b": _row("Filter 20", section="Series 5")}
    assert list(number_templates.representatives(rows)) == ["a", "b"]
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": _standard("Filter 10")}) == {}


def test_what_is_given_is_not_transferred():
    """Each row has its own size and pack; an answer about the others goes over, whatever it said of these."""
    rows = {"a": _row("Teh isi 1", {"size": "", "pack": "1"}), "b": _row("Teh isi 12", {"size": "", "pack": "12"})}
    answer = _standard("Tea", "", "1", "pcs", 5)
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": answer}) == {"b": _standard("Tea")}


def test_rows_of_one_template_are_asked_for_the_same_parts():
    """A row whose size is open cannot take the answer about one whose size was given."""
    rows = {"a": _row("Teh 330 ml", {"size": "330 ml"}), "b": _row("Teh 620 ml")}
    assert number_templates.transfer({"b": rows["b"]}, rows, {"a": _standard("Tea")}) == {}


def test_questions_are_predicted():
    """They are about the clearest row of each template, and the rows to which its answer cannot be transferred."""
    rows = {"a": _row("Baut 8 x 8"), "b": _row("Baut 1 x 9"), "c": _row("Baut 8 x 10"), "d": _row("Mur 8")}
    assert list(number_templates.representatives(rows)) == ["c", "d"]
    assert list(number_templates.predict_questions(rows, {key: _standard(item.row.original_name) for key, item in rows.items()})) == [
        "c",
        "d",
    ]
    drafts = {key: _standard("Something with 3 of it") for key in rows}
    assert list(number_templates.predict_questions(rows, drafts)) == list(rows)
