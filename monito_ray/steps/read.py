"""file_processing: turn the staged bytes into raw rows."""

from dataclasses import replace
from functools import partial

from monito_ray.jobs.artifacts import RAW
from monito_ray.pipeline import short_list
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.short_list import ListRead
from monito_ray.steps import fetch
from monito_ray.steps.context import Attempt
from monito_ray.steps.llm_calls import settle_columns


def read_list(attempt: Attempt) -> None:
    """Leave the artifact `raw`, and the facts of the list as a whole beside it.

    Raises:
        FileUnusable: the file is no price list that can be read.
        TelegramUnavailable: it is in a chat and cannot be fetched just now.
        Stopped: nothing was written.
        StoreUnavailable, ClusterUnavailable: while the LLM was asked about its columns.
    """
    options = attempt.task.options
    hints = price_list.Hints(
        supplier=str(options.get("supplier") or ""),
        currency=str(options.get("currency") or ""),
        fallback_currency=attempt.services.settings.currency,
    )
    data = fetch.fetch_content(attempt)
    begun = _read_elsewhere(attempt, data, hints)
    if begun.read.doubtful and (choices := settle_columns(attempt, begun.read.supplier, begun.read.doubtful)):
        begun = _read_elsewhere(attempt, data, replace(hints, layouts=choices))
    price_list_read = begun.read
    facts = {
        "supplier": price_list_read.supplier,
        "currency": price_list_read.currency,
        "list_date": price_list_read.list_date and price_list_read.list_date.isoformat(),
        "tax_note": price_list_read.tax_note,
        "notes": list(price_list_read.notes),
    }
    attempt.check_stop()
    attempt.services.files.write_list_facts(attempt.task.id, facts)
    attempt.keep(RAW, price_list_read.rows)
    if begun.judged is not None:
        attempt.cache.begun.append(begun)


def _read_elsewhere(attempt: Attempt, data: bytes, hints: price_list.Hints) -> ListRead:
    ahead = partial(short_list.read_and_standardize, lenient=attempt.task.is_lenient)
    return attempt.services.workers.read_file(data, attempt.task.file_name, short_list.read_only, hints, ahead=ahead)
