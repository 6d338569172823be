"""The folder or bucket that uploads and artifacts are kept in. A file is written whole or not at all, and every error is one of ours."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from monito_ray.errors import ArtifactGone, FilesUnavailable, SettingsInvalid
from monito_ray.store.private_files import make_folder, open_new

_URL_REMEDY = (
    "Give a path or a URL that fsspec knows; for s3:// install `pip install 'monito-ray[s3]'`, for gs:// `pip install 'monito-ray[gcs]'`."
)
_LOCAL_REMEDY = "See that MONITO_HOME, or the folder of MONITO_FILES_URL, is writable and has room."
_AWAY_REMEDY = (
    "See that the service of MONITO_FILES_URL runs and can be reached from this machine; lists that wait for it go on by themselves."
)
_NO_BUCKET_REMEDY = "Create the bucket, or correct MONITO_FILES_URL."
_RIGHTS_REMEDY = "See that the keys or the role of this machine are right, and may read, write, list and delete below MONITO_FILES_URL."
#: The libraries that speak to object stores: what they raise need be no `OSError` (a server that is away is none in botocore).
_OUTSIDE = frozenset("aiobotocore aiohttp botocore fsspec gcsfs google requests s3fs urllib3".split())
#: Codes of S3, and classes of its and Google's libraries, by what a person can do.
_REMEDIES: Mapping[str, str] = {
    "NoSuchBucket": _NO_BUCKET_REMEDY,
    **dict.fromkeys(
        (
            "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "403", "PermissionError", "NoCredentialsError",
            "PartialCredentialsError", "ProfileNotFound", "TokenRetrievalError", "DefaultCredentialsError", "RefreshError",
        ),
        _RIGHTS_REMEDY,
    ),
}  # fmt: skip


class FileRoot:
    """A root folder on a disk or in an object store.

    Every call raises `FilesUnavailable` where the disk or the store does not do it; the call may work later.

    Raises:
        SettingsInvalid: no file system can be used at `url`.
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)  # other drivers write there, too
        except (ImportError, ValueError) as error:
            raise SettingsInvalid(f"wrong setting: MONITO_FILES_URL={url!r}: {error}", _URL_REMEDY) from None
        self.path = str(root)
        self._is_local = isinstance(self._files, LocalFileSystem)

    def exists(self, path: str) -> bool:
        """Return whether there is a file or folder of this path."""
        try:
            with self._errors_translated(path, "looked for"):
                self._files.info(path)
        except ArtifactGone:
            return False
        return True

    def read(self, path: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            ArtifactGone: there is no such file.
        """
        with self._errors_translated(path, "read"):
            return bytes(self._files.cat_file(path))

    @contextmanager
    def opened(self, path: str) -> Iterator[BinaryIO]:
        """Open a file of which a part is read; raises as `read`, also for what happens in the block."""
        with self._errors_translated(path, "read"), self._files.open(path, "rb") as file:
            yield cast("BinaryIO", file)

    def write(self, path: str, data: bytes) -> None:
        """Write a file, or nothing; an earlier one is replaced."""
        try:
            with self._errors_translated(path, "written"):
                if self._is_local:
                    _write_local(Path(path), data)
                else:
                    self._files.pipe_file(path, data)  # object stores show an object only when it is complete
        except ArtifactGone as error:
            raise FilesUnavailable(f"{path} cannot be written: {error.__cause__}", _LOCAL_REMEDY) from error

    def make_durable(self, path: str) -> None:
        """Let a file survive a power cut that was found in place: who wrote it may have died before the folder was synced."""
        if self._is_local:
            with self._errors_translated(path, "kept"):
                _sync_folder(Path(path).parent)

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all in it; harmless when it is gone already."""
        try:
            with self._errors_translated(path, "removed"):
                self._files.rm(path, recursive=True)
        except ArtifactGone:
            return

    def children(self, folder: str) -> list[str]:
        """Return the paths in a folder; none where there is no such folder."""
        try:
            with self._errors_translated(folder, "listed"):
                return [str(path) for path in self._files.ls(folder, detail=False)]
        except ArtifactGone:
            return []

    def files_below(self, folder: str) -> dict[str, dict[str, Any]]:
        """Return every file below a folder: path, and what the file system says of it."""
        with self._errors_translated(folder, "listed"):
            return {str(path): entry for path, entry in self._files.find(folder, detail=True).items()}

    def location(self, path: str) -> str:
        """Return the path or URL for people and other programs."""
        return str(self._files.unstrip_protocol(path).removeprefix("file://"))

    @contextmanager
    def _errors_translated(self, path: str, done: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if _REMEDIES.get(_cause_code(error)) is None:
                raise ArtifactGone(f"what was kept of it is gone: {path}") from error
            raise self._unavailable(path, done, error) from error
        except Exception as error:
            if not _is_outside(error):
                raise
            raise self._unavailable(path, done, error) from error

    def _unavailable(self, path: str, done: str, error: Exception) -> FilesUnavailable:
        cause = (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__
        away = _LOCAL_REMEDY if self._is_local else _AWAY_REMEDY
        remedy = away if self._is_local else _REMEDIES.get(_cause_code(error), away)
        return FilesUnavailable(f"{self.location(path)} cannot be {done}: {cause}", remedy)


def _is_outside(error: Exception) -> bool:
    """Return whether a disk, or a library that speaks to an object store, raised it, and not a fault of this program."""
    return isinstance(error, OSError) or any(kind.__module__.partition(".")[0] in _OUTSIDE for kind in type(error).__mro__)


def _cause_code(error: BaseException) -> str:
    """Return the code under which `_REMEDIES` has the error or what it came from: the server's own, else the name of a class; "" for none."""
    seen: BaseException | None = error
    while seen is not None:
        response = getattr(seen, "response", None)
        code = str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
        for name in (code, *(kind.__name__ for kind in type(seen).__mro__)):
            if name in _REMEDIES:
                return name
        seen = seen.__cause__ or seen.__context__
    return ""


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
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
