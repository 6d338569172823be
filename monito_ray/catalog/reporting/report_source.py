"""Read from the store what the report and the charts are planned from."""

from datetime import UTC, datetime

from monito_ray.catalog import offers as catalog_offers
from monito_ray.catalog.prices.change_log import changes_since
from monito_ray.catalog.prices.list_ages import list_dates
from monito_ray.catalog.prices.price_history import histories, prices_in
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.reporting.report_plan import MOST_CHANGES, ReportSource
from monito_ray.catalog.sheets.review import review_entries
from monito_ray.plans.planned_report import DatedPrice
from monito_ray.store.database import Store

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def read_report_source(store: Store) -> ReportSource:
    """Return what the report is planned from, as the catalogue is now."""
    snapshot = catalog_offers.snapshot(store)
    with store.read() as connection:
        prices = histories(connection, [offer.offer_id for offer in snapshot.offers])
        dates = list_dates(connection)
    return ReportSource(
        snapshot=snapshot,
        histories={
            offer.offer_id: tuple(DatedPrice(one.listed_on, one.price) for one in prices_in(offer.currency, prices[offer.offer_id]))
            for offer in snapshot.offers
            if offer.offer_id in prices
        },
        changes=changes_since(store, _EVER, most=MOST_CHANGES + 1),
        list_dates=dates,
        review=review_entries(snapshot),
        suggestions=suggest(store),
    )
