"""The units of the catalogue, and what the program derives from their file."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from monito_ray.pipeline import lexicon, units
from monito_ray.pipeline.products.measuring.measures import base_price, parse_measure
from monito_ray.pipeline.products.measuring.quantities import QuantityKind, find_quantities
from monito_ray.pipeline.units import base_factors, catalogue_units, content_units, pieces_of

STONE = 'stone = { measures = "mass", factor = 6.35, sold_loose = "usually" }\n'


@pytest.fixture
def units_file(tmp_path: Path) -> Path:
    """A file of units with one that the program does not have."""
    path = tmp_path / "units.toml"
    path.write_text(STONE, encoding="utf-8")
    return path


@pytest.fixture
def _stone(units_file: Path, tmp_path: Path) -> Iterator[None]:
    """That unit and its spelling, for the test."""
    languages = tmp_path / "lexicon"
    languages.mkdir()
    (languages / "xx.toml").write_text('[units]\nstone = "stone, stn"\n', encoding="utf-8")
    with lexicon.extended_by(languages), units.extended_by(units_file):
        yield


@pytest.mark.usefixtures("_stone")
def test_a_unit_added_to_the_file_is_understood_in_sizes():
    """A line in the file of units and a spelling are enough for sizes, chains, ranges and columns."""
    measure = parse_measure("Potatoes 4 x 2 stn")
    assert (measure.size, measure.unit, measure.pack_count, measure.rest) == (2, "stone", 4, "Potatoes")
    assert parse_measure("Potatoes", "1,5 stone").size == Decimal("1.5")
    assert [quantity.kind for quantity in find_quantities("Lamb 10 kg - 2 stone")] == [QuantityKind.RANGE]


@pytest.mark.usefixtures("_stone")
def test_a_unit_added_to_the_file_has_a_base_price():
    """Its factor makes prices for it, or for a size in it, comparable with those for kg."""
    assert parse_measure("Potatoes", unit_text="stn").price_unit == "stone"
    assert base_price(Decimal("12.70"), None, "", 1, "stone") == (2, "kg")
    assert base_price(Decimal("50.80"), Decimal(2), "stone", 2, "") == (2, "kg")


def test_a_unit_that_is_taken_away_is_forgotten(units_file: Path):
    """Results that were derived from an added file are made again without it."""
    with units.extended_by(units_file):
        assert "stone" in content_units()
    assert "stone" not in content_units()


@pytest.mark.parametrize(
    "line",
    [
        'stone = { measures = "weight" }',
        "stone = { factor = 1 }",
        'stone = { measures = "mass", factor = "one" }',
        'stone = { measures = "mass", sold_loose = "always" }',
        'stone = { measures = "mass", samll = true }',
    ],
)
def test_an_entry_that_is_no_unit_is_refused(line: str, tmp_path: Path):
    """A typing error in an entry names the unit instead of changing nothing."""
    path = tmp_path / "units.toml"
    path.write_text(line, encoding="utf-8")
    with units.extended_by(path), pytest.raises(ValueError, match=r"units\.toml: stone is no unit"):
        catalogue_units()


def test_a_factor_without_a_base_unit_is_refused(tmp_path: Path):
    """A factor says nothing where no unit of the same quantity has the factor 1."""
    path = tmp_path / "units.toml"
    path.write_text('acre = { measures = "area", factor = 4046.86 }', encoding="utf-8")
    with units.extended_by(path), pytest.raises(ValueError, match=r"units\.toml: acre has a factor, but no unit of area has the factor 1"):
        base_factors()


def test_sizes_are_given_in_units_of_content():
    """The units in which a size can be given; a change of them changes the prompt."""
    assert content_units() == {"g", "kg", "mg", "ml", "l", "cl", "m", "cm", "mm", "m2", "m3", "dl", "oz", "fl_oz", "lb", "gal"}


def test_a_quantity_has_one_base_unit_at_most():
    """Base prices of one physical quantity are all for one unit, so that they can be compared."""
    bases = Counter(unit.measures for unit in catalogue_units().values() if unit.factor == 1)
    assert max(bases.values()) == 1
    assert {base for base, _ in base_factors().values()} == {"kg", "l", "m", "pcs"}


@pytest.mark.parametrize(("unit", "pieces"), [("dozen", 12), ("score", 20), ("gross", 144), ("pcs", 1), ("carton", 1), ("g", 1), ("", 1)])
def test_a_unit_is_a_number_of_pieces_by_definition(unit: str, pieces: int):
    """A dozen is twelve pieces; what a carton holds is not the unit's to say."""
    assert pieces_of(unit) == pieces


@pytest.mark.parametrize("unit", catalogue_units())
def test_every_unit_can_be_spelled(unit: str):
    """A unit without a spelling in any language would never be read."""
    assert lexicon.words("units", unit)
