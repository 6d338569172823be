"""Prices that people called right."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import Exact, UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0025 to 0026."""
    op.create_table(
        "confirmed_prices",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("price", Exact(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_confirmed_prices"),
    )
