"""Files of others: what is read of them, and what is refused."""

import os
import socket
import threading
from pathlib import Path

import pytest

from monito_ray.errors import FileEmpty, FileMissing, FileTooLarge, FileUnusable
from monito_ray.store.source_files import read_source_file


def test_a_file_is_read_up_to_the_limit(tmp_path: Path):
    """A link is the file that it leads to; a byte too many, none at all, and no file are told apart."""
    file, link = tmp_path / "list.csv", tmp_path / "link.csv"
    link.symlink_to(file)
    for size, error in ((2**20, None), (2**20 + 1, FileTooLarge), (0, FileEmpty)):
        file.write_bytes(b"x" * size)
        if error is None:
            assert read_source_file(link, 1) == b"x" * size
        else:
            with pytest.raises(error, match=r"link.csv"):
                read_source_file(link, 1)
    for name in ("gone.csv", "list.csv/within", "\0.csv"):
        with pytest.raises(FileMissing):
            read_source_file(tmp_path / name, 1)


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path):
    """A pipe that nobody writes to, an endless device, a socket and a folder: each at once, and with its kind."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        kinds = {tmp_path / "pipe": "a pipe", Path("/dev/zero"): "a device", tmp_path / "s": "a socket", tmp_path: "a folder"}
        for path, kind in kinds.items():
            with pytest.raises(FileUnusable, match=f"this is {kind}"):
                read_source_file(path, 1)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who exchanges the file between the look and the reading gains nothing."""
    file = tmp_path / "list.csv"
    file.write_bytes(b"x")
    plain = file.stat()
    file.unlink()
    os.mkfifo(file)
    monkeypatch.setattr(Path, "stat", lambda *_args, **_kinds: plain)
    with pytest.raises(FileUnusable, match="this is a pipe"):
        read_source_file(file, 1)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path):
    """Its size at the first look does not count, and no more is read than one byte beyond the limit."""
    file = tmp_path / "list.csv"
    file.write_bytes(b"x" * 2**20)
    stop = threading.Event()

    def grow() -> None:
        with file.open("ab", buffering=0) as more:
            while not stop.is_set() and more.tell() < 2**25:
                more.write(b"x" * 4096)

    growing = threading.Thread(target=grow)
    growing.start()
    with pytest.raises(FileTooLarge):
        _read_for_ever(file)
    stop.set()
    growing.join()


def _read_for_ever(file: Path) -> None:
    while True:
        read_source_file(file, 1.5)
