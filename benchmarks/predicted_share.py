"""The weights of the predicted share of right rows, and how well it tells lists that are read wrong, on lists they were not made from.

    python benchmarks/predicted_share.py collect signs.jsonl          # signs and F1 of the labelled lists, as they are and bent
    python benchmarks/predicted_share.py fit signs.jsonl ... [--write] # leave-fold-out figures; with --write the weights as well

Collections of several versions of the reader may be given together: an earlier one read more real lists wrong. Each sign can only speak
against a list (no weight is below zero), and the weights are kept small, so that no list is remembered. Folds are those of `folds.json`:
lists of one source stand together, and the figure of a fold is taken with weights made from the other five.
"""

import argparse
import json
import multiprocessing
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import bends
import numpy as np
import reading
from numpy.typing import NDArray

from monito_ray.errors import FileUnusable
from monito_ray.pipeline import data
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.certainty.list_signs import ListSigns, sign_names

TARGET = Path(__file__).resolve().parent.parent / "monito_ray" / "pipeline" / "data" / "predicted_share.toml"
CHATS = Path(__file__).resolve().parent.parent / "tests" / "data" / "chats" / "lists.json"
RIGHT, PLAIN = 0.95, "as is"
#: A list as its supplier sent it counts as much as so many bent ones.
WEIGHT_OF_PLAIN = 3.0
#: What an earlier reader got wrong counts less: it goes wrong in other ways than this one.
WEIGHT_OF_EARLIER = 0.3
#: How strongly weights are kept small; 0.05 to 0.2 gave the same figures on folds left out.
SHRINKAGE = 0.2
STEPS, RATE = 4_000, 0.05
#: 0.55 points make of 0.97 right rows 0.95. Of lists that nobody had seen the reader got twice to three times as many wrong.
UNSEEN = 0.55
#: Points that the bias is moved by at most, so that lists as they are come out as often right as they are.
MOST_MOVED = 6.0
FIRST_BIAS, FIRST_WEIGHT = 2.0, 0.5
Floats = NDArray[np.float64]
Sample = dict[str, Any]


def samples_of(path: Path, ways: Sequence[str], rows_bent: int) -> list[Sample]:
    """Signs and F1 of one list under each way of bending it; ways in which nothing is read are left out."""
    is_text = path.suffix.lower() in reading.KINDS["texts"]
    reading.ROWS_BENT = rows_bent
    one = reading.labelled(path, whole=is_text)
    if one is None or one.gold.get("scan"):
        return []
    found = []
    for way in ways:
        bent = bends.bend(one.sheets, str(one.gold.get("language") or ""), bends.ALL_BENDS[way], f"{path.name} {way}")
        try:
            made = price_list.read_from_sheets(bent, path.name)
        except FileUnusable:
            continue
        good, _ = validation.partition(validation.validate(made.rows))
        rows = [row | {"source_sheet": str(row["source_sheet"]).removesuffix(bends.SECOND)} for row in good.to_pylist()]
        if rows:
            f1 = 0.0 if way == bends.NO_PRICE else reading.judged(reading.scorer(), one.gold, rows)
            found.append({"file": path.name, "way": way, "f1": f1, "doubts": made.certainty.doubts, "signs": asdict(made.certainty.signs)})
    return found


def chat_samples() -> Iterator[Sample]:
    """Signs and F1 of our own chats: few of the labelled lists are chats."""
    for number, text in enumerate(json.loads(CHATS.read_text(encoding="utf-8"))):
        truth = {(_plain(name), float(price)) for _, name, price in text["offers"]}
        try:
            made = price_list.read_price_list("\n".join(text["text"]).encode(), "chat.txt")
        except FileUnusable:
            continue
        good, _ = validation.partition(validation.validate(made.rows))
        rows = [(_plain(row["original_name"]), float(row["price"])) for row in good.to_pylist()]
        f1 = 2 * len(truth & set(rows)) / (len(truth) + len(rows))
        yield {"file": f"chat {number}", "way": "chat", "f1": f1, "doubts": made.certainty.doubts, "signs": asdict(made.certainty.signs)}


def _plain(name: object) -> str:
    return " ".join(re.findall(r"[^\W_]+", str(name).casefold()))


