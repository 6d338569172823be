"""Where planned rows go in a sheet that people have sorted and added to."""

from monito_ray.catalog.sheets.row_placement import place_by_key, place_in_order
from monito_ray.sheet_model import ExistingSheet, Insertion

TITLES = ("Product", "Brand", "Size", "Unit", "Pack", "Currency", "Product ID")
COLUMNS = tuple(range(len(TITLES)))


def _row(product_id: str, name: str = "", currency: str = "IDR", pack: int = 1) -> tuple[str | int, ...]:
    return (name or product_id, "Nusa", 330, "ml", pack, currency, product_id)


def _sheet(*rows: tuple[str | int, ...]) -> ExistingSheet:
    cells = [TITLES, *rows]
    return ExistingSheet(1, "Master Table", len(cells), len(TITLES), cells)


def test_rows_in_order_leave_the_rest_as_surplus():
    """A shorter list leaves rows below it that are to be cleared."""
    rows = place_in_order([_row("a"), _row("b")], _sheet(_row("x"), _row("y"), _row("z")), header_row=0)
    assert (rows.old, rows.new, rows.surplus) == ((1, 2), (1, 2), (3,))


def test_rows_are_found_wherever_people_sorted_them():
    """An existing row stays where it is; a new one without relatives goes to the end."""
    rows = place_by_key([_row("a"), _row("b"), _row("c")], TITLES, _sheet(_row("b"), _row("a")), 0, COLUMNS)
    assert (rows.old, rows.new, rows.insertions) == ((2, 1, None), (2, 1, 3), ())


def test_a_new_pack_goes_below_its_product():
    """The new row is inserted after the last row of the same product and pushes the others down."""
    planned = [_row("a1", "A"), _row("a2", "A", pack=6), _row("b")]
    rows = place_by_key(planned, TITLES, _sheet(_row("a1", "A"), _row("b")), 0, COLUMNS)
    assert (rows.old, rows.new) == ((1, None, 2), (1, 2, 3))
    assert (rows.insertions, rows.inserted) == ((Insertion(is_rows=True, at=2, count=1),), (1,))


def test_a_row_keeps_its_place_when_its_currency_was_empty():
    """A row is found by its product alone when no planned row has its currency."""
    rows = place_by_key([_row("a", currency="USD")], TITLES, _sheet(_row("a", currency="")), 0, COLUMNS)
    assert rows.old == (1,)


def test_a_row_without_key_is_found_by_what_it_shows():
    """A person deleted the hidden key: the row is found by product, brand, size, unit, pack and currency."""
    rows = place_by_key([_row("a")], TITLES, _sheet((*_row("a")[:-1], "")), 0, COLUMNS)
    assert rows.old == (1,)


def test_rows_that_a_person_wrote_below_ours_are_pushed_down():
    """New rows go above foreign ones, never over them."""
    rows = place_by_key([_row("a"), _row("b")], TITLES, _sheet(_row("a"), ("my notes", "", "", "", "", "", "")), 0, COLUMNS)
    assert rows.new == (1, 2)
    assert rows.insertions == (Insertion(is_rows=True, at=2, count=1),)
