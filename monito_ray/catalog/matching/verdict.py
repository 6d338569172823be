"""The verdict on two articles of two suppliers: one product, apart, or a question for a person. Pure and symmetric."""

from dataclasses import dataclass
from enum import StrEnum

from monito_ray.catalog.matching import canonical_words, conflicts
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.canonical_words import without_weak
from monito_ray.catalog.matching.word_likeness import (
    SURE_LETTERS,
    abbreviates,
    differ_in,
    is_misspelling,
    is_transliteration,
    may_be_one,
    may_differ_in_few,
    sure_letters,
)

#: Names without spaces of fewer letters are too near one another.
_SHORTEST_SQUEEZED = 5
#: Names that leave a word out, or abbreviate one, need prices in one currency that differ by this factor at the most; block keys rest on it.
LIKE_PRICE = 1.4
#: What prices are looked at for: whether they differ by one of these factors, the smallest first.
PRICE_RATIOS = (LIKE_PRICE, *conflicts.PRICE_RATIOS)
#: Names without a content in which a word is written otherwise need so many equal words.
_EQUAL_WORDS = 2
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


BARCODE, ARTICLE_NUMBER, AS_WRITTEN, IN_ENGLISH, BY_OTHER_NAME, WORD_LEFT_OUT, MISSPELLED, ABBREVIATED = (
    500,
    400,
    300,
    200,
    150,
    120,
    100,
    50,
)


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
    WORD_LEFT_OUT: "Their names are the same but for a word that says little.",
    ABBREVIATED: "Their names are the same but for a word that is abbreviated or spelled otherwise.",
    MISSPELLED: "Their names are the same but for the spelling of a word.",
}


def is_article_number(sku: str) -> bool:
    """Whether an article number is long enough to be no running number."""
    return len(sku) >= _SHORTEST_NUMBER


def words_strength(one: Article, other: Article) -> int:
    """Return how sure it is that two names mean the same: the constants above, or 0 where words are left over."""
    if not one.written or not other.written:
        return 0
    if one.written == other.written or (one.squeezed == other.squeezed and len(one.squeezed) >= _SHORTEST_SQUEEZED):
        return AS_WRITTEN
    if one.english and one.english == other.english:
        return IN_ENGLISH
    if one.english in other.other_names or other.english in one.other_names:
        return BY_OTHER_NAME
    return _strength_of_unlike(one, other) if _says_enough(one, other) else 0


def may_mean_the_same(one: Article, other: Article) -> bool:
    """Whether `words_strength` may be any but 0: a quick look at many that differ in most words."""
    if may_differ_in_few(one.english, other.english) or may_differ_in_few(one.written, other.written):
        return True
    return one.squeezed == other.squeezed or one.english in other.other_names or other.english in one.other_names


def _says_enough(one: Article, other: Article) -> bool:
    """Whether so much is equal that a word may be written otherwise: a content, or several words at like prices."""
    if _has_content(one, other):
        return True
    equal = max(len(set(one.written).intersection(other.written)), len(set(one.english).intersection(other.english)))
    return equal >= _EQUAL_WORDS and conflicts.has_like_prices(one, other, LIKE_PRICE)


def _has_content(one: Article, other: Article) -> bool:
    return bool(conflicts.size_key(one) or conflicts.size_key(other))


def _strength_of_unlike(one: Article, other: Article) -> int:
    """Return how sure it is that names that differ in words mean the same."""
    english, others_english = (without_weak(it.english, it.implied) for it in (one, other))
    written, others_written = (without_weak(it.written, it.implied) for it in (one, other))
    has_like_price = conflicts.has_like_prices(one, other, LIKE_PRICE)
    if has_like_price and _has_content(one, other) and (english == others_english or written == others_written):
        return WORD_LEFT_OUT
    if differ_in(is_transliteration, english, others_english):
        return IN_ENGLISH
    if differ_in(is_misspelling, english, others_english) or differ_in(is_misspelling, written, others_written):
        return MISSPELLED
    if not has_like_price:
        return 0

    def alike(word: str, other_word: str) -> bool:
        return may_be_one(word, other_word) or any(
            short in dotted and abbreviates(short, long)
            for short, long in ((word, other_word), (other_word, word))
            for dotted in (one.dotted, other.dotted)
        )

    def alike_in_english(word: str, other_word: str) -> bool:
        """Whether two words beside translated ones are alike that stand so in the names: nobody abbreviates the English of another language."""
        are_written = word in one.written and other_word in other.written
        # The keys of blocks hold so many letters of English words.
        return are_written and sure_letters(word, SURE_LETTERS) == sure_letters(other_word, SURE_LETTERS) and alike(word, other_word)

    return ABBREVIATED if differ_in(alike, written, others_written) or differ_in(alike_in_english, english, others_english) else 0


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
    if one.currency != other.currency:
        # Without a content, and with prices that cannot be compared, a glass and a bottle of one whisky look the same.
        is_unsaid = one.currency and other.currency and not conflicts.size_key(one) and not conflicts.size_key(other)
        return "Neither says how much it is, and their prices are in two currencies." if is_unsaid else ""
    if not one.price or not other.price or conflicts.has_like_prices(one, other, conflicts.MOST_PRICE_RATIO):
        return ""
    return f"One costs {max(one.price, other.price) / min(one.price, other.price):.1f} times as much as the other."
