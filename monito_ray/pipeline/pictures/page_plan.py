"""Which pictures of a file's pages are read in this process: all of them, or those that no other process has read or will read.

Pages are numbered from 0 in the order in which a file is opened, which is the same in every process.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from monito_ray.errors import FileDamaged, FileUnusable
from monito_ray.pipeline.pdf.pages import PageContent
from monito_ray.pipeline.pdf.rulings import PageDrawing

T = TypeVar("T")

#: What pages show, by their numbers, or why one cannot be read.
PagesRead = Mapping[int, PageContent | FileUnusable]


class PagesLeft(Exception):
    """A file has more pages to read as pictures, by their `numbers`; `read` are those that were."""

    def __init__(self, numbers: tuple[int, ...], read: PagesRead) -> None:
        super().__init__(numbers, read)
        self.numbers = numbers
        self.read = read


class _PagesFinished(Exception):
    """The pages that were wanted are read, or cannot be."""


@dataclass(slots=True)
class PagePlan:
    """The pages of one file: which are read, which are left, and which are wanted here; None: the first one, if it is not read."""

    read: dict[int, PageContent | FileUnusable]
    targets: frozenset[int] | None = None
    left: list[int] = field(default_factory=list)

    def take(self, number: int, read_here: Callable[[], PageContent]) -> PageContent:
        """Return what a page shows; an empty page for one that is not wanted here.

        Raises:
            FileUnusable: as `read_here`, here or in the process that has read it.
        """
        if number not in self.read and number in ({0} if self.targets is None else self.targets):
            self.read[number] = _content_or_error(read_here)
        if self.targets is not None and self.targets <= self.read.keys():
            raise _PagesFinished
        if number in self.read:
            return _content_of(self.read[number])
        self.left.append(number)
        return PageContent([], PageDrawing(), is_picture=True)

    def require_pages(self) -> None:
        """Pass where no page is left.

        Raises:
            PagesLeft: some are.
        """
        if self.left and self.targets is None:
            raise PagesLeft(tuple(self.left), self.read)

    def pages_not_met(self) -> frozenset[int]:
        """Return the pages that were wanted here and not met."""
        return (self.targets or frozenset()) - self.read.keys()


_plan: ContextVar[PagePlan | None] = ContextVar("page plan", default=None)


def current_plan() -> PagePlan | None:
    """Return the plan of the file that is read, None where all of its pages are read here."""
    return _plan.get()


@contextmanager
def _following(plan: PagePlan) -> Iterator[None]:
    token = _plan.set(plan)
    try:
        yield
    finally:
        _plan.reset(token)


def read_with_pages(read: Callable[..., T], pages: PagesRead, data: bytes, file_name: str, *args: Any) -> T:
    """Return `read(data, file_name, *args)`, with `pages` as other processes have read them.

    Raises:
        PagesLeft: there are others, which may be read side by side.
        Exception: as `read`.
    """
    with _following(PagePlan(dict(pages))):
        return read(data, file_name, *args)


def read_some_pages(open_file: Callable[[bytes, str], object], numbers: Collection[int], data: bytes, file_name: str) -> PagesRead:
    """Return what these pages show of the file that `open_file` opens.

    Raises:
        FileUnusable: there is no such page.
    """
    plan = PagePlan({}, frozenset(numbers))
    with _following(plan), suppress(_PagesFinished):
        open_file(data, file_name)
    if missing := plan.pages_not_met():
        raise FileDamaged(f"{file_name}: has no picture of a page {min(missing) + 1}")
    return plan.read


def _content_or_error(read_here: Callable[[], PageContent]) -> PageContent | FileUnusable:
    try:
        return read_here()
    except FileUnusable as error:
        return error


def _content_of(read: PageContent | FileUnusable) -> PageContent:
    if isinstance(read, FileUnusable):
        raise read
    return read
