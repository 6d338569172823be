"""Which products are the article that a list names."""

from dataclasses import replace
from decimal import Decimal

from rows import COLA, cola_offer

from monito_ray.catalog.basket.article_choice import choose_article
from monito_ray.catalog.basket.shopping_list import BasketLine
from monito_ray.catalog.search.find import SearchResult

LINE = BasketLine("2 kg kentang", "kentang", Decimal(2), "kg")


def _result(name: str, price: int, supplier: str = "Alpha", unit: str = "kg", **changes: object) -> SearchResult:
    product = replace(COLA, product_id=name, name=name, brand="", size=None, unit="", pack_count=1, category="vegetables")
    offer = cola_offer(supplier, price, str(price))
    row = replace(offer.row, size=None, unit="", pack_count=1, price_unit=unit)
    return SearchResult(product, (replace(offer, base_unit=unit, row=row),), **changes)  # type: ignore[arg-type]


def test_the_name_that_says_least_besides_the_article_is_taken():
    """Another that is cheaper is named."""
    article = choose_article(LINE, [_result("Potato", 20), _result("Sweet potato", 10)])
    assert [(purchase.product_id, purchase.cost) for purchase in article.purchases] == [("Potato", 40)]
    assert article.doubts == {"IDR": "cheaper, if it will do: 'Sweet potato' of Alpha at 20 IDR"}


def test_every_supplier_of_the_article_is_compared():
    """Names in other words that say no more, or only how good it is, are the same article."""
    article = choose_article(LINE, [_result("Kentang", 20), _result("Potatoes", 18, "Beta"), _result("Fresh local potato", 17, "Gamma")])
    assert sorted((purchase.supplier, purchase.cost) for purchase in article.purchases) == [("Alpha", 40), ("Beta", 36), ("Gamma", 34)]
    assert article.doubts == {}


def test_several_kinds_are_a_doubt():
    """The one taken and the next one are named."""
    article = choose_article(LINE, [_result("Red potato", 20), _result("Granola potato", 18)])
    assert article.doubts["IDR"].startswith("several fit: taken 'Granola potato")
    assert "next 'Red potato" in article.doubts["IDR"]


def test_what_cannot_be_compared_is_not_bought():
    """Goods sold by another kind of unit, of a worse match, without a word of the article, or with a suspicion."""
    other_unit = choose_article(LINE, [_result("Potato", 20, unit="bunch")])
    assert (other_unit.purchases, "sold by bunch" in other_unit.hindrance) == ((), True)
    lacking = choose_article(LINE, [_result("Potato", 20, missing=("zarvex",))])
    assert (lacking.purchases, "'zarvex'" in lacking.hindrance) == ((), True)
    worse = choose_article(LINE, [_result("Potato", 20), _result("Potatoes", 1, "Beta", level=2)])
    assert [purchase.supplier for purchase in worse.purchases] == ["Alpha"]
    assert choose_article(LINE, []).hindrance == ""
    suspicious = _result("Potato", 20)
    suspicious = replace(suspicious, offers=(replace(suspicious.offers[0], suspicion="ten times less"),))
    assert choose_article(LINE, [suspicious]).purchases == ()