def collect(target: Path, ways: Sequence[str], rows_bent: int, only: Sequence[str], skip: Sequence[str], processes: int) -> None:
    """Write the samples of all labelled lists."""
    paths = [
        p for p in sorted((reading.LISTS / "files").iterdir()) if p.name.startswith(tuple(only)) and not p.name.startswith(tuple(skip))
    ]
    with multiprocessing.get_context("spawn").Pool(processes, os.nice, (8,)) as pool, target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(sample, ensure_ascii=False) + "\n" for sample in chat_samples())
        for samples in pool.imap(partial(samples_of, ways=ways, rows_bent=rows_bent), paths):
            out.writelines(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples)
            out.flush()


def load(paths: Sequence[Path]) -> list[Sample]:
    """The samples of several collections; the last one is that of the reader as it is now."""
    return [
        json.loads(line) | {"is_current": path == paths[-1]} for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    ]


def matrix(samples: Sequence[Sample]) -> tuple[Floats, Floats, Floats]:
    """The roots of the signs, the shares of right rows, and how much each sample counts."""
    names = sign_names()
    signs = np.sqrt([[max(0.0, sample["signs"].get(name, 0.0)) for name in names] for sample in samples])
    return signs, np.array([s["f1"] for s in samples]), np.array([_count(sample) for sample in samples])


def _count(sample: Sample) -> float:
    return (WEIGHT_OF_PLAIN if sample["way"] == PLAIN else 1.0) * (1.0 if sample["is_current"] else WEIGHT_OF_EARLIER)


def calibrated(samples: Sequence[Sample]) -> tuple[float, Floats]:
    """Bias and weights; the bias is moved so that lists as they are, read by the reader as it is now, are right as often as predicted.

    Bent lists teach what goes wrong, but far more of them are read wrong than of those that suppliers send. The labelled lists, though, were
    looked at by those who wrote the reader, and lists that nobody has seen are read right less often: `UNSEEN` points are taken off.
    """
    bias, weights = fitted(*matrix(samples))
    plain = [sample for sample in samples if sample["way"] == PLAIN and sample["is_current"]]
    signs, shares, _ = matrix(plain or samples)
    low, high = -MOST_MOVED, MOST_MOVED
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if predicted(signs, bias + middle, weights).mean() < shares.mean() else (low, middle)
    return bias + (low + high) / 2 - UNSEEN, weights


def fitted(signs: Floats, shares: Floats, counts: Floats) -> tuple[float, Floats]:
    """Bias and weights of the logistic model of shares, none of them below zero, by Adam."""
    values = np.concatenate([[FIRST_BIAS], np.full(signs.shape[1], FIRST_WEIGHT)])
    mean, square = np.zeros_like(values), np.zeros_like(values)
    for step in range(1, STEPS + 1):
        error = (predicted(signs, values[0], values[1:]) - shares) * counts
        slope = np.concatenate([[error.sum()], -(signs.T @ error) + SHRINKAGE * values[1:]]) / counts.sum()
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope * slope
        rate = RATE if step < 0.6 * STEPS else RATE / 5
        values -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        values[1:] = np.maximum(values[1:], 0)
    return float(values[0]), values[1:]


def predicted(signs: Floats, bias: float, weights: Floats) -> Floats:
    """The predicted share of right rows of each sample."""
    return 1 / (1 + np.exp(-(bias - signs @ weights)))


def left_out(samples: Sequence[Sample]) -> Floats:
    """Predictions for each sample with weights that were made without its fold."""
    folds = json.loads((reading.LISTS / "folds.json").read_text(encoding="utf-8"))["folds"]
    fold_of = {name: n for n, names in enumerate(folds) for name in names}
    fold = np.array([fold_of.get(sample["file"], crc32(sample["file"].encode()) % len(folds)) for sample in samples])
    signs, _, _ = matrix(samples)
    result = np.zeros(len(samples))
    for n in range(len(folds)):
        bias, weights = calibrated([sample for sample, own in zip(samples, fold, strict=True) if own != n])
        result[fold == n] = predicted(signs[fold == n], bias, weights)
    return result


