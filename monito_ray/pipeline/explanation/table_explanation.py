"""Why a table is read as it is: its rows, its columns, and how near others come."""

from collections.abc import Iterator
from dataclasses import dataclass

from monito_ray.pipeline.cells import Sheet, column_letters
from monito_ray.pipeline.explanation.column_explanation import ExplainedColumn, explain_column
from monito_ray.pipeline.rows.certainty.runner_up import runners_up
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.price_columns import (
    PriceChoice,
    choose_prices,
    compare_candidates,
)
from monito_ray.pipeline.tables.roles import DOUBT, choose_names


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """A table by the rows that a person sees, its header rows among them."""

    first_row: int
    last_row: int
    header_rows: tuple[int, ...]
    columns: tuple[ExplainedColumn, ...]
    #: What else the columns may hold, "" where that is clear.
    doubt: str = ""
    #: For each doubt how near the columns are to each other, and from which lead on there is none.
    leads: tuple[str, ...] = ()
    #: The columns that come next as prices and names, and what decided against them.
    runners_up: tuple[str, ...] = ()


def explain_table(sheet: Sheet, table: LocatedTable) -> ExplainedTable:
    """Return the rows of a table, why its columns are taken for what they are, and what decided against others."""
    header = table.header
    header_rows = tuple(sheet.row_number(row) for row in range(header.top, header.bottom + 1)) if header else ()
    candidates = compare_candidates(table.titles, table.profiles, table.roles.name)
    names = choose_names(table.titles, table.profiles)
    choice = choose_prices(table.titles, table.profiles, table.roles.name)
    columns = tuple(
        explain_column(table, column, names, candidates, choice)
        for column, title in enumerate(table.titles)
        if title.text or table.profiles[column].count
    )
    first, last = sheet.row_number(table.first), sheet.row_number(table.last)
    return ExplainedTable(
        first, last, header_rows, columns, table.doubt, tuple(_leads(table, choice)), tuple(one.sentence for one in runners_up(table))
    )


def _leads(table: LocatedTable, choice: PriceChoice) -> Iterator[str]:
    """Say how near the columns in doubt are to each other."""
    roles = table.roles
    names = choose_names(table.titles, table.profiles)
    if roles.rival_price is not None and choice.columns[0] == roles.prices[0]:
        yield _lead(table, "prices", roles.prices[0], roles.rival_price, choice.lead, DOUBT.price)
    if roles.rival_name in names and roles.name in names:
        yield _lead(table, "names", roles.name, roles.rival_name, names[roles.name].points - names[roles.rival_name].points, DOUBT.name)


def _lead(table: LocatedTable, what: str, chosen: int, rival: int, lead: float, margin: float) -> str:
    letters = [column_letters(table.left + column) for column in (chosen, rival)]
    return f"as {what} {letters[0]} leads {letters[1]} by {lead:.2f} points, in doubt below {margin}"
