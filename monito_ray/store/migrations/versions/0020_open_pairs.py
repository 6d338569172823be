"""Offers are found by their words, and pairs that may be one product are kept. Offers of before are found once their suppliers' lists come again."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0019 to 0020."""
    op.create_table(
        "offer_words",
        sa.Column("key", sa.String(16), nullable=False),
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_offer_words_offer_id"),
        sa.PrimaryKeyConstraint("key", "offer_id", name="pk_offer_words"),
    )
    op.create_index("ix_offer_words_offer_id", "offer_words", ["offer_id"])
    op.create_table(
        "open_pairs",
        sa.Column("offer_id", sa.String(16), nullable=False),
        sa.Column("other_id", sa.String(16), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offers.id"], name="fk_open_pairs_offer_id"),
        sa.ForeignKeyConstraint(["other_id"], ["offers.id"], name="fk_open_pairs_other_id"),
        sa.PrimaryKeyConstraint("offer_id", "other_id", name="pk_open_pairs"),
    )
    for name in ("other_id", "chance"):
        op.create_index(f"ix_open_pairs_{name}", "open_pairs", [name])
