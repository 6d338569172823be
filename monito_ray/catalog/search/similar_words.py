"""Which words of the catalogue a word of a query may stand for: those that begin with it, and those that are spelled nearly like it. Pure."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.categories.keywords import is_keyword

#: Shorter words begin no others: two letters begin hundreds.
SHORTEST_BEGINNING = 3
#: How many letters may be wrong in a word of so many: of four letters one, of eight two. "minyk" finds "minyak", "susu" does not find "sushi".
_LETTERS_BY_ERRORS = {1: 4, 2: 8}
#: Most words that one word of a query may stand for.
MOST_OTHERS = 12


def most_errors(word: str) -> int:
    """Return how many letters of a word may be wrong, missing, too many or swapped."""
    return max((errors for errors, letters in _LETTERS_BY_ERRORS.items() if len(word) >= letters), default=0)


def similar_words(word: str, words: Sequence[str]) -> Sequence[str]:
    """Return those of `words` that `word` is a wrong spelling of, or that are wrong spellings of it: the nearest, and words of the trade.

    Two words of the trade are two things, however near they are: "lemon" is no "melon".
    """
    errors = most_errors(word)
    if not errors:
        return []
    is_of_trade = is_word_of_trade(word)
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=errors, limit=None)
    candidates = [(distance, other) for other, distance, _ in near if distance and not (is_of_trade and is_word_of_trade(other))]
    nearest = min((distance for distance, _ in candidates), default=0)
    ordered = sorted((distance, not is_word_of_trade(other), other) for distance, other in candidates)
    return [other for distance, is_unknown, other in ordered if distance == nearest or not is_unknown][:MOST_OTHERS]


def is_word_of_trade(word: str) -> bool:
    """Whether some language of the lexicon has a word for goods or their kinds."""
    return glossary.is_trade_word(word) or is_keyword(word)
