"""The verdict on two articles of two suppliers: one product, apart, or a question for a person. Pure and symmetric."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import permutations

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from monito_ray.catalog.matching import canonical_words, conflicts
from monito_ray.catalog.matching.article import Article

#: A word of fewer letters has no misspellings: others are too near.
_SHORTEST_TYPED = 5
#: How alike a misspelled word is to the right one (Jaro-Winkler), and the most wrong letters in short and long words.
_LEAST_LIKENESS = 0.93
_MOST_WRONG_LETTERS, _MOST_WRONG_LETTERS_IN_LONG, _LONG_WORD = 1, 2, 8
#: Both spellings begin with so many equal letters: block keys rest on it.
SURE_LETTERS = 2
#: More misspelled words in a name are other goods.
_MOST_MISSPELLED = 2
#: An article number of fewer digits and no letters is a running number.
_SHORTEST_NUMBER = 4


class VerdictKind(StrEnum):
    """What two articles are to each other."""

    ONE = "one"
    APART = "apart"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two articles are, and why, in a sentence for people."""

    kind: VerdictKind
    reason: str
    #: Of two verdicts ONE the higher one is surer, see the constants below. Of ASK: hundredths of the words that are shared.
    strength: int = 0


BARCODE, ARTICLE_NUMBER, AS_WRITTEN, IN_ENGLISH, BY_OTHER_NAME, MISSPELLED = 500, 400, 300, 200, 150, 100


def compare(one: Article, other: Article, *, numbers_agree: bool = False) -> Verdict:
    """Return what two articles of two suppliers are; `numbers_agree` says that article numbers of both suppliers mean the same goods.

    Conflicts win over everything, barcodes too.
    """
    reason = conflicts.conflict(one, other)
    if reason:
        return Verdict(VerdictKind.APART, reason)
    if one.barcode and one.barcode == other.barcode:
        return Verdict(VerdictKind.ONE, f"They have one barcode: {one.barcode}.", BARCODE)
    shared = _shared_words(one, other)
    if numbers_agree and shared and is_article_number(one.sku) and one.sku == other.sku:
        return Verdict(VerdictKind.ONE, f"They have one article number: {one.sku}.", ARTICLE_NUMBER)
    strength = words_strength(one, other)
    if not strength:
        return _unlike(one, other, shared)
    reason = conflicts.question(one, other) or _prices(one, other)
    if reason:
        return Verdict(VerdictKind.ASK, reason, 100)
    return Verdict(VerdictKind.ONE, _REASONS[strength], strength)


_REASONS = {
    AS_WRITTEN: "Their names have the same words.",
    IN_ENGLISH: "Their names mean the same in English.",
    BY_OTHER_NAME: "One of them has the other's name beside its own.",
    MISSPELLED: "Their names are the same but for the spelling of a word.",
}


def is_article_number(sku: str) -> bool:
    """Whether an article number is long enough to be no running number."""
    return len(sku) >= _SHORTEST_NUMBER


def words_strength(one: Article, other: Article) -> int:
    """Return how sure it is that two names mean the same: the constants above, or 0 where words are left over."""
    if not one.written or not other.written:
        return 0
    if one.written == other.written or (one.squeezed == other.squeezed and len(one.squeezed) >= _SHORTEST_TYPED):
        return AS_WRITTEN
    if one.english and one.english == other.english:
        return IN_ENGLISH
    if one.english in other.other_names or other.english in one.other_names:
        return BY_OTHER_NAME
    if not conflicts.size_key(one):
        return 0
    return MISSPELLED if _differ_in_spelling(one.english, other.english) or _differ_in_spelling(one.written, other.written) else 0


def _differ_in_spelling(ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    if len(ones) != len(others):
        return False
    left, right = set(ones) - set(others), set(others) - set(ones)
    if not 0 < len(left) <= _MOST_MISSPELLED or len(left) != len(right):
        return False
    first = sorted(left)
    return any(all(map(_is_misspelling, first, order)) for order in permutations(sorted(right)))


@lru_cache(maxsize=65536)
def _is_misspelling(word: str, other: str) -> bool:
    """Whether one of two words is the other one misspelled: one is usual, the other is not, and they are nearly equal."""
    shortest = min(len(word), len(other))
    if shortest < _SHORTEST_TYPED or word[:SURE_LETTERS] != other[:SURE_LETTERS]:
        return False
    most = _MOST_WRONG_LETTERS_IN_LONG if max(len(word), len(other)) >= _LONG_WORD else _MOST_WRONG_LETTERS
    if DamerauLevenshtein.distance(word, other, score_cutoff=most) > most or JaroWinkler.similarity(word, other) < _LEAST_LIKENESS:
        return False
    return canonical_words.is_usual(word) != canonical_words.is_usual(other)


def _shared_words(one: Article, other: Article) -> int:
    """Return how many hundredths of the words of the shorter name the other one has, in the language where these are more."""
    return max(_share(one.english, other.english), _share(one.written, other.written))


def _share(ones: tuple[str, ...], others: tuple[str, ...]) -> int:
    shortest = min(len(ones), len(others))
    return 100 * len(set(ones) & set(others)) // shortest if shortest else 0


def _unlike(one: Article, other: Article, shared: int) -> Verdict:
    """Return the verdict on names that have words left over."""
    left = [word for word in one.english if word not in other.english]
    right = [word for word in other.english if word not in one.english]
    if not shared and all(map(canonical_words.is_usual, (*left, *right))):
        return Verdict(VerdictKind.APART, "Their names have no word in common.")
    if left and right:
        return Verdict(VerdictKind.ASK, f'Is "{" ".join(left)}" the same as "{" ".join(right)}"?', shared)
    return Verdict(VerdictKind.ASK, f'Only one of them says "{" ".join(left or right)}".', shared)


def _prices(one: Article, other: Article) -> str:
    if one.currency != other.currency or not one.price or not other.price:
        return ""
    ratio = max(one.price, other.price) / min(one.price, other.price)
    return f"One costs {ratio:.1f} times as much as the other." if ratio > conflicts.MOST_PRICE_RATIO else ""
