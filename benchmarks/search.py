"""How long a search takes in a large catalogue, on SQLite or PostgreSQL, and what the index costs.

Run: python benchmarks/search.py [--offers 200000] [--url sqlite:////tmp/search.db]

The catalogue is generated: names of words of the trade, invented brands and sizes; each product has one to three suppliers. The truth is the time
of `catalog.search.find.search_products` with open store, the median and the worst of all queries; the floor is 100 ms at 200,000 offers.
"""

import argparse
import random
import resource
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import delete, insert, select, text

from monito_ray.catalog.search.find import search_products
from monito_ray.catalog.search.index import index_products, rebuild
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, has_one_of, new_id, open_store
from monito_ray.store.schema import offers, products, search_entries

NOW = datetime(2026, 6, 1, tzinfo=UTC)
#: Goods with their category, in three languages: a product's name has one, a brand, a variant and a size.
GOODS = [
    line.split("|")
    for line in """kentang|vegetables
wortel|vegetables
bawang merah|vegetables
tomato|vegetables
broccoli|vegetables
cabe rawit|vegetables
alpukat|fruit
avocado|fruit
apel fuji|fruit
pineapple|fruit
telur ayam|dairy & eggs
eggs|dairy & eggs
susu uht|dairy & eggs
milk|dairy & eggs
butter|dairy & eggs
keju cheddar|dairy & eggs
minyak goreng|oils & fats
olive oil|oils & fats
beras pandan|rice & grains
jasmine rice|rice & grains
гречка|rice & grains
сахар|sugar & sweeteners
gula pasir|sugar & sweeteners
keripik kentang|snacks
potato chips|snacks
kopi bubuk|coffee & tea
coffee beans|coffee & tea
teh celup|coffee & tea
air mineral|beverages
orange juice|beverages
сок яблочный|beverages
dada ayam|meat & poultry
beef tenderloin|meat & poultry
udang vaname|fish & seafood
salmon fillet|fish & seafood
saus tomat|sauces & condiments
kecap manis|sauces & condiments
mie instan|pasta & noodles
spaghetti|pasta & noodles
sabun mandi|personal care""".splitlines()
]
VARIANTS = (
    "premium lokal import organic merah putih besar kecil fresh frozen original pedas manis super a b classic light extra gold".split()
)
SIZES = [
    ("250", "g"),
    ("500", "g"),
    ("1", "kg"),
    ("5", "kg"),
    ("25", "kg"),
    ("330", "ml"),
    ("600", "ml"),
    ("1", "l"),
    ("2", "l"),
    ("5", "l"),
]
QUERIES = """kentang|minyak goreng|minyak goreng 2 l|minyk goreng|telur|harga telur berapa|avocado|авокадо|aguacate|brocoli|tomatto|potato chips|milk|susu 1 l|beras 5 kg|
kopi|olive oil extra|сахар|яблочный сок|keju|eggs|air|zzyzx|beef|mie instan pedas|salmon premium|saus|a|1 kg|sabun mandi import""".replace(
    "\n", ""
).split("|")


def _brand(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))).capitalize()


def generate(store: Store, count: int) -> None:
    """Write products and about `count` offers straight into the tables, without the index."""
    rng = random.Random(17)
    queue.submit(store, Task(id="t0", created_at=NOW, updated_at=NOW, not_before=NOW))
    brands = [_brand(rng) for _ in range(max(count // 40, 20))]
    written = 0
    while written < count:
        product_rows, offer_rows = [], []
        while len(offer_rows) < 5_000 and written + len(offer_rows) < count:
            product_id = new_id()
            goods, category = rng.choice(GOODS)
            brand, variant, (size, unit) = rng.choice(brands), rng.choice(VARIANTS), rng.choice(SIZES)
            name = f"{goods} {variant}".capitalize()
            product = {"id": product_id, "brand": brand, "name": name, "size": Decimal(size), "unit": unit}
            product_rows.append(product | {"pack_count": 1, "category": category, "first_added": NOW, "last_updated": NOW})
            written_name = f"{brand} {goods} {variant} {size}{unit}"
            suppliers = range(rng.choice((1, 1, 1, 2, 3)))
            offer_rows += [_offer(product_id, written_name, category, f"Supplier {number}", rng) for number in suppliers]
        with store.write() as connection:
            connection.execute(insert(products), product_rows)
            connection.execute(insert(offers), offer_rows)
        written += len(offer_rows)


def _offer(product_id: str, name: str, category: str, supplier: str, rng: random.Random) -> dict[str, object]:
    price = Decimal(rng.randint(5_000, 300_000))
    row = ProductRow(
        original_name=name, standardized_name=name, brand="", size=None, unit="", pack_count=1, price_unit="", category=category, price=price,
        price_tiers="", currency="IDR", base_price=price, base_unit=rng.choice(("kg", "kg", "l", "pcs")), min_quantity=None, supplier=supplier,
        sku=str(rng.randint(10_000, 99_999_999)), list_date=date(2026, 6, 1), tax_note="", source_file="list.xlsx", source_sheet="Sheet1",
        source_row=2, confidence=0.9, method="rules",
    )  # fmt: skip
    fields = {field: getattr(row, field) for field in ProductRow.__slots__}
    return {"id": new_id(), "product_id": product_id, **fields, "others": [], "task_id": "t0", "first_seen": NOW, "last_seen": NOW}


def measure(store: Store) -> None:
    """Print the times of all queries, and of the index of a list of 1,000 rows."""
    times = []
    for query in QUERIES:
        started, of_processor = time.perf_counter(), time.process_time()
        results = search_products(store, query, 20)
        times.append((time.perf_counter() - started, time.process_time() - of_processor, query, len(results)))
    times.sort()
    print(f"search: median {times[len(times) // 2][0] * 1000:.0f} ms; the worst:")
    for seconds, of_processor, query, count in times[:-6:-1]:
        print(f"  {query!r} {seconds * 1000:.0f} ms ({of_processor * 1000:.0f} ms of this process), {count} products")
    with store.read() as connection:
        ids = list(connection.execute(select(products.c.id).limit(1_000)).scalars())
    for title in ("known", "new"):
        with store.write() as connection:
            if title == "new":
                connection.execute(delete(search_entries).where(has_one_of(connection, search_entries.c.product_id, ids)))
            started, of_processor = time.perf_counter(), time.process_time()
            index_products(connection, ids)
            print(
                f"index of 1,000 {title} products: {time.perf_counter() - started:.2f} s ({time.process_time() - of_processor:.2f} s of this process)"
            )


def main() -> None:
    """Generate the catalogue where it is not there, build the index, measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=200_000)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{Path(folder) / 'search.db'}"
        with open_store(url) as store:
            with store.read() as connection:
                is_filled = connection.execute(select(products.c.id).limit(1)).first() is not None
            if not is_filled:
                started = time.perf_counter()
                generate(store, options.offers)
                print(f"{options.offers:,} offers generated in {time.perf_counter() - started:.0f} s")
            started = time.perf_counter()
            with store.write() as connection:
                rebuild(connection)
            print(f"index of the whole catalogue: {time.perf_counter() - started:.1f} s")
            if url.startswith("postgresql"):
                with store.write() as connection:
                    connection.execute(text("ANALYZE search_entries"))
            measure(store)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
