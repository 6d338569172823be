"""Write docs/licences.md: the licence of each package of requirements.lock and requirements-cloud.lock, as the installed package says it.

scripts/lock calls this after it has installed what it locked. A package that only other systems need keeps the licence it had on the page.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS, PAGE = (ROOT / "requirements.lock", ROOT / "requirements-cloud.lock"), ROOT / "docs" / "licences.md"
HEAD = """# Licences of what monito runs on

monito itself is under the [MIT licence](../LICENSE). These packages of [requirements.lock](../requirements.lock), and on clusters and in
the image those of [requirements-cloud.lock](../requirements-cloud.lock), are installed beside it, each from its own archive, and none is part of monito. Who hands out an image with all of them installed hands them out, too, under these licences:
those of `LGPL` and `MPL` want their texts and, where they were changed, their source beside them.

`scripts/lock` writes this page.

| package | licence |
| --- | --- |
"""
_PINNED = re.compile(r"^(?P<name>[a-z0-9.-]+)(?:\[[a-z,]+\])?==", re.MULTILINE)
_ROW = re.compile(r"^\| (?P<name>[a-z0-9.-]+) \| (?P<licence>.+) \|$", re.MULTILINE)
#: Longer ones are whole texts, whose title is among the classifiers.
_LONGEST_NAME = 60


def locked_names(lock: str) -> list[str]:
    """Return the names of the packages in the text of locks, each once, in order."""
    return sorted({pinned["name"] for pinned in _PINNED.finditer(lock)})


def licences_on(page: str) -> dict[str, str]:
    """Return the licences by package of the page's text."""
    return {row["name"]: row["licence"] for row in _ROW.finditer(page.removeprefix(HEAD))}


def licence_of(name: str) -> str:
    """Return the licence of an installed package: its SPDX expression, else what it calls it, else its classifiers; "" without any."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return ""
    classified = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    named = (about.get("License") or "").strip()
    plain = named if len(named) <= _LONGEST_NAME and "\n" not in named else ""
    return about.get("License-Expression") or plain or "; ".join(classified)


def main() -> None:
    """Write the page."""
    before = licences_on(PAGE.read_text("utf-8")) if PAGE.exists() else {}
    rows = [(name, licence_of(name) or before.get(name, "")) for name in locked_names("\n".join(lock.read_text("utf-8") for lock in LOCKS))]
    if unknown := [name for name, licence in rows if not licence]:
        raise SystemExit(f"no licence is known of {', '.join(unknown)}: write it into docs/licences.md, then call this again")
    PAGE.write_text(HEAD + "".join(f"| {name} | {licence} |\n" for name, licence in rows), "utf-8")


if __name__ == "__main__":
    main()
