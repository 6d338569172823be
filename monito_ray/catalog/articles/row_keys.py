"""What two rows of a supplier's lists have to share to be one article, whatever their currencies. Pure."""

from collections.abc import Callable, Hashable

from monito_ray.catalog.articles.identity import identity, unit_class
from monito_ray.records import ProductRow

#: None where the row has no such thing.
RowKey = Callable[[ProductRow], Hashable | None]


def name_of(row: ProductRow) -> str:
    """Return the name as written, in one case and with single blanks."""
    return " ".join(row.original_name.casefold().split())


def measures_of(row: ProductRow) -> tuple[object, ...]:
    """Return size and pack, and what the price is for."""
    return row.size, row.unit, row.pack_count, unit_class(row.price_unit)


def have_two_numbers(one: ProductRow, other: ProductRow) -> bool:
    """Whether their article numbers say that two rows are two articles: the name as written goes before that."""
    return bool(one.sku and other.sku and one.sku != other.sku) and name_of(one) != name_of(other)


#: From the most that two rows can share to the least that is proof.
ROW_KEYS: tuple[RowKey, ...] = (
    lambda row: (identity(row), row.sku, name_of(row), row.section, row.source_sheet),
    lambda row: (identity(row), row.sku, name_of(row), row.section),
    lambda row: (identity(row), row.sku, name_of(row)),
    lambda row: (identity(row), row.sku) if row.sku else None,
    lambda row: (identity(row), name_of(row), row.section),
    lambda row: (identity(row), name_of(row)),
    lambda row: (identity(row), row.section),
    identity,
    lambda row: (name_of(row), measures_of(row)),
)
