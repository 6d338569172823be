"""Consistent copies of a database in use."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from monito_ray.errors import StoreUnavailable
from monito_ray.store.database import Store


def copy_database(store: Store, folder: Path) -> Path:
    """Copy the database into `folder`, and return the path of the copy: a SQLite file, or an archive of pg_dump.

    Raises:
        StoreUnavailable: the database cannot be copied, or pg_dump is not installed.
    """
    url = store.url
    if url.get_backend_name() == "sqlite":
        return _copy_sqlite(str(url.database), folder / "monito.db")
    return _dump(url.set(drivername="postgresql").render_as_string(hide_password=False), folder / "monito.dump")


def _copy_sqlite(source: str, target: Path) -> Path:
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database {source} cannot be copied: {error}") from error
    return target


def _dump(url: str, target: Path) -> Path:
    if shutil.which("pg_dump") is None:
        raise StoreUnavailable("PostgreSQL cannot be copied: there is no pg_dump here", "Install PostgreSQL's client programs.")
    completed = subprocess.run(["pg_dump", "--format=custom", f"--file={target}", url], capture_output=True, text=True, check=False)
    if completed.returncode:
        raise StoreUnavailable(
            f"pg_dump failed: {completed.stderr.strip().splitlines()[-1] if completed.stderr.strip() else completed.returncode}"
        )
    return target
