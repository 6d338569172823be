"""Blocking: keys by which articles that may be one product are looked up."""

import hashlib

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.canonical_words import without_weak
from monito_ray.catalog.matching.conflicts import size_key
from monito_ray.catalog.matching.verdict import is_article_number
from monito_ray.catalog.matching.word_likeness import SURE_LETTERS, SURE_LETTERS_OF_ABBREVIATIONS, sure_letters

#: Hexadecimal digits of a key: among a million keys two are equal by chance once in 40 million catalogues.
_KEY_LENGTH = 16


def block_keys(article: Article) -> tuple[str, ...]:
    """Return the keys of an article's blocks: two articles of which `verdict.compare` says ONE share one.

    Each holds what the guards demand to be equal, and the words: as they are, for small blocks, and cut to the letters that misspellings and
    abbreviations leave alone, for blocks that may be large.
    """
    demanded = f"{size_key(article)}|{' '.join(article.numbers)}"
    english, written = without_weak(article.english, article.implied), without_weak(article.written, article.implied)
    keys = [_key("words", " ".join(name), demanded) for name in (english, written, *article.other_names) if name]
    if english:
        keys.append(_key("english", _beginnings(english, SURE_LETTERS), demanded))
    if written:
        keys.append(_key("written", _beginnings(written, SURE_LETTERS_OF_ABBREVIATIONS), demanded))
    if article.squeezed:
        keys.append(_key("squeezed", article.squeezed, demanded))
    if article.barcode:
        keys.append(_key("barcode", article.barcode))
    if is_article_number(article.sku):
        keys.append(_key("number", article.sku))
    return tuple(dict.fromkeys(keys))


def _beginnings(words: tuple[str, ...], letters: int) -> str:
    return " ".join(sorted(sure_letters(word, letters) for word in words))


def _key(*texts: str) -> str:
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=_KEY_LENGTH // 2).hexdigest()
