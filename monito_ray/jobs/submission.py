"""Taking a file in: checked, kept, committed as a task. Nothing is processed here."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from monito_ray.errors import FileEmpty, FileMissing, FileTooLarge, FileUnusable
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.jobs.task import Task
from monito_ray.store.database import Store, new_id

_MB = 1024 * 1024


def submit_file(store: Store, files: Artifacts, path: Path | str, user_id: int, options: Mapping[str, Any] | None, now: datetime) -> str:
    """Return the id of a committed task for the file at `path`; from then on a kill of anything loses neither task nor file.

    `options` as in `Monito.submit_file_processing`; they are kept as they are.

    Raises:
        FileMissing, FileEmpty, FileTooLarge, FileUnusable: naming file and cause; nothing is kept.
        StoreUnavailable: the task could not be committed.
    """
    path = Path(path)
    data = content(path, files.max_upload_mb)
    task = Task(
        id=new_id(),
        created_at=now,
        updated_at=now,
        not_before=now,
        user_id=user_id,
        file_name=path.name,
        file_hash=files.stage(data),
        options=dict(options or {}),
        program_version=_version(),
    )
    queue.submit(store, task)
    return task.id


def content(path: Path, max_mb: float) -> bytes:
    """The bytes of the file.

    Raises:
        FileMissing, FileEmpty, FileTooLarge, FileUnusable: naming file and cause.
    """
    try:
        if path.is_dir():
            raise FileUnusable(f"{path}: this is a folder", "Name the file inside it.")
        size = path.stat().st_size
        if size > max_mb * _MB:
            raise FileTooLarge(f"{path.name}: {size / _MB:.1f} MB, the limit is {max_mb:g} MB")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FileMissing(f"{path}: there is no such file") from None
    except OSError as error:
        raise FileUnusable(f"{path}: it cannot be read: {error.strerror}", "Check the permissions of the file.") from error
    if not data:
        raise FileEmpty(f"{path.name}: the file is empty")
    return data


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  loads half of the email package

    return version("monito-ray")
