"""Long lists are written to the catalogue in slices."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0006 to 0007."""
    op.add_column("catalog_writes", sa.Column("slices_left", sa.Integer(), server_default="0", nullable=False))
