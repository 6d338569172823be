"""Where to buy a basket."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monito_ray.catalog.basket import basket_plan
from monito_ray.catalog.basket.basket_plan import BasketArticle, Purchase, plan_basket
from monito_ray.catalog.basket.shopping_list import BasketLine


def _article(name: str, currency: str = "IDR", **costs: int) -> BasketArticle:
    line = BasketLine(name, name, Decimal(1), "")
    purchases = [
        Purchase(supplier, currency, name, name, Decimal(cost), "", Decimal(1), Decimal(cost), date(2026, 6, 1))
        for supplier, cost in costs.items()
    ]
    return BasketArticle(line, tuple(purchases))


ARTICLES = [_article("rice", a=10, b=12), _article("oil", a=30, b=20, c=19), _article("salt", b=5, c=4), _article("tea")]


def test_each_article_is_bought_where_it_is_cheapest():
    """The best single supplier is the one with most articles, whatever it costs."""
    (plan,) = plan_basket(ARTICLES).plans
    assert [purchase and purchase.supplier for purchase in plan.cheapest.purchases] == ["a", "c", "c", None]
    assert (plan.cheapest.total, plan.single.suppliers, plan.single.total, plan.mix) == (33, ("b",), 37, plan.cheapest)
    assert [article.line.article for article in plan_basket(ARTICLES).missing] == ["tea"]


def test_a_mix_has_no_more_suppliers_than_are_allowed():
    """It has as many articles as can be had, then it is the cheapest."""
    (plan,) = plan_basket([*ARTICLES, _article("milk", d=1)], max_suppliers=2).plans
    assert (plan.mix.suppliers, plan.mix.covered, plan.mix.total, plan.is_exact) == (("b", "d"), 4, 38, True)
    (alone,) = plan_basket(ARTICLES, max_suppliers=1).plans
    assert alone.mix == alone.single


def test_currencies_are_told_apart():
    """Each has a plan of its own, the one with most articles first; nothing is converted."""
    plans = plan_basket([*ARTICLES, _article("jam", "EUR", a=1)]).plans
    assert [(plan.currency, plan.cheapest.covered, plan.cheapest.total) for plan in plans] == [("IDR", 3, 33), ("EUR", 1, 1)]


def test_an_empty_catalogue_has_no_plan():
    """All articles are missing."""
    plan = plan_basket([_article("tea")], max_suppliers=2)
    assert (plan.plans, len(plan.missing)) == ((), 1)


COSTS = st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 50), max_size=7)


@given(st.lists(COSTS, min_size=1, max_size=6), st.integers(1, 4))
def test_the_exact_mix_is_the_best_of_all(costs: list[dict[str, int]], most: int):
    """No set of so many suppliers has more articles, or as many for less."""
    articles = [_article(str(number), **by_supplier) for number, by_supplier in enumerate(costs)]
    for plan in plan_basket(articles, most).plans:
        best = min(_outcome(costs, chosen) for chosen in combinations("abcdefg", most))
        assert (-plan.mix.covered, plan.mix.total) == best
        assert len(plan.mix.suppliers) <= most


@given(st.lists(COSTS, min_size=1, max_size=6), st.integers(1, 4))
def test_a_grown_mix_is_a_plan_that_can_be_bought(costs: list[dict[str, int]], most: int):
    """With too many suppliers to try all mixes it says so, and is no better than the best."""
    articles = [_article(str(number), **by_supplier) for number, by_supplier in enumerate(costs)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(basket_plan, "MOST_SETS", 0)
        for plan in plan_basket(articles, most).plans:
            best = min(_outcome(costs, chosen) for chosen in combinations("abcdefg", most))
            assert (-plan.mix.covered, plan.mix.total) >= best
            assert len(plan.mix.suppliers) <= most
            assert plan.is_exact == (plan.mix == plan.cheapest)


def _outcome(costs: list[dict[str, int]], chosen: tuple[str, ...]) -> tuple[int, int]:
    own = [min((cost for supplier, cost in each.items() if supplier in chosen), default=None) for each in costs]
    return -sum(cost is not None for cost in own), sum(cost or 0 for cost in own)
