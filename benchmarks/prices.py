"""Whether wrong prices are suspected and right ones are not, and how fast the changes of many lists are read.

    python benchmarks/prices.py suspicions [--products 4000]      # made offers of several suppliers, one of them wrong
    python benchmarks/prices.py changes [--suppliers 200] [--url postgresql+psycopg://…]

Errors are planted in prices that otherwise move and differ as suppliers' do: a place lost or too many, three places, the price of a piece for
that of a carton, the other way round. Reading states its truth: each answer is compared with one made in memory. Ends with 1 where a limit is
missed.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.prices.change_log import LoggedChange, changes_since, write_changes
from monito_ray.catalog.prices.list_changes import ChangeKind, ListChange, ListedArticle
from monito_ray.catalog.prices.suspicions import suspect
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Method, ProductRow
from monito_ray.store.database import Store, open_store
from monito_ray.store.schema import supplier_names

#: Of the planted errors; what is too dear does no harm beside one other supplier, and cannot be told from one that is right.
LEAST_SUSPECTED = 0.98
#: Right prices that are suspected, of a thousand.
MOST_FALSE = 2.0
MOST_MS = 200.0
#: How far prices of suppliers lie apart, and how far they move between two lists (of the logarithm).
SPREAD, DRIFT = 0.22, 0.12
_DAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
_ROW = ProductRow(
    original_name="Cola 330ml x24", standardized_name="Cola", brand="Nusa", size=Decimal(330), unit="ml", pack_count=24, price_unit="carton",
    category="", price=Decimal(1), price_tiers="", currency="IDR", base_price=None, base_unit="", min_quantity=None, supplier="", sku="",
    list_date=date(2026, 6, 1), tax_note="", source_file="l.xlsx", source_sheet="S", source_row=1, confidence=0.9, method=Method.RULES,
)  # fmt: skip
ERRORS: dict[str, Callable[[Decimal], Decimal]] = {
    "a place lost": lambda price: price / 10,
    "three places lost": lambda price: price / 1000,
    "a place too many": lambda price: price * 10,
    "a piece for a carton": lambda price: price / 24,
    "a carton for a piece": lambda price: price * 24,
}


def main() -> int:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("suspicions", "changes"))
    parser.add_argument("--products", type=int, default=4000)
    parser.add_argument("--suppliers", type=int, default=200, help="each has 1,000 offers")
    parser.add_argument("--url", default="", help="an empty database; SQLite in a folder of its own unless given")
    options = parser.parse_args()
    return _suspicions(options.products) if options.part == "suspicions" else _changes(options.suppliers, options.url)


def _suspicions(products: int) -> int:
    dice = random.Random(17)
    counts: Counter[tuple[str, ...]] = Counter()
    for _ in range(products):
        offers = _offers(dice, dice.randint(2, 6))
        counts["right",] += len(offers)
        counts["suspected",] += len(suspect(offers))
        for name, spoil in ERRORS.items():
            for history in ("alone", "with history"):
                group = "beside one" if len(offers) == 2 else "beside several"
                counts[name, group, history] += 1
                spoiled = _spoiled(offers[-1], spoil, has_history=history != "alone")
                counts[name, group, history, "suspected"] += spoiled.offer_id in suspect([*offers[:-1], spoiled])
    false = 1000 * counts["suspected",] / counts["right",]
    print(f"right prices suspected: {false:.2f} of a thousand (<= {MOST_FALSE})")
    missed = false > MOST_FALSE
    for name, spoil in ERRORS.items():
        for group in ("beside one", "beside several"):
            for history in ("alone", "with history"):
                share = counts[name, group, history, "suspected"] / max(1, counts[name, group, history])
                is_open = group == "beside one" and history == "alone" and spoil(Decimal(1)) > 1
                missed |= share < LEAST_SUSPECTED and not is_open
                print(f"{name:22} {group:15} {history:13} {share:7.2%}" + ("" if is_open else f" (>= {LEAST_SUSPECTED:.0%})"))
    return int(missed)


def _offers(dice: random.Random, count: int) -> list[Offer]:
    usual = 10_000 * dice.lognormvariate(0, 1.5)
    return [_offer(f"s{number}", usual * dice.lognormvariate(0, SPREAD), dice.lognormvariate(0, DRIFT)) for number in range(count)]


def _offer(supplier: str, price: float, moved: float) -> Offer:
    own, before = Decimal(round(price)), Decimal(round(price / moved))
    row = replace(_ROW, supplier=supplier, price=own)
    return Offer(
        offer_id=supplier, product_id="p", supplier=supplier, currency="IDR", price=own, base_price=own / Decimal("7.92"), base_unit="l",
        updated=_DAY, row=row, previous_price=before,
    )  # fmt: skip


def _spoiled(offer: Offer, spoil: Callable[[Decimal], Decimal], *, has_history: bool) -> Offer:
    base = offer.base_price or Decimal(1)
    return replace(offer, price=spoil(offer.price), base_price=spoil(base), previous_price=offer.previous_price if has_history else None)


def _changes(suppliers: int, url: str) -> int:
    small, large = (_timed(count, url) for count in (max(1, suppliers // 10), suppliers))
    missed = False
    for name, (took_ms, is_true) in large.items():
        ratio = took_ms / small[name][0]
        print(f"{name:34} {took_ms:7.1f} ms (<= {MOST_MS:.0f}), {ratio:4.1f} times as long as from a tenth of the log, right: {is_true}")
        missed |= took_ms > MOST_MS or not is_true
    return int(missed)


def _timed(suppliers: int, url: str) -> dict[str, tuple[float, bool]]:
    """Return the time and the truth of each way of asking, over the log of so many suppliers."""
    with tempfile.TemporaryDirectory(prefix="prices-") as home, open_store(url or f"sqlite:///{Path(home) / 'monito.db'}") as store:
        log = _fill(store, suppliers)
        month, week = _DAY - timedelta(days=30), _DAY - timedelta(days=7)
        asked = {
            "of 30 days, the first 1,000": (month, "", (), 1000),
            "of 30 days, the first 25": (month, "", (), 25),
            "of 7 days": (week, "", (), 1000),
            "of one supplier": (month, "supplier 7 ", (), 1000),
            "smaller packs": (month, "", (ChangeKind.SMALLER_PACK,), 1000),
        }
        return {name: _timed_query(store, log, *way) for name, way in asked.items()}


def _timed_query(
    store: Store, log: list[tuple[datetime, float, str, str]], since: datetime, part: str, kinds: tuple[ChangeKind, ...], most: int
) -> tuple[float, bool]:
    took = []
    answer: list[LoggedChange] = []
    for _ in range(5):
        began = time.perf_counter()
        answer = changes_since(store, since, part, kinds, most)
        took.append((time.perf_counter() - began) * 1000)
    wanted = [entry for entry in log if entry[0] >= since and part in entry[2] and (not kinds or entry[3] in kinds)][:most]
    is_true = [(change.at, change.supplier) for change in answer] == [(entry[0], entry[2]) for entry in wanted]
    return sorted(took)[2], is_true


def _fill(store: Store, suppliers: int) -> list[tuple[datetime, float, str, str]]:
    """Write thirteen weekly lists of 1,000 offers each, of which a tenth changes; return the log as it has to be read."""
    dice = random.Random(3)
    log = []
    with store.write() as connection:
        names = [f"supplier {number} " for number in range(suppliers)]
        connection.execute(insert(supplier_names), [{"name": name, "supplier": name, "added_at": _DAY} for name in names])
    for week in range(13):
        for number in range(suppliers):
            at = _DAY - timedelta(weeks=12 - week) + timedelta(seconds=number)
            task = Task(id=f"t{week}.{number}", created_at=at, updated_at=at, not_before=at)
            queue.submit(store, task)
            changes = [_change(dice, index) for index in range(100)]
            with store.write() as connection:
                write_changes(connection, f"supplier {number} ", task.id, changes, at, at.date())
            log += [(at, abs(change.relative_change or 0.0), f"supplier {number} ", change.kind.value) for change in changes]
    return sorted(log, key=lambda entry: (entry[0], entry[1]), reverse=True)


def _change(dice: random.Random, index: int) -> ListChange:
    before, after = (replace(_ROW, price=Decimal(dice.randint(1000, 99_000))) for _ in range(2))
    kind = ChangeKind.SMALLER_PACK if index == 0 else ChangeKind.UP if after.price > before.price else ChangeKind.DOWN
    return ListChange(kind, ListedArticle(f"o{index}", before), ListedArticle(f"o{index}", after))


if __name__ == "__main__":
    sys.exit(main())
