"""Claim numbers, deaths of owners, and start times of driver processes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0003 to 0004."""
    op.add_column("tasks", sa.Column("deaths", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tasks", sa.Column("fence", sa.Integer(), server_default="0", nullable=False))
    op.add_column("heartbeats", sa.Column("process_started", sa.Float(), server_default="0", nullable=False))
