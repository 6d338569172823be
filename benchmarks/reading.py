"""How well and how fast lists are read, Ray aside.

    python benchmarks/reading.py speed                   # ours against calamine's bare reading, side by side
    python benchmarks/reading.py lists [--skip 009 ...]  # the real, labelled lists, when they lie beside the project
    python benchmarks/reading.py mutations [--only 101 ...] [--ways "no header" ...]  # the same lists bent, as `bends.py` says

Speed states its floor (calamine alone) and its truth (right rows). Lists and mutations print F1 for each list, and means beside those
of the lists as they are; `no price` prints how many rows were invented, where the answer is none.
"""

import argparse
import importlib.util
import io
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import bends
import papers

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.price_cells import amount_in

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
ROWS = 43_000
MOST = 8.0
MOST_MANY_SHEETS = 12.0
MOST_PDF_S = 1.5
#: Rows of a long list that are bent, all its sheets together.
ROWS_BENT = 1_500
#: A column with that share of labelled prices among its amounts is one of prices, also where it is not read as such.
LABELLED_SHARE = 0.5
KINDS = {
    "spreadsheets": (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".csv", ".tsv"),
    "PDFs": (".pdf",),
    "texts": (".txt", ".md", ".docx", ".odt", ".rtf", ".html", ".eml"),
}


Truth = list[tuple[str, int]]


def goods(count: int, seed: int = 1) -> Truth:
    """Names and prices that could be."""
    dice = random.Random(seed)
    names = ["Minyak Goreng", "Beras Premium", "Gula Pasir", "Kecap Manis", "Sambal Pedas", "Teh Celup", "Kopi Bubuk"]
    return [
        (f"{dice.choice(names)} {chr(65 + n % 26)}{n} {dice.choice([100, 250, 500])} gr", dice.randrange(20, 900) * 250)
        for n in range(count)
    ]


