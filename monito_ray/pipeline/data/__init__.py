"""Knowledge in files that a person can read and extend: one `.toml` or `.txt` a subject, and the words of languages in `lexicon/`."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the content of the TOML file `name`."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def lines(name: str) -> Iterator[str]:
    """Yield the lines of the text file `name`, without blank ones and those that begin with `#`."""
    for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.rstrip()
