"""The units of the catalogue: what each measures, its factor to the base unit, how goods are sold by it (`data/units.toml`)."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from monito_ray.pipeline import data, lexicon
from monito_ray.pipeline.lexicon import derived

_more_files: list[Path] = []


class PhysicalQuantity(StrEnum):
    """What a unit measures."""

    MASS = "mass"
    VOLUME = "volume"
    LENGTH = "length"
    AREA = "area"
    COUNT = "count"


class SoldLoose(StrEnum):
    """How often goods are sold loose by a unit."""

    #: The unit alone, in a column, says what the price is for.
    USUALLY = "usually"
    #: Only the end of a name says so.
    RARELY = "rarely"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit; `data/units.toml` explains the fields."""

    measures: PhysicalQuantity
    #: In base units, None for a unit without a base price.
    factor: Decimal | None = None
    sold_loose: SoldLoose = SoldLoose.NEVER
    #: Whether a number of it in a name is the goods' size or count.
    in_names: bool = True
    #: A unit of small pieces: "24/330ml" is 24 of them, "1.550 ml" is 1550.
    small: bool = False
    #: An outer package, whose price is for all pieces within.
    outer: bool = False
    #: One piece, or its bare container.
    single: bool = False


@derived()
def catalogue_units() -> dict[str, Unit]:
    """Return the units by their canonical names, in the order of the file.

    Raises:
        ValueError: an entry is no unit; the message names it.
    """
    entries = data.table("units.toml")
    for path in _more_files:
        entries = entries | tomllib.loads(path.read_text(encoding="utf-8"))  # a new dict: the table is cached
    return {name: _parse_unit(name, entry) for name, entry in entries.items()}


def _parse_unit(name: str, entry: dict[str, Any]) -> Unit:
    try:
        factor = Decimal(str(entry["factor"])) if "factor" in entry else None
        sold_loose = SoldLoose(entry.get("sold_loose", SoldLoose.NEVER))
        return Unit(**entry | {"measures": PhysicalQuantity(entry["measures"]), "factor": factor, "sold_loose": sold_loose})
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"units.toml: {name} is no unit: {error}") from error


@contextmanager
def extended_by(path: Path) -> Iterator[None]:
    """Read the units in the file `path` beside those of the program for as long as the block runs."""
    _more_files.append(path)
    lexicon.clear_derived()
    try:
        yield
    finally:
        _more_files.remove(path)
        lexicon.clear_derived()


@derived()
def content_units() -> frozenset[str]:
    """Return the units in which a size can be given: `g kg mg ml cl dl l oz fl_oz lb gal m cm mm m2 m3`."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.measures is not PhysicalQuantity.COUNT)


@derived()
def units_in_names() -> frozenset[str]:
    """Return the units of which a number in a name is the goods' size or count."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.in_names)


@derived()
def small_units() -> frozenset[str]:
    """Return the units of small pieces, `g` and `ml`."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.small)


@derived()
def usually_loose_units() -> frozenset[str]:
    """Return the units of content that goods are sold by: `kg l lb gal m m2 m3`."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.sold_loose is SoldLoose.USUALLY)


@derived()
def loose_units() -> frozenset[str]:
    """Return the units that goods without a size may be priced in: the usual ones, `g ml oz fl_oz`."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.sold_loose is not SoldLoose.NEVER)


@derived()
def outer_packages() -> frozenset[str]:
    """Return the units whose price is for all pieces within."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.outer)


@derived()
def single_pieces() -> frozenset[str]:
    """Return the units that are one piece."""
    return frozenset(name for name, unit in catalogue_units().items() if unit.single)


@derived()
def base_factors() -> dict[str, tuple[str, Decimal]]:
    """Return the base unit of each unit that has a factor, and the factor.

    Raises:
        ValueError: a quantity has factors, but no base unit.
    """
    units = catalogue_units()
    base_units = {unit.measures: name for name, unit in units.items() if unit.factor == 1}
    factors: dict[str, tuple[str, Decimal]] = {}
    for name, unit in units.items():
        if unit.factor is None:
            continue
        if unit.measures not in base_units:
            raise ValueError(f"units.toml: {name} has a factor, but no unit of {unit.measures} has the factor 1")
        factors[name] = base_units[unit.measures], unit.factor
    return factors


def pieces_of(unit: str) -> int:
    """Return how many pieces a unit is by definition: a dozen 12, everything else 1."""
    base, factor = base_factors().get(unit, ("", Decimal(1)))
    return int(factor) if base == "pcs" else 1
