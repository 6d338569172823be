"""Offers have a doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0007 to 0008."""
    op.add_column("offers", sa.Column("doubt", sa.Text(), server_default="", nullable=False))
