"""How often a list's supplier is recognized: right, asked about, or wrong, which must not happen.

    python benchmarks/suppliers.py [LISTS] [--same 038,039 044,045 ...] [--cache FILE]

Every list comes once, in order and in reverse, as it is called and under names that say nothing ("document (3).xlsx"). `--same` names lists
of one supplier by the first letters of their files; every other list is a supplier of its own. A list that is asked about is answered
rightly, as a person would. Then each list comes again as bent copies: next month's list of its supplier (a tenth of the prices changed, some
rows gone, some new), its list after half of the prices moved, and a rival's (the same columns, most of the goods, no letterhead, other prices, or
three in ten of them the same), under neutral names.

right: the supplier of the first list of its group, or a new one for a new group. asked: not sure, and said so. missed: a new supplier without
a question though there is one. wrong: another firm's, without a question.

Limits, by the exit code: nothing wrong in any run; of next month's lists nine in ten right.
"""

import argparse
import pickle
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert, select, update

from monito_ray.catalog.suppliers.supplier_memory import settle_supplier
from monito_ray.catalog.suppliers.supplier_signs import SupplierSigns
from monito_ray.errors import MonitoError
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.pipeline.rows.price_list import read_price_list
from monito_ray.pipeline.rows.supplier.row_sketch import sketch_list
from monito_ray.store.database import Store, insert_missing, new_id, open_store
from monito_ray.store.schema import catalog_writes, supplier_lists, supplier_names, supplier_signs

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists" / "files"
LEAST_RIGHT = 0.9
START = datetime(2026, 7, 1, tzinfo=UTC)
NEUTRAL = (
    "document ({n}){s}",
    "price list june{s}",
    "IMG 2034{s}",
    "harga 0{d}-07-2026{s}",
    "прайс{s}",
    "lista de precios{s}",
    "scan{s}",
    "{n}{s}",
)


@dataclass(frozen=True)
class ReadList:
    """A list as read once."""

    file_name: str
    signs: SupplierSigns
    names: tuple[str, ...]
    codes: tuple[str, ...]
    prices: tuple[Decimal | None, ...]


def read_lists(folder: Path, cache: Path | None) -> list[ReadList]:
    """Return all lists that can be read."""
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())  # noqa: S301  our own file
    lists = list(filter(None, map(_read, sorted(folder.iterdir()))))
    if cache:
        cache.write_bytes(pickle.dumps(lists))
    return lists


def _read(path: Path) -> ReadList | None:
    try:
        price_list = read_price_list(path.read_bytes(), path.name)
    except MonitoError:
        return None
    marks = price_list.marks
    signs = SupplierSigns(path.name, "", marks.name, "7", price_list.layouts, marks.marks, marks.heads, price_list.sketch)
    columns = (price_list.rows.column(name).to_pylist() for name in ("original_name", "sku", "price"))
    return ReadList(path.name, signs, *map(tuple, columns))


class Catalogue:
    """A store in which lists are settled and taken for written, and questions answered."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = START
        self.owners: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.told: list[str] = []

    def add(self, signs: SupplierSigns, group: str) -> str:
        """Settle a list whose supplier is `group`, and return how that went."""
        self.now += timedelta(days=1)
        task = Task(id=new_id(), created_at=self.now, updated_at=self.now, not_before=self.now, file_name=signs.file_name)
        queue.submit(self.store, task)
        settled = settle_supplier(self.store, task.id, signs, self.now)
        known = next((supplier for supplier, owner in self.owners.items() if owner == group), "")
        outcome = self._outcome(settled.supplier, settled.is_sure, group, known)
        if outcome in ("wrong", "missed"):
            self.told.append(f"  {outcome}: {group} as {signs.file_name!r}: {settled.supplier!r}, {settled.how}")
        supplier = (
            settled.supplier
            if settled.is_sure
            else (known or (settled.supplier if settled.supplier not in self.owners else f"{group} itself"))
        )
        self.owners.setdefault(supplier, group)
        self._write(task.id, supplier)
        self.counts[outcome] += 1
        return outcome

    def _outcome(self, supplier: str, is_sure: bool, group: str, known: str) -> str:
        if not is_sure:
            return "asked"
        if self.owners.get(supplier, "" if known else group) == group:
            return "right"
        return "wrong" if supplier in self.owners else "missed"

    def _write(self, task_id: str, supplier: str) -> None:
        with self.store.write() as connection:
            insert_missing(connection, supplier_names, [{"name": supplier, "supplier": supplier, "added_at": self.now}])
            columns = supplier_lists.c.keys()
            extra = {"rows": b"", "row_count": 0} if "row_count" in columns else {}
            connection.execute(insert(supplier_lists).values(task_id=task_id, supplier=supplier, written_at=self.now, **extra))
            connection.execute(
                insert(catalog_writes).values(task_id=task_id, products_new=0, prices_changed=0, slices_left=0, written_at=self.now)
            )
            connection.execute(update(supplier_signs).where(supplier_signs.c.task_id == task_id).values(is_sure=True, supplier=supplier))


def neutral_name(number: int, file_name: str) -> str:
    """Return a name that says nothing, with the file's suffix."""
    return NEUTRAL[number % len(NEUTRAL)].format(n=number % 9 + 1, d=number % 9 + 1, s=Path(file_name).suffix)


