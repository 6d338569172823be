"""Why a list is read as it is: the tables on each sheet, what each column is taken for and why, and why a row is no offer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from monito_ray.errors import NoPricesFound
from monito_ray.pipeline.cells import Sheet, column_letters
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.certainty.runner_up import runners_up
from monito_ray.pipeline.rows.certainty.unread_cells import UnreadAmount
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.pipeline.tables.column_relations import RELATIONS, factors_of, move_together
from monito_ray.pipeline.tables.locate import LocatedTable
from monito_ray.pipeline.tables.name_evidence import NAME, name_score
from monito_ray.pipeline.tables.price_columns import (
    PRICE_COLUMNS,
    PriceCandidates,
    PriceChoice,
    choose_prices,
    compare_candidates,
    floor_for,
)
from monito_ray.pipeline.tables.price_evidence import price_score
from monito_ray.pipeline.tables.profiles import ColumnProfile, profile_columns
from monito_ray.pipeline.tables.role_evidence import ROLE, SINGLE_ROLES, role_score
from monito_ray.pipeline.tables.roles import DOUBT, Roles, choose_names
from monito_ray.pipeline.tables.scores import Score
from monito_ray.pipeline.tables.titles import NO_TITLE
from monito_ray.records import DUPLICATE, Reason

#: More than that share of a column's cells is worth saying.
_MOSTLY = 0.5
#: What columns of prices are weighed for against each other.
MAIN_PRICE = "main price"
_ROLE_TEXTS = {
    "price": MAIN_PRICE,
    "prices": "other price, kept as a tier",
    "more_name": "more of the name",
    "variants": "tells apart rows of one name",
    "number": "running number",
    "min_quantity": "least order",
    "rival_name": "may be the name, too",
    "rival_price": "may be the price, too",
}
_REASON_TEXTS = {
    Reason.NO_PRICE: "no price in any price column",
    Reason.NO_NAME: "no name beside the price",
    Reason.PRICE_NOT_POSITIVE: "the price is zero or below",
    Reason.PRICE_ON_REQUEST: "the price is on request",
    Reason.PRICE_UNREADABLE: "the price cell is no amount",
    Reason.SECTION_TITLE: "a title over the rows below it",
    Reason.TOTAL_LINE: "a total",
    Reason.NOTE: "a remark, no goods",
    Reason.ROW_DEADLY: "the reader crashes on this row",
}


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """What speaks for a role of a column, or against it where `points` are below 0."""

    label: str
    points: float


@dataclass(frozen=True, slots=True)
class ExplainedScore:
    """How much speaks for a role of a column."""

    role: str
    points: float
    #: The least points that a column of that role has in this table.
    floor: float
    #: What was weighed, in the order in which it was added up; what gave no points is left out.
    terms: tuple[ExplainedTerm, ...]


@dataclass(frozen=True, slots=True)
class ExplainedColumn:
    """A column of a table, or of a sheet without one."""

    letter: str
    title: str
    #: What the column is taken for, "" for nothing.
    role: str
    #: What speaks for it, in words.
    evidence: tuple[str, ...]
    #: What was weighed; roles that the column cannot have are left out.
    scores: tuple[ExplainedScore, ...] = ()


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


@dataclass(frozen=True, slots=True)
class ExplainedSheet:
    """A sheet and its tables."""

    name: str
    rows: int
    tables: tuple[ExplainedTable, ...]
    #: Where there is no table: the columns of the sheet, and why they make none.
    columns: tuple[ExplainedColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedReject:
    """A row that is no offer, its reason as in `RejectedRow`, and that reason in words."""

    sheet: str
    row: int
    name: str
    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one list is read as it is."""

    file_name: str
    supplier: str
    currency: str
    list_date: date | None
    tax_note: str
    rows_found: int
    rows_written: int
    sheets: tuple[ExplainedSheet, ...]
    notes: tuple[str, ...]
    rejected: tuple[ExplainedReject, ...]
    #: Why nothing can be read, "" where something can.
    failure: str = ""
    #: What may be misread, the amounts that were not read (the first of them, and how many there are), and the share of rows that is
    #: probably right.
    doubts: tuple[str, ...] = ()
    unread_amounts: tuple[UnreadAmount, ...] = ()
    unread_count: int = 0
    predicted_share: float = 0.0


def explain(data: bytes, file_name: str, hints: Hints) -> Explanation:
    """Return why the list is read as it is.

    Raises:
        FileUnusable: the file cannot be opened.
    """
    sheets_read = price_list.select_sheets(open_sheets(data, file_name), file_name, hints.sheets)
    reads = price_list.read_sheet_tables(sheets_read, hints)
    sheets = tuple(map(_explain_sheet, reads))
    try:
        made = price_list.assemble(reads, file_name, hints)
    except NoPricesFound as error:
        return Explanation(file_name, hints.supplier, hints.currency, None, "", 0, 0, sheets, (), (), str(error))
    good, rejects = validation.partition(validation.validate(made.rows))
    rejected = tuple(
        ExplainedReject(
            row["source_sheet"], row["source_row"], row["original_name"], row["reason"], _reason_text(row["reason"], row["repeats"])
        )
        for row in rejects.to_pylist()
    )
    head = made.supplier, made.currency, made.list_date, made.tax_note
    certainty = made.certainty
    return Explanation(
        file_name,
        *head,
        made.rows.num_rows,
        good.num_rows,
        sheets,
        made.notes,
        rejected,
        doubts=certainty.doubts,
        unread_amounts=certainty.unread.cells,
        unread_count=certainty.unread.count,
        predicted_share=certainty.prediction.share,
    )


