"""Which column is the name and which the price: how often the choice is right on labelled tables and the same tables bent, and how surely.

    python benchmarks/columns.py [--skip 101 ...] [--learn]

Prints for each way of bending the share of tables (each list counts once) with the right price and the right name, wrong without a doubt, and
in doubt though right. `--learn` fits factors of the terms' points (numpy; a softmax over the columns of a table, pulled towards the points that
are set by hand) on five folds of `folds.json` and prints what they reach on the sixth, beside the hand-set ones. Skipped, and said so, where
the labelled lists do not lie beside the project. There is no limit.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent))

import numpy as np
from bent_tables import LISTS, LabelledTable, bends, labelled_tables

from monito_ray.pipeline.tables.price_columns import choose_prices
from monito_ray.pipeline.tables.roles import assign_columns

#: Pulls towards the hand-set points that are tried; steps of the fit, and their length.
_PULLS, _STEPS, _LENGTH = (0.003, 0.01, 0.03, 0.1), 300, 0.03
_COLUMNS = ("price", "name", "wrong price, no doubt", "wrong name, no doubt", "right price in doubt", "right name in doubt")
#: A table to learn from: its list, how it was bent, the terms of its columns, and which of these is the price (None: none of them).
Item = tuple[str, str, Any, int | None]


def verdict(table: LabelledTable) -> tuple[bool, ...]:
    """Return what `_COLUMNS` names of the roles that a table is given."""
    roles = assign_columns(table.titles, table.profiles)
    if roles is None:
        return (False,) * len(_COLUMNS)
    price, name = roles.prices[0] == table.price, table.name in (roles.name, *roles.more_name)
    doubts = roles.rival_price is not None, roles.rival_name is not None
    return price, name, not price and not doubts[0], not name and not doubts[1], price and doubts[0], name and doubts[1]


def by_lists(shares: Mapping[str, Sequence[float]]) -> float:
    """Return the mean over lists, of which each has several tables."""
    return sum(sum(values) / len(values) for values in shares.values()) / max(1, len(shares))


def measure(tables: Sequence[LabelledTable]) -> None:
    """Print the shares for each way of bending."""
    print(" " * 38 + "".join(column.rjust(24) for column in _COLUMNS))
    for bend in dict.fromkeys(table.bend for table in tables):
        verdicts: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
        for table in tables:
            if table.bend == bend:
                verdicts[table.source].append(verdict(table))
        shares = [by_lists({source: [v[n] for v in of_list] for source, of_list in verdicts.items()}) for n in range(len(_COLUMNS))]
        print(bend.ljust(38) + "".join(f"{share:24.3f}" for share in shares))


def terms_of(tables: Sequence[LabelledTable]) -> tuple[list[Item], list[str]]:
    """Return the points of each term of each column that may be the main price, as a matrix a table, and the labels of the terms."""
    found = [(table, choose_prices(table.titles, table.profiles, table.name).scores) for table in tables]
    labels = sorted({term.label for _, scores in found for score in scores.values() for term in score.terms})
    items: list[Item] = []
    for table, scores in found:
        points = np.zeros((len(scores), len(labels)))
        for row, score in enumerate(scores.values()):
            for term in score.terms:
                points[row, labels.index(term.label)] += term.points
        items.append((table.source, table.bend, points, list(scores).index(table.price) if table.price in scores else None))
    return items, labels


def fit(items: Sequence[Item], count: int, pull: float) -> Any:
    """Return the factors of terms under which the prices of `items` are likeliest, by Adam's steps; each list and bend weighs the same."""
    weights: dict[tuple[str, str], int] = defaultdict(int)
    for source, bend, _, _ in items:
        weights[source, bend] += 1
    usable = [(points, price, 1 / weights[source, bend]) for source, bend, points, price in items if price is not None and len(points) > 1]
    total = sum(weight for _, _, weight in usable)
    factors, first, second = np.ones(count), np.zeros(count), np.zeros(count)
    for step in range(1, _STEPS + 1):
        slope = pull * (factors - 1)
        for points, price, weight in usable:
            scores = points @ factors
            likely = np.exp(scores - scores.max())
            slope -= weight / total * (points[price] - likely / likely.sum() @ points)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope * slope
        factors -= _LENGTH * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return np.maximum(factors, 0.0)


def right(items: Sequence[Item], factors: Any) -> dict[str, list[float]]:
    """Return for each list which of its tables have the right price."""
    shares: dict[str, list[float]] = defaultdict(list)
    for source, _, points, price in items:
        shares[source].append(float(price is not None and int(np.argmax(points @ factors)) == price))
    return shares


def learn(tables: Sequence[LabelledTable]) -> None:
    """Print what learned factors reach on the fold that is left out, beside the hand-set points."""
    folds = json.loads((LISTS / "folds.json").read_text("utf-8"))["folds"]
    fold_of = {source: number for number, fold in enumerate(folds) for source in fold}
    items, labels = terms_of(tables)
    by_hand = right(items, np.ones(len(labels)))
    print(f"{len(labels)} terms, {len(items)} tables of {len(by_hand)} lists; hand-set {by_lists(by_hand):.4f}")
    for pull in _PULLS:
        learned: dict[str, list[float]] = {}
        for fold in {fold_of.get(source, -1) for source in by_hand}:
            factors = fit([item for item in items if fold_of.get(item[0], -1) != fold], len(labels), pull)
            learned |= right([item for item in items if fold_of.get(item[0], -1) == fold], factors)
        leads = [sum(learned[source]) / len(learned[source]) - sum(by_hand[source]) / len(by_hand[source]) for source in by_hand]
        error = math.sqrt(float(np.var(leads)) / len(leads))
        print(f"pull {pull}: left out {by_lists(learned):.4f}, {np.mean(leads):+.4f} ± {error:.4f}; {_counts(leads)}")


def _counts(leads: Sequence[float]) -> str:
    return f"better on {sum(lead > 0 for lead in leads)} lists, worse on {sum(lead < 0 for lead in leads)}"


def main() -> None:
    """Measure, and learn where that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    parser.add_argument("--learn", action="store_true", help="fit factors, and compare them on folds that are left out")
    options = parser.parse_args()
    if not LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    tables = [bent for table, rows in labelled_tables(options.skip) for bent in bends(table, rows)]
    measure(tables)
    if options.learn:
        learn(tables)


if __name__ == "__main__":
    main()
