"""The bytes of a task's file: staged already, or fetched from the chat that it was sent in."""

from monito_ray.errors import ArtifactGone, FileEmpty, FileTooLarge, TelegramMisconfigured
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.settings import BYTES_PER_MB
from monito_ray.steps.context import World


def fetch_content(task: Task, world: World) -> bytes:
    """The file's bytes; one from a chat is downloaded and staged by its content, once.

    Raises:
        TelegramFileGone, FileTooLarge, FileEmpty, ArtifactGone: naming the file.
        TelegramUnavailable: it may work later.
        TelegramMisconfigured: no bot is set that could fetch it.
    """
    if task.file_hash:
        try:
            return world.files.read_upload(task.file_hash)
        except ArtifactGone as error:
            raise ArtifactGone(f"{task.file_name}: {error}") from None
    if world.telegram is None:
        raise TelegramMisconfigured(f"{task.file_name}: it is in Telegram, and TELEGRAM_BOT_TOKEN is not set")
    data = world.telegram.download(str(task.options.get("telegram_file_id", "")), task.file_name)
    if not data:
        raise FileEmpty(f"{task.file_name}: the file is empty")
    if len(data) > world.files.max_upload_mb * BYTES_PER_MB:
        raise FileTooLarge(f"{task.file_name}: {len(data) / BYTES_PER_MB:.1f} MB, the limit is {world.files.max_upload_mb:g} MB")
    queue.set_file_hash(world.store, task.id, world.files.stage_upload(data))
    return data
