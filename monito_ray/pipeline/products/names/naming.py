"""The standardized name of a row: wholly in English, or as the supplier wrote it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from monito_ray.pipeline.characters import LETTER
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands.brand_register import remove_brand
from monito_ray.pipeline.products.categories.keywords import ENGLISH_ONLY, Weight
from monito_ray.pipeline.products.categories.prevailing import strongest_evidence
from monito_ray.pipeline.products.names.tidying import tidy
from monito_ray.pipeline.products.names.whole_translation import translate_wholly

_REAL_WORD = re.compile(rf"{LETTER}{{3,}}")
#: Words that must be left of a name without its brand, and where only a weak word tells its category. One that tells it is enough.
_LEAST_WORDS, _LEAST_WORDS_WITH_WEAK = 3, 2
_LATIN_NAME = re.compile(r"[A-Z]")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
#: A word in capitals is an abbreviation up to this length and stays so.
_LONGEST_ABBREVIATION = 3
#: What the Turkish capital letter becomes in lower case.
_DOTTED_I = "i\N{COMBINING DOT ABOVE}"


class NameRule(StrEnum):
    """What settled a name; the values name it in `data/confidence.toml`."""

    #: Every word of it was translated.
    TRANSLATED = "translated"
    AS_WRITTEN = "as_written"


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a row when it is named."""

    #: Its name without sizes and packs.
    measured: str
    brand: str
    category: str


def standard_name(row: Named, languages: tuple[str, ...], category_languages: tuple[str, ...]) -> tuple[str, NameRule]:
    """Return the name, and what settled it.

    `languages` are those of the glossary that its list is in, `category_languages` those of its words for goods.
    """
    name = _without_brand(row, category_languages)
    _, share = glossary.translate(name, languages)
    may_have_names = share > 0 and not name.isascii() and _LATIN_NAME.search(name) is not None
    english = translate_wholly(name, languages) if share == 1.0 or may_have_names else ""
    if english:
        return _capitalized(tidy(english)), NameRule.TRANSLATED
    is_english = name.isascii() and category_languages[: len(ENGLISH_ONLY)] == ENGLISH_ONLY
    return _sentence_case(name) if is_english else _lower_all_shouted(name), NameRule.AS_WRITTEN


def _without_brand(row: Named, category_languages: tuple[str, ...]) -> str:
    """Return the name without its brand; with it where the rest does not say what the goods are: "bottle", "White", "lime" of a cleaner."""
    without = remove_brand(row.measured, row.brand) if row.brand else row.measured
    rest = tidy(without)
    if without == row.measured:
        return rest
    words = len(_REAL_WORD.findall(_IN_BRACKETS.sub("", rest)))
    if words >= _LEAST_WORDS:
        return rest
    evidence = strongest_evidence(rest, category_languages)
    if evidence is None or evidence.category != row.category:
        return tidy(row.measured)
    return rest if words >= _LEAST_WORDS_WITH_WEAK or evidence.weight > Weight.WORD else tidy(row.measured)


@lru_cache(maxsize=65536)
def _sentence_case(text: str) -> str:
    words = [_lower_shouted(word) for word in text.split()]
    if len(words) > 1 and all(word[:1].isupper() and word[1:].islower() for word in words if word.isalpha()):
        words = [word.lower() if word.isalpha() else word for word in words]
    return _capitalized(" ".join(words))


def _lower_all_shouted(text: str) -> str:
    """Return a name that is all in capitals in sentence case; any other as it is."""
    return _capitalized(" ".join(_lower_shouted(word) for word in text.split())) if text.isupper() else _capitalized(text)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_shouted(word: str) -> str:
    lowered = word.lower().replace(_DOTTED_I, "i")
    return lowered if word.isupper() and word.isalpha() and len(word) > _LONGEST_ABBREVIATION else word
