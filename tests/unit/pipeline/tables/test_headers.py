"""Rows of titles among other rows."""

import pytest

from monito_ray.pipeline.cells import Merge, Sheet, Value
from monito_ray.pipeline.tables.headers import Header, find_headers, looks_like_header, titled_rows

GOODS: list[list[Value]] = [["Beras Ramos", "kg", 62000.0], ["Gula Pasir", "kg", 17500.0], ["Garam Halus", "pcs", 4500.0]]


def _sheet(*rows: list[Value], merges: tuple[Merge, ...] = ()) -> Sheet:
    return Sheet("S", list(rows), merges)


def _headers(sheet: Sheet) -> list[Header]:
    width = len(sheet.rows[0])
    return find_headers(sheet, 0, width, titled_rows(sheet, 0, width))


@pytest.mark.parametrize(
    ("row", "below", "expected"),
    [
        (["Nama", "Satuan", "Harga"], GOODS[0], True),
        (["Наименование", "", "Цена"], GOODS[0], True),
        (["Vegetables", "Price"], ["Tomato", 12.5], True),
        (["Vegetables", "Price"], ["Tomato", "on request"], False),
        (["Item", "01.05.2026", "01.06.2026"], ["Tomato", 12.5, 13.0], True),
        (["Item", "01.05.2026", "01.06.2026"], ["Tomato", "", ""], False),
        (GOODS[0], GOODS[1], False),
        (["Product A", "price on request"], GOODS[0], False),
        (["Harga", "", ""], GOODS[0], False),
        (["Satuan", "Merk", "Kode"], GOODS[0], False),  # neither a name nor a price
        (["Nama", "Harga", 1.0, 2.0], GOODS[0], False),
        (["Nama", "Harga", "10.500", "1 250 000,00"], GOODS[0], False),
        (["Barang segar", "kg", "27,5"], ["", "", ""], False),
    ],
)
def test_titles_are_words_of_different_roles(row: list[Value], below: list[Value], *, expected: bool):
    """Hardly a number stands among them; one title is enough right over numbers, and dates over a history."""
    assert looks_like_header(row, below) is expected


def test_a_header_stands_on_its_row_alone():
    """Where neither groups nor sub-titles are around it."""
    (header,) = _headers(_sheet(["PT Contoh", "", ""], ["", "", ""], ["Nama", "Satuan", "Harga"], *GOODS))
    assert (header.top, header.bottom) == (2, 2)
    assert [title.role for title in header.titles] == ["name", "unit", "price"]


def test_the_title_of_the_list_is_no_group_of_columns():
    """A lone text right above the first title says nothing of the columns; over prices alone it does."""
    (header,) = _headers(_sheet(["Sorrel Traders - Rate List", "", ""], ["Ref.", "Item", "Price"], [1.0, "Rice", 62.0], [2.0, "Salt", 4.5]))
    assert (header.top, header.titles[0].roles.get("price")) == (1, None)
    (header,) = _headers(_sheet(["", "Price", ""], ["Item", "Retail", "Wholesale"], ["Rice", 62.0, 60.0], ["Salt", 4.5, 4.0]))
    assert (header.top, header.titles[1].text) == (0, "Price Retail")


def test_goods_below_a_header_are_no_sub_titles():
    """A word for a kind of price in a name of goods ("Special") says nothing under a title of names."""
    (header,) = _headers(
        _sheet(["Description", "Unit", "Price"], ["Milk Special 250 ml", "kg", "89450.00"], ["Rice Fine 1 kg", "kg", "62.00"])
    )
    assert (header.top, header.bottom) == (0, 0)


@pytest.mark.parametrize(
    ("titles", "first"),
    [
        (["Product", "Unit", "Price IDR"], ["Salt 1 kg", "pack", ""]),
        (["Product", "Unit", "Price IDR"], ["Salt 1 kg", "pack", "Rp -"]),
        (["Product", "Unit", "Price IDR"], ["Salt 1 kg", "pack", "on request"]),
        (["Product", "Unit", "Price IDR"], ["Box", "pack", ""]),
        (["Product", "", "Price IDR"], ["Salt 1 kg", "pack", ""]),
        (["Product", "Retail price", "Wholesale price"], ["Salt pack", "", ""]),
    ],
)
def test_a_first_row_without_a_price_is_no_row_of_sub_titles(titles: list[Value], first: list[Value]):
    """A unit under the title of units is that of goods."""
    (header,) = _headers(_sheet(titles, first, *GOODS))
    assert (header.top, header.bottom) == (0, 0)


