"""Word keys: under what an article is found by others that may be the same, each a word and the content of a piece. Pure."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.conflicts import other_size_keys, size_key

_VOWELS = frozenset("aeiouyаеёиоуыэюяьъ")
#: Hexadecimal digits of a key; two words in one key only make a candidate more.
_KEY_LENGTH = 16
#: Lists name the same goods in the same sizes over and over.
_WORDS_REMEMBERED = 65_536


def word_keys(article: Article) -> tuple[str, ...]:
    """Return the keys that an article is found under: its words, as written and in English, each with its content."""
    return _keys(article, size_key(article))


def lookup_keys(article: Article) -> tuple[str, ...]:
    """Return the keys of the articles that may be this one: of the same content, of none that is said, or of one that may mean the same."""
    contents = (size_key(article), "", *other_size_keys(article))
    return tuple(dict.fromkeys(key for content in contents for key in _keys(article, content)))


@lru_cache(maxsize=_WORDS_REMEMBERED)
def skeleton(word: str) -> str:
    """Return the first letter of a word and its consonants, each once in a row: misspellings mostly leave them alone."""
    letters = word[:1]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != letters[-1]:
            letters += letter
    return letters


def _keys(article: Article, content: str) -> tuple[str, ...]:
    return _keys_of_words((*article.english, *article.written), content)


def keys_of_words(article: Article, words: Sequence[str]) -> tuple[str, ...]:
    """Return the keys under which an article is found by some of its words."""
    return _keys_of_words(words, size_key(article))


def _keys_of_words(words: Sequence[str], content: str) -> tuple[str, ...]:
    return tuple([_key_of(letters, content) for letters in sorted(set(map(skeleton, words)))])


@lru_cache(maxsize=_WORDS_REMEMBERED)
def _key_of(letters: str, content: str) -> str:
    return hashlib.blake2b(f"{letters}\x1f{content}".encode(), digest_size=_KEY_LENGTH // 2).hexdigest()
