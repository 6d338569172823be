"""Messages of tasks in chats, the offset of each bot, and its users."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0001 to 0002."""
    op.create_table(
        "bot_offsets",
        sa.Column("bot", sa.String(length=64), nullable=False),
        sa.Column("next_update_id", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("bot", name="pk_bot_offsets"),
    )
    op.create_table(
        "chat_users",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_chat_users"),
    )
    op.create_table(
        "chat_messages",
        sa.Column("task_id", sa.String(length=16), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("last_text_hash", sa.String(length=64), nullable=False),
        sa.Column("closing_state", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_chat_messages_task_id"),
        sa.PrimaryKeyConstraint("task_id", name="pk_chat_messages"),
    )
    op.create_index("ix_chat_messages_chat_id_message_id", "chat_messages", ["chat_id", "message_id"])
    op.create_index("ix_chat_messages_closing_state", "chat_messages", ["closing_state"])
