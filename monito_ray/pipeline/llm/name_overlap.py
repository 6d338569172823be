"""Whether an answer's name and brand have to do with their row: the words that they share with it, or with what the glossary makes of it."""

import re
from collections.abc import Iterable
from enum import StrEnum

from monito_ray.pipeline import spellings
from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.evidence import without_accents
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands.brand_register import remove_brand
from monito_ray.pipeline.products.categories.category_choice import category_of_english
from monito_ray.pipeline.products.categories.keywords import is_keyword
from monito_ray.pipeline.products.taxonomy import OTHER
from monito_ray.records import RawRow, Standard

_WORD = re.compile(rf"{LETTER}{{3,}}")
#: Letters from the beginning by which two words are one, whatever they end in ("tomato", "tomatoes").
_STEM = 5
#: The share of a row's words that the glossary has to know before a name without any of them is foreign to the row.
_LEAST_TRANSLATED = 0.5


class NameOverlap(StrEnum):
    """What the words of a name say of its row."""

    #: At least half of its words are the row's, and all others are English words of the trade.
    SHARED = "shared"
    #: Some are the row's.
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
        if 2 * len(of_name) < len(of_rules) or (of_name - brands) & (_foreign_stems(row.original_name) - of_rules):
            return NameOverlap.WORSE
        is_whole = 2 * len(shared) >= len(kinds) and not _has_strange_word(row, by_rule, answer)
        return NameOverlap.SHARED if is_whole else NameOverlap.PARTLY
    return NameOverlap.FOREIGN if by_rule.field_confidence.name >= _LEAST_TRANSLATED else NameOverlap.UNCHECKED


def _has_strange_word(row: RawRow, by_rule: Standard, answer: Standard) -> bool:
    """Return whether the name has a word that is neither the row's nor English of the trade: a rare word, or a spelling that the model invented."""
    own = {word for text in (row.original_name, row.section, row.brand, by_rule.standardized_name, answer.brand) for word in _words(text)}
    return any(word not in own and word not in glossary.english_words() for word in _words(answer.standardized_name))


def is_ordinary_brand(brand: str, row: RawRow) -> bool:
    """Return whether a brand is hardly one.

    It has a word for goods ("Serrano Ham"), is made of words of the trade alone, is written small in the row, or leaves nothing of its name that
    tells what the goods are.
    """
    words = [word.casefold() for word in _WORD.findall(brand)]
    if any(map(is_keyword, words)) or (words and all(map(glossary.is_trade_word, words))) or _is_kind(brand, row.original_name):
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


def _foreign_stems(text: str) -> frozenset[str]:
    """As `_stems`, of those words that are no English ones of the trade."""
    return frozenset(word[:_STEM] for word in _words(text) if word not in glossary.english_words())


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(without_accents(text)) if not spellings.canonical_unit(word)]
