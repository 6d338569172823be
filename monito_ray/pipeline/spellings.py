"""How units are spelled, and what they are in the catalogue (`data/units.toml`)."""

import re
from functools import cache, lru_cache
from typing import Any

from monito_ray.pipeline import data

_BEFORE = re.compile(r"^(?:(?:price|harga|цена|precio)\s+)?(?:(?:per|por|за|в|/|@)\s*)+", re.IGNORECASE)
_ONE = re.compile(r"^1\s*(?=[^\W\d])")


@lru_cache(maxsize=8192)
def canonical_unit(text: str) -> str:
    """The canonical unit that `text` names ("Gr." is "g", "за 1 шт." is "pcs"), or "" where it names none."""
    bare = _BEFORE.sub("", " ".join(text.casefold().split()).strip(" ()[]*,;:"))
    bare = _ONE.sub("", bare).rstrip(". ")
    return spellings().get(bare, "")


@cache
def spellings() -> dict[str, str]:
    """Every spelling, casefolded, and its canonical unit."""
    return {
        word.replace("_", " "): unit for group in ("content", "count") for unit, words in _units()[group].items() for word in words.split()
    }


@cache
def content_spellings() -> dict[str, str]:
    """The spellings of units of content alone."""
    return {word: unit for unit, words in _units()["content"].items() for word in words.split()}


@cache
def count_spellings() -> dict[str, str]:
    """The spellings of units that are counted."""
    return {word.replace("_", " "): unit for unit, words in _units()["count"].items() for word in words.split()}


@cache
def content_units() -> frozenset[str]:
    """The canonical units of content: `g kg mg ml l cl m cm mm m2 m3`."""
    return frozenset(_units()["content"])


@cache
def outer_packages() -> frozenset[str]:
    """Canonical units whose price is for all pieces within."""
    return frozenset(_units()["outer"]["units"].split())


@cache
def single_pieces() -> frozenset[str]:
    """Canonical units that are one piece."""
    return frozenset(_units()["single"]["units"].split())


@cache
def pieces_of(unit: str) -> int:
    """How many pieces a unit is by definition: a dozen 12, everything else 1."""
    return int(_units()["pieces"].get(unit, 1))


@cache
def _units() -> dict[str, Any]:
    return data.table("units.toml")
