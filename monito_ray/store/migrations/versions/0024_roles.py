"""What each person of the bot may do, and how they call themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0023 to 0024."""
    op.add_column("chat_users", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("chat_users", sa.Column("role", sa.String(16), nullable=False, server_default=""))
