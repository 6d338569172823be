"""A spreadsheet on the testing server, a catalogue to put into it, and a person who works in it."""

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import gspread

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.sheets.cell_limit import MOST_CELLS, plan_within_limit
from monito_ray.catalog.sheets.workbook_plan import catalogue_of, sheet_titles_of
from monito_ray.clients.sheets.http_client import SheetsHttp
from monito_ray.clients.sheets.request_pacing import RequestPacer
from monito_ray.clients.sheets.spreadsheet import SCOPES, ServiceAccount, SheetsAddress, Spreadsheet
from monito_ray.records import Method, ProductRow
from monito_ray.steps.publish import bring_up_to_date
from monito_ray.testing.sheets_server import SheetsServer, new_key

#: One key for all servers of the tests: making one takes a fraction of a second.
KEY = new_key()
JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
QUICK = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
STRANGE = ('=HYPERLINK("http://evil.example","click")', "+62 812", "@SUM(1)", "-1+1", "'quoted", "O'Brien & Söhne 🍎", "007")


def offer(name: str, supplier: str, price: str | int = 1000, currency: str = "IDR", pack: int = 1, category: str = "beverages") -> Offer:
    """A supplier's offer; its product is `product_of` it."""
    row = ProductRow(
        original_name=name,
        standardized_name=name,
        brand="Nusa",
        size=Decimal(330),
        unit="ml",
        pack_count=pack,
        price_unit="",
        category=category,
        price=Decimal(price),
        price_tiers="",
        currency=currency,
        base_price=None,
        base_unit="",
        min_quantity=None,
        supplier=supplier,
        sku="0012",
        list_date=JUNE.date(),
        tax_note="",
        source_file="june.xlsx",
        source_sheet="Juni",
        source_row=9,
        confidence=0.9,
        method=Method.RULES,
    )
    return Offer(
        product_id=f"id-{name}-{pack}",
        supplier=supplier,
        currency=currency,
        price=row.price,
        base_price=None,
        base_unit="",
        updated=JUNE,
        row=row,
    )


def product_of(made: Offer) -> Product:
    """The product that an offer is for."""
    row = made.row
    times = {"first_added": JUNE, "last_updated": JUNE}
    own = {"brand": row.brand, "name": row.standardized_name, "size": row.size, "unit": row.unit, "pack_count": row.pack_count}
    return Product(product_id=made.product_id, category=row.category, **own, **times)  # type: ignore[arg-type]


def snapshot(*offers: Offer) -> Snapshot:
    """A catalogue of just these offers; rows of a supplier follow each other in the given order."""
    placed = [replace(made, row=replace(made.row, source_row=row_number)) for row_number, made in enumerate(offers, 2)]
    products = {made.product_id: product_of(made) for made in placed}
    return Snapshot(tuple(sorted(products.values(), key=lambda product: product.name)), tuple(sorted(placed, key=lambda o: o.supplier)))


def address(server: SheetsServer, folder: Path, **changes: Any) -> SheetsAddress:
    """Return the address of the server's spreadsheet, for a client that waits for little."""
    credentials = folder / "service-account.json"
    credentials.write_text(json.dumps(server.credentials), "utf-8")
    fields = {"sheet_id": "catalogue", "endpoint": server.url, "waits_s": QUICK, "window_s": server._window_s} | changes
    return SheetsAddress(credentials=credentials, **fields)


def write(at: SheetsAddress, catalogue: Snapshot, most_cells: int = MOST_CELLS) -> None:
    """Bring the spreadsheet up to date, as the step does it."""
    book = Spreadsheet(at)
    try:
        update(book, catalogue, threading.Event(), most_cells)
    finally:
        book.close()


def update(book: Spreadsheet, catalogue: Snapshot, stop: threading.Event, most_cells: int = MOST_CELLS) -> None:
    """Do so with a client that is open."""
    shown = catalogue_of(catalogue)
    bring_up_to_date(book, sheet_titles_of(shown), partial(plan_within_limit, shown, most_cells=most_cells), stop)


def person(server: SheetsServer, sheet_id: str = "catalogue") -> gspread.Spreadsheet:
    """The spreadsheet in the hands of somebody else, through gspread as it comes."""
    credentials = ServiceAccount.from_service_account_info(server.credentials, scopes=SCOPES)
    made = partial(SheetsHttp, endpoint=server.url, pacer=RequestPacer(None, most=10_000), account="somebody")
    return gspread.Client(credentials, http_client=made).open_by_key(sheet_id)


def records(server: SheetsServer, title: str = "Master Table") -> list[dict[str, Any]]:
    """The rows of a sheet as shown, by the titles in its first row."""
    header, *rows = server.spreadsheet().values(f"'{title.replace(chr(39), chr(39) * 2)}'", "UNFORMATTED_VALUE")["values"]
    return [dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=True)) for row in rows]


def kinds(server: SheetsServer) -> Sequence[str]:
    """The kind of every cell in the spreadsheet."""
    return [kind for sheet in server.spreadsheet().sheets for row in sheet.rows for kind, _ in row.values()]
