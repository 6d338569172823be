"""Numbers of a folded name with what stands at them: chains such as "12x10x38g", their units, letters that touch them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from monito_ray.catalog.matching.canonical_words import LETTERS, WORD_OF_LETTERS, canonical_word, telling_groups
from monito_ray.pipeline import lexicon, units
from monito_ray.pipeline.characters import TIMES
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import spellings
from monito_ray.pipeline.units import PhysicalQuantity

_TOKEN = re.compile(rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<letters>{WORD_OF_LETTERS})|(?P<sign>[+%/*×@#])")
_TIMES = frozenset((*TIMES, "*", "@"))
_TIMES_SIGNS = frozenset(TIMES)
#: Grades and counts from one number to another: "31-40" is "31/40".
_RANGE = re.compile(r"(?<![\d.,-])(\d{1,3})-(\d{1,3})(?![\d-]|[.,]\d)")
_UNIT_TIMES = re.compile(rf"(?<=[\d ])({LETTERS}?)([{TIMES}])(?=\d)")


class Token(NamedTuple):
    """A number, a word, or a sign of a folded name at `start:end`."""

    kind: str
    text: str
    start: int
    end: int


class ChainPart(NamedTuple):
    """A number of a chain such as "12x10x38g", and the catalogue's unit behind it, "" for none."""

    value: float
    unit: str
    text: str


class Chain(NamedTuple):
    """Numbers that "x" or "/" joins, or one number."""

    parts: list[ChainPart]
    #: What stands between them, "x" or "/".
    signs: list[str]
    #: Units that tell goods apart: "75 caps".
    words: list[str]
    #: Its first token, and the token behind it.
    start: int
    end: int
    #: "24/carton", "c/12": such a count says how the goods are packed, not what they are.
    is_packing: bool
    #: Its writing says that it counts pieces: "isi 12", "12's".
    is_contents: bool
    #: The letters that stand before and behind its numbers without a gap.
    glued: tuple[str, str]


class NumberPlace(NamedTuple):
    """A number of a name, how many of the name's words stand before it, and the unit behind it where that tells goods apart."""

    number: str
    words_before: int
    unit: str


class BoundNumber(NamedTuple):
    """A number of a name and the words that stand next to it, "" where another number or nothing does."""

    before: str
    number: str
    behind: str


class WordOfNumbers(NamedTuple):
    """A word that stands next to one number in a name, and next to another one in another name."""

    word: str
    number: str
    other_number: str


def bound_numbers(places: Sequence[NumberPlace], words: Sequence[str]) -> list[BoundNumber]:
    """Return numbers with the words next to them, by the words of the name in running order; "" among these is none."""
    starts = [0, *(place.words_before for place in places)]
    ends = [*(place.words_before for place in places[1:]), len(words)]
    bound = []
    for start, place, end in zip(starts, places, ends, strict=False):
        before = next(filter(None, reversed(words[start : place.words_before])), "")
        behind = place.unit or next(filter(None, words[place.words_before : end]), "")
        bound.append(BoundNumber(before, place.number, behind))
    return bound


def word_of_other_number(ones: Sequence[BoundNumber], others: Sequence[BoundNumber]) -> WordOfNumbers | None:
    """Return a word of two names with equal numbers that have the same words before all of them, or behind all, but not the same at each."""
    if not _are_bound_otherwise(ones, others):
        return None
    for pairs, other_pairs in zip(_by_side(ones), _by_side(others), strict=True):
        words, other_words = ([word for word, _ in side] for side in (pairs, other_pairs))
        if all(words) and words == other_words:
            swaps = (WordOfNumbers(*pair, number) for pair, (_, number) in zip(pairs, other_pairs, strict=True))
            return next(swap for swap in swaps if swap.number != swap.other_number)
    return None


def moved_word(ones: Sequence[BoundNumber], others: Sequence[BoundNumber]) -> WordOfNumbers | None:
    """Return a word next to a number of one of two names with equal numbers, all of whose words stand elsewhere in the other, this one at another number."""
    if not _are_bound_otherwise(ones, others):
        return None
    return _moved(ones, others) or _moved(others, ones)


def _moved(ones: Sequence[BoundNumber], others: Sequence[BoundNumber]) -> WordOfNumbers | None:
    for one, other in zip(ones, others, strict=True):
        words = [word for word in (one.before, one.behind) if word]
        if {other.before, other.behind}.isdisjoint(words):
            moved = (WordOfNumbers(word, one.number, it.number) for word in words for it in others if word in (it.before, it.behind))
            first = next((word for word in moved if word.number != word.other_number), None)
            if first:
                return first
    return None


def _are_bound_otherwise(ones: Sequence[BoundNumber], others: Sequence[BoundNumber]) -> bool:
    """Whether two names with equal numbers in one order have not the same words before, or behind, each of them: the side may differ."""
    if ones == others or [it.number for it in ones] != [it.number for it in others]:
        return False
    sides = _by_side(ones)
    return not any(pairs in sides for pairs in _by_side(others))