def workbook(sheets: int, rows: int, prices: Sequence[str]) -> tuple[bytes, Truth]:
    """An xlsx with so many sheets of so many rows and a column for each title of a price, and what stands in it."""
    dice, out, truth = random.Random(1), io.BytesIO(), goods(sheets * rows)
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for place in range(sheets):
            sheet = book.add_worksheet(f"Harga {place + 1}")
            sheet.write_row(0, 0, ["No", "Nama Barang", "Satuan", "Isi", *prices])
            for n, (name, price) in enumerate(truth[place * rows : (place + 1) * rows], 1):
                tiers = [price * (100 - 4 * tier) // 100 for tier in range(len(prices))]
                sheet.write_row(n, 0, [n, name, dice.choice(["pcs", "dus", "kg"]), dice.choice([6, 12, 24]), *tiers])
    return out.getvalue(), truth


def pages(count: int) -> tuple[bytes, Truth]:
    """A ruled PDF of so many pages of 50 offers, and what stands in it."""
    truth, papers_made = goods(count * 50), []
    for page in range(count):
        rows = [
            ("Nama Barang", "Satuan", "Harga"),
            *((name, "pcs", f"{price:,}".replace(",", ".")) for name, price in truth[page * 50 : page * 50 + 50]),
        ]
        paper = papers.Paper().grid([40, 300, 380, 480], [40 + 15 * n for n in range(len(rows) + 1)])
        for n, (name, unit, price) in enumerate(rows):
            paper.row(51 + 15 * n, [(44, name), (304, unit), (384, price)])
        papers_made.append(paper)
    return papers.pdf(*papers_made), truth


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of processor time of the fastest of several runs: what else the machine does hardly counts."""
    took = []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took)


def speed() -> int:
    """Reading, locating, extracting and validating against calamine's bare reading, in turn; 1 when one is too slow or a row is wrong."""
    tiers = ["Harga Ecer", "Harga 6 pcs", "Harga Grosir", "Harga Agen", "Harga Distributor"]
    books = {
        f"{ROWS:,} rows of five columns": workbook(1, ROWS, ["Harga"]),
        "20,000 rows with five prices": workbook(1, 20_000, tiers),
        "99 sheets of 200 rows": workbook(99, 200, ["Harga"]),
    }
    good = True
    for what, (data, truth) in books.items():
        floor = fastest(lambda data=data: _bare(data))
        whole = fastest(lambda data=data: _offers(data, "large.xlsx"))
        right = _right(_offers(data, "large.xlsx"), truth)
        most = MOST_MANY_SHEETS if "sheets" in what else MOST
        good = good and whole <= most * floor and right == len(truth)
        print(
            f"{what}: calamine alone {floor:.3f} s, ours {whole:.3f} s: {whole / floor:.1f} times (at most {most:.0f}); {right} of {len(truth)} rows right"
        )
    data, truth = pages(15)
    whole = fastest(lambda: _offers(data, "large.pdf"))
    right = _right(_offers(data, "large.pdf"), truth)
    print(f"a PDF of 15 pages: {whole:.2f} s (at most {MOST_PDF_S}); {right} of {len(truth)} rows right")
    return int(not (good and whole <= MOST_PDF_S and right == len(truth)))


def _bare(data: bytes) -> object:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def _offers(data: bytes, name: str) -> pa.Table:
    return validation.partition(validation.validate(price_list.read_price_list(data, name).rows))[0]


def _right(found: pa.Table, truth: Truth) -> int:
    have = zip(found.column("original_name").to_pylist(), found.column("price").to_pylist(), strict=True)
    return sum(offer == (name, Decimal(price)) for offer, (name, price) in zip(have, truth, strict=False))


@cache
def scorer() -> ModuleType:
    """The score of the labelled lists, as a module."""
    spec = importlib.util.spec_from_file_location("score", LISTS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def offers(sheets: Sequence[Sheet], name: str) -> list[dict[str, object]]:
    """The offers read from sheets; [] where nothing can be read. Rows are conserved, or this fails."""
    try:
        found = price_list.read_from_sheets(sheets, name)
    except FileUnusable:
        return []
    good, rejects = validation.partition(validation.validate(found.rows))
    assert good.num_rows + rejects.num_rows == found.rows.num_rows
    return list(good.to_pylist())


@dataclass(frozen=True, slots=True)
class Labelled:
    """A list with its labels; of long sheets only the first rows, with the labels of these."""

    path: Path
    gold: dict[str, Any]
    sheets: Sequence[Sheet]


def labelled(path: Path, *, whole: bool) -> Labelled | None:
    """Return a list with its labels; None where it has none, or cannot be opened."""
    labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
    try:
        sheets = open_sheets(path.read_bytes(), path.name) if labels else []
    except FileUnusable:
        return None
    if labels is None or not sheets:
        return None
    one = Labelled(path, scorer().load(labels), sheets)
    return one if whole or path.suffix == ".pdf" else _sampled(one)


def _sampled(one: Labelled) -> Labelled:
    """Return the list with its first rows alone, as many as are bent in seconds."""
    left, kept, last = ROWS_BENT, [], {}  # type: int, list[Sheet], dict[str, int]
    for sheet in one.sheets:
        size = min(left, len(sheet.rows))
        left -= size
        merges = tuple(merge for merge in sheet.merges if merge.bottom < size)
        kept += [replace(sheet, rows=sheet.rows[:size], merges=merges, numbers=sheet.numbers[:size], lines=())] if size else []
        last[_plain(sheet.name)] = sheet.row_number(size - 1) if size else 0
    only = next(iter(last.values())) if len(last) == 1 else 0
    rows = [row for row in one.gold["rows"] if not str(row["row"]).isdigit() or int(row["row"]) <= last.get(_plain(row.get("sheet")), only)]
    return replace(one, gold=one.gold | {"rows": rows}, sheets=kept)


def without_labelled_prices(sheets: Sequence[Sheet], gold: dict[str, Any]) -> list[Sheet]:
    """Return the sheets of a list without the columns whose amounts are mostly labelled as prices, one of today or another."""
    amounts: dict[tuple[str, object], set[float]] = {}
    for row in gold["rows"]:
        labelled_amounts = [amount for amount in (row["price"], *(row.get("alt_prices") or ())) if amount]
        amounts.setdefault((_plain(row.get("sheet")), row["row"]), set()).update(round(float(amount), 2) for amount in labelled_amounts)
    return [_without_columns(sheet, amounts) for sheet in sheets]


def _without_columns(sheet: Sheet, amounts: dict[tuple[str, object], set[float]]) -> Sheet:
    rows = [(cells, amounts.get((_plain(sheet.name), sheet.row_number(n)), set())) for n, cells in enumerate(sheet.rows)]
    gone = set()
    for column in range(len(sheet.rows[0]) if sheet.rows else 0):
        cells = [(amount, prices) for cells, prices in rows if prices and (amount := amount_in(cells[column], None)) and amount.value]
        right = sum(round(float(amount.value), 2) in prices for amount, prices in cells)
        if right and right >= LABELLED_SHARE * len(cells):
            gone.add(column)
    return replace(sheet, rows=[["" if column in gone else value for column, value in enumerate(cells)] for cells, _ in rows])


def _plain(name: object) -> str:
    return str(name or "").strip().casefold()


def measured(path: Path, ways: Sequence[str], *, whole: bool) -> tuple[str, dict[str, float]] | None:
    """Return F1 of a list under each way of bending it; for `no price` how many rows were invented."""
    one = labelled(path, whole=whole)
    if one is None:
        return None
    results = {}
    for way in ways:
        bent = bends.bend(one.sheets, str(one.gold.get("language") or ""), bends.ALL_BENDS[way], f"{path.name} {way}")
        bent = without_labelled_prices(bent, one.gold) if way == bends.NO_PRICE else bent
        rows = [row | {"source_sheet": str(row["source_sheet"]).removesuffix(bends.SECOND)} for row in offers(bent, path.name)]
        ignored = one.gold.get("ignore_sheets") or ()
        invented = sum(row["source_sheet"] not in ignored for row in rows)
        results[way] = float(invented) if way == bends.NO_PRICE else judged(scorer(), one.gold, rows)
    return path.name, results


def measure(ways: Sequence[str], skip: Sequence[str], only: Sequence[str], processes: int, *, whole: bool) -> None:
    """Print F1 of every labelled list under every way of bending it, and the mean of each over spreadsheets and over PDFs."""
    paths = [
        path
        for path in sorted((LISTS / "files").iterdir())
        if path.name.startswith(tuple(only)) and not path.name.startswith(tuple(skip or ("\0",)))
    ]
    print("list".ljust(34) + "".join(way.rjust(15) for way in ways))
    results: dict[str, dict[str, float]] = {}
    with multiprocessing.get_context("spawn").Pool(processes, os.nice, (5,)) as pool:
        for found in pool.imap(partial(measured, ways=ways, whole=whole), paths):
            if found:
                results[found[0]] = found[1]
                print(
                    found[0][:33].ljust(34)
                    + "".join(f"{f1:15.3f}" if way != bends.NO_PRICE else f"{f1:6.0f} invented" for way, f1 in found[1].items()),
                    flush=True,
                )
    for kind, suffixes in KINDS.items():
        of_kind = [f1 for name, f1 in results.items() if Path(name).suffix.lower() in suffixes]
        if of_kind:
            means = {way: sum(f1[way] for f1 in of_kind) / len(of_kind) for way in ways}
            print(f"mean of {len(of_kind)} {kind}".ljust(34) + "".join(f"{mean:15.3f}" for mean in means.values()))
            print("  of what it is as it is".ljust(34) + "".join(f"{mean / (means['as is'] or 1):15.3f}" for mean in means.values()))


def judged(score: ModuleType, gold: dict[str, object], rows: list[dict[str, object]]) -> float:
    """F1 of rows against a list's labels."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, default=lambda value: float(value) if isinstance(value, Decimal) else str(value)) + "\n")
        file.flush()
        return float(score.score(Path(file.name), gold, 0)["f1"])


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("speed", "lists", "mutations"))
    parser.add_argument("--only", nargs="*", default=[""], help="lists whose names begin so")
    parser.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    parser.add_argument(
        "--ways", nargs="*", choices=tuple(bends.ALL_BENDS), default=tuple(bends.ALL_BENDS), help="of bending; all unless said"
    )
    parser.add_argument("--whole", action="store_true", help=f"bend long lists as a whole, not only their first {ROWS_BENT:,} rows")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    if args.what == "speed":
        sys.exit(speed())
    elif not LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    elif args.what == "lists":
        measure(("as is",), args.skip, args.only, args.processes, whole=True)
    else:
        measure(tuple(dict.fromkeys(("as is", *args.ways))), args.skip, args.only, args.processes, whole=args.whole)


if __name__ == "__main__":
    main()
