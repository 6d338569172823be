"""Lists into the spreadsheet: writes against Google's quota, and every cell against the catalogue.

Every list goes into the catalogue and then into the spreadsheet, where those that wait share a writing. `together`: all at the same
moment; `by fours`: as many at a time as the driver takes; `in turn`: one after the other, each with a writing of its own, which is
the most that the quota has to let through. The server runs in this process, so its share of the time counts too; the minute of the
quota is shortened (`--minute-s`), its 60 requests are not.

    python benchmarks/sheets.py                       # 60 lists of 100 rows, a minute of 6 s
    python benchmarks/sheets.py --bad-weather 0.2     # a fifth of all requests fails, half of those after they were applied
"""

import argparse
import json
import os
import platform
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from monito_ray.catalog import offers
from monito_ray.catalog.lists import writing
from monito_ray.catalog.sheets.sheet_diff import to_scalar
from monito_ray.catalog.sheets.workbook_plan import catalogue_of, plan_workbook
from monito_ray.clients.sheets.spreadsheet import SheetsAddress, Spreadsheet
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Method, ProductRow
from monito_ray.steps import publish
from monito_ray.steps.background.coalescing import Coalescer
from monito_ray.steps.context import WriteRequest
from monito_ray.store.database import Store, open_store
from monito_ray.testing.sheets_server import SheetsFault, SheetsServer

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
NAMES = ["=HYPERLINK(0)", "+62 812", "@SUM(1)", "Teh Melati", "Kecap 🍎", "'Beras'"]
MOST_WRITES_A_LIST = 3


def rows_of(supplier: str, count: int) -> list[ProductRow]:
    """A list; a third of its products is every supplier's."""
    return [
        _row(supplier, number, f"{NAMES[number % len(NAMES)]} {number if number % 3 == 0 else f'{supplier} {number}'}")
        for number in range(count)
    ]


def _row(supplier: str, number: int, name: str) -> ProductRow:
    return ProductRow(
        original_name=name,
        standardized_name=name,
        brand="Nusa",
        size=Decimal(330),
        unit="ml",
        pack_count=1,
        price_unit="pcs",
        category="beverages",
        price=Decimal(1000 + number),
        price_tiers="",
        currency="IDR",
        base_price=Decimal(3000 + number),
        base_unit="l",
        min_quantity=None,
        supplier=supplier,
        sku=f"00{number}",
        list_date=NOW.date(),
        tax_note="",
        source_file=f"{supplier}.xlsx",
        source_sheet="1",
        source_row=number + 2,
        confidence=0.9,
        method=Method.RULES,
    )


def main() -> None:
    """Measure both ways, print the table, and fail when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lists", type=int, default=60)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--minute-s", type=float, default=6.0)
    parser.add_argument("--latency-s", type=float, default=0.02)
    parser.add_argument("--bad-weather", type=float, default=0.0, help="share of requests that fail")
    parser.add_argument("--ways", type=int, default=3, help="the first of the three alone, or two")
    chosen = parser.parse_args()
    table = Table(title=f"{chosen.lists} lists of {chosen.rows} rows at once, 60 writes in {chosen.minute_s:g} s\n{_machine()}")
    for title in (
        "way",
        "seconds",
        "failed",
        "writes",
        "writes a list",
        "most in a minute",
        "429",
        "largest MB",
        "faults",
        "right cells",
        "formulas",
    ):
        table.add_column(title, justify="right")
    kept = [
        measure(name, threads, chosen, table)
        for name, threads in (("together", chosen.lists), ("by fours", 4), ("in turn", 1))[: chosen.ways]
    ]
    Console(width=140).print(table)
    if not all(kept):
        sys.exit(1)


def measure(name: str, threads: int, chosen: argparse.Namespace, table: Table) -> bool:
    """Add a line; whether every promise was kept."""
    part = chosen.bad_weather / 4
    faults = (
        dict.fromkeys((SheetsFault.STATUS_503, SheetsFault.RESET, SheetsFault.APPLIED_503, SheetsFault.APPLIED_RESET), part) if part else {}
    )
    with (
        TemporaryDirectory() as folder,
        SheetsServer(latency_s=chosen.latency_s, window_s=chosen.minute_s, faults=faults) as server,
        open_store(f"sqlite:///{folder}/monito.db") as store,
    ):
        server.spreadsheet()
        for number in range(chosen.lists):
            queue.submit(store, Task(id=f"t{number}", created_at=NOW, updated_at=NOW, not_before=NOW))
        spreadsheet = Spreadsheet(_address(server, Path(folder), chosen))
        began = time.monotonic()
        failed = _at_once(store, spreadsheet, chosen, threads)
        took_s = time.monotonic() - began
        spreadsheet.close()
        right, wanted = right_cells(server, store)
        formulas = sum(kind == "formulaValue" for sheet in server.spreadsheet().sheets for row in sheet.rows for kind, _ in row.values())
        account, most = server.tally, server.tally.most_writes(chosen.minute_s)
        told = [failed, account.writes, f"{account.writes / chosen.lists:.2f}", most, account.refused, f"{account.largest_bytes / 1e6:.2f}"]
        table.add_row(name, f"{took_s:.2f}", *map(str, told), str(account.faults.total()), f"{right} of {wanted}", str(formulas))
        return not failed and right == wanted and not formulas and most <= 60 and account.writes <= MOST_WRITES_A_LIST * chosen.lists


def _at_once(store: Store, spreadsheet: Spreadsheet, chosen: argparse.Namespace, threads: int) -> int:
    """Bring all lists into catalogue and spreadsheet; how many failed."""
    catalogue = threading.Lock()
    coalescer: Coalescer[WriteRequest, None] = Coalescer(partial(publish.publish, store, lambda: spreadsheet))

    def bring(number: int) -> None:
        with catalogue:  # the catalogue's own queue is measured elsewhere
            writing.write_list(store, f"t{number}", rows_of(f"O'Brien & Söhne 🍎 {number}", chosen.rows), NOW)
        coalescer.submit(WriteRequest(threading.Event()))

    with ThreadPoolExecutor(threads) as pool:
        errors = [future.exception() for future in [pool.submit(bring, number) for number in range(chosen.lists)]]
    for told in {str(error) for error in errors if error is not None}:
        print(told)
    return sum(error is not None for error in errors)


def right_cells(server: SheetsServer, store: Store) -> tuple[int, int]:
    """Cells of the planned sheets that stand in the spreadsheet, each row once, and how many there should be."""
    right = wanted = 0
    for sheet in plan_workbook(catalogue_of(offers.snapshot(store))):
        title = sheet.title.replace("'", "''")
        header, *rows = server.spreadsheet().values(f"'{title}'", "UNFORMATTED_VALUE")["values"]
        places = [header.index(column.title) for column in sheet.columns]
        standing = Counter(tuple(row[place] if place < len(row) else "" for place in places) for row in rows)
        planned = Counter(tuple(map(to_scalar, row)) for row in sheet.rows)
        wanted += planned.total() * len(sheet.columns)
        right += ((planned & standing).total() - (standing - planned).total()) * len(sheet.columns)
    return right, wanted


def _address(server: SheetsServer, folder: Path, chosen: argparse.Namespace) -> SheetsAddress:
    credentials = folder / "key.json"
    credentials.write_text(json.dumps(server.credentials), "utf-8")
    scale = chosen.minute_s / 60
    waits_s = tuple(wait_s * scale for wait_s in (1, 2, 4, 8, 16, 32))
    return SheetsAddress(sheet_id="catalogue", credentials=credentials, endpoint=server.url, window_s=chosen.minute_s, waits_s=waits_s)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
