"""Offers have the keys under which they are found; the tables of these have no index but their order, and no foreign key."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_TABLES = {"offer_blocks": "block_keys", "offer_words": "word_keys"}


def upgrade() -> None:
    """Go from 0031 to 0032."""
    connection = op.get_bind()
    if any(column["name"] == "block_keys" for column in sa.inspect(connection).get_columns("offers")):
        return
    is_sqlite = connection.dialect.name == "sqlite"
    for table, column in _TABLES.items():
        op.add_column("offers", sa.Column(column, sa.Text(), nullable=False, server_default=""))
        joined = "group_concat(key, ' ')" if is_sqlite else "string_agg(key, ' ' ORDER BY key)"
        own = f"(SELECT key FROM {table} WHERE offer_id = offers.id ORDER BY key) AS own"  # noqa: S608  names of the schema
        keys = f"(SELECT {joined} FROM {own})"  # noqa: S608  names of the schema
        op.execute(f"UPDATE offers SET {column} = COALESCE({keys}, '')")  # noqa: S608  names of the schema
        if is_sqlite:
            _without_rowid(table)
            continue
        for constraint in sa.inspect(connection).get_foreign_keys(table):
            op.drop_constraint(str(constraint["name"]), table, type_="foreignkey")
        op.drop_index(f"ix_{table}_offer_id", table)


def _without_rowid(table: str) -> None:
    op.rename_table(table, f"former_{table}")
    op.create_table(
        table,
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("key", "offer_id", name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO {table} SELECT key, offer_id FROM former_{table} ORDER BY key, offer_id")  # noqa: S608  names of the schema
    op.drop_table(f"former_{table}")
