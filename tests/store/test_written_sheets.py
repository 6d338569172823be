"""What stands in the sheets by our hand is stored whole, by spreadsheet."""

from dataclasses import replace
from datetime import UTC, datetime

from monito_ray.catalog.edits.written_sheets import WrittenSheet, keep_written, load_written
from monito_ray.catalog.sheets.reading.compact_rows import CompactRows
from monito_ray.catalog.sheets.reading.edits_read_back import RefusedEdit, WrittenCells
from monito_ray.store.database import open_store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BEFORE = WrittenCells(("Product", "Pack", "Product ID"), CompactRows(3, [(("p1",), ("Kopi ☕\n", 12, "p1")), (("p2",), ("Teh", "", "p2"))]))
AFTER = WrittenCells(("Product", "Product ID"), CompactRows(2, [(("p1",), ("Kopi \ud800", "p1"))]))
REFUSED = RefusedEdit("Master Table", ("p1", "IDR"), "Kopi", "it is no number", "Pack x")


def test_versions_and_answers_come_back(url: str):
    """Every cell with its type, in the order of the versions; another spreadsheet has its own; what is stored again replaces."""
    with open_store(url) as store:
        sheet = WrittenSheet((BEFORE, AFTER), (REFUSED,))
        keep_written(store, "one", {"Master Table": sheet, "Review": WrittenSheet()}, NOW)
        keep_written(store, "other", {"Master Table": WrittenSheet()}, NOW)
        loaded = load_written(store, "one")
        assert (loaded["Master Table"], loaded["Review"]) == (sheet, WrittenSheet())
        assert load_written(store, "nobody's") == {}
        keep_written(store, "one", {"Master Table": replace(sheet, versions=(AFTER,))}, NOW)
        assert load_written(store, "one")["Master Table"].versions == (AFTER,)
        assert load_written(store, "other")["Master Table"].versions == ()
