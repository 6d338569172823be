"""notifications: summarize a task, and check that its numbers add up."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from monito_ray.catalog.lists import stored_lists, writing
from monito_ray.catalog.prices.change_log import changes_of_list
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.prices.suspected_prices import suspected_prices
from monito_ray.catalog.settled_prices import count_doubts_left
from monito_ray.errors import RowsLost
from monito_ray.events import LlmSkipped
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS, RAW, REJECTS
from monito_ray.jobs.llm import ledger
from monito_ray.pipeline.products.build import quality_score
from monito_ray.records import DUPLICATE, ProductRow
from monito_ray.steps.alarms import largest_changes
from monito_ray.steps.background.workbook_drawing import workbook_path
from monito_ray.steps.context import Attempt
from monito_ray.steps.list_supplier import supplier_facts

#: A file that stands under two suppliers is looked for among those that were read within this time: no index has their bytes.
_SAME_FILE_WITHIN = timedelta(days=30)
#: The facts of a list on how sure it is read.
_CERTAINTY = ("unread_amounts", "unread_count", "predicted_share", "questions")


def summarize(attempt: Attempt) -> dict[str, Any]:
    """Return the task's `result` without the times of its stages. Everything in it comes from artifacts and database.

    Raises:
        RowsLost: the rows written, rejected and duplicate are not as many as the rows found.
    """
    services, task = attempt.services, attempt.task
    facts = services.files.read_list_facts(task.id)
    rows = attempt.records(PRODUCTS, ProductRow)
    reasons = Counter(attempt.table(REJECTS).column("reason").to_pylist())
    changes = writing.written_changes(services.store, task.id)
    use = ledger.use_of_task(services.store, task.id)
    rows_found, duplicate = attempt.row_count(RAW), reasons.pop(DUPLICATE, 0)
    if changes is None or rows_found != len(rows) + reasons.total() + duplicate:
        counts = f"{rows_found} rows found, {len(rows)} written, {reasons.total()} rejected, {duplicate} duplicate"
        raise RowsLost(f"{task.file_name}: the rows do not add up: {counts}")
    whose = supplier_facts(attempt, facts)
    suspected = suspected_prices(services.store, str(whose["supplier"]), task.id)
    return {
        "rows_found": rows_found,
        "rows_written": len(rows),
        "rows_rejected": reasons.total(),
        "rows_duplicate": duplicate,
        "rejected": dict(sorted(reasons.items())),
        "products_new": changes.products_new,
        "prices_changed": changes.prices_changed,
        "currency": facts["currency"],
        "rows_without_currency": sum(not row.currency for row in rows),
        "list_date": facts["list_date"],
        "doubts": [*facts.get("doubts", []), *_guessed_currency(attempt, facts, str(whose["supplier"]))],
        **{name: facts[name] for name in _CERTAINTY if name in facts},
        **whose,
        "largest_changes": largest_changes(services.store, str(whose["supplier"]), task.id),
        **_another_list(attempt, str(whose["supplier"])),
        **_same_file(attempt),
        "notes": [*facts.get("notes", []), *_why_left_to_rules(attempt)],
        "quality_score": quality_score(rows),
        "review_count": count_doubts_left(services.store, task.id, rows) + suspected.otherwise_clear,
        **suspected.as_result(),
        "llm": use.as_result(),
        "outputs": [str(workbook_path(services.settings)), *([services.settings.sheet_link] if services.spreadsheet is not None else [])],
    }


def _guessed_currency(attempt: Attempt, facts: Mapping[str, Any], supplier: str) -> list[str]:
    """Return that a currency which nothing says took the place of another; empty where it did not."""
    if not facts.get("is_currency_guess"):
        return []
    changed = changes_of_list(attempt.services.store, supplier, attempt.task.id, [ChangeKind.CURRENCY])
    before = next((change.currency_before for change in changed if change.currency == facts["currency"]), "")
    guess = f"The list: its currency is a guess, {facts['currency']}, and the supplier's last list was in {before}; send it again with its currency"
    return [guess] if before else []


def _another_list(attempt: Attempt, supplier: str) -> dict[str, Any]:
    """Return another list of the same supplier and day that holds beside this one, which a person may say it replaces; nothing for none."""
    store, task = attempt.services.store, attempt.task
    other_id = stored_lists.standing_list_of_day(store, task.id, supplier)
    if not other_id or other_id == task.options.get("again_of"):
        return {}
    (other,) = queue.load_all(store, [other_id])
    return {"another_list": {"task_id": other.id, "file": other.file_name}}


def _same_file(attempt: Attempt) -> dict[str, Any]:
    """Return the list of another supplier that was read from the same file, which so competes with itself; nothing for none."""
    services, task = attempt.services, attempt.task
    other = stored_lists.list_of_same_file(services.store, task.id, services.clock() - _SAME_FILE_WITHIN)
    if other is None or other.task_id == task.options.get("again_of"):
        return {}
    return {"same_file": {"task_id": other.task_id, "file": other.file_name, "supplier": other.supplier}}


def _why_left_to_rules(attempt: Attempt) -> list[str]:
    """Return the last reason why rows were left to the rules though the LLM should have settled them; empty if none were."""
    events = queue.events_of(attempt.services.store, attempt.task.id)
    reasons = [data["reason"] for _, name, data in events if name == LlmSkipped.name and data.get("rows_left")]
    return [str(reason) for reason in reasons[-1:]]
