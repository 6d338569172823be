"""The suppliers that there are, and what the catalogue has of each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from monito_ray.catalog.suppliers.supplier_names import existing_supplier, read_names
from monito_ray.store.database import Store
from monito_ray.store.schema import offers, supplier_lists


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier; times are aware UTC."""

    name: str
    #: How many of its lists were written to the catalogue.
    lists: int
    #: How many offers of it stand.
    offers: int
    #: The latest date that one of its lists has, None where none has one.
    list_date: date | None
    #: When a list of it was written last, None where none was.
    last_seen: datetime | None
    #: The currencies of its offers, that of the most first; "" where none is known.
    currencies: tuple[str, ...]
    #: Other names under which its lists come.
    other_names: tuple[str, ...] = ()


def list_suppliers(store: Store) -> list[Supplier]:
    """Return all suppliers, in order of name."""
    by_currency = select(offers.c.supplier, offers.c.currency, func.count()).where(~offers.c.is_gone)
    by_currency = by_currency.group_by(offers.c.supplier, offers.c.currency)
    by_list = select(
        supplier_lists.c.supplier, func.count(), func.max(supplier_lists.c.list_date), func.max(supplier_lists.c.written_at)
    ).group_by(supplier_lists.c.supplier)
    with store.read() as connection:
        names = read_names(connection)
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for supplier, currency, count in connection.execute(by_currency):
            counts[supplier][currency] = count
        lists = {supplier: tuple(values) for supplier, *values in connection.execute(by_list)}
    suppliers = []
    for name in sorted(names.suppliers, key=lambda name: (name.casefold(), name)):
        count, list_date, last_seen = lists.get(name, (0, None, None))
        currencies = tuple(sorted(counts[name], key=lambda code: (-counts[name][code], code)))
        others = tuple(names.names_of(name)[1:])
        suppliers.append(Supplier(name, count, sum(counts[name].values()), list_date, last_seen, currencies, others))
    return suppliers


def find_supplier(store: Store, name: str) -> Supplier:
    """Return the supplier that is called `name`, in any case and with any legal form.

    Raises:
        SupplierUnknown: the remedy has the names that are near.
    """
    with store.read() as connection:
        supplier = existing_supplier(read_names(connection), name)
    return next(other for other in list_suppliers(store) if other.name == supplier)