def is_decisive(sample: Sample) -> bool:
    """Whether a sign alone makes the list doubtful."""
    decisive = data.table(TARGET.name)["decisive"]
    return any(sample["signs"].get(name, 0.0) > least for name, least in decisive.items())


def report(samples: Sequence[Sample], shares: Floats, below: float) -> Iterator[str]:
    """Say how many lists read wrong are not doubted, and how many read right are, as they are and bent."""
    doubted = [share < below or is_decisive(sample) for sample, share in zip(samples, shares, strict=True)]
    for kind, is_plain in (("as they are", True), ("bent", False)):
        pairs = [
            (s["f1"] >= RIGHT, d) for s, d in zip(samples, doubted, strict=True) if s["is_current"] and (s["way"] == PLAIN) == is_plain
        ]
        wrong, right = [d for is_right, d in pairs if not is_right], [d for is_right, d in pairs if is_right]
        silent, needless = len(wrong) - sum(wrong), sum(right)
        figures = f"{len(wrong)} read wrong, {silent} of them in silence ({silent / max(1, len(pairs)):.1%} of all)"
        yield f"  below {below:.2f} {kind:<12} {figures}; {len(right)} read right, {needless} doubted needlessly ({needless / max(1, len(right)):.1%})"


def missed(samples: Sequence[Sample], shares: Floats, below: float) -> Iterator[str]:
    """Name the lists, as they are, that are read wrong in silence or doubted needlessly."""
    for sample, share in zip(samples, shares, strict=True):
        is_doubted, is_right = share < below or is_decisive(sample), sample["f1"] >= RIGHT
        if sample["way"] == PLAIN and sample["is_current"] and is_doubted == is_right:
            signs = {name: round(value, 2) for name, value in sample["signs"].items() if value > 0.03}
            yield f"  {'needless' if is_right else 'SILENT'} {sample['file']} F1 {sample['f1']:.3f} predicted {share:.3f} {signs}"


def write(samples: Sequence[Sample], below: float, score: Sequence[str]) -> None:
    """Write the weights made from all samples, with the figures taken on folds left out; what is decisive stays as it is."""
    bias, weights = calibrated(samples)
    decisive = data.table(TARGET.name)["decisive"]
    lines = [
        "# The predicted share of right rows of a list (`rows/certainty/predicted_share.py`).",
        f"# Made by `python benchmarks/predicted_share.py fit --write` from {len(samples)} samples; on lists whose fold was left out:",
        *(f"#{line}" for line in score),
        "",
        "#: Points of a list without any sign.",
        f"flawless = {bias:.3f}",
        "#: A list with a smaller share is doubtful.",
        f"doubtful_below = {below}",
        "",
        "#: Points that each sign takes, times the root of its share.",
        "[weights]",
        *(f"{name} = {weight:.3f}" for name, weight in zip(sign_names(), weights, strict=True) if weight >= 0.005),
        "",
        "#: A larger share of one of these makes a list doubtful by itself: nine in ten such lists were read wrong.",
        "[decisive]",
        *(f"{name} = {least}" for name, least in decisive.items()),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Collect, or fit and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("collect", "fit"))
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--only", nargs="*", default=[""], help="lists whose names begin so")
    parser.add_argument("--skip", nargs="*", default=["\0"], help="lists whose names begin so are left out")
    parser.add_argument("--ways", nargs="*", choices=tuple(bends.ALL_BENDS), default=tuple(bends.ALL_BENDS), help="of bending")
    parser.add_argument("--rows", type=int, default=reading.ROWS_BENT, help="of spreadsheets that are read")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--below", type=float, default=RIGHT, help="the share below which a list is doubtful")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if not reading.LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    if args.what == "collect":
        collect(args.files[0], args.ways, args.rows, args.only, args.skip, args.processes)
        return
    samples = load(args.files)
    shares = left_out(samples)
    assert set(sign_names()) == set(asdict(ListSigns()))
    for below in (0.9, 0.93, args.below, 0.97):
        print(*report(samples, shares, below), sep="\n")
    print(*missed(samples, shares, args.below), sep="\n")
    if args.write:
        write(samples, args.below, list(report(samples, shares, args.below)))


if __name__ == "__main__":
    main()
