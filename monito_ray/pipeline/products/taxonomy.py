"""The categories of the catalogue, and how to classify a product.

`data/taxonomy.toml` lists the categories, the lexicon has their keywords: heads, words and stems.

In running order: the name is searched before the section, that before the list's own category. In a text, an expression of `patterns` decides
before keywords; among these a head (what the goods are) before a word (what they are made of or for), a phrase before a single word.
"""

import re
from dataclasses import dataclass
from functools import cache

from monito_ray.pipeline import data, lexicon
from monito_ray.pipeline.characters import CYRILLIC, WORD
from monito_ray.pipeline.lexicon import derived

OTHER = "other"
_WORD = re.compile(WORD)
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)
_SHORTEST_STEM = 2
#: Confidence by the text in which the keyword stands: the farther from the product, the less.
_NAME_CONFIDENCE, _SECTION_CONFIDENCE, _CATEGORY_TEXT_CONFIDENCE = 1.0, 0.8, 0.7
#: Confidence by the kind of keyword: what the goods are, or only a word that goes with them.
_HEAD_CONFIDENCE, _WORD_CONFIDENCE = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class _Keyword:
    category: str
    #: It says what the goods are, not what they are made of or for; phrases always do.
    is_head: bool
    #: Casefolded; a stem ends with an asterisk.
    words: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """The higher one wins: heads before other words, phrases before single words."""
        return (self.is_head, len(self.words))

    @property
    def confidence(self) -> float:
        """How far the keyword is to be believed, 0 to 1."""
        return _HEAD_CONFIDENCE if self.is_head else _WORD_CONFIDENCE


@cache
def category_names() -> tuple[str, ...]:
    """Return all categories, `OTHER` last."""
    return tuple(data.table("taxonomy.toml")["categories"])


@derived(maxsize=65536)
def classify(name: str, section: str = "", category_text: str = "", *, head_first: bool | None = None) -> tuple[str, float]:
    """Return the category and its confidence from 0 to 1; (`OTHER`, 0.0) where no keyword is found.

    Among keywords of one rank the first wins where the language puts the head first (`head_first`: Russian, Indonesian, Spanish), the last in
    English; None leaves that to the script.
    """
    if head_first is None:
        head_first = _CYRILLIC.search(name or section or category_text) is not None
    by_text = ((name, _NAME_CONFIDENCE), (section, _SECTION_CONFIDENCE), (category_text, _CATEGORY_TEXT_CONFIDENCE))
    for text, text_confidence in by_text:
        keyword = _best_keyword(text, head_first) if text else None
        if keyword is not None:
            return keyword.category, text_confidence * keyword.confidence
    return OTHER, 0.0


def is_keyword(word: str) -> bool:
    """Whether a single word, or its stem, tells a category: such a word is hardly a brand."""
    return any(len(keyword.words) == 1 for keyword in _keywords_from(word.casefold()))


@derived(maxsize=65536)
def _best_keyword(text: str, head_first: bool) -> _Keyword | None:
    for category, pattern in _patterns():
        if pattern.search(text):
            return _Keyword(category, is_head=True, words=())
    words = _WORD.findall(text.casefold())
    best: _Keyword | None = None
    index = 0
    while index < len(words):
        keyword = _longest_keyword_at(words, index)
        if keyword is not None and (best is None or keyword.rank > best.rank or (keyword.rank == best.rank and not head_first)):
            best = keyword
        index += len(keyword.words) if keyword is not None else 1
    return best


def _longest_keyword_at(words: list[str], index: int) -> _Keyword | None:
    for keyword in _keywords_from(words[index]):
        following = words[index + 1 : index + len(keyword.words)]
        if len(following) == len(keyword.words) - 1 and all(map(_fits, following, keyword.words[1:])):
            return keyword
    return None


def _fits(word: str, keyword: str) -> bool:
    return word.startswith(keyword[:-1]) if keyword.endswith("*") else word == keyword


@derived(maxsize=65536)
def _keywords_from(word: str) -> tuple[_Keyword, ...]:
    """Return the keywords whose first word fits `word`, those of more words first, and the longer stem before the shorter."""
    by_first_word = _keywords()
    keywords = list(by_first_word.get(word, ()))
    for end in range(len(word), _SHORTEST_STEM - 1, -1):
        keywords += by_first_word.get(f"{word[:end]}*", ())
    return tuple(sorted(keywords, key=lambda keyword: -len(keyword.words)))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = data.table("taxonomy.toml")["patterns"].items()
    return tuple((category, re.compile("|".join(expressions), re.IGNORECASE)) for category, expressions in patterns)


@derived()
def _keywords() -> dict[str, list[_Keyword]]:
    """Return the keywords by their first word, a stem's with its asterisk; the first category that lists a keyword has it."""
    table: dict[str, list[_Keyword]] = {}
    seen: set[tuple[str, ...]] = set()
    for category in category_names():
        for section in ("category_heads", "category_words"):
            for written in lexicon.words(section, category):
                words = tuple(written.casefold().split())
                if words not in seen:
                    seen.add(words)
                    is_head = section == "category_heads" or len(words) > 1
                    table.setdefault(words[0], []).append(_Keyword(category, is_head, words))
    return table