def _by_side(bound: Sequence[BoundNumber]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the words before the numbers, and those behind, each with its number, in order of the alphabet."""
    return sorted((it.before, it.number) for it in bound), sorted((it.behind, it.number) for it in bound)


def tokens_of(folded: str) -> list[Token]:
    """Return the tokens of a folded name."""
    if not _TIMES_SIGNS.isdisjoint(folded):  # few names have one
        folded = _UNIT_TIMES.sub(_parted, folded)
    if "-" in folded:
        folded = _RANGE.sub(_with_stroke, folded)
    return [Token(match.lastgroup or "", match[0], *match.span()) for match in _TOKEN.finditer(folded)]


def chains_of(tokens: Sequence[Token], pack: int) -> dict[int, Chain]:
    """Return the chains of a name by their first tokens, in running order; "c/12" is one where the pack is 12."""
    chains: dict[int, Chain] = {}
    place = 0
    while place < len(tokens):
        if tokens[place].kind == "number":
            chains[place] = _read_chain(tokens, place)
        elif tokens[place].kind == "letters" and len(tokens[place].text) == 1 and _is_pack(tokens, place + 1, pack):
            part = ChainPart(float(pack), "", tokens[place + 2].text)
            chains[place] = Chain([part], [], [], place, place + 3, is_packing=True, is_contents=False, glued=("", ""))
        place = chains[place].end if place in chains else place + 1
    return chains


def is_times(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token at `place` is the "x" before a number."""
    token = tokens[place]
    return token.text in _TIMES and is_number(tokens, place + 1) and tokens[place + 1].start <= token.end + 1


def is_number(tokens: Sequence[Token], place: int) -> bool:
    """Whether there is a number at `place`."""
    return place < len(tokens) and tokens[place].kind == "number"


def is_count(unit: str) -> bool:
    """Whether a unit of the catalogue counts pieces or packages."""
    return unit in _counting_units()


def _parted(match: re.Match[str]) -> str:
    """Return "40gx48" with a space behind the unit."""
    return f"{match[1]} {match[2]}" if match[1] in spellings() else match[0]


def _with_stroke(match: re.Match[str]) -> str:
    return f"{match[1]}/{match[2]}" if int(match[1]) < int(match[2]) else match[0]


def _is_pack(tokens: Sequence[Token], place: int, pack: int) -> bool:
    """Whether a stroke and the number of the pack stand at `place`."""
    return (
        place < len(tokens) and tokens[place].text == "/" and is_number(tokens, place + 1) and _number(tokens[place + 1].text) == pack > 1
    )


def _read_chain(tokens: Sequence[Token], start: int) -> Chain:
    """Return the chain of numbers at `start`."""
    parts: list[ChainPart] = []
    signs: list[str] = []
    words: list[str] = []
    place = start
    while True:
        unit = _unit_at(tokens, place + 1)
        if is_count(unit) and canonical_word(tokens[place + 1].text) in telling_groups():
            words.append(tokens[place + 1].text)
        parts.append(ChainPart(_number(tokens[place].text), unit, tokens[place].text))
        place += 2 if unit else 1
        if place < len(tokens) and (tokens[place].text in _TIMES or tokens[place].text == "/") and is_number(tokens, place + 1):
            signs.append("/" if tokens[place].text == "/" else "x")
            place += 1
            continue
        is_packing = _is_packing(tokens, place)
        is_contents = _is_plural(tokens, place) or (start > 0 and tokens[start - 1].text in _contents_words())
        return Chain(parts, signs, words, start, place + 2 * is_packing, is_packing, is_contents, _glued(tokens, start, place))


def _unit_at(tokens: Sequence[Token], place: int) -> str:
    if place >= len(tokens) or tokens[place].text in _TIMES:
        return ""
    return "%" if tokens[place].text == "%" else spellings().get(tokens[place].text, "")


def _is_packing(tokens: Sequence[Token], place: int) -> bool:
    """Whether "/carton" follows."""
    if place + 1 >= len(tokens) or tokens[place].text != "/":
        return False
    return is_count(spellings().get(tokens[place + 1].text, ""))


def _is_plural(tokens: Sequence[Token], place: int) -> bool:
    """Whether "'s" follows."""
    return place < len(tokens) and tokens[place].text == "s" and tokens[place].start == tokens[place - 1].end + 1


def _glued(tokens: Sequence[Token], start: int, end: int) -> tuple[str, str]:
    before, last, behind = tokens[start - 1] if start else None, tokens[end - 1], tokens[end : end + 2]
    return (
        before.text if before and before.kind == "letters" and before.end == tokens[start].start else "",
        _letters_behind(last, *behind) if behind else "",
    )


def _letters_behind(number: Token, behind: Token, follower: Token | None = None) -> str:
    """Return letters at a number; those of a measure by which goods are rated count behind a space, too: "2 ply" is "2ply"."""
    if number.kind != "number" or behind.kind != "letters":
        return ""
    is_of_follower = follower is not None and follower.kind == "number" and follower.start == behind.end
    is_rating = behind.text in _rating_words() and behind.start == number.end + 1 and not is_of_follower
    return (canonical_word(behind.text) or behind.text) if is_rating or behind.start == number.end else ""


def _number(text: str) -> float:
    """Return a number as written; of several separators none can be a decimal's."""
    whole = text.replace(",", ".")
    return float(whole.replace(".", "") if whole.count(".") > 1 else whole)


@derived()
def _rating_words() -> frozenset[str]:
    return frozenset(lexicon.words("quantities", "ratings"))


@derived()
def _contents_words() -> frozenset[str]:
    return frozenset(lexicon.words("quantities", "contains"))


@derived()
def _counting_units() -> frozenset[str]:
    return frozenset(name for name, unit in units.catalogue_units().items() if unit.measures is PhysicalQuantity.COUNT)
