"""A supplier that goes over to another currency, on SQLite and on PostgreSQL."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from catalogues import view
from rows import OIL, RICE
from sqlalchemy import text

from monito_ray.catalog import offers as catalogue
from monito_ray.catalog.articles import alignment
from monito_ray.catalog.lists import standing_offers, undo, writing
from monito_ray.catalog.lists.replay import replay_outdated
from monito_ray.catalog.lists.replay_plan import plan_replay
from monito_ray.catalog.prices.change_log import changes_since
from monito_ray.catalog.prices.price_history import histories
from monito_ray.catalog.reporting.report_plan import plan_report
from monito_ray.catalog.reporting.report_source import read_report_source
from monito_ray.catalog.sheets.master_table import master_table
from monito_ray.catalog.sheets.sheet_source import read_beside_table, read_compared
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.sheet_model import CellMark
from monito_ray.store.database import Store, open_store

MONDAY = datetime(2026, 7, 6, 8, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an empty catalogue with tasks."""
    with open_store(url) as opened:
        for number in range(5):
            at = MONDAY + timedelta(weeks=number)
            queue.submit(opened, Task(id=f"t{number}", created_at=at, updated_at=at, not_before=at))
        yield opened


def _priced(row: ProductRow, price: object, currency: str) -> ProductRow:
    return replace(row, price=Decimal(str(price)), base_price=Decimal(str(price)) / 5, currency=currency, list_date=None)


def _write(store: Store, number: int, rows: Sequence[ProductRow]) -> writing.CatalogChanges:
    return writing.write_list(store, f"t{number}", rows, MONDAY + timedelta(weeks=number))


def _prices(store: Store) -> dict[str, list[tuple[str, str]]]:
    """Return the prices of each offer that stands, in order, by name and present currency."""
    offers = catalogue.snapshot(store).offers
    with store.read() as connection:
        points = histories(connection, [offer.offer_id for offer in offers])
    return {
        f"{offer.row.standardized_name} {offer.currency}": [(str(point.price), point.currency) for point in points[offer.offer_id]]
        for offer in offers
    }


def _from_dollars_to_rupiah(store: Store) -> None:
    """Write two lists in dollars and one in rupiah, of which each price is about 16,000 times as much."""
    _write(store, 0, [_priced(RICE, "5", "USD"), _priced(OIL, "2", "USD")])
    _write(store, 1, [_priced(RICE, "5.5", "USD"), _priced(OIL, "2", "USD")])
    assert _write(store, 2, [_priced(RICE, 88_000, "IDR"), _priced(OIL, 33_000, "IDR")]).prices_changed == 2


def test_an_article_is_one_offer_with_its_old_prices_in_their_currency(store: Store):
    """No offer in the old currency stands beside it, and none is suspected for having become 16,000 times as dear."""
    _from_dollars_to_rupiah(store)
    offers = catalogue.snapshot(store).offers
    assert {(offer.row.standardized_name, offer.price, offer.currency, offer.previous_price, offer.suspicion) for offer in offers} == {
        ("Rice", 88_000, "IDR", None, ""),
        ("Oil", 33_000, "IDR", None, ""),
    }
    assert _prices(store) == {
        "Rice IDR": [("5", "USD"), ("5.5", "USD"), ("88000", "IDR")],
        "Oil IDR": [("2", "USD"), ("33000", "IDR")],
    }


def test_the_change_is_told_without_a_share_and_before_small_moves(store: Store):
    """Both prices have their currencies; a rise of 10 % in the same list comes after it."""
    _write(store, 0, [_priced(RICE, "5", "USD"), _priced(OIL, 30_000, "IDR")])
    _write(store, 1, [_priced(RICE, 88_000, "IDR"), _priced(OIL, 33_000, "IDR")])
    changes = changes_since(store, MONDAY)
    assert [(change.kind.value, change.relative_change, change.relative_base_change) for change in changes] == [
        ("currency", None, None),
        ("up", pytest.approx(0.1), pytest.approx(0.1)),
    ]
    rice = changes[0]
    assert (rice.price_before, rice.currency_before, rice.price, rice.currency) == (5, "USD", 88_000, "IDR")


def test_an_undo_brings_the_old_price_back_with_its_currency(store: Store):
    """Of the newest list; of one in dollars the rest is as if that had never come. Nothing is left to replay either time."""
    _from_dollars_to_rupiah(store)
    undo.undo(store, "t0", 7, MONDAY)
    assert _prices(store) == {"Rice IDR": [("5.5", "USD"), ("88000", "IDR")], "Oil IDR": [("2", "USD"), ("33000", "IDR")]}
    undo.undo(store, "t2", 7, MONDAY)
    assert _prices(store) == {"Rice USD": [("5.5", "USD")], "Oil USD": [("2", "USD")]}
    assert view(store).changes == []
    with store.read() as connection:
        plan = plan_replay(connection, ["Toko A"])
    assert (plan.changed, plan.repriced, plan.heirs) == (frozenset(), frozenset(), {})


