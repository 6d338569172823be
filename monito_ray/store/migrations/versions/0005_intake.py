"""A key for equal files, and the number of rows of a list."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0004 to 0005."""
    op.add_column("tasks", sa.Column("same_key", sa.String(length=64), server_default="", nullable=False))
    op.add_column("tasks", sa.Column("rows", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_tasks_same_key", "tasks", ["same_key"])
    op.create_index("ix_tasks_user_id_created_at", "tasks", ["user_id", "created_at"])