def next_month(one: ReadList, generator: random.Random) -> SupplierSigns:
    """Return the signs of the supplier's next list: a tenth of the prices changed, one row in twenty gone, another new."""
    rows = []
    for name, code, price in zip(one.names, one.codes, one.prices, strict=True):
        drawn = generator.random()
        if drawn > 0.05:
            rows.append((name, code, price and price * (Decimal("1.1") if drawn < 0.15 else 1)))
        if drawn > 0.95:
            rows.append((f"{name} new", "", price))
    return replace(one.signs, sketch=_sketch(rows))


def rival(one: ReadList, generator: random.Random) -> SupplierSigns:
    """Return the signs of another firm's list with the same columns, four of five goods, and prices of its own."""
    rows = [
        (name, "", price and price * Decimal(str(round(generator.uniform(0.7, 1.4), 3))))
        for name, price in zip(one.names, one.prices, strict=True)
        if generator.random() < 0.8
    ]
    return replace(one.signs, letterhead="", marks=(), heads=(), sketch=_sketch(rows))


def like_rival(one: ReadList, generator: random.Random) -> SupplierSigns:
    """Return the signs of a rival's list three in ten of whose prices are the same: what makers and the state recommend."""
    rows = [
        (name, "", price and price * (1 if generator.random() < 0.3 else Decimal(str(round(generator.uniform(0.7, 1.4), 3)))))
        for name, price in zip(one.names, one.prices, strict=True)
        if generator.random() < 0.8
    ]
    return replace(one.signs, letterhead="", marks=(), heads=(), sketch=_sketch(rows))


def half_moved(one: ReadList, generator: random.Random) -> SupplierSigns:
    """Return the signs of the supplier's list after prices rose: half of them, each by its own share."""
    rows = [
        (name, code, price and price * (1 if generator.random() < 0.5 else Decimal(str(round(generator.uniform(1.02, 1.3), 3)))))
        for name, code, price in zip(one.names, one.codes, one.prices, strict=True)
    ]
    return replace(one.signs, letterhead="", marks=(), heads=(), sketch=_sketch(rows))


def _sketch(rows: Sequence[tuple[str, str, Decimal | None]]):  # noqa: ANN202
    return sketch_list([name for name, _, _ in rows], [code for _, code, _ in rows], [price for _, _, price in rows])


def group_of(file_name: str, same: Sequence[Sequence[str]]) -> str:
    """Return the group of a list: that which `same` has it in, else one of its own."""
    return next((" ".join(group) for group in same if any(file_name.startswith(start) for start in group)), file_name)


def runs(
    lists: Sequence[ReadList], same: Sequence[Sequence[str]]
) -> Iterator[tuple[str, list[tuple[SupplierSigns, str]], list[tuple[SupplierSigns, str]]]]:
    """Yield the name of each run, the lists that come first, and those that are counted."""
    named = [(one.signs, group_of(one.file_name, same)) for one in lists]
    neutral = [(replace(signs, file_name=neutral_name(number, signs.file_name)), group) for number, (signs, group) in enumerate(named)]
    yield "as called", [], named
    yield "as called, in reverse", [], named[::-1]
    yield "neutral names", [], neutral
    yield "neutral names, in reverse", [], neutral[::-1]
    generator = random.Random(17)
    bends = (
        ("next month, neutral names", next_month, ""),
        ("half of the prices moved", half_moved, ""),
        ("a rival's, neutral names", rival, "rival of "),
        ("a rival's, prices in common", like_rival, "rival of "),
    )
    for title, bend, own in bends:
        bent = [replace(bend(one, generator), file_name=neutral_name(number + 3, one.file_name)) for number, one in enumerate(lists)]
        yield title, named, [(signs, own + group) for signs, (_, group) in zip(bent, named, strict=True)]


def main() -> None:
    """Print how often each happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", type=Path, nargs="?", default=LISTS)
    parser.add_argument("--same", nargs="*", default=[], metavar="START,START")
    parser.add_argument("--cache", type=Path, help="where the lists are kept as read")
    arguments = parser.parse_args()
    lists = read_lists(arguments.lists, arguments.cache)
    same = [group.split(",") for group in arguments.same]
    print(f"{len(lists)} lists")
    is_missed = False
    for title, before, counted in runs(lists, same):
        with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/monito.db") as store:
            catalogue = Catalogue(store)
            for signs, group in before:
                catalogue.add(signs, group)
            catalogue.counts.clear()
            catalogue.told.clear()
            for signs, group in counted:
                catalogue.add(signs, group)
            with store.read() as connection:
                suppliers = len(set(connection.execute(select(supplier_lists.c.supplier)).scalars()))
            counts = "  ".join(f"{outcome} {catalogue.counts[outcome]}" for outcome in ("right", "asked", "missed", "wrong"))
            print(f"{title:30} {counts}   ({suppliers} suppliers)")
            is_missed |= catalogue.counts["wrong"] > 0 or ("next month" in title and catalogue.counts["right"] < LEAST_RIGHT * len(counted))
            print("\n".join(catalogue.told), end="\n" if catalogue.told else "")
    sys.exit(is_missed)


if __name__ == "__main__":
    main()
