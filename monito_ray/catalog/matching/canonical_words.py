"""Canonical words: how names are compared whatever their case, accents, number, language and order."""

import re
import unicodedata

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, WITHOUT_ACCENTS, combining_marks
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands.brand_words import is_ordinary_word

#: A run of letters with the signs that stand behind letters; apostrophes within are no gap: "hershey's" is one word.
LETTERS = rf"(?:{LETTER}|[{combining_marks()}])+"
_WORD = re.compile(rf"{LETTERS}(?:['’´`]{LETTERS})*")
_APOSTROPHES = str.maketrans("", "", "'’´`")
#: A shorter word in Latin letters has no plural: "gas", "bus".
_SHORTEST_PLURAL = 4


def fold(text: str) -> str:
    """Return `text` in one case, without accents and in one form of Unicode."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().translate(WITHOUT_ACCENTS))


def words_of(folded: str) -> list[str]:
    """Return the words of a folded text in running order, without digits."""
    return [canonical_word(word) for word in _WORD.findall(folded)]


@derived(maxsize=65536)
def canonical_word(word: str) -> str:
    """Return a folded word in the singular and in its usual spelling, "" for one that says nothing of goods ("of", "the")."""
    bare = word.translate(_APOSTROPHES)
    if bare in _fillers():
        return ""
    synonyms = _synonyms()
    if bare in synonyms:
        return synonyms[bare]
    single = singular(bare)
    return "" if single in _fillers() else synonyms.get(single, single)


def singular(word: str) -> str:
    """Return an English or Spanish noun in the singular; other words in Latin letters lose the same endings, on both sides alike."""
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s") or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    return word[:-1]


def as_set(words: list[str]) -> tuple[str, ...]:
    """Return the words that say something, each once, in order of the alphabet."""
    return tuple(sorted({word for word in words if word}))


def english_of(text: str) -> str:
    """Return `text` with every word of the glossaries in English that means one thing alone, in whatever language."""
    pieces: list[str] = []
    end = 0
    languages = lexicon.glossary_languages()
    for phrase in glossary.phrases_in(text, languages):
        english = phrase.english
        if english is None or (phrase.length == 1 and not _means_one_thing(phrase.first_word)):
            continue
        pieces += (text[end : phrase.start], english)
        end = phrase.end
    return "".join((*pieces, text[end:])) if pieces else text


@derived(maxsize=65536)
def _means_one_thing(word: str) -> bool:
    """Whether a word of the glossary is no English word, and means the same in all languages that have it."""
    if word in glossary.english_words():
        return False
    meanings = {phrase.english for language in lexicon.glossary_languages() for phrase in glossary.phrases_in(word, (language,))}
    return len(meanings - {None}) == 1


@derived(maxsize=65536)
def is_usual(word: str) -> bool:
    """Whether a canonical word is one of the trade in some language: then it is no misspelling of another."""
    return is_ordinary_word(word) or is_ordinary_word(word + "s") or word in telling_groups() or word in _synonyms().values()


@derived()
def _fillers() -> frozenset[str]:
    return frozenset(fold(word) for word in lexicon.words("variants", "fillers"))


@derived()
def _synonyms() -> dict[str, str]:
    """Return the usual spelling of each word that has others."""
    return {
        spelling: fold(usual)
        for usual, spellings in lexicon.entries("synonyms").items()
        for text in spellings
        for spelling in (fold(text), singular(fold(text)))
    }


@derived()
def telling_groups() -> dict[str, str]:
    """Return the group of each canonical word that tells goods apart: "red" is a colour."""
    return {
        word: group
        for group, texts in lexicon.entries("variants").items()
        if group not in ("fillers", "negating")
        for text in texts
        for word in (canonical_word(fold(text)),)
    }


@derived()
def negating_prefixes() -> tuple[str, ...]:
    """Return beginnings that turn the meaning of a word round: "non", "без"."""
    return tuple(fold(text) for text in lexicon.words("variants", "negating"))
