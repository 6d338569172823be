"""What stands in the sheets of a spreadsheet by our hand, stored, so that the next write notices what people changed since."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from io import BytesIO
from itertools import chain, islice

from sqlalchemy import delete, insert, select

from monito_ray.catalog.sheets.reading.compact_rows import CompactRows
from monito_ray.catalog.sheets.reading.edits_read_back import RefusedEdit, WrittenCells
from monito_ray.store.database import Store
from monito_ray.store.schema import written_sheets

#: Of zlib: a table of 200,000 rows is stored in a second.
_QUICK = 1
_AS_JSON = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """One sheet."""

    #: What we wrote last. While a write has not gone through: what stood there before it, and what it writes.
    versions: tuple[WrittenCells, ...] = ()
    #: The answers that stand in it.
    refused: tuple[RefusedEdit, ...] = ()


def load_written(store: Store, spreadsheet_id: str) -> dict[str, WrittenSheet]:
    """Return what stands in the sheets of a spreadsheet by our hand, by title."""
    query = select(written_sheets).where(written_sheets.c.spreadsheet_id == spreadsheet_id)
    with store.read() as connection:
        return {
            row.title: WrittenSheet(_unpacked(row.versions), tuple(_refused_edit(*fields) for fields in row.refused))
            for row in connection.execute(query)
        }


def keep_written(store: Store, spreadsheet_id: str, sheets: Mapping[str, WrittenSheet], now: datetime) -> None:
    """Store what stands in these sheets, in place of what was stored of them."""
    rows = [
        {
            "spreadsheet_id": spreadsheet_id,
            "title": title,
            "versions": _packed(sheet.versions),
            "refused": [astuple(answer) for answer in sheet.refused],
            "written_at": now,
        }
        for title, sheet in sheets.items()
    ]
    with store.write() as connection:
        is_one = (written_sheets.c.spreadsheet_id == spreadsheet_id) & written_sheets.c.title.in_(list(sheets))
        connection.execute(delete(written_sheets).where(is_one))
        if rows:
            connection.execute(insert(written_sheets), rows)


def _packed(versions: tuple[WrittenCells, ...]) -> bytes:
    """Return the versions as compressed lines of JSON: for each its titles and the number of its rows, then the rows."""
    lines = chain.from_iterable(([version.titles, len(version.rows)], *version.rows.filled()) for version in versions)
    packer = zlib.compressobj(_QUICK)
    parts = [packer.compress(_AS_JSON(line).encode("utf-8", "surrogatepass") + b"\n") for line in lines]
    return b"".join([*parts, packer.flush()])


def _unpacked(data: bytes) -> tuple[WrittenCells, ...]:
    lines = map(json.loads, BytesIO(zlib.decompress(data)))
    versions = []
    for titles, count in lines:
        rows = CompactRows(len(titles))
        for key, places, cells in islice(lines, count):
            rows.put(tuple(key), tuple(places), tuple(cells))
        versions.append(WrittenCells(tuple(titles), rows))
    return tuple(versions)


def _refused_edit(sheet: str, key: list[str], product: str, sentence: str, written: str) -> RefusedEdit:
    return RefusedEdit(sheet, tuple(key), product, sentence, written)
