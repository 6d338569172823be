"""How a text writes its prices, learned from all its lines: decimal mark, marks of its own, bare numbers, price before or behind the name."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monito_ray.pipeline import lexicon, prices
from monito_ray.pipeline.characters import LETTER, TIMES
from monito_ray.pipeline.currencies import currency_of_mark
from monito_ray.pipeline.lines import masks, vocabulary
from monito_ray.pipeline.lines.amounts import NO_MARKS, OwnMarks, is_beside_mark, is_spaced, numbers_in
from monito_ray.pipeline.spellings import spellings

#: Letters that stand beside so many numbers, and this share of the lines with numbers, are the list's own mark of money.
FEWEST_OWN_MARKS, OWN_MARK_SHARE = 3, 0.4
#: A word labels numbers when it stands before so many.
FEWEST_LABELS = 3
#: Prices in a row differ by at most this factor; of the numbers with blanks in them this share is such rows.
_WIDEST_ROW, _ROW_SHARE, _THOUSAND = 3, 0.6, 1000
_LETTERS_BEFORE = re.compile(rf"(?<!\w)({LETTER}{{1,3}}[/.]?)(?:(?<=[/.])\s)?$")
_LETTERS_BEHIND = re.compile(rf"\s?({LETTER}{{1,4}})\.?(?!\w)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text writes its prices."""

    decimals: prices.Convention | None = None
    own: OwnMarks = NO_MARKS
    #: Whether its lines begin with the price.
    price_first: bool = False
    #: Whether its names stand behind codes.
    coded: bool = False
    #: Whether a sign stands right before the price in most lines: "Tea – £2.20", "Tea: 2.20", "Tea = 2.20".
    led: bool = False
    #: How many bare numbers end its lines.
    run_length: int = 1
    #: Whether digits with blanks between them are several numbers, where no mark stands beside them.
    parts_spaced: bool = False
    #: Whether prices with a mark beside them have blanks between their thousands: "1 200,50 ₽".
    thousands_spaced: bool = False
    #: Words with a colon before numbers that are no prices: "stk" of "Stk: 19,00".
    labels: frozenset[str] = frozenset()


def written_marks(texts: Sequence[str]) -> tuple[prices.Convention | None, OwnMarks]:
    """Return the decimal mark of a text's numbers, and the letters that it writes beside its amounts."""
    hidden = [masks.masked(text) for text in texts]
    matched = [[*numbers_in(line)] for line in hidden]
    numbers = [
        match.group()
        for line, matches in zip(hidden, matched, strict=True)
        for match in matches
        if not masks.following_factor().match(line, match.end())  # "2.5rb" beside "5.000" says nothing of that
    ]
    before, behind = Counter[str](), Counter[str]()
    for line, matches in zip(hidden, matched, strict=True):
        before.update({letters[1] for match in matches if (letters := _LETTERS_BEFORE.search(line[: match.start()]))})
        behind.update({letters[1].casefold() for match in matches[-1:] if (letters := _LETTERS_BEHIND.match(line, match.end()))})
    fewest = max(FEWEST_OWN_MARKS, OWN_MARK_SHARE * sum(map(bool, matched)))
    marks_before, marks_behind = _count_currencies(hidden, matched)
    own = OwnMarks(_frequent(before, fewest), _frequent(behind, fewest), marks_before > marks_behind, marks_behind > marks_before)
    return prices.decimal_convention(numbers), own


def number_labels(texts: Sequence[str]) -> frozenset[str]:
    """Return the words that label numbers again and again, while as many other numbers are left to be prices."""
    hidden = [masks.masked(text) for text in texts]
    times = Counter(label for line in hidden for label in labels_of(line))
    often = frozenset(label for label, count in times.items() if count >= FEWEST_LABELS and not masks.is_price_word(label))
    left = sum(any(True for _ in numbers_in(masks.without_labelled(line, often))) for line in hidden)
    return often if left >= max((times[label] for label in often), default=0) else frozenset()


def labels_of(masked: str) -> list[str]:
    """Return the labels of a line that are no sizes."""
    return [label for label in masks.labels_in(masked) if not vocabulary.size_words().fullmatch(label)]


def are_numbers_apart(texts: Sequence[str]) -> bool:
    """Whether groups of digits with blanks between them are several prices ("95 120"), not one with thousands ("2 500").

    Thousands mostly end in a nought and stand beside marks; prices in a row rise, and each is far below what both would be together.
    """
    hidden = [masks.masked(text) for text in texts]
    matched = [match for line in hidden for match in numbers_in(line)]
    spaced = [match.group().split() for match in matched if is_spaced(match)]
    plain = [int(match.group()) for match in matched if match.group().isdigit()]
    rising = [
        groups
        for groups in spaced
        if len(groups) > 1 and int(groups[0]) <= int(re.split(r"[.,]", groups[-1])[0]) <= _WIDEST_ROW * int(groups[0])
    ]
    small = sum(number < _THOUSAND for number in plain) >= len(plain) / 2
    return bool(spaced) and len(rising) >= _ROW_SHARE * len(spaced) and small


def are_thousands_spaced(texts: Sequence[str]) -> bool:
    """Return whether a number with a mark beside it has blanks between its thousands."""
    hidden = [masks.masked(text) for text in texts]
    return any(is_spaced(match) and is_beside_mark(line, match) for line in hidden for match in numbers_in(line))


def _count_currencies(hidden: Sequence[str], matched: Sequence[Sequence[re.Match[str]]]) -> tuple[int, int]:
    """Return how many lines have a currency right before a number, and right behind one."""
    before = behind = 0
    for line, matches in zip(hidden, matched, strict=True):
        before += any(masks.leading_mark().search(line[: match.start()]) for match in matches)
        behind += any(masks.following_mark().match(line, match.end()) for match in matches)
    return before, behind


def _frequent(letters: Counter[str], fewest: float) -> frozenset[str]:
    return frozenset(word for word, count in letters.items() if count >= fewest and not _is_other_word(word.casefold()))


def _is_other_word(word: str) -> bool:
    factors: Iterable[str] = (each for key in ("thousand", "million") for each in lexicon.words("amounts", key))
    return word in spellings() or word in TIMES or bool(currency_of_mark(word)) or word in factors
