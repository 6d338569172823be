"""The workbook of a large catalogue: drawn for the first time, and after one more list; and whether both show every price.

A third of each supplier's articles are every supplier's, the others its own. The floor of the second drawing is 5 s on two idle cores at
200,000 offers (`--floor-s`); seconds of CPU are printed beside those of the clock, since other work on the machine slows only the latter.

    python benchmarks/workbook.py                              # 20 suppliers of 10,000 rows, SQLite
    python benchmarks/workbook.py --suppliers 200 --rows 1000
    python benchmarks/workbook.py --url postgresql://…         # an empty database
"""

import argparse
import random
import resource
import sys
import time
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update

from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.steps.background.workbook_drawing import draw_workbook
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import offers, products, supplier_lists

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
CONFIDENCES = [f'{{"name": 0.9, "size": {share / 100:.2f}, "pack_count": 0.97, "price": 0.99}}' for share in range(60, 100)]
#: Of the offers without a category, which Review counts.
SHARE_WITHOUT_CATEGORY = 0.1


def main() -> None:
    """Measure both drawings, print them, and fail beyond the floor or when a price is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=20)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--floor-s", type=float, default=5.0)
    chosen = parser.parse_args()
    table = Table(title=f"{chosen.suppliers} suppliers of {chosen.rows:,} rows")
    for title in ("drawing", "seconds", "of CPU", "MB", "prices shown"):
        table.add_column(title, justify="right")
    with TemporaryDirectory() as folder, open_store(chosen.url or f"sqlite:///{folder}/monito.db") as store:
        fill(store, chosen.suppliers, chosen.rows)
        path = Path(folder) / "catalog.xlsx"
        first = draw(store, path, "all sheets", chosen, table)
        change_one_supplier(store)
        took_s, cpu_s, is_whole = draw(store, path, "after one list", chosen, table)
    Console(width=100).print(table)
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if not (first[2] and is_whole and min(took_s, cpu_s) <= chosen.floor_s):
        sys.exit(1)


def draw(store: Store, path: Path, name: str, chosen: argparse.Namespace, table: Table) -> tuple[float, float, bool]:
    """Draw, add a line, and return seconds, seconds of CPU, and whether every price is shown."""
    began, cpu_began = time.monotonic(), time.process_time()
    draw_workbook(store, path)
    took_s, cpu_s = time.monotonic() - began, time.process_time() - cpu_began
    shown = rows_shown(path)
    expected = chosen.suppliers * chosen.rows
    table.add_row(name, f"{took_s:.2f}", f"{cpu_s:.2f}", f"{path.stat().st_size / 1e6:.1f}", f"{shown:,} of {expected:,}")
    return took_s, cpu_s, shown == expected


def rows_shown(path: Path) -> int:
    """Return the number of rows in the suppliers' sheets, below their headers."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        own = [name for name in names if b'<t xml:space="preserve">original_name</t>' in package.read(name)[:5000]]
        own = own or [name for name in names if b"original_name" in package.read(name)[:20_000]]
        return sum(package.read(name).count(b"<row ") - 1 for name in own)


def fill(store: Store, suppliers: int, rows: int) -> None:
    """Put a catalogue into an empty store, as lists of these sizes leave it."""
    chance = random.Random(17)
    queue.submit(store, Task(id="t", created_at=NOW, updated_at=NOW, not_before=NOW))
    ids: dict[str, str] = {}
    made: list[dict[str, Any]] = []
    for supplier in range(suppliers):
        for number in range(rows):
            name = f"Lemonade of a good name {number}" if number % 3 == 0 else f"Syrup {number} of shop {supplier}"
            product_id = ids.setdefault(name, f"p{len(ids)}")
            made.append(_offer(f"o{len(made)}", product_id, name, f"Shop number {supplier}", number, chance))
    with store.write() as connection:
        connection.execute(insert(products), [_product(product_id, name) for name, product_id in ids.items()])
        connection.execute(insert(offers), made)
        names = sorted({offer["supplier"] for offer in made})
        connection.execute(
            insert(supplier_lists),
            [
                {"task_id": "t", "supplier": name, "list_date": NOW.date(), "written_at": NOW, "rows": b"", "row_count": rows}
                for name in names
            ],
        )


def change_one_supplier(store: Store) -> None:
    """Have another list of one supplier, with other prices."""
    queue.submit(store, Task(id="t2", created_at=NOW, updated_at=NOW, not_before=NOW))
    changed = update(offers).where(offers.c.supplier == "Shop number 3")
    with store.write() as connection:
        connection.execute(changed.values(task_id="t2", previous_price=offers.c.price, price=Decimal(4321)))


def _product(product_id: str, name: str) -> dict[str, Any]:
    times = {"first_added": NOW, "last_updated": NOW}
    own = {"brand": "Nusa", "name": name, "size": Decimal(330), "unit": "ml", "pack_count": 1, "category": "beverages"}
    return {"id": product_id, "family_id": product_id, **own, **times}


def _offer(offer_id: str, product_id: str, name: str, supplier: str, number: int, chance: random.Random) -> dict[str, Any]:
    price = Decimal(1000 + chance.randrange(5000))
    row = ProductRow(
        original_name=name.upper(), standardized_name=name, brand="Nusa", size=Decimal(330), unit="ml", pack_count=1, price_unit="pcs",
        category="" if chance.random() < SHARE_WITHOUT_CATEGORY else "beverages", price=price, price_tiers="", currency="IDR",
        base_price=price * 3, base_unit="l", min_quantity=None, supplier=supplier, sku=f"00{number}", list_date=NOW.date(), tax_note="",
        source_file=f"{supplier}.xlsx", source_sheet="1", source_row=number + 2, confidence=0.9, method="rules",  # type: ignore[arg-type]
        field_confidence=chance.choice(CONFIDENCES),
    )  # fmt: skip
    own = {name: getattr(row, name) for name in ProductRow.__slots__}
    times = {"first_seen": NOW, "last_seen": NOW, "previous_price": price - 10 if number % 5 == 0 else None}
    return {"id": offer_id, "product_id": product_id, **own, "others": [], "task_id": "t", **times}


if __name__ == "__main__":
    main()
