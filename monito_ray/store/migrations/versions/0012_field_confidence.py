"""Offers say how sure each of their fields is."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0011 to 0012."""
    op.add_column("offers", sa.Column("field_confidence", sa.Text(), server_default="", nullable=False))
