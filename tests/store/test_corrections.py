"""Corrections in the database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rows import RICE

from monito_ray.catalog import corrections
from monito_ray.records import Method, RawRow, Standard
from monito_ray.store.database import Store, open_store

NOW = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Open an empty database."""
    with open_store(url) as opened:
        yield opened


def _raw(name: str, supplier: str, sku: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=None, supplier=supplier, sku=sku)


def test_the_latest_correction_counts_for_that_article_of_that_supplier(store: Store):
    """It is found by supplier, name and article number in any case and spacing, and by nothing less."""
    for name in ("White rice", "Brown rice"):
        with store.write() as connection:
            corrections.save_corrections(connection, [(RICE, Standard(standardized_name=name, method=Method.MANUAL))], NOW)
    rows = [
        _raw("BERAS  5kg", "toko a", "0042"),
        _raw("Beras 5kg", "Toko B", "0042"),
        _raw("Beras 5kg", "Toko A", ""),
        _raw("Beras 10kg", "Toko A", "0042"),
    ]
    assert corrections.find_corrections(store, rows) == {0: Standard(standardized_name="Brown rice", method=Method.MANUAL)}


def test_corrections_of_several_rows_are_stored_together(store: Store):
    """Each row has its own; a database without any has none for any row."""
    raw = [_raw("Beras 5kg", "Toko A", "0042"), _raw("Gula", "Toko A", "0042")]
    assert corrections.find_corrections(store, raw) == {}
    sugar = replace(RICE, original_name="Gula")
    standards = [Standard(standardized_name=name) for name in ("Rice", "Sugar")]
    with store.write() as connection:
        corrections.save_corrections(connection, list(zip((RICE, sugar), standards, strict=True)), NOW)
    assert corrections.find_corrections(store, raw) == dict(enumerate(standards))


def test_a_carton_is_not_corrected_with_its_bottle(store: Store):
    """Both have one name and number; what the price is for tells them apart."""
    carton = replace(RICE, price_unit="carton")
    with store.write() as connection:
        corrections.save_corrections(connection, [(carton, Standard(standardized_name="Carton", method=Method.MANUAL))], NOW)
        corrected = corrections.with_corrections(connection, [RICE, carton])
        assert [row.standardized_name for row in corrected] == ["Rice", "Carton"]
        corrections.save_corrections(connection, [(RICE, Standard(standardized_name="Bottle", method=Method.MANUAL))], NOW)
        corrected = corrections.with_corrections(connection, [RICE, carton])
    assert [row.standardized_name for row in corrected] == ["Bottle", "Carton"]
    raw = _raw("Beras 5kg", "Toko A", "0042")
    found = corrections.find_corrections(store, [raw, raw], ["pcs", "carton"])
    assert [found[index].standardized_name for index in (0, 1)] == ["Bottle", "Carton"]
