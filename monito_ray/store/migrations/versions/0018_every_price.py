"""The rows of every list are kept, each article of a list is an offer of its own, and people's word on what is one product is kept.

The tables of the catalogue are made anew: SQLite cannot drop the constraint by which a supplier had one offer for a product.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

from monito_ray import frames
from monito_ray.records import Method, ProductRow
from monito_ray.store.schema import Exact, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ROW = (
    "original_name, standardized_name, brand, size, unit, pack_count, price_unit, category, price, price_tiers, currency, base_price, base_unit,"
    " min_quantity, supplier, sku, list_date, tax_note, source_file, source_sheet, source_row, confidence, method, field_confidence, doubt,"
    " section"
)
_PRODUCT = "id, brand, name, size, unit, pack_count, category, first_added, last_updated"
_OFFER = f"id, product_id, {_ROW}, others, task_id, first_seen, last_seen"
_POINT = "id, offer_id, price, base_price, list_date, seen_at, task_id"
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go from 0017 to 0018. The lists of before are put together from the offers and the prices that the catalogue has of them."""
    lists = _lists_of_before(op.get_bind())
    columns = {"products": _PRODUCT, "offers": _OFFER, "price_history": _POINT}
    for table, names in columns.items():
        op.execute(f"CREATE TABLE {table}_before AS SELECT {names} FROM {table}")  # noqa: S608  names of ours
    for table in ("price_history", "offers", "products", "supplier_lists"):
        op.drop_table(table)
    _create_catalogue()
    _create_matching()
    for table, names in columns.items():
        op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608
        op.drop_table(f"{table}_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval('price_history_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM price_history), false)")
    if lists:
        op.bulk_insert(_create_lists(), lists)
    else:
        _create_lists()


