"""What lists show of their suppliers is kept, so that the next list is recognized."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0016 to 0017; lists that are there already show nothing but the names of their suppliers."""
    op.create_table(
        "supplier_signs",
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("sender", sa.String(32), nullable=False),
        sa.Column("stem", sa.String(200), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("layouts", sa.JSON(), nullable=False),
        sa.Column("sketch", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_supplier_signs"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_supplier_signs_task_id"),
    )
    op.create_index("ix_supplier_signs_supplier", "supplier_signs", ["supplier"])
    op.create_table(
        "supplier_marks",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "task_id", name="pk_supplier_marks"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_supplier_marks_task_id"),
    )
    op.create_index("ix_supplier_marks_task_id", "supplier_marks", ["task_id"])
