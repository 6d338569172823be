"""Whose product it is. Where no rule applies there is no brand: a wrong one separates a product from its equals.

A column of brands goes before everything (`brand_of_column`); the rules for rows without one are listed at `find_brand`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import IDEOGRAPHS, KANA, LETTER, THAI, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.products.brands.brand_register import (
    BrandEntry,
    BrandRegister,
    entries_in,
    famous_brands,
    folded_words,
    make_register,
    registered_at_head,
    registered_brand,
    spelled_by,
)
from monito_ray.pipeline.products.brands.brand_titles import brand_of_title
from monito_ray.pipeline.products.brands.brand_words import WORD, fold_spelling, titlecase
from monito_ray.pipeline.products.brands.list_patterns import ListPatterns, collect_list_patterns, repeated_brand

_QUOTES = " \"'«»“”„()[]:;,-–—"
#: A cell that begins with a number and a unit is a measure in a column that is none of brands.
_MEASURE = re.compile(r"\d+(?:[.,]\d+)?\s?[^\W\d_]{1,3}\b")
#: A word of a script that puts no spaces between words.
_UNSPACED = re.compile(f"[{IDEOGRAPHS}{KANA}{THAI}]")
#: Words with a capital that belong to a brand behind "merk" and its first word.
_MOST_MORE_WORDS = 2
#: Categories of goods without makers, where a word that many rows begin with is a kind; fresh goods too, unless packed.
_UNBRANDED = frozenset({"books", "fabrics"})
_UNBRANDED_LOOSE = frozenset({"vegetables", "fruit"})
#: A column is none of makers when so many names at least, and this share of them, begin with another of its brands than the row's own, and more of
#: them than begin with it. A perfume or an accessory may bear the name of another brand.
_LEAST_CONTRADICTIONS, _LEAST_CONTRADICTED = 3, 0.4


class BrandSource(StrEnum):
    """The rule that settled the brand, or settled that there is none; the values name it in `data/confidence.toml`."""

    COLUMN = "column"
    LABEL = "label"
    SECTION = "section"
    REGISTER = "register"
    UNBRANDED = "unbranded"
    REPEATED = "repeated"
    NO_RULE = "no_rule"


@dataclass(frozen=True, slots=True)
class ListBrands:
    """What a whole list, and the catalogue, say of the brands of its rows."""

    patterns: ListPatterns = field(default_factory=ListPatterns)
    #: Brands of the catalogue and of the list's own column.
    register: BrandRegister = field(default_factory=dict)
    #: Names contradict the column of brands: what they begin with counts, and the column does not.
    is_column_contradicted: bool = False


def collect_list_brands(names: Sequence[str], columns: Sequence[str], catalogue: BrandRegister) -> ListBrands:
    """Return what a list says of brands: by its names without sizes and packs, and the cells of its column of brands.

    `catalogue` are the brands that the catalogue knows.
    """
    by_cell = {cell: brand_of_column(cell) for cell in dict.fromkeys(columns)}
    own = make_register((brand, "") for brand in by_cell.values() if brand)
    is_contradicted = _is_contradicted(names, columns, own)
    unsettled = [name for name, cell in zip(names, columns, strict=True) if is_contradicted or not by_cell[cell]]
    words = folded_words(unsettled)
    catalogue = {**famous_brands(words | folded_words(by_cell)), **catalogue}
    as_catalogued = {spelling: BrandEntry(spelled_by(catalogue, entry.brand), frozenset()) for spelling, entry in own.items()}
    return ListBrands(collect_list_patterns(unsettled), {**entries_in(words, catalogue), **as_catalogued}, is_contradicted)


def _is_contradicted(names: Sequence[str], columns: Sequence[str], own: BrandRegister) -> bool:
    if not own:
        return False
    agrees: Counter[bool] = Counter()
    filled = 0
    for name, cell in zip(names, columns, strict=True):
        filled += bool(cell)
        if cell and (brand := registered_at_head(name, own)):
            agrees[fold_spelling(brand) == fold_spelling(brand_of_column(cell))] += 1
    return agrees[False] >= max(_LEAST_CONTRADICTIONS, _LEAST_CONTRADICTED * filled) and agrees[False] > agrees[True]


@derived(maxsize=65536)
def brand_of_column(text: str) -> str:
    """Return the brand that a cell of a column of brands gives, without the form of company; "" for marks, measures and words that are no brand."""
    bare = _legal_form().sub("", text.strip(_QUOTES)).strip(_QUOTES)
    words = [word.casefold() for word in WORD.findall(bare)]
    if not any(char.isalpha() for char in bare) or _MEASURE.fullmatch(bare) or all(map(glossary.is_trade_word, words)):
        return ""
    return titlecase(bare)


def find_brand(
    name: str, section: str, brands: ListBrands, *, column: str = "", category: str = "", is_packed: bool = True
) -> tuple[str, BrandSource]:
    """Return the brand of a product and the rule that settled it; `name` has no size and pack, `column` is the cell of the column of brands.

    The rules in running order, of which the first that applies decides:

    COLUMN      the column of brands, unless names contradict it
    LABEL       a word says that a brand follows: "merk Zarvex"
    SECTION     the title above is a brand
    REGISTER    the name has a brand of the register where brands stand; of a longer one that the list repeats, all
    UNBRANDED   goods of the category have no makers: the brand is ""
    REPEATED    the list repeats a word that means nothing in the trade
    NO_RULE     nothing applies: the brand is ""
    """
    if column and not brands.is_column_contradicted and (brand := brand_of_column(column)):
        return spelled_by(brands.register, brand), BrandSource.COLUMN
    if label := _label().search(name):
        return titlecase(label["brand"]), BrandSource.LABEL
    if brand := _brand_of_section(name, section, brands.register):
        return brand, BrandSource.SECTION
    if brand := registered_brand(name, brands.register, category):
        return _longer(repeated_brand(name, brands.patterns), brand), BrandSource.REGISTER
    if category in _UNBRANDED or (category in _UNBRANDED_LOOSE and not is_packed):
        return "", BrandSource.UNBRANDED
    if brand := repeated_brand(name, brands.patterns):
        return spelled_by(brands.register, brand), BrandSource.REPEATED
    return "", BrandSource.NO_RULE


def _longer(repeated: str, brand: str) -> str:
    """Return the repeated words where they begin with `brand` and go on, else `brand`."""
    spelling, repeated_spelling = fold_spelling(brand), fold_spelling(repeated)
    return repeated if repeated_spelling != spelling and repeated_spelling.startswith(spelling) else brand


def _brand_of_section(name: str, section: str, register: BrandRegister) -> str:
    """Return the brand that the title above is: one of the register, or one that the name has, too, where brands stand."""
    brand = brand_of_title(section) if section else ""
    if not brand:
        return ""
    spelling = fold_spelling(brand)
    if (entry := register.get(spelling)) is not None and not entry.is_ambiguous:
        return registered_brand(name, register) or entry.brand
    if _UNSPACED.match(brand) and name.startswith(brand):
        return brand
    return registered_brand(name, {spelling: BrandEntry(brand, frozenset())})


@derived()
def _legal_form() -> re.Pattern[str]:
    """A company's legal form, before or behind its name."""
    before, after = (_spaced_out(lexicon.words("companies", key)) for key in ("before", "after"))
    return re.compile(rf"(?:^|(?<=\s)){before}\.?\s+|(?<![\s,])[\s,]++{after}\.?$", re.IGNORECASE)


def _spaced_out(forms: Sequence[str]) -> str:
    """An expression for legal forms, in which blanks may follow full stops: "S. A."."""
    return any_phrase((form.replace(".", ". ") for form in forms), blank=r"\s?")


@derived()
def _label() -> re.Pattern[str]:
    """A word that says that a brand follows: "merk Zarvex", "Brand: Zarvex". Without a colon it may stand behind the brand: "Zarvex Brand"."""
    label = any_phrase(lexicon.words("companies", "brand"))
    behind = any_phrase(lexicon.words("companies", "behind_brand"))
    word = rf"{LETTER}[\w&'’-]+"
    capital = r"(?-i:(?=[^\W\d_a-z]))"
    brand = rf"[\"«]?(?P<brand>{word}(?:\s{capital}{word}){{0,{_MOST_MORE_WORDS}}})"
    return re.compile(rf"\b(?:(?!{behind}\b(?!\s*:)){label})[\s:]+{brand}", re.IGNORECASE)
