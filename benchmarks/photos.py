"""How well pictures of lists are read: pages of our own, printed and seen by a seeded camera; wants the extra `ocr`.

    python benchmarks/photos.py [--count 60] [--seed report] [--looks scan photo thermal] [--languages en id ru] [--layouts invoice] [--show 3] [--keep FOLDER]
    python benchmarks/photos.py others [--keep FOLDER]     # pictures that are no lists: none may give a row

Prints for each look and language: F1 of rows (the name within two edits, the price exact), the share of written rows whose price is wrong and
in no doubt, the share in doubt, and the time and memory of a page. Ends with 1 where a limit is missed.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

import camera
import other_pictures
import printed_lists
from rapidfuzz.distance import Levenshtein

from monito_ray.errors import FileUnusable
from monito_ray.pipeline import short_list
from monito_ray.pipeline.rows.price_list import Hints

#: Row F1 that each look is to reach, the largest share of silent wrong prices, seconds of processor time a page, bytes of a worker.
LEAST_F1 = {"scan": 0.97, "thermal": 0.90, "photo": 0.90}
MOST_SILENT = 0.002
MOST_CPU_S, MOST_BYTES = 8.0, 1_000_000_000
EDITS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out of one picture."""

    look: str
    language: str
    said: str
    offers: int
    rows: int
    found: int
    #: Rows whose name is one of the list's and whose price is another: those in doubt, and those not. Also rows of no offer without a doubt.
    wrong_in_doubt: int
    wrong_silent: int
    invented_silent: int
    doubted: int
    cpu_s: float
    #: What went wrong, for a person.
    faults: list[str]


def _near(a: str, b: str) -> bool:
    return Levenshtein.distance("".join(a.casefold().split()), "".join(b.casefold().split()), score_cutoff=EDITS) <= EDITS


def judge(look: str, language: str, said: str, offers: list[tuple[str, Decimal]], rows: list[dict[str, object]], cpu_s: float) -> Outcome:
    """Compare rows with what was printed."""
    left = dict(enumerate(offers))
    found = doubted = wrong_in_doubt = wrong_silent = invented = 0
    faults = []
    unmatched = []
    for row in rows:
        doubted += bool(row["doubt"])
        hit = next((i for i, (name, price) in left.items() if price == row["price"] and _near(name, str(row["original_name"]))), None)
        if hit is None:
            unmatched.append(row)
        else:
            found += 1
            del left[hit]
    for row in unmatched:
        hit = next((i for i, (name, _) in left.items() if _near(name, str(row["original_name"]))), None)
        priced = next((i for i, (name, price) in left.items() if price == row["price"]), None)
        if hit is not None:
            wrong_in_doubt += bool(row["doubt"])
            wrong_silent += not row["doubt"]
            faults.append(f"price {left[hit]} read as {row['price']} {row['doubt'] or 'SILENT'!r}")
            del left[hit]
        elif priced is not None:
            faults.append(f"name {left[priced][0]!r} read as {row['original_name']!r}")
            del left[priced]
        else:
            invented += not row["doubt"]
            faults.append(f"invented {row['original_name']!r} {row['price']} {row['doubt'] or 'SILENT'!r}")
    faults += [f"missed {name!r} {price}" for name, price in left.values()]
    return Outcome(look, language, said, len(offers), len(rows), found, wrong_in_doubt, wrong_silent, invented, doubted, cpu_s, faults)


def seen(number: int, seed: str, look: str, language: str, layouts: Sequence[str]) -> tuple[list[tuple[str, Decimal]], camera.Look, str]:
    """Return the offers of a page, and how it is seen."""
    dice = Random(f"{seed} {number} {look}")
    layout = "receipt" if look == "thermal" else layouts[number % len(layouts)]
    page = printed_lists.print_list(number, seed, layout=layout, language=language)
    taken = camera.photo(page.pixels, dice) if look == "photo" else camera.scan(page.pixels, dice, is_thermal=look == "thermal")
    return page.offers, taken, f"{number} {look} {language} {layout}: {taken.said}"


