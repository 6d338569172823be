"""What lies beside the database: staged files by their content, and each task's rows between the stages, all written whole or not at all."""

import hashlib
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from monito_ray.errors import ArtifactGone, StoreUnavailable
from monito_ray.pipeline import versions

RAW = "raw"
GOOD = "good"
REJECTS = "rejects"
PRODUCTS = "products"
STANDARDS = "standards"
LIST = "list"
_MADE_BY = b"monito_ray"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An upload (named by its content hash) or a task's artifacts (by its id), with their whole size and latest change."""

    name: str
    path: str
    size_bytes: int
    changed_at: datetime


class Artifacts:
    """Files under a folder: a local path, or any fsspec URL. `max_upload_mb` is the largest upload it takes."""

    def __init__(self, url: str, max_upload_mb: float = 20.0) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)
        self.max_upload_mb = max_upload_mb

    def stage_upload(self, data: bytes) -> str:
        """Keep an upload and return its content hash; the same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._upload_path(digest)
        if not self._files.exists(path):
            self._write(path, data)
        return digest

    def read_upload(self, digest: str) -> bytes:
        """The bytes of an upload.

        Raises:
            ArtifactGone: it is kept no more.
        """
        return self._bytes(self._upload_found(digest))

    def write_table(self, task_id: str, name: str, table: pa.Table) -> None:
        """Put a task's table `name` in place."""
        sink = pa.BufferOutputStream()
        made_by = {**(table.schema.metadata or {}), _MADE_BY: versions.PIPELINE.encode()}
        # Most lists are short and read again at once: a third of the time that zstd and dictionaries take, for a sixth more bytes.
        pq.write_table(table.replace_schema_metadata(made_by), sink, compression="snappy", use_dictionary=False, write_statistics=False)
        self._write(self._path(task_id, f"{name}.parquet"), sink.getvalue().to_pybytes())

    def read_table(self, task_id: str, name: str) -> pa.Table:
        """A task's table `name`.

        Raises:
            ArtifactGone: it is kept no more.
        """
        file = pq.ParquetFile(pa.BufferReader(self._bytes(self._path(task_id, f"{name}.parquet"))))
        return file.read(use_threads=False)  # half the time that short lists take otherwise

    def has_table(self, task_id: str, name: str) -> bool:
        """Whether a task's table `name` is in place, made by this version of the program's rules."""
        path = self._path(task_id, f"{name}.parquet")
        if not self._files.exists(path):
            return False
        with self._files.open(path, "rb") as file:
            return (pq.read_metadata(file).metadata or {}).get(_MADE_BY) == versions.PIPELINE.encode()

    def table_location(self, task_id: str, name: str) -> str:
        """Where a task's table `name` lies, for people and other programs."""
        return str(self._files.unstrip_protocol(self._path(task_id, f"{name}.parquet")).removeprefix("file://"))

    def row_count(self, task_id: str, name: str) -> int:
        """How many rows a task's table `name` has."""
        with self._files.open(self._path(task_id, f"{name}.parquet"), "rb") as file:
            return int(pq.read_metadata(file).num_rows)

    def files_of_task(self, task_id: str, digest: str) -> Iterator[tuple[str, bytes]]:
        """All that is kept of a task: its upload and what its stages left, each with its path below the folder."""
        paths = [self._upload_found(digest)] if digest else []
        folder = f"{self._root}/tasks/{task_id}"
        if self._files.exists(folder):
            paths += [path for path in self._files.ls(folder, detail=False) if not path.endswith(".part")]
        for path in paths:
            with suppress(FileNotFoundError):  # the retention may have come between
                yield str(path).partition(f"{self._root.lstrip('/')}/")[2], bytes(self._files.cat_file(path))

    def all_items(self) -> list[StoredItem]:
        """All uploads, and the artifacts of each task together."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        uploads, tasks = f"{self._root}/uploads", f"{self._root}/tasks"
        for path, entry in self._files.find(uploads, detail=True).items():
            found[str(path)].append(entry)
        for path, entry in self._files.find(tasks, detail=True).items():
            found["/".join(str(path).split("/")[: tasks.count("/") + 2])].append(entry)
        return [
            StoredItem(path.rpartition("/")[2], path, sum(entry["size"] for entry in entries), max(map(_changed_at, entries)))
            for path, entries in found.items()
        ]

    def remove(self, kept: StoredItem) -> None:
        """Keep it no more."""
        try:
            self._files.rm(kept.path, recursive=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreUnavailable(f"{kept.path} cannot be removed: {error.strerror or error}") from error

    def probe(self) -> None:
        """Write, read back and delete a few bytes.

        Raises:
            StoreUnavailable: one of the three does not work.
        """
        path, said = f"{self._root}/probe-{secrets.token_hex(4)}", b"monito"
        try:
            self._write(path, said)
            found = self._files.cat_file(path)
            self._files.rm_file(path)
        except OSError as error:
            raise StoreUnavailable(f"{self._root} cannot be used: {error.strerror or error}") from error
        if found != said:
            raise StoreUnavailable(f"{self._root} does not give back what was written")

    def write_list_facts(self, task_id: str, facts: dict[str, Any]) -> None:
        """Put in place what a list says of itself as a whole."""
        self._write(self._path(task_id, f"{LIST}.json"), json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def read_list_facts(self, task_id: str) -> dict[str, Any]:
        """What the list says of itself as a whole."""
        facts: dict[str, Any] = json.loads(self._bytes(self._path(task_id, f"{LIST}.json")))
        return facts

    def _bytes(self, path: str) -> bytes:
        try:
            return bytes(self._files.cat_file(path))
        except FileNotFoundError:
            raise ArtifactGone(f"what was kept of it is gone: {path}") from None

    def _path(self, task_id: str, file_name: str) -> str:
        return f"{self._root}/tasks/{task_id}/{file_name}"

    def _upload_path(self, digest: str) -> str:
        return f"{self._root}/uploads/{digest}"

    def _upload_found(self, digest: str) -> str:
        """Where an upload lies; earlier versions had a folder for the first two digits, and homes of theirs have tasks that wait."""
        path, earlier = self._upload_path(digest), f"{self._root}/uploads/{digest[:2]}/{digest}"
        return path if self._files.exists(path) or not self._files.exists(earlier) else earlier

    def _write(self, path: str, data: bytes) -> None:
        try:
            if isinstance(self._files, LocalFileSystem):
                _write_local(Path(path), data)
            else:
                self._files.pipe_file(path, data)  # object stores show an object when it is complete, and not before
        except OSError as error:
            raise StoreUnavailable(
                f"{path} cannot be written: {error.strerror or error}", "See that MONITO_HOME is writable and has room."
            ) from error


def _changed_at(entry: dict[str, Any]) -> datetime:
    """When a file was changed: local files say so in seconds, object stores in a time."""
    at = entry.get("mtime") or entry.get("LastModified") or entry.get("updated") or entry.get("last_modified") or 0.0
    return at if isinstance(at, datetime) else datetime.fromtimestamp(float(at), UTC)


def _write_local(path: Path, data: bytes) -> None:
    """Write, sync, rename, sync the folder: after this returns, a power cut takes nothing back."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with made.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
