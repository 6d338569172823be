"""All real lists in one catalogue, where they lie beside the project: what it takes, and whether its laws hold.

    python benchmarks/whole_catalogue.py [--cache FOLDER] [--home FOLDER] [--only 001 002 ...] [--pairs]

Each list is a supplier of its own, written as the program writes it; rows are read once and kept in the cache. Checked are

- that no product has two offers of one list that stand;
- that every written row is in the export, as often as it was written;
- with --pairs, that products are what the rules make of all pairs of offers that share a block, compared one by one: takes minutes.

Prints time and memory. Ends with 1 where a law is broken.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

from matching import LISTS, read_list
from sqlalchemy import func, select

from monito_ray.catalog.grouping import shared_blocks
from monito_ray.catalog.grouping.nodes import load_nodes
from monito_ray.catalog.lists.writing import write_list
from monito_ray.catalog.matching.assign import Edge, assign
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.catalog.offer_tables import offer_tables
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store import schema
from monito_ray.store.database import Store, open_store

_START = datetime(2026, 1, 1, tzinfo=UTC)
_SAID_EVERY = 20


def main() -> int:
    """Write all lists, look at the laws, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "monito-matching")
    parser.add_argument("--home", type=Path, help="where the catalogue is made and left; else a folder that goes")
    parser.add_argument("--only", nargs="*", default=(), help="beginnings of file names")
    parser.add_argument("--pairs", action="store_true")
    options = parser.parse_args()
    if not LISTS.is_dir():
        print(f"skipped: there are no lists in {LISTS}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        with open_store(f"sqlite:///{home / 'whole.db'}") as store:
            written = _write_all(store, options.cache, tuple(options.only))
            broken = [*_offers_of_one_list(store), *_not_exported(store, written)]
            if options.pairs:
                broken += _not_by_all_pairs(store)
    print(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:,.0f} MB")
    print("\n".join(broken) or "no law is broken")
    return int(bool(broken))


def _write_all(store: Store, cache: Path, only: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    cache.mkdir(parents=True, exist_ok=True)
    written: Counter[tuple[str, ...]] = Counter()
    spent, slowest = 0.0, (0.0, "")
    for number, path in enumerate(sorted(path for path in (LISTS / "files").iterdir() if path.name.startswith(only or "")), 1):
        rows = [replace(row, supplier=path.name) for row in read_list(path, cache / f"{path.name}.pickle")]
        if rows:
            seconds = _write(store, f"{number:03}", path.name, rows)
            spent, slowest = spent + seconds, max(slowest, (seconds, f"{path.name[:3]}, {len(rows):,} rows"))
            written.update(map(_key, map(_stored, rows)))
        if number % _SAID_EVERY == 0:
            print(f"{number} lists, {written.total():,} rows, written in {spent:.0f} s", flush=True)
    with store.read() as connection:
        offers, products = (
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (schema.offers, schema.products)
        )
    print(
        f"{written.total():,} rows, {offers:,} offers, {products:,} products, written in {spent:.0f} s; the slowest list took {slowest[0]:.1f} s ({slowest[1]})"
    )
    return written


def _write(store: Store, task_id: str, name: str, rows: Sequence[ProductRow]) -> float:
    at = _START + timedelta(minutes=int(task_id))
    queue.submit(store, Task(id=task_id, created_at=at, updated_at=at, not_before=at, file_name=name))
    started = time.monotonic()
    write_list(store, task_id, rows, at)
    return time.monotonic() - started


def _stored(row: ProductRow) -> tuple[object, ...]:
    return (
        row.supplier,
        row.original_name,
        row.sku,
        row.source_sheet,
        row.source_row,
        row.currency,
        f"{row.price:f}".rstrip("0").rstrip("."),
    )


def _key(values: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(map(str, values))


def _offers_of_one_list(store: Store) -> Iterator[str]:
    offers = schema.offers.c
    query = select(offers.product_id, offers.supplier).where(~offers.is_gone).group_by(offers.product_id, offers.supplier)
    with store.read() as connection:
        for product_id, supplier in connection.execute(query.having(func.count() > 1)):
            yield f"the product {product_id} has several offers of {supplier}"


def _not_exported(store: Store, written: Counter[tuple[str, ...]]) -> list[str]:
    exported: Counter[tuple[str, ...]] = Counter()
    for table in offer_tables(store):
        for values in table.select(["supplier", "original_name", "sku", "source_sheet", "source_row", "currency", "price"]).to_pylist():
            price = f"{values['price']:f}".rstrip("0").rstrip(".")
            exported[_key((*list(values.values())[:-1], price))] += 1
    print(f"{exported.total():,} rows in the export")
    differences = (
        (written - exported, "written rows are not in the export"),
        (exported - written, "rows of the export were never written"),
    )
    return [f"{rows.total():,} {what}, as {next(iter(rows))}" for rows, what in differences if rows]


def _not_by_all_pairs(store: Store) -> list[str]:
    """Return the products that are not what the rules make of all pairs, with a line for the first."""
    with store.read() as connection:
        nodes = load_nodes(connection, connection.execute(select(schema.offers.c.id)).scalars().all())
        agreeing = {
            frozenset(pair) for pair in connection.execute(select(schema.number_agreements.c.one, schema.number_agreements.c.other))
        }
        keys = connection.execute(select(schema.offer_blocks.c.key).distinct()).scalars().all()
        members = shared_blocks.block_members(connection, keys)
    seen: set[tuple[str, str]] = set()
    edges: list[Edge] = []
    for by_supplier in members.values():
        few = [own for own in by_supplier.values() if len(own) <= shared_blocks.MOST_ALIKE]
        for ours, theirs in combinations(few, 2):
            for pair in ((min(one, other), max(one, other)) for one in ours for other in theirs):
                if pair in seen or not nodes.keys() >= set(pair):
                    continue
                seen.add(pair)
                one, other = (nodes[offer_id] for offer_id in pair)
                verdict = compare(one.article, other.article, numbers_agree=frozenset((one.supplier, other.supplier)) in agreeing)
                if verdict.kind is VerdictKind.ONE:
                    edges.append(Edge(*pair, verdict.strength))
    suppliers = {offer_id: node.supplier for offer_id, node in nodes.items()}
    expected = {frozenset(group) for group in assign(suppliers, edges, (), (), lambda one: nodes[one].order).groups}
    by_product: defaultdict[str, set[str]] = defaultdict(set)
    for offer_id, node in nodes.items():
        by_product[node.product_id].add(offer_id)
    others = {frozenset(own) for own in by_product.values()} - expected
    print(
        f"{len(seen):,} pairs compared, {len(edges):,} are one; {sum(len(group) > 1 for group in expected):,} products of several suppliers"
    )
    if not others:
        return []
    return [f"{len(others):,} products are not what the rules make of all pairs, as {sorted(next(iter(others)))}"]


if __name__ == "__main__":
    sys.exit(main())
