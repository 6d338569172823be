"""The search and its index, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
import search_measure
from rows import OIL, RICE
from sqlalchemy import func, insert, select, update

from monito_ray.catalog.lists import supplier_edits
from monito_ray.catalog.search import cheapest, index
from monito_ray.catalog.search.find import search_products
from monito_ray.catalog.search.index import index_products
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import offers, products, search_entries, search_versions

#: Queries of 60 that find all they must, before all that must come behind.
SEEN, UNSEEN = 56, 57


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an empty catalogue."""
    with open_store(url) as opened:
        yield opened


def _chili(name: str, price: int, supplier: str = "Toko A", **changes: object) -> ProductRow:
    row = replace(
        RICE, original_name=name, standardized_name=name, brand="", size=None, unit="", category="vegetables", price=Decimal(price),
        base_price=Decimal(price), supplier=supplier, sku="",
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


def _names(store: Store, query: str, most: int = 20) -> list[str]:
    return [result.product.name for result in search_products(store, query, most)]


@pytest.mark.parametrize(("file_name", "least"), [("queries_seen.json", SEEN), ("queries_unseen.json", UNSEEN)])
def test_people_find_what_they_look_for(store: Store, file_name: str, least: int):
    """In four languages, misspelt, as a question; what only mentions it comes behind."""
    search_measure.fill(store, search_measure.written_lists())
    outcomes = search_measure.outcomes(store, file_name)
    wrong = [(outcome.query, outcome.lost, outcome.too_early) for outcome in outcomes if not outcome.is_right]
    assert len(outcomes) - len(wrong) >= least, wrong
    assert not [outcome.query for outcome in outcomes if outcome.lost]


def test_the_cheapest_comes_first_among_equal_matches(store: Store):
    """By base price; prices that cannot be compared stand behind those of the most frequent kind."""
    rows = [
        _chili("Cabe merah", 40_000),
        _chili("Cabe hijau", 30_000),
        _chili("Cabe kering", 20_000, base_price=None, base_unit=""),
        _chili("Cabe impor", 3, currency="USD"),
    ]
    search_measure.fill(store, [rows])
    assert _names(store, "cabe") == ["Cabe hijau", "Cabe merah", "Cabe impor", "Cabe kering"]
    assert _names(store, "cabe", 2) == ["Cabe hijau", "Cabe merah"]


def test_of_very_many_matches_the_cheapest_are_found_without_a_look_at_all(store: Store, monkeypatch: pytest.MonkeyPatch):
    """The same that a look at all finds; where the most frequent kind of price has too few, all are looked at."""
    rows = [_chili(f"Cabe {name}", price) for name, price in (("merah", 40_000), ("hijau", 30_000), ("besar", 30_000), ("kecil", 20_000))]
    search_measure.fill(store, [[*rows, _chili("Cabe impor", 3, currency="USD")]])
    before = [_names(store, "cabe", most) for most in (1, 3, 4, 5)]
    monkeypatch.setattr(cheapest, "MOST_RANKED", 2)
    monkeypatch.setattr(cheapest, "_SAMPLED", 1)
    assert [_names(store, "cabe", most) for most in (1, 3, 4, 5)] == before
    assert before[3][0] == "Cabe kecil"


def test_a_price_without_a_currency_stands_last(store: Store):
    """It cannot be compared, so that it is not read as the cheapest, however low it is."""
    search_measure.fill(
        store, [[_chili("Cabe rawit", 9, price_unit="kg")], [_chili("Cabe rawit", 1, "Toko B", price_unit="kg", currency="")]]
    )
    (found,) = search_products(store, "cabe rawit")
    assert [offer.supplier for offer in found.offers] == ["Toko A", "Toko B"]


def test_a_misspelt_word_finds_what_came_after_the_last_search(store: Store):
    """The words of the catalogue are in memory between two searches."""
    search_measure.fill(store, [[_chili("Zorblax merah", 40_000)]])
    assert _names(store, "zorblex") == ["Zorblax merah"]
    assert _names(store, "qwyjibe") == []
    search_measure.fill(store, [[_chili("Qwyjibo hijau", 30_000, supplier="Toko B")]], start=1)
    assert _names(store, "qwyjibe") == ["Qwyjibo hijau"]
    assert _names(store, "zorblex") == ["Zorblax merah"]


def test_products_that_lack_a_word_say_which(store: Store):
    """Where nothing has all words, sizes go first, then words that no product has."""
    search_measure.fill(store, [[_chili("Cabe merah", 40_000), OIL]])
    (result,) = search_products(store, "cabe merah 5 kg")
    assert (result.product.name, result.missing) == ("Cabe merah", ("5 kg",))
    (result,) = search_products(store, "cabe merah zarvex")
    assert (result.product.name, result.missing) == ("Cabe merah", ("zarvex",))
    assert search_products(store, "cabe merah")[0].missing == ()
    assert search_products(store, "zarvex") == []


def test_an_article_number_finds_its_product(store: Store):
    """Whole, whatever marks are in it."""
    search_measure.fill(store, [[_chili("Cabe merah", 40_000, sku="AB-0042/7"), OIL]])
    assert _names(store, "ab00427") == _names(store, "AB-0042/7") == ["Cabe merah"]


def test_a_new_price_changes_the_order(store: Store):
    """The index is kept with the offers."""
    search_measure.fill(store, [[_chili("Cabe merah", 40_000), _chili("Cabe hijau", 30_000)], [_chili("Cabe merah", 20_000, "Toko B")]])
    assert _names(store, "cabe") == ["Cabe merah", "Cabe hijau"]


def test_a_product_without_offers_is_not_found(store: Store):
    """What the supplier's newest list lacks loses its entry, and so does all of a supplier that is deleted."""
    search_measure.fill(store, [[_chili("Cabe merah", 40_000), _chili("Cabe hijau", 30_000)], [_chili("Cabe merah", 41_000)]])
    assert _names(store, "cabe") == ["Cabe merah"]
    supplier_edits.delete_supplier(store, "Toko A")
    with store.read() as connection:
        assert connection.execute(select(search_entries.c.id)).all() == []


def test_a_renamed_product_is_found_by_its_new_name_alone(store: Store):
    """Old terms go from the full-text index."""
    search_measure.fill(store, [[_chili("Zarvex", 40_000)]])
    with store.write() as connection:
        connection.execute(update(products).values(name="Lumora"))
        connection.execute(update(offers).values(original_name="Lumora"))
        index_products(connection, list(connection.execute(select(products.c.id)).scalars()))
    assert (_names(store, "zarvex"), _names(store, "lumora")) == ([], ["Lumora"])


def test_the_index_kept_list_by_list_is_that_made_as_a_whole(store: Store):
    """Whatever the order of the changes."""
    search_measure.fill(store, search_measure.written_lists())
    assert search_measure.entries(store) == search_measure.rebuilt_entries(store)


def test_an_index_of_another_version_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch):
    """By the first search, in parts, as in a catalogue that has none yet; entries without a product go."""
    monkeypatch.setattr(index, "_PART", 2)
    search_measure.fill(store, [[_chili(f"Cabe {word}", 40_000) for word in ("merah", "hijau", "kering", "besar", "kecil")]])
    with store.write() as connection:
        connection.execute(insert(search_versions).values(version="of long ago"))
        connection.execute(update(search_entries).values(digest="of long ago", terms="zarvex"))
        left_over = {"product_id": "gone", "digest": "", "terms": "cabe", "currency": "IDR", "base_unit": "kg", "base_price": 1, "price": 1}
        connection.execute(insert(search_entries).values(left_over))
    assert len(_names(store, "cabe")) == 5
    with store.read() as connection:
        assert index.is_current(connection)
        assert connection.execute(select(func.count()).select_from(search_entries)).scalar_one() == 5


@pytest.mark.parametrize(
    "query", ["'", '"', "\\", "a' | b", '"cabe" OR "x"', "cabe:*", "^", "#", "cabe & !merah", "%", "NEAR(a b)", "\x00"]
)
def test_no_query_is_an_error(store: Store, query: str):
    """What people type is never taken for the language of the database."""
    search_measure.fill(store, [[_chili("Cabe merah", 40_000)]])
    search_products(store, query)
