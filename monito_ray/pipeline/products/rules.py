"""Standardizing rows by the built-in rules alone: sizes, packs, brands, categories, English names."""

import json
import re
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

from monito_ray.pipeline.gc_pause import gc_paused
from monito_ray.pipeline.products import brands, confidence, glossary, quantities, taxonomy
from monito_ray.pipeline.products.measures import Measure, parse_measure
from monito_ray.records import Method, RawRow, Standard

# A row that the rules are this confident of needs no LLM.
ASK_LLM_BELOW = 0.85

_MOST_CONFIDENT = 0.95
_SAMPLE = 500
_CARTON_DISCOUNT = 0.7
_SAYS_CONTENT = re.compile(
    r"(?:масс[аы]|вес|нетто|об[ъь][её]м|об'єм|вага|net(?:to)?\s*(?:weight|wt)?|berat(?:\s+bersih)?|isi\s+bersih|volume|peso(?:\s+neto)?|contenido)\W{0,3}(?=[\d½¼¾])",
    re.IGNORECASE,
)
_SPEAKS_OF_ORDERS = re.compile(
    r"\b(?:price|harga|precio|min|from|over|under|up to|per|order|minimal|mulai|desde|hasta|por|цен\w*|от|до|за|заказ\w*|свыше)\b",
    re.IGNORECASE,
)
_NEAR = 40
_REAL_WORD = re.compile(r"[^\W\d_]{3,}")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_SOLD_LOOSE = frozenset({"kg", "l", "m", "m2", "m3"})
_MARKS = re.compile(r"^[\s\-–—,;:/|.*#]+|[\s\-–—,;:/|*]+$")


class AppliedRules(NamedTuple):
    """The rule that settled each of these fields of a row, as `data/confidence.toml` names it."""

    size: str
    pack: str
    brand: str


def standardize(rows: Sequence[RawRow]) -> list[Standard]:
    """One `Standard` for each of `rows`, in order, by `Method.RULES`; the rows should be of one list, whose repeats tell brands.

    Its `confidence` is the mean of what is known of name, size and category, and never more than the surest any of its rules is.
    """
    return [standard for standard, _ in standardize_with_rules(rows)]


def standardize_with_rules(rows: Sequence[RawRow]) -> list[tuple[Standard, AppliedRules]]:
    """As `standardize`, each with the rules that settled it."""
    with gc_paused():
        measured = [(row, *_measure(row)) for row in rows]
        repeats = brands.collect_list_patterns([found.rest for _, found, _ in measured], [row.section for row in rows])
        spoken = glossary.detect_languages(_sample([row.original_name for row in rows]))
        return [_standard(row, found, by, repeats, spoken) for row, found, by in measured]


def rows_for_llm(keys: Sequence[str], rows: Sequence[RawRow], standards: Sequence[Standard], known: Container[str]) -> dict[str, RawRow]:
    """The rows to ask an LLM about, by their keys: no answer to them is known, and the rules are not sure.

    Rows that would be asked in the same words have one key and are asked once.
    """
    both = zip(keys, rows, standards, strict=True)
    return {key: row for key, row, standard in both if key not in known and standard.confidence < ASK_LLM_BELOW}


def _measure(row: RawRow) -> tuple[Measure, str]:
    """What is in it, and which rule told the size."""
    name = row.original_name
    if row.sku and name.endswith(row.sku):
        name = name.removesuffix(row.sku).rstrip(" -–—/#") or name
    found = parse_measure(name, row.size_text, row.pack_text, row.unit_text)
    if found.size is None and found.price_unit not in _SOLD_LOOSE:
        stated = _described(row.cells) or _of_section(row.section)
        if stated is not None:
            return Measure(stated.size, stated.unit, max(found.pack_count, stated.pieces), found.price_unit, found.rest), "around"
    return found, "row" if found.size is not None else "loose" if found.price_unit in _SOLD_LOOSE else "nothing"


