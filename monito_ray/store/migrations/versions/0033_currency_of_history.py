"""The prices of the history have their currencies, and offers of one supplier in two are made again from its lists."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

#: "" where the offer is no longer there.
_OF_OFFER = "COALESCE((SELECT offers.currency FROM offers WHERE offers.id = price_history.offer_id), '')"
#: An article that changed its currency was two offers: of suppliers with two currencies the features are those of no version, so that
#: all of their offers are made again; see `lists.replay.replay_outdated`.
_TWO_CURRENCIES = "SELECT supplier FROM offers WHERE NOT is_gone AND currency <> '' GROUP BY supplier HAVING count(DISTINCT currency) > 1"


def upgrade() -> None:
    """Go from 0032 to 0033; an offer had one currency for all of its prices."""
    connection = op.get_bind()
    if any(column["name"] == "currency" for column in sa.inspect(connection).get_columns("price_history")):
        return
    op.add_column("price_history", sa.Column("currency", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE price_history SET currency = {_OF_OFFER}")  # noqa: S608  names of the schema
    op.execute(f"UPDATE offers SET features = '' WHERE supplier IN ({_TWO_CURRENCIES})")  # noqa: S608  names of the schema
