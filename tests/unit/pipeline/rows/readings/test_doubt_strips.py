"""Of prices in doubt on pictures a part of the picture is kept, and of very many only the first."""

import io

import pyarrow as pa
import pytest
from PIL import Image

from monito_ray.pipeline.cells import PagePicture, SeenLine, Sheet
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.readings import doubt_strips
from monito_ray.pipeline.rows.readings.doubt_strips import strips_of_doubts

_ROWS = pa.Table.from_pylist(
    [
        {"source_sheet": sheet, "source_row": n, "original_name": f"Telur {n}", "price_text": f"Rp {n}5.000", "doubt": "odd" * (n % 2)}
        for sheet in ("page 1", "csv")
        for n in range(1, 9)
    ]
)


def _sheets() -> list[SheetTables]:
    held = io.BytesIO()
    Image.new("L", (400, 400), "white").save(held, "JPEG")
    picture = PagePicture(held.getvalue(), tuple(SeenLine(f"Rp{n}5.000", 0.1, n / 10, 0.9, n / 10 + 0.05) for n in range(1, 9)))
    return [SheetTables(Sheet("page 1", [], is_picture=True, picture=picture), (), ()), SheetTables(Sheet("csv", []), (), ())]


def test_rows_in_doubt_on_pictures_have_a_strip():
    """No others have one."""
    strips = strips_of_doubts(_ROWS, _sheets())
    assert list(strips) == [("page 1", n) for n in (1, 3, 5, 7)]
    assert all(strip.startswith(b"\xff\xd8") for strip in strips.values())
    assert strips_of_doubts(_ROWS, _sheets()[1:]) == {}


@pytest.mark.parametrize(("limit", "most"), [("MOST_STRIPS", 2), ("MOST_BYTES", 1_500)])
def test_of_very_many_the_first_are_kept(limit: str, most: int, monkeypatch: pytest.MonkeyPatch):
    """So a page on which all is in doubt takes no more room than a few photos."""
    monkeypatch.setattr(doubt_strips, limit, most)
    strips = strips_of_doubts(_ROWS, _sheets())
    assert list(strips) == [("page 1", n) for n in (1, 3)][: len(strips)]
    assert 0 < len(strips) <= 2
    assert sum(map(len, strips.values())) <= doubt_strips.MOST_BYTES
