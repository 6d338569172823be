"""Columns that a person chose."""

import pytest

from monito_ray.errors import SheetMissing, UsageWrong
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.chosen_columns import columns_text, parse_columns, sheet_names
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.pipeline.tables.layouts import ColumnChoice

NAMES = ("Beras Pandan", "Gula Pasir", "Garam Halus", "Kopi Bubuk", "Teh Celup", "Kecap Manis", "Sambal Terasi", "Minyak Goreng")
GOODS = [[f"K-{n}", name, 11800 + 700 * n, 12750 + 830 * n] for n, name in enumerate(NAMES)]


def read(rows: list[list], **hints: object) -> list[tuple[str, int]]:
    width = max(map(len, rows))
    sheet = Sheet("Harga", [[*row, *[""] * (width - len(row))] for row in rows])
    raw = price_list.read_from_sheets([sheet], "f.xlsx", Hints(**hints)).rows  # type: ignore[arg-type]
    pairs = zip(raw.column("original_name").to_pylist(), raw.column("price").to_pylist(), strict=True)
    return [(name, int(price)) for name, price in pairs if price is not None]


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("name=B,price=F", {"name": 1, "price": 5}),
        (" Name = b , price=AA,size=c", {"name": 1, "price": 26, "size": 2}),
        ({"price": "D"}, {"price": 3}),
    ],
)
def test_columns_are_named_by_their_letters(written: object, columns: dict[str, int]):
    """A text of a command line and a mapping of a program say the same."""
    assert parse_columns(written) == columns


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("nam=B", "'nam' is nothing that a column can be chosen for"),
        ("price=7", "'7' is no column of price"),
        ("price", "'price' names no column"),
        ("name=B,price=B", "names a role or a column twice"),
        ("size=B", "neither the column of the names nor that of the prices"),
        (7, "7 is no choice of columns"),
    ],
)
def test_what_cannot_be_understood_is_one_clear_sentence(written: object, cause: str):
    """The message says what is wrong, the remedy how it is written."""
    with pytest.raises(UsageWrong, match=cause) as error:
        parse_columns(written)
    assert error.value.remedy


def test_sheets_are_one_name_or_several():
    """Anything else is refused."""
    assert sheet_names("A") == ("A",)
    assert sheet_names(["A", "B "]) == ("A", "B")
    assert sheet_names(None) == ()
    with pytest.raises(UsageWrong, match="no name of a sheet"):
        sheet_names(5)


def test_a_chosen_price_goes_before_titles():
    """A person's word is taken, whatever stands over the columns; other columns of prices stay tiers."""
    rows = [["Kode", "Nama", "Harga lama", "Harga"], *GOODS]
    assert read(rows)[0] == ("Beras Pandan", 12750)
    assert read(rows, columns={"price": 2})[0] == ("Beras Pandan", 11800)


def test_a_chosen_name_goes_before_titles():
    """Codes are the names where a person says so."""
    assert read([["Kode", "Nama", "Harga"], *(row[:3] for row in GOODS)], columns={"name": 0, "price": 2})[1][0] == "K-1"


def test_a_sheet_without_a_table_is_read_by_chosen_columns():
    """Where the reader sees no prices at all, the columns of a person are enough."""
    rows = [["Catatan toko"], *([name, "x", str(n % 2), 1 + n % 2] for n, name in enumerate(NAMES))]
    assert read(rows, columns={"name": 0, "price": 3})[:2] == [("Beras Pandan", 1), ("Gula Pasir", 2)]


def test_a_choice_for_a_layout_is_taken_without_a_doubt():
    """What was chosen last month holds for the same layout, also where the reader is sure of something else."""
    sheet = Sheet("Harga", [["Kode", "Nama", "Harga lama", "Harga"], *GOODS])
    chosen = price_list.read_from_sheets([sheet], "f.xlsx", Hints(columns={"name": 1, "price": 2})).chosen
    assert [choice.prices[0] for choice in chosen.values()] == [2]
    again = price_list.read_from_sheets([sheet], "f.xlsx", Hints(layouts=chosen))
    assert int(again.rows.column("price").to_pylist()[0]) == 11800


def test_a_choice_reads_as_it_is_written():
    """What is kept can be given to a command."""
    assert columns_text(ColumnChoice(0, (2, 3), (("size", 1),)), left=1) == "name=B,price=D,size=C"
    assert parse_columns(columns_text(ColumnChoice(0, (2,)), left=1)) == {"name": 1, "price": 3}


def test_one_sheet_is_read_alone():
    """The name counts in any case; one that is missing is told with those that exist."""
    sheets = [
        Sheet(name, [["Nama", "Harga"], *([f"{goods} {name}", price] for _, goods, price, _ in GOODS)]) for name in ("Ecer", "Grosir")
    ]
    raw = price_list.read_from_sheets(sheets, "f.xlsx", Hints(sheets=("ecer",))).rows
    assert set(raw.column("source_sheet").to_pylist()) == {"Ecer"}
    with pytest.raises(SheetMissing, match="has no sheet 'Agen'; its sheets are: Ecer, Grosir"):
        price_list.read_from_sheets(sheets, "f.xlsx", Hints(sheets=("Agen",)))
