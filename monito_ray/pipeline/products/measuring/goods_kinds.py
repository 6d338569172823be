"""Kinds of goods whose quantities mean something else: cups and bags that contain nothing, goods sold by length, medicines."""

import re
from collections.abc import Iterable
from decimal import Decimal

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import content_spellings

#: A shorter length behind "x" is a dimension: "Cable 3 x 2.5".
_SHORTEST_BEHIND_TIMES = 5
#: Nothing that is sold by length is shorter (m).
_SHORTEST = Decimal("0.001")
#: Before the word for what goods are there may be sizes and codes, but no word of so many letters.
_WORD = re.compile(rf"{LETTER}{{3}}")
#: A name's beginning, and its first word, which may have hyphens, or not.
_FIRST_WORD = r"^\W*+(?:\w++(?:-++\w++)*?\W++)?"


@derived(maxsize=8192)
def contain_nothing(name: str) -> bool:
    """Return whether goods are containers or textiles, so that a volume or weight in their name is no content: "garbage bags 60 l", "towel 480 g"."""
    match = _empty_goods().search(name)
    if match is None:
        return False
    before = name[: match.start()]
    if " " in match["goods"].strip():
        return _qualifier().search(before) is None
    return _WORD.search(before) is None


def length(name: str) -> Decimal | None:
    """Return the metres of goods that are sold by length, where the name has one such number: "HDMI cable 5 m", "foil 29 cm x 10 m"."""
    if not _sold_by_length().search(name):
        return None
    rolled = _rolled().search(name) is not None
    lengths = [match["number"] for match in _metres().finditer(name) if _is_length(match, name, rolled=rolled)]
    metres = Decimal(lengths[0].replace(",", ".")) if len(lengths) == 1 else None
    return metres if metres is not None and metres >= _SHORTEST else None


def _is_length(match: re.Match[str], name: str, *, rolled: bool) -> bool:
    if match.group() == "3M":  # a brand
        return False
    factor = _factor().search(name, 0, match.start())
    if factor is None or rolled:
        return True
    return not factor["unit"] and (not factor["number"] or Decimal(match["number"].replace(",", ".")) >= _SHORTEST_BEHIND_TIMES)


@derived()
def _empty_goods() -> re.Pattern[str]:
    """Words for goods that contain nothing; one word must be the first of the name, several may stand anywhere."""
    return re.compile(rf"(?<!{LETTER})(?P<goods>{_any_ending(lexicon.words('quantities', 'empty_goods'))})", re.IGNORECASE)


def _any_ending(words: Iterable[str]) -> str:
    """An expression for words of which some have any ending; as a tree, which `re` reads far faster than `any_phrase`."""
    words = list(words)
    stems = any_of(word.removesuffix("*") for word in words if word.endswith("*"))
    return rf"(?:{stems}|{any_of(word for word in words if not word.endswith('*'))}(?!\w))"


@derived()
def _qualifier() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(lexicon.words('product_names', 'qualifiers'))}(?!\w)", re.IGNORECASE)


@derived()
def _sold_by_length() -> re.Pattern[str]:
    """Words for what is sold by length, as the first or second word of a name: a sensor "with cable 2 m" is no cable."""
    words = any_phrase([*lexicon.words("quantities", "lengths"), *lexicon.words("quantities", "rolled")])
    return re.compile(rf"{_FIRST_WORD}{words}(?!\w)", re.IGNORECASE)


@derived()
def _rolled() -> re.Pattern[str]:
    """Words for what lies on rolls, whose length stands behind the width."""
    return re.compile(rf"{_FIRST_WORD}{any_phrase(lexicon.words('quantities', 'rolled'))}(?!\w)", re.IGNORECASE)


@derived()
def _metres() -> re.Pattern[str]:
    """A number of metres that is no first factor of a dimension."""
    metres = any_of(word for word, unit in content_spellings().items() if unit == "m")
    return re.compile(rf"(?<![\w.,/*\-])(?P<number>\d{{1,3}}(?:[.,]\d+)?)\s?{metres}\.?(?!\w|\s?[/{TIMES}*])", re.IGNORECASE)


@derived()
def _factor() -> re.Pattern[str]:
    """The factor before a length: the "29 cm x " of "29 cm x 10 m"."""
    units = any_phrase(lexicon.words("other_units", "dimension"))
    return re.compile(rf"(?P<number>\d\s*)?(?P<unit>{units}\.?)?\s*[{TIMES}*]\s*$", re.IGNORECASE)
