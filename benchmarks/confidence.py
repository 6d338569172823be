"""How often each rule is right on the real, labelled lists, beside what `data/confidence.toml` says of it.

    python benchmarks/confidence.py [--skip 009 ...]       # when the lists lie beside the project

A rule's record is wrong where it says more than 0.03 more than is counted; then this ends with 1. The last lines compare rows that the rules are
sure of, which no LLM is asked about, with the others.
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
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import ProductRow, RawRow

FIELDS = ("size", "pack", "brand")
TOO_MUCH = 0.03
Counts = dict[tuple[str, str], Counter[bool]]


def main() -> None:
    """Count, and print it beside the record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    chosen = parser.parse_args()
    if not LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    counts: Counts = defaultdict(Counter)
    for field, rule, is_sure, is_right in judged(tuple(chosen.skip or ("\0",))):
        counts[field, rule][is_right] += 1
        counts[field, "(sure)" if is_sure else "(asked)"][is_right] += 1
    sys.exit(0 if show(counts) else 1)


def judged(skip: tuple[str, ...]) -> Iterator[tuple[str, str, bool, bool]]:
    """Field, rule, whether the row is sure, and whether the field is right, for each labelled one that was found."""
    score = scorer()
    for path in sorted((LISTS / "files").iterdir()):
        labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
        if labels is None or path.name.startswith(skip):
            continue
        try:
            good, _ = validation.partition(validation.validate(price_list.read_price_list(path.read_bytes(), path.name).rows))
        except FileUnusable:
            continue
        rows = frames.from_table(good.select(frames.schema(RawRow).names), RawRow)
        settled = rules.standardize_with_rules(rows)
        gold, found = score.load(labels), _told(score, build.build_products(rows, [standard for standard, _ in settled]))
        golds = [
            row | {"_keys": [score.words(name) for name in (row["name"], *(row.get("alt_names") or ()))], "_prices": [float(row["price"])]}
            for row in gold["rows"]
        ]
        for place, label in score.find(found, golds, len({row["source_sheet"] for row in found}) == 1).items():
            standard, by = settled[place]
            for field, is_right in score.judge(found[place], golds[label], gold.get("currency")).items():
                if field in FIELDS and is_right is not None:
                    # Of goods sold loose the labels say "1 kg", and that no size is as right.
                    is_loose = field == "size" and standard.size is None and bool((golds[label].get("std") or {}).get("size_null_ok"))
                    yield field, getattr(by, field), standard.confidence >= rules.ASK_LLM_BELOW, is_right or is_loose


def _told(score: Any, rows: list[ProductRow]) -> list[dict[str, Any]]:
    plain = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in frames.to_table(rows, ProductRow).to_pylist()
    ]
    return [row | {"_key": score.words(row["original_name"]), "_price": score.number(row["price"])} for row in plain]


def show(counts: Counts) -> bool:
    """Whether no rule is believed more than it deserves."""
    recorded, holds = data.table("confidence.toml"), True
    table = Table("field", "rule", "right", "of", "share", "recorded")
    for (field, rule), counted in sorted(counts.items()):
        share = counted[True] / counted.total()
        right, total = recorded[field].get(rule, (0, 0))
        if not rule.startswith("("):
            holds &= total == 0 or right / total <= share + TOO_MUCH
        table.add_row(field, rule, str(counted[True]), str(counted.total()), f"{share:.3f}", f"{right} of {total}" if total else "")
    Console(width=100).print(table)
    return holds


if __name__ == "__main__":
    main()
