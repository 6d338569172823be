"""Whose product it is. Where no rule applies there is no brand: a wrong one separates a product from its equals.

A column of brands goes before everything (`brand_of_column`); the rules for rows without one are listed at `find_brand`.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brand_dictionary import brand_of_title, brand_spelled, first_brand_in
from monito_ray.pipeline.products.brand_words import WORD, may_be_brand, titlecase
from monito_ray.pipeline.products.list_patterns import ListPatterns, repeated_brand

_QUOTES = " \"'«»“”„()[]:;,-–—"
#: Categories of goods without makers, where a word that many rows begin with is a kind; fresh goods too, unless packed.
_UNBRANDED = frozenset({"books", "fabrics"})
_UNBRANDED_LOOSE = frozenset({"vegetables", "fruit"})
#: Letters of a word that title and name both begin with: standing in both, it needs fewer than a word that is only repeated.
_LEAST_LETTERS_IN_TITLE = 2


class BrandSource(StrEnum):
    """The rule that settled the brand, or settled that there is none; the values name it in `data/confidence.toml`."""

    COLUMN = "column"
    DICTIONARY = "dictionary"
    UNBRANDED = "unbranded"
    LABEL = "label"
    SECTION = "section"
    REPEATED = "repeated"
    NO_RULE = "no_rule"


def brand_of_column(text: str) -> str:
    """Return the brand that a cell of a column of brands gives, without the form of company; "" for marks and words that are no brand."""
    bare = _legal_form().sub("", text.strip(_QUOTES)).strip(_QUOTES)
    if not any(char.isalpha() for char in bare) or glossary.is_trade_word(bare):
        return brand_spelled(bare)
    return brand_spelled(bare) or titlecase(bare)


def find_brand(name: str, section: str, patterns: ListPatterns, category: str = "", is_packed: bool = True) -> tuple[str, BrandSource]:
    """Return the brand of a product without a column of brands, as the catalogue spells it, and the rule that settled it.

    The rules in running order, of which the first that applies decides:

    DICTIONARY  the name has a brand of `data/brands.txt`
    UNBRANDED   goods of the category have no makers: the brand is ""
    LABEL       a word says that a brand follows: "merk Zarvex"
    SECTION     the title above is a dictionary brand, or title and name begin with the same words
    REPEATED    the list repeats a word that means nothing in the trade
    NO_RULE     nothing applies: the brand is ""
    """
    if brand := first_brand_in(name):
        return brand, BrandSource.DICTIONARY
    if category in _UNBRANDED or (category in _UNBRANDED_LOOSE and not is_packed):
        return "", BrandSource.UNBRANDED
    if label := _label().search(name):
        return titlecase(label["brand"]), BrandSource.LABEL
    if brand := _brand_of_section(name, section, patterns):
        return brand, BrandSource.SECTION
    if brand := repeated_brand(name, patterns):
        return brand, BrandSource.REPEATED
    return "", BrandSource.NO_RULE


def _brand_of_section(name: str, section: str, patterns: ListPatterns) -> str:
    """Return the brand in a title: a dictionary brand, or the words that the title and the name both begin with."""
    if not section:
        return ""
    brand = brand_of_title(section)
    if brand and section not in patterns.mixed_titles:
        return brand
    common = []
    for of_title, of_name in zip(WORD.findall(section), WORD.findall(name), strict=False):
        if of_title.casefold() != of_name.casefold() or not may_be_brand(of_title.casefold(), _LEAST_LETTERS_IN_TITLE):
            break
        common.append(of_name)
    return titlecase(" ".join(common)) if common else ""


@derived()
def _legal_form() -> re.Pattern[str]:
    """A company's legal form, before or behind its name."""
    before, after = (_spaced_out(lexicon.words("companies", key)) for key in ("before", "after"))
    return re.compile(rf"(?:^|(?<=\s)){before}\.?\s+|[\s,]+{after}\.?$", re.IGNORECASE)


def _spaced_out(forms: Sequence[str]) -> str:
    """An expression for legal forms, in which blanks may follow full stops: "S. A."."""
    return any_phrase((form.replace(".", ". ") for form in forms), blank=r"\s?")


@derived()
def _label() -> re.Pattern[str]:
    """A word that says that a brand follows: "merk Zarvex"."""
    label = any_phrase(lexicon.words("companies", "brand"))
    return re.compile(rf"\b{label}[\s:]+[\"«]?(?P<brand>{LETTER}[\w&'’-]+)", re.IGNORECASE)
