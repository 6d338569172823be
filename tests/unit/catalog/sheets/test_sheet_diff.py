"""Plans for a spreadsheet as it stands: what is missing is planned, what people did is left alone."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import offer, snapshot

from monito_ray.catalog.offers import Offer, Snapshot
from monito_ray.catalog.sheets.sheet_diff import plan_edits
from monito_ray.catalog.sheets.workbook_plan import catalogue_of, plan_workbook
from monito_ray.sheet_model import ExistingSheet, Scalar, SheetEdit

TEA, COLA, RICE = offer("Tea", "Alpha", 5), offer("Cola", "Alpha", 7), offer("Rice", "Beta", 9)


def _plan(catalogue: Snapshot, standing: Sequence[ExistingSheet] = ()) -> tuple[SheetEdit, ...]:
    return plan_edits(partial(plan_workbook, catalogue_of(catalogue)), standing)


def _grid(existing: ExistingSheet) -> list[list[Scalar]]:
    cells = [[*row, *[""] * (existing.column_count - len(row))] for row in existing.cells]
    return cells + [[""] * existing.column_count for _ in range(existing.row_count - len(cells))]


def _carried_out(edit: SheetEdit, existing: ExistingSheet | None) -> ExistingSheet:
    """A sheet after an edit; anything outside the grid is an IndexError."""
    cells = _grid(existing) if existing is not None else [[""] * edit.more_columns for _ in range(edit.more_rows)]
    for insertion in edit.insertions:
        if insertion.is_rows:
            assert insertion.at < len(cells)
            cells[insertion.at : insertion.at] = [[""] * len(cells[0]) for _ in range(insertion.count)]
        else:
            assert insertion.at < len(cells[0])
            for row in cells:
                row[insertion.at : insertion.at] = [""] * insertion.count
    if existing is not None:
        cells += [[""] * len(cells[0]) for _ in range(edit.more_rows)]
        cells = [[*row, *[""] * edit.more_columns] for row in cells]
    for block in (*edit.keys, *edit.blocks):
        for down, written in enumerate(block.cells):
            for across, cell in enumerate(written):
                cells[block.row + down][block.column + across] = cell
    return _trimmed(edit.sheet_id, edit.title, cells)


def _trimmed(sheet_id: int, title: str, cells: list[list[Scalar]]) -> ExistingSheet:
    rows, columns = len(cells), len(cells[0])
    shown = [row[: max((place + 1 for place, cell in enumerate(row) if cell != ""), default=0)] for row in cells]
    while shown and not shown[-1]:
        shown.pop()
    return ExistingSheet(sheet_id, title, rows, columns, shown)


def _after(catalogue: Snapshot, standing: Sequence[ExistingSheet] = ()) -> list[ExistingSheet]:
    """All sheets after the plan was carried out."""
    existing = {sheet.sheet_id: sheet for sheet in standing}
    existing |= {edit.sheet_id: _carried_out(edit, existing.get(edit.sheet_id)) for edit in _plan(catalogue, standing)}
    return list(existing.values())


def _master(standing: Sequence[ExistingSheet]) -> ExistingSheet:
    return next(sheet for sheet in standing if sheet.title == "Master Table")


def _records(existing: ExistingSheet, top: int = 0) -> list[dict[str, Any]]:
    header, *rows = _grid(existing)[top:]
    return [dict(zip(map(str, header), row, strict=True)) for row in rows if any(cell != "" for cell in row)]


def _edited(standing: Sequence[ExistingSheet], change: Any) -> list[ExistingSheet]:
    """All sheets, the master table after a person changed its grid."""
    master = _master(standing)
    cells = _grid(master)
    changed = change(cells)
    return [sheet if sheet is not master else _trimmed(master.sheet_id, master.title, changed or cells) for sheet in standing]


def test_an_empty_spreadsheet_gets_all_sheets_and_then_nothing_more():
    """The first plan makes everything; made again of what it left, it is empty."""
    standing = _after(snapshot(TEA, COLA, RICE), [ExistingSheet(0, "Sheet1", 1000, 26)])
    assert [sheet.title for sheet in standing] == ["Sheet1", "Master Table", "Changes", "Same?", "Review", "Alpha", "Beta"]
    assert [row["Product"] for row in _records(_master(standing))] == ["Cola", "Rice", "Tea"]
    assert _plan(snapshot(TEA, COLA, RICE), standing) == ()


def test_what_changed_is_all_that_is_written():
    """A new price is one block in the master table, from the best price to the supplier's, and one cell in the supplier's sheet."""
    standing = _after(snapshot(TEA, RICE))
    edits = _plan(snapshot(offer("Tea", "Alpha", 6), RICE), standing)
    assert [(edit.title, [block.cells for block in edit.blocks]) for edit in edits] == [
        ("Master Table", [((6, "Alpha", "", "", "", 46175, 46175, 46175, 6),)]),
        ("Alpha", [((6,),)]),
    ]


def test_columns_of_new_suppliers_come_before_those_that_people_added():
    """People's columns move aside with their content, each cell beside its product."""

    def annotate(cells: list[list[Scalar]]) -> list[list[Scalar]]:
        notes = {"Product": "Note", "Cola": "sweet", "Tea": "green"}
        return [[*row, notes.get(str(row[0]), "")] for row in cells]

    standing = _after(snapshot(TEA, COLA, offer("Tea", "Gamma", 4)), _edited(_after(snapshot(TEA, COLA)), annotate))
    titles = _grid(_master(standing))[0]
    assert titles[-6:] == ["Alpha Price", "Alpha Updated", "Gamma Price", "Gamma Updated", "Product ID", "Note"]
    notes = {row["Product"]: (row["Note"], row["Gamma Price"]) for row in _records(_master(standing))}
    assert notes == {"Cola": ("sweet", ""), "Tea": ("green", 4)}


