"""Titles of columns: which role they name, and which of several prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, LETTER
from monito_ray.pipeline.currencies import title_marks
from monito_ray.pipeline.dates import is_date
from monito_ray.pipeline.lexicon import derived

#: What a column can hold. Where a title fits two roles alike, the earlier one is taken.
ROLES = (
    "price", "name", "sku", "barcode", "number", "brand", "category", "size", "pack", "unit", "quantity", "min_quantity", "currency", "note",
    "discount", "sum", "date",
)  # fmt: skip
#: The tiers of prices by name; 1 is a price of which nothing is said.
PRICE_TIERS = {"retail": 0, "wholesale": 2, "carton": 3, "old": 4}
#: Longer texts (characters, words) are sentences, not titles.
LONGEST_TITLE = 90
MOST_WORDS = 12
#: From this fit on a title is clear: it is taken at its word.
CLEAR_FIT = 0.5
#: How well "price" fits a date over a column of a history: less than `CLEAR_FIT`, so that a row with a date in it makes no header.
_FIT_OF_DATE = 0.4
#: Fit of a word that says its role by itself, and of a weak one, which needs the column's cells to agree.
_STRONG, _WEAK = 1.0, 0.6
#: Words of the longest phrase in the vocabulary.
_LONGEST_PHRASE = 4
#: A phrase fits at least by this much of its strength, and fully where the title is nothing else.
_FIT_OF_PART = 0.5
#: What each further word of a phrase adds: phrases are surer than their parts.
_FIT_OF_WORD = 0.04
#: A clear price word halves the fit of whatever it is combined with: "Price/Unit" is a price ...
_BESIDE_PRICE = 0.5
#: ... unless the title is that of a percentage, which "discount" has to fit that well.
_CLEAR_DISCOUNT = 0.99
_BROKEN_WORD = re.compile(rf"(?<={LETTER})-\s*\n?\s*(?={LETTER})")


@dataclass(frozen=True, slots=True)
class Title:
    """A column's title as understood."""

    text: str
    #: How well each role fits, 0 to a little over 1.
    roles: dict[str, float] = field(default_factory=dict, hash=False)
    #: Which of several prices it names: 0 that of one piece for one buyer today, 1 not said, 2 wholesale, 3 a carton's, 4 an old one.
    tier: int = 1

    @property
    def role(self) -> str:
        """The role that fits best, "" where none does."""
        return max(self.roles, key=lambda role: self.roles[role]) if self.roles else ""

    @property
    def strength(self) -> float:
        """How well the best role fits."""
        return max(self.roles.values(), default=0.0)

    @property
    def is_clear(self) -> bool:
        """Whether the title is taken at its word."""
        return self.strength >= CLEAR_FIT

    def strength_besides(self, role: str) -> float:
        """Return how well the best other role fits."""
        return max((fit for other, fit in self.roles.items() if other != role), default=0.0)


NO_TITLE = Title("")


@derived(maxsize=20_000)
def parse_title(text: str) -> Title:
    """Return what the title `text` says.

    A role fits by the share of the title's words that its best phrase covers, over a floor of one half; weak phrases fit less. A price
    word outweighs whatever it is combined with ("Price/Unit", "Цена за кг"), unless the title is that of a percentage or a sum.
    """
    if not text or len(text) > LONGEST_TITLE:
        return Title(text)
    words = split_words(text)
    if not words or len(words) > MOST_WORDS:
        return Title(text)
    if is_date(text):
        return Title(text, {"price": _FIT_OF_DATE})
    roles = _role_fits(words)
    if roles.get("price", 0.0) >= CLEAR_FIT and roles.get("discount", 0.0) < _CLEAR_DISCOUNT and "sum" not in roles:
        roles = {role: fit if role == "price" else fit * _BESIDE_PRICE for role, fit in roles.items()}
    return Title(text, roles, _tier(words, " ".join(words)))


def split_words(text: str) -> list[str]:
    """Return the words of a title in lower case; a word that a line break hyphenated is joined when only that makes it understood."""
    folded = text.casefold()
    words = _word().findall(folded)
    if "-" in folded and not _in_vocabulary(words):
        words = _word().findall(_BROKEN_WORD.sub("", folded))
    return words


def _in_vocabulary(words: list[str]) -> bool:
    exact, stems = _vocabulary()
    return any((word,) in exact for word in words) or any(word.startswith(stem) for word in words for stem in stems)


def _role_fits(words: list[str]) -> dict[str, float]:
    """Return how well each role fits the words of a title."""
    exact, stems = _vocabulary()
    best: dict[str, float] = {}
    for start in range(len(words)):
        for length in range(1, min(_LONGEST_PHRASE, len(words) - start) + 1):
            for role, strength in exact.get(tuple(words[start : start + length]), ()):
                fit = strength * _covered(length, len(words)) + _FIT_OF_WORD * (length - 1)
                best[role] = max(best.get(role, 0.0), fit)
    for word in words:
        for stem, (role, strength) in stems.items():
            if word.startswith(stem):
                best[role] = max(best.get(role, 0.0), strength * _covered(1, len(words)))
    return best


def _covered(length: int, words: int) -> float:
    return _FIT_OF_PART + (1 - _FIT_OF_PART) * length / words


def _tier(words: list[str], joined: str) -> int:
    """Return the tier of a title: the farthest from one piece today that its words name.

    "Wholesale carton price" is a carton's, "retail price before" an old one.
    """
    ranks = [
        rank
        for rank, exact, stems in _tiers()
        if any(word in exact for word in words) or any(w.startswith(stems) for w in words) or any(" " in p and p in joined for p in exact)
    ]
    return max(ranks, default=1)


@derived()
def _vocabulary() -> tuple[dict[tuple[str, ...], list[tuple[str, float]]], dict[str, tuple[str, float]]]:
    """Return phrases as tuples of words with the roles that they name and their strength, and stems with theirs."""
    exact: dict[tuple[str, ...], list[tuple[str, float]]] = {}
    stems: dict[str, tuple[str, float]] = {}
    for section, strength in (("titles", _STRONG), ("weak_titles", _WEAK)):
        for role in ROLES:
            for phrase in lexicon.words(section, role):
                words = tuple(_word().findall(phrase.rstrip("*").casefold()))
                if phrase.endswith("*") and len(words) == 1:
                    stems[words[0]] = (role, strength)
                elif words:
                    exact.setdefault(words, []).append((role, strength))
    for mark in title_marks():
        exact.setdefault(tuple(_word().findall(mark)), []).append(("price", _WEAK))
    return exact, stems


@derived()
def _word() -> re.Pattern[str]:
    """A word of a title, or a sign that stands for one."""
    signs = "".join(mark for mark in title_marks() if not mark.isalpha())
    return re.compile(rf"{ALPHANUMERIC}+(?:['\u02bc]{ALPHANUMERIC}+)?|[№#%{signs}]")


@derived()
def _tiers() -> tuple[tuple[int, frozenset[str], tuple[str, ...]], ...]:
    """Return the rank of each tier, its words and phrases, and its stems."""
    return tuple((rank, *_words_and_stems(lexicon.words("price_tiers", tier))) for tier, rank in PRICE_TIERS.items())


def _words_and_stems(phrases: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    stems = tuple(phrase.removesuffix("*") for phrase in phrases if phrase.endswith("*"))
    return frozenset(phrase for phrase in phrases if not phrase.endswith("*")), stems
