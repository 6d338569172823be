"""Families: one thing in all its sizes and packs."""

import hashlib

from monito_ray.catalog.matching.article import Article


def family_key(article: Article) -> str:
    """Return a key that is equal for all sizes and packs of one thing: its brand and other words in English, and numbers that are no measures."""
    text = "\x1f".join((" ".join(article.english or article.written), " ".join(article.numbers)))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
