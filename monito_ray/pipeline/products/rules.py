"""Standardize rows by the built-in rules alone: sizes, packs, brands, categories, English names.

In running order, for each row of a list: `measures` takes size and pack out of the name and its columns; where these have no size, other cells
of the row or the title above may state one. What is left of the name is classified by `categories`, searched for a brand by `brands`, and
made the standardized name by `names`. `confidence` says how often each rule that was applied is right.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import any_of, any_phrase
from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import confidence, glossary
from monito_ray.pipeline.products.brands import brand_rules
from monito_ray.pipeline.products.brands.brand_register import NO_BRANDS, BrandRegister
from monito_ray.pipeline.products.brands.brand_rules import BrandSource, ListBrands
from monito_ray.pipeline.products.categories.category_choice import CategoryRule, RowTexts, choose_category
from monito_ray.pipeline.products.categories.category_evidence import evidence_in
from monito_ray.pipeline.products.categories.keywords import is_english, spoken_languages
from monito_ray.pipeline.products.categories.prevailing import Prevailing, find_prevailing
from monito_ray.pipeline.products.measuring import quantities
from monito_ray.pipeline.products.measuring.list_habits import ListHabits, collect_list_habits, settle
from monito_ray.pipeline.products.measuring.measures import CountForm, Measure, parse_measure
from monito_ray.pipeline.products.names.naming import Named, NameRule, standard_name
from monito_ray.pipeline.spellings import content_spellings
from monito_ray.pipeline.units import usually_loose_units
from monito_ray.records import FieldConfidence, Method, RawRow, Standard

#: Names of a list that are looked at to tell its languages.
_LANGUAGE_SAMPLE = 500
#: Another price in the row is the carton price if its ratio to the price of all pieces is between these two: a carton may cost up to 30 %
#: What a shop pays for a piece, as a share of what it asks for it.
_LEAST_OF_SHOP, _MOST_OF_SHOP = 0.5, 1.01
#: less than its pieces, and its price is rounded.
_LEAST_CARTON_RATIO, _MOST_CARTON_RATIO = 0.7, 1.1
#: Two prices have the ratio of a pack column's number if it is that off at the most: prices are rounded.
_SAME_RATIO = 0.02
#: Characters behind "net weight" in which the size stands.
_STATED_WITHIN = 40
#: The first characters of a text that are looked at. Names of 100,000 real offers have 250 at most; what is longer is prose, or made to hurt.
LONGEST_TEXT = 1_000
_TEXTS = ("original_name", "section", "brand", "category_text", "unit_text", "size_text", "pack_text")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?(?![\w.,/])")


class SizeRule(StrEnum):
    """The rule that settled the size, or settled that there is none; the values name it in `data/confidence.toml`."""

    #: The name, or a column of size, pack or unit.
    ROW = "row"
    #: Another cell of the row ("net weight 250 g"), or the title above.
    SURROUNDINGS = "surroundings"
    #: Goods sold by weight, volume, length or area have no size.
    LOOSE = "loose"
    NO_RULE = "no_rule"


class PackRule(StrEnum):
    """Whether the price is for one piece or for several; the values name it in `data/confidence.toml`."""

    ONE = "one"
    MANY = "many"


class AppliedRules(NamedTuple):
    """The rule that settled each of these fields of a row; fields and values are the keys of `data/confidence.toml`."""

    name: NameRule
    brand: BrandSource
    size: SizeRule
    pack_count: PackRule
    category: CategoryRule


@dataclass(frozen=True, slots=True)
class ListTexts:
    """The texts of all rows of a list, by column."""

    names: Sequence[str] = ()
    #: The cells of its column of brands.
    brand_cells: Sequence[str] = ()
    #: The titles above the rows.
    titles: Sequence[str] = ()
    #: The cells of its own column of categories.
    category_texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListContext:
    """What a whole list says of each of its rows."""

    brands: ListBrands
    languages: tuple[str, ...]
    habits: ListHabits
    #: The languages of its words for goods, and what categories it has.
    category_languages: tuple[str, ...]
    prevailing: Prevailing
    is_english: bool


def standardize(rows: Sequence[RawRow], catalogue: BrandRegister = NO_BRANDS) -> list[Standard]:
    """Return a `Standard` of `Method.RULES` for each of `rows`, in order.

    The rows should be of one list: what it repeats tells brands, and its words tell its languages. `catalogue` are the brands that the catalogue
    knows.
    """
    return [standard for standard, _ in standardize_with_rules(rows, catalogue)]


def standardize_with_rules(rows: Sequence[RawRow], catalogue: BrandRegister = NO_BRANDS) -> list[tuple[Standard, AppliedRules]]:
    """As `standardize`, each `Standard` with the rules that settled it."""
    with gc_paused():
        rows = [_shortened(row) for row in rows]
        measured = [(row, *measure_row(row)) for row in rows]
        rows_measures = [measure for _, measure, _ in measured]
        texts = ((row.original_name, row.brand, row.section, row.category_text) for row in rows)
        context = collect_context(ListTexts(*zip(*texts, strict=True)) if rows else ListTexts(), rows_measures, catalogue)
        return [standardize_row(row, measure, size_rule, context) for row, measure, size_rule in measured]


def _shortened(row: RawRow) -> RawRow:
    """Return the row with texts of at most `LONGEST_TEXT` characters."""
    cut = {name: text[:LONGEST_TEXT] for name in _TEXTS if len(text := getattr(row, name)) > LONGEST_TEXT}
    return replace(row, **cut) if cut else row


def collect_context(texts: ListTexts, measures: Sequence[Measure], catalogue: BrandRegister = NO_BRANDS) -> ListContext:
    """Return what a list says as a whole, by its texts and the rows' measures; `catalogue` are the brands that the catalogue knows."""
    names, rests = _sample(texts.names), [measure.rest for measure in measures]
    category_languages = spoken_languages(names)
    return ListContext(
        brand_rules.collect_list_brands(rests, texts.brand_cells, catalogue),
        glossary.detect_languages(names),
        collect_list_habits(measures),
        category_languages,
        find_prevailing(list(zip(rests, texts.titles, texts.category_texts, strict=True)), category_languages),
        is_english(names),
    )


