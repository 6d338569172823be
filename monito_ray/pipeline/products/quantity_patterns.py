"""The one expression by which `quantities` finds quantities in a text: an alternative for each rule.

`_RULES` lists the rules in running order: where two match at one place, the earlier one wins. What is no content (a dose, a range) is matched all
the same, so that nothing inside it is read as a size. Texts are matched in lower case.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import content_spellings, count_spellings
from monito_ray.pipeline.units import small_units, units_in_names

_TIMES = rf"[{TIMES}]"
_BY = rf"[{TIMES}*]"
#: The end of a unit.
_END = rf"\.?(?!{LETTER})"
#: A number that is no part of another number, a code or a word begins here.
_FREE = r"(?<![\w.,/\-])"
#: The number of a size begins here: behind no digit, and behind no letter but those of a word ("Cotton40G") or an x ("24x330ml").
_BEGIN = rf"(?<![\d.,])(?:(?<!{LETTER})|(?<={LETTER}{{3}})|(?<={_TIMES}))"
#: "330", "1,5", "1.550", "1/2", "2 1/2", "½", "1½".
_VALUE = r"(?:(?:\d{1,2}\s+)?[1-7]/[2-8](?![\d/])|\d+(?:[.,]\d+)*|\d?[½¼¾])"
#: "24", "12 x 10 x 4".
_CHAIN = rf"{_FREE}\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}})*(?![\d])"


class _Units(NamedTuple):
    """Expressions for the spellings of units."""

    #: Of content, in names.
    content: str
    #: Of things that are counted in names.
    counted: str
    #: Of everything but the piece itself that a price can be for.
    container: str
    #: Of content, and foreign ones.
    any_unit: str


def _dose(_: _Units) -> str:
    """Match "500 mg/5 ml" and "80 g/m2": what a volume or an area holds."""
    return rf"(?<![\d.,])\d+(?:[.,]\d+)*\s*{_other_units('dose')}\s*/\s*(?P<dose_volume>\d+(?:[.,]\d+)?)?\s*{_other_units('dose_volume')}(?!{LETTER})"


def _range(units: _Units) -> str:
    """Match "2 - 3 kg" and "750 gr - 1,4 kg": goods of varying weight."""
    to = any_phrase(lexicon.words("amounts", "to"))
    return rf"{_BEGIN}(?P<range_low>{_VALUE})\s*(?:(?P<range_low_unit>{units.content})\.?)?\s*(?:-|–|—|~|{to})\s*(?P<range_size>{_VALUE})\s*(?P<range_unit>{units.content}){_END}"


def _carton(units: _Units) -> str:
    """Match "(288/dus)": what a package holds, beside the price of something else."""
    return rf"\(?\s*@?(?P<carton_count>{_CHAIN})\s*(?:(?:{units.counted})\.?)?\s*(?:/|\b{_words('per', 'inside')}\s)\s*(?:1\s*)?(?P<carton_unit>{units.container}){_END}\s*\)?"


def _size(units: _Units) -> str:
    """Match "330 ml", "24x330ml", "12 pcs @ 85 gr", "24/330ml", "130gx48", "1 l/btl": content, with pieces before or after it."""
    times = rf"(?:{_BY}|@|{_words('each')}\s)"
    pieces = rf"\d{{1,4}}\s*(?:(?:{units.counted})\.?\s*)?{times}\s*"
    lead = rf"{_FREE}{pieces}(?:{pieces})*"
    small = any_of(word for word, unit in content_spellings().items() if unit in small_units())
    slash = rf"{_FREE}(?:[68]|[1-9]\d|1\d\d)/(?=\d+\s*{small}{_END})"
    no_rate = rf"(?!\s*/\s*{_other_units('rate')}(?!\w))(?!\s?\.?\s?{any_of(lexicon.words('quantities', 'horsepower'))})"
    return (
        rf"(?:\b{_words('content')}\s*:?\s*|@\s*)?(?P<size_lead>{lead}|{slash})?(?P<size_by>(?<![^\W_]){_BY}\s*)?"
        rf"{_BEGIN}(?P<size_size>{_VALUE})\s*(?P<size_unit>{units.content})(?:{_END}|(?={_TIMES}\d)){no_rate}"
        rf"(?:\s*{_BY}\s*(?P<size_tail>\d{{1,4}})(?![\w\"”]|[.,/]\d|\s*(?:{units.any_unit}){_END})(?:\s*(?:{units.counted}){_END})?)?(?:\s*/\s*(?P<size_per>{units.container}){_END})?"
    )


def _contains(units: _Units) -> str:
    """Match "isi 40" and "contains 12"."""
    no_size = rf"(?![\d.,]*\d)(?!\s*(?:{units.any_unit}){_END})"
    return rf"(?:\b{_words('contains')}\b|(?<={LETTER})\s*=)\s*[:@]?\s*(?P<contains_count>\d{{1,4}}){no_size}(?:\s*(?:{units.counted}){_END})?\)?"


def _of(units: _Units) -> str:
    """Match "(set) of 4 packs"."""
    return rf"\b{_words('of')}\s+(?P<of_count>\d{{1,4}})\s*(?:{units.counted}){_END}"


def _apostrophe(_: _Units) -> str:
    """Match "8's"."""
    return rf"{_FREE}(?P<apostrophe_count>\d{{1,4}})\s*['’`´]\s*s\b"


def _number(units: _Units) -> str:
    """Match "5pcs" and "12x10 btl"."""
    return rf"(?:(?<![^\W_]){_BY}\s*)?(?P<number_count>(?<![\d.,/\-])(?:(?<!\w)|(?<={_TIMES}))\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}})*)\s*-?\s*(?P<number_unit>{units.counted}){_END}"


def _ounces(_: _Units) -> str:
    """Match the "24 x" of "24 x 12 oz", a size that the catalogue does not convert."""
    return rf"{_FREE}(?P<ounces_count>\d{{1,4}})\s*{_BY}\s*(?=\d+(?:[.,]\d+)?\s*{_other_units('imperial')}\b)"


def _times(units: _Units) -> str:
    """Match "x 30" behind other words; `quantities` refuses dimensions and models."""
    return rf"(?:(?<![^\W_])|(?<=oz)){_TIMES}\s*(?P<times_count>\d{{1,4}})(?![\w\"”°%]|[.,/]\d|\s*{_BY}\s*\d|\s*(?:{units.any_unit}){_END})"


_RULES: dict[str, Callable[[_Units], str]] = {
    "dose": _dose,
    "range": _range,
    "carton": _carton,
    "size": _size,
    "contains": _contains,
    "of": _of,
    "apostrophe": _apostrophe,
    "number": _number,
    "ounces": _ounces,
    "times": _times,
}


@derived()
def quantity_pattern() -> re.Pattern[str]:
    """Return the expression; `lastgroup` of a match is the name of the rule, and the groups that it may have set begin with that name."""
    # Everything begins with a digit, or with one of these before it. To say so first spares most positions all the alternatives.
    words = _words("contains", "content", "each", "of")
    begins = rf"(?=[\d½¼¾]|[{TIMES}*@(=]\W{{0,3}}[\d½¼¾]|\s=|\s/|{words}\W{{1,3}}\d)"
    units = _Units(
        content=any_of(word for word, unit in content_spellings().items() if unit in units_in_names()),
        counted=any_of(word for word, unit in count_spellings().items() if unit in units_in_names()),
        container=_container(),
        any_unit=any_of([*content_spellings(), *lexicon.words("other_units", "foreign")]),
    )
    return re.compile(begins + "(?:" + "|".join(f"(?P<{name}>{rule(units)})" for name, rule in _RULES.items()) + ")")


@derived()
def package_before_pattern() -> re.Pattern[str]:
    """Return an expression for a package named at the end of a text, just before its contents: "dus" of "dus isi 40"."""
    return re.compile(rf"(?<!\w)(?<!\d\s)(?P<package>{_container()})\.?\s*$")


def _words(*keys: str) -> str:
    return any_phrase(word for key in keys for word in lexicon.words("quantities", key))


def _other_units(key: str) -> str:
    return any_phrase(lexicon.words("other_units", key))


def _container() -> str:
    return any_of(word for word, unit in count_spellings().items() if unit != "pcs")
