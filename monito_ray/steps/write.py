"""sheets_writing: write products into the catalogue, ask about those that may be others', and have workbook and spreadsheet brought up to date."""

from monito_ray.catalog import confirmed_brands
from monito_ray.catalog.lists import writing
from monito_ray.catalog.questions.open_pairs import keep_open_pairs
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.records import ProductRow
from monito_ray.steps.background.rows_ahead import derive_ahead
from monito_ray.steps.context import Attempt, WriteRequest
from monito_ray.steps.list_supplier import settle_rows
from monito_ray.steps.llm_calls import ask_about_pairs


def write_offers(attempt: Attempt) -> None:
    """Write the task's products into the catalogue, and look up what they may be one product with.

    The catalogue is changed once, however often this runs.

    Raises:
        LeaseLost: the task belongs to another driver; nothing was written.
    """
    services = attempt.services
    derive = derive_ahead(services.row_batches)
    # The rows have no name here, since they are not to stay in memory during the write.
    writing.write_list(services.store, attempt.task.id, settle_rows(attempt), services.clock(), attempt.confirm_lease, derive)
    keep_open_pairs(services.store, attempt.task.id)
    confirmed_brands.confirm_brands(services.store, attempt.records(PRODUCTS, ProductRow), services.clock())


def publish_offers(attempt: Attempt) -> None:
    """Have the LLM say which offers are one product, then have the spreadsheet written; the workbook is drawn later.

    Raises:
        SheetsUnavailable, SheetsRefused: the list is in the catalogue, but not in the spreadsheet.
        Stopped: while the LLM was asked; the list is in the catalogue.
    """
    ask_about_pairs(attempt)
    services = attempt.services
    services.workbook.request()
    if services.spreadsheet is not None:
        services.spreadsheet.submit(WriteRequest(attempt.stop, attempt.lease))
