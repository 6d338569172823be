"""Submission: check files, products and messages, stage them, and commit them as tasks. Nothing is processed here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from monito_ray import frames
from monito_ray.arguments.checked_values import read_id, read_path, read_text
from monito_ray.errors import ProductsUnusable, QuotaExceeded, UsageWrong
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import GOOD, Artifacts
from monito_ray.jobs.chat_messages import ChatMessage, insert_message
from monito_ray.jobs.chat_people import languages_of
from monito_ray.jobs.intake.dedup import UNLIMITED, AdmissionPolicy, Admitted, OverQuota, admit
from monito_ray.jobs.intake.options import FILE_OPTIONS, MESSAGE_OPTIONS, PRODUCTS_OPTIONS, read_options
from monito_ray.jobs.intake.products import read_products
from monito_ray.jobs.task import FILE, LLM, NOTIFICATION, STAGES_BY_KIND, Task
from monito_ray.records import RawRow
from monito_ray.store.database import Store, new_id
from monito_ray.store.source_files import read_source_file


def submit_file(
    store: Store,
    files: Artifacts,
    path: Path | str,
    user_id: int,
    options: Mapping[str, Any] | None,
    now: datetime,
    policy: AdmissionPolicy = UNLIMITED,
    language: str = "en",
) -> str:
    """Return the id of a committed task for the file at `path`, which may be an earlier task for the same file (see `dedup`).

    Once this has returned, no crash loses the task or the file. The end of the task, and the cleaned list, go to the chat
    `options["chat_id"]`, in the language that its person chose, else in `language`. `options` are `FILE_OPTIONS`, explained at
    `Monito.submit_file_processing`.

    Raises:
        FileMissing, FileEmpty, FileTooLarge, FileUnusable: the file cannot be submitted; nothing is stored.
        QuotaExceeded: the user has sent too many files within an hour; the remedy says when the next one will be admitted.
        UsageWrong: an option is unknown, or its value or the user's id is of the wrong kind; nothing is stored.
        StoreUnavailable: the task could not be committed.
    """
    checked, path = read_options(options, FILE_OPTIONS), read_path("path", path)
    user_id = read_id("user_id", user_id)
    data = read_source_file(path, files.max_upload_mb)
    task = _task(FILE, user_id, checked, now, file_name=path.name, file_hash=files.stage_upload(data))
    message = _message(store, task, language)
    with store.write() as connection:
        admission = admit(connection, task, task.file_hash, policy, now)
        if isinstance(admission, Admitted) and message is not None:
            insert_message(connection, message)
    if isinstance(admission, OverQuota):
        back = f"{admission.back_at.astimezone():%H:%M}"
        raise QuotaExceeded(
            f"{path.name}: user {user_id} has sent {policy.files_per_hour} files within an hour",
            f"Send it again at {back}, or raise MONITO_USER_FILES_PER_HOUR.",
        )
    return admission.task_id


def submit_products(
    store: Store, files: Artifacts, products: Sequence[Mapping[str, Any]], options: Mapping[str, Any] | None, now: datetime
) -> str:
    """Return the id of a committed task that standardizes `products` without a file and without touching the catalogue.

    Each product needs `original_name`; `brand`, `section`, `category`, `unit`, `size`, `pack`, `sku`, `supplier`, `currency` and
    `price` are optional. `options`: `PRODUCTS_OPTIONS`.

    Raises:
        ProductsUnusable: a product has no name, no readable price or no currency that there is, or there are no products; nothing is stored.
        UsageWrong: an option is unknown, or its value is of the wrong kind; nothing is stored.
        StoreUnavailable: the task could not be committed.
    """
    checked = read_options(options, PRODUCTS_OPTIONS)
    rows = read_products(products, checked.get("supplier", ""))
    if not rows:
        raise ProductsUnusable("there are no products to ask about")
    task = _task(LLM, checked.get("user_id", 0), checked, now, file_name=f"{len(rows)} products")
    files.write_table(task.id, GOOD, frames.to_table(rows, RawRow))
    queue.submit(store, task)
    return task.id


def submit_notification(store: Store, user_id: int, message: str, options: Mapping[str, Any] | None, now: datetime) -> str:
    """Return the id of a committed task that sends `message` to the chat `options["chat_id"]`, or else to `user_id`.

    Raises:
        UsageWrong: the message is empty or no text, an option is unknown, or its value or the user's id is of the wrong kind.
        StoreUnavailable: the task could not be committed.
    """
    checked, user_id = read_options(options, MESSAGE_OPTIONS), read_id("user_id", user_id)
    if not read_text("message", message).strip():
        raise UsageWrong("a message without text cannot be sent", "Give the text to send.")
    task = _task(NOTIFICATION, user_id, {"chat_id": user_id, **checked, "message": message}, now)
    queue.submit(store, task)
    return task.id


def _message(store: Store, task: Task, language: str) -> ChatMessage | None:
    """Return the message that will show a file's task in the chat of its options; None without a chat."""
    chat_id = task.options.get("chat_id")
    if chat_id is None:
        return None
    chosen = languages_of(store, [chat_id, task.user_id])
    return ChatMessage(task.id, chat_id, chosen.get(chat_id) or chosen.get(task.user_id) or language)


def _task(kind: str, user_id: int, options: dict[str, Any], now: datetime, **fields: Any) -> Task:
    return Task(
        id=new_id(),
        created_at=now,
        updated_at=now,
        not_before=now,
        kind=kind,
        stage=STAGES_BY_KIND[kind][0],
        user_id=user_id,
        options=options,
        priority=options.get("priority", 0),
        program_version=_version(),
        **fields,
    )


@cache
def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  loads half of the email package

    return version("monito-ray")
