"""What a job left behind, everywhere, in a form in which two runs can be compared to the byte.

Left out, and nothing else: times and durations; the ids of requests and drivers; numbers that databases count up; how often a task was claimed,
freed and lost with its driver; the windows of Google's quota (times); the names of kept sheets (hashes of what is compared anyway).
"""

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, LargeBinary

from monito_ray.jobs.chat_messages import ClosingState
from monito_ray.jobs.llm.ledger import RequestState
from monito_ray.store.schema import UtcDateTime, metadata

#: Columns that two equal runs differ in, beside those of times.
_OTHERWISE = {
    "tasks": {"claim_number", "owner_deaths", "owner", "stage_ms"},
    "task_events": {"id"},
    "llm_requests": {"id", "driver"},
    "price_history": {"id"},
    "price_changes": {"id"},
    "search_entries": {"id"},
    "chat_messages": {"message_id"},
}
_NOT_COUNTED = {"task_ms", "duration_ms", "stages", "at"}
#: Events that a kill leaves and nothing else does.
_OF_KILLS = {"task.released"}
_DATES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
#: What a kill may leave half written.
LITTER = re.compile(r"\.part$|\.tmp$|(^|/)\.monito-")
#: Of these, what goes: beside uploads and artifacts with them, by retention; or as the next one overwrites it.
_REMOVED = ("files/", "llm-servers.tmp")


