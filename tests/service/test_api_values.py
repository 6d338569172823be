"""Calls of other programs with values that no list has."""

import inspect
import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monito_ray import Monito
from monito_ray.errors import MonitoError

STRANGE: tuple[Any, ...] = ("\ud800", "a\x00b", 2**70, -1, None, math.nan, math.inf, [], {}, "", b"x", object(), "x" * 100_000, 10**5_000)
#: They are tested where products, options and hooks are.
OTHERS = {"close", "on_success", "on_failure", "on_retry", "submit_llm_processing"}
USUAL = {"message": "hello", "kind": "same", "products": [], "timeout": 0, "within": timedelta(days=1)}


@pytest.fixture
def monito(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monito]:
    """A connection to an empty store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITO_HOME", str(tmp_path / "home"))
    with Monito() as connection:
        yield connection


def _usual(name: str, tmp_path: Path) -> Any:
    return USUAL.get(name, 1 if name == "user_id" else str(tmp_path / "out") if name in ("path", "folder", "file_path") else "abc")


def test_no_value_ends_a_call_in_another_error_than_ours(monito: Monito, tmp_path: Path):
    """At every argument of every method; the sentence is short, on one line, and can be written anywhere."""
    for method, function in inspect.getmembers(Monito, inspect.isfunction):
        parameters = [] if method.startswith("_") or method in OTHERS else list(inspect.signature(function).parameters.values())[1:]
        for parameter in parameters:
            others = {p.name: _usual(p.name, tmp_path) for p in parameters if p.default is p.empty and p is not parameter}
            for value in STRANGE:
                try:
                    getattr(monito, method)(**others, **{parameter.name: value})
                except MonitoError as error:
                    message = str(error)
                    assert len(message.encode()) < 500, (method, parameter.name)
                    assert message.isprintable(), (method, parameter.name)
