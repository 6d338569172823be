"""Which suppliers to buy a list of articles from. Pure.

Prices in two currencies are never compared: there is a plan for each currency.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import combinations
from math import comb

from monito_ray.catalog.basket.shopping_list import BasketLine
from monito_ray.catalog.offers import Product

#: Sets of suppliers that are tried one by one; with more, suppliers are added one after another (see `_grown_set`).
MOST_SETS = 100_000


@dataclass(frozen=True, slots=True)
class Purchase:
    """An article bought from a supplier."""

    supplier: str
    currency: str
    product_id: str
    #: The product in one line.
    product: str
    price: Decimal
    #: What the price is for; "" where nothing says.
    price_unit: str
    #: How many times the price is paid.
    count: Decimal
    cost: Decimal
    listed_on: date
    #: The product itself.
    goods: Product | None = None


@dataclass(frozen=True, slots=True)
class BasketArticle:
    """An article of the list, and what the catalogue has for it."""

    line: BasketLine
    #: The best of each supplier and currency.
    purchases: tuple[Purchase, ...]
    #: Why nothing can be bought, where something was found; "" for no reason.
    hindrance: str = ""
    #: Why a person should look at what is bought, by currency.
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SupplierSet:
    """What is bought where, when only some suppliers are asked."""

    suppliers: tuple[str, ...]
    #: The purchase of each article, None where none of these suppliers has it.
    purchases: tuple[Purchase | None, ...]
    total: Decimal

    @property
    def covered(self) -> int:
        """How many articles they have."""
        return sum(purchase is not None for purchase in self.purchases)


@dataclass(frozen=True, slots=True)
class CurrencyPlan:
    """The plan in one currency."""

    currency: str
    #: The cheapest supplier for each article.
    cheapest: SupplierSet
    #: The supplier that has most articles, of several the cheapest.
    single: SupplierSet
    #: The cheapest mix of so many suppliers as are allowed: it has as many articles as can be had.
    mix: SupplierSet
    #: Whether all mixes were compared; else it was found by adding one supplier after another.
    is_exact: bool


@dataclass(frozen=True, slots=True)
class BasketPlan:
    """What a list of articles costs."""

    articles: tuple[BasketArticle, ...]
    #: That in which most articles can be had first.
    plans: tuple[CurrencyPlan, ...]

    @property
    def missing(self) -> tuple[BasketArticle, ...]:
        """The articles that nobody sells, or that cannot be compared."""
        return tuple(article for article in self.articles if not article.purchases)


def plan_basket(articles: Sequence[BasketArticle], max_suppliers: int | None = None) -> BasketPlan:
    """Plan the purchase of all articles, from `max_suppliers` suppliers at most in the mix, by default from as many as are cheapest."""
    currencies = {purchase.currency for article in articles for purchase in article.purchases}
    plans = [_plan_currency(articles, currency, max_suppliers) for currency in currencies]
    return BasketPlan(tuple(articles), tuple(sorted(plans, key=lambda plan: (-plan.cheapest.covered, plan.currency))))


def _plan_currency(articles: Sequence[BasketArticle], currency: str, max_suppliers: int | None) -> CurrencyPlan:
    offered = [{each.supplier: each for each in article.purchases if each.currency == currency} for article in articles]
    suppliers = sorted({supplier for by_supplier in offered for supplier in by_supplier})
    cheapest = _buy(offered, suppliers)
    single = min((_buy(offered, [supplier]) for supplier in suppliers), key=_rank)
    most = len(suppliers) if max_suppliers is None else max_suppliers
    if len(cheapest.suppliers) <= most:
        return CurrencyPlan(currency, cheapest, single, cheapest, is_exact=True)
    is_exact = comb(len(suppliers), most) <= MOST_SETS
    mix = (
        min((_buy(offered, each) for each in combinations(suppliers, most)), key=_rank)
        if is_exact
        else _grown_set(offered, suppliers, most)
    )
    return CurrencyPlan(currency, cheapest, single, mix, is_exact)


def _buy(offered: Sequence[Mapping[str, Purchase]], suppliers: Iterable[str]) -> SupplierSet:
    """Buy each article where it is cheapest among these suppliers; of equal prices the newer one, then the first in order of name."""
    allowed = set(suppliers)
    purchases: list[Purchase | None] = []
    for by_supplier in offered:
        own = [purchase for supplier, purchase in by_supplier.items() if supplier in allowed]
        purchases.append(min(own, key=lambda each: (each.cost, -each.listed_on.toordinal(), each.supplier), default=None))
    bought = [purchase for purchase in purchases if purchase is not None]
    used = tuple(sorted({purchase.supplier for purchase in bought}))
    return SupplierSet(used, tuple(purchases), sum((purchase.cost for purchase in bought), Decimal(0)))


def _rank(plan: SupplierSet) -> tuple[int, Decimal, int, tuple[str, ...]]:
    """Order plans: those with most articles first, then the cheapest, then those with fewest suppliers."""
    return -plan.covered, plan.total, len(plan.suppliers), plan.suppliers


def _grown_set(offered: Sequence[Mapping[str, Purchase]], suppliers: Sequence[str], most: int) -> SupplierSet:
    """Add the supplier that makes the plan best, one after another, then exchange one for another as long as that makes it better."""
    chosen: list[str] = []
    while len(chosen) < most:
        others = [supplier for supplier in suppliers if supplier not in chosen]
        chosen.append(min(others, key=lambda supplier: _rank(_buy(offered, [*chosen, supplier]))))
    best = _buy(offered, chosen)
    is_better = True
    while is_better:
        exchanged = ([*(each for each in chosen if each != out), into] for out in chosen for into in suppliers if into not in chosen)
        candidate = min(exchanged, key=lambda each: _rank(_buy(offered, each)))
        is_better = _rank(_buy(offered, candidate)) < _rank(best)
        if is_better:
            chosen, best = candidate, _buy(offered, candidate)
    return best