def _reason_text(reason: str, repeats: str) -> str:
    return f"repeats {repeats}" if reason == DUPLICATE else _REASON_TEXTS[Reason(reason)]


def _explain_sheet(read: SheetTables) -> ExplainedSheet:
    tables = tuple(_explain_table(read.sheet, table) for table in read.tables)
    columns = () if tables else tuple(_columns_without_table(read.sheet))
    return ExplainedSheet(read.sheet.name, len(read.sheet.rows), tables, columns)


def _explain_table(sheet: Sheet, table: LocatedTable) -> ExplainedTable:
    header = table.header
    header_rows = tuple(sheet.row_number(row) for row in range(header.top, header.bottom + 1)) if header else ()
    candidates = compare_candidates(table.titles, table.profiles, table.roles.name)
    names = choose_names(table.titles, table.profiles)
    choice = choose_prices(table.titles, table.profiles, table.roles.name)
    columns = tuple(
        ExplainedColumn(
            letter=column_letters(table.left + column),
            title=title.text,
            role=_role_text(table.roles, column),
            evidence=tuple(_evidence(table, column)),
            scores=tuple(_scores(table, names, candidates, choice, column)),
        )
        for column, title in enumerate(table.titles)
        if title.text or table.profiles[column].count
    )
    first, last = sheet.row_number(table.first), sheet.row_number(table.last)
    return ExplainedTable(
        first, last, header_rows, columns, table.doubt, tuple(_leads(table, choice)), tuple(one.sentence for one in runners_up(table))
    )


def _columns_without_table(sheet: Sheet) -> Iterator[ExplainedColumn]:
    """Explain the columns of a sheet without a table: how near they come to names and prices."""
    for column, p in enumerate(profile_columns(sheet.rows, len(sheet.rows[0]) if sheet.rows else 0)):
        if not p.count:
            continue
        scores = (
            ("price", price_score(NO_TITLE, p), PRICE_COLUMNS.untitled_floor),
            ("name", name_score(NO_TITLE, p), NAME.floor),
        )
        evidence = (*_cells_evidence(p), *(_nearness(*score) for score in scores))
        yield ExplainedColumn(column_letters(column), "", "", evidence, tuple(_possible_scores(scores)))


def _nearness(role: str, score: Score, floor: float) -> str:
    return f"as a {role} {score.points:.1f} (wanted {floor})" if score.is_possible else f"no {role} at all"


def _possible_scores(scores: Iterable[tuple[str, Score, float]]) -> Iterator[ExplainedScore]:
    """Explain scores with their roles and floors, less those of roles that the column cannot have."""
    for role, score, floor in scores:
        if score.is_possible:
            terms = tuple(ExplainedTerm(*term) for term in score.terms if term.points)
            yield ExplainedScore(role, score.points, floor, terms)


def _scores(
    table: LocatedTable, names: Mapping[int, Score], candidates: PriceCandidates, choice: PriceChoice, column: int
) -> Iterator[ExplainedScore]:
    """Explain how likely a column is the name, a price, and what else it is taken for."""
    title, p = table.titles[column], table.profiles[column]
    scores = [("name", names.get(column) or name_score(title, p), NAME.floor)]
    if column in candidates.scores:
        scores.append(("price", candidates.scores[column], floor_for(title, table.titles)))
    if column in choice.scores:
        scores.append((MAIN_PRICE, choice.scores[column], choice.scores[choice.columns[0]].points))
    scores += [(role, role_score(role, title, p), ROLE.floor) for role in SINGLE_ROLES if getattr(table.roles, role) == column]
    return _possible_scores(scores)


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


def _role_text(roles: Roles, column: int) -> str:
    if column == roles.prices[0]:
        return _ROLE_TEXTS["price"]
    for field in fields(roles):
        columns = getattr(roles, field.name)
        if column == columns or (isinstance(columns, tuple) and column in columns):
            return _ROLE_TEXTS.get(field.name, field.name)
    return ""


def _evidence(table: LocatedTable, column: int) -> Iterator[str]:
    """Say what speaks for a column's role: its title, its cells, the columns that move together with it."""
    title, profiles = table.titles[column], table.profiles
    if title.role:
        yield f"the title says {title.role} ({title.strength:.2f})"
    elif title.text:
        yield "the title says nothing known"
    yield from _cells_evidence(profiles[column])
    if len(profiles) > RELATIONS.most_columns:
        return  # comparing each with each would take minutes
    together = [
        column_letters(table.left + other)
        for other in range(len(profiles))
        if other != column and move_together(profiles[other], profiles[column])
    ]
    if together:
        yield f"moves together with {', '.join(together)}"
    if factors := factors_of(column, profiles):
        yield f"is {' times '.join(column_letters(table.left + factor) for factor in factors)}"


def _cells_evidence(p: ColumnProfile) -> Iterator[str]:
    """Say what the cells look like, the telling things alone."""
    shares = {
        "amounts": p.money,
        "words": p.words,
        "units": p.units,
        "sizes": p.sizes,
        "codes": p.codes,
        "percentages": p.percent,
        "dates": p.dated,
    }
    for kind, share in shares.items():
        if share > _MOSTLY:
            yield f"{share:.0%} {kind}"
    if p.running:
        yield "counts up evenly"
    elif p.money > _MOSTLY and p.numbers:
        yield f"{p.distinct_numbers} different amounts, the middle one {p.median:,.10g}"
    if p.currency:
        yield f"marked {p.currency}"
    if p.count and p.filled < 1:
        yield f"{p.filled:.0%} filled"
