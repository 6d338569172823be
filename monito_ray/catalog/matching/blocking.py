"""Blocking: keys by which articles that may be one product are looked up."""

import hashlib

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.conflicts import size_key
from monito_ray.catalog.matching.verdict import SURE_LETTERS, is_article_number

#: Hexadecimal digits of a key: among a million keys two are equal by chance once in 40 million catalogues.
_KEY_LENGTH = 16


def block_keys(article: Article) -> tuple[str, ...]:
    """Return the keys of an article's blocks: two articles of which `verdict.compare` says ONE share one.

    Each holds what the guards demand to be equal, and words cut to the letters that misspellings leave alone.
    """
    demanded = f"{size_key(article)}|{' '.join(article.numbers)}"
    keys = [_key("english", _beginnings(article.english), demanded)] if article.english else []
    if article.written:
        keys.append(
            _key(
                "english" if _beginnings(article.written) == _beginnings(article.english) else "written",
                _beginnings(article.written),
                demanded,
            )
        )
        keys.append(_key("squeezed", article.squeezed, demanded))
    keys += (_key("english", _beginnings(name), demanded) for name in article.other_names)
    if article.barcode:
        keys.append(_key("barcode", article.barcode))
    if is_article_number(article.sku):
        keys.append(_key("number", article.sku))
    return tuple(dict.fromkeys(keys))


def _beginnings(words: tuple[str, ...]) -> str:
    return " ".join(sorted(word[:SURE_LETTERS] for word in words))


def _key(*texts: str) -> str:
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=_KEY_LENGTH // 2).hexdigest()
