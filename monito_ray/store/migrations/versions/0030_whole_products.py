"""Which products are all that their offers can be joined to."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0029 to 0030; databases were made with the column and called 0029."""
    if any(column["name"] == "is_whole" for column in sa.inspect(op.get_bind()).get_columns("products")):
        return
    op.add_column("products", sa.Column("is_whole", sa.Boolean(), nullable=False, server_default=sa.false()))
