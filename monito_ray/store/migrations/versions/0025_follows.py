"""What people of the bot follow."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0024 to 0025."""
    op.create_table(
        "chat_follows",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("is_daily", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind", "value", name="pk_chat_follows"),
    )
