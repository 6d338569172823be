"""The sheet of changes."""

from datetime import date
from decimal import Decimal

import pytest
from logged_changes import logged_change

from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.sheets.changes_sheet import MOST_OF_A_KIND, changes_sheet, money_at_stake
from monito_ray.sheet_model import CellMark, PlannedSheet


def _shown(sheet: PlannedSheet, *titles: str) -> list[tuple[object, ...]]:
    places = [[column.title for column in sheet.columns].index(title) for title in titles]
    return [tuple(row[place] for place in places) for row in sheet.rows]


def test_the_most_money_comes_first_within_each_supplier():
    """Suppliers of the newest lists come first; in each prices that moved go by money, then what is new, then what is gone."""
    changes = [
        logged_change(ChangeKind.GONE, 9_000, None, name="Gone"),
        logged_change(ChangeKind.UP, 100, 110, name="A little"),
        logged_change(ChangeKind.NEW, None, 8_000, name="New"),
        logged_change(ChangeKind.DOWN, 2_000, 1_000, name="Much"),
        logged_change(ChangeKind.UP, 1, 2, name="Later list", supplier="Beta", list_date=date(2026, 8, 1)),
    ]
    names = [str(product).split(",")[0] for (product,) in _shown(changes_sheet(changes), "Product")]
    assert names == ["Later list", "Much", "A little", "New", "Gone"]


def test_a_change_says_what_was_and_what_is():
    """Both prices, the change and both dates stand in the row; dearer is red, cheaper green."""
    sheet = changes_sheet([logged_change(ChangeKind.UP), logged_change(ChangeKind.DOWN, 110, 109)])
    assert _shown(sheet, "What", "Before", "Now", "Change", "List Date", "List Before")[0] == (
        "dearer", 100, 110, pytest.approx(0.1), date(2026, 7, 1), date(2026, 6, 1),
    )  # fmt: skip
    assert [set(marks.values()) for marks in sheet.marked.values()] == [{CellMark.DEARER}, {CellMark.CHEAPER}]


def test_a_smaller_pack_at_the_same_price_is_dearer():
    """Its change is that of the price for one litre, and it stands by what that costs."""
    change = logged_change(
        ChangeKind.SMALLER_PACK, 1000, 1000, size=Decimal(300), base_price=Decimal(3333), base_price_before=Decimal(3030), base_unit="l"
    )
    sheet = changes_sheet([change])
    assert _shown(sheet, "What", "Pack", "Change") == [("smaller pack", "330 ml → 300 ml", pytest.approx(0.1))]
    assert money_at_stake(change) == pytest.approx(Decimal(100))
    assert CellMark.DEARER in sheet.marked[0].values()


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_every_kind_is_shown(kind: ChangeKind):
    """No kind of change is left out."""
    assert len(changes_sheet([logged_change(kind)]).rows) == 1


def test_a_new_range_of_goods_is_counted():
    """Of thousands of new articles the dearest are shown, and one line counts the others."""
    changes: list[LoggedChange] = [logged_change(ChangeKind.NEW, None, price) for price in range(1, MOST_OF_A_KIND + 1_201)]
    sheet = changes_sheet(changes)
    assert len(sheet.rows) == MOST_OF_A_KIND + 1
    assert _shown(sheet, "What", "Product", "Now")[-1] == ("new", "and 1,200 more", None)


def test_other_currencies_say_nothing_of_money():
    """A price in rupiah after one in dollars is no rise."""
    change = logged_change(ChangeKind.CURRENCY, 10, 150_000, currency_before="USD")
    assert money_at_stake(change) == 0
    assert _shown(changes_sheet([change]), "What", "Currency", "Change") == [("currency changed", "USD → IDR", None)]


def test_a_price_that_may_be_wrong_says_why():
    """A misprint is a change, and its row says that it may be one."""
    sheet = changes_sheet([logged_change(ChangeKind.UP, 100, 1000, suspicion="10 times its last price"), logged_change(ChangeKind.UP)])
    assert _shown(sheet, "Now", "Doubt") == [(1000, "10 times its last price"), (110, None)]
    assert CellMark.SUSPICIOUS in sheet.marked[0].values()
    assert CellMark.SUSPICIOUS not in sheet.marked[1].values()
