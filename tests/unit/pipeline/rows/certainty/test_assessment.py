"""How sure a list is read: doubts where it is read wrong, none where it is read right."""

import traps

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.certainty.assessment import Certainty

NAMES = (
    "Beras Pandan",
    "Gula Pasir",
    "Garam Halus",
    "Kopi Bubuk",
    "Teh Celup",
    "Kecap Manis",
    "Sambal Terasi",
    "Minyak Goreng",
    "Susu Bubuk",
)
GOODS = [[f"{name} {size}", 7250 + 1830 * n + size * 3] for size in (250, 500, 1000) for n, name in enumerate(NAMES)]
#: The share of our own lists, each with a trap, that may be doubted although they are read right.
MOST_NEEDLESS = 0.3


def assess(*rows: list) -> Certainty:
    width = max(map(len, rows))
    return price_list.read_from_sheets([Sheet("Harga", [[*row, *[""] * (width - len(row))] for row in rows])], "f.xlsx").certainty


def test_a_plain_list_is_beyond_doubt():
    """Names and prices under their titles leave nothing to say."""
    certainty = assess(["Nama", "Harga"], *GOODS)
    assert certainty.doubts == ()
    assert certainty.prediction.share > 0.95


def test_a_second_table_that_is_not_read_is_doubted_with_sheet_and_column():
    """Amounts that nothing accounts for are the first doubt."""
    certainty = assess(["Nama", "Harga"], *([*row, "", "", "", f"Rp {row[1] + 300}"] for row in GOODS))
    assert certainty.doubts
    assert "Sheet Harga, column F: 27 cells look like prices and were not read" in certainty.doubts[0]


def test_prices_that_cannot_be_read_are_doubted():
    """A list whose price cells hold no amounts says how many rows that cost."""
    odd = [[f"{name} dus", f"{price}.40.1"] for name, price in GOODS[:9]]
    certainty = assess(["Nama", "Harga"], *GOODS, *odd)
    assert any("the price of 9 of 36 lines could not be read" in doubt for doubt in certainty.doubts)


def test_glued_prices_are_doubted():
    """Prices a thousand times the others are two prices in one."""
    certainty = assess(["Nama", "Harga"], *GOODS, ["Roti", 1590012900], ["Keju", 4490039900], ["Madu", 2590021900])
    assert any("far from the others" in doubt for doubt in certainty.doubts)


def test_a_result_has_doubts_and_unread_amounts():
    """What is published is plain JSON."""
    result = assess(["Nama", "Harga"], *([*row, "", "", "", f"Rp {row[1] + 300}"] for row in GOODS)).as_result()
    assert result["unread_amounts"][0] == {"sheet": "Harga", "row": 2, "column": "F", "text": "Rp 8300"}
    assert result["unread_count"] == len(GOODS)
    assert 0 <= result["predicted_share"] < 0.95


def test_few_of_our_own_lists_are_doubted_needlessly():
    """Each of them is read right, and made to be ugly; a doubt on every second one would be noise."""
    readable = [trap for trap in traps.every() if "error" not in trap.said]
    doubted = [t.name for t in readable if price_list.read_from_sheets(open_sheets(t.data(), t.file_name), t.file_name).certainty.doubts]
    assert len(doubted) <= MOST_NEEDLESS * len(readable), doubted
