"""Columns, a table and an event get the names that the program uses for them; no value changes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_RENAMED_TASK_COLUMNS = (("deaths", "owner_deaths"), ("fence", "claim_number"), ("same_key", "dedup_key"))


def upgrade() -> None:
    """Go from 0010 to 0011."""
    # SQLite cannot rename an index, so it is dropped and made again under its new name.
    op.drop_index("ix_tasks_same_key", "tasks")
    for old, new in _RENAMED_TASK_COLUMNS:
        op.execute(f"ALTER TABLE tasks RENAME COLUMN {old} TO {new}")
    op.create_index("ix_tasks_dedup_key", "tasks", ["dedup_key"])
    op.execute("UPDATE task_events SET name = 'llm.skipped' WHERE name = 'llm.unset'")
    _move_layouts_to_column_choices()


def _move_layouts_to_column_choices() -> None:
    # Copied, not renamed: a renamed table would keep the old name of its primary key.
    op.create_table(
        "column_choices",
        sa.Column("supplier", sa.String(200), nullable=False),
        sa.Column("layout_key", sa.String(64), nullable=False),
        sa.Column("choice", sa.JSON(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("supplier", "layout_key", name="pk_column_choices"),
    )
    op.execute(
        "INSERT INTO column_choices (supplier, layout_key, choice, model, created_at)"
        " SELECT supplier, key, told, model, created_at FROM layouts"
    )
    op.drop_table("layouts")
