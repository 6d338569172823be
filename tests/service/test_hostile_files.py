"""A sample of `benchmarks/hostile.py`: files made to hurt, read as a command reads them."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

import bombs

from monito_ray.errors import FileTooCostly, FileTooLarge
from monito_ray.isolation.child_process import end_idle_children
from monito_ray.isolation.file_reading import read_isolated
from monito_ray.isolation.limits import MEGABYTE, ReadingBudget
from monito_ray.pipeline import short_list
from monito_ray.pipeline.rows.price_list import Hints

#: Less than files have in earnest, so that the sample takes seconds.
BUDGET = ReadingBudget(memory_bytes=300 * MEGABYTE, cpu_s=3.0)


@pytest.mark.parametrize(
    ("bomb", "cause"),
    [
        ("a form that draws itself", "more than 300 MB of memory"),
        ("2 GB of blanks deflated twice", "more than 300 MB of memory"),
        ("a page named 2,000 times", "has 2,000 pages in"),
        ("a text of 100 kB repeated 100 x 500", "more than 300 MB of memory"),
        ("a string of 32 kB in 100,000 rows", "more than 300 MB of memory"),
        ("three such cells in XML of 2003", "larger than can be held"),
        ("row 6,666,660 on six sheets", "larger than can be held"),
    ],
)
def test_the_known_bombs_cost_one_line(bomb: str, cause: str):
    """Each is refused by name within seconds and a few hundred megabytes."""
    made = next(one for one in bombs.known() if one.what == bomb)
    data = bombs.pdf_blanks(300, 2) if bomb.startswith("2 GB") else made.make()  # the whole takes seconds to make
    with pytest.raises(FileTooLarge, match=rf"^{made.file_name}: .*{cause}.*$"):
        read_isolated(short_list.read_frame, data, made.file_name, Hints(), budget=BUDGET)


def test_a_library_without_memory_ends_at_once(monkeypatch: pytest.MonkeyPatch):
    """A panic of the Rust library in want of memory is told as that, also where the environment asks for backtraces, which it would wait for for ever."""
    monkeypatch.setenv("RUST_BACKTRACE", "1")
    end_idle_children()
    with pytest.raises(FileTooCostly, match=r"^june\.ods: .*more than 300 MB of memory$"):
        read_isolated(short_list.read_frame, bombs.ods_repeated(254_840, 22, 44), "june.ods", Hints(), budget=BUDGET)
