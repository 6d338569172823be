"""The plan of a basket, with what the catalogue has."""

from collections.abc import Sequence

from monito_ray.catalog.basket.article_choice import choose_article
from monito_ray.catalog.basket.basket_plan import BasketPlan, plan_basket
from monito_ray.catalog.basket.shopping_list import BasketLine
from monito_ray.catalog.search.find import search_products
from monito_ray.store.database import Store

#: Products that are looked at for an article: the suppliers' own words for one thing are several products until somebody says so.
_MOST_PRODUCTS = 60


def plan_purchase(store: Store, lines: Sequence[BasketLine], max_suppliers: int | None = None) -> BasketPlan:
    """Search each article and plan where to buy all of them."""
    articles = [choose_article(line, search_products(store, line.article, _MOST_PRODUCTS)) for line in lines]
    return plan_basket(articles, max_suppliers)
