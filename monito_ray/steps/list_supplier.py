"""Whose list it is: seen when it is read, settled when it is written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monito_ray import frames
from monito_ray.catalog.suppliers import supplier_memory
from monito_ray.catalog.suppliers.supplier_signs import SupplierSigns, signs_from_json
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.pipeline.rows.price_list import PriceList
from monito_ray.records import ProductRow
from monito_ray.steps.context import Attempt

#: The list's signs among its facts.
SIGNS = "signs"
#: As the store takes it.
_LONGEST_SENDER = 32


def stated_supplier(attempt: Attempt) -> str:
    """Return the supplier that a person named with the list, "" for none: what stands under a file in a chat may be talk."""
    options = attempt.task.options
    return "" if "telegram_file_id" in options else " ".join(str(options.get("supplier") or "").split())


def signs_of(attempt: Attempt, price_list: PriceList, stated: str) -> SupplierSigns:
    """Return what a list shows of its supplier."""
    task = attempt.task
    marks = price_list.marks
    return SupplierSigns(
        task.file_name,
        stated,
        marks.name,
        # Who wrote a forwarded list tells more than who passed it on.
        str(task.options.get("forwarded_from") or task.user_id)[:_LONGEST_SENDER],
        price_list.layouts,
        marks.marks,
        marks.heads,
        price_list.sketch,
        caption=str(task.options.get("supplier") or "") if "telegram_file_id" in task.options else "",
    )


def settle_rows(attempt: Attempt) -> list[ProductRow]:
    """Return the written rows under the supplier whose they are, which is decided here for good; the artifact follows.

    Lists that are read at the same time do not see each other; here they do.
    """
    rows = attempt.records(PRODUCTS, ProductRow)
    services, task = attempt.services, attempt.task
    facts = services.files.read_list_facts(task.id)
    if SIGNS not in facts:  # read by an older version
        return rows
    signs = signs_from_json(facts[SIGNS])
    settled = supplier_memory.settle_supplier(services.store, task.id, signs, services.clock(), attempt.confirm_lease)
    if any(row.supplier != settled.supplier for row in rows):
        rows = [replace(row, supplier=settled.supplier) for row in rows]
        attempt.keep(PRODUCTS, frames.to_table(rows, ProductRow))
    return rows


def supplier_facts(attempt: Attempt, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the result says of the supplier: who it is, what showed it, and the question where that is not sure."""
    settled = supplier_memory.settled_supplier(attempt.services.store, attempt.task.id)
    questions = list(facts.get("questions", ()))
    if settled is None:
        return {"supplier": facts["supplier"], "supplier_how": "", "questions": questions}
    question = settled.question()
    return {"supplier": settled.supplier, "supplier_how": settled.how, "questions": [*([question] if question else []), *questions]}
