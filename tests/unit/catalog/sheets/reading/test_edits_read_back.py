"""What people changed in the spreadsheet is read back before the next write."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.master_table import master_table
from monito_ray.catalog.sheets.reading.edits_read_back import CellEdit, corrections_of, edited_cells, written_cells
from monito_ray.catalog.sheets.review import review_entries
from monito_ray.catalog.sheets.review_sheet import group_entries, review_sheet
from monito_ray.catalog.sheets.sheet_diff import to_scalar
from monito_ray.records import Method
from monito_ray.sheet_model import ExistingSheet, PlannedSheet, Scalar

ROW = replace(COLA_ROW, category="beverages", field_confidence='{"pack_count": 0.1}')
ALPHA = cola_offer("Alpha", row=replace(ROW, supplier="Alpha"))
BETA = cola_offer("Beta", 110_000, row=replace(ROW, supplier="Beta", standardized_name="Cola Drink"))
SNAPSHOT = Snapshot(
    (replace(COLA, category="beverages"), replace(COLA, product_id="p2", name="Tonic", category="beverages")), (ALPHA, BETA)
)
TABLE = master_table(SNAPSHOT.products, SNAPSHOT.offers, ["Alpha", "Beta"])
REVIEW = review_sheet(group_entries(review_entries(SNAPSHOT)))
WRITTEN = written_cells(TABLE)


def _existing(sheet: PlannedSheet, **changes: Scalar) -> ExistingSheet:
    """The sheet as we wrote it, with the first row changed."""
    titles = [column.title for column in sheet.columns]
    rows = [[to_scalar(cell) for cell in row] for row in sheet.rows]
    for title, value in changes.items():
        rows[0][titles.index(title.replace("_", " "))] = value
    return ExistingSheet(1, sheet.title, 100, 40, [titles, *rows])


def _edits(existing: ExistingSheet, versions: Sequence[object] = (WRITTEN,)) -> list[tuple[str, Scalar, Scalar]]:
    return [(edit.column, edit.old, edit.new) for edit in edited_cells(existing, versions)]  # type: ignore[arg-type]


def test_what_we_wrote_is_no_edit():
    """A sheet that nobody touched has no edits, also when numbers come back as floats."""
    existing = _existing(TABLE)
    as_floats = [[float(cell) if isinstance(cell, int) else cell for cell in row] for row in existing.cells]
    assert _edits(replace(existing, cells=as_floats)) == []


def test_a_changed_cell_is_an_edit():
    """Each changed cell is told with what stood there."""
    assert _edits(_existing(TABLE, Product="Kola", Pack=12.0)) == [("Pack", 24, 12.0), ("Product", "Cola", "Kola")]


def test_an_emptied_cell_is_an_edit():
    """Deleting a brand says that there is none."""
    assert _edits(_existing(TABLE, Brand="")) == [("Brand", "Nusa", "")]


def test_a_write_that_was_stopped_is_no_edit():
    """What we were about to write may stand there, in whole or in part, and is ours."""
    later = master_table(SNAPSHOT.products, (ALPHA, replace(BETA, price=Decimal(90_000))), ["Alpha", "Beta"])
    half = _existing(TABLE, Beta_Price=90_000)
    assert _edits(half, [WRITTEN, written_cells(later)]) == []
    assert [column for column, _, _ in _edits(half)] == ["Beta Price"]


def test_sorted_rows_and_moved_columns_are_no_edits():
    """Rows are found by their product and currency, columns by their titles, below whatever people put above."""
    existing = _existing(TABLE)
    header, *rows = [list(reversed(row)) for row in existing.cells]
    moved = [["Prices of June"], [], header, *reversed(rows)]
    assert _edits(replace(existing, cells=moved)) == []


def test_peoples_own_rows_and_columns_are_theirs():
    """A row without our key, a copy of a row, and a column of their own are not read."""
    existing = _existing(TABLE)
    header, first, *others = [[*row, "mine"] for row in existing.cells]
    copy = ["Copy", *first[1:]]
    assert _edits(replace(existing, cells=[header, first, *others, copy, ["Sum", 12]])) == []


def test_a_sheet_without_its_key_says_nothing():
    """Where somebody deleted the hidden column nothing can be told apart."""
    existing = _existing(TABLE, Product="Kola")
    assert _edits(replace(existing, cells=[row[:-1] for row in existing.cells])) == []


def test_an_edit_in_the_master_table_corrects_all_offers_of_the_product():
    """Each supplier's row gets the changed field by a person's hand, and keeps its others."""
    outcome = corrections_of(edited_cells(_existing(TABLE, Pack=12), [WRITTEN]), SNAPSHOT)
    assert outcome.refused == ()
    assert [(row.supplier, made.standardized_name, made.pack_count, made.method) for row, made in outcome.corrections] == [
        ("Alpha", "Cola", 12, Method.MANUAL), ("Beta", "Cola Drink", 12, Method.MANUAL),
    ]  # fmt: skip


def test_an_edit_in_review_corrects_its_row_and_stands_over_the_table():
    """What somebody says of one row is nearer than what they say of the product."""
    edits = edited_cells(_existing(TABLE, Brand="Teratai"), [WRITTEN])
    edits += edited_cells(_existing(REVIEW, Brand="Melur"), [written_cells(REVIEW)])
    outcome = corrections_of(edits, SNAPSHOT)
    assert {row.supplier: made.brand for row, made in outcome.corrections} == {"Alpha": "Melur", "Beta": "Teratai"}


def test_what_tells_products_apart_does_not_become_their_name():
    """The mark that stands behind a name stays out of a correction of the name."""
    edit = CellEdit("Master Table", ("p1", "IDR"), "Product", "Cola · per carton", "Kola · per carton")
    assert {made.standardized_name for _, made in corrections_of([edit], SNAPSHOT).corrections} == {"Kola"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Category": "Beverage"}, "there is no category 'Beverage'; did you mean 'beverages'?"),
        ({"Unit": ""}, "a size needs a unit, and a unit a size"),
        ({"Product": " "}, "the product is empty"),
        ({"Best Price": 5}, "Best Price: this column is computed from the suppliers' lists; correct the list, or send a new one"),
    ],
)
def test_what_cannot_be_taken_is_answered(changes: dict[str, Scalar], sentence: str):
    """Nothing of such a row is taken; a sentence says why."""
    outcome = corrections_of(edited_cells(_existing(TABLE, **changes), [WRITTEN]), SNAPSHOT)
    assert outcome.corrections == ()
    assert [(answer.key, answer.sentence) for answer in outcome.refused] == [(("p1", "IDR"), sentence)]


def test_a_product_that_nobody_offers_cannot_be_corrected():
    """There is no row that the correction could stand under."""
    edit = CellEdit("Master Table", ("p2", ""), "Product", "Tonic", "Tonic Water")
    assert corrections_of([edit], SNAPSHOT).refused[0].sentence == "nobody offers this product any more"


def test_a_name_can_be_corrected_where_the_category_is_none():
    """A field that nobody touched is no reason to refuse the others."""
    offer = cola_offer(row=replace(ROW, category=""))
    edit = CellEdit("Master Table", ("p1", "IDR"), "Product", "Cola", "Kola")
    (correction,) = corrections_of([edit], Snapshot((COLA,), (offer,))).corrections
    assert (correction[1].standardized_name, correction[1].category) == ("Kola", "other")


@given(st.dictionaries(st.sampled_from(["Product", "Brand", "Size", "Unit", "Pack", "Category"]), st.text(max_size=8) | st.integers(0, 99)))
def test_every_edit_is_taken_or_answered(changes: dict[str, Scalar]):
    """No edit of a person is lost: it is in the corrections, or its row is answered."""
    edits = edited_cells(_existing(TABLE, **changes), [WRITTEN])
    outcome = corrections_of(edits, SNAPSHOT)
    assert bool(edits) == bool(outcome.corrections or outcome.refused)


def test_a_changed_key_is_an_edit_of_its_row():
    """Another currency in the row of a product that has one row is told as such, and cannot be taken."""
    (edit,) = edited_cells(_existing(TABLE, Currency="USD"), [WRITTEN])
    assert (edit.key, edit.column, edit.old, edit.new) == (("p1", "IDR"), "Currency", "IDR", "USD")
    assert corrections_of([edit], SNAPSHOT).refused[0].written == "Currency USD"


def test_a_computed_cell_does_not_hinder_the_others():
    """The brand of a row is taken though its best price was changed too."""
    outcome = corrections_of(edited_cells(_existing(TABLE, Best_Price=5, Brand="Melur"), [WRITTEN]), SNAPSHOT)
    assert {made.brand for _, made in outcome.corrections} == {"Melur"}
    assert [answer.written for answer in outcome.refused] == ["Best Price 5"]


def test_an_edit_of_a_row_that_a_newer_list_replaced_is_of_its_successor():
    """Review showed the row of June; July's row of the same supplier's product gets the correction."""
    edits = edited_cells(_existing(REVIEW, Brand="Melur"), [written_cells(REVIEW)])
    july = replace(ALPHA, row=replace(ALPHA.row, source_file="july.xlsx", source_row=4))
    ((row, made),) = corrections_of(edits, replace(SNAPSHOT, offers=(july, BETA))).corrections
    assert (row.source_file, made.brand) == ("july.xlsx", "Melur")


def test_a_price_called_right_in_review_is_that_of_its_row():
    """Where a newer list has another row in its place, the person is told to look again; other words are refused."""
    answered = edited_cells(_existing(REVIEW, **{"Price Right?": "yes"}), [written_cells(REVIEW)])
    taken = corrections_of(answered, SNAPSHOT)
    assert (taken.corrections, taken.refused, [row.supplier for row in taken.confirmed]) == ((), (), [answered[0].key[1]])
    newer = replace(SNAPSHOT, offers=tuple(replace(offer, row=replace(offer.row, source_row=77)) for offer in SNAPSHOT.offers))
    (refusal,) = corrections_of(answered, newer).refused
    assert "look at its price" in refusal.sentence
    (refusal,) = corrections_of([replace(answered[0], new="no")], SNAPSHOT).refused
    assert refusal.written == "Price Right? no"


def test_two_words_on_one_field_are_told():
    """Review's word holds for its row, other fields of the table's edit hold for it too, and the table's edit is answered."""
    edits = edited_cells(_existing(TABLE, Brand="Teratai", Pack=6), [WRITTEN])
    edits += edited_cells(_existing(REVIEW, Brand="Melur"), [written_cells(REVIEW)])
    outcome = corrections_of(edits, SNAPSHOT)
    assert {row.supplier: (made.brand, made.pack_count) for row, made in outcome.corrections} == {
        "Alpha": ("Melur", 6),
        "Beta": ("Teratai", 6),
    }
    (answer,) = outcome.refused
    assert (answer.sheet, answer.key) == ("Master Table", ("p1", "IDR"))
    assert answer.sentence.startswith("Brand: 'Melur' stands in Review")
