"""The workbook of a large catalogue, as `monito draw` draws it: for the first time, and after one more list; whether both show every price.

A third of each supplier's articles are every supplier's, the others its own. The floor is 5 s by the clock for a drawing after one list, the
best of some (`--runs`), on two idle cores at 220,000 offers; where other work takes a core, it cannot be reached.

    python benchmarks/workbook.py                              # 110 suppliers of 2,000 rows, SQLite
    python benchmarks/workbook.py --suppliers 20 --rows 11000
    python benchmarks/workbook.py --url postgresql://…         # an empty database
"""

import argparse
import os
import random
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, update

from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import offers, products, supplier_lists

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)
CONFIDENCES = [f'{{"name": 0.9, "size": {share / 100:.2f}, "pack_count": 0.97, "price": 0.99}}' for share in range(60, 100)]
#: Of the offers without a category, which Review counts.
SHARE_WITHOUT_CATEGORY = 0.1
_SAMPLED_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a drawing took, its processes together; and the rows that it shows."""

    took_s: float
    cpu_s: float
    #: Of all processes at once, what they share counted once, in MB.
    memory: float
    size: float
    shown: int


def main() -> None:
    """Measure the drawings, print them, and fail beyond the floor or when a price is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=110)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--url", default="")
    parser.add_argument("--floor-s", type=float, default=5.0)
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{folder}/monito.db"
        with open_store(url) as store:
            fill(store, chosen.suppliers, chosen.rows)
        drawings = {"all sheets": draw(url, Path(folder))}
        for number in range(chosen.runs):
            with open_store(url) as store:
                change_one_supplier(store, number)
            drawings[f"after one list, {number + 1}"] = draw(url, Path(folder))
    show(drawings, chosen)
    _, *after_one_list = drawings.values()
    is_whole = all(drawing.shown == chosen.suppliers * chosen.rows for drawing in drawings.values())
    if not is_whole or min(drawing.took_s for drawing in after_one_list) > chosen.floor_s:
        sys.exit(1)


def show(drawings: dict[str, Drawing], chosen: argparse.Namespace) -> None:
    """Print a line for each drawing."""
    table = Table(title=f"{chosen.suppliers} suppliers of {chosen.rows:,} rows")
    for title in ("drawing", "seconds", "of CPU", "MB of memory", "MB of the file", "prices shown"):
        table.add_column(title, justify="right")
    for name, it in drawings.items():
        shown = f"{it.shown:,} of {chosen.suppliers * chosen.rows:,}"
        table.add_row(name, f"{it.took_s:.2f}", f"{it.cpu_s:.2f}", f"{it.memory:.0f}", f"{it.size:.1f}", shown)
    Console(width=100).print(table)


def draw(url: str, home: Path) -> Drawing:
    """Draw the workbook as the service has it drawn."""
    began = time.monotonic()
    drawer = subprocess.Popen(
        [sys.executable, "-m", "monito_ray", "draw"], env=os.environ | {"MONITO_HOME": str(home), "MONITO_DATABASE_URL": url}
    )
    memory = 0.0
    while (ended := os.wait4(drawer.pid, os.WNOHANG))[0] == 0:
        memory = max(memory, memory_of(drawer.pid))
        time.sleep(_SAMPLED_EVERY_S)
    took_s = time.monotonic() - began
    _, status, usage = ended
    if status:
        sys.exit("the workbook could not be drawn")
    path = home / "catalog.xlsx"
    return Drawing(took_s, usage.ru_utime + usage.ru_stime, memory / 1e6, path.stat().st_size / 1e6, rows_shown(path))


def memory_of(pid: int) -> float:
    """Return the proportional set size of a process and those that it started, in bytes."""
    total = 0.0
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                total += process.memory_full_info().pss
    return total


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


def change_one_supplier(store: Store, number: int) -> None:
    """Have another list of one supplier, with other prices."""
    task_id = f"t{number + 2}"
    queue.submit(store, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    changed = update(offers).where(offers.c.supplier == "Shop number 3")
    with store.write() as connection:
        connection.execute(changed.values(task_id=task_id, previous_price=offers.c.price, price=Decimal(4321 + number)))


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