def measure_row(row: RawRow) -> tuple[Measure, SizeRule]:
    """Return what the row's price buys, and the rule that settled the size."""
    name = row.original_name
    if row.sku and name.endswith(row.sku):
        name = name.removesuffix(row.sku).rstrip(" -–—/#") or name
    measure = parse_measure(name, row.size_text, row.pack_text, row.unit_text)
    if measure.unsure_pieces > 1 and _is_case_price(row, measure.unsure_pieces):
        measure = replace(measure, count_form=CountForm.OF_CASE_PRICE)
    if measure.size is not None:
        return measure, SizeRule.ROW
    if measure.price_unit in usually_loose_units():
        return measure, SizeRule.LOOSE
    stated = _size_in_other_cells(row.cells) or _size_in_section(row.section)
    if stated is None:
        return measure, SizeRule.NO_RULE
    pieces = max(measure.pack_count, stated.pieces)
    return replace(measure, size=stated.size, unit=stated.unit, pack_count=pieces), SizeRule.SURROUNDINGS


def _size_in_other_cells(cells: str) -> quantities.Quantity | None:
    """Return the content that some cell of the row states expressly: "net weight 250 g"; `cells` is their JSON."""
    if not _says_content().search(cells):
        return None
    for cell in map(str, json.loads(cells)):
        label = _says_content().search(cell)
        sizes = _sizes(_with_unit(label, cell[label.end() :][:_STATED_WITHIN])) if label else []
        if sizes:
            return next((size for size in sizes if size.pieces > 1), sizes[0])
    return None


def _with_unit(label: re.Match[str], behind: str) -> str:
    """Return what stands behind a label, its number with the unit that the label names: "250 ml" for "volume, ml: 250"."""
    number = _NUMBER.match(behind)
    return f"{number.group()} {label['unit']}" if label["unit"] and number else behind


@lru_cache(maxsize=4096)
def _size_in_section(section: str) -> quantities.Quantity | None:
    """Return the one size that a title states for all goods under it, unless it speaks of prices or of quantities to buy."""
    sizes = _sizes(section) if not _speaks_of_orders().search(section) else []
    return sizes[0] if len(sizes) == 1 else None


def _sizes(text: str) -> list[quantities.Quantity]:
    return [quantity for quantity in quantities.find_quantities(text) if quantity.kind is quantities.QuantityKind.SIZE]


