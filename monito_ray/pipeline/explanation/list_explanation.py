"""Why a list is read as it is: its tables or lines, sheet by sheet, and why a row is no offer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from monito_ray.errors import NoPricesFound
from monito_ray.isolation.limits import list_budget
from monito_ray.isolation.process_limits import allow_at_least
from monito_ray.pipeline.explanation.column_explanation import ExplainedColumn, columns_without_table
from monito_ray.pipeline.explanation.lines_explanation import ExplainedText, explain_text
from monito_ray.pipeline.explanation.page_explanation import ExplainedPage, explain_pages
from monito_ray.pipeline.explanation.table_explanation import ExplainedTable, explain_table
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.pipeline.rows.certainty.unread_cells import UnreadAmount
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.records import DUPLICATE, Reason

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
class ExplainedSheet:
    """A sheet and its tables, or its lines where it was read as running text."""

    name: str
    rows: int
    tables: tuple[ExplainedTable, ...]
    #: Where there is no table: the columns of the sheet, and why they make none.
    columns: tuple[ExplainedColumn, ...] = ()
    text: ExplainedText | None = None


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
    #: Of a list that is pictures.
    pages: tuple[ExplainedPage, ...] = ()


def explain(data: bytes, file_name: str, hints: Hints) -> Explanation:
    """Return why the list is read as it is.

    Raises:
        FileUnusable: the file cannot be opened.
    """
    sheets_read = price_list.select_sheets(open_sheets(data, file_name), file_name, hints.sheets)
    reads = price_list.read_sheet_tables(sheets_read, hints)
    with_tables = {read.sheet.name for read in reads if read.tables}
    sheets = tuple(_explain_sheet(read, with_tables) for read in reads)
    try:
        made = price_list.assemble(reads, file_name, hints)
    except NoPricesFound as error:
        return Explanation(file_name, hints.supplier, hints.currency, None, "", 0, 0, sheets, (), (), str(error))
    allow_at_least(list_budget(made.rows.num_rows))
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
        pages=explain_pages(reads, good),
    )


def _reason_text(reason: str, repeats: str) -> str:
    return f"repeats {repeats}" if reason == DUPLICATE else _REASON_TEXTS[Reason(reason)]


def _explain_sheet(read: SheetTables, with_tables: Collection[str]) -> ExplainedSheet:
    """Explain a sheet; `with_tables` are the names of those that have tables."""
    if read.lines and not read.tables:
        text = explain_text(read, is_beside_tables=read.sheet.name in with_tables)
        return ExplainedSheet(read.sheet.name, len(read.sheet.rows), (), text=text)
    tables = tuple(explain_table(read.sheet, table) for table in read.tables)
    columns = () if tables else tuple(columns_without_table(read.sheet))
    return ExplainedSheet(read.sheet.name, len(read.sheet.rows), tables, columns)
