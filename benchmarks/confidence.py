"""Count how often each rule is right on labelled rows, beside the record in `data/confidence.toml`.

    python benchmarks/confidence.py              # size, pack and brand also on the real lists, when they lie beside the project
    python benchmarks/confidence.py --write      # and record the counts

A record is wrong where it differs from the count by more than 0.03; then the exit code is 1. "Off by" is the expected calibration error of a field on
lists left out: each list's rows claim what the other lists' counts say.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from reading import LISTS, scorer
from rich.console import Console
from rich.table import Table

from monito_ray import frames
from monito_ray.errors import FileUnusable
from monito_ray.evaluation.field_checks import check_fields
from monito_ray.evaluation.labelled_rows import own_lists
from monito_ray.evaluation.report import calibration_error
from monito_ray.pipeline import data
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.products.confidence import MOST_BY_RULES
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import ProductRow, RawRow

RECORD = Path(data.__file__).with_name("confidence.toml")
FIELDS = rules.AppliedRules._fields
#: What the labels of the real lists settle, by the scorer's names.
SCORED = {"size": "size", "pack": "pack_count", "brand": "brand"}
#: By how much a recorded share may differ from the counted one.
TOLERANCE = 0.03
HEAD = """# Of the labelled rows that a rule settled, [how many it settled rightly, how many there were]: on the rows of `evaluation/gold`, and for size, pack
# and brand on 25 rows of each of {count} real lists. `benchmarks/confidence.py --write` counts them. Fields and rules are those of
# `products.rules.AppliedRules`; a rule that is missing was never counted.
"""


class Settled(NamedTuple):
    """A field of a labelled row."""

    list_name: str
    field: str
    rule: str
    is_right: bool


def main() -> None:
    """Count, print it beside the record, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="record the counts")
    chosen = parser.parse_args()
    settled = [*own_rows(), *(real_rows() if LISTS.is_dir() else ())]
    holds = print_counts(settled)
    print_errors(settled)
    if chosen.write:
        write_record(settled)
    sys.exit(0 if holds or chosen.write else 1)


def own_rows() -> Iterator[Settled]:
    """Yield the fields of the project's own labelled rows."""
    for one in own_lists():
        rows = [labelled.row for labelled in one.rows]
        by_rules = rules.standardize_with_rules(rows)
        products = build.build_products(rows, [standard for standard, _ in by_rules])
        for labelled, product, (_, applied) in zip(one.rows, products, by_rules, strict=True):
            verdicts = check_fields(product, labelled)
            yield from (Settled(one.name, field, getattr(applied, field), verdicts[field]) for field in FIELDS if field in verdicts)


def real_rows() -> Iterator[Settled]:
    """Yield the fields of the labelled rows of the real lists that the scorer finds."""
    score = scorer()
    for path in sorted((LISTS / "files").iterdir()):
        labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
        if labels is None:
            continue
        try:
            good, _ = validation.partition(validation.validate(price_list.read_price_list(path.read_bytes(), path.name).rows))
        except FileUnusable:
            continue
        rows = frames.from_table(good.select(frames.schema(RawRow).names), RawRow)
        yield from _rows_of_list(score, path.name, rows, score.load(labels))


def _rows_of_list(score: Any, name: str, rows: list[RawRow], gold: dict[str, Any]) -> Iterator[Settled]:
    by_rules = rules.standardize_with_rules(rows)
    products = _for_scorer(score, build.build_products(rows, [standard for standard, _ in by_rules]))
    golds = [
        row | {"_keys": [score.words(text) for text in (row["name"], *(row.get("alt_names") or ()))], "_prices": [float(row["price"])]}
        for row in gold["rows"]
    ]
    has_one_sheet = len({row["source_sheet"] for row in products}) == 1
    for index, label in score.find(products, golds, has_one_sheet).items():
        _, applied = by_rules[index]
        for part, is_right in score.judge(products[index], golds[label], gold.get("currency")).items():
            if part in SCORED and is_right is not None:
                yield Settled(name, SCORED[part], getattr(applied, SCORED[part]), bool(is_right))


def _for_scorer(score: Any, rows: list[ProductRow]) -> list[dict[str, Any]]:
    """Return the rows as the scorer takes them: numbers as floats, and its keys of name and price."""
    dicts = [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in frames.to_table(rows, ProductRow).to_pylist()
    ]
    return [row | {"_key": score.words(row["original_name"]), "_price": score.number(row["price"])} for row in dicts]


def count(settled: list[Settled]) -> dict[tuple[str, str], Counter[bool]]:
    """Return by field and rule how many rows were right and wrong."""
    counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for row in settled:
        counts[row.field, row.rule][row.is_right] += 1
    return counts


def print_counts(settled: list[Settled]) -> bool:
    """Print a line for each field and rule; return whether each record is near its count."""
    recorded, holds = data.table("confidence.toml"), True
    table = Table("field", "rule", "right", "of", "share", "recorded")
    for (field, rule), counted in sorted(count(settled).items()):
        share = counted[True] / counted.total()
        right, total = recorded.get(field, {}).get(rule, (0, 0))
        holds &= total > 0 and abs(right / total - share) <= TOLERANCE
        table.add_row(field, rule, str(counted[True]), str(counted.total()), f"{share:.3f}", f"{right} of {total}" if total else "")
    Console(width=100).print(table)
    return holds


def print_errors(settled: list[Settled]) -> None:
    """Print for each field how far its confidence is from the truth on lists left out."""
    lists = sorted({row.list_name for row in settled})
    counts = count(settled)
    table = Table("field", "lists", "rows", "right", "off by, left out")
    for field in FIELDS:
        claims: list[tuple[float, bool]] = []
        for name in lists:
            own = [row for row in settled if row.list_name == name and row.field == field]
            own_counts = count(own)
            claims += [(_claim(counts[field, row.rule], own_counts[field, row.rule]), row.is_right) for row in own]
        rows = [row for row in settled if row.field == field]
        share = sum(row.is_right for row in rows) / len(rows)
        table.add_row(field, str(len({row.list_name for row in rows})), str(len(rows)), f"{share:.3f}", f"{calibration_error(claims):.3f}")
    Console(width=100).print(table)


def _claim(counted: Counter[bool], own: Counter[bool]) -> float:
    """Return what a rule's rows claim by the counts of the other lists: Laplace's rule of succession."""
    right, total = counted[True] - own[True], counted.total() - own.total()
    return min(MOST_BY_RULES, (right + 1) / (total + 2))


def write_record(settled: list[Settled]) -> None:
    """Write the counts as the record."""
    counts = count(settled)
    parts = [HEAD.format(count=len({row.list_name for row in settled}) - len(own_lists()))]
    for field in FIELDS:
        lines = [f"{rule} = [{counts[name, rule][True]}, {counts[name, rule].total()}]" for name, rule in sorted(counts) if name == field]
        parts.append("\n".join([f"[{field}]", *lines]) + "\n")
    RECORD.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
