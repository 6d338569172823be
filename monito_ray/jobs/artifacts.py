"""Artifacts: uploads by their content hash, and the tables that the stages of each task leave. A file is written whole or not at all."""

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from monito_ray.errors import ArtifactGone, FilesUnavailable
from monito_ray.jobs.file_root import FileRoot
from monito_ray.pipeline import versions

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
#: Parts of pictures that show prices in doubt, each with its sheet and row; only of lists that have any.
STRIPS = "strips"
#: The JSON with the facts about a list as a whole: supplier, date, currency.
LIST = "list"
#: Key of the Parquet metadata that holds the version of the rules that made the table.
_MADE_BY = b"monito_ray"
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

    Every call raises `FilesUnavailable` where the disk or the object store does not do it; the call may work later.

    Args:
        url: the root: a local path, or any fsspec URL.
        max_upload_mb: the largest upload; callers check it before they stage one.

    Raises:
        SettingsInvalid: no file system can be used at `url`.
    """

    def __init__(self, url: str, max_upload_mb: float = 20.0) -> None:
        self._files = FileRoot(url)
        self._root = self._files.path
        self.max_upload_mb = max_upload_mb

    def stage_upload(self, data: bytes) -> str:
        """Store an upload and return its content hash; the same bytes are stored once."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._upload_path(digest)
        if self._files.exists(path):
            self._files.make_durable(path)
        else:
            self._files.write(path, data)
        return digest

    def read_upload(self, digest: str) -> bytes:
        """Return the bytes of an upload.

        Raises:
            ArtifactGone: the retention has removed it.
        """
        return self._files.read(self._existing_upload_path(digest))

    def write_table(self, task_id: str, name: str, table: pa.Table) -> None:
        """Write a task's table `name`; an earlier one is replaced."""
        sink = pa.BufferOutputStream()
        made_by = {**(table.schema.metadata or {}), _MADE_BY: versions.PIPELINE.encode()}
        # Most lists are short and read again at once. Snappy without dictionaries takes a third of the time of zstd with them, and a
        # sixth more bytes.
        pq.write_table(table.replace_schema_metadata(made_by), sink, compression="snappy", use_dictionary=False, write_statistics=False)
        self._files.write(self._path(task_id, f"{name}.parquet"), sink.getvalue().to_pybytes())

    def read_table(self, task_id: str, name: str) -> pa.Table:
        """Return a task's table `name`.

        Raises:
            ArtifactGone: the retention has removed it, or it was never written.
        """
        file = pq.ParquetFile(pa.BufferReader(self._files.read(self._path(task_id, f"{name}.parquet"))))
        return file.read(use_threads=False)  # threads double the time of short lists

    def write_strips(self, task_id: str, strips: Mapping[tuple[str, int], bytes]) -> None:
        """Write the parts of a task's pictures that show prices in doubt, by sheet and row; nothing where there are none."""
        if strips:
            rows = [{"sheet": sheet, "row": row, "picture": picture} for (sheet, row), picture in strips.items()]
            self.write_table(task_id, STRIPS, pa.Table.from_pylist(rows))

    def read_strip(self, task_id: str, sheet: str, row: int) -> bytes:
        """Return the part of a picture that shows the price of this row, b"" where none is kept."""
        with suppress(ArtifactGone):
            table = self.read_table(task_id, STRIPS)
            fitting = table.filter((pc.field("sheet") == sheet) & (pc.field("row") == row))
            return bytes(fitting.column("picture")[0].as_py()) if fitting.num_rows else b""
        return b""

    def has_table(self, task_id: str, name: str) -> bool:
        """Whether a task's table `name` exists and was made by this version of the rules; one that does survives a power cut."""
        path = self._path(task_id, f"{name}.parquet")
        try:
            with self._files.opened(path) as file:
                if (pq.read_metadata(file).metadata or {}).get(_MADE_BY) != versions.PIPELINE.encode():
                    return False
            self._files.make_durable(path)
        except ArtifactGone:
            return False
        return True

    def table_location(self, task_id: str, name: str) -> str:
        """Return the path or URL of a task's table `name`, for people and other programs."""
        return self._files.location(self._path(task_id, f"{name}.parquet"))

    def row_count(self, task_id: str, name: str) -> int:
        """Return the number of rows of a task's table `name` from its footer.

        Raises:
            ArtifactGone: as `read_table`.
        """
        with self._files.opened(self._path(task_id, f"{name}.parquet")) as file:
            return int(pq.read_metadata(file).num_rows)

    def files_of_task(self, task_id: str, digest: str) -> Iterator[tuple[str, bytes]]:
        """Yield the upload of a task, if `digest` names one, and its artifacts: path below the root, and bytes."""
        paths = [self._existing_upload_path(digest)] if digest else []
        if task_id:
            paths += [path for path in self._files.children(f"{self._root}/tasks/{task_id}") if not path.endswith(".part")]
        for path in paths:
            with suppress(ArtifactGone):  # the retention may have removed it meanwhile
                yield path.partition(f"{self._root.lstrip('/')}/")[2], self._files.read(path)

    def all_items(self) -> list[StoredItem]:
        """Return every upload, and the artifacts of each task as one item."""
        entries_by_path: dict[str, list[dict[str, Any]]] = defaultdict(list)
        uploads, tasks = f"{self._root}/uploads", f"{self._root}/tasks"
        for path, entry in self._files.files_below(uploads).items():
            entries_by_path[path].append(entry)
        for path, entry in self._files.files_below(tasks).items():
            task_folder = "/".join(path.split("/")[: tasks.count("/") + 2])
            entries_by_path[task_folder].append(entry)
        return [
            StoredItem(path.rpartition("/")[2], path, sum(entry["size"] for entry in entries), max(map(_changed_at, entries)))
            for path, entries in entries_by_path.items()
        ]

    def remove(self, item: StoredItem) -> None:
        """Remove an item; harmless when it is gone already."""
        self._files.remove(item.path)

    def probe(self) -> None:
        """Write, read back and delete a few bytes.

        Raises:
            FilesUnavailable: one of the three does not work.
        """
        path, written = f"{self._root}/probe-{secrets.token_hex(4)}", b"monito"
        self._files.write(path, written)
        read_back = self._files.read(path)
        self._files.remove(path)
        if read_back != written:
            raise FilesUnavailable(f"{self._root} does not give back what was written")

    def write_list_facts(self, task_id: str, facts: dict[str, Any]) -> None:
        """Write what a list says about itself as a whole: supplier, date, currency, doubts."""
        self._files.write(self._path(task_id, f"{LIST}.json"), json.dumps(facts, ensure_ascii=False, indent=1).encode())

    def read_list_facts(self, task_id: str) -> dict[str, Any]:
        """Return what a list says about itself, see `write_list_facts`.

        Raises:
            ArtifactGone: the retention has removed it.
        """
        facts: dict[str, Any] = json.loads(self._files.read(self._path(task_id, f"{LIST}.json")))
        return facts

    def _path(self, task_id: str, file_name: str) -> str:
        return f"{self._root}/tasks/{task_id}/{file_name}"

    def _upload_path(self, digest: str) -> str:
        return f"{self._root}/uploads/{digest}"

    def _existing_upload_path(self, digest: str) -> str:
        """Return the path of an upload. Earlier versions had folders for the first two digits, and their tasks may still wait."""
        path, old_path = self._upload_path(digest), f"{self._root}/uploads/{digest[:_OLD_FOLDER_LENGTH]}/{digest}"
        return path if self._files.exists(path) or not self._files.exists(old_path) else old_path


def _changed_at(entry: dict[str, Any]) -> datetime:
    """Return the time of a file's last change. Local files give it in seconds, object stores as a time under different names."""
    at = entry.get("mtime") or entry.get("LastModified") or entry.get("updated") or entry.get("last_modified") or 0.0
    return at if isinstance(at, datetime) else datetime.fromtimestamp(float(at), UTC)
