"""Consistent copies of a database in use."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

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
    return _dump(url, folder / "monito.dump")


def _copy_sqlite(source: str, target: Path) -> Path:
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database {source} cannot be copied: {error}") from error
    return target


def _dump(url: URL, target: Path) -> Path:
    """Call pg_dump with the password in its environment, which its user alone can read; all users see the words of a command."""
    if shutil.which("pg_dump") is None:
        raise StoreUnavailable("PostgreSQL cannot be copied: there is no pg_dump here", "Install PostgreSQL's client programs.")
    address = url.set(drivername="postgresql").difference_update_query(["password"])._replace(password=None)
    password = url.password or url.query.get("password")
    environment = {**os.environ, "PGPASSWORD": str(password)} if password else None
    command = ["pg_dump", "--format=custom", f"--file={target}", address.render_as_string()]
    completed = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if completed.returncode:
        raise StoreUnavailable(
            f"pg_dump failed: {completed.stderr.strip().splitlines()[-1] if completed.stderr.strip() else completed.returncode}"
        )
    return target
