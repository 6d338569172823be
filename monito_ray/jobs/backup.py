"""A copy of everything that cannot be made anew: the database as it is at one moment, and the files of tasks that have not ended.

The archive is laid out as a home, so unpacking it into an empty folder is restoring it.
"""

import io
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import select

from monito_ray.jobs.artifacts import Artifacts
from monito_ray.records import Status
from monito_ray.store import dumps
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks

_OPEN = (Status.PENDING.value, Status.RUNNING.value, Status.RETRY.value)


def write(store: Store, files: Artifacts, path: Path) -> int:
    """Write the archive at `path`, which is not there in the end when this raises; the number of tasks in it that have not ended.

    Work goes on meanwhile. The database is copied first: what a task leaves after that only brings it further than the copy knows.

    Raises:
        StoreUnavailable: the database cannot be copied.
        OSError: the archive cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="monito-") as folder, tarfile.open(path, "w:gz") as archive:
        copied = dumps.copy(store, Path(folder))
        archive.add(copied, copied.name)
        with store.read() as connection:
            waiting = connection.execute(select(tasks.c.id, tasks.c.file_hash).where(tasks.c.status.in_(_OPEN))).all()
        for task_id, digest in waiting:
            for name, data in files.files_of_task(task_id, digest):
                _add(archive, f"files/{name}", data)
    return len(waiting)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(data))
