"""How well a learned score tells same products from others in public sets, beside Ditto: Abt-Buy, Amazon-Google, Walmart-Amazon.

    python benchmarks/public_matching.py PATH [--only Abt-Buy] [--seeds 5] [--alone]

PATH is a folder or a git directory with the sets as megagonlabs/ditto prepared them (`data/er_magellan/.../{train,valid,test}.txt`). Nothing of
them is part of this project. Learned on train, the threshold on valid, F1 on test, the mean over seeds. Trees are our own, in numpy
(`boosting.py`). A score orders questions: no product is merged by it, and none of this stands in the program, whose order of questions has
eight weights (`matching_queue.py`).

Printed are the pair alone, and the pair with its place among the record's other pairs, as a catalogue sees it; that one uses the unlabelled
pairs of all three files. Ends with 1 where the better one is below Ditto's figure.
"""

import argparse
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from boosting import Boosting, Floats, train
from shop_records import Pair, Record, features_of

#: Where each set lies, and the F1 to reach.
SETS = {"Abt-Buy": ("Textual", 0.89), "Amazon-Google": ("Structured", 0.75), "Walmart-Amazon": ("Structured", 0.87)}
SPLITS = ("train", "valid", "test")
HOW = Boosting()


def places(pairs: Sequence[Pair], likenesses: Floats) -> Floats:
    """Return for each pair, by a likeness, its place among the pairs of each of its records, and how far the best other one is behind it."""
    columns = []
    for record_of in (lambda pair: pair.one.text, lambda pair: pair.other.text):
        members: defaultdict[str, list[int]] = defaultdict(list)
        for place, pair in enumerate(pairs):
            members[record_of(pair)].append(place)
        own = np.zeros((len(pairs), 4))
        for group in members.values():
            values = likenesses[group]
            order = np.argsort(-values, kind="stable")
            best, second = values[order[0]], values[order[1]] if len(group) > 1 else 0.0
            ranks = np.empty(len(group))
            ranks[order] = np.arange(len(group))
            others = np.where(ranks == 0, second, best)
            own[group] = np.stack([ranks, values - others, np.full(len(group), len(group)), values / max(best, 1e-9)], axis=1)
        columns.append(own)
    return np.concatenate([*columns, (columns[0][:, :1] + columns[1][:, :1])], axis=1)


def best_threshold(points: Floats, labels: Floats) -> float:
    """Return the threshold of the best F1: half way between two points."""
    order = np.argsort(-points)
    hits = np.cumsum(labels[order])
    scores = 2 * hits / (np.arange(1, len(labels) + 1) + labels.sum())
    at = int(scores.argmax())
    following = points[order[min(at + 1, len(order) - 1)]]
    return float((points[order[at]] + following) / 2)


def f1_of(chosen: np.ndarray, labels: Floats) -> float:
    """Return the harmonic mean of precision and recall."""
    return float(2 * (chosen * labels).sum() / (chosen.sum() + labels.sum()))


def measure(features: Floats, labels: Floats, splits: Sequence[slice], seeds: int) -> list[float]:
    """Return F1 on the last split for each seed; the threshold is that of the middle one."""
    results = []
    for seed in range(seeds):
        model = train(features[splits[0]], labels[splits[0]], HOW, seed)
        threshold = best_threshold(model.points(features[splits[1]]), labels[splits[1]])
        results.append(f1_of(model.points(features[splits[2]]) > threshold, labels[splits[2]]))
    return results


def read_pairs(path: Path, name: str, split: str) -> list[Pair]:
    """Return the pairs of a split."""
    inner = f"data/er_magellan/{SETS[name][0]}/{name}/{split}.txt"
    if (path / inner).exists():
        text = (path / inner).read_text("utf-8")
    else:
        text = subprocess.run(["git", "-C", path, "show", f"HEAD:{inner}"], check=True, capture_output=True, text=True).stdout
    lines = (line.split("\t") for line in text.splitlines() if line)
    return [Pair(Record(one.strip()), Record(other.strip()), label.strip() == "1") for one, other, label in lines]


def main() -> int:
    """Print F1 of each set beside Ditto's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--alone", action="store_true", help="leave out the place among other pairs")
    options = parser.parse_args()
    if not options.path.exists():
        print(f"the public sets are not at {options.path}: skipped")
        return 0
    missed = 0
    for name in [options.only] if options.only else SETS:
        start = time.perf_counter()
        parts = [read_pairs(options.path, name, split) for split in SPLITS]
        pairs = [pair for part in parts for pair in part]
        ends = np.cumsum([len(part) for part in parts])
        splits = [slice(end - len(part), end) for end, part in zip(ends, parts, strict=True)]
        labels = np.array([float(pair.is_same) for pair in pairs])
        alone = features_of(pairs)
        figures = {"alone": measure(alone, labels, splits, options.seeds)}
        if not options.alone:
            placed = np.concatenate([alone, *(places(pairs, alone[:, column]) for column in (0, 3))], axis=1)
            figures["with its place"] = measure(placed, labels, splits, options.seeds)
        best = max(float(np.mean(values)) for values in figures.values())
        shown = "  ".join(f"{how} {np.mean(values):.3f} ({min(values):.3f}-{max(values):.3f})" for how, values in figures.items())
        print(f"{name:15} F1 {shown}  (>= {SETS[name][1]})  {time.perf_counter() - start:.0f} s", flush=True)
        missed += best < SETS[name][1]
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
