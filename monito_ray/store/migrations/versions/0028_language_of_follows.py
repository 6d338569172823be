"""In which language people of the bot asked for what they follow."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0027 to 0028."""
    op.add_column("chat_follows", sa.Column("language", sa.String(8), nullable=False, server_default=""))
