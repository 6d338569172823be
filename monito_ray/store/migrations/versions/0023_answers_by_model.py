"""What each LLM said of pairs of offers, and under which key an open pair was asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0022 to 0023."""
    with op.batch_alter_table("pair_answers") as table:
        table.drop_constraint("pk_pair_answers", type_="primary")
        table.create_primary_key("pk_pair_answers", ["key", "model"])
    op.add_column("open_pairs", sa.Column("answer_key", sa.String(32), nullable=True))
    op.create_index("ix_open_pairs_answer_key", "open_pairs", ["answer_key"])
