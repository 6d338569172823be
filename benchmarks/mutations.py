"""Whether our own lists are read as before when they are bent, and never crash the reader or lose a row.

    python benchmarks/mutations.py [--count 10000] [--seed 7] [--worst 5]

Each case takes one of the lists of `tests/data` or `examples` and bends it one to three times: moved, titles merged, split over two rows,
swapped or renamed, rows inserted, columns shuffled; half of them then go through a text file of another separator and encoding. Prints for
each way of bending the share of offers (name and price) that are read as before; ends with 1 when a case crashes or a row is lost.
"""

import argparse
import csv
import io
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import traps

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Merge, Sheet, Value, text_of
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.tables import locate

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
Offers = Counter[tuple[str, Decimal]]
Cells = list[list[Value]]
_UNKNOWN = ("Zorblax", "Колонка", "X1", "", "Kolom A", "名", "Q&A", "123")
_INSERTED = ("", "Catatan: harga dapat berubah", "SECTION", "Total", "***", "www.example.com")
_SEPARATORS = (";", ",", "\t", "|")
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1251", "cp1252", "iso-8859-9", "koi8-r")


@dataclass(frozen=True, slots=True)
class Case:
    """A bent list: how it was bent, what came out of it beside what the list gave as it was."""

    name: str
    ways: tuple[str, ...]
    before: Offers
    after: Offers
    crash: str = ""

    @property
    def share(self) -> float:
        """Of the offers read before or now, the share that both have."""
        both, either = (self.before & self.after).total(), (self.before | self.after).total()
        return both / either if either else 1.0


def lists() -> list[tuple[str, list[Sheet]]]:
    """Our own lists as sheets, by name; those that cannot be opened, on purpose, are left out."""
    found = [(trap.file_name, trap.data()) for trap in traps.every() if "error" not in trap.said]
    found += [(path.name, path.read_bytes()) for path in sorted(EXAMPLES.iterdir()) if path.suffix in (".xlsx", ".csv")]
    return [(name, open_sheets(data, name)) for name, data in found]


def offers(sheets: Sequence[Sheet], name: str) -> Offers:
    """What is read of sheets; nothing where there is nothing.

    Raises:
        AssertionError: a row was lost.
    """
    try:
        found = price_list.read_from_sheets(sheets, name)
    except FileUnusable:
        return Counter()
    good, rejects = validation.partition(validation.validate(found.rows))
    assert good.num_rows + rejects.num_rows == found.rows.num_rows, "a row is lost"
    return Counter(zip(good.column("original_name").to_pylist(), good.column("price").to_pylist(), strict=True))


def _with(sheet: Sheet, rows: Cells, merges: Sequence[Merge] = ()) -> Sheet:
    return replace(sheet, rows=rows, merges=tuple(merges), numbers=())


def _cells(sheet: Sheet) -> Cells:
    return [list(row) for row in sheet.rows]


def _header_row(sheet: Sheet) -> int | None:
    return next((table.header.bottom for table in locate.find_tables(sheet) if table.header), None)


def moved(sheet: Sheet, dice: Random) -> Sheet:
    """Begin further down and to the right."""
    down, right = dice.randrange(1, 8), dice.randrange(0, 4)
    width = len(sheet.rows[0]) + right if sheet.rows else right
    rows: Cells = [[""] * width for _ in range(down)]
    merges = [Merge(m.top + down, m.left + right, m.bottom + down, m.right + right) for m in sheet.merges]
    lower = replace(sheet, hidden=frozenset(index + down for index in sheet.hidden))
    return _with(lower, rows + [[""] * right + list(row) for row in sheet.rows], merges)


def titles_merged(sheet: Sheet, dice: Random) -> Sheet:
    """A title stands over two columns, and the second has none of its own."""
    top, rows = _header_row(sheet), _cells(sheet)
    if top is None or len(rows[top]) < 2:
        return sheet
    column = dice.randrange(len(rows[top]) - 1)
    rows[top][column + 1] = ""
    return _with(sheet, rows, [*sheet.merges, Merge(top, column, top, column + 1)])


def titles_split(sheet: Sheet, _dice: Random) -> Sheet:
    """The words of titles stand on two rows."""
    top, rows = _header_row(sheet), _cells(sheet)
    if top is None:
        return sheet
    words = [text_of(value).split() for value in rows[top]]
    below: list[Value] = [" ".join(said[1:]) for said in words]
    rows[top] = [said[0] if said else "" for said in words]
    return _with(replace(sheet, hidden=frozenset()), [*rows[: top + 1], below, *rows[top + 1 :]] if any(below) else rows)


def titles_swapped(sheet: Sheet, dice: Random) -> Sheet:
    """Two titles have changed places, and say what is wrong."""
    top, rows = _header_row(sheet), _cells(sheet)
    if top is None or len(rows[top]) < 2:
        return sheet
    one, other = dice.sample(range(len(rows[top])), 2)
    rows[top][one], rows[top][other] = rows[top][other], rows[top][one]
    return _with(sheet, rows, sheet.merges)


