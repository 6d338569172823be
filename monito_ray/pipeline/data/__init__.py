"""What the rules know, as files a person can read and extend: one `.toml`, `.tsv` or `.txt` a subject."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any


def table(name: str) -> dict[str, Any]:
    """The content of the TOML file `name`."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def lines(name: str) -> Iterator[str]:
    """The lines of the text file `name`, without blank ones and those that begin with `#`."""
    for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()
