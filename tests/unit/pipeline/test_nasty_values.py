"""Lists with cells that are no numbers, dates or characters: each row is an offer or a reject, and every output holds both."""

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import nasty_values
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

import hostile

from monito_ray import frames
from monito_ray.clients import exports
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.pipeline import short_list
from monito_ray.pipeline.products import build
from monito_ray.pipeline.rows.price_list import Hints
from monito_ray.records import ProductRow, RawRow, Standard

TITLES = ("Name", "Unit", "Pack", "Size", "Price", "Brand", "Category", "SKU", "Stock", "Date")
GOODS = ("Rice 5 kg", "kg", "10", "5 kg", "12000", "Foo", "Food", "A-1", "5", "2024-01-02")
Rows = Sequence[Sequence[str]]


def _csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def _legal(make: Callable[[Rows], bytes]) -> Callable[[Rows], bytes]:
    """The texts without what the format cannot even say."""
    return lambda rows: make(
        [["".join(c for c in text if c >= " " and c != "\ufffe" and not "\ud800" <= c <= "\udfff") for text in row] for row in rows]
    )


MAKERS = {
    "csv": _csv,
    "html": _legal(hostile.html),
    "xml": _legal(hostile.xml_2003),
    "ods": _legal(hostile.ods),
    "xlsx": _legal(hostile.book),
}


def _through_all_stages(data: bytes, file_name: str) -> tuple[int, int]:
    """Read, validate, standardize and write a list; return how many raw rows it has, and how many came out on either side."""
    read = short_list.read_and_standardize(data, file_name, Hints(), lenient=False)
    assert read.ahead is not None
    rows, standards = frames.from_table(read.ahead.good, RawRow), frames.from_table(read.ahead.by_rules, Standard)
    products = frames.to_table(build.build_products(rows, standards), ProductRow)
    with tempfile.TemporaryDirectory() as folder:
        for output_format in OutputFormat:
            exports.write_list(products, read.ahead.rejects, Path(folder) / f"june.{output_format}", output_format)
    return read.price_list.rows.num_rows, products.num_rows + read.ahead.rejects.num_rows


@settings(max_examples=12, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.sampled_from(sorted(MAKERS)),
    st.lists(st.tuples(st.integers(0, len(TITLES) - 1), st.sampled_from(nasty_values.CELLS)), min_size=1, max_size=8),
)
def test_nasty_cells_cost_themselves_alone(suffix: str, places: list[tuple[int, str]]):
    """No cell costs the list, in no format and at no place: as many rows come out as went in."""
    rows = [list(TITLES), *([f"{GOODS[0]} {n}", *GOODS[1:]] for n in range(3))]
    for column, cell in places:
        rows.append([f"Oil {len(rows)}", *GOODS[1:]])
        rows[-1][column] = cell
    raw, accounted = _through_all_stages(MAKERS[suffix](rows), f"june.{suffix}")
    assert raw == accounted >= 3


@pytest.mark.parametrize("column", [0, 3, 4])
def test_every_nasty_cell_is_read_in_one_list(column: int):
    """As name, as size and as price; the sound rows beside them keep their prices."""
    rows = [list(TITLES)]
    for number, cell in enumerate(nasty_values.CELLS):
        rows += [[f"Oil {number}", *GOODS[1:]], [f"Rice {number}", *GOODS[1:]]]
        rows[-1][column] = cell
    raw, accounted = _through_all_stages(_csv(rows), "june.csv")
    assert raw == accounted >= len(nasty_values.CELLS)


@pytest.mark.parametrize("text", nasty_values.NO_CHARACTERS, ids=ascii)
def test_a_nasty_file_name_costs_nothing(text: str):
    """The name goes into rows, messages and outputs."""
    raw, accounted = _through_all_stages(_csv([TITLES, GOODS]), f"{text[:100]}.csv")
    assert raw == accounted == 1