def outcome(case: tuple[int, str, str], seed: str, keep: str, layouts: Sequence[str]) -> Outcome:
    """Read one picture."""
    number, look, language = case
    offers, taken, said = seen(number, seed, look, language, layouts)
    name = f"{seed}_{number:03}_{look}_{language}.jpg"
    if keep:
        (Path(keep) / name).write_bytes(taken.picture)
    begin = time.process_time()
    try:
        read = short_list.read_and_standardize(taken.picture, name, Hints(), lenient=False)
        rows = read.standardized.good.to_pylist()
    except FileUnusable as error:
        return Outcome(look, language, said, len(offers), 0, 0, 0, 0, 0, 0, time.process_time() - begin, [str(error)])
    return judge(look, language, said, offers, rows, time.process_time() - begin)


def _report(outcomes: list[Outcome]) -> bool:
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in outcomes:
        groups[one.look, one.language].append(one)
        groups[one.look, "all"].append(one)
    is_good = True
    print(f"{'look':8} {'language':8} {'pages':>5} {'offers':>6}  row F1  wrong silent  wrong told  invented  in doubt  CPU s a page")
    for (look, language), of_group in sorted(groups.items()):
        offers, rows, found = (sum(getattr(one, name) for one in of_group) for name in ("offers", "rows", "found"))
        f1 = 2 * found / max(offers + rows, 1)
        silent = sum(one.wrong_silent for one in of_group) / max(rows, 1)
        told, doubted = (sum(getattr(one, name) for one in of_group) / max(rows, 1) for name in ("wrong_in_doubt", "doubted"))
        invented = sum(one.invented_silent for one in of_group)
        seconds = sorted(one.cpu_s for one in of_group)
        print(
            f"{look:8} {language:8} {len(of_group):5} {offers:6}  {f1:6.3f} {silent:13.4f} {told:11.4f} {invented:9} {doubted:9.3f}"
            f"  {seconds[len(seconds) // 2]:5.1f}, at most {seconds[-1]:.1f}"
        )
        if language == "all":
            is_good = is_good and f1 >= LEAST_F1[look] and silent <= MOST_SILENT
    return is_good


def _others(keep: str) -> bool:
    given = {}
    for name, picture in other_pictures.pictures():
        if keep:
            (Path(keep) / f"{name}.jpg").write_bytes(picture)
        try:
            rows = short_list.read_and_standardize(picture, f"{name}.jpg", Hints(), lenient=False).standardized.good.num_rows
        except FileUnusable as error:
            print(f"{name:24} none: {error}")
            rows = 0
        given[name] = rows
    bad = {name: rows for name, rows in given.items() if rows}
    print(f"{len(given)} pictures that are no lists, {len(bad)} of them gave rows {bad or ''}")
    return not bad


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("lists", "others"), default="lists")
    parser.add_argument("--count", type=int, default=60, help="pages of each look")
    parser.add_argument("--seed", default="report")
    parser.add_argument("--looks", nargs="*", default=("scan", "photo", "thermal"))
    parser.add_argument("--languages", nargs="*", default=("en", "id", "ru"))
    parser.add_argument("--layouts", nargs="*", default=printed_lists.LAYOUTS, help=f"of photos and scans, {printed_lists.INVOICE!r}, too")
    parser.add_argument("--show", type=int, default=0, help="faults that are printed of each page")
    parser.add_argument("--keep", default="", help="a folder for the pictures")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--first", type=int, default=0)
    args = parser.parse_args()
    if args.keep:
        Path(args.keep).mkdir(parents=True, exist_ok=True)
    if args.what == "others":
        sys.exit(not _others(args.keep))
    numbers = range(args.first, args.first + args.count)
    cases = [(n, look, args.languages[n // 4 % len(args.languages)]) for look in args.looks for n in numbers]
    outcomes = []
    with multiprocessing.get_context("spawn").Pool(args.processes, os.nice, (5,)) as pool:
        for one in pool.imap(partial(outcome, seed=args.seed, keep=args.keep, layouts=args.layouts), cases):
            outcomes.append(one)
            if args.show:
                print(
                    f"{one.found}/{one.offers} of {one.rows}, {one.cpu_s:.1f} s: {one.said}",
                    *one.faults[: args.show],
                    sep="\n    ",
                    flush=True,
                )
    is_good = _report(outcomes)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"memory of a process at its most, with the making of the pictures: {peak / 1e6:,.0f} MB")
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