def test_charts_and_sheets_show_the_present_currency_alone(store: Store):
    """Neither the report nor the workbook has a line from dollars to rupiah, and the best price is the cheapest in rupiah."""
    _from_dollars_to_rupiah(store)
    _write(store, 3, [replace(_priced(RICE, 90_000, "IDR"), supplier="Toko B")])
    report = plan_report(read_report_source(store), MONDAY + timedelta(weeks=5))
    (rice,) = [comparison for comparison in report.comparisons if comparison.name == "Rice"]
    assert [(report.suppliers[offer.supplier].name, offer.price, offer.history) for offer in rice.offers] == [
        ("Toko A", 88_000, ()),
        ("Toko B", 90_000, ()),
    ]
    assert [(change.before, change.note) for change in report.changes] == [
        (None, "5.5 USD → 88000 IDR"),
        (None, "2 USD → 33000 IDR"),
        (5, ""),
    ]
    compared = read_compared(store)
    table = master_table(compared.products, compared.offers, ["Toko A", "Toko B"])
    titles = [column.title for column in table.columns]
    shown = [(row[titles.index("Currency")], row[titles.index("Best Price")], row[titles.index("Best Supplier")]) for row in table.rows]
    assert sorted(shown) == [("IDR", 33_000, "Toko A"), ("IDR", 88_000, "Toko A")]  # type: ignore[type-var]
    assert [marks[titles.index("Best Price")] for marks in table.marked.values() if titles.index("Best Price") in marks] == [CellMark.BEST]
    assert read_beside_table(store).lines == []
    _write(store, 4, [_priced(RICE, 90_000, "IDR")])
    (line,) = read_beside_table(store).lines
    assert [price.price for price in line.prices] == [88_000, 90_000]


def test_a_list_with_two_currencies_has_both_and_a_note_of_one_changes_that_alone(store: Store):
    """One price of a product in dollars and one in rupiah; of an article in one currency a note may bring another."""
    ghee = replace(OIL, original_name="Ghee 1 L", standardized_name="Ghee")
    both = [_priced(RICE, "5", "USD"), _priced(RICE, 80_000, "IDR"), _priced(OIL, "2", "USD"), _priced(ghee, "9", "USD")]
    _write(store, 0, both)
    _write(store, 1, [_priced(RICE, 82_000, "IDR")])
    rest = {"Rice USD": [("5", "USD")], "Rice IDR": [("80000", "IDR"), ("82000", "IDR")], "Ghee USD": [("9", "USD")]}
    assert _prices(store) == {**rest, "Oil USD": [("2", "USD")]}
    _write(store, 2, [_priced(OIL, 33_000, "IDR")])
    assert _prices(store) == {**rest, "Oil IDR": [("2", "USD"), ("33000", "IDR")]}


def test_a_catalogue_of_before_has_one_offer_and_one_currency_for_each_price(url: str, monkeypatch: pytest.MonkeyPatch):
    """From 0032, where an article was two offers: its supplier alone is made again, and each price has the currency of its list."""
    with open_store(url) as store:
        for number in range(3):
            queue.submit(store, Task(id=f"t{number}", created_at=MONDAY, updated_at=MONDAY, not_before=MONDAY))
        with monkeypatch.context() as before:
            before.setattr(alignment, "pairs_across_currencies", lambda *_: [])
            _write(store, 0, [_priced(RICE, "5", "USD"), _priced(OIL, "2", "USD")])
            _write(store, 1, [_priced(RICE, 88_000, "IDR"), _priced(OIL, 33_000, "IDR")])
            _write(store, 2, [replace(_priced(RICE, "6", "USD"), supplier="Toko B")])
        assert len(catalogue.snapshot(store).offers) == 5
        with store.write() as connection:
            connection.execute(text("ALTER TABLE price_history DROP COLUMN currency"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0032'"))
    with open_store(url) as store:
        assert _prices(store)["Rice USD"][0][1] == "USD"
        with store.read() as connection:
            assert standing_offers.suppliers_with_outdated_offers(connection) == ["Toko A"]
        replay_outdated(store)
        assert _prices(store) == {
            "Rice IDR": [("5", "USD"), ("88000", "IDR")],
            "Oil IDR": [("2", "USD"), ("33000", "IDR")],
            "Rice USD": [("6", "USD")],
        }
        with store.read() as connection:
            assert standing_offers.suppliers_with_outdated_offers(connection) == []
