"""A catalogue of any size, of invented names: twelve suppliers written as lists are, and copied with other words in their names.

The twelve have 15,000 offers and three monthly lists each, written by `write_list`: prices move, articles come and go, wordings differ from
supplier to supplier, some goods are sold by many, 250 (potatoes, rice) under the same words in every copy. A copy of the tables has other
brands and model words, so that it is another trade. It keeps what the program relies on, and `check` tries it on a sample:

- features, keys of blocks and words, article keys and families are those that the program makes of the copied row;
- offers belong to the products to which the program would put them: two copies share no word that tells goods apart, but for the 250, which
  are one product each over all copies, as they are one over the suppliers of a copy; their fields are made by the program;
- lists, histories, changes, aliases, open pairs and writes are those of the copied offers, under tasks and suppliers of their own.

Not kept: ids of offers are not those that folding a supplier's lists again gives; a replay lets them be, as it does after a list was moved.
Of the entries of the search one in a hundred has other marks of what the goods are than the program would give.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Table, delete, func, insert, select, text

from monito_ray.catalog.articles.identity import article_key
from monito_ray.catalog.grouping.grouping import regroup, update_products
from monito_ray.catalog.grouping.product_fields import row_fields
from monito_ray.catalog.lists import writing
from monito_ray.catalog.matching.article import Article, article_from_json, article_of
from monito_ray.catalog.matching.blocking import block_keys
from monito_ray.catalog.offer_rows import ROW_FIELDS, features_of, row_of
from monito_ray.catalog.questions.open_pairs import keep_open_pairs
from monito_ray.catalog.questions.word_keys import word_keys
from monito_ray.catalog.search import index
from monito_ray.catalog.search.entry import IndexedProduct
from monito_ray.catalog.search.word_forms import split_words, terms_of
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import Method, ProductRow
from monito_ray.store import schema
from monito_ray.store.database import Store

#: Offers that the twelve suppliers have at a time, by supplier.
SIZES = (6000, 3500, 2500, 800, 500, 400, 300, 300, 250, 200, 150, 100)
BASE_OFFERS = sum(SIZES)
MONTHS = tuple(datetime(2026, month, 2, 9, tzinfo=UTC) for month in (4, 5, 6))
#: Suppliers of the fresh and dry goods that every trade has.
_SELL_COMMODITIES = (1, 6)
_KINDS = 14_000
#: Words that tell goods apart: brands, then models. In the twelve suppliers' lists they begin with letters that no other word has.
_BRANDS, _MODELS = 800, 4_000
_WORDS = _BRANDS + _MODELS
_MARKED = re.compile("xq[a-z]{6}", re.IGNORECASE)
_CONSONANTS, _VOWELS, _LAST_VOWELS = "bdfghklmnprstv", "aeiou", "aou"
_SYLLABLES = len(_CONSONANTS) * len(_VOWELS)
_PRIME = 7919
_GOODS = tuple(
    line.split("|")
    for line in (
        "sauce|sauces & condiments", "noodles|pasta & noodles", "coffee|coffee & tea", "tea|coffee & tea", "soap|personal care",
        "shampoo|personal care", "biscuit|snacks", "chips|snacks", "juice|beverages", "lemonade|beverages", "flour|rice & grains",
        "cheese|dairy & eggs", "sausage|meat & poultry", "fillet|fish & seafood", "detergent|household & cleaning", "lamp|other",
        "cable|other", "valve|other", "filter|other", "paint|other",
    )
)  # fmt: skip
_COMMODITIES = tuple(
    (f"{goods} {variant}".strip(), category)
    for goods, category in (
        ("kentang", "vegetables"), ("wortel", "vegetables"), ("bawang merah", "vegetables"), ("tomat", "vegetables"), ("brokoli", "vegetables"),
        ("cabe rawit", "vegetables"), ("buncis", "vegetables"), ("timun", "vegetables"), ("alpukat", "fruit"), ("apel", "fruit"),
        ("nanas", "fruit"), ("pisang", "fruit"), ("mangga", "fruit"), ("jeruk", "fruit"), ("beras", "rice & grains"), ("gula pasir", "sugar & sweeteners"),
        ("telur ayam", "dairy & eggs"), ("udang", "fish & seafood"), ("dada ayam", "meat & poultry"), ("cumi", "fish & seafood"),
        ("jahe", "herbs & spices"), ("kunyit", "herbs & spices"), ("lengkuas", "herbs & spices"), ("serai", "herbs & spices"), ("kemiri", "herbs & spices"),
    )
    for variant in ("", "lokal", "import", "organik", "besar", "kecil", "merah", "putih", "super", "premium")
)  # fmt: skip
_SIZES = (
    ("250", "g"),
    ("500", "g"),
    ("1", "kg"),
    ("5", "kg"),
    ("330", "ml"),
    ("600", "ml"),
    ("1", "l"),
    ("5", "l"),
    (None, ""),
    (None, ""),
)
_PART = 5_000


def fill(base: Store, target: Store, offers: int, say: Callable[[str], None] = print) -> None:
    """Put a catalogue of about so many offers into an empty store; what `base` and `target` have from before, they keep.

    `base` is for the lists of the twelve suppliers.
    """
    _write_lists(base, say)
    with base.read() as source:
        tables = {
            table.name: [dict(row._mapping) for row in source.execute(select(table))]  # noqa: SLF001  SQLAlchemy's public name for it
            for table in schema.metadata.sorted_tables
        }
    articles = [article_from_json(row["features"].partition(":")[2]) for row in tables["offers"]]
    families = [_family(row, article) for row, article in zip(tables["offers"], articles, strict=True)]
    shared = {row["id"] for row in tables["products"] if not _MARKED.search(row["name"] + row["brand"])}
    copies = max(offers // BASE_OFFERS, 1)
    with target.read() as connection:
        there = set(connection.execute(select(schema.tasks.c.id)).scalars())
    for copy in range(copies):
        if _renamer(copy).id(tables["tasks"][0]["id"]) in there:
            continue  # written before an interruption
        with target.write() as connection:
            _prepare(connection)
            _write_copy(connection, tables, articles, families, _renamer(copy), shared, is_first=copy == 0)
        _renamer.cache_clear()
        say(f"copy {copy + 1} of {copies}")
    with target.write() as connection:
        update_products(connection, sorted(shared))
    index.bring_up_to_date(target)
    with target.write() as connection:
        if connection.dialect.name == "postgresql":
            _move_sequences(connection)
            connection.execute(text("ANALYZE"))  # as its own vacuum does; nobody does it on SQLite
    say(f"{_count(target, schema.offers):,} offers, {_count(target, schema.products):,} products")


def _move_sequences(connection: Connection) -> None:
    """Have PostgreSQL count on behind the numbers that rows were copied with; SQLite does so by itself."""
    for table in schema.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, func.coalesce(select(func.max(column)).scalar_subquery(), 1))))


def check(store: Store, sample: int = 1_000) -> list[str]:
    """Return what of a sample of the offers is not as the program makes it of their rows."""
    rng = random.Random(5)
    with store.read() as connection:
        ids = rng.sample(sorted(connection.execute(select(schema.offers.c.id).where(~schema.offers.c.is_gone)).scalars()), sample)
        rows = connection.execute(select(schema.offers).where(schema.offers.c.id.in_(ids))).all()
        blocks, words = (_keys_of(connection, table, ids) for table in (schema.offer_blocks, schema.offer_words))
    wrong = []
    for row in rows:
        article = article_of(row_of(row))
        made = (
            features_of(article),
            article_key(row.original_name, row.sku, row.price_unit),
            *[sorted(block_keys(article))] * 2,
            *[sorted(word_keys(article))] * 2,
        )
        stored = sorted(blocks[row.id]), row.block_keys.split(), sorted(words[row.id]), row.word_keys.split()
        if made != (row.features, row.article_key, *stored):
            wrong.append(f"{row.id} {row.original_name!r} is matched by something else")
    ids = sorted({row.product_id for row in rows})
    before = _products_and_entries(store, ids)
    with store.write() as connection:
        regroup(connection, {row.id for row in rows})
    after = _products_and_entries(store, ids)
    with store.write() as connection:
        connection.execute(delete(schema.search_entries).where(schema.search_entries.c.product_id.in_(ids)))
        index.index_products(connection, ids)
    anew = _products_and_entries(store, ids)
    wrong += [
        f"{product_id} is grouped otherwise: {before[product_id]} and {after.get(product_id)}"
        for product_id in ids
        if after.get(product_id) != before[product_id]
    ]
    return wrong + [
        f"{product_id} is indexed otherwise: {after[product_id]} and {anew.get(product_id)}"
        for product_id in ids
        if anew.get(product_id) != after.get(product_id)
    ]


def _products_and_entries(store: Store, product_ids: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """Return products with their offers and what the index of the search has of them."""
    with store.read() as connection:
        products = connection.execute(select(schema.products).where(schema.products.c.id.in_(product_ids))).all()
        offers = connection.execute(
            select(schema.offers.c.product_id, schema.offers.c.id).where(schema.offers.c.product_id.in_(product_ids))
        ).all()
        query = select(schema.search_entries).where(schema.search_entries.c.product_id.in_(product_ids))
        entries = {row.product_id: tuple(row)[1:] for row in connection.execute(query)}
    own: dict[str, list[str]] = defaultdict(list)
    for product_id, offer_id in offers:
        own[product_id].append(offer_id)
    return {row.id: (tuple(row), sorted(own[row.id]), entries.get(row.id)) for row in products}


def new_list(month: int, rows: int = 1_000, supplier: str = "Toko Baru") -> list[ProductRow]:
    """Return the list of a supplier that the catalogue does not have: 60 % goods that others have, in its own words, 30 % with brands of its own."""
    rng = random.Random(99)
    kinds = _kinds()
    chosen = rng.sample(range(_KINDS // 2), rows * 6 // 10)
    made = [_in_copy(_row(kinds[kind], supplier, rng, "Z"), rng.randrange(10)) for kind in chosen]
    made += [_in_copy(_row(kinds[kind], supplier, rng, "Z"), 4_000) for kind in rng.sample(range(_KINDS), rows * 3 // 10)]
    made += [_commodity_row(number, supplier, rng) for number in rng.sample(range(len(_COMMODITIES)), rows - len(made))]
    rng.shuffle(made)
    placed = [replace(row, source_row=number + 2, sku=f"N{number:05}") for number, row in enumerate(made)]
    return _next_month(placed, supplier, rng, kinds, len(MONTHS)) if month else [_dated(row, MONTHS[-1], "new") for row in placed]


def insert_rows(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Insert many rows: with COPY on PostgreSQL."""
    if connection.dialect.name != "postgresql":
        for part in _parts(rows):
            connection.execute(insert(table), part)
        return
    names = [column.name for column in table.columns if not (column.name == "id" and column.autoincrement is True)]
    write = {name: table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names}
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([(write[name](row[name]) if write[name] and row[name] is not None else row[name]) for name in names])


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA cache_size=-800000"))


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == _PART:
            yield part
            part = []
    if part:
        yield part


