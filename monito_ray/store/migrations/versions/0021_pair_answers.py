"""What an LLM said of pairs of offers."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0020 to 0021."""
    op.create_table(
        "pair_answers",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("same", sa.String(8), nullable=False),
        sa.Column("telling", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pair_answers"),
    )
