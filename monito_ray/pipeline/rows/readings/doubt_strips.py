"""The strips of pictures that show the prices in doubt, so that a person can look where the program is not sure."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from monito_ray.pipeline.pictures.page_strips import cut_strip
from monito_ray.pipeline.rows.offer_line import SheetTables
from monito_ray.pipeline.rows.readings.picture_doubts import figures

#: Of so many rows of a list at most, and so many bytes of all of them: a strip has 5 to 15 kB.
MOST_STRIPS, MOST_BYTES = 60, 600_000

#: Strips by sheet and row.
Strips = Mapping[tuple[str, int], bytes]


def strips_of_doubts(rows: pa.Table, sheets: Sequence[SheetTables]) -> Strips:
    """Return the strips of those of `rows`, in the schema of `RawRow`, that are in doubt and stand on pictures; the first ones of very many."""
    pages = {sheet.sheet.name: sheet.sheet.picture for sheet in sheets if sheet.sheet.picture is not None}
    if not pages:
        return {}
    strips: dict[tuple[str, int], bytes] = {}
    for row in rows.select(["source_sheet", "source_row", "original_name", "price_text", "doubt"]).to_pylist():
        page = pages.get(row["source_sheet"]) if row["doubt"] else None
        strip = cut_strip(page, figures(row["price_text"]), row["original_name"]) if page else b""
        if len(strips) == MOST_STRIPS or sum(map(len, strips.values())) + len(strip) > MOST_BYTES:
            break
        if strip:
            strips[row["source_sheet"], row["source_row"]] = strip
    return strips
