"""The tables of the database. Every change here needs a migration; a test compares the two."""

import types
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from monito_ray.records import ProductRow

REVISION = "0033"
#: Suppliers' names are cut to the length of their columns.
LONGEST_SUPPLIER = 200
#: Longer words are none that people search for.
LONGEST_WORD = 40
#: Stands in place of a model in `column_choices` where a person chose.
PERSON = "person"


class UtcDateTime(TypeDecorator[datetime]):
    """A time that is aware UTC in the program, whatever the database stores."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC, since SQLite drops the zone. A naive time is an error of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return an aware time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def without_zeros(number: Decimal) -> Decimal:
    """Return a number without trailing zeros, as the store returns it, so that equal numbers are equal texts."""
    return Decimal(int(number)) if number == number.to_integral_value() else number.normalize()


class Exact(TypeDecorator[Decimal]):
    """An exact decimal: `NUMERIC`, or text on SQLite, which would store a float."""

    impl = Numeric(28, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database."""
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric(28, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Write plain digits for SQLite, without an exponent or trailing zeros, so that equal numbers are equal texts in the database, too."""
        if value is None or dialect.name != "sqlite":
            return value
        digits = format(value, "f")
        return digits.rstrip("0").rstrip(".") if "." in digits else digits

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the number as `without_zeros` has it."""
        return None if value is None else without_zeros(Decimal(value))


class Usd(TypeDecorator[Decimal]):
    """US dollars that databases add up exactly: an integer of 1e-12 dollars, the unit in which a token's price is whole.

    Prices are per million tokens with up to six digits behind the point.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Convert to the integer."""
        return None if value is None else int(value.scaleb(12).to_integral_value())

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Convert an integer or a sum of integers to dollars."""
        return None if value is None else Decimal(int(value)).scaleb(-12)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_COLUMN_TYPES: dict[type, TypeEngine[Any]] = {
    str: Text(),
    int: Integer(),
    float: Float(),
    date: Date(),
    Decimal: Exact(),
}


def _row_columns() -> Iterator[Column[Any]]:
    """Yield a column for each field of `ProductRow`."""
    hints = get_type_hints(ProductRow)
    for field in fields(ProductRow):
        hint = hints[field.name]
        optional = get_origin(hint) in (Union, types.UnionType)
        base = next(kind for kind in get_args(hint) if kind is not type(None)) if optional else hint
        kind = next(column_type for python_type, column_type in _COLUMN_TYPES.items() if issubclass(base, python_type))
        yield Column(field.name, kind, nullable=optional, server_default=None if field.default is MISSING else field.default)


tasks = Table(
    "tasks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("stage", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("options", JSON, nullable=False),
    Column("stage_ms", JSON, nullable=False),
    Column("result", JSON(none_as_null=True)),
    Column("error", Text, nullable=False),
    Column("error_code", String(64), nullable=False),
    Column("remedy", Text, nullable=False),
    Column("owner", String(64), nullable=False),
    Column("program_version", String(32), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("not_before", UtcDateTime, nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("owner_deaths", Integer, nullable=False, server_default="0"),
    Column("claim_number", Integer, nullable=False, server_default="0"),
    Column("dedup_key", String(64), nullable=False, server_default="", index=True),
    Column("rows", Integer, nullable=False, server_default="0"),
    Index(None, "user_id", "created_at"),
    Index(None, "status", "not_before"),
    Index(None, "kind", "stage", "status", "updated_at"),
    Index(None, "status", "started_at", "finished_at"),
)

task_events = Table(
    "task_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("task_id", String(16), ForeignKey("tasks.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("name", String(64), nullable=False),
    Column("data", JSON, nullable=False),
)

products = Table(
    "products",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("family_id", String(16), nullable=False, server_default="", index=True),
    Column("brand", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Exact),
    Column("unit", String(16), nullable=False),
    Column("pack_count", Integer, nullable=False),
    Column("price_unit", Text, nullable=False, server_default=""),
    Column("mark", Text, nullable=False, server_default=""),
    Column("category", Text, nullable=False),
    Column("first_added", UtcDateTime, nullable=False),
    Column("last_updated", UtcDateTime, nullable=False),
    # No rule and no person joins one of its offers to one of another product: where none of them changed, none has to be compared again.
    Column("is_whole", Boolean, nullable=False, server_default=false()),
)

offers = Table(
    "offers",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("product_id", String(16), ForeignKey("products.id"), nullable=False),
    *_row_columns(),
    Column("others", JSON, nullable=False),
    Column("task_id", String(16), ForeignKey("tasks.id"), nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("previous_price", Exact),
    Column("suspicion", Text, nullable=False, server_default=""),
    Column("is_gone", Boolean, nullable=False, server_default=false()),
    Column("mark", Text, nullable=False, server_default=""),
    # Of the row, kept beside it: what a person's word about the article stands under, and what it is matched by.
    Column("article_key", String(32), nullable=False, server_default="", index=True),
    Column("features", Text, nullable=False, server_default=""),
    # The keys under which it is in `offer_blocks` and in `offer_words`, in order, apart by blanks; none of an offer that is gone.
    Column("block_keys", Text, nullable=False, server_default=""),
    Column("word_keys", Text, nullable=False, server_default=""),
    Index(None, "product_id"),
    Index(None, "supplier"),
)

# Most rows of the database are of these two, and they are written in the order of their keys, before the offers: so they have no index but
# that order, and no foreign key. An id without an offer is of `keys_ahead`, and counts for nothing.
offer_blocks = Table(
    "offer_blocks",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("offer_id", String(16), primary_key=True),
    # Of `supplier_numbers`: whose a block's offers are is asked without a look at each.
    Column("supplier_number", Integer, nullable=False),
    sqlite_with_rowid=False,
)

offer_words = Table(
    "offer_words",
    metadata,
    Column("key", String(16), primary_key=True),
    Column("offer_id", String(16), primary_key=True),
    sqlite_with_rowid=False,
)

open_pairs = Table(
    "open_pairs",
    metadata,
    Column("offer_id", String(16), ForeignKey("offers.id"), primary_key=True),
    Column("other_id", String(16), ForeignKey("offers.id"), primary_key=True, index=True),
    Column("chance", Float, nullable=False, index=True),
    Column("answer_key", String(32), index=True),
)

#: Suppliers by short numbers, which stay when a supplier is renamed; also such as have no offer any more.
supplier_numbers = Table(
    "supplier_numbers",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("supplier", String(LONGEST_SUPPLIER), nullable=False, unique=True),
    sqlite_autoincrement=True,  # no number is given twice: keys bear it
)

#: New offers of a list that is being written whose keys are in `offer_blocks` and `offer_words` already, or soon will be.
keys_ahead = Table(
    "keys_ahead",
    metadata,
    Column("offer_id", String(16), primary_key=True),
    Column("supplier", String(LONGEST_SUPPLIER), nullable=False, index=True),
    # As `offers` has them.
    Column("block_keys", Text, nullable=False),
    Column("word_keys", Text, nullable=False),
)

product_aliases = Table(
    "product_aliases",
    metadata,
    Column("alias", String(16), primary_key=True),
    Column("product_id", String(16), ForeignKey("products.id"), nullable=False, index=True),
)

number_agreements = Table(
    "number_agreements",
    metadata,
    Column("one", String(LONGEST_SUPPLIER), primary_key=True),
    Column("other", String(LONGEST_SUPPLIER), primary_key=True),
)

links = Table(
    "links",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),
    Column("one_supplier", String(LONGEST_SUPPLIER), nullable=False, index=True),
    Column("one_key", String(32), nullable=False),
    Column("one_name", Text, nullable=False),
    Column("other_supplier", String(LONGEST_SUPPLIER), nullable=False, index=True),
    Column("other_key", String(32), nullable=False),
    Column("other_name", Text, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)

price_history = Table(
    "price_history",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("offer_id", String(16), ForeignKey("offers.id"), nullable=False),
    Column("price", Exact, nullable=False),
    # "" where the list does not say it.
    Column("currency", Text, nullable=False, server_default=""),
    Column("base_price", Exact),
    Column("list_date", Date),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("task_id", String(16), ForeignKey("tasks.id"), nullable=False),
    UniqueConstraint("offer_id", "task_id"),
)

price_changes = Table(
    "price_changes",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("supplier", String(LONGEST_SUPPLIER), nullable=False),
    Column("task_id", String(16), ForeignKey("tasks.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("offer_id", String(16), nullable=False, index=True),
    Column("original_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("size", Exact),
    Column("unit", String(16), nullable=False),
    Column("pack_count", Integer, nullable=False),
    Column("price_unit", Text, nullable=False),
    Column("size_before", Exact),
    Column("unit_before", String(16), nullable=False),
    Column("pack_count_before", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("currency_before", Text, nullable=False),
    Column("price", Exact),
    Column("price_before", Exact),
    Column("base_price", Exact),
    Column("base_price_before", Exact),
    Column("base_unit", Text, nullable=False),
    Column("list_date", Date),
    Column("list_date_before", Date),
    Column("weight", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "at", "weight"),
    Index(None, "kind", "at", "weight"),
    Index(None, "supplier", "at"),
)

catalog_writes = Table(
    "catalog_writes",
    metadata,
    Column("task_id", String(16), ForeignKey("tasks.id"), primary_key=True),
    Column("products_new", Integer, nullable=False),
    Column("prices_changed", Integer, nullable=False),
    Column("slices_left", Integer, nullable=False, server_default="0"),
    Column("written_at", UtcDateTime, nullable=False),
)

brands = Table(
    "brands",
    metadata,
    Column("spelling", String(200), primary_key=True),
    Column("category", String(200), primary_key=True),
    Column("brand", Text, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

#: What the search has of each product; `full_text` describes the index over the terms.
search_entries = Table(
    "search_entries",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("product_id", String(16), nullable=False, unique=True),
    # Of what the terms were made from.
    Column("digest", String(32), nullable=False),
    Column("terms", Text, nullable=False),
    Column("currency", String(8), nullable=False),
    Column("base_unit", String(16), nullable=False),
    Column("base_price", Float),
    Column("price", Float, nullable=False),
    # The cheapest of very many matches are found in this order, without a look at all of them.
    Index("ix_search_entries_best", "currency", "base_unit", "base_price", "price", "product_id"),
)

#: Words by which products are found, also such as no product has any more: none is ever taken out (`catalog.search.catalogue_words`).
search_words = Table(
    "search_words",
    metadata,
    Column("word", String(LONGEST_WORD).with_variant(String(LONGEST_WORD, collation="C"), "postgresql"), primary_key=True),
    Column("length", Integer, nullable=False),
)

#: One row: by which version of the program the index of the search was made.
search_versions = Table(
    "search_versions",
    metadata,
    Column("version", String(64), primary_key=True),
)

answers = Table(
    "answers",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("standard", JSON, nullable=False),
    Column("model", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("supplier", Text, nullable=False),
    Column("original_name", Text, nullable=False),
    Column("standard", JSON, nullable=False),
    Column("user_id", BigInteger, nullable=False, server_default="0"),
    Column("corrected_at", UtcDateTime, nullable=False),
)

confirmed_prices = Table(
    "confirmed_prices",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("supplier", Text, nullable=False),
    Column("original_name", Text, nullable=False),
    Column("price", Exact, nullable=False),
    Column("currency", Text, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

settled_prices = Table(
    "settled_prices",
    metadata,
    Column("task_id", String(16), primary_key=True),
    Column("source_sheet", String(200), primary_key=True),
    Column("source_row", Integer, primary_key=True, autoincrement=False),
    Column("original_name", Text, nullable=False),
    Column("price", Exact, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("settled_at", UtcDateTime, nullable=False),
)

written_sheets = Table(
    "written_sheets",
    metadata,
    Column("spreadsheet_id", String(200), primary_key=True),
    Column("title", String(100), primary_key=True),
    # What stands in the sheet by our hand, compressed: the cells by which a person's edits are noticed.
    Column("versions", LargeBinary, nullable=False),
    Column("refused", JSON, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)

llm_requests = Table(
    "llm_requests",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("task_id", String(16), ForeignKey("tasks.id"), nullable=False, index=True),
    Column("user_id", BigInteger, nullable=False),
    Column("driver", String(64), nullable=False),
    Column("model", Text, nullable=False),
    Column("prices", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("ended_at", UtcDateTime),
    Column("tokens", BigInteger, nullable=False),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("prompt_tokens", BigInteger, nullable=False, server_default="0"),
    Column("cached_tokens", BigInteger, nullable=False, server_default="0"),
    Column("completion_tokens", BigInteger, nullable=False, server_default="0"),
    Column("cost_usd", Usd, nullable=False),
    Column("error", String(64), nullable=False, server_default=""),
)

supplier_names = Table(
    "supplier_names",
    metadata,
    Column("name", String(LONGEST_SUPPLIER), primary_key=True),
    Column("supplier", String(LONGEST_SUPPLIER), nullable=False, index=True),
    Column("added_at", UtcDateTime, nullable=False),
)

supplier_lists = Table(
    "supplier_lists",
    metadata,
    Column("task_id", String(16), ForeignKey("tasks.id"), primary_key=True),
    Column("supplier", String(LONGEST_SUPPLIER), primary_key=True),
    Column("list_date", Date),
    Column("written_at", UtcDateTime, nullable=False),
    # The written rows as Parquet: what the offers, their history and the changes are made of.
    Column("rows", LargeBinary, nullable=False),
    Column("row_count", Integer, nullable=False),
)

supplier_signs = Table(
    "supplier_signs",
    metadata,
    Column("task_id", String(16), ForeignKey("tasks.id"), primary_key=True),
    # As it was settled; `supplier_lists` has the present one.
    Column("supplier", String(LONGEST_SUPPLIER), nullable=False, index=True),
    Column("sender", String(32), nullable=False),
    Column("stem", String(200), nullable=False),
    Column("is_sure", Boolean, nullable=False),
    Column("how", Text, nullable=False),
    Column("candidates", JSON, nullable=False),
    Column("layouts", JSON, nullable=False),
    Column("sketch", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

supplier_marks = Table(
    "supplier_marks",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("task_id", String(16), ForeignKey("tasks.id"), primary_key=True, index=True),
)

pair_answers = Table(
    "pair_answers",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("same", String(8), nullable=False),
    Column("telling", Text, nullable=False),
    Column("model", Text, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

column_choices = Table(
    "column_choices",
    metadata,
    Column("supplier", String(LONGEST_SUPPLIER), primary_key=True),
    Column("layout_key", String(64), primary_key=True),
    Column("choice", JSON, nullable=False),
    Column("model", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("driver_id", String(64), primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("serving", Boolean, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("workers", Integer, nullable=False, server_default="0"),
    Column("dashboard", Text, nullable=False, server_default=""),
    Column("process_started", Float, nullable=False, server_default="0"),
    Column("machine", String(32), nullable=False, server_default=""),
    Column("nodes", Text, nullable=False, server_default=""),
)

paused_queues = Table(
    "paused_queues",
    metadata,
    Column("queue", String(32), primary_key=True),
    Column("paused_at", UtcDateTime, nullable=False),
)

chat_messages = Table(
    "chat_messages",
    metadata,
    Column("task_id", String(16), ForeignKey("tasks.id"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("language", String(8), nullable=False),
    Column("last_text_hash", String(64), nullable=False),
    Column("closing_state", String(16), nullable=False),
    Index(None, "chat_id", "message_id"),
    Index(None, "closing_state"),
)

chat_users = Table(
    "chat_users",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8), nullable=False),
    Column("refused_at", UtcDateTime),
    Column("name", Text, nullable=False, server_default=""),
    Column("role", String(16), nullable=False, server_default=""),
)

#: What people of the bot follow.
chat_follows = Table(
    "chat_follows",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("is_daily", Boolean, nullable=False, server_default=false()),
    Column("made_at", UtcDateTime, nullable=False),
    Column("language", String(8), nullable=False, server_default=""),
)

bot_offsets = Table(
    "bot_offsets",
    metadata,
    Column("bot", String(64), primary_key=True),
    Column("next_update_id", BigInteger, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
