"""The design this project replaces, done for real, beside ours: the same lists, the same LLM server, one run.

    pip install -r benchmarks/peer/requirements.txt      # and redis-server, a Debian package
    python benchmarks/peer/compare.py                    # about ten minutes
    python benchmarks/peer/compare.py --sides ours "peer, 64 threads"

60 lists of 100 rows; then 8 of 1,000 and a small one right behind them; then 20 of 100 rows, in whose midst everything that works is killed.
Every name is invented and no two are alike, so that no side can know an answer beforehand. The LLM answers after 500 ms + 40 ms a row.
Each side is warm: it has done 64 lists of 20 rows before.
"""

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1]))

from llm_world import paid, server
from rich.console import Console
from rich.table import Table
from sides import OldDesign, Ours, Side, until, why_not

CONSONANTS, VOWELS, SYLLABLES = "bdfghjklmnprstvwz", "aeiou", 3
WARM, SMALL, LARGE, STRUCK = (64, 20), (60, 100), (8, 1000), (20, 100)
KILLED_AFTER_S, LIMIT_S, LOST_AFTER_S = 2.0, 240.0, 60.0
SIDES: dict[str, Callable[[Path, str], Side]] = {
    "ours, 64 in flight": lambda home, url: Ours(home, url, 64),
    "peer, 4 processes": lambda home, url: OldDesign(home, url, 4, "prefork"),
    "peer, 64 threads": lambda home, url: OldDesign(home, url, 64, "threads"),
}
OURS, FOUR, SIXTY_FOUR = SIDES
Truth = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """What was seen of one side: times in seconds, acknowledgements of all lists among them."""

    small_s: float
    large_s: float
    behind_s: float
    acknowledged_s: Sequence[float]
    tokens_a_row: float
    rows: int
    right: int
    lost: int


