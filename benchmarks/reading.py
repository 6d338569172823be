"""How well and how fast lists are read, Ray aside.

    python benchmarks/reading.py speed                   # ours against calamine's bare reading, side by side
    python benchmarks/reading.py lists [--skip 009 ...]  # the real, labelled lists, when they lie beside the project
    python benchmarks/reading.py mutations [--skip ...]  # the same lists bent: no header, unknown titles, reversed columns, ...

Speed states its floor (calamine alone) and its truth (right rows). Lists and mutations print F1 for each list; the mutation
`no price` prints how many rows were invented, where the answer is none.
"""

import argparse
import importlib.util
import io
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import xlsxwriter
from python_calamine import CalamineWorkbook

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import papers

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Merge, Sheet, Value
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.tables import locate

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
ROWS = 43_000
MOST = 8.0
MOST_PDF_S = 2.0


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
    """Seconds of the fastest of several runs."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
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
        good = good and whole <= MOST * floor and right == len(truth)
        print(
            f"{what}: calamine alone {floor:.3f} s, ours {whole:.3f} s: {whole / floor:.1f} times (at most {MOST:.0f}); {right} of {len(truth)} rows right"
        )
    data, truth = pages(15)
    whole = fastest(lambda: _offers(data, "large.pdf"))
    right = _right(_offers(data, "large.pdf"), truth)
    print(f"a PDF of 15 pages: {whole:.2f} s (at most {MOST_PDF_S:.0f}); {right} of {len(truth)} rows right")
    return int(not (good and whole <= MOST_PDF_S and right == len(truth)))


def _bare(data: bytes) -> object:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def _offers(data: bytes, name: str) -> pa.Table:
    return validation.partition(validation.validate(price_list.read_price_list(data, name).rows))[0]


def _right(found: pa.Table, truth: Truth) -> int:
    have = zip(found.column("original_name").to_pylist(), found.column("price").to_pylist(), strict=True)
    return sum(offer == (name, Decimal(price)) for offer, (name, price) in zip(have, truth, strict=False))


def with_rows(sheet: Sheet, rows: Sequence[Sequence[Value]], merges: tuple[Merge, ...] | None = None) -> Sheet:
    """`sheet` with other rows."""
    return Sheet(sheet.name, [list(row) for row in rows], sheet.merges if merges is None else merges, sheet.hidden, (), sheet.paged)


def header_rows(sheet: Sheet) -> set[int]:
    """Indexes of the rows that are headers."""
    return {row for table in locate.find_tables(sheet) if table.header for row in range(table.header.top, table.header.bottom + 1)}


def price_cells(sheet: Sheet, *, titles: bool, amounts: bool) -> Iterator[tuple[int, int]]:
    """Places of price columns' titles and amounts."""
    for table in locate.find_tables(sheet):
        top, bottom = (table.header.top, table.header.bottom) if table.header else (0, -1)
        for column in table.roles.prices:
            rows = [*(range(top, bottom + 1) if titles else ()), *(range(table.first, table.last + 1) if amounts else ())]
            yield from ((row, table.left + column) for row in rows)


def changed(sheet: Sheet, cells: Iterator[tuple[int, int]], change: Callable[[Value], Value]) -> Sheet:
    """`sheet` with some cells changed."""
    rows = [list(row) for row in sheet.rows]
    for row, column in cells:
        rows[row][column] = change(rows[row][column])
    return with_rows(sheet, rows)


def as_text(thousands: str, decimals: str) -> Callable[[Value], Value]:
    """A typed amount as the text of a convention."""
    marks = str.maketrans({",": thousands, ".": decimals})
    return lambda value: f"{value:,.2f}".translate(marks) if isinstance(value, (int, float)) else value


def without_header(sheet: Sheet) -> Sheet:
    """No titles."""
    gone = header_rows(sheet)
    return with_rows(sheet, [[""] * len(row) if n in gone else row for n, row in enumerate(sheet.rows)])


def reversed_columns(sheet: Sheet) -> Sheet:
    """The last column first; what merged cells hold stands in the first of them, as everywhere."""
    last = len(sheet.rows[0]) - 1 if sheet.rows else 0
    merges = tuple(Merge(m.top, last - m.right, m.bottom, last - m.left) for m in sheet.merges)
    rows = [list(row)[::-1] for row in sheet.rows]
    for m in merges:
        rows[m.top][m.left], rows[m.top][m.right] = rows[m.top][m.right], rows[m.top][m.left]
    return with_rows(sheet, rows, merges)


def with_blanks(sheet: Sheet) -> Sheet:
    """An empty row after every fifth, an empty column after every second; merged cells move with theirs."""
    rows: list[list[Value]] = []
    for n, row in enumerate(sheet.rows):
        rows.append([cell for c, value in enumerate(row) for cell in ([value, ""] if c % 2 else [value])])
        rows += [[""] * len(rows[-1])] if n % 5 == 4 else []
    merges = tuple(Merge(m.top + m.top // 5, m.left + m.left // 2, m.bottom + m.bottom // 5, m.right + m.right // 2) for m in sheet.merges)
    return with_rows(sheet, rows, merges)


MUTATIONS: dict[str, Callable[[Sheet], Sheet]] = {
    "as is": lambda sheet: sheet,
    "no header": without_header,
    "unknown title": lambda sheet: changed(sheet, price_cells(sheet, titles=True, amounts=False), lambda v: "Zorblax" if v else v),
    "reversed": reversed_columns,
    "1.234,56": lambda sheet: changed(sheet, price_cells(sheet, titles=False, amounts=True), as_text(".", ",")),
    "1 234,56": lambda sheet: changed(sheet, price_cells(sheet, titles=False, amounts=True), as_text(" ", ",")),
    "blanks": with_blanks,
    "no price": lambda sheet: changed(sheet, price_cells(sheet, titles=True, amounts=True), lambda _: ""),
}


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


def measure(mutations: dict[str, Callable[[Sheet], Sheet]], skip: Sequence[str]) -> None:
    """F1 of every labelled list under every mutation, and the mean of each."""
    score, sums = scorer(), {name: [] for name in mutations}  # type: tuple[ModuleType, dict[str, list[float]]]
    print("list".ljust(34) + "".join(name.rjust(15) for name in mutations))
    for path in sorted((LISTS / "files").iterdir()):
        labels = next((LISTS / "gold").glob(f"{path.name}.gold.json*"), None)
        if labels is None or path.name.startswith(tuple(skip or ("\0",))):
            continue
        gold, sheets = score.load(labels), open_sheets(path.read_bytes(), path.name)
        line = path.name[:33].ljust(34)
        for name, mutate in mutations.items():
            rows = offers([mutate(sheet) for sheet in sheets], path.name)
            if name == "no price":
                ignored = gold.get("ignore_sheets") or ()
                line += f"{sum(row['source_sheet'] not in ignored for row in rows)} invented".rjust(15)
                continue
            sums[name].append(judged(score, gold, rows))
            line += f"{sums[name][-1]:.3f}".rjust(15)
        print(line, flush=True)
    print("mean".ljust(34) + "".join(f"{sum(values) / len(values):.3f}".rjust(15) for values in sums.values() if values))


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
    parser.add_argument("--skip", nargs="*", default=[], help="lists whose names begin so are left out")
    args = parser.parse_args()
    if args.what == "speed":
        sys.exit(speed())
    elif not LISTS.is_dir():
        sys.exit("skipped: the real lists do not lie beside this project")
    else:
        measure(MUTATIONS if args.what == "mutations" else {"as is": MUTATIONS["as is"]}, args.skip)


if __name__ == "__main__":
    main()
