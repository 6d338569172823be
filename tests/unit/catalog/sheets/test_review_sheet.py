"""The sheet Review: short, and ready to be corrected."""

from dataclasses import replace

from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Snapshot
from monito_ray.catalog.sheets.review import ReviewEntry, Stake, review_entries
from monito_ray.catalog.sheets.review_sheet import GROUPED_FROM, MOST_ROWS, SHOWN_OF_GROUP, group_entries, review_sheet, row_key
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.sheet_model import PlannedSheet


def _entry(number: int, why: str = "no category found", supplier: str = "Alpha") -> ReviewEntry:
    return ReviewEntry((why,), replace(COLA_ROW, original_name=f"Cola {number}", source_row=number, supplier=supplier), "p1", Stake.ORDER)


def _shown(sheet: PlannedSheet, *titles: str) -> list[tuple[object, ...]]:
    places = [[column.title for column in sheet.columns].index(title) for title in titles]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def test_the_sheet_has_a_row_for_each_entry_and_a_hidden_product_id():
    """The sheet shows every row in doubt under its own titles; one that others repeat once."""
    unsure = replace(COLA_ROW, field_confidence='{"pack_count": 0.1}')
    sheet = review_sheet(group_entries(review_entries(Snapshot((COLA,), (cola_offer(row=unsure, others=(unsure,)),)))))
    assert _shown(sheet, "Why", "Original Name") == [("not sure of pack", COLA_ROW.original_name)]
    assert (sheet.title, [column.title for column in sheet.columns if column.hidden]) == ("Review", ["Product ID"])


def test_what_may_be_corrected_stands_out_and_is_chosen_from_lists():
    """The columns that are read back are marked; category and unit have the values that are accepted."""
    columns = {column.title: column for column in review_sheet(group_entries([])).columns}
    assert [title for title, column in columns.items() if column.is_input] == [
        "Product",
        "Brand",
        "Size",
        "Unit",
        "Pack",
        "Category",
        "Price Right?",
    ]
    assert columns["Category"].choices == category_names()
    assert {"kg", "ml", "pcs"} < set(columns["Unit"].choices)


def test_many_rows_with_one_reason_are_a_line_with_examples():
    """Two thousand rows without a category take a line and the first few; what is rare stays as it is."""
    entries = [*(_entry(number) for number in range(2_000)), _entry(7, "no size"), _entry(8, supplier="Beta")]
    sheet = review_sheet(group_entries(entries))
    assert len(sheet.rows) == 1 + SHOWN_OF_GROUP + 2
    why, name, product_id = _shown(sheet, "Why", "Original Name", "Product ID")[0]
    assert (why, name, product_id) == ("2,000 rows: no category found", "such as Cola 0; Cola 1; Cola 2", None)
    few = review_sheet(group_entries([_entry(number) for number in range(GROUPED_FROM)]))
    assert len(few.rows) == GROUPED_FROM


def test_the_sheet_is_as_long_as_a_person_can_look_at():
    """Beyond the limit rows are counted in the last line."""
    sheet = review_sheet(group_entries([_entry(number, f"reason {number}") for number in range(MOST_ROWS + 30)]))
    assert len(sheet.rows) == MOST_ROWS + 1
    assert _shown(sheet, "Why")[-1] == ("and 30 more rows, which come up as these are settled",)


def test_a_refused_correction_is_answered_beside_its_row():
    """The sentence stands in the row that was edited."""
    entry = _entry(1)
    sheet = review_sheet(group_entries([entry, _entry(2)]), {row_key(entry.row, "p1"): "there is no category 'Vegetable'"})
    assert _shown(sheet, "Not Accepted") == [("there is no category 'Vegetable'",), ("",)]
