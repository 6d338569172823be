"""Pages of one file that are read in several processes: each once, and whoever puts them together has them all."""

import pickle
from functools import partial

import pytest

from monito_ray.errors import FileDamaged, FileTooCostly, FileUnusable
from monito_ray.isolation.limits import MAX_PICTURE_PAGES
from monito_ray.pipeline.pdf.pages import PageContent
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pictures import picture_pages
from monito_ray.pipeline.pictures.page_plan import PagesLeft, read_some_pages, read_with_pages
from monito_ray.pipeline.pictures.picture_files import PictureBudget

_DAMAGED = "the picture cannot be opened"


def _page(number: int) -> PageContent:
    return PageContent([], PageDrawing(), is_picture=True, unsure={str(number): "is not clear"})


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a page's number be its picture, and the third one be damaged; the numbers of those that were drawn."""
    numbers: list[int] = []
    monkeypatch.setattr(picture_pages, "read_page", lambda number: numbers.append(number) or _page(number))
    monkeypatch.setattr("monito_ray.pipeline.pictures.picture_files.allow_more", lambda _: None)
    return numbers


def _draw(number: int) -> int:
    if number == 2:
        raise FileDamaged(_DAMAGED)
    return number


def _open(count: int, data: bytes, file_name: str) -> list[str]:
    """Open a file of so many pages: what each shows."""
    assert (data, file_name) == (b"file", "album.zip")
    budget, shown = PictureBudget(), []
    for number in range(count):
        try:
            shown.append(", ".join(budget.read_page(partial(_draw, number)).unsure))
        except FileUnusable as error:
            shown.append(str(error))
    budget.require_pages()
    return shown


def test_without_a_plan_all_pages_are_read_here(drawn: list[int]):
    """As on the command line of `explain`."""
    assert _open(4, b"file", "album.zip") == ["0", "1", _DAMAGED, "3"]
    assert drawn == [0, 1, 3]


def test_pages_are_read_apart_and_put_together(drawn: list[int]):
    """The first one where it is seen that there are others, each other one alone; a damaged one says so in its place."""
    file = b"file", "album.zip"
    with pytest.raises(PagesLeft) as raised:
        read_with_pages(partial(_open, 4), {}, *file)
    left = pickle.loads(pickle.dumps(raised.value))  # noqa: S301  our own, as between processes
    assert (left.numbers, drawn) == ((1, 2, 3), [0])
    pages = {**left.read, **read_some_pages(partial(_open, 4), (1, 3), *file), **read_some_pages(partial(_open, 4), [2], *file)}
    assert drawn == [0, 1, 3]
    assert read_with_pages(partial(_open, 4), pages, *file) == ["0", "1", _DAMAGED, "3"]
    assert drawn == [0, 1, 3]


def test_a_file_of_one_page_is_read_at_once():
    """No second process is asked."""
    assert read_with_pages(partial(_open, 1), {}, b"file", "album.zip") == ["0"]
    with pytest.raises(FileDamaged, match="no picture of a page 6"):
        read_some_pages(partial(_open, 2), [1, 5], b"file", "album.zip")


def test_as_many_pages_are_read_as_of_one_process():
    """However they are divided."""
    budget = PictureBudget()
    for number in range(MAX_PICTURE_PAGES):
        budget.read_page(partial(_draw, number + 3))
    with pytest.raises(FileTooCostly):
        budget.read_page(partial(_draw, 0))
