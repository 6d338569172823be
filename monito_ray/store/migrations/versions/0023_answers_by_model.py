"""What each LLM said of pairs of offers, and under which key an open pair was asked about."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0022 to 0023."""
    # Copied, not altered: SQLite cannot change a primary key, and a renamed table would keep another spelling of its name.
    op.execute("CREATE TABLE pair_answers_before AS SELECT * FROM pair_answers")
    op.drop_table("pair_answers")
    op.create_table(
        "pair_answers",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("same", sa.String(8), nullable=False),
        sa.Column("telling", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", "model", name="pk_pair_answers"),
    )
    columns = "key, model, same, telling, created_at"
    op.execute(f"INSERT INTO pair_answers ({columns}) SELECT {columns} FROM pair_answers_before")  # noqa: S608  names of ours
    op.drop_table("pair_answers_before")
    op.add_column("open_pairs", sa.Column("answer_key", sa.String(32), nullable=True))
    op.create_index("ix_open_pairs_answer_key", "open_pairs", ["answer_key"])
