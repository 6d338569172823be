"""Units of the catalogue (`data/units.toml`), and how lists spell them (the lexicon)."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from monito_ray.pipeline import data, lexicon
from monito_ray.pipeline.characters import any_phrase
from monito_ray.pipeline.lexicon import derived

_ONE = re.compile(r"^1\s*(?=[^\W\d])")


@derived(maxsize=8192)
def canonical_unit(text: str) -> str:
    """Return the unit of the catalogue that `text` names ("Gr." is "g", "за 1 шт." is "pcs"), "" where it names none."""
    bare = _before().sub("", " ".join(text.casefold().split()).strip(" ()[]*,;:"))
    bare = _ONE.sub("", bare).rstrip(". ")
    return spellings().get(bare, "")


@derived()
def _before() -> re.Pattern[str]:
    """Return an expression for what may stand before a unit: "price per", "за"."""
    price = any_phrase(lexicon.words("quantities", "price"))
    per = any_phrase([*lexicon.words("quantities", "per"), *lexicon.words("quantities", "inside")])
    return re.compile(rf"^(?:{price}\s+)?(?:(?:{per}|/|@)\s*)+", re.IGNORECASE)


@derived()
def spellings() -> dict[str, str]:
    """Return every spelling, casefolded, with its unit."""
    return content_spellings() | count_spellings()


@derived()
def content_spellings() -> dict[str, str]:
    """Return the spellings of units of content, with their units."""
    return _spellings_of(_units()["content"].split())


@derived()
def count_spellings() -> dict[str, str]:
    """Return the spellings of units that are counted, with their units."""
    return _spellings_of(_units()["count"].split())


def _spellings_of(units: Iterable[str]) -> dict[str, str]:
    return {spelling: unit for unit in units for spelling in lexicon.words("units", unit)}


@cache
def content_units() -> frozenset[str]:
    """Return the units of content: `g kg mg ml l cl m cm mm m2 m3`."""
    return frozenset(_units()["content"].split())


@cache
def outer_packages() -> frozenset[str]:
    """Return the units whose price is for all pieces within."""
    return frozenset(_units()["outer"].split())


@cache
def single_pieces() -> frozenset[str]:
    """Return the units that are one piece."""
    return frozenset(_units()["single"].split())


@cache
def pieces_of(unit: str) -> int:
    """Return how many pieces a unit is by definition: a dozen 12, most others 1."""
    return int(_units()["pieces"].get(unit, 1))


@cache
def _units() -> dict[str, Any]:
    return data.table("units.toml")