def main() -> None:
    """Measure the sides one after the other, print them side by side, and fail where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", nargs="*", choices=list(SIDES), default=list(SIDES))
    chosen = parser.parse_args()
    if reason := why_not():
        sys.exit(reason)
    found = {}
    for name in chosen.sides:
        found[name] = measure(SIDES[name])
        print(f"{name}: {', '.join(f'{what} {tell(found[name])}' for what, tell in FIGURES.items())}", flush=True)
    show(found)
    if set(found) == set(SIDES):
        sys.exit(0 if judge(found) else 1)


def measure(start: Callable[[Path, str], Side]) -> Found:
    """One side through all of it."""
    groups, truth = lists()
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        url = open_.enter_context(server(truth))
        (folder / "home").mkdir()
        side = open_.enter_context(closing(start(folder / "home", url)))
        warm, small, large, behind, struck = [_written(folder, names) for names in groups]
        _warmed(side, [side.submit(path) for path in warm])
        before = paid(url)
        small_s, ids, waits = _timed(side, small)
        began = time.monotonic()
        large_ids = [_acknowledged(side, path, waits) for path in large]
        last = _acknowledged(side, behind[0], waits)
        sent = time.monotonic()
        behind_s = _done(side, [last]) - sent
        large_s = _done(side, large_ids) - began
        after = paid(url)
        ids = [*ids, *large_ids, last]
        told = [row for one in ids for row in side.rows(one)]
        right = sum(_is_right(row, truth) for row in told)
        tokens = sum(after[kind] - before[kind] for kind in ("prompt_tokens", "completion_tokens"))
        return Found(small_s, large_s, behind_s, waits, tokens / len(told), len(told), right, _lost(side, struck))


def lists() -> tuple[list[list[list[str]]], Truth]:
    """The names of all lists in their groups (warm, small, large, behind, struck), and what each is."""
    sizes = [WARM, SMALL, LARGE, (1, SMALL[1]), STRUCK]
    names = [_name(number) for number in range(sum(count * rows for count, rows in sizes))]
    truth = {f"{name} 330 ml": _standard(name) for name in names}
    left = iter(truth)
    return [[[next(left) for _ in range(rows)] for _ in range(count)] for count, rows in sizes], truth


def _name(number: int) -> str:
    """Three words that no other name has, nor one that is near: what is alike is compared, which the peer does not do."""
    dice = random.Random(number)
    words = ("".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(SYLLABLES)) for _ in range(3))
    return " ".join(words).title()


def _standard(name: str) -> dict[str, Any]:
    return {
        "standardized_name": name.lower(),
        "brand": name.split(maxsplit=1)[0],
        "size": 330,
        "unit": "ml",
        "pack_count": 1,
        "category": "beverages",
    }


def _written(folder: Path, names: list[list[str]]) -> list[Path]:
    """A workbook for each list."""
    paths = []
    for number, own in enumerate(names):
        book = openpyxl.Workbook()
        book.active.append(["Nama", "Harga"])
        for place, name in enumerate(own):
            book.active.append([name, (place % 90 + 1) * 500])
        paths.append(folder / f"{own[0].split()[0]}-{len(own)}-{number}.xlsx")
        book.save(paths[-1])
    return paths


def _warmed(side: Side, ids: list[str]) -> None:
    """Wait for what is not measured; a list that a side has lost before anything began is said, and not waited for."""
    if not until(lambda: len(side.ended(ids)) == len(ids), LOST_AFTER_S):
        print(f"{len(ids) - len(side.ended(ids))} of {len(ids)} lists were lost while warming", flush=True)


def _timed(side: Side, paths: list[Path]) -> tuple[float, list[str], list[float]]:
    """Seconds from the first submission to the end of the last list."""
    waits: list[float] = []
    began = time.monotonic()
    ids = [_acknowledged(side, path, waits) for path in paths]
    return _done(side, ids) - began, ids, waits


def _acknowledged(side: Side, path: Path, waits: list[float]) -> str:
    began = time.monotonic()
    one = side.submit(path)
    waits.append(time.monotonic() - began)
    return one


def _done(side: Side, ids: list[str]) -> float:
    """When all were done."""
    left = set(ids)

    def holds() -> bool:
        left.difference_update(side.ended(list(left)))
        return not left

    if not until(holds, LIMIT_S):
        raise SystemExit(f"{len(left)} of {len(ids)} lists are not done after {LIMIT_S:.0f} s")
    return time.monotonic()


def _lost(side: Side, paths: list[Path]) -> int:
    """How many lists are not done a minute after everything that worked was killed and started again."""
    ids = [side.submit(path) for path in paths]
    time.sleep(KILLED_AFTER_S)
    side.kill()
    until(lambda: len(side.ended(ids)) == len(ids), LOST_AFTER_S)
    return len(ids) - len(side.ended(ids))


def _is_right(row: dict[str, Any], truth: Truth) -> bool:
    one = truth[row["original"]]
    return (
        row["name"].lower() == one["standardized_name"] and row["brand"] == one["brand"] and row["size"] == f"{one['size']} {one['unit']}"
    )


def show(found: dict[str, Found]) -> None:
    """Side by side."""
    title = f"The old design and ours\n{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    table = Table("what", *found, title=title)
    for what, tell in FIGURES.items():
        table.add_row(what, *(tell(one) for one in found.values()))
    Console(width=140).print(table)


def judge(found: dict[str, Found]) -> bool:
    """Whether ours is as much faster as it has to be, right, and loses nothing."""
    ours, four, threads = found[OURS], found[FOUR], found[SIXTY_FOUR]
    verdicts = [
        ("lists of 100 rows: times the peer at 4", four.small_s / ours.small_s, 10.0),
        ("lists of 1,000 rows: times the peer at 4", four.large_s / ours.large_s, 10.0),
        ("lists of 100 rows: times the peer at 64 threads", threads.small_s / ours.small_s, 1.2),
        ("lists of 1,000 rows: times the peer at 64 threads", threads.large_s / ours.large_s, 6.0),
    ]
    table = Table("what", "figure", "limit", "holds")
    for what, figure, limit in verdicts:
        table.add_row(what, f"{figure:.1f}", f">= {limit:g}", "yes" if figure >= limit else "NO")
    Console(width=140).print(table)
    return all(figure >= limit for _, figure, limit in verdicts) and ours.right == ours.rows and not ours.lost


FIGURES: dict[str, Callable[[Found], str]] = {
    f"{SMALL[0]} lists of {SMALL[1]} rows": lambda one: f"{one.small_s:.1f} s, {SMALL[0] * 60 / one.small_s:.0f} files a minute",
    f"{LARGE[0]} lists of {LARGE[1]:,} rows": lambda one: f"{one.large_s:.1f} s, {LARGE[0] * 60 / one.large_s:.1f} files a minute",
    "a list of 100 rows right behind them": lambda one: f"{one.behind_s:.1f} s",
    "acknowledged, median and longest": lambda one: (
        f"{1000 * statistics.median(one.acknowledged_s):.0f} ms, {1000 * max(one.acknowledged_s):.0f} ms"
    ),
    "tokens a row": lambda one: f"{one.tokens_a_row:.1f}",
    "rows right": lambda one: f"{one.right:,} of {one.rows:,}",
    f"of {STRUCK[0]} lists lost by kill -9": lambda one: str(one.lost),
}


if __name__ == "__main__":
    main()
