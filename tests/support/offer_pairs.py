"""Our own pairs of offers of two suppliers, labelled same or twin (`tests/data/matching`), as rows that the program's own rules made."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from monito_ray.pipeline.products.build import build_products
from monito_ray.pipeline.products.rules import standardize
from monito_ray.records import ProductRow, RawRow

DATA = Path(__file__).resolve().parent.parent / "data" / "matching"
#: Language of the names; some of the pairs have one side in English.
LANGUAGES = ("en", "es", "id", "ru")


@dataclass(frozen=True, slots=True)
class OfferPair:
    """Two offers, and whether a buyer takes one for the other."""

    language: str
    #: "same" or "twin".
    label: str
    #: In what they differ: "size", "grade", or for the same article "word order", "abbreviation".
    kind: str
    #: "seen" for pairs whose errors may be looked at while rules are made, "kept" for those that are only counted, "second" and "third" for those of later sets.
    half: str
    a: ProductRow
    b: ProductRow


def read_pairs(language: str) -> list[OfferPair]:
    """Return the pairs of a language. The first sides of a trade are one supplier's list, the second sides another's: rules look at whole lists."""
    return _pairs_of_lines([line | {"language": language} for line in _lines(language)])


def second_set() -> list[OfferPair]:
    """Return pairs of all languages that were written later, before their errors were mended: in what lists differ most, words left out and abbreviated."""
    return _pairs_of_lines(_lines("second"))


def third_set() -> list[OfferPair]:
    """Return pairs of what restaurants and hotels buy, every third of a larger set without brands, and twins whose words are near: of these some that are still joined are left out."""
    return _pairs_of_lines(_lines("third"))


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()]


def _pairs_of_lines(lines: Sequence[Mapping[str, Any]]) -> list[OfferPair]:
    trades: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for line in lines:
        trades[line["list"]].append(line)
    return [pair for trade, pairs in trades.items() for pair in _pairs_of_trade(trade, pairs)]


def every_pair() -> list[OfferPair]:
    """Return the pairs of all languages."""
    return [pair for language in LANGUAGES for pair in read_pairs(language)]


def _pairs_of_trade(trade: str, lines: Sequence[Mapping[str, Any]]) -> list[OfferPair]:
    first, second = (_product_rows(f"{trade} {side}", [line[side] for line in lines]) for side in "ab")
    return [
        OfferPair(line["language"], line["label"], line["kind"], line["half"], a, b)
        for line, a, b in zip(lines, first, second, strict=True)
    ]


def _product_rows(supplier: str, sides: Sequence[Mapping[str, str]]) -> list[ProductRow]:
    rows = [_raw_row(supplier, number, side) for number, side in enumerate(sides, 2)]
    return build_products(rows, standardize(rows))


def _raw_row(supplier: str, number: int, side: Mapping[str, str]) -> RawRow:
    return RawRow(
        source_file=f"{supplier}.xlsx",
        source_sheet="Sheet1",
        source_row=number,
        original_name=side["name"],
        price=Decimal(side["price"]),
        price_text=side["price"],
        currency=side["currency"],
        section=side.get("section", ""),
        unit_text=side.get("unit", ""),
        size_text=side.get("size", ""),
        pack_text=side.get("pack", ""),
        sku=side.get("sku", ""),
        supplier=supplier,
    )
