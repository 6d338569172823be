"""How a text is read as running lines."""

from decimal import Decimal

from lists import MENU

from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.explanation.lines_explanation import OFFERS_SHOWN, UNREAD_SHOWN, UnreadLine, explain_text
from monito_ray.pipeline.explanation.list_explanation import explain
from monito_ray.pipeline.rows.certainty.unread_cells import LONGEST_SHOWN
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.price_list import Hints


def test_a_text_is_explained_by_its_lines():
    """Each offer by the line where it stands, with its section and its other prices; there are no tables, and no columns."""
    (sheet,) = explain(MENU.encode(), "menu.txt", Hints()).sheets
    assert (sheet.tables, sheet.columns) == ((), ())
    assert sheet.text is not None
    assert (sheet.text.offer_count, sheet.text.offers_as_tables) == (6, 0)
    assert [(offer.line, offer.section, offer.name, offer.price) for offer in sheet.text.offers[:3]] == [
        (4, "Starters", "Tomato soup", Decimal("4.5")),
        (5, "Starters", "Onion tart", Decimal("6.2")),
        (8, "Mains", "Beef stew", Decimal(14)),
    ]
    assert list(sheet.text.offers[3].tiers.values()) == [Decimal(18)]


def test_a_table_is_no_text():
    """What is read as tables has no lines to show."""
    (sheet,) = explain(b"Name,Price\nTea,330\nCoffee,450\nCocoa,520\n", "tea.csv", Hints()).sheets
    assert sheet.tables
    assert sheet.text is None


def test_of_a_long_text_the_first_lines_are_shown():
    """Ten offers and a count, also where a page has thousands."""
    goods = "".join(f"Candle no. {n}A wax - {n * 7 % 40 + 3}.{n % 9 + 1}0 EUR each\n" for n in range(1, 31))
    (sheet,) = explain(f"Candles of this week\n\n{goods}".encode(), "candles.txt", Hints()).sheets
    assert sheet.text is not None
    assert len(sheet.text.offers) == OFFERS_SHOWN
    assert (sheet.text.offer_count, sheet.text.line_count) == (30, 31)


def test_lines_with_an_unread_amount_are_named_and_cut():
    """By the numbers that a person counts, the first of them, with how many there are."""
    lines = [[f"Delivery {n} " + "x" * LONGEST_SHOWN] for n in range(UNREAD_SHOWN + 2)]
    sheet = Sheet("text", lines, numbers=[2 * n + 1 for n in range(len(lines))])
    text = explain_text(SheetTables(sheet, (), (), unread_rows=range(1, len(lines))), is_beside_tables=True)
    assert text.unread_lines[0] == UnreadLine(3, lines[1][0][:LONGEST_SHOWN])
    assert (len(text.unread_lines), text.unread_count) == (UNREAD_SHOWN, UNREAD_SHOWN + 1)
    assert text.offers_as_tables is None