def _described(cells: str) -> quantities.Quantity | None:
    """The content that some other cell of the row states in so many words: "net weight 250 g"."""
    if not _SAYS_CONTENT.search(cells):
        return None
    for cell in map(str, json.loads(cells)):
        said = _SAYS_CONTENT.search(cell)
        if said and (stated := _sizes(cell[said.end() :][:_NEAR])):
            return next((amount for amount in stated if amount.pieces > 1), stated[0])
    return None


@lru_cache(maxsize=4096)
def _of_section(section: str) -> quantities.Quantity | None:
    """The one size that a title states for all goods under it, unless it speaks of prices or of quantities to buy."""
    stated = _sizes(section) if not _SPEAKS_OF_ORDERS.search(section) else []
    return stated[0] if len(stated) == 1 else None


def _sizes(text: str) -> list[quantities.Quantity]:
    return [
        amount for amount in quantities.find_quantities(text) if amount.kind is quantities.QuantityKind.SIZE and amount.size is not None
    ]


def _standard(
    row: RawRow, found: Measure, size_rule: str, repeats: brands.ListPatterns, spoken: tuple[str, ...]
) -> tuple[Standard, AppliedRules]:
    category, category_trust = _category(found.rest, row.section, row.category_text, spoken)
    brand, how = brands.brand_of_column(row.brand) if row.brand else "", brands.BrandSource.COLUMN
    if not brand:
        brand, how = brands.find_brand(found.rest, row.section, repeats, category, found.size is not None)
    name, known_share = _english(_without_brand(found.rest, brand, spoken), spoken)
    pieces = 1 if _is_carton_beside(row, found.pack_count) else found.pack_count
    by = AppliedRules(size_rule, "one" if pieces == 1 else "many", how.value)
    sure = [confidence.rule_accuracy(field, rule) for field, rule in by._asdict().items()]
    standard = Standard(
        standardized_name=name or row.original_name.strip() or "?",
        brand=brand,
        size=found.size,
        unit=found.unit,
        pack_count=pieces,
        price_unit=found.price_unit,
        category=category,
        confidence=round(min(_MOST_CONFIDENT, (known_share + sure[0] + category_trust) / 3, *sure), 3),
        method=Method.RULES,
    )
    return standard, by


def _is_carton_beside(row: RawRow, pieces: int) -> bool:
    """Whether another price of the row is about `pieces` times its price: then the price is for one piece, the other for the carton."""
    if pieces == 1 or not row.price or not row.price_tiers:
        return False
    return any(_CARTON_DISCOUNT <= float(other) / (float(row.price) * pieces) <= 1.1 for other in json.loads(row.price_tiers).values())


def _without_brand(name: str, brand: str, spoken: tuple[str, ...]) -> str:
    """`name` less its brand, unless hardly a word would be left ("bottle", "(small)") that says what it is."""
    if not brand:
        return name
    left = brands.remove_brand(name, brand)
    words = _REAL_WORD.findall(_IN_BRACKETS.sub("", left))
    return name if len(words) < 2 and _category(left, "", "", spoken)[0] == taxonomy.OTHER else left


def _category(name: str, section: str, category_text: str, spoken: tuple[str, ...]) -> tuple[str, float]:
    found = taxonomy.classify(name, "", "")
    if found[0] == taxonomy.OTHER:
        found = taxonomy.classify(_english(name, spoken)[0], "", "")
    return found if found[0] != taxonomy.OTHER else taxonomy.classify("", section, category_text)


@lru_cache(maxsize=65536)
def _english(text: str, spoken: tuple[str, ...]) -> tuple[str, float]:
    """`text` in English as far as that is known, in sentence case, and the share of its words that is."""
    translated, share = glossary.translate(text, spoken)
    return _sentence_case(_MARKS.sub("", translated)), share


def _sentence_case(text: str) -> str:
    words = [word.lower() if word.isupper() and len(word) > 3 and word.isalpha() else word for word in text.split()]
    if len(words) > 1 and all(word[:1].isupper() and word[1:].islower() for word in words if word.isalpha()):
        words = [word.lower() if word.isalpha() else word for word in words]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def _sample(texts: list[str]) -> list[str]:
    step = max(1, len(texts) // _SAMPLE)
    return texts[::step]
