"""file_processing: turn the staged bytes into raw rows; for a short list also into standardized rows, in the same task."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from monito_ray.catalog import confirmed_brands
from monito_ray.catalog.suppliers.supplier_memory import preview_supplier
from monito_ray.errors import FileDamaged, FileTooCostly, FileUnusable
from monito_ray.jobs.artifacts import BY_RULES, RAW
from monito_ray.jobs.llm import column_choices
from monito_ray.pipeline import short_list
from monito_ray.pipeline.cells import column_letters
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.pdf.pages import PageContent
from monito_ray.pipeline.pictures.page_plan import PagesLeft, PagesRead, read_some_pages, read_with_pages
from monito_ray.pipeline.rows.chosen_columns import parse_columns, sheet_names
from monito_ray.pipeline.rows.price_list import Hints, PriceList
from monito_ray.pipeline.short_list import ListRead
from monito_ray.pipeline.tables.layouts import ColumnChoice, DoubtfulTable
from monito_ray.steps import fetch
from monito_ray.steps.context import Attempt
from monito_ray.steps.list_supplier import SIGNS, signs_of, stated_supplier
from monito_ray.steps.llm_calls import settle_columns
from monito_ray.steps.validate import keep_validated
from monito_ray.store.schema import PERSON

#: Why a page of a list with others is not read.
_PAGE_COSTS, _PAGE_CRASHES = "reading it takes more memory or time than a page needs", "it makes its reader crash"


def read_list(attempt: Attempt) -> dict[str, Any] | None:
    """Write the artifact `raw` and the facts of the list as a whole; for a short list also `rejects`, `good` and `by_rules`.

    Return the result of an earlier task that has read the same file of the chat for the same person, None where there is none.

    Raises:
        FileUnusable: the file is no price list that can be read.
        TelegramUnavailable: the file is in a chat and cannot be fetched just now.
        Stopped: while the LLM was asked, or before all artifacts were written.
        StoreUnavailable, ClusterUnavailable: while the LLM was asked about its columns.
    """
    options = attempt.task.options
    hints = Hints(
        supplier=stated_supplier(attempt),
        currency=str(options.get("currency") or ""),
        fallback_currency=attempt.services.settings.currency,
        columns=parse_columns(options["columns"]) if options.get("columns") else {},
        sheets=sheet_names(options.get("sheet")),
    )
    data = fetch.fetch_content(attempt)
    if before := fetch.find_result_before(attempt):
        return before
    pages: dict[int, PageContent | FileUnusable] = {}
    read = _read_elsewhere(attempt, data, hints, pages)
    signs = signs_of(attempt, read.price_list, hints.supplier)
    supplier = preview_supplier(attempt.services.store, signs).supplier
    by_person, by_llm = _choices(attempt, read.price_list, supplier)
    doubts = _doubts_about(by_llm, read.price_list.doubtful)
    if by_person or by_llm:
        read = _read_elsewhere(attempt, data, replace(hints, layouts={**by_person, **by_llm}), pages)
    if supplier != read.price_list.supplier:
        read = read.under_supplier(supplier)
    attempt.check_stop()
    long_lists = attempt.services.long_lists
    if long_lists is not None and read.ahead is None:
        long_lists.start_ahead()  # the next stages need it, and it takes a second to start
    attempt.services.files.write_list_facts(attempt.task.id, {**_facts(read.price_list, doubts), SIGNS: signs.as_json()})
    attempt.services.files.write_strips(attempt.task.id, read.price_list.strips)
    attempt.keep(RAW, read.price_list.rows)
    if read.ahead is not None:
        keep_validated(attempt, read.ahead.good, read.ahead.rejects)
        attempt.keep(BY_RULES, read.ahead.by_rules)
    return None


def _choices(attempt: Attempt, price_list: PriceList, supplier: str) -> tuple[Mapping[str, ColumnChoice], Mapping[str, ColumnChoice]]:
    """Return the columns by which the list has to be read again, those of a person and those of the LLM.

    What a person chose for this list is kept for the supplier's next one.

    Raises:
        Stopped: while the LLM was asked.
    """
    services = attempt.services
    if price_list.chosen:
        column_choices.save_choices(services.store, supplier, price_list.chosen, PERSON, services.clock())
        return {}, {}
    by_person = column_choices.find_choices(services.store, supplier, price_list.layouts, PERSON)
    doubtful = [table for table in price_list.doubtful if table.key not in by_person]
    return by_person, settle_columns(attempt, supplier, doubtful) if doubtful else {}


def _doubts_about(by_llm: Mapping[str, ColumnChoice], doubtful: Sequence[DoubtfulTable]) -> list[str]:
    """Return a sentence for each table whose columns the LLM told: its guess is no more than that until a person confirms it."""
    chosen = ((table, by_llm[table.key]) for table in doubtful if table.key in by_llm)
    sentences = (
        f"Sheet {table.sheet}: columns told by the LLM: {column_letters(table.left + choice.prices[0])} is the price, "
        f"{column_letters(table.left + choice.name)} the name"
        for table, choice in chosen
    )
    return list(dict.fromkeys(sentences))


def _read_elsewhere(attempt: Attempt, data: bytes, hints: Hints, pages: dict[int, PageContent | FileUnusable]) -> ListRead:
    """Return the list, read in another process; pictures of its pages besides the first are read side by side, by as many as there are cores.

    `pages` are those that were read before; those that are read are added.
    """
    catalogue = confirmed_brands.find_brands(attempt.services.store)
    ahead = partial(short_list.read_and_standardize, catalogue=catalogue, lenient=attempt.task.is_lenient)
    while True:
        try:
            return attempt.services.workers.read_file(
                data,
                attempt.task.file_name,
                partial(read_with_pages, short_list.read_only, pages),
                hints,
                ahead=partial(read_with_pages, ahead, pages),
                check_stop=attempt.check_stop,
                user=attempt.task.user_id,
            )
        except PagesLeft as left:
            pages |= left.read
            groups = [left.numbers[start :: attempt.services.workers.cores()] for start in range(attempt.services.workers.cores())]
            with ThreadPoolExecutor(len(groups), "pages") as threads:
                for read in threads.map(partial(_read_pages, attempt, data), filter(None, groups)):
                    pages |= read


def _read_pages(attempt: Attempt, data: bytes, numbers: Sequence[int]) -> PagesRead:
    """Return what these pages show, read in one process; where that is lost, in one each, so that a page costs the others nothing."""
    read = partial(read_some_pages, open_sheets, numbers)
    try:
        return attempt.services.workers.read_file(
            data, attempt.task.file_name, read, check_stop=attempt.check_stop, user=attempt.task.user_id
        )
    except FileUnusable as error:
        if len(numbers) > 1:
            return {n: _read_pages(attempt, data, [n])[n] for n in numbers}
        costs = isinstance(error, FileTooCostly)
        return {numbers[0]: FileTooCostly(_PAGE_COSTS) if costs else FileDamaged(_PAGE_CRASHES)}


def _facts(price_list: PriceList, doubts: Sequence[str]) -> dict[str, object]:
    of_list = price_list.certainty.as_result()
    return {
        "supplier": price_list.supplier,
        "currency": price_list.currency,
        "is_currency_guess": price_list.is_currency_guess,
        "list_date": price_list.list_date and price_list.list_date.isoformat(),
        "tax_note": price_list.tax_note,
        "notes": list(price_list.notes),
        **of_list,
        "doubts": [*doubts, *of_list["doubts"]],
    }
