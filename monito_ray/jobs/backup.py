"""Backup: the database as it is at one moment, and the files of tasks that have not ended. Everything else can be made again.

The archive is laid out like `MONITO_HOME`: to restore it, unpack it into an empty folder.
"""

import io
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import select

from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import Artifacts
from monito_ray.store import dumps
from monito_ray.store.database import Store
from monito_ray.store.schema import tasks


def write_archive(store: Store, files: Artifacts, path: Path) -> int:
    """Write the archive to `path`, and return the number of open tasks in it.

    Drivers may work meanwhile. The database is copied before the files, so a task's files may be ahead of its row but never behind.

    Raises:
        StoreUnavailable: the database cannot be copied.
        OSError: the archive cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="monito-") as folder, tarfile.open(path, "w:gz") as archive:
        database = dumps.copy_database(store, Path(folder))
        archive.add(database, database.name)
        with store.read() as connection:
            open_tasks = connection.execute(select(tasks.c.id, tasks.c.file_hash).where(queue.IS_OPEN)).all()
        for task_id, digest in open_tasks:
            for name, data in files.files_of_task(task_id, digest):
                _add(archive, f"files/{name}", data)
    return len(open_tasks)


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(data))