def _create_catalogue() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("family_id", sa.String(16), nullable=False, server_default=""),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", Exact()),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("pack_count", sa.Integer(), nullable=False),
        sa.Column("price_unit", sa.Text(), nullable=False, server_default=""),
        sa.Column("mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("first_added", UtcDateTime(), nullable=False),
        sa.Column("last_updated", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
    )
    op.create_index("ix_products_family_id", "products", ["family_id"])
    texts = (
        "original_name standardized_name brand unit price_unit category price_tiers currency base_unit supplier sku tax_note source_file"
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("product_id", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*texts.split(), "source_sheet", "method")),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("field_confidence", "doubt", "section")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pack_count", "source_row")),
        *(sa.Column(name, Exact()) for name in ("size", "base_price", "min_quantity", "previous_price")),
        sa.Column("price", Exact(), nullable=False),
        sa.Column("list_date", sa.Date()),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("suspicion", sa.Text(), nullable=False, server_default=""),
        sa.Column("is_gone", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("mark", sa.Text(), nullable=False, server_default=""),
        sa.Column("article_key", sa.String(32), nullable=False, server_default=""),
        sa.Column("features", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_offers_product_id"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_offers_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
    )
    for name in ("product_id", "supplier", "article_key"):
        op.create_index(f"ix_offers_{name}", "offers", [name])
    op.create_table(
        "price_history",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.Column("price", Exact(), nullable=False),
        sa.Column("base_price", Exact()),
        sa.Column("list_date", sa.Date()),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_price_history_offer_id"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_price_history_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_price_history"),
        sa.UniqueConstraint("offer_id", "task_id", name="uq_price_history_offer_id_task_id"),
    )


def _create_matching() -> None:
    op.create_table(
        "offer_blocks",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_blocks_offer_id"),
        sa.PrimaryKeyConstraint("key", "offer_id", name="pk_offer_blocks"),
    )
    op.create_index("ix_offer_blocks_offer_id", "offer_blocks", ["offer_id"])
    op.create_table(
        "product_aliases",
        sa.Column("alias", sa.String(16), nullable=False),
        sa.Column("product_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_product_aliases_product_id"),
        sa.PrimaryKeyConstraint("alias", name="pk_product_aliases"),
    )
    op.create_index("ix_product_aliases_product_id", "product_aliases", ["product_id"])
    op.create_table(
        "number_agreements",
        sa.Column("one", sa.String(200), nullable=False),
        sa.Column("other", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name="pk_number_agreements"),
    )
    op.create_table(
        "links",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        *(
            column
            for side in ("one", "other")
            for column in (
                sa.Column(f"{side}_supplier", sa.String(200), nullable=False),
                sa.Column(f"{side}_key", sa.String(32), nullable=False),
                sa.Column(f"{side}_name", sa.Text(), nullable=False),
            )
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
    )
    for side in ("one", "other"):
        op.create_index(f"ix_links_{side}_supplier", "links", [f"{side}_supplier"])


def _create_lists() -> sa.Table:
    table: sa.Table = op.create_table(
        "supplier_lists",
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("list_date", sa.Date()),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_supplier_lists_task_id"),
        sa.PrimaryKeyConstraint("task_id", "supplier", name="pk_supplier_lists"),
    )
    return table


def _lists_of_before(connection: sa.Connection) -> list[dict[str, Any]]:
    """Return the lists that offers and earlier prices came from, with as many of their rows as are known."""
    offers = sa.Table("offers", sa.MetaData(), autoload_with=connection)
    typed = [sa.type_coerce(column, _type_of(column.name, column.type)).label(column.name) for column in offers.c]
    point = sa.table("price_history", *(sa.column(name) for name in _POINT.split(", ")))
    rows: dict[tuple[str, str], list[ProductRow]] = defaultdict(list)
    written: dict[tuple[str, str], Any] = {}
    by_offer: dict[str, dict[str, Any]] = {}
    for values in map(dict, connection.execute(sa.select(*typed)).mappings()):
        by_offer[values["id"]] = values
        key = values["task_id"], values["supplier"][:200]
        rows[key] += [_row(values), *(_row_from_json(other) for other in values["others"])]
        written[key] = max(filter(None, (written.get(key), values["last_seen"])))
    seen = sa.type_coerce(point.c.seen_at, UtcDateTime()).label("seen_at")
    prices = (sa.type_coerce(point.c[name], Exact()).label(name) for name in ("price", "base_price"))
    day = sa.type_coerce(point.c.list_date, sa.Date()).label("list_date")
    for earlier in connection.execute(sa.select(point.c.offer_id, point.c.task_id, seen, day, *prices).order_by(point.c.id)).mappings():
        values = by_offer[earlier["offer_id"]]
        if earlier["task_id"] == values["task_id"]:
            continue
        key = earlier["task_id"], values["supplier"][:200]
        rows[key].append(_row({**values, **{name: earlier[name] for name in ("price", "base_price", "list_date")}}))
        written[key] = max(filter(None, (written.get(key), earlier["seen_at"])))
    return [_list(*key, written[key], rows[key]) for key in rows]


def _type_of(name: str, stored: Any) -> Any:
    own: dict[str, Any] = {"first_seen": UtcDateTime(), "last_seen": UtcDateTime(), "others": sa.JSON()}
    return Exact() if name in ("size", "price", "base_price", "min_quantity") else own.get(name, stored)


def _list(task_id: str, supplier: str, written_at: Any, rows: Sequence[ProductRow]) -> dict[str, Any]:
    dates = [row.list_date for row in rows if row.list_date]
    content = frames.to_parquet(rows, ProductRow)
    return {
        "task_id": task_id, "supplier": supplier, "list_date": max(dates, default=None), "written_at": written_at, "rows": content,
        "row_count": len(rows),
    }  # fmt: skip


def _row(values: Mapping[str, Any]) -> ProductRow:
    return ProductRow(**{name: values[name] for name in _ROW.split(", ")} | {"method": Method(values["method"])})


def _row_from_json(values: Mapping[str, Any]) -> ProductRow:
    numbers = {name: None if values[name] is None else Decimal(values[name]) for name in ("size", "price", "base_price", "min_quantity")}
    day = date.fromisoformat(values["list_date"]) if values["list_date"] else None
    return ProductRow(**{**values, **numbers, "list_date": day, "method": Method(values["method"])})