# The twelve suppliers' lists


@cache
def _kinds() -> list[tuple[str, ...]]:
    """Return all goods: brand, words of the model, goods, category, size, unit; the ones sold most first."""
    rng = random.Random(7)
    kinds: dict[tuple[str, ...], None] = {}
    while len(kinds) < _KINDS:
        brand = _marked(min(int(rng.paretovariate(0.9)) * 7 % _BRANDS + rng.randrange(40), _BRANDS - 1))
        models = [_marked(_BRANDS + int(rng.random() ** 2 * _MODELS)) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
        code = f" {rng.choice('abcdehkmprst')}{rng.randrange(10, 990)}" if rng.random() < 0.2 else ""
        goods, category = rng.choice(_GOODS)
        size, unit = rng.choice(_SIZES)
        kinds[brand, " ".join(models) + code, goods, category, size or "", unit] = None
    return list(kinds)


def _marked(number: int) -> str:
    """Return a word of the twelve suppliers' lists that copies replace."""
    letters = ""
    for _ in range(6):
        number, place = divmod(number, 26)
        letters += chr(ord("a") + place)
    return f"xq{letters}"


def _word(copy: int, number: int) -> str:
    """Return the word that a copy has in place of one: two of them differ in two of four syllables, so that neither is a misspelling of the other."""
    code = (copy * _WORDS + number) * _PRIME % _SYLLABLES**3
    first, second, third = code % _SYLLABLES, code // _SYLLABLES % _SYLLABLES, code // _SYLLABLES**2
    last = (first + 2 * second + 3 * third) % (len(_CONSONANTS) * len(_LAST_VOWELS))
    syllables = [_CONSONANTS[part // len(_VOWELS)] + _VOWELS[part % len(_VOWELS)] for part in (first, second, third)]
    return "".join((*syllables, _CONSONANTS[last // len(_LAST_VOWELS)] + _LAST_VOWELS[last % len(_LAST_VOWELS)]))


def _row(kind: tuple[str, ...], supplier: str, rng: random.Random, letter: str) -> ProductRow:
    """Return an offer for goods, in the words of a supplier."""
    brand, models, goods, category, size, unit = kind
    content = rng.choice((f"{size}{unit}", f"{size} {unit}")) if size else ""
    words = rng.choice(((brand, goods, models, content), (goods, brand, models, content), (brand, models, goods, content)))
    name = " ".join(word for word in words if word)
    price = Decimal(rng.randrange(50, 4_000)) * 100
    amount = Decimal(size) / (1000 if unit in ("g", "ml") else 1) if size else None
    return ProductRow(
        original_name=name.upper() if rng.random() < 0.3 else name.capitalize(), standardized_name=f"{goods} {models}".capitalize(),
        brand=brand.capitalize(), size=Decimal(size) if size else None, unit=unit, pack_count=1, price_unit="pcs", category=category,
        price=price, price_tiers="", currency="IDR", base_price=(price / amount).quantize(Decimal("0.000001")) if amount else price,
        base_unit={"g": "kg", "ml": "l"}.get(unit, unit) or "pcs", min_quantity=None, supplier=supplier,
        sku=f"{letter}{rng.randrange(10**7):07}", list_date=None, tax_note="", source_file="", source_sheet="Sheet1", source_row=0,
        confidence=rng.randrange(70, 100) / 100, method=Method.RULES,
        field_confidence=f'{{"name": 0.9, "size": 0.{rng.randrange(60, 100)}, "pack_count": 0.97, "price": 0.99}}',
    )  # fmt: skip


def _commodity_row(number: int, supplier: str, rng: random.Random) -> ProductRow:
    name, category = _COMMODITIES[number]
    price = Decimal(100 + number * 4 + rng.randrange(8)) * 100  # what a kilogram costs differs little between suppliers
    row = _row(("", "", name, category, "", ""), supplier, rng, "K")
    return replace(row, standardized_name=name.capitalize(), price=price, base_price=price, price_unit="kg", base_unit="kg")


def _write_lists(store: Store, say: Callable[[str], None]) -> None:
    """Write the three lists of each of the twelve suppliers; after an interruption those that are left."""
    kinds = _kinds()
    with store.read() as connection:
        written = set(connection.execute(select(schema.tasks.c.id)).scalars())
    for number, size in enumerate(SIZES):
        rng = random.Random(number)
        supplier = f"Pemasok {number:02}"
        goods = len(_COMMODITIES) // (1 + number % 2) if number in _SELL_COMMODITIES else 0
        chosen: dict[int, None] = {}
        while len(chosen) < size - goods:
            chosen[int(rng.random() ** 1.7 * _KINDS)] = None
        rows = [_row(kinds[kind], supplier, rng, chr(ord("A") + number)) for kind in chosen]
        rows += [_commodity_row(one, supplier, rng) for one in range(goods)]
        for month, at in enumerate(MONTHS):
            rows = _next_month(rows, supplier, rng, kinds, month) if month else [_dated(row, at, "m0") for row in rows]
            task_id = f"t{number:02}{month}"
            if task_id not in written:
                queue.submit(store, Task(id=task_id, created_at=at, updated_at=at, not_before=at, file_name=f"{task_id}.xlsx"))
            if writing.written_changes(store, task_id) is None:  # else from before an interruption
                writing.write_list(store, task_id, rows, at)
                keep_open_pairs(store, task_id)
        say(f"written: {supplier}, three lists of {size:,}")


def _next_month(
    rows: Sequence[ProductRow], supplier: str, rng: random.Random, kinds: Sequence[tuple[str, ...]], month: int
) -> list[ProductRow]:
    """Return the list after another: 3 % gone, 3 % new, 12 % at another price."""
    left = [row for row in rows if rng.random() >= 0.03]
    dearer = [_at_price(row, row.price * rng.randrange(90, 116) / 100) if rng.random() < 0.12 else row for row in left]
    new = [_row(kinds[rng.randrange(_KINDS // 2, _KINDS)], supplier, rng, "M") for _ in range(len(rows) - len(left))]
    at = MONTHS[month] if month < len(MONTHS) else MONTHS[-1]
    return [_dated(replace(row, source_row=place + 2), at, f"m{month}") for place, row in enumerate([*dearer, *new])]


def _at_price(row: ProductRow, price: Decimal) -> ProductRow:
    price = price.quantize(Decimal(1))
    base = (row.base_price or row.price) * price / row.price
    return replace(row, price=price, base_price=base.quantize(Decimal("0.000001")))


def _dated(row: ProductRow, at: datetime, name: str) -> ProductRow:
    return replace(row, list_date=date(at.year, at.month, 1), source_file=f"{row.supplier} {name}.xlsx")


# Copies


class _Renamer:
    """What is another in a copy: words, ids, names of suppliers."""

    def __init__(self, copy: int) -> None:
        self.copy = copy
        self._words = {_marked(number): _word(copy, number) for number in range(_WORDS)}
        self.suffix = f"{copy:02}"  # digits, so that an article number stays one

    def words(self, written: str) -> str:
        return _MARKED.sub(self._replaced, written)

    def sku(self, sku: str) -> str:
        return f"{sku}{self.suffix}" if sku else ""

    def id(self, short: str) -> str:
        return short + self.suffix

    def supplier(self, name: str) -> str:
        return f"{name} {self.suffix}"

    def _replaced(self, match: re.Match[str]) -> str:
        word = self._words[match[0].lower()]
        return word.upper() if match[0].isupper() else word.capitalize() if match[0][0].isupper() else word


@cache
def _renamer(copy: int) -> "_Renamer":
    return _Renamer(copy)


def _in_copy(row: ProductRow, copy: int) -> ProductRow:
    own = _renamer(copy).words
    return replace(row, original_name=own(row.original_name), standardized_name=own(row.standardized_name), brand=own(row.brand))


def _write_copy(
    connection: Connection,
    tables: Mapping[str, Sequence[dict[str, Any]]],
    articles: Sequence[Article],
    families: Sequence[str],
    to: _Renamer,
    shared: Collection[str],
    *,
    is_first: bool,
) -> None:
    """Write all tables of the twelve suppliers as another trade's."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    new_family: dict[tuple[str, str], str] = {}
    in_all = len(tables["supplier_numbers"])
    rows["supplier_numbers"] = [
        {"number": row["number"] + to.copy * in_all, "supplier": to.supplier(row["supplier"])} for row in tables["supplier_numbers"]
    ]
    numbers = {row["supplier"]: row["number"] for row in rows["supplier_numbers"]}
    for offer, former, family in zip(tables["offers"], articles, families, strict=True):
        article = _renamed_article(former, to)
        copied = _copied_offer(offer, article, to, shared)
        rows["offers"].append(copied)
        if not offer["is_gone"]:
            number = numbers[copied["supplier"]]
            rows["offer_blocks"] += [
                {"key": key, "offer_id": copied["id"], "supplier_number": number} for key in copied["block_keys"].split()
            ]
            rows["offer_words"] += [{"key": key, "offer_id": copied["id"]} for key in copied["word_keys"].split()]
        new_family[offer["product_id"], family] = _family(copied, article)
    for product in tables["products"]:
        if product["id"] not in shared:
            own = {"id": to.id(product["id"]), "family_id": new_family[product["id"], product["family_id"]]}
            rows["products"].append(product | own | {name: to.words(product[name]) for name in ("name", "brand")})
        elif is_first:
            rows["products"].append(product)
    rows["search_entries"] = _copied_entries(tables["search_entries"], rows["products"], rows["offers"], to, shared)
    rows["search_words"] = [
        row | {"word": to.words(row["word"])} for row in tables["search_words"] if is_first or _MARKED.search(row["word"])
    ]
    rows["search_versions"] = list(tables["search_versions"]) if is_first else []
    for name in _RENAMED:
        rows[name] = [_renamed(row, to, shared) for row in tables[name]]
    for row in rows["supplier_lists"]:
        row["rows"] = _renamed_list(row["rows"], to)
    for name in ("offer_blocks", "offer_words"):
        rows[name].sort(key=lambda row: row["key"])  # as the program writes them
    for table in schema.metadata.sorted_tables:
        insert_rows(connection, table, iter(rows.get(table.name, ())))


_RENAMED = (
    "tasks", "open_pairs", "product_aliases", "number_agreements", "price_history", "price_changes", "catalog_writes", "supplier_names",
    "supplier_lists",
)  # fmt: skip


def _renamed(row: Mapping[str, Any], to: _Renamer, shared: Collection[str]) -> dict[str, Any]:
    """Return a row of a table with the ids, suppliers and words of a copy."""
    own = dict(row)
    if "price" in row or "kind" not in row:  # a task has an id that is a text, histories and changes have numbers
        own.pop("id", None)
    for name in ("id", "task_id", "offer_id", "other_id", "alias"):
        if name in own:
            own[name] = to.id(own[name])
    for name in ("supplier", "one", "other"):
        if name in own:
            own[name] = to.supplier(own[name])
    if "product_id" in own and own["product_id"] not in shared:
        own["product_id"] = to.id(own["product_id"])
    for name in ("original_name", "brand"):
        if name in own:
            own[name] = to.words(own[name])
    if "name" in own:
        own["name"] = to.words(own["name"]) if "offer_id" in own else to.supplier(own["name"])
    return own


def _copied_offer(offer: Mapping[str, Any], article: Article, to: _Renamer, shared: Collection[str]) -> dict[str, Any]:
    own = _renamed({name: value for name, value in offer.items() if name != "id"}, to, shared) | {"id": to.id(offer["id"])}
    own |= {"standardized_name": to.words(offer["standardized_name"]), "sku": to.sku(offer["sku"])}
    own |= {"features": features_of(article), "article_key": article_key(own["original_name"], own["sku"], own["price_unit"])}
    keys = {"block_keys": block_keys(article), "word_keys": word_keys(article)}
    return own | {name: "" if offer["is_gone"] else " ".join(sorted(own_keys)) for name, own_keys in keys.items()}


def _renamed_article(article: Article, to: _Renamer) -> Article:
    return article._replace(
        written=tuple(sorted(map(to.words, article.written))),
        english=tuple(sorted(map(to.words, article.english))),
        squeezed=to.words(article.squeezed),
        brand=to.words(article.brand),
        sku=to.sku(article.sku),
    )


def _copied_entries(
    entries: Sequence[Mapping[str, Any]],
    products: Sequence[Mapping[str, Any]],
    offers: Sequence[Mapping[str, Any]],
    to: _Renamer,
    shared: Collection[str],
) -> list[dict[str, Any]]:
    """Return what the index of the search has of a copy's own products."""
    by_product: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for offer in sorted(offers, key=lambda offer: (offer["supplier"], offer["id"])):
        if not offer["is_gone"]:
            by_product[offer["product_id"]].append(offer)
    own = {product["id"]: product for product in products}
    copied = []
    for entry in entries:
        if entry["product_id"] not in shared:
            product_id = to.id(entry["product_id"])
            names = tuple(dict.fromkeys(offer["original_name"] for offer in by_product[product_id]))
            skus = tuple(dict.fromkeys(offer["sku"] for offer in by_product[product_id] if offer["sku"]))
            fields = (own[product_id][name] for name in ("name", "brand", "size", "unit", "category"))
            digest = index.terms_digest(IndexedProduct(*fields, names, skus))
            former = {term for sku in skus for term in _sku_terms(sku.removesuffix(to.suffix))}
            terms = {*to.words(entry["terms"]).split(" ")} - former | {term for sku in skus for term in _sku_terms(sku)}
            own_fields = {"product_id": product_id, "digest": digest, "terms": " ".join(sorted(terms))}
            copied.append({name: value for name, value in entry.items() if name != "id"} | own_fields)
    return copied


def _sku_terms(sku: str) -> set[str]:
    return {"".join(split_words(sku)), *terms_of(sku)}


def _family(offer: Mapping[str, Any], article: Article) -> str:
    return str(row_fields(ProductRow(**{name: offer[name] for name in ROW_FIELDS}), article, offer["mark"])["family_id"])


def _renamed_list(content: bytes, to: _Renamer) -> bytes:
    """Return a stored list with the words and suppliers of a copy."""
    table = pq.ParquetFile(pa.BufferReader(content)).read()
    change = {"original_name": to.words, "standardized_name": to.words, "brand": to.words, "supplier": to.supplier, "sku": to.sku}
    for name, changed in change.items():
        values = pa.array(list(map(changed, table.column(name).to_pylist())), pa.string())
        table = table.set_column(table.column_names.index(name), name, values)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_statistics=False)
    return bytes(sink.getvalue().to_pybytes())


def _keys_of(connection: Connection, table: Table, offer_ids: Sequence[str]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(table).where(table.c.offer_id.in_(offer_ids))):
        keys[row.offer_id].add(row.key)
    return keys


def _count(store: Store, table: Table) -> int:
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()
