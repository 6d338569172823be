"""The report of a large catalogue: how large the file is, how long it takes to write, to show its first rows, and to search.

    python benchmarks/report.py [--offers 1000 10000 100000 200000] [--keep FOLDER]

The catalogue is made up: names of two to four invented words with a supplier's own writing of each, four suppliers for a product in
the mean, a history for every third offer. The times in the browser are of a whole run without a window, less those of an empty page.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from browser import HOW_TO_GET_ONE, Browser, browser_program

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.reporting.report_plan import ReportSource, plan_report
from monito_ray.clients.report.report_page import write_page
from monito_ray.clients.report.report_words import report_words
from monito_ray.messages.local_numbers import numbers_of
from monito_ray.plans.planned_report import DatedPrice
from monito_ray.records import Method, ProductRow

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
OFFERS_OF_A_PRODUCT = 4
SUPPLIERS = 40
CATEGORIES = ("vegetables", "fruit", "meat", "seafood", "dairy", "grains", "condiments", "soft drinks", "snacks", "cleaning")
SIZES = ((Decimal(250), "g"), (Decimal(500), "g"), (Decimal(1), "kg"), (Decimal(330), "ml"), (Decimal(2), "l"), (None, "kg"))
SYLLABLES = "ba be bi bo da de di ka ke ki ko la le lu ma me mi na no pa pe ra re ri sa se si ta te to tu wa ya".split()
#: Megabytes, and seconds from opening the file to the first rows, and from a query to its rows, on 2 cores.
LIMITS = {1_000: (0.3, 1.0, 0.5), 10_000: (1.0, 1.0, 0.5), 100_000: (8.0, 3.0, 2.0), 200_000: (16.0, 6.0, 4.0)}
QUERY = "q=bata+500+g"


def catalogue(count: int, random_numbers: random.Random) -> ReportSource:
    """Return a catalogue of about `count` offers."""
    words = sorted({"".join(random_numbers.choices(SYLLABLES, k=random_numbers.randint(2, 4))) for _ in range(4_000)})
    products: list[Product] = []
    offers: list[Offer] = []
    histories: dict[str, tuple[DatedPrice, ...]] = {}
    while len(offers) < count:
        product = _product(len(products), words, random_numbers)
        products.append(product)
        for supplier in random_numbers.sample(range(SUPPLIERS), random_numbers.randint(1, 2 * OFFERS_OF_A_PRODUCT - 1)):
            offer = _offer(product, supplier, f"o{len(offers)}", random_numbers)
            offers.append(offer)
            if random_numbers.random() < 1 / 3:
                histories[offer.offer_id] = tuple(_history(offer, random_numbers))
    return ReportSource(snapshot=Snapshot(tuple(products), tuple(offers)), histories=histories)


def _product(number: int, words: list[str], random_numbers: random.Random) -> Product:
    size, unit = random_numbers.choice(SIZES)
    return Product(
        product_id=f"p{number}",
        brand=random_numbers.choice(words).title() if random_numbers.random() < 0.6 else "",
        name=" ".join(random_numbers.choices(words, k=random_numbers.randint(2, 4))).capitalize(),
        size=size,
        unit=unit if size else "",
        pack_count=random_numbers.choice((1, 1, 1, 12, 24)),
        category=random_numbers.choice(CATEGORIES),
        first_added=NOW,
        last_updated=NOW,
        price_unit="" if size else unit,
    )


def _offer(product: Product, supplier: int, offer_id: str, random_numbers: random.Random) -> Offer:
    price = Decimal(random_numbers.randint(10, 9_000) * 100)
    name = f"{product.name.upper()} {product.brand} {product.size or ''}{product.unit}"
    row = ProductRow(
        original_name=name if random_numbers.random() < 0.5 else " ".join(reversed(name.split())), standardized_name=product.name,
        brand=product.brand, size=product.size, unit=product.unit, pack_count=product.pack_count, price_unit=product.price_unit,
        category=product.category, price=price, price_tiers="", currency="IDR", base_price=price / 7, base_unit="kg", min_quantity=None,
        supplier=f"Supplier {supplier}", sku="", list_date=date(2026, 11, 1) - timedelta(days=3 * supplier), tax_note="",
        source_file=f"list {supplier}.xlsx", source_sheet="Sheet1", source_row=random_numbers.randint(5, 9_000), confidence=0.9,
        method=Method.RULES,
    )  # fmt: skip
    return Offer(
        product_id=product.product_id, supplier=row.supplier, currency="IDR", price=price, base_price=row.base_price, base_unit="kg",
        updated=NOW, row=row, offer_id=offer_id,
    )  # fmt: skip


def _history(offer: Offer, random_numbers: random.Random) -> Iterator[DatedPrice]:
    for months in (4, 2, 0):
        price = offer.price * random_numbers.randint(90, 110) / 100 if months else offer.price
        yield DatedPrice(offer.listed_on - timedelta(days=30 * months), price)


def _fastest(browser: Browser, page: Path, fragment: str = "") -> float:
    """Return the shortest of three runs in seconds."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        seen = browser.open(page, fragment)
        times.append(time.perf_counter() - begin)
        assert not seen.console, seen.console
    return min(times)


def measure(count: int, folder: Path, browser: Browser | None, blank_s: float) -> bool:
    """Print the figures of a catalogue of this size, and return whether they keep the limits."""
    source = catalogue(count, random.Random(count))
    begin = time.process_time()
    report = plan_report(source, NOW)
    page = write_page(report, folder / f"report {count}.html", "en", report_words(lambda text: text, {}), numbers_of("en").texts)
    written_s = time.process_time() - begin
    megabytes = page.stat().st_size / 1e6
    line = f"{count:>9,} offers, {len(report.comparisons):,} products: {megabytes:5.1f} MB, written in {written_s:4.1f} s of processor time"
    if browser is None:
        print(line)
        return True
    view_s = _fastest(browser, page) - blank_s
    search_s = _fastest(browser, page, QUERY) - blank_s - view_s
    most = LIMITS.get(count, (float("inf"),) * 3)
    print(f"{line}; first view {view_s:4.2f} s, a search {search_s:4.2f} s more; limits {most[0]} MB, {most[1]} s, {most[2]} s")
    return all(figure <= limit for figure, limit in zip((megabytes, view_s, search_s), most, strict=True))


def main() -> None:
    """Measure catalogues of several sizes; exit code 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--offers", type=int, nargs="+", default=list(LIMITS))
    parser.add_argument("--keep", type=Path, help="folder in which the pages stay")
    arguments = parser.parse_args()
    program = browser_program()
    if program is None:
        print(HOW_TO_GET_ONE)
    try:
        subprocess.run(["uptime"], check=False)
    except FileNotFoundError:
        print("load unknown")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        browser = Browser(program, Path(scratch) / "profile") if program else None
        blank = Path(scratch) / "blank.html"
        blank.write_text("<!doctype html><title>blank</title>")
        blank_s = _fastest(browser, blank) if browser else 0.0
        kept = [measure(count, folder, browser, blank_s) for count in arguments.offers]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