@dataclass(frozen=True, slots=True)
class Wounds:
    """What was under way when a process was killed, as the database has it."""

    #: Requests to the LLM that were reserved and not settled.
    requests: int = 0
    #: A task that was committed and whose acknowledgement was not.
    acknowledging: int = 0
    #: A cleaned list that was about to be sent, or sent.
    closing: int = 0

    def __add__(self, other: "Wounds") -> "Wounds":
        return Wounds(self.requests + other.requests, self.acknowledging + other.acknowledging, self.closing + other.closing)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job left: parts by name, each as text; and what a kill may change of it, counted."""

    parts: dict[str, str]
    #: Requests that the server answered, and that the ledger has as settled and as unknown.
    paid: int
    settled: int
    unknown: int
    acknowledgements: int
    closings: int
    #: Files that nobody reads or removes.
    litter: tuple[str, ...]
    #: How often the task was taken from its driver, or given back by it.
    releases: int = 0


def wounds(home: Path) -> Wounds:
    """Return what was under way in a home whose process has just been killed."""
    if not _has_tables(home):
        return Wounds()
    with closing(sqlite3.connect(home / "monito.db")) as connection:
        count = lambda query: int(connection.execute(query).fetchone()[0])  # noqa: E731
        return Wounds(
            count(f"SELECT count(*) FROM llm_requests WHERE state = '{RequestState.RESERVED}'"),  # noqa: S608
            count("SELECT count(*) FROM chat_messages WHERE message_id IS NULL"),
            count(f"SELECT count(*) FROM chat_messages WHERE closing_state = '{ClosingState.SENDING}'"),  # noqa: S608
        )


def _has_tables(home: Path) -> bool:
    if not (home / "monito.db").exists():
        return False
    with closing(sqlite3.connect(home / "monito.db")) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tasks'").fetchone())


def outcome(home: Path, seen: dict[str, Any], task_id: str) -> Outcome:
    """Return what stands in a home and at its servers, which know of this task alone."""
    tables = _tables(home)
    releases = sum(row["name"] in _OF_KILLS for row in tables["task_events"])
    tables["task_events"] = [row for row in tables["task_events"] if row["name"] not in _OF_KILLS]
    requests = tables.pop("llm_requests")
    settled = [row for row in requests if row["state"] == RequestState.SETTLED]
    unknown = len(requests) - len(settled)
    own = sum(row["task_id"] == task_id for row in settled)
    for row in tables["chat_messages"]:
        row["closing_state"] = row["closing_state"].replace(ClosingState.SENDING, ClosingState.SENT)  # counted by the lists that came
    for row in tables["tasks"]:
        if row["id"] == task_id and row["result"]:
            row["result"]["llm"]["requests"] -= unknown
    tables["llm_requests (settled)"] = settled
    files = {str(path.relative_to(home)): path for path in sorted(home.rglob("*")) if path.is_file()}
    parts = {f"table {name}": _lines(rows) for name, rows in tables.items()}
    parts |= {f"file {name}": _content(path) for name, path in files.items() if not LITTER.search(name) and _is_compared(name)}
    parts["kept sheets"] = str(sum("catalog.xlsx.parts/" in name for name in files))
    parts |= {f"sheet {title}": _lines(_sheet(*sheet)) for title, sheet in seen["sheets"].items()}
    acknowledged = [message for message in seen["chat"] if not message[3]]
    documents = [message for message in seen["chat"] if message[3]]
    parts["chat"] = _lines([_without_times(str(message[:4])) for message in acknowledged[-1:]])
    parts["cleaned list"] = "\n".join(f"{message[0]} {message[3]} {_workbook(message[4])}" for message in documents[-1:])
    parts["updates that wait"] = str(seen["unconfirmed"])
    litter = tuple(name for name in files if LITTER.search(name))
    return Outcome(_canonical(parts, home), seen["paid"]["requests"], own, unknown, len(acknowledged), len(documents), litter, releases)


def differences(expected: Outcome, actual: Outcome, hurt: Wounds) -> list[str]:
    """Return what of a job that was killed is otherwise than it should be; empty when every promise was kept.

    Telegram has no key by which a message sent twice would be one. So an acknowledgement whose answer was lost with its process is sent
    again (its task's id is in it), and a cleaned list that was about to be sent is not (the message above it tells the end). Neither has the LLM: a request
    in flight at the kill is paid, its answer is lost, and its rows are asked about again; the ledger keeps it as unknown, at its most.
    """
    wrong = [
        f"{name}:\n{_first_difference(expected.parts.get(name), actual.parts.get(name))}"
        for name in expected.parts.keys() | actual.parts.keys()
        if expected.parts.get(name) != actual.parts.get(name) and not (name == "cleaned list" and hurt.closing and not actual.closings)
    ]
    if not expected.acknowledgements <= actual.acknowledgements <= expected.acknowledgements + hurt.acknowledging:
        wrong.append(f"{actual.acknowledgements} acknowledgements")
    if not expected.closings - min(hurt.closing, 1) <= actual.closings <= expected.closings:
        wrong.append(f"{actual.closings} cleaned lists")
    if not actual.settled <= actual.paid <= actual.settled + actual.unknown:
        wrong.append(f"{actual.paid} requests were paid, the ledger has {actual.settled} and {actual.unknown} unknown")
    if actual.unknown > hurt.requests:
        wrong.append(f"{actual.unknown} requests are unknown, {hurt.requests} were in flight")
    return wrong + [f"left behind: {name}" for name in actual.litter if not name.startswith(_REMOVED)]


def allowed(expected: Outcome, actual: Outcome) -> list[str]:
    """Return what a kill changed of what it may change."""
    changes = {
        "acknowledged twice": actual.acknowledgements > expected.acknowledgements,
        "no cleaned list": actual.closings < expected.closings,
        "a request was paid and its answer lost": actual.paid > expected.paid,
        "a request may have been paid": actual.unknown > max(actual.paid - expected.paid, 0),
    }
    return [name for name, has_changed in changes.items() if has_changed]


def _tables(home: Path) -> dict[str, list[dict[str, Any]]]:
    tables = {}
    with closing(sqlite3.connect(home / "monito.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table in metadata.sorted_tables:
            rows = connection.execute(f'SELECT * FROM "{table.name}"').fetchall()  # noqa: S608
            left_out = _OTHERWISE.get(table.name, set())
            tables[table.name] = [
                {column.name: _value(column, row[column.name]) for column in table.columns if column.name not in left_out} for row in rows
            ]
    return tables


def _value(column: Any, value: Any) -> Any:
    if isinstance(column.type, UtcDateTime):
        return value is not None
    if isinstance(column.type, LargeBinary):
        return _unpacked(value)
    if isinstance(column.type, JSON) and value is not None:
        return _without_durations(json.loads(value))
    return value


def _unpacked(value: bytes) -> str:
    try:
        return zlib.decompress(value).decode()
    except zlib.error:
        return value.hex()


def _without_durations(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_durations(own) for name, own in value.items() if name not in _NOT_COUNTED}
    return [_without_durations(own) for own in value] if isinstance(value, list) else value


def _sheet(resource: dict[str, Any], rows: list[Any], columns: list[Any], formats: list[Any]) -> list[Any]:
    return [resource, *(sorted(row.items()) for row in rows if row), columns, *sorted({json.dumps(one, sort_keys=True) for one in formats})]


def _is_compared(name: str) -> bool:
    return not name.startswith(("monito.db", "catalog.xlsx.parts/", "catalog.xlsx.lock")) and name != "sheets-pace.json"


def _content(path: Path) -> str:
    return _workbook(path.read_bytes()) if path.suffix == ".xlsx" else path.read_bytes().decode("latin-1")


def _workbook(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(f"{name} {_DATES.sub(b'', package.read(name)).decode()}" for name in package.namelist())


def _lines(values: list[Any]) -> str:
    return "\n".join(sorted(repr(value) for value in values))


def _without_times(text: str) -> str:
    return re.sub(r"\d+(\.\d+)? (ms|s|min)\b", "", text)


def _canonical(parts: dict[str, str], home: Path) -> dict[str, str]:
    return {name: text.replace(str(home), "HOME") for name, text in parts.items()}


def _first_difference(expected: str | None, actual: str | None) -> str:
    if expected is None or actual is None:
        return f"  {'not expected' if expected is None else 'missing'}"
    gone, new = Counter(expected.split("\n")), Counter(actual.split("\n"))
    lines = [f"  - {_around(line, other)}\n  + {_around(other, line)}" for line, other in _pairs(list(gone - new), list(new - gone))]
    return "\n".join(lines[:3])


def _pairs(one: list[str], other: list[str]) -> list[tuple[str, str]]:
    count = max(len(one), len(other))
    return list(zip([*one, *[""] * (count - len(one))], [*other, *[""] * (count - len(other))], strict=True))


def _around(line: str, other: str, width: int = 200) -> str:
    start = next((index for index, (one, two) in enumerate(zip(line, other, strict=False)) if one != two), 0)
    return line[max(0, start - width // 2) : start + width // 2]
