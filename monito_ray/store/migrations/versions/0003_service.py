"""Priorities, paused queues, and a driver's workers and dashboard."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0002 to 0003."""
    op.add_column("tasks", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_tasks_kind_stage_status_updated_at", "tasks", ["kind", "stage", "status", "updated_at"])
    op.create_index("ix_tasks_status_started_at_finished_at", "tasks", ["status", "started_at", "finished_at"])
    op.add_column("heartbeats", sa.Column("workers", sa.Integer(), server_default="0", nullable=False))
    op.add_column("heartbeats", sa.Column("dashboard", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "paused_queues",
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name="pk_paused_queues"),
    )
