"""HTML pages that are named like workbooks."""

import time

import pytest

from monito_ray.errors import FileTooLarge
from monito_ray.pipeline.cells import Merge
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
    start = time.perf_counter()
    open_sheets(b"<table><td>" + piece.encode() * 60_000, "a.xls")
    assert time.perf_counter() - start < 5