CHANGES = {
    "rows sorted backwards": lambda cells: [cells[0], *reversed(cells[1:])],
    "a product renamed": lambda cells: [cells[0], ["My own name", *cells[1][1:]], *cells[2:]],
    "columns reversed": lambda cells: [list(reversed(row)) for row in cells],
    "a column between ours": lambda cells: [[*row[:3], f"x{place}", *row[3:]] for place, row in enumerate(cells)],
    "two lines above the header": lambda cells: [["Prices of June", *[""] * (len(cells[0]) - 1)], [""] * len(cells[0]), *cells],
    "the hidden column deleted": lambda cells: [row[:-1] for row in cells],
    "a fixed column deleted": lambda cells: [[row[0], *row[2:]] for row in cells],
    "a currency changed": lambda cells: [cells[0], [*cells[1][:6], "EUR", *cells[1][7:]], *cells[2:]],
    "titles in capitals": lambda cells: [[str(title).upper() for title in cells[0]], *cells[1:]],
    "a row of their own below": lambda cells: [*cells, ["Sum", *[""] * 6, 99, *[""] * (len(cells[0]) - 8)]],
    "a row of their own between": lambda cells: [*cells[:2], ["Dairy", *[""] * (len(cells[0]) - 1)], *cells[2:]],
    "everything deleted": lambda cells: [[""] * len(row) for row in cells],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_people_did_each_product_keeps_one_row(change: Any):
    """After a person's change a new month brings every product once, right in all our columns, and then has nothing to add."""
    later = snapshot(
        offer("Tea", "Alpha", 50), COLA, RICE, offer("Tea", "Gamma", 4), offer("Milk", "Beta", 3), offer("Cola", "Alpha", 40, pack=6)
    )
    standing = _after(later, _edited(_after(snapshot(TEA, COLA, RICE)), change))
    master = _master(standing)
    top = next(place for place, row in enumerate(_grid(master)) if "Product ID" in row or "PRODUCT ID" in row)
    rows = [{title.title(): cell for title, cell in row.items()} for row in _records(master, top)]
    ours = {(row["Product Id"], row["Currency"]): row for row in rows if row["Product Id"]}
    expected = {(row["Product ID"], row["Currency"]): row for row in _records(_master(_after(later)))}
    assert len(ours) == len([row for row in rows if row["Product Id"]])
    assert {key: {name: row[name.title()] for name in expected[key]} for key, row in ours.items()} == expected
    assert _plan(later, standing) == ()


def test_a_new_pack_stands_beside_its_kin():
    """The packs of a product stay together, and a person's notes stay beside their products."""
    standing = _after(snapshot(TEA, COLA, RICE, offer("Cola", "Alpha", 40, pack=6)), _edited(_after(snapshot(TEA, COLA, RICE)), _noted))
    rows = [(row["Product"], row["Pack"], row["Note"]) for row in _records(_master(standing))]
    assert rows == [("Cola", 1, "about Cola"), ("Cola", 6, ""), ("Rice", 1, "about Rice"), ("Tea", 1, "about Tea")]


def _noted(cells: list[list[Scalar]]) -> list[list[Scalar]]:
    return [[*row, f"about {row[0]}" if place else "Note"] for place, row in enumerate(cells)]


def test_first_added_stays():
    """The day a product first came up is written once."""
    standing = _edited(_after(snapshot(TEA)), lambda cells: [cells[0], [*cells[1][:13], 40000, *cells[1][14:]], *cells[2:]])
    assert _plan(snapshot(TEA), standing) == ()
    assert _records(_master(_after(snapshot(TEA, COLA), standing)))[0]["First Added"] == 40000


def test_a_shorter_list_leaves_nothing_behind():
    """Rows that a supplier offers no more go from its sheet."""
    standing = _after(snapshot(TEA), _after(snapshot(TEA, COLA)))
    alpha = next(sheet for sheet in standing if sheet.title == "Alpha")
    assert [row["original_name"] for row in _records(alpha)] == ["Tea"]


def test_a_persons_sheet_is_not_a_suppliers():
    """A supplier called like a sheet that somebody keeps gets another title, and that sheet is not touched."""
    own = ExistingSheet(7, "alpha", 100, 26, [["My shopping list"], ["Bread"]])
    standing = _after(snapshot(TEA), [own])
    assert [sheet.title for sheet in standing] == ["alpha", "Master Table", "Changes", "Same?", "Review", "Alpha (2)"]
    assert standing[0] is own
    assert _plan(snapshot(TEA), standing) == ()


def test_decimals_show_from_the_first_price_that_has_any():
    """A column of whole prices is dressed anew when a price with cents comes."""
    standing = _after(snapshot(TEA))
    (edit, _) = _plan(snapshot(offer("Tea", "Alpha", "5.50")), standing)
    titles = _grid(_master(standing))[0]
    assert [titles[dress.column] for dress in edit.column_formats if dress.has_decimals] == ["Best Price", "Alpha Price"]


NAMES = st.sampled_from(["Tea", "Cola", "Rice", "Milk", "=1+1", "Soap"])
OFFERS = st.lists(
    st.builds(
        offer,
        name=NAMES,
        supplier=st.sampled_from(["Alpha", "Beta", "Best", "O'Brien & Söhne 🍎"]),
        price=st.integers(1, 99),
        currency=st.sampled_from(["IDR", "USD"]),
        pack=st.sampled_from([1, 6]),
    ),
    max_size=12,
    unique_by=lambda made: (made.product_id, made.supplier, made.currency),
)


@settings(max_examples=40, deadline=None)
@given(first=OFFERS, second=OFFERS, order=st.randoms(use_true_random=False), parts=st.integers(0, 10))
def test_plans_hold_for_any_catalogues_any_order_and_half_done_work(first: Any, second: Any, order: Any, parts: int):
    """A second month on a shuffled table, of which only a part of the values was written the first time, ends as if all had gone well."""

    def shuffled(cells: list[list[Scalar]]) -> list[list[Scalar]]:
        body = [row for row in _noted(cells)[1:] if any(cell != "" for cell in row[:-1])]
        order.shuffle(body)
        return [_noted(cells)[0], *body]

    both = snapshot(*{(o.product_id, o.supplier, o.currency): o for o in (*first, *second)}.values())
    standing = _edited(_after(snapshot(*first)), shuffled)
    half = [_cut(edit, parts) for edit in _plan(both, standing)]
    existing = {sheet.sheet_id: sheet for sheet in standing}
    existing |= {edit.sheet_id: _carried_out(edit, existing.get(edit.sheet_id)) for edit in half}
    done = _after(both, list(existing.values()))
    rows = [row for row in _records(_master(done)) if row.get("Product ID")]
    expected = {(row["Product ID"], row["Currency"]): row for row in _records(_master(_after(both)))}
    assert {(row["Product ID"], row["Currency"]): {name: row[name] for name in row if name != "Note"} for row in rows} == expected
    assert len(rows) == len(expected)
    assert all(row["Note"] in ("", f"about {row['Product']}") for row in rows)
    assert _plan(both, done) == ()


def _cut(edit: SheetEdit, parts: int) -> SheetEdit:
    return SheetEdit(**{name: getattr(edit, name) for name in SheetEdit.__slots__} | {"blocks": edit.blocks[:parts]})


def _doubtful(name: str, **changes: Any) -> Offer:
    """An offer whose row stands in Review."""
    made = offer(name, "Alpha")
    return replace(made, row=replace(made.row, doubt="look", brand="", **changes))


def test_a_word_on_a_row_that_another_one_takes_the_place_of_is_no_word_on_that():
    """A person writes a brand beside Tea after we looked; Tea's place goes to Rice, which gets no brand from that."""
    standing = _after(snapshot(_doubtful("Tea", confidence=0.1), _doubtful("Rice", confidence=0.2)))
    (edit,) = [edit for edit in _plan(snapshot(_doubtful("Rice", confidence=0.2)), standing) if edit.title == "Review"]
    review = next(sheet for sheet in standing if sheet.title == "Review")
    late = _grid(review)
    late[1][late[0].index("Brand")] = "Teratai"
    (rice,) = _records(_carried_out(edit, _trimmed(review.sheet_id, review.title, late)))
    assert (rice["Product"], rice["Brand"]) == ("Rice", "")


def test_cells_that_people_write_in_are_written_only_where_they_change():
    """Name and category of a product change; the brand between them, which somebody puts right just then, stays theirs."""
    standing = _after(snapshot(TEA))
    changed = snapshot(replace(TEA, row=replace(TEA.row, standardized_name="Black Tea", category="dairy")))
    (edit,) = [edit for edit in _plan(changed, standing) if edit.title == "Master Table"]
    late = _grid(_master(standing))
    late[1][late[0].index("Brand")] = "Teratai"
    (tea,) = _records(_carried_out(edit, _trimmed(edit.sheet_id, edit.title, late)))
    assert (tea["Product"], tea["Brand"], tea["Category"]) == ("Black Tea", "Teratai", "dairy")


def test_rows_of_products_that_are_gone_lose_our_cells_alone():
    """The notes beside them stay, also when a new row is pushed in above; a person's own row with something under Product ID stays."""

    def change(cells: list[list[Scalar]]) -> None:
        cells[0][-1:] = ["Note"]
        cells[2][-1:] = ["mine"]
        cells.append(["", *[""] * (len(cells[0]) - 3), "my sum", "12"])

    wide = [replace(sheet, column_count=sheet.column_count + 1) for sheet in _after(snapshot(COLA, RICE, TEA))]
    standing = _edited(wide, change)
    keys = {(record["Product ID"], record["Currency"]) for record in _records(_master(standing))}
    plan = partial(plan_workbook, catalogue_of(snapshot(COLA, offer("Cola", "Alpha", pack=6), TEA)))
    edits = plan_edits(plan, standing, frozenset((str(key), str(currency)) for key, currency in keys if key != "my sum"))
    records = _records(_carried_out(next(edit for edit in edits if edit.title == "Master Table"), _master(standing)))
    assert [(record["Product"], record["Pack"]) for record in records] == [("Cola", 1), ("Cola", 6), ("", ""), ("Tea", 1), ("", "")]
    assert [record["Note"] for record in records] == ["", "", "mine", "", "12"]
    assert records[2]["Product ID"] == ""
    assert records[4]["Product ID"] == "my sum"
