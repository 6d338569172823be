"""The ledger of LLM requests; sums of ended tasks stay in their results."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0005 to 0006."""
    op.create_table(
        "llm_requests",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("task_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("driver", sa.String(length=64), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("completion_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cost_usd", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_llm_requests_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_llm_requests"),
    )
    op.create_index("ix_llm_requests_at", "llm_requests", ["at"])
    op.create_index("ix_llm_requests_task_id", "llm_requests", ["task_id"])
    op.drop_table("llm_use")
