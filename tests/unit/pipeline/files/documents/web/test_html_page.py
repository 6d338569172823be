"""HTML pages: tables, also named like workbooks, pieces that repeat, and lines."""

import time
from contextlib import suppress

import documents
import pytest

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Merge, Sheet
from monito_ray.pipeline.files.open import open_sheets


def test_an_html_page_named_xls_is_read():
    """Tables of a page stand below each other; spans keep columns in position, markup and entities are resolved."""
    page = (
        "<html><head><style>td {color: red}</style></head><body><table><tr><th colspan=2>Our list</th></tr>"
        "<tr><td rowspan=2>Jams &amp; honey</td><td>Plum<br>340 g</td><td>48,000</td></tr><tr><td>Fig</td><td>51,000"
        "</table><table><tr><td>Tea</td><td><b>20,000</b></td></tr></table></body></html>"
    )
    sheet = open_sheets(page.encode(), "a.xls")[0]
    assert [list(row) for row in sheet.rows] == [
        ["Our list", "", ""],
        ["Jams & honey", "Plum\n340 g", "48,000"],
        ["", "Fig", "51,000"],
        ["", "", ""],
        ["Tea", "20,000", ""],
    ]
    assert sheet.merges == (Merge(0, 0, 0, 1), Merge(1, 0, 2, 0))


def test_the_encoding_that_a_page_names_is_used():
    """A page in an encoding of one byte a letter is read by the one that it names."""
    page = '<html><meta charset="koi8-r"><table><tr><td>Ы</td></tr></table></html>'
    assert open_sheets(page.encode("koi8-r"), "a.xls")[0].rows[0][0] == "Ы"


@pytest.mark.parametrize(
    "table",
    [
        "<table>" + "<tr><td colspan=16384 rowspan=16384>x</td></tr>" * 2000 + "</table>",
        "<table>" + "<tr><td colspan=16384>x</td></tr>" * 2000 + "</table>",
    ],
)
def test_spans_cannot_fill_the_memory(table: str):
    """A page whose spans would make millions of cells is refused."""
    with pytest.raises(FileTooLarge, match=r"^a\.xls: "):
        open_sheets(table.encode(), "a.xls")


@pytest.mark.parametrize("piece", ["<!--", "<![", "<a ", "</", "<?", "<td a=\"<td b='", "<script", "</s", "&", "<"])
def test_no_page_costs_more_than_its_length(piece: str):
    """Markup that never ends is read as fast as any."""
    start = time.process_time()
    open_sheets(b"<table><td>" + piece.encode() * 20_000, "a.xls")
    assert time.process_time() - start < 5


def _page(body: str) -> Sheet:
    return open_sheets(f"<!DOCTYPE html><html><head><title>Shop</title></head><body>{body}</body></html>".encode(), "a.html")[0]


def test_cards_are_rows_and_their_classes_are_titles():
    """Cards of a shop become rows of one table, whatever order their parts have, and what a card lacks is empty."""
    sheet = _page(
        "<h1>Tea house</h1><nav><a>Home</a></nav><div class='grid'>"
        "<div class='card sale'><div class='c-price'>$12.50</div><h3 class='c-title'>Green tea</h3><p class='c-origin'>China</p></div>"
        "<div class='card'><div class='c-price'>$8.00</div><h3 class='c-title'>Black tea</h3></div>"
        "<div class='card'><div class='c-price'>$20.00</div><h3 class='c-title'>White tea</h3><p class='c-origin'>India</p></div></div>"
    )
    assert documents.filled(sheet) == [
        ["Tea house"],
        ["c price", "title", "origin"],
        ["$12.50", "Green tea", "China"],
        ["$8.00", "Black tea"],
        ["$20.00", "White tea", "India"],
    ]
    assert sheet.paged
    assert documents.line_texts(sheet) == ["Tea house", "$12.50\tGreen tea\tChina", "$8.00\tBlack tea", "$20.00\tWhite tea\tIndia"]


def test_entries_without_classes_are_rows():
    """Terms with what they mean, and lists whose entries end in a price, are rows; an element that is never closed ends where it must."""
    sheet = _page(
        "<dl><dt>Flat white<dd>3.20<dt>Tea<dd>2.10<dt>Juice<dd>3.50</dl>"
        "<ul><li><span>Scone</span><span>4.10</span><li>Brownie <b>3.20</b><li>Bun <b>2.00</b></ul>"
    )
    assert documents.filled(sheet) == [
        ["Flat white", "3.20"],
        ["Tea", "2.10"],
        ["Juice", "3.50"],
        ["Scone", "4.10"],
        ["Brownie", "3.20"],
        ["Bun", "2.00"],
    ]


def test_groups_of_pieces_are_no_pieces():
    """A section with several offers is not one row: each offer in it is."""
    items = "".join(f"<div class='item'><span class='n'>Soup {n}</span><span class='p'>{n}.50</span></div>" for n in (4, 5, 6))
    sheet = _page(f"<section class='s'><h2>Soups</h2>{items}</section>" * 3)
    assert documents.filled(sheet)[:3] == [["Soups"], ["Soup 4", "4.50"], ["Soup 5", "5.50"]]


