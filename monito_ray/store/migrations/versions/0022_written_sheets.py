"""What was written into each sheet of a spreadsheet last, and who corrected a row."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0021 to 0022."""
    op.create_table(
        "written_sheets",
        sa.Column("spreadsheet_id", sa.String(200), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("versions", sa.LargeBinary(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("spreadsheet_id", "title", name="pk_written_sheets"),
    )
    op.add_column("corrections", sa.Column("user_id", sa.BigInteger(), nullable=False, server_default="0"))
