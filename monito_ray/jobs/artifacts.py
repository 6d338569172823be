"""Artifacts: uploads by their content hash, and the tables that the stages of each task leave. A file is written whole or not at all."""

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

from monito_ray.errors import ArtifactGone, SettingsInvalid, StoreUnavailable
from monito_ray.pipeline import versions
from monito_ray.store.private_files import make_folder, open_new

# Names of the tables that the stages write.
#: Rows as read from the file.
RAW = "raw"
#: Rows that passed validation.
GOOD = "good"
#: Rows that did not pass, and duplicates.
REJECTS = "rejects"
#: The result of the rules for each good row.
BY_RULES = "by_rules"
#: Rows written into the catalogue.
PRODUCTS = "products"
#: Standardized rows of a task without a file.
STANDARDS = "standards"
#: The JSON with the facts about a list as a whole: supplier, date, currency.
LIST = "list"
#: Key of the Parquet metadata that holds the version of the rules that made the table.
_MADE_BY = b"monito_ray"
_URL_REMEDY = "Give a path or a URL that fsspec knows; s3:// needs `pip install s3fs`, gs:// `pip install gcsfs`."
#: Length of the part of a content hash that named a folder in earlier versions.
_OLD_FOLDER_LENGTH = 2


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An upload, or all artifacts of one task."""

    #: The content hash of the upload, or the id of the task.
    name: str
    #: The file of the upload, or the folder of the task.
    path: str
    size_bytes: int
    #: The latest change of any of its files.
    changed_at: datetime


class Artifacts:
    """Uploads and artifacts under a root folder.

    Args:
        url: the root: a local path, or any fsspec URL.
        max_upload_mb: the largest upload; callers check it before they stage one.

    Raises:
        SettingsInvalid: no file system can be used at `url`.
    """

    def __init__(self, url: str, max_upload_mb: float = 20.0) -> None:
        try:
            self._files, self._root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise SettingsInvalid(f"wrong setting: MONITO_FILES_URL={url!r}: {error}", _URL_REMEDY) from None
        self.max_upload_mb = max_upload_mb

    def stage_upload(self, data: bytes) -> str:
        """Store an upload and return its content hash; the same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._upload_path(digest)
        if not self._files.exists(path):
            self._write(path, data)
        return digest

    def read_upload(self, digest: str) -> bytes:
        """Return the bytes of an upload.

        Raises:
            ArtifactGone: the retention has removed it.
        """
        return self._bytes(self._existing_upload_path(digest))

    def write_table(self, task_id: str, name: str, table: pa.Table) -> None:
        """Write a task's table `name`; an earlier one is replaced."""
        sink = pa.BufferOutputStream()
        made_by = {**(table.schema.metadata or {}), _MADE_BY: versions.PIPELINE.encode()}
        # Most lists are short and read again at once. Snappy without dictionaries takes a third of the time of zstd with them, and a
        # sixth more bytes.
        pq.write_table(table.replace_schema_metadata(made_by), sink, compression="snappy", use_dictionary=False, write_statistics=False)
        self._write(self._path(task_id, f"{name}.parquet"), sink.getvalue().to_pybytes())

    def read_table(self, task_id: str, name: str) -> pa.Table:
        """Return a task's table `name`.

        Raises:
            ArtifactGone: the retention has removed it, or it was never written.
        """
        file = pq.ParquetFile(pa.BufferReader(self._bytes(self._path(task_id, f"{name}.parquet"))))
        return file.read(use_threads=False)  # threads double the time of short lists

    def has_table(self, task_id: str, name: str) -> bool:
        """Whether a task's table `name` exists and was made by this version of the rules."""
        path = self._path(task_id, f"{name}.parquet")
        if not self._files.exists(path):
            return False
        with self._files.open(path, "rb") as file:
            return (pq.read_metadata(file).metadata or {}).get(_MADE_BY) == versions.PIPELINE.encode()

    def table_location(self, task_id: str, name: str) -> str:
        """Return the path or URL of a task's table `name`, for people and other programs."""
        return str(self._files.unstrip_protocol(self._path(task_id, f"{name}.parquet")).removeprefix("file://"))

    def row_count(self, task_id: str, name: str) -> int:
        """Return the number of rows of a task's table `name` from its footer."""
        with self._files.open(self._path(task_id, f"{name}.parquet"), "rb") as file:
            return int(pq.read_metadata(file).num_rows)

    def files_of_task(self, task_id: str, digest: str) -> Iterator[tuple[str, bytes]]:
        """Yield the upload of a task, if `digest` names one, and its artifacts: path below the root, and bytes."""
        paths = [self._existing_upload_path(digest)] if digest else []
        folder = f"{self._root}/tasks/{task_id}"
        if self._files.exists(folder):
            paths += [path for path in self._files.ls(folder, detail=False) if not path.endswith(".part")]
        for path in paths:
            with suppress(FileNotFoundError):  # the retention may have removed it meanwhile
                yield str(path).partition(f"{self._root.lstrip('/')}/")[2], bytes(self._files.cat_file(path))

    def all_items(self) -> list[StoredItem]:
        """Return every upload, and the artifacts of each task as one item."""
        entries_by_path: dict[str, list[dict[str, Any]]] = defaultdict(list)
        uploads, tasks = f"{self._root}/uploads", f"{self._root}/tasks"
        for path, entry in self._files.find(uploads, detail=True).items():
            entries_by_path[str(path)].append(entry)
        for path, entry in self._files.find(tasks, detail=True).items():
            task_folder = "/".join(str(path).split("/")[: tasks.count("/") + 2])
            entries_by_path[task_folder].append(entry)
        return [
            StoredItem(path.rpartition("/")[2], path, sum(entry["size"] for entry in entries), max(map(_changed_at, entries)))
            for path, entries in entries_by_path.items()
        ]

    def remove(self, item: StoredItem) -> None:
        """Remove an item; harmless when it is gone already.

        Raises:
            StoreUnavailable: it cannot be removed.
        """
        try:
            self._files.rm(item.path, recursive=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreUnavailable(f"{item.path} cannot be removed: {error.strerror or error}") from error

    def probe(self) -> None:
        """Write, read back and delete a few bytes.

        Raises:
            StoreUnavailable: one of the three does not work.
        """
        path, written = f"{self._root}/probe-{secrets.token_hex(4)}", b"monito"
        try:
            self._write(path, written)
            read_back = self._files.cat_file(path)
            self._files.rm_file(path)
        except OSError as error:
            raise StoreUnavailable(f"{self._root} cannot be used: {error.strerror or error}") from error
        if read_back != written:
            raise StoreUnavailable(f"{self._root} does not give back what was written")

    def write_list_facts(self, task_id: str, facts: dict[str, Any]) -> None:
        """Write what a list says about itself as a whole: supplier, date, currency, doubts."""
        self._write(self._path(task_id, f"{LIST}.json"), json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def read_list_facts(self, task_id: str) -> dict[str, Any]:
        """Return what a list says about itself, see `write_list_facts`.

        Raises:
            ArtifactGone: the retention has removed it.
        """
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

    def _existing_upload_path(self, digest: str) -> str:
        """Return the path of an upload. Earlier versions had folders for the first two digits, and their tasks may still wait."""
        path, old_path = self._upload_path(digest), f"{self._root}/uploads/{digest[:_OLD_FOLDER_LENGTH]}/{digest}"
        return path if self._files.exists(path) or not self._files.exists(old_path) else old_path

    def _write(self, path: str, data: bytes) -> None:
        try:
            if isinstance(self._files, LocalFileSystem):
                _write_local(Path(path), data)
            else:
                self._files.pipe_file(path, data)  # object stores show an object only when it is complete
        except OSError as error:
            raise StoreUnavailable(
                f"{path} cannot be written: {error.strerror or error}", "See that MONITO_HOME is writable and has room."
            ) from error


def _changed_at(entry: dict[str, Any]) -> datetime:
    """Return the time of a file's last change. Local files give it in seconds, object stores as a time under different names."""
    at = entry.get("mtime") or entry.get("LastModified") or entry.get("updated") or entry.get("last_modified") or 0.0
    return at if isinstance(at, datetime) else datetime.fromtimestamp(float(at), UTC)


def _write_local(path: Path, data: bytes) -> None:
    """Write, sync, rename, sync the folder: after this returns, the file survives a power cut. Only its owner can read it."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open_new(part) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
