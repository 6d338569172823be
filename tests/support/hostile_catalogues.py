"""A catalogue whose every text was written to hurt: to be a formula in a spreadsheet, or a command to a terminal."""

import json
from dataclasses import replace
from decimal import Decimal

from rows import OIL, RICE

from monito_ray.catalog.lists import writing
from monito_ray.jobs import queue
from monito_ray.jobs.task import Task
from monito_ray.records import ProductRow
from monito_ray.store.database import Store
from monito_ray.wiring import utc_now

#: Starts of formulas as spreadsheets know them, behind each sign at which some country's program splits a CSV file.
COMMANDS = ("=cmd|'/C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0", "+1+1", "-2+3", '=HYPERLINK("http://evil.example","x")')
FORMULA_TEXTS = (
    *COMMANDS,
    *(f"Beras{border}{command}{border}x" for border in (";", "\t", "|", "\n", '";"', "; '", ',"') for command in COMMANDS),
    "http://evil.example/a",
    "mailto:a@evil.example",
)
#: What sets a terminal's title, clears it, answers in its user's name, or turns the order of writing around.
TERMINAL_TEXTS = (
    "x\x1b]0;owned\x07.csv",
    "a\x9b2Jb",
    "c\x1b[8md\x1b[5n",
    "invoice\u202efdp.csv",
    "e\u2066f\u2028g",
    "h\rForged line",
    "i\x08\x7fj",
    "k\x1bPq~\x1b\\l",
)


def hostile_rows(texts: tuple[str, ...], number: int = 0) -> list[ProductRow]:
    """Return a list's rows: each text is a name, and the one `number` behind it a brand, section, tax note and supplier."""
    return [_row(RICE if index % 2 else OIL, text, texts[(index + number) % len(texts)], number) for index, text in enumerate(texts)]


def write_catalogue(store: Store, texts: tuple[str, ...]) -> None:
    """Write two lists of such rows, whose tasks have such file names and errors, too."""
    for number in range(2):
        now, file_name = utc_now(), texts[number]
        task = Task(id=f"t{number}", created_at=now, updated_at=now, not_before=now, file_name=file_name, error=f"{file_name}: broken")
        queue.submit(store, task)
        writing.write_list(store, f"t{number}", hostile_rows(texts, number), utc_now())


def _row(pattern: ProductRow, name: str, other: str, number: int) -> ProductRow:
    return replace(
        pattern,
        original_name=name,
        standardized_name=name,
        brand=other,
        section=other,
        price=Decimal(75_000 + 24_500 * number),
        price_tiers=json.dumps({other: 298_000}),
        supplier=f"{other[:30]} {number}",
        sku=name[:20],
        tax_note=other,
        source_file=name,
        source_sheet=other,
        doubt=name,
        confidence=0.2,
        list_date=None,
    )