def test_parts_of_a_price_are_one_price():
    """A currency, cents raised or apart, and the number of a footnote do not cut a price, and what is crossed out is none."""
    sheet = _page(
        "<div class='a'><p>Saw</p><span class='cur'>$</span><span class='int'>12</span><sup>99</sup></div>"
        "<div class='a'><p>Axe</p><span class='cur'>$</span><span class='whole'>31<span class='point'>.</span></span><span class='cents'>50</span></div>"
        "<div class='a'><p>Hammer<sup class='reference'><a>[8]</a></sup></p><del>$20</del> <span class='sr-only'>now</span><span class='cur'>$</span>15.00<sup>1</sup></div>"
    )
    assert [[cell for cell in row if cell] for row in documents.filled(sheet)] == [
        ["Saw", "$ 12.99"],
        ["Axe", "$ 31.50"],
        ["Hammer", "$ 15.00"],
    ]


def test_lines_are_blocks_without_what_nobody_sees():
    """Blocks and breaks give lines, styles within them do not; scripts, menus, buttons and hidden parts give none."""
    sheet = _page(
        "<nav>Home</nav><p>Pan<b>ca</b>kes, <i>sweet</i></p><p style='display: none'>x</p><p hidden>x</p><script>x</script><select><option>1</select>"
        "Tea&nbsp;&nbsp;&nbsp;&nbsp;2.10<br>Coffee <button>Buy</button><pre>Milk      1.20\nCream   2.00</pre><a>One</a>, <a>two</a>"
    )
    assert documents.line_texts(sheet) == ["Pancakes, sweet", "Tea\t2.10", "Coffee", "Milk\t1.20", "Cream\t2.00", "One, two"]


def test_tables_that_arrange_the_page_are_no_tables():
    """The table in a cell of a page's frame is read as the table it is, and cells that are cards give a row each."""
    inner = "<table><tr><td>Bolt</td><td>4.50</td></tr><tr><td>Nut</td><td>1.20</td></tr><tr><td>Ring</td><td>0.80</td></tr></table>"
    cards = "".join(f"<td><div>{name}</div><div>${n}</div></td>" for n, name in enumerate(("Saw", "Axe", "Drill"), 5))
    sheet = _page(f"<table><tr><td><a>Home</a></td><td><h1>Prices</h1>{inner}</td></tr></table><table><tr>{cards}</tr></table>")
    assert documents.filled(sheet) == [
        ["Home"],
        ["Prices"],
        ["Bolt", "4.50"],
        ["Nut", "1.20"],
        ["Ring", "0.80"],
        [],
        ["Saw", "$5"],
        ["Axe", "$6"],
        ["Drill", "$7"],
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000,
        "<b>x" * 10_000,
        "<dt>a<dd>1" * 3_000,
        "<p>" * 10_000,
        "<table><tr><td>" * 3_000,
        "<div><span>a</span><span>$1</span>" * 1_500,
        '<div class="' + "a " * 50_000 + '">x</div>',
        "<sup>1</sup>" * 10_000,
        "<a b='" * 10_000,
        "<div class=c>" + "<span class=x>a</span>" * 5_000 + "<i class=y>$5</i></div>",
        ("<div class=c>" + "<span class=x>a</span>" * 500 + "<i class=y>$5</i></div>") * 20,
    ],
)
def test_no_page_of_elements_costs_more_than_its_length(body: str):
    """Elements without end, within each other or behind each other, are read, or refused, as fast as any."""
    start = time.process_time()
    with suppress(FileTooLarge):
        open_sheets(b"<html>" + body.encode(), "a.html")
    assert time.process_time() - start < 10


def test_sizes_under_names_are_named():
    """Pieces that say the same few words under one name after the other are its sizes."""
    sizes = "<div class='s'><span>Small</span><span>${0}</span></div><div class='s'><span>Large</span><span>$1{0}</span></div>"
    sheet = _page(
        "<h2>Pizza</h2>"
        + "".join(f"<div class='card'><h3>{name}</h3>{sizes.format(n)}</div>" for n, name in enumerate(("Ham", "Cheese"), 5))
    )
    assert documents.filled(sheet) == [
        ["Pizza"],
        ["Ham"],
        ["Ham Small", "$5"],
        ["Ham Large", "$15"],
        ["Cheese"],
        ["Cheese Small", "$6"],
        ["Cheese Large", "$16"],
    ]


def test_styles_that_change_at_will_make_no_columns():
    """Paragraphs of an editor that styles words here and there are lines, and leaders between name and price are left out of cells."""
    styled = ("<p><span>Green </span><span>tea </span><span>5.00</span></p>", "<p><span>Coffee </span><span>6.00</span></p>")
    assert documents.line_texts(_page("".join(styled * 3)))[:2] == ["Green tea 5.00", "Coffee 6.00"]
    led = "<p><span class='n'>Tea</span><span class='d'>.......</span><span class='p'>5.00</span></p>" * 3
    assert documents.filled(_page(led))[0] == ["Tea", "5.00"]
