"""Changes from each list of a supplier to its next one: prices, packs, articles that come and go."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import Exact, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0015 to 0016; the changes of earlier lists are not there."""
    op.create_table(
        "price_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("size", Exact()),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("pack_count", sa.Integer(), nullable=False),
        sa.Column("price_unit", sa.Text(), nullable=False),
        sa.Column("size_before", Exact()),
        sa.Column("unit_before", sa.String(16), nullable=False),
        sa.Column("pack_count_before", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("currency_before", sa.Text(), nullable=False),
        sa.Column("price", Exact()),
        sa.Column("price_before", Exact()),
        sa.Column("base_price", Exact()),
        sa.Column("base_price_before", Exact()),
        sa.Column("base_unit", sa.Text(), nullable=False),
        sa.Column("list_date", sa.Date()),
        sa.Column("list_date_before", sa.Date()),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_price_changes"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_price_changes_task_id"),
    )
    op.create_index("ix_price_changes_offer_id", "price_changes", ["offer_id"])
    op.create_index("ix_price_changes_at_weight", "price_changes", ["at", "weight"])
    op.create_index("ix_price_changes_kind_at_weight", "price_changes", ["kind", "at", "weight"])
    op.create_index("ix_price_changes_supplier_at", "price_changes", ["supplier", "at"])
