"""The pictures of one list are read by several workers side by side."""

import io
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lists import START, Inline, bench
from PIL import Image
from printed_pages import GOODS, MORE_GOODS, picture_bytes, printed_page

from monito_ray.driver.driver import Driver
from monito_ray.errors import FileTooCostly
from monito_ray.jobs import queue
from monito_ray.jobs.artifacts import PRODUCTS
from monito_ray.jobs.intake.submission import submit_file
from monito_ray.pipeline.pictures import networks
from monito_ray.pipeline.pictures.page_plan import read_some_pages
from monito_ray.records import Status

pytestmark = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")


class _Meeting(Inline):
    """Workers of which two have to read pages at one time; whoever reads the third page dies."""

    def __init__(self) -> None:
        self.groups: list[tuple[int, ...]] = []
        self._met = threading.Barrier(2)

    def read_file(self, data: bytes, file_name: str, read: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call it, some pages when others are to be read as well."""
        if getattr(read, "func", None) is read_some_pages:
            numbers = tuple(read.args[1])  # type: ignore[attr-defined]  # a partial
            self.groups.append(numbers)
            if len(self.groups) <= self._met.parties:
                self._met.wait(60)
            if 2 in numbers:
                raise FileTooCostly(f"{file_name}: reading it takes more than 26.5 seconds of computing")
        return super().read_file(data, file_name, read, *args, **options)


def test_pages_of_an_album_are_read_side_by_side_and_one_that_costs_too_much_is_said(tmp_path: Path):
    """The list has the rows of the others, in their order: those of its group are read again by themselves."""
    path = tmp_path / "album.zip"
    held = io.BytesIO()
    first, second = printed_page(), printed_page(goods=MORE_GOODS, titles=())
    with zipfile.ZipFile(held, "w") as archive:
        for number, page in enumerate((first, second, printed_page(2.0), Image.new("RGB", (400, 300), "white"), second.rotate(1))):
            archive.writestr(f"{number}.jpg", picture_bytes(page))
    path.write_bytes(held.getvalue())
    workers = _Meeting()
    with bench(tmp_path / "home", workers=workers) as made:
        task_id = submit_file(made.store, made.services.files, path, 7, {"supplier": "Toko A"}, START)
        Driver(made.services).work([task_id], threading.Event())
        task = queue.load(made.store, task_id)
        assert task.status is Status.SUCCESS, task.error
        names = [row["original_name"] for row in made.services.files.read_table(task_id, PRODUCTS).to_pylist()]
    assert sorted(workers.groups) == [(1, 3), (2,), (2, 4), (4,)]
    assert names == [name for name, _ in (*GOODS, *MORE_GOODS)]
    notes = " ".join((task.result or {})["notes"])
    assert "Page 3: reading it takes more memory or time than a page needs" in notes
    assert "Page 4: is a picture without text" in notes
