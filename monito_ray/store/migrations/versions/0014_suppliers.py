"""Suppliers have names under which their lists come, and lists."""

import sqlalchemy as sa
from alembic import op

from monito_ray.store.schema import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go from 0013 to 0014: each supplier of the catalogue has its own name, and the lists that its offers and prices came from."""
    op.create_table(
        "supplier_names",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_supplier_names"),
    )
    op.create_index("ix_supplier_names_supplier", "supplier_names", ["supplier"])
    op.create_table(
        "supplier_lists",
        sa.Column("task_id", sa.String(16), nullable=False),
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("list_date", sa.Date()),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "supplier", name="pk_supplier_lists"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_supplier_lists_task_id"),
    )
    op.execute(
        "INSERT INTO supplier_names (name, supplier, added_at) "
        "SELECT substr(supplier, 1, 200), substr(supplier, 1, 200), min(first_seen) FROM offers WHERE supplier <> '' GROUP BY 1, 2"
    )
    op.execute(
        "INSERT INTO supplier_lists (task_id, supplier, list_date, written_at) "
        "SELECT task_id, supplier, max(list_date), max(at) FROM ("
        "SELECT task_id, substr(supplier, 1, 200) AS supplier, list_date, last_seen AS at FROM offers WHERE supplier <> '' UNION ALL "
        "SELECT p.task_id, substr(o.supplier, 1, 200), p.list_date, p.seen_at FROM price_history p JOIN offers o ON o.id = p.offer_id "
        "WHERE o.supplier <> '') AS seen GROUP BY task_id, supplier"
    )