def titles_renamed(sheet: Sheet, dice: Random) -> Sheet:
    """A title is a word that nobody knows, or none."""
    top, rows = _header_row(sheet), _cells(sheet)
    if top is None:
        return sheet
    rows[top][dice.randrange(len(rows[top]))] = dice.choice(_UNKNOWN)
    return _with(sheet, rows, sheet.merges)


def rows_inserted(sheet: Sheet, dice: Random) -> Sheet:
    """Blank rows, remarks, the header once more."""
    rows, top = _cells(sheet), _header_row(sheet)
    for _ in range(dice.randrange(1, 5)):
        width = len(rows[0]) if rows else 1
        place = dice.randrange(width)
        new: list[Value] = [dice.choice(_INSERTED) if column == place else "" for column in range(width)]
        if top is not None and dice.random() < 0.3:
            new = list(sheet.rows[top])
        rows.insert(dice.randrange(len(rows) + 1), new)
    return _with(replace(sheet, hidden=frozenset()), rows)


def columns_shuffled(sheet: Sheet, dice: Random) -> Sheet:
    """The same columns in another order."""
    order = list(range(len(sheet.rows[0]))) if sheet.rows else []
    dice.shuffle(order)
    return _with(sheet, [[row[column] for column in order] for row in sheet.rows])


WAYS: dict[str, Callable[[Sheet, Random], Sheet]] = {
    "moved": moved,
    "titles merged": titles_merged,
    "titles split": titles_split,
    "titles swapped": titles_swapped,
    "titles renamed": titles_renamed,
    "rows inserted": rows_inserted,
    "columns shuffled": columns_shuffled,
}


def as_text(sheet: Sheet, separator: str, encoding: str) -> bytes:
    """The sheet as a text file.

    Raises:
        UnicodeEncodeError: the encoding does not have all of its characters.
    """
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([[text_of(value) for value in row] for row in sheet.rows])
    return out.getvalue().encode(encoding)


def _written(sheet: Sheet, dice: Random) -> tuple[str, bytes]:
    """An encoding that has all characters of the sheet, and the sheet in it."""
    separator = dice.choice(_SEPARATORS)
    for encoding in dice.sample(_ENCODINGS, len(_ENCODINGS)):
        with suppress(UnicodeEncodeError):
            return encoding, as_text(sheet, separator, encoding)
    raise AssertionError("UTF-8 has every character")


def bend(name: str, sheets: Sequence[Sheet], before: Offers, dice: Random) -> Case:
    """One case: a list, bent at random."""
    ways = tuple(dice.choice(list(WAYS)) for _ in range(dice.randrange(1, 4)))
    try:
        bent = list(sheets)
        for way in ways:
            bent = [WAYS[way](sheet, dice) for sheet in bent]
        if len(bent) == 1 and not bent[0].paged and dice.random() < 0.5:
            encoding, data = _written(bent[0], dice)
            ways += (f"as {encoding}",)
            bent = open_sheets(data, name)
        return Case(name, ways, before, offers(bent, name))
    except FileUnusable:
        return Case(name, ways, before, Counter())
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return Case(name, ways, before, Counter(), f"{type(error).__name__}: {error}")


def cases(count: int, seed: int) -> Iterator[Case]:
    """Seeded cases over all lists in turn."""
    found = [(name, sheets, offers(sheets, name)) for name, sheets in lists()]
    for number in range(count):
        yield bend(*found[number % len(found)], Random(f"{seed} {number}"))


def main() -> None:
    """Bend, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worst", type=int, default=5, help="how many of the lists that suffer most to name")
    chosen = parser.parse_args()
    by_way, by_list, crashes = defaultdict(list), defaultdict(list), []  # type: ignore[var-annotated]
    began = time.monotonic()
    for case in cases(chosen.count, chosen.seed):
        by_list[case.name].append(case.share)
        for way in case.ways:
            by_way[way].append(case.share)
        if case.crash:
            crashes.append(case)
            print(f"CRASH {case.name} {', '.join(case.ways)}: {case.crash}")
    for way, shares in sorted(by_way.items()):
        whole = sum(share == 1 for share in shares) / len(shares)
        print(
            f"{way:<20}{len(shares):>7} cases, read as before {sum(shares) / len(shares):7.1%} of the offers, {whole:6.1%} of the lists whole"
        )
    everything = [share for shares in by_list.values() for share in shares]
    print(
        f"{'all':<20}{len(everything):>7} cases, {sum(everything) / len(everything):.1%}, {time.monotonic() - began:.0f} s, {len(crashes)} crashed"
    )
    for name, shares in sorted(by_list.items(), key=lambda entry: sum(entry[1]) / len(entry[1]))[: chosen.worst]:
        print(f"  {name:<36}{sum(shares) / len(shares):7.1%}")
    sys.exit(int(bool(crashes)))


if __name__ == "__main__":
    main()
