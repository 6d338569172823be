"""Offers have the keys under which they are found; the tables of these have no index but their order, and no foreign key."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = {"offer_blocks": "block_keys", "offer_words": "word_keys"}
_NUMBER = "(SELECT number FROM offers JOIN supplier_numbers ON supplier_numbers.supplier = offers.supplier WHERE offers.id = offer_id)"


def upgrade() -> None:
    """Go from 0031 to 0032."""
    connection = op.get_bind()
    if any(column["name"] == "block_keys" for column in sa.inspect(connection).get_columns("offers")):
        return
    op.create_table(
        "supplier_numbers",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_supplier_numbers"),
        sa.UniqueConstraint("supplier", name="uq_supplier_numbers_supplier"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "keys_ahead",
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("block_keys", sa.Text(), nullable=False),
        sa.Column("word_keys", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", name="pk_keys_ahead"),
    )
    op.create_index("ix_keys_ahead_supplier", "keys_ahead", ["supplier"])
    op.execute("INSERT INTO supplier_numbers (supplier) SELECT DISTINCT supplier FROM offers ORDER BY supplier")
    for table, column in _TABLES.items():
        op.add_column("offers", sa.Column(column, sa.Text(), nullable=False, server_default=""))
        _fill_keys(table, column)
        if connection.dialect.name == "sqlite":
            _rebuild(table)
        else:
            _without_index(table)


def _fill_keys(table: str, column: str) -> None:
    joined = "group_concat(key, ' ')" if op.get_bind().dialect.name == "sqlite" else "string_agg(key, ' ' ORDER BY key)"
    own = f"(SELECT key FROM {table} WHERE offer_id = offers.id ORDER BY key) AS own"  # noqa: S608  names of the schema
    keys = f"(SELECT {joined} FROM {own})"  # noqa: S608  names of the schema
    op.execute(f"UPDATE offers SET {column} = COALESCE({keys}, '')")  # noqa: S608  names of the schema


def _rebuild(table: str) -> None:
    has_number = table == "offer_blocks"
    op.rename_table(table, f"former_{table}")
    op.create_table(
        table,
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        *([sa.Column("supplier_number", sa.Integer(), nullable=False)] if has_number else []),
        sa.PrimaryKeyConstraint("key", "offer_id", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    columns = f"key, offer_id, {_NUMBER}" if has_number else "key, offer_id"
    op.execute(f"INSERT INTO {table} SELECT {columns} FROM former_{table} ORDER BY key, offer_id")  # noqa: S608  names of the schema
    op.drop_table(f"former_{table}")


def _without_index(table: str) -> None:
    for constraint in sa.inspect(op.get_bind()).get_foreign_keys(table):
        op.drop_constraint(str(constraint["name"]), table, type_="foreignkey")
    op.drop_index(f"ix_{table}_offer_id", table)
    if table == "offer_blocks":
        op.add_column(table, sa.Column("supplier_number", sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE offer_blocks SET supplier_number = {_NUMBER}")  # noqa: S608  names of the schema
        op.alter_column(table, "supplier_number", server_default=None)
