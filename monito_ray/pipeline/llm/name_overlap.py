"""Whether an answer's name and brand have to do with their row: the words that they share with it, and with what the glossary makes of it."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

from monito_ray.pipeline import spellings
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.evidence import without_accents
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands.brand_register import remove_brand
from monito_ray.pipeline.products.brands.brand_words import is_ordinary_word, is_trade_word
from monito_ray.pipeline.products.categories.category_choice import category_of_english
from monito_ray.pipeline.products.categories.keywords import is_keyword
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import RawRow, Standard

_WORD = re.compile(rf"{LETTER}{{3,}}")
_LATIN = re.compile(r"[a-z]")
#: Letters from the beginning by which two words are one, whatever they end in ("tomato", "tomatoes").
_STEM = 5
#: Two words are one misspelt from this similarity on (`difflib`): 0.91 for "rolos" and "rollos", 0.84 for "iqravfruit" and "ravifruit".
_MISSPELT = 0.8


class NameOverlap(StrEnum):
    """What the words of a name say of its row."""

    #: The rules' name counts; nothing was asked, or nothing can be said.
    SETTLED = "settled"
    #: It has at least half of the words that the glossary has for the row's.
    TRANSLATED = "translated"
    #: The glossary has nothing to translate; some words are the row's, and all others are English ones of the trade.
    SHARED = "shared"
    #: Some of its words are the row's, or what the glossary has for these, others are not known.
    PARTLY = "partly"
    #: It cannot be checked: none of its words are the row's, which the glossary does not know.
    UNCHECKED = "unchecked"
    #: It says what the row says, word by word, or less.
    ECHO = "echo"
    #: The same, of a row that the glossary could have translated.
    UNTRANSLATED = "untranslated"
    #: It has none of the words that the glossary has for the row's, but others; words in other than Latin letters; or the row's words misspelt.
    FOREIGN = "foreign"


def name_overlap(row: RawRow, by_rule: Standard, answer: Standard) -> NameOverlap:
    """Return what speaks for the answer's name. Brands and packages do not count: they say nothing of the kind of goods.

    Of the names that people gave to 624 rows in Indonesian, English, Russian and Spanish, 317 of 344 are TRANSLATED whose words the glossary has.
    """
    if not answer.standardized_name or "name" in gate.sure_fields(by_rule):
        return NameOverlap.SETTLED
    brands = _stems((answer.brand, by_rule.brand, row.brand))
    of_row = _stems((row.original_name,))
    of_name = _stems((answer.standardized_name,)) - brands
    translations = _stems((glossary.translate(row.original_name)[0],)) - of_row
    strange_words = _strange_words(row, answer)
    if not all(map(_LATIN.match, of_name)) or _are_misspelt(strange_words, row.original_name):
        return NameOverlap.FOREIGN
    if of_name <= of_row or 2 * len(of_name) < len(of_row - brands):
        return NameOverlap.UNTRANSLATED if translations else NameOverlap.ECHO
    if translations:
        return _translation_overlap(of_name, translations, row.original_name)
    if not of_name & of_row:
        return NameOverlap.UNCHECKED
    return NameOverlap.PARTLY if strange_words else NameOverlap.SHARED


def _translation_overlap(of_name: frozenset[str], translations: frozenset[str], name: str) -> NameOverlap:
    """Return what speaks for a name of a row that the glossary has translations for; loan words are English in the row already."""
    shared = of_name & translations
    if 2 * len(shared) >= len(translations):
        return NameOverlap.TRANSLATED
    loan_words = frozenset(word[:_STEM] for word in _words(name) if word in glossary.english_words())
    return NameOverlap.PARTLY if shared or of_name & loan_words else NameOverlap.FOREIGN


def _strange_words(row: RawRow, answer: Standard) -> list[str]:
    """Return the words of the name that are neither the row's nor English of the trade: rare ones, or spellings that the model invented."""
    own = {word for text in (row.original_name, row.section, row.brand, answer.brand) for word in _words(text)}
    return [word for word in _words(answer.standardized_name) if word not in own and word not in glossary.english_words()]


def _are_misspelt(strange_words: Sequence[str], name: str) -> bool:
    """Return whether a word is nearly one of the row's that the glossary does not know: "rolos" for "rollos", "iqravfruit" for "ravifruit"."""
    own = [word for word in _words(name) if not glossary.is_trade_word(word)]
    return any(SequenceMatcher(None, strange, word).ratio() >= _MISSPELT for strange in strange_words for word in own)


def is_ordinary_brand(brand: str, row: RawRow) -> bool:
    """Return whether a brand is hardly one.

    It has a word for goods ("Serrano Ham"), is made of words of the trade alone, is written small in the row, or leaves nothing of its name that
    tells what the goods are.
    """
    words = [word.casefold() for word in _WORD.findall(brand)]
    are_ordinary = words and all(
        map(is_ordinary_word if len(words) > 1 else is_trade_word, words)
    )  # "Fairy" is a brand, "Foil Containers" none
    if any(map(is_keyword, words)) or are_ordinary or _is_kind(brand, row.original_name):
        return True
    text = f"{row.original_name} {row.section} {row.brand}"
    written = [word for word in _WORD.findall(text) if word.casefold() in words]
    return bool(written) and all(map(str.islower, written)) and not text.islower()


def _is_kind(brand: str, name: str) -> bool:
    """Return whether a name without the brand says no more, or no longer, what the goods are: "Parmigiano Reggiano 24 Months"."""
    category, _ = category_of_english(name)
    rest = remove_brand(name, brand)
    return _stems((name,)) <= _stems((brand,)) or (category != OTHER and category_of_english(rest)[0] != category)


def _stems(texts: Iterable[str]) -> frozenset[str]:
    """Return the beginnings of the words of these texts, packages left out."""
    return frozenset(word[:_STEM] for text in texts for word in _words(text))


@derived(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text that name no package or unit; each text of a row is looked at several times."""
    return tuple(word for word in _WORD.findall(without_accents(text)) if not spellings.canonical_unit(word))
