"""What each named number of `monito_ray/pipeline/tables` decides: which lists are read otherwise with half of it and with twice.

    python benchmarks/thresholds.py [--only price] [--lists]

Our own lists (`tests/data`, `examples`) are read again for each number and each change; `--lists` looks at the tables of the real lists
instead, where they lie beside the project, and only at the roles of their columns. Prints a line for each number with what changes; a
number that changes nothing is held by no list, and may be wrong without being seen. There is no limit: it shows, it does not test.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))

import mutations
import traps

from monito_ray.errors import FileUnusable
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows.price_list import read_sheet_tables
from monito_ray.pipeline.tables import profiles, titles
from monito_ray.pipeline.tables.choice.name_comparison import NAME_COMPARISON
from monito_ray.pipeline.tables.choice.price_comparison import COMPARISON
from monito_ray.pipeline.tables.choice.price_ratios import PRICE_RATIOS
from monito_ray.pipeline.tables.column_relations import RELATIONS
from monito_ray.pipeline.tables.headers import HEADER_ROWS
from monito_ray.pipeline.tables.locate import TABLE, LocatedTable
from monito_ray.pipeline.tables.name_columns import NAME_COLUMNS
from monito_ray.pipeline.tables.name_evidence import NAME
from monito_ray.pipeline.tables.number_series import SERIES
from monito_ray.pipeline.tables.price_columns import PRICE_COLUMNS
from monito_ray.pipeline.tables.price_evidence import PRICE, _cells_score
from monito_ray.pipeline.tables.role_evidence import ROLE
from monito_ray.pipeline.tables.roles import DOUBT, assign_columns
from monito_ray.pipeline.tables.shapes.side_by_side import BLOCKS

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
RECORDS: Mapping[str, object] = {
    "name": NAME,
    "price": PRICE,
    "price columns": PRICE_COLUMNS,
    "price comparison": COMPARISON,
    "price ratios": PRICE_RATIOS,
    "name comparison": NAME_COMPARISON,
    "name columns": NAME_COLUMNS,
    "role": ROLE,
    "doubt": DOUBT,
    "relations": RELATIONS,
    "series": SERIES,
    "headers": HEADER_ROWS,
    "blocks": BLOCKS,
    "table": TABLE,
}
#: By the name of a list, something that is equal where it is read the same.
Readings = dict[str, object]


@contextmanager
def changed(record: object, field: str, factor: float) -> Iterator[None]:
    """Multiply one named number for a while; the records are frozen for everybody else."""
    value = getattr(record, field)
    object.__setattr__(record, field, type(value)(value * factor))
    try:
        _forget()
        yield
    finally:
        object.__setattr__(record, field, value)
        _forget()


def _forget() -> None:
    for cached in (_cells_score, profiles._look_of_text, titles.parse_title):  # noqa: SLF001  their numbers change here alone
        cached.cache_clear()


def own_lists() -> Callable[[], Readings]:
    """Return a reader of our own lists, those without prices, too: where their tables stand, and the roles of their columns."""
    lists = mutations.lists()
    for trap in traps.every():
        if trap.said.get("error") == "NoPricesFound":
            lists.append((trap.file_name, open_sheets(trap.data(), trap.file_name)))
    return lambda: {name: _tables(sheets) for name, sheets in lists}


def _tables(sheets: Sequence[Sheet]) -> object:
    tables = [table for read in read_sheet_tables(sheets) for table in read.tables]
    return [(table.left, table.right, table.first, table.last, table.roles) for table in tables]


def real_lists() -> Callable[[], Readings]:
    """Return a reader of the tables of the real lists: the roles of their columns alone."""
    tables: dict[str, list[LocatedTable]] = {}
    for path in sorted((LISTS / "files").iterdir()):
        try:
            reads = read_sheet_tables(open_sheets(path.read_bytes(), path.name))
        except FileUnusable:
            continue
        tables[path.name] = [table for read in reads for table in read.tables]
    return lambda: {name: [assign_columns(table.titles, table.profiles) for table in located] for name, located in tables.items()}


def main() -> int:
    """Print what each number decides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=RECORDS, help="the numbers of one record")
    parser.add_argument("--lists", action="store_true", help="look at the real lists")
    options = parser.parse_args()
    if options.lists and not LISTS.exists():
        print(f"the real lists are not at {LISTS}")
        return 0
    read = real_lists() if options.lists else own_lists()
    before = read()
    print(f"{len(before)} lists")
    for name in [options.only] if options.only else RECORDS:
        for field in fields(RECORDS[name]):  # type: ignore[arg-type]  # each is a dataclass
            effects = []
            for text, factor in (("half", 0.5), ("twice", 2.0)):
                with changed(RECORDS[name], field.name, factor):
                    after = read()
                effects.append(f"{text}: {_differences(before, after)}")
            print(f"{name}.{field.name} = {getattr(RECORDS[name], field.name)}  {'; '.join(effects)}", flush=True)
    return 0


def _differences(before: Readings, after: Readings) -> str:
    different = [name for name, reading in before.items() if after[name] != reading]
    shown = ", ".join(different[:3])
    return f"{len(different)} ({shown}{', …' * (len(different) > 3)})" if different else "none"


if __name__ == "__main__":
    sys.exit(main())
