"""What docs/architecture.md says of the code holds."""

import re
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pandas as pd

from monito_ray import frames, read_price_list
from monito_ray.pipeline.files.open import open_sheets
from monito_ray.pipeline.products.build import build_products, to_frame
from monito_ray.pipeline.products.rules import standardize
from monito_ray.pipeline.rows.price_list import assemble, read_sheet_tables
from monito_ray.pipeline.rows.validation import partition, validate
from monito_ray.records import RawRow

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LIST = "No;Nama Barang;Satuan;Harga\n1;Beras Pandan 5 kg;pcs;72.500\n2;Gula Pasir 1 kg;pcs;18.000\n3;Teh Celup isi 25;kotak;9.500\n"
MOST_VISITS = 2


def _walk() -> list[str]:
    """The functions of the table of a list's way, in order."""
    return re.findall(r"^\| \d+ \| `(pipeline\.[\w.]+)` \|", PAGE, re.MULTILINE)


def test_each_function_of_the_walk_exists():
    """The table names functions, by the path under which they are imported."""
    walk = _walk()
    assert len(walk) >= 6
    for name in walk:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(f"monito_ray.{module}"), function)), name


def test_the_walk_enters_each_room_at_most_twice():
    """Whoever follows a list's bytes does not come back to a room again and again."""
    rooms = [room for room, _ in groupby(name.split(".")[1] for name in _walk())]
    assert max(rooms.count(room) for room in rooms) <= MOST_VISITS


def test_the_walk_is_what_reads_a_list(tmp_path: Path):
    """The functions of the table, one after the other, make of a list's bytes what `read_price_list` makes of the file."""
    path = tmp_path / "june.csv"
    path.write_text(LIST, "utf-8")
    raw = assemble(read_sheet_tables(open_sheets(path.read_bytes(), path.name)), path.name).rows
    good, _ = partition(validate(raw))
    rows = frames.from_table(good, RawRow)
    frame = to_frame(build_products(rows, standardize(rows)))
    assert len(frame) == 3
    pd.testing.assert_frame_equal(frame, read_price_list(path))


def test_each_file_that_the_page_names_exists():
    """Paths of modules stand in the page as they are in the package or the repository."""
    paths = re.findall(r"`((?:[\w-]+/)+[\w-]+\.(?:py|md|toml))`", PAGE)
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists() and not (ROOT / "monito_ray" / path).exists()] == []
