"""How lists spell the units of the catalogue (the lexicon)."""

import re
from collections.abc import Iterable

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.units import catalogue_units, content_units

_ONE = re.compile(r"^1\s*(?=[^\W\d])")


@derived(maxsize=8192)
def canonical_unit(text: str) -> str:
    """Return the unit of the catalogue that `text` names ("Gr." is "g", "за 1 шт." is "pcs"), "" where it names none."""
    bare = _before().sub("", " ".join(text.casefold().split()).strip(" ()[]*,;:"))
    bare = _ONE.sub("", bare).rstrip(". ")
    return spellings().get(bare, "")


def is_per_unit(text: str) -> bool:
    """Return whether a text names a unit that something is for: "/kg", "за шт."."""
    bare = " ".join(text.casefold().split())
    return _before().match(bare) is not None and canonical_unit(bare) != ""


def is_letter_of_size(text: str) -> bool:
    """Return whether the text of a size column is a lone capital: goods of size M or L, not goods by the metre or litre."""
    bare = text.strip()
    return len(bare) == 1 and bare.isupper()


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
    return _spellings_of(unit for unit in catalogue_units() if unit in content_units())


@derived()
def count_spellings() -> dict[str, str]:
    """Return the spellings of units that are counted, with their units."""
    return _spellings_of(unit for unit in catalogue_units() if unit not in content_units())


def _spellings_of(units: Iterable[str]) -> dict[str, str]:
    return {spelling: unit for unit in units for spelling in lexicon.words("units", unit)}
