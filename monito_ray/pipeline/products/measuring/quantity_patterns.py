"""The one expression by which `quantities` finds quantities in a text: an alternative for each rule.

`_RULES` lists the rules in running order: where two match at one place, the earlier one wins. What is no content (a dose, a range) is matched all
the same, so that nothing inside it is read as a size. Texts are matched in lower case.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import IDEOGRAPHS, KANA, LETTER, THAI, TIMES, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import content_spellings, count_spellings
from monito_ray.pipeline.units import small_units, units_in_names

_TIMES = rf"[{TIMES}]"
_BY = rf"[{TIMES}*]"
#: One letter of a script that puts no blank between words.
_UNSPACED = f"[{IDEOGRAPHS}{KANA}{THAI}]"
#: The end of a unit.
_END = rf"\.?(?:(?![^\W_])|(?={_UNSPACED}))"
#: A number that is no part of another number, a code or a word begins here; glued to a word of three letters ("Smooth6x100ml"), too.
_NO_NUMBER = r"(?<![.\-–—#№])(?<!\d[,/])"
_NO_WORD = rf"(?:(?<!\w)|(?<={_UNSPACED}))"
_FREE = _NO_WORD + _NO_NUMBER
_GLUED = rf"(?:{_FREE}|(?<={LETTER}{{3}}))"
#: The number of a size begins here: behind no digit, and behind no letter but those of a word ("Cotton40G") or an x ("24x330ml").
_BEGIN = rf"(?<![\d.])(?<!\d,)(?:(?<!{LETTER})|(?<={LETTER}{{3}})|(?<={_TIMES})|(?<={_UNSPACED}))"
#: "330", "1,5", "1.550", ".75", "1/2", "2 1/2", "½", "1½".
_VALUE = r"(?:(?:\d{1,2}(?:\s+|-))?[1-7]/[2-8](?![\d/])|\d+(?:[.,]\d+)*|\.\d+|\d?[½¼¾])"
#: Between a number and its unit: nothing, a blank, or the hyphen of "15-Ounce".
_TO_UNIT = rf"(?:\s*|\s?[-–—]\s?(?={LETTER}{{2}}))"
#: A fraction that people write; before pounds and gallons any other one is pieces and their content: "4/5 lb".
_FRACTION = r"(?:[13]/4|1/[23568]|2/3|[357]/8)(?!\d)"
#: Factors behind the first: pieces, packs, cartons, layers, pallets. Without a most, a long chain is tried from each of its numbers.
_MORE_FACTORS = "{0,5}"
#: "24", "12 x 10 x 4".
_CHAIN = rf"{_FREE}\d{{1,4}}(?:\s*{_BY}\s*\d{{1,4}}){_MORE_FACTORS}(?![\d])"


#: Shorter words for a dozen are units alone: "dz".
_SHORTEST_DOZEN = 5
#: Content in units of which lists give pieces before a stroke: "24/12 oz".
IMPERIAL_UNITS = frozenset({"oz", "lb", "fl_oz", "gal"})


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
    return rf"{_BEGIN}(?!\d{{1,2}}-[1-7]/[2-8])(?P<range_low>{_VALUE})\s*(?:(?P<range_low_unit>{units.content})\.?)?\s*(?:-|–|—|~|{to})\s*(?P<range_size>{_VALUE})\s*(?P<range_unit>{units.content}){_END}"


def _carton(units: _Units) -> str:
    """Match "(288/dus)": what a package holds, beside the price of something else."""
    return rf"\(?\s*@?(?P<carton_count>{_CHAIN})\s*(?:(?:{units.counted})\.?)?\s*(?:/|\b{_words('per', 'inside')}\s)\s*(?:1\s*)?(?P<carton_unit>{units.container}){_END}\s*\)?"


def _size(units: _Units) -> str:
    """Match "330 ml", "24x330ml", "12 pcs @ 85 gr", "24/330ml", "4/1.5 lb", "130gx48", "60gx5)x16", "1 l/btl": content, with pieces before or after it."""
    times = rf"(?:(?!(?<=[\dx])\*\s){_BY}|@|{_words('each')}\s)"  # the star of "brandy 5* 0.7 l" multiplies nothing
    pieces = rf"(?:\d{{1,4}}\s*(?:(?:{units.counted})\.?\s*)?|(?<=\()\d{{1,3}}\s{LETTER}{{3,12}}\s){times}\s*"
    lead = rf"{_GLUED}{pieces}(?:{pieces}){_MORE_FACTORS}"
    small = any_of(word for word, unit in content_spellings().items() if unit in small_units())
    imperial = any_of(word for word, unit in content_spellings().items() if unit in IMPERIAL_UNITS)
    slash = rf"{_FREE}(?:(?:[68]|[1-9]\d|1\d\d)/(?=\d+\s*{small}{_END})|(?!{_FRACTION})\d{{1,3}}/(?=(?:\d+(?:\.\d+)?|\.\d+){_TO_UNIT}{imperial}{_END}))"
    no_rate = rf"(?!\s*/\s*{_other_units('rate')}(?!\w))(?!\s+(?:{LETTER}+\s+)?{_words('nutrients')}(?!\w))(?!\s?\.?\s?{any_of(lexicon.words('quantities', 'horsepower'))})"
    count = rf"\d{{1,4}}(?:{_piece_letters()}|(?![\w\"”]|[.,/]\d|\s*(?:{units.any_unit}){_END}))"
    return (
        rf"(?:\b{_words('content')}\s*:?\s*|@\s*)?(?P<size_lead>{lead}|{slash})?(?P<size_by>(?<![^\W_]){_BY}\s*)?"
        rf"{_BEGIN}(?P<size_size>{_VALUE}){_TO_UNIT}(?P<size_unit>{units.content}|{_gallons()})(?:{_END}|(?={_TIMES}\s*\d)){no_rate}"
        rf"(?:\s*{_BY}\s*(?P<size_tail>{count}(?:\)\s*{_BY}\s*{count})?)(?:\s*(?:{units.counted}){_END})?)?(?:\s*/\s*(?P<size_per>{units.container}){_END})?"
    )


def _contains(units: _Units) -> str:
    """Match "isi 40", "contains 12", and the "= 40" of "dus = 40"; `quantities` asks for the package there."""
    no_size = rf"(?![\d.,]*\d)(?!\s*[-–—]\s*\d)(?!\s*(?:{units.any_unit}){_END})"
    return rf"(?:\b{_words('contains')}\b|(?P<contains_sign>(?<={LETTER})\s*=))\s*[:@]?\s*(?P<contains_count>\d{{1,4}}){no_size}(?:\s*(?:{units.counted}){_END})?\)?"


def _of(units: _Units) -> str:
    """Match the "of 6" of "pack of 6", and "of 4 packs"; `quantities` asks for a package before or behind it."""
    no_size = rf"(?![\d.,]*\d)(?!\s*{_BY}\s*\d)(?!{_TO_UNIT}(?:{units.any_unit}){_END})"
    return rf"\b{_words('of')}\s+(?P<of_count>\d{{1,4}}){no_size}(?:\s*-?\s*(?P<of_unit>{units.counted}){_END})?"


def _apostrophe(_: _Units) -> str:
    """Match "8's", "4 x 240s"."""
    return rf"{_FREE}(?P<apostrophe_count>\d{{1,4}}\s*{_TIMES}\s*\d{{2,3}}(?=['’`´]?s\b)|\d{{1,4}}(?=\s*['’`´]))\s*['’`´]?\s*s\b"


def _cans(_: _Units) -> str:
    """Match "6/#10": six cans of the size that restaurants buy."""
    return rf"{_FREE}(?P<cans_count>\d{{1,2}})\s*[/x]\s*#\s?\d{{1,2}}(?!\w)(?:\s*{_can_words()}{_END})?"


def _number(units: _Units) -> str:
    """Match "5pcs", "12x10 btl", "10/3pk"."""
    begin = rf"{_NO_NUMBER}(?:{_NO_WORD}|(?<={_TIMES}))"
    number = r"(?:\d{1,3},\d{3}(?=\s*[a-z])|\d{1,4})"
    # The signs of one product are all written alike: "6x1 x 100 pcs" are hundred.
    glued = rf"(?:{begin}|(?<={LETTER}{{3}})(?=\d+/)){number}(?:{_BY}\d{{1,4}}|(?<!\b1)/\d{{1,3}}(?={LETTER}|\s{any_of(lexicon.words('quantities', 'own_counts'))}\b)){_MORE_FACTORS}"
    spaced = rf"{_FREE}\d{{1,4}}\s+{_BY}\s+\d{{1,4}}(?:\s+{_BY}\s+\d{{1,4}}){_MORE_FACTORS}"
    return rf"(?:(?<![^\W_]){_BY}\s*)?(?P<number_count>{glued}|{spaced})\s*-?\s*(?P<number_unit>{units.counted}){_END}"


def _leading(_: _Units) -> str:
    """Match the "10 x" of "10 x Toothbrush"."""
    return rf"^(?P<leading_count>[2-9]|[1-9]\d{{1,2}})\s*{_TIMES}\s+(?={LETTER}{{2}})"


def _described(units: _Units) -> str:
    """Match "100 individually wrapped tea bags", "250 fast dissolve tablets": ten pieces or more, and words for what kind they are of."""
    things = any_of(lexicon.words("quantities", "small_pieces"))
    return rf"{_FREE}(?P<described_count>[1-9]\d{{1,3}})(?!{_TO_UNIT}(?:{units.any_unit}){_END})(?:\s+{LETTER}(?:{LETTER}|['’\-]){{2,}}){{0,3}}\s+{things}(?!{LETTER})"


def _bracket(_: _Units) -> str:
    """Match the "(24)" of "tea bags (24)"; `quantities` asks for the small pieces before it."""
    return r"\((?P<bracket_count>\d{1,4})\)"


def _times(units: _Units) -> str:
    """Match "x 30" behind other words, "x 10u"; `quantities` refuses dimensions and models."""
    return rf"(?<![^\W_]){_TIMES}\s*(?P<times_count>\d{{1,4}})(?:{_piece_letters()}|(?![\w\"”°%]|[.,/]\d|\s*{_BY}\s*\d|\s*(?:{units.any_unit}){_END}))"


def _packed(_: _Units) -> str:
    """Match the 12 of "crate 12" at the end of a phrase; `quantities` asks for the package before it."""
    return rf"{_FREE}(?P<packed_count>[6-9]|[1-9]\d{{1,2}})(?=\s*(?:$|[),;]))"


_RULES: dict[str, Callable[[_Units], str]] = {
    "dose": _dose,
    "range": _range,
    "carton": _carton,
    "size": _size,
    "contains": _contains,
    "of": _of,
    "apostrophe": _apostrophe,
    "cans": _cans,
    "number": _number,
    "leading": _leading,
    "described": _described,
    "bracket": _bracket,
    "times": _times,
    "packed": _packed,
}


@derived()
def quantity_pattern() -> re.Pattern[str]:
    """Return the expression; `lastgroup` of a match is the name of the rule, and the groups that it may have set begin with that name."""
    never = lexicon.words("other_units", "never_in_names")
    units = _Units(
        content=any_of(word for word, unit in content_spellings().items() if unit in units_in_names()),
        counted=any_of(word for word, unit in count_spellings().items() if unit in units_in_names() and word not in never),
        container=_container(),
        any_unit=any_of([*content_spellings(), *lexicon.words("other_units", "foreign")]),
    )
    # Everything begins with a digit, or with one of these before it. To say so first spares most positions all the alternatives.
    words = _words("contains", "content", "each", "of")
    begins = rf"(?=[\d½¼¾.]|[{TIMES}*@(=]\W{{0,3}}[\d½¼¾]|\s=|\s/|{words}\W{{1,3}}\d)"
    return re.compile(begins + "(?:" + "|".join(f"(?P<{name}>{rule(units)})" for name, rule in _RULES.items()) + ")")


@derived()
def small_pieces_before_pattern() -> re.Pattern[str]:
    """Return an expression for small pieces named at the end of a text, just before their number."""
    return re.compile(rf"(?<!\w){any_of(lexicon.words('quantities', 'small_pieces'))}\s*$")


@derived()
def named_counts() -> dict[str, tuple[int, str]]:
    """Return how many pieces a word or phrase says, and the canonical unit that it is: "twin pack" 2, "dozen" 12."""
    dozens = {word: (12, "dozen") for word in lexicon.words("units", "dozen") if len(word) >= _SHORTEST_DOZEN}
    packs = {word: (pieces, "") for pieces, key in ((2, "twin_packs"), (3, "triple_packs")) for word in lexicon.words("quantities", key)}
    return dozens | packs


@derived()
def named_count_stems() -> tuple[str, ...]:
    """Return texts of which one stands in every text with a word of `named_counts`, as few as possible."""
    words = named_counts()
    return tuple(word for word in words if not any(other != word and word.startswith(other) for other in words))


@derived()
def named_count_pattern() -> re.Pattern[str]:
    """Return an expression for the words of `named_counts`."""
    return re.compile(rf"(?<!\w){any_of(named_counts())}(?!\w)")


@derived()
def package_before_pattern() -> re.Pattern[str]:
    """Return an expression for a package named at the end of a text, just before its contents: "dus" of "dus isi 40"."""
    return re.compile(rf"(?<!\w)(?<!\d\s)(?P<package>{_container()})\.?\s*$")


def _piece_letters() -> str:
    """An expression for the letters that stand for pieces right behind their number: "80u"."""
    return rf"{any_of(lexicon.words('quantities', 'piece_letters'))}(?!\w)"


def _gallons() -> str:
    """An expression for words that behind a fraction are gallons, elsewhere a container of water: "1/4 galon"."""
    return rf"(?:(?<=/[248])|(?<=/[248]\s)){any_of(lexicon.words('quantities', 'parted_gallons'))}"


def _can_words() -> str:
    """An expression for the words for cans."""
    return any_of(word for word, unit in count_spellings().items() if unit == "can")


def _words(*keys: str) -> str:
    return _any_phrase([word for key in keys for word in lexicon.words("quantities", key)])


def _other_units(key: str) -> str:
    return _any_phrase(lexicon.words("other_units", key))


def _any_phrase(phrases: Sequence[str]) -> str:
    """An expression for any of the phrases; single words as a tree, which `re` reads far faster."""
    words = [phrase for phrase in phrases if phrase.isalnum()]
    others = [phrase for phrase in phrases if not phrase.isalnum()]
    return f"(?:{any_phrase(others)}|{any_of(words)})" if others else any_of(words)


def _container() -> str:
    return any_of(word for word, unit in count_spellings().items() if unit != "pcs")
