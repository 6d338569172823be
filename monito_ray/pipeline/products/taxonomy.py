"""The categories of the catalogue (`data/taxonomy.toml`), and what each is in Shopify's Standard Product Taxonomy.

How a product gets its category is the business of `products.categories`.
"""

from collections.abc import Mapping
from functools import cache

from monito_ray.pipeline import data

OTHER = "other"


@cache
def category_names() -> tuple[str, ...]:
    """Return all categories, `OTHER` last."""
    return tuple(_identifiers())


def identifiers(category: str) -> tuple[str, ...]:
    """Return the ids in Shopify's taxonomy that a category stands for, the main one first: "fb-2-6"."""
    return _identifiers()[category]


@cache
def family(category: str) -> str:
    """Return the part of Shopify's taxonomy that a category belongs to: "fb" for food and drinks, "ha" for hardware."""
    return identifiers(category)[0].partition("-")[0]


@cache
def includes(category: str) -> tuple[str, ...]:
    """Return the categories that belong to `category`, itself among them: wine and beer to alcohol."""
    main = identifiers(category)[0]
    return tuple(name for name in category_names() if f"{identifiers(name)[0]}-".startswith(f"{main}-"))


@cache
def _identifiers() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(ids.split()) for name, ids in data.table("taxonomy.toml")["categories"].items()}
