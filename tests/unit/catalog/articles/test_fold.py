"""What a supplier's list makes of the offers that stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rows import OIL, RICE

from monito_ray.catalog.articles.fold import ListOutcome, StandingOffer, SupplierList, fold_list
from monito_ray.records import PRICE_OF_PICTURE, ProductRow

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SALT = replace(RICE, original_name="Salt", standardized_name="Salt", sku="0050")


def _list(number: int, rows: Sequence[ProductRow]) -> SupplierList:
    return SupplierList(task_id=f"t{number}", list_date=None, written_at=NOW + timedelta(weeks=number), rows=rows)


def _fold(*lists: Sequence[ProductRow]) -> tuple[dict[str, StandingOffer], ListOutcome]:
    standing: dict[str, StandingOffer] = {}
    for number, rows in enumerate(lists):
        outcome = fold_list(standing, _list(number, rows))
        standing |= {offer.offer_id: offer for offer in (*outcome.offers, *outcome.gone)}
    return standing, outcome


def _priced(row: ProductRow, price: int) -> ProductRow:
    return replace(row, price=Decimal(price))


def test_an_article_keeps_its_id_and_when_it_came():
    """Its price is the newest list's, and the one before the last change is kept."""
    standing, outcome = _fold([_priced(RICE, 70)], [_priced(RICE, 75)], [_priced(RICE, 75)])
    (offer,) = standing.values()
    assert (offer.article.row.price, offer.previous_price) == (75, 70)
    assert (offer.first_seen, offer.last_seen, offer.task_id) == (NOW, NOW + timedelta(weeks=2), "t2")
    assert outcome.points == ()


def test_what_the_next_list_of_a_series_lacks_is_gone():
    """And it is there again when a later list has it."""
    standing, _ = _fold([RICE, OIL, SALT], [RICE, OIL])
    assert {offer.article.row.standardized_name for offer in standing.values() if offer.is_gone} == {"Salt"}
    standing, outcome = _fold([RICE, OIL, SALT], [RICE, OIL], [RICE, OIL, _priced(SALT, 9)])
    assert not any(offer.is_gone for offer in standing.values())
    assert [change.kind for change in outcome.changes] == ["back"]


def test_a_list_of_other_goods_leaves_the_rest_as_it_is():
    """Also a note of few of the prices."""
    standing, outcome = _fold([RICE, OIL, replace(OIL, standardized_name="Ghee", original_name="Ghee")], [SALT], [_priced(RICE, 9)])
    assert not any(offer.is_gone for offer in standing.values())
    assert (len(standing), [change.kind for change in outcome.changes]) == (4, ["down"])


def test_ids_are_equal_whenever_a_list_is_folded():
    """And other for each article, also for rows that say the same of themselves."""
    first, _ = _fold([RICE, OIL, replace(RICE, section="B")])
    again, _ = _fold([RICE, OIL, replace(RICE, section="B", standardized_name="Corrected")])
    assert first.keys() == again.keys()
    assert len(first) == 3


def test_lists_are_ordered_by_their_own_dates():
    """One without a date is of the day it came."""
    late = SupplierList(task_id="a", list_date=date(2024, 5, 1), written_at=NOW, rows=())
    early = SupplierList(task_id="b", list_date=None, written_at=NOW - timedelta(days=20), rows=())
    assert sorted((early, late), key=lambda one: one.age) == [late, early]


def test_a_price_of_a_picture_that_the_last_list_has_too_is_in_doubt_no_longer():
    """Another price stays in doubt, and so does one that was in doubt before: a figure may be misread the same way twice."""
    unclear = f"{PRICE_OF_PICTURE}: the picture is not clear"
    seen = replace(_priced(RICE, 75), doubt=unclear)
    lists = {"same": [_priced(RICE, 75)], "other": [_priced(RICE, 76)], "in doubt": [seen]}
    doubts = {name: [offer.article.row.doubt for offer in _fold(before, [seen])[0].values()] for name, before in lists.items()}
    assert doubts == {"same": [""], "other": [unclear], "in doubt": [unclear]}


def test_an_article_in_another_currency_is_the_same_offer():
    """The old price is in the history with its currency; what it was before the last change is of one currency alone."""
    dollars = [replace(row, currency="USD", list_date=None) for row in (_priced(RICE, 5), _priced(OIL, 2), _priced(SALT, 1))]
    rupiah = [replace(row, list_date=None) for row in (_priced(RICE, 80_000), _priced(OIL, 2))]
    dearer = [_priced(dollars[0], 6), dollars[1], dollars[2]]
    standing, outcome = _fold(dollars, dearer, rupiah)
    offers = {offer.article.row.standardized_name: offer for offer in standing.values()}
    assert len(offers) == len(standing) == 3
    rice, oil = offers["Rice"], offers["Oil"]
    assert [(one.article.row.price, one.article.row.currency, one.previous_price, one.is_gone) for one in (rice, oil)] == [
        (80_000, "IDR", None, False),
        (2, "IDR", None, False),
    ]
    assert [(point.price, point.currency) for _, point in outcome.points] == [(80_000, "IDR"), (2, "IDR")]
    assert [(change.kind.value, change.relative_change) for change in outcome.changes] == [
        ("currency", None),
        ("currency", None),
        ("gone", None),
    ]
    standing, _ = _fold(dollars, dearer, rupiah, [_priced(rupiah[0], 82_000)])
    assert {offer.previous_price for offer in standing.values() if offer.article.row.standardized_name == "Rice"} == {80_000}
