"""Lists that lie on their side."""

import pytest

from monito_ray.pipeline.cells import Sheet, Value
from monito_ray.pipeline.tables.shapes.turned_lists import stand_upright

SIDE: list[list[Value]] = [["Item", "Tea Lora", "Jam Wina", "Oil Bela"], ["Unit", "pack", "jar", ""], ["Price", 12.5, 8.0, 9.5]]


def test_each_of_the_goods_has_a_row():
    """All stand in the row of the prices; what stands around the list stays."""
    turned = stand_upright(Sheet("A", [["Shop", "", "", ""], *SIDE, ["", "", "", ""], ["Thanks", "", "", ""]]))
    assert [row[:3] for row in turned.rows[1:5]] == [list(line) for line in zip(*SIDE, strict=True)]
    assert [turned.row_number(index) for index in range(7)] == [1, 4, 4, 4, 4, 5, 6]


@pytest.mark.parametrize(
    "rows",
    [
        [["Item", "Price", "Stock"], ["Price tag", 100.0, 5.0], ["Product label", 120.0, 6.0]],
        [["Item", "Tea Lora", "Jam Wina"], ["Tea Mila", 12.5, 8.0]],
        [["Item", "Tea Lora", "Jam Wina"], ["Price", "", ""]],
        [["Item", "Tea Lora"], ["Price", 12.5]],
        [["Item", 100.0, 200.0, 300.0], ["Price", 12.5, 8.0, 9.5]],
    ],
)
def test_other_sheets_stay_as_they_are(rows: list[list[Value]]):
    """Titles stand over an upright list, goods below its first title; one thing may be either, and numbers are no names."""
    sheet = Sheet("A", rows)
    assert stand_upright(sheet) is sheet