def standardize_row(row: RawRow, measure: Measure, size_rule: SizeRule, context: ListContext) -> tuple[Standard, AppliedRules]:
    """Return the row as the rules standardize it, and the rules that settled it; `measure` and `size_rule` are those of `measure_row`."""
    settled = settle(measure, row.original_name, context.habits)
    if measure.size is None and settled.size is not None:
        size_rule = SizeRule.SURROUNDINGS
    measure = settled
    category, category_rule = _classify(RowTexts(measure.rest, row.section, row.category_text), context)
    brand, brand_source = brand_rules.find_brand(
        measure.rest, row.section, context.brands, column=row.brand, category=category, is_packed=measure.size is not None
    )
    name, name_rule = standard_name(Named(measure.rest, brand, category), context.languages, context.category_languages)
    pieces = 1 if _has_carton_price(row, measure.pack_count) else measure.pack_count
    applied = AppliedRules(name_rule, brand_source, size_rule, PackRule.ONE if pieces == 1 else PackRule.MANY, category_rule)
    standard = Standard(
        standardized_name=name or row.original_name.strip() or "?",
        brand=brand,
        size=measure.size,
        unit=measure.unit,
        pack_count=pieces,
        price_unit=measure.price_unit,
        category=category,
        is_english=name_rule is NameRule.TRANSLATED or (context.is_english and name.isascii()),
        field_confidence=_field_confidence(applied),
        method=Method.RULES,
    )
    return standard, applied


@lru_cache(maxsize=4096)
def _field_confidence(applied: AppliedRules) -> FieldConfidence:
    """Return how sure each field is, by the rule that settled it."""
    accuracies = {field: confidence.rule_accuracy(field, rule) for field, rule in applied._asdict().items()}
    return FieldConfidence(**{field: min(confidence.MOST_BY_RULES, round(accuracy, 3)) for field, accuracy in accuracies.items()})


def _is_case_price(row: RawRow, pieces: int) -> bool:
    """Return whether the price for each of `pieces` is just below what a shop asks for one, and the price itself above that."""
    if not row.price or not row.price_tiers:
        return False
    tiers = json.loads(row.price_tiers).items()
    others = [float(other) for title, other in tiers if _shop_price().search(title) and not any(map(str.isdigit, title))]
    each = float(row.price) / pieces
    return any(_LEAST_OF_SHOP * other <= each <= _MOST_OF_SHOP * other and float(row.price) > other for other in others)


def _has_carton_price(row: RawRow, pieces: int) -> bool:
    """Return whether another price of the row is about `pieces` times its price: then the price is for one piece, the other for the carton."""
    if pieces == 1 or not row.price or not row.price_tiers:
        return False
    others = [float(other) / float(row.price) for other in json.loads(row.price_tiers).values()]
    if row.pack_text.isdecimal() and any(abs(ratio - int(row.pack_text)) <= _SAME_RATIO * ratio for ratio in others):
        return pieces == int(row.pack_text)  # the carton holds so many of what has the price, whatever that holds
    return any(_LEAST_CARTON_RATIO <= ratio / pieces <= _MOST_CARTON_RATIO for ratio in others)


def _classify(texts: RowTexts, context: ListContext) -> tuple[str, CategoryRule]:
    """Return the category and what settled it; a name without a word that tells a category is looked at in English."""
    if not evidence_in(texts.name, context.category_languages):
        texts = replace(texts, name=glossary.translate(texts.name, context.languages)[0])
    return choose_category(texts, context.category_languages, context.prevailing)


def _sample(texts: Sequence[str]) -> Sequence[str]:
    """Return every n-th of `texts`, so that about `_LANGUAGE_SAMPLE` come from the whole list."""
    step = max(1, len(texts) // _LANGUAGE_SAMPLE)
    return texts[::step]


@derived()
def _says_content() -> re.Pattern[str]:
    """Words for the content, before a number: "net weight 250", "volume, ml: 250"."""
    content = any_phrase(lexicon.words("quantities", "stated_content"), blank=r"\s*")
    units = any_of(content_spellings())
    return re.compile(rf"{content}\W{{0,3}}(?:(?P<unit>{units})\W{{1,3}})?(?=[\d½¼¾])", re.IGNORECASE)


@derived()
def _speaks_of_orders() -> re.Pattern[str]:
    """Words for prices and for quantities to buy: a size next to them is not the size of the goods."""
    return re.compile(rf"\b{any_phrase(lexicon.words('quantities', 'orders'))}\b", re.IGNORECASE)


@derived()
def _shop_price() -> re.Pattern[str]:
    """Words for what a shop asks: "RRP", "retail"."""
    words = [word for tier in ("retail", "old") for word in lexicon.words("price_tiers", tier)]
    return re.compile(rf"(?<!\w){any_phrase(words)}(?!\w)", re.IGNORECASE)
