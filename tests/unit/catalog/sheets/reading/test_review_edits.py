"""Which edits of the sheet Review become corrections, and which are refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.reading.review_edits import ReviewEdits, read_edits
from monito_ray.records import CERTAIN, Method

ROW = replace(COLA_ROW, category="beverages")
OFFER = cola_offer(row=ROW)
SNAPSHOT = Snapshot((COLA,), (OFFER,))
#: The line as the sheet shows it.
LINE = {
    "Product": "Cola", "Brand": "Nusa", "Size": "330", "Unit": "ml", "Pack": "24", "Category": "beverages", "Supplier": "Alpha",
    "Source File": "june.xlsx", "Source Sheet": "Juni", "Source Row": "9", "Product ID": "p1",
}  # fmt: skip
EDIT = {"Product": "Quim  powder", "Brand": "Zorblax", "Size": "0,5", "Unit": "kg", "Pack": "12", "Category": "cleaning"}


def test_an_edited_line_is_a_correction():
    """Every field is as the person wrote it, with folded white space, and marked as theirs."""
    edits = read_edits(SNAPSHOT, [LINE | EDIT])
    ((row, standard),) = edits.corrections
    assert (row, edits.refused) == (ROW, ())
    assert (standard.standardized_name, standard.brand, standard.size, standard.unit) == ("Quim powder", "Zorblax", Decimal("0.5"), "kg")
    assert (standard.pack_count, standard.category, standard.method, standard.field_confidence) == (12, "cleaning", Method.MANUAL, CERTAIN)


@pytest.mark.parametrize("change", [{}, {"Pack": "24.0"}, {"Size": " 330 "}, {"Product": " Cola"}])
def test_a_line_that_was_not_edited_is_ignored(change: dict[str, str]):
    """A number in another spelling and blanks around a text are no edits."""
    assert read_edits(SNAPSHOT, [LINE | change]) == ReviewEdits((), ())


def test_a_price_is_called_right_beside_corrections_or_alone():
    """Any other word is refused; a copy of an earlier version has no such column."""
    assert read_edits(SNAPSHOT, [LINE | {"Price Right?": " Yes "}]) == ReviewEdits((), (), (ROW,))
    both = read_edits(SNAPSHOT, [LINE | EDIT | {"Price Right?": "yes"}])
    assert (len(both.corrections), both.confirmed) == (1, (ROW,))
    (sentence,) = read_edits(SNAPSHOT, [LINE | {"Price Right?": "maybe"}]).refused
    assert "write 'yes' where the price is right" in sentence
    assert read_edits(SNAPSHOT, [LINE | {"Price Right?": ""}]) == ReviewEdits((), ())


def test_an_untouched_line_is_not_validated():
    """A row without a category is shown as it is; a copy of it is no error."""
    bare = replace(ROW, category="", size=None, unit="ml", standardized_name="two  spaces")
    line = LINE | {"Product": "two spaces", "Size": "", "Category": ""}
    assert read_edits(Snapshot((COLA,), (replace(OFFER, row=bare),)), [line]) == ReviewEdits((), ())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Category": "tea things"}, "no category 'tea things'"),
        ({"Unit": "liter"}, "the unit 'liter' is none of"),
        ({"Unit": ""}, "a size needs a unit"),
        ({"Size": "half"}, "the size 'half' is no number"),
        ({"Size": "NaN"}, "the size 'NaN' is no number"),
        ({"Size": "-1"}, "out of reason"),
        ({"Pack": "1.5"}, "no whole number"),
        ({"Pack": "0"}, "no whole number"),
        ({"Product": ""}, "the product is empty"),
        ({"Brand": "-x"}, "begins like a formula"),
        ({"Source Row": "99"}, "the catalogue has this row no more"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(change: dict[str, str], reason: str):
    """The refusal names the row of the sheet and the reason; other lines are read all the same."""
    edits = read_edits(SNAPSHOT, [LINE | EDIT | change, LINE | EDIT])
    (refused,) = edits.refused
    assert refused.startswith("row 2: ")
    assert reason in refused
    assert len(edits.corrections) == 1


def test_a_line_that_counts_rows_is_no_row():
    """It is passed over; a correction in it is answered."""
    counting = dict.fromkeys(LINE, "") | {"Supplier": "Alpha"}
    assert read_edits(SNAPSHOT, [counting]) == ReviewEdits((), ())
    assert read_edits(SNAPSHOT, [counting | {"Category": "cleaning"}]).refused == (
        "row 2: this line counts rows: please correct them one by one",
    )


@pytest.mark.parametrize(
    ("category", "hint"), [("Beverage", "did you mean 'beverages'?"), ("stuff", "please choose one from the list of the cell")]
)
def test_a_category_that_is_none_is_answered_with_a_hint(category: str, hint: str):
    """The nearest category is named, not all of them."""
    assert read_edits(SNAPSHOT, [LINE | {"Category": category}]).refused == (f"row 2: there is no category {category!r}; {hint}",)