def test_a_row_without_a_price_above_the_header_that_comes_again_is_no_group():
    """It is the last of the goods before."""
    titles: list[Value] = ["Product", "Unit", "Price IDR"]
    headers = _headers(_sheet(titles, *GOODS, ["Salt 1 kg", "pack", ""], titles, *GOODS))
    assert [(header.top, header.bottom) for header in headers] == [(0, 0), (5, 5)]


@pytest.mark.parametrize(
    ("titles", "below"),
    [
        (["Nama", "Satuan", "Harga"], ["Name", "Unit", "Price"]),
        (["Name of the goods", "Price"], ["and their sizes", "IDR"]),
        (["Product", "Price", ""], ["and size", "Retail", "Wholesale"]),
    ],
)
def test_a_second_row_of_titles_that_says_more_of_the_price_is_of_the_header(titles: list[Value], below: list[Value]):
    """Another language, a currency and kinds of prices may stand below full titles."""
    goods = [[row[0], *row[1 - len(titles) :]] for row in GOODS]
    (header,) = _headers(_sheet(titles, below, *goods))
    assert (header.top, header.bottom) == (0, 1)


def test_sub_titles_belong_to_the_title_over_them():
    """A price title covers the columns up to the next title, and its sub-titles give the tiers."""
    (header,) = _headers(_sheet(["Nama", "Harga", ""], ["", "Grosir", "Eceran"], *GOODS))
    assert (header.top, header.bottom) == (0, 1)
    assert [(title.text, title.role, title.tier) for title in header.titles[1:]] == [
        ("Harga Grosir", "price", 2),
        ("Harga Eceran", "price", 0),
    ]


def test_a_merged_title_covers_the_columns_of_its_merge_alone():
    """What is behind the merge has its sub-title to itself."""
    rows: list[list[Value]] = [["Nama", "Harga", "", ""], ["", "Ecer", "Grosir", "Stok"]]
    (header,) = _headers(_sheet(*rows, *[[*row, 5.0] for row in GOODS], merges=(Merge(0, 1, 0, 2),)))
    assert [title.text for title in header.titles] == ["Nama", "Harga Ecer", "Harga Grosir", "Stok"]


def test_a_pack_under_a_title_of_prices_is_a_price():
    """Though alone it would be a pack."""
    (header,) = _headers(_sheet(["Nama", "Harga", ""], ["", "Ecer", "Karton"], *GOODS))
    assert header.titles[2].role == "price"


def test_a_section_below_a_header_is_none_of_it():
    """A word alone under another title is a title over rows."""
    (header,) = _headers(_sheet(["Nama", "Satuan", "Harga"], ["Barang Segar", "", ""], *GOODS))
    assert header.bottom == 0


def test_headers_are_found_again_and_again():
    """Each part of a list may have its own."""
    headers = _headers(_sheet(["Nama", "Satuan", "Harga"], *GOODS, ["Harga", "Isi", "Produk"], [9000.0, 12.0, "Kopi"]))
    assert [header.top for header in headers] == [0, 4]


def test_labels_of_single_offers_are_no_header():
    """A row of titles with a code and a name in it, whose titles stand in the rows around again, is an offer's; a header that comes again is the same."""
    offers: list[list[Value]] = [
        row
        for n, name in enumerate(("Olive oil", "Rye flour", "Sea salt"))
        for row in ([str(n), name, "$/box", "$/piece"], ["", "", f"{n + 3}0.00", f"{n + 3}.00"])
    ]
    assert _headers(_sheet(*offers)) == []
    header: list[Value] = ["No", "Item", "Price", "Price box"]
    assert len(_headers(_sheet(header, *offers[1::2], header, *offers[1::2]))) == 2


def test_first_row_of_texts_is_no_row_of_sub_titles():
    """A PDF has its numbers as texts: what stands under the title of a price is one, whatever its other cells would be as titles."""
    rows = [
        ["Item", "Description", "Pack", "Price"],
        ["10021", "Tomatoes diced No. 10 can", "6/#10", "38.45"],
        ["10034", "Ketchup", "30", "74.10"],
    ]
    assert [(header.top, header.bottom) for header in _headers(_sheet(*rows))] == [(0, 0)]


@pytest.mark.parametrize(
    ("row", "below", "expected"),
    [
        (["Product", "Each", "Dozen"], ["Almond tart", "$3.20", "$32.00"], True),
        (["Product", "Each"], ["Almond tart", "in a box"], False),
    ],
)
def test_units_over_money_are_titles_of_prices(row: list[Value], below: list[Value], *, expected: bool):
    """Words that a price may be for stand over all amounts of the first row."""
    assert looks_like_header(row, below) is expected
