"""Offers have the section that they stand under."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0014 to 0015; offers of earlier lists say nothing of their section."""
    op.add_column("offers", sa.Column("section", sa.Text(), nullable=False, server_default=""))
