"""Prices of pictures that a person has looked at."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import Exact, UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0030 to 0031; databases were made with the table and called 0029."""
    if sa.inspect(op.get_bind()).has_table("settled_prices"):
        return
    op.create_table(
        "settled_prices",
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("source_sheet", sa.String(200), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("price", Exact(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "source_sheet", "source_row", name="pk_settled_prices"),
    )
