"""Whether an answer's name and brand have to do with their row: the words that they share with it, or with what the glossary makes of it."""

import re
from collections.abc import Iterable
from enum import StrEnum

from monito_ray.pipeline import spellings
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.evidence import without_accents
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.categories.keywords import is_keyword
from monito_ray.records import RawRow, Standard

_WORD = re.compile(rf"{LETTER}{{3,}}")
#: Letters from the beginning by which two words are one, whatever they end in ("tomato", "tomatoes").
_STEM = 5
#: The share of a row's words that the glossary has to know before a name without any of them is foreign to the row.
_LEAST_TRANSLATED = 0.5


class NameOverlap(StrEnum):
    """What the words of a name say of its row."""

    #: At least half of its words are the row's.
    SHARED = "shared"
    #: Some are.
    PARTLY = "partly"
    #: It says less than the rules' name: it has not half as many words, or words of another language that the rules translated.
    WORSE = "worse"
    #: None is, and too little is known of the row's own words.
    UNCHECKED = "unchecked"
    #: None is, though the row's words are known.
    FOREIGN = "foreign"


def name_overlap(row: RawRow, by_rule: Standard, answer: Standard) -> NameOverlap:
    """Return what speaks for the answer's name. Brands and packages do not count, where there are other words: they say nothing of the kind of goods.

    A name that the answer leaves to the rules counts as theirs.
    """
    if not answer.standardized_name:
        return NameOverlap.SHARED if "name" in gate.sure_fields(by_rule) else NameOverlap.UNCHECKED
    brands = _stems((answer.brand, by_rule.brand, row.brand))
    of_row = _stems((row.original_name, row.section, by_rule.standardized_name))
    of_name = _stems((answer.standardized_name,))
    kinds = of_name - brands or of_name
    shared = kinds & of_row
    of_rules = _stems((by_rule.standardized_name,))
    if shared:
        is_worse = 2 * len(of_name) < len(of_rules) or bool((of_name - brands) & (_foreign_stems(row.original_name) - of_rules))
        return NameOverlap.WORSE if is_worse else NameOverlap.SHARED if 2 * len(shared) >= len(kinds) else NameOverlap.PARTLY
    return NameOverlap.FOREIGN if by_rule.field_confidence.name >= _LEAST_TRANSLATED else NameOverlap.UNCHECKED


def is_ordinary_brand(brand: str, row: RawRow) -> bool:
    """Return whether a brand is made of ordinary words: of the trade ("Rice"), written small in the row, or all that its name has."""
    words = [word.casefold() for word in _WORD.findall(brand)]
    of_trade = words and all(glossary.is_trade_word(word) or is_keyword(word) for word in words)
    if of_trade or _stems((row.original_name,)) <= _stems((brand,)):
        return True
    text = f"{row.original_name} {row.section} {row.brand}"
    written = [word for word in _WORD.findall(text) if word.casefold() in words]
    return bool(written) and all(map(str.islower, written)) and not text.islower()


def _stems(texts: Iterable[str]) -> frozenset[str]:
    """Return the beginnings of the words of these texts, packages left out."""
    return frozenset(word[:_STEM] for text in texts for word in _words(text))


def _foreign_stems(text: str) -> frozenset[str]:
    """As `_stems`, of those words that are no English ones of the trade."""
    return frozenset(word[:_STEM] for word in _words(text) if word not in glossary.english_words())


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(without_accents(text)) if not spellings.canonical_unit(word)]
