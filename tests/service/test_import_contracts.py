"""The import contracts of pyproject.toml refuse what they say they refuse."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "monito_ray"
CHEAP = (
    "ray",
    "openai",
    "gspread",
    "telegram",
    "sqlalchemy",
    "xlsxwriter",
    "matplotlib",
    "python_calamine",
    "pypdfium2",
    "babel",
    "typer",
    "fsspec",
    "structlog",
)
# What a room may import though others may not: the exceptions that the contracts name, here by the longest path that holds for all of a room.
ALLOWED = {
    "cluster": {"ray"},
    "clients": {"openai", "gspread", "telegram", "xlsxwriter", "matplotlib"},
    "bot": {"telegram"},
    "store": {"sqlalchemy"},
    "jobs": {"sqlalchemy", "fsspec"},
    "catalog": {"sqlalchemy"},
    "pipeline": {"python_calamine", "pypdfium2"},
    "cli": {"typer"},
}
# In each room, a neighbour on its line or a room above it.
TOO_HIGH = {
    "cluster": ("clients", "jobs", "catalog", "steps"),
    "clients": ("cluster", "jobs", "catalog", "steps"),
    "jobs": ("cluster", "clients", "catalog", "steps"),
    "catalog": ("cluster", "clients", "jobs", "steps"),
    "bot": ("serve", "doctor", "cli"),
    "steps": ("driver", "wiring"),
    "driver": ("wiring", "api"),
    "store": ("jobs", "catalog", "cluster"),
    "plans": ("frames", "store", "catalog", "clients"),
    "pipeline": ("store", "jobs", "cluster", "clients", "steps"),
    "testing": ("pipeline", "store", "cluster", "clients", "driver"),
    "pipeline.files": ("pipeline.tables", "pipeline.products", "pipeline.rows"),
    "pipeline.pdf": ("pipeline.files", "pipeline.tables"),
    "pipeline.tables": ("pipeline.files", "pipeline.products", "pipeline.llm", "pipeline.rows"),
    "pipeline.products": ("pipeline.tables", "pipeline.llm"),
    "pipeline.rows": ("pipeline.llm", "pipeline.short_list"),
    "pipeline.llm": ("pipeline.rows",),
}


def _rooms() -> list[str]:
    """Every package of the program, as a path below it."""
    folders = (path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("__init__.py"))
    return sorted(".".join(folder.parts) for folder in folders if folder.parts)


def _forbidden(room: str) -> set[str]:
    """What may not be imported in `room`, outside libraries and rooms."""
    libraries = set(CHEAP) - ALLOWED.get(room.partition(".")[0], set())
    return libraries | {f"monito_ray.{name}" for name in TOO_HIGH.get(room, ())}


def _lint(folder: Path) -> str:
    environment = os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "400"}
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)
    return re.sub(r"\s+", " ", done.stdout) + done.stderr


def _copy(folder: Path) -> None:
    shutil.copytree(PACKAGE, folder / "monito_ray", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def test_the_program_keeps_its_contracts(tmp_path: Path) -> None:
    """A copy as it stands breaks no contract, so that what the next test sees refused is what it planted."""
    _copy(tmp_path)
    assert " 0 broken" in _lint(tmp_path)


def test_a_forbidden_import_planted_in_any_room_is_refused(tmp_path: Path) -> None:
    """Each room of a copy gets a module that imports what it may not; the linter names every one of them."""
    _copy(tmp_path)
    planted = {room: _forbidden(room) for room in _rooms()}
    for room, names in planted.items():
        lines = [f"import {name}" for name in sorted(names)]
        (tmp_path / "monito_ray" / Path(*room.split(".")) / "planted.py").write_text("\n".join(lines) + "\n")
    report = _lint(tmp_path)
    missed = [
        f"{room} -> {name}"
        for room, names in planted.items()
        for name in sorted(names)
        if not re.search(rf"monito_ray\.{re.escape(room)}\.planted -> {re.escape(name)}\b", report)
    ]
    assert planted
    assert not missed
