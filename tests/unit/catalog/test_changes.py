"""The plan of what a list changes in the catalogue."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rows import OIL, RICE

from monito_ray.catalog.articles.identity import identity, identity_hash
from monito_ray.catalog.changes import CatalogChanges, CatalogPlan, ExistingOffer, plan_offers, plan_products
from monito_ray.records import ProductRow

RICE_KEY = ("p-rice", RICE.supplier, RICE.currency)


def _ids() -> Callable[[], str]:
    numbers = itertools.count()
    return lambda: f"new{next(numbers)}"


def _plan(rows: list[ProductRow], existing: ExistingOffer | None = None) -> CatalogPlan:
    """Plan a list for a catalogue that is empty, or has RICE with one offer."""
    new_id, existing_ids = _ids(), {identity_hash(identity(RICE)): "p-rice"} if existing else {}
    return plan_offers(rows, plan_products(rows, existing_ids, new_id), {RICE_KEY: existing} if existing else {}, new_id)


def test_the_cheapest_of_several_rows_is_the_offer():
    """The first of the cheapest rows is the offer's; the others stay in list order."""
    prices = [9, 7, 8, 7]
    plan = _plan([replace(RICE, price=Decimal(price), source_row=number) for number, price in enumerate(prices)])
    (offer,) = plan.offers
    assert offer.row.source_row == 1
    assert [row.source_row for row in offer.others] == [0, 2, 3]
    assert len(plan.products) == 1


@pytest.mark.parametrize(
    ("price", "changes"),
    [(RICE.price, CatalogChanges(1, 0)), (RICE.price + 1, CatalogChanges(1, 1))],
)
def test_existing_products_and_offers_keep_their_ids(price: Decimal, changes: CatalogChanges):
    """Only products that the catalogue lacks are new, and only another price is a change."""
    plan = _plan([replace(RICE, price=price), OIL], ExistingOffer("o-rice", RICE.price))
    assert [(product.product_id, product.is_new) for product in plan.products] == [("p-rice", False), ("new0", True)]
    assert [(offer.offer_id, offer.is_new) for offer in plan.offers] == [("o-rice", False), ("new1", True)]
    assert plan.changes == changes


@pytest.mark.parametrize(
    ("existing_date", "list_date", "is_planned"),
    [
        (date(2024, 7, 1), date(2024, 6, 1), False),
        (date(2024, 6, 1), date(2024, 6, 1), True),
        (date(2024, 6, 1), date(2024, 7, 1), True),
        (date(2024, 7, 1), None, True),
        (None, date(2024, 6, 1), True),
    ],
)
def test_an_older_list_leaves_the_offer_alone(existing_date: date | None, list_date: date | None, is_planned: bool):
    """Where both dates are there, an earlier one changes nothing; a list without a date counts as of today."""
    plan = _plan([replace(RICE, list_date=list_date, price=Decimal(1))], ExistingOffer("o-rice", RICE.price, existing_date))
    assert bool(plan.offers) is is_planned
