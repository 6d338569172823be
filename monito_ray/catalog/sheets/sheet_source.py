"""What the workbook shows, read from the store: of each offer only what is compared, its rows only where they have to be drawn again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monito_ray.catalog.prices import change_log
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.price_history import histories
from monito_ray.catalog.sheets.charts_sheet import PriceLine, most_changed, price_lines
from monito_ray.catalog.sheets.compared_offer import ComparedOffer, ShownProduct
from monito_ray.catalog.sheets.review_sheet import DoubtGroups
from monito_ray.catalog.sheets.source.compared_prices import read_moved_prices, read_prices, read_products
from monito_ray.catalog.sheets.source.doubtful_rows import read_doubts
from monito_ray.catalog.sheets.source.list_rows import ListState, lists_of, read_list_states
from monito_ray.catalog.sheets.workbook_plan import Catalogue
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import products


@dataclass(frozen=True, slots=True)
class TableSource:
    """What the master table shows."""

    products: Sequence[ShownProduct]
    offers: Sequence[ComparedOffer]


@dataclass(frozen=True, slots=True)
class BesideTable:
    """What the other sheets show, less the questions."""

    doubts: DoubtGroups[ProductRow]
    lists: dict[str, ListState]
    changes: Sequence[LoggedChange]
    #: The price histories to draw.
    lines: Sequence[PriceLine]


def read_compared(store: Store) -> TableSource:
    """Return the products that are offered, and the prices that stand."""
    with store.read() as connection:
        prices = read_prices(connection)
        return TableSource(read_products(connection, {price.product_id for price in prices}), prices)


def read_beside_table(store: Store) -> BesideTable:
    """Return what the sheets beside the master table show; it needs nothing of that, so both can be read at once."""
    changes = change_log.latest_changes(store)
    with store.read() as connection:
        doubts = read_doubts(connection)
        lists = read_list_states(connection)
        lines = _price_lines(connection)
    return BesideTable(doubts, lists, changes, lines)


def catalogue_from(store: Store, compared: TableSource, beside: BesideTable) -> Catalogue:
    """Return all that the sheets show. The rows of a supplier are read when they are looked at."""
    lists = lists_of(store, beside.lists)
    return Catalogue(compared.products, compared.offers, lists, beside.doubts, beside.changes)


def _price_lines(connection: Connection) -> list[PriceLine]:
    changed = most_changed(read_moved_prices(connection))
    query = select(products.c.id, products.c.name)
    query = query.where(has_one_of(connection, products.c.id, sorted({price.product_id for price in changed})))
    names = {row.id: row.name for row in connection.execute(query)}
    return price_lines(changed, names, histories(connection, [price.offer_id for price in changed]))
