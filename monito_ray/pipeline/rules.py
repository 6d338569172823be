"""Standardizing rows by the built-in rules alone: sizes, packs, brands, categories, English names."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from monito_ray.pipeline import amounts, brands, glossary, taxonomy
from monito_ray.pipeline.units import Measure, measure
from monito_ray.records import Method, RawRow, Standard

RULES_VERSION = "1"
# A row that the rules are this confident of needs no LLM.
SURE = 0.85

_MOST_CONFIDENT = 0.95
_SAMPLE = 500
_SAYS_CONTENT = re.compile(
    r"(?:масс[аы]|вес|нетто|об[ъь][её]м|об'єм|вага|net(?:to)?\s*(?:weight|wt)?|berat(?:\s+bersih)?|isi\s+bersih|volume|peso(?:\s+neto)?|contenido)\W{0,3}(?=[\d½¼¾])",
    re.IGNORECASE,
)
_MARKS = re.compile(r"^[\s\-–—,;:/|.*#]+|[\s\-–—,;:/|*]+$")


def standardize(rows: Sequence[RawRow]) -> list[Standard]:
    """One `Standard` for each of `rows`, in order, by `Method.RULES`; the rows should be of one list, whose repeats tell brands."""
    measured = [(row, _measure(row)) for row in rows]
    repeats = brands.survey([found.rest for _, found in measured])
    spoken = glossary.languages(_sample([row.original_name for row in rows]))
    return [_standard(row, found, repeats, spoken) for row, found in measured]


def _measure(row: RawRow) -> Measure:
    name = row.original_name
    if row.sku and name.endswith(row.sku):
        name = name.removesuffix(row.sku).rstrip(" -–—/#") or name
    found = measure(name, row.size_text, row.pack_text, row.unit_text)
    if found.size is None and not found.price_unit:
        described = _described(row.cells) if _SAYS_CONTENT.search(row.cells) else None
        if described is not None:
            return Measure(described.size, described.unit, max(found.pack_count, described.pieces), found.price_unit, found.rest)
    return found


def _described(cells: str) -> amounts.Amount | None:
    """The content that some other cell of the row states in so many words: "net weight 250 g"."""
    for cell in json.loads(cells):
        said = _SAYS_CONTENT.search(str(cell))
        if said:
            for amount in amounts.find(str(cell)[said.end() :][:40]):
                if amount.kind is amounts.Kind.SIZE and amount.size is not None:
                    return amount
    return None


def _standard(row: RawRow, found: Measure, repeats: brands.Repeats, spoken: tuple[str, ...]) -> Standard:
    category, category_trust = _category(found.rest, row.section, row.category_text, spoken)
    brand = brands.of_column(row.brand) if row.brand else ""
    if not brand:
        brand = brands.find(found.rest, row.section, repeats, category, found.size is not None)
    name, known_share = _english(brands.without(found.rest, brand) if brand else found.rest, spoken)
    sized = 1.0 if found.size is not None or found.price_unit in ("kg", "l", "m", "m2", "m3") else 0.4
    return Standard(
        standardized_name=name or row.original_name.strip() or "?",
        brand=brand,
        size=found.size,
        unit=found.unit,
        pack_count=found.pack_count,
        price_unit=found.price_unit,
        category=category,
        confidence=round(min(_MOST_CONFIDENT, (known_share + sized + category_trust) / 3), 3),
        method=Method.RULES,
    )


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
