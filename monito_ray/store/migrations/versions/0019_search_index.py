"""An index for the search; it is filled by the first search or list."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.full_text import create_term_index

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0018 to 0019."""
    op.create_table(
        "search_entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("product_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("base_unit", sa.String(length=16), nullable=False),
        sa.Column("base_price", sa.Float()),
        sa.Column("price", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("product_id", name=op.f("uq_search_entries_product_id")),
    )
    word = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
    op.create_table(
        "search_words",
        sa.Column("word", word, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
    )
    op.create_index(op.f("ix_search_words_length"), "search_words", ["length"])
    op.create_table(
        "search_versions",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_search_versions")),
    )
    create_term_index(op.get_bind())
