"""Blocking: keys by which articles that may be one product are looked up, and the key of one thing in all its sizes."""

import hashlib
import math
from collections.abc import Iterable, Iterator

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.canonical_words import without_weak
from monito_ray.catalog.matching.conflicts import size_key
from monito_ray.catalog.matching.verdict import LIKE_PRICE, is_article_number
from monito_ray.catalog.matching.word_likeness import (
    MOST_UNLIKE,
    SURE_LETTERS,
    SURE_LETTERS_OF_ABBREVIATIONS,
    spelling_key,
    sure_letters,
    transliteration_key,
)

#: Hexadecimal digits of a key: among a million keys two are equal by chance once in 40 million catalogues.
_KEY_LENGTH = 16
#: Prices that are alike lie in one range of this width or in neighbouring ones: a hair wider, as logarithms are rounded.
_RANGE = math.log(LIKE_PRICE) * 1.001


def block_keys(article: Article) -> tuple[str, ...]:
    """Return the keys of an article's blocks: two articles of which `verdict.compare` says ONE share one.

    Each holds what the guards demand to be equal, and the words: as they are; by what misspellings of them have in common; in Latin letters;
    and cut to the letters that abbreviations leave alone. These are so few that the price stands beside them: it is alike where a word may be
    abbreviated.
    """
    demanded, english, written = _demanded(article), *_names(article)
    keys = [_key("words", _sorted(name), demanded) for name in (english, written, *article.other_names) if name]
    keys += [_key("spelling", _sorted(map(spelling_key, name)), demanded) for name in (english, written) if name]
    if english:
        keys.append(_key("latin", _sorted(map(transliteration_key, english)), demanded))
    keys += [key for key, _ in _abbreviated(article)]
    if article.squeezed:
        keys.append(_key("squeezed", article.squeezed, demanded))
    if article.barcode:
        keys.append(_key("barcode", article.barcode))
    if is_article_number(article.sku):
        keys.append(number_key(article.sku))
    return tuple(dict.fromkeys(keys))


def words_shared_in(article: Article) -> dict[str, tuple[str, ...]]:
    """Return the words of an article in those of its blocks where `verdict.compare` says ONE only of articles that share all but `MOST_UNLIKE`, by key.

    They are the blocks of names by their first letters: no more words of a name are abbreviated. A name of so few words shares none, perhaps.
    """
    return {key: words for key, words in _abbreviated(article) if len(words) > MOST_UNLIKE}


def least_shared(words: int) -> int:
    """Return how many of so many words of `words_shared_in` the other article has at least."""
    return max(1, words - MOST_UNLIKE)


def _demanded(article: Article) -> str:
    """Return what the guards demand to be equal."""
    return f"{size_key(article)}|{' '.join(article.numbers)}"


def _names(article: Article) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that count of an article's name in English and as written."""
    return without_weak(article.english, article.implied), without_weak(article.written, article.implied)


def _abbreviated(article: Article) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the keys of names cut to letters that abbreviations leave alone, and the words of each."""
    demanded, english, written = _demanded(article), *_names(article)
    for price_range in _price_ranges(article):
        if written:
            yield _key("abbreviated", _beginnings(written, SURE_LETTERS_OF_ABBREVIATIONS), demanded, price_range), written
        if english != written:
            yield _key("abbreviated English", _beginnings(english, SURE_LETTERS), demanded, price_range), english


def number_key(number: str) -> str:
    """Return the key of the block of all articles that have an article number."""
    return _key("number", number)


def family_key(article: Article) -> str:
    """Return a key that is equal for all sizes and packs of one thing: its brand and other words in English, and numbers that are no measures."""
    return _key(" ".join(article.english or article.written), " ".join(article.numbers))


def _price_ranges(article: Article) -> tuple[str, ...]:
    """Return the ranges of an article's price and of those that are a little higher: two articles at like prices have one in common."""
    if not article.price:
        return (article.currency,)
    price_range = math.floor(math.log(article.price) / _RANGE)
    return f"{article.currency} {price_range}", f"{article.currency} {price_range + 1}"


def _beginnings(words: tuple[str, ...], letters: int) -> str:
    return _sorted(sure_letters(word, letters) for word in words)


def _sorted(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _key(*texts: str) -> str:
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=_KEY_LENGTH // 2).hexdigest()
