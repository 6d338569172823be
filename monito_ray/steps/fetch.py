"""Fetch the bytes of a task's file, which is staged already, or still in the chat that it was sent to; or of a list that was written there."""

from typing import Any

from monito_ray.errors import ArtifactGone, FileEmpty, TelegramMisconfigured
from monito_ray.jobs import queue
from monito_ray.jobs.intake.dedup import find_reading
from monito_ray.pipeline.files import archive
from monito_ray.records import READ_AT, SAME_AS, LlmUse
from monito_ray.steps.context import Attempt

#: Whatever kind of picture a page is, by which it is known for one.
_PAGE_SUFFIX = ".jpg"


def fetch_content(attempt: Attempt) -> bytes:
    """Return the file's bytes. A file in a chat is downloaded and staged by its content, once; the pictures of an album as an archive.

    Raises:
        TelegramFileGone, FileTooLarge, FileEmpty, ArtifactGone: the message names the file.
        TelegramUnavailable: the download may work later.
        TelegramMisconfigured: no bot is set that could fetch the file.
    """
    services, task = attempt.services, attempt.task
    if task.file_hash:
        try:
            return services.files.read_upload(task.file_hash)
        except ArtifactGone as error:
            raise ArtifactGone(f"{task.file_name}: {error}") from None
    options = queue.load(services.store, task.id).options  # lines and pages may have come until the task was claimed
    if "text" in options:
        return _staged(attempt, str(options["text"]).encode())
    pages = [_download(attempt, file_id) for _, file_id in options.get("pages", ())]
    if len(pages) > 1:
        named = {f"{number:02}{_PAGE_SUFFIX}": page for number, page in enumerate(pages, start=1)}
        return _staged(attempt, archive.repack_parts(named).getvalue())
    return _staged(attempt, pages[0] if pages else _download(attempt, str(options.get("telegram_file_id", ""))))


def find_result_before(attempt: Attempt) -> dict[str, Any] | None:
    """Return the result of the list that a file of a chat repeats byte for byte, marked with its task; None where it repeats none.

    What other programs and the command line hand in is known for a repeat when it is submitted.
    """
    services, task = attempt.services, attempt.task
    if "telegram_file_id" not in task.options:
        return None
    current = queue.load(services.store, task.id)
    before = find_reading(services.store, current, current.file_hash, services.clock())
    if before is None or before.result is None or before.finished_at is None:
        return None
    origin = {SAME_AS: before.id, READ_AT: before.finished_at.isoformat()} | {
        name: before.result[name] for name in (SAME_AS, READ_AT) if name in before.result
    }
    return before.result | {"questions": [], "llm": LlmUse().as_result()} | origin


def _download(attempt: Attempt, file_id: str) -> bytes:
    services, task = attempt.services, attempt.task
    if services.telegram is None:
        raise TelegramMisconfigured(f"{task.file_name}: it is in Telegram, and TELEGRAM_BOT_TOKEN is not set")
    data = services.telegram.download(file_id, task.file_name, services.files.max_upload_mb)
    if not data:
        raise FileEmpty(f"{task.file_name}: the file is empty")
    return data


def _staged(attempt: Attempt, data: bytes) -> bytes:
    queue.set_file_hash(attempt.services.store, attempt.task.id, attempt.services.files.stage_upload(data))
    return data
