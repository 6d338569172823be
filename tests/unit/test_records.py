"""Records, and the tables and JSON they are stored as."""

import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from rows import OIL, RICE

from monito_ray import frames
from monito_ray.records import CERTAIN, FieldConfidence, LlmUse, Method, ProductRow, RawRow, Standard, standard_from_json, tiers_as_json

RAW = RawRow(source_file="прайс.xlsx", source_sheet="1", source_row=3, original_name="Чай", price=None, list_date=date(2024, 6, 1))


@pytest.mark.parametrize("rows", [[RICE, OIL, replace(RICE, size=None, list_date=None)], []])
def test_written_rows_survive_a_table(rows: list[ProductRow]):
    """Decimals, dates, enumerations and blanks are as before."""
    assert frames.from_table(frames.to_table(rows, ProductRow), ProductRow) == rows


def test_raw_rows_survive_a_table():
    """A row without a price has none afterwards."""
    assert frames.from_table(frames.to_table([RAW], RawRow), RawRow) == [RAW]


def test_prices_are_exact_decimals_in_a_table():
    """No price passes through a float; the columns are the fields, in order."""
    schema = frames.schema(ProductRow)
    assert schema.names == [field.name for field in fields(ProductRow)]
    assert schema.field("price").type == pa.decimal128(28, 6)


def test_columns_that_are_no_fields_are_ignored():
    """A table of a later stage can be read as rows of an earlier one."""
    table = frames.to_table([RAW], RawRow).append_column("later", pa.array(["x"]))
    assert frames.from_table(table, RawRow) == [RAW]


@pytest.mark.parametrize("size", [None, Decimal("0.10"), Decimal("1E+3")])
def test_a_standard_survives_json(size: Decimal | None):
    """Size and method are as before, digit for digit."""
    standard = Standard(standardized_name="Tea", size=size, unit="kg", method=Method.LLM, field_confidence=FieldConfidence(0.9, 0.8))
    assert standard_from_json(standard.as_json()) == standard


def test_a_standard_that_was_kept_with_one_confidence_has_it_in_every_field():
    """Corrections of earlier versions are certain still."""
    kept = Standard(standardized_name="Tea", method=Method.MANUAL).as_json() | {"confidence": 1.0}
    del kept["field_confidence"]
    assert standard_from_json(kept).field_confidence == CERTAIN


def test_uses_of_the_llm_add_up_exactly():
    """Every field is summed; the published cost is a float of six digits."""
    total = LlmUse(1, 2, 3, 1, 4, Decimal("0.0000001")) + LlmUse(1, 1, 1, 1, 1, Decimal("0.0000002"))
    assert total == LlmUse(2, 3, 4, 2, 5, Decimal("0.0000003"))
    assert LlmUse(cost_usd=Decimal("0.0123456789")).as_result()["cost_usd"] == 0.012346


@pytest.mark.parametrize("tiers", [{"MRP": 98.5, "Carton": "90"}, '{"MRP": "98.5", "Carton": 90}'])
def test_other_prices_are_kept_as_numbers_by_their_titles(tiers: object):
    """Given as a mapping, or as JSON."""
    assert json.loads(tiers_as_json(tiers)) == {"MRP": 98.5, "Carton": 90}


@pytest.mark.parametrize("tiers", [None, "", {}, "{}"])
def test_no_other_prices_are_an_empty_text(tiers: object):
    """In whatever way nothing is given."""
    assert tiers_as_json(tiers) == ""


@pytest.mark.parametrize("tiers", ["carton 90", "[90]", 90, {"Carton": "cheap"}, {"Carton": None}, '{"Carton": NaN}'])
def test_what_is_no_prices_by_titles_is_refused(tiers: object):
    """And shown as it was given."""
    with pytest.raises(ValueError, match="no prices by their titles"):
        tiers_as_json(tiers)
