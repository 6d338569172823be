"""Which machine a driver runs on."""

import socket
from pathlib import Path

import pytest

from monito_ray.store import machine_identity as machine


def _machine(folder: Path, monkeypatch: pytest.MonkeyPatch, installed: str, started: str, numbers: str) -> str:
    for name, text in (("_INSTALLED", installed), ("_STARTED", started)):
        monkeypatch.setattr(machine, name, folder / name)
        (folder / name).write_text(text)
    monkeypatch.setattr(machine, "_PROCESS_NUMBERS", folder / numbers)
    (folder / numbers).symlink_to(numbers)
    machine.this_machine.cache_clear()
    return machine.this_machine()


def test_copies_reboots_and_containers_are_other_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever their name: copies of a virtual machine differ in their boot, containers in their process numbers."""
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(socket, "gethostname", lambda: "node")
    first = _machine(folders[0], monkeypatch, "m", "boot 1", "pid:[1]")
    assert _machine(folders[1], monkeypatch, "m", "boot 1", "pid:[1]") == first
    others = {_machine(folders[2], monkeypatch, "m", "boot 2", "pid:[1]"), _machine(folders[3], monkeypatch, "m", "boot 1", "pid:[2]")}
    assert len(others | {first}) == 3
    machine.this_machine.cache_clear()
