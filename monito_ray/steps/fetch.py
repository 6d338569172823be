"""Fetch the bytes of a task's file, which is staged already, or still in the chat that it was sent to; or of a list that was written there."""

from monito_ray.errors import ArtifactGone, FileEmpty, TelegramMisconfigured
from monito_ray.jobs import queue
from monito_ray.pipeline.files import archive
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
