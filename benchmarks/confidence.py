"""Count how often each rule is right on real, labelled lists, beside the record in `data/confidence.toml`.

    python benchmarks/confidence.py [--skip 009 ...]       # when the lists lie beside the project

A record is wrong where it exceeds the count by more than 0.03; then the exit code is 1. The last lines of each field compare the rows that no LLM
is asked about with the others.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reading import LISTS, scorer
from rich.console import Console
from rich.table import Table

from monito_ray import frames
from monito_ray.errors import FileUnusable
from monito_ray.pipeline import data
from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import ProductRow, RawRow

FIELDS = ("size", "pack", "brand")
#: By how much a recorded share may exceed the counted one.
TOLERANCE = 0.03
#: By field and rule, how many labelled rows were right and wrong.
Counts = dict[tuple[str, str], Counter[bool]]


def main() -> None:
    """Count, and print it beside the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    chosen = parser.parse_args()
    if not LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    counts: Counts = defaultdict(Counter)
    for field, rule, is_left_to_rules, is_right in labelled_fields(tuple(chosen.skip or ("\0",))):
        counts[field, rule][is_right] += 1
        counts[field, "(rules)" if is_left_to_rules else "(LLM)"][is_right] += 1
    sys.exit(0 if print_counts(counts) else 1)


def labelled_fields(skip: tuple[str, ...]) -> Iterator[tuple[str, str, bool, bool]]:
    """Yield for each labelled field of a row: field, rule, whether the row is left to the rules, and whether the field is right."""
    score = scorer()
    for path in sorted((LISTS / "files").iterdir()):
        labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
        if labels is None or path.name.startswith(skip):
            continue
        try:
            good, _ = validation.partition(validation.validate(price_list.read_price_list(path.read_bytes(), path.name).rows))
        except FileUnusable:
            continue
        yield from _fields_of_list(score, frames.from_table(good.select(frames.schema(RawRow).names), RawRow), score.load(labels))


def _fields_of_list(score: Any, rows: list[RawRow], gold: dict[str, Any]) -> Iterator[tuple[str, str, bool, bool]]:
    by_rules = rules.standardize_with_rules(rows)
    products = _for_scorer(score, build.build_products(rows, [standard for standard, _ in by_rules]))
    golds = [
        row | {"_keys": [score.words(name) for name in (row["name"], *(row.get("alt_names") or ()))], "_prices": [float(row["price"])]}
        for row in gold["rows"]
    ]
    has_one_sheet = len({row["source_sheet"] for row in products}) == 1
    for index, label in score.find(products, golds, has_one_sheet).items():
        standard, applied = by_rules[index]
        is_left_to_rules = not gate.is_unsure(standard)
        for field, is_right in score.judge(products[index], golds[label], gold.get("currency")).items():
            if field in FIELDS and is_right is not None:
                # Of goods sold loose the labels say "1 kg", and that no size is as right.
                is_loose = field == "size" and standard.size is None and bool((golds[label].get("std") or {}).get("size_null_ok"))
                yield field, getattr(applied, field), is_left_to_rules, is_right or is_loose


def _for_scorer(score: Any, rows: list[ProductRow]) -> list[dict[str, Any]]:
    """Return the rows as the scorer takes them: numbers as floats, and its keys of name and price."""
    dicts = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in frames.to_table(rows, ProductRow).to_pylist()
    ]
    return [row | {"_key": score.words(row["original_name"]), "_price": score.number(row["price"])} for row in dicts]


def print_counts(counts: Counts) -> bool:
    """Print a line for each field and rule; return whether no record exceeds its count."""
    recorded, holds = data.table("confidence.toml"), True
    table = Table("field", "rule", "right", "of", "share", "recorded")
    for (field, rule), counted in sorted(counts.items()):
        share = counted[True] / counted.total()
        right, total = recorded[field].get(rule, (0, 0))
        if not rule.startswith("("):
            holds &= total == 0 or right / total <= share + TOLERANCE
        table.add_row(field, rule, str(counted[True]), str(counted.total()), f"{share:.3f}", f"{right} of {total}" if total else "")
    Console(width=100).print(table)
    return holds


if __name__ == "__main__":
    main()
