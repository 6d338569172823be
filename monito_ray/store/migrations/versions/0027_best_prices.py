"""The products of the search in order of price, and its words no longer by length: they are looked through, not looked up."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0026 to 0027."""
    columns = ["currency", "base_unit", "base_price", "price", "product_id"]
    op.create_index("ix_search_entries_best", "search_entries", columns)
    op.drop_index("ix_search_words_length", "search_words")
