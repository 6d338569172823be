"""On which machine a driver runs, since names of hosts are not unique, and the nodes of its cluster."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0028 to 0029."""
    op.add_column("heartbeats", sa.Column("machine", sa.String(32), nullable=False, server_default=""))
    op.add_column("heartbeats", sa.Column("nodes", sa.Text, nullable=False, server_default=""))
