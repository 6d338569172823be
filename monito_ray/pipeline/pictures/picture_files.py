"""The way in to this room: the bytes of a picture to its sheets, and the picture of a page to what it shows."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial

from monito_ray import errors
from monito_ray.isolation.limits import MAX_PICTURE_PAGES, PICTURE_ALLOWANCE, PICTURE_PAGE_ALLOWANCE
from monito_ray.isolation.process_limits import allow_more
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.pdf.pages import PageContent, PictureDrawer
from monito_ray.pipeline.pdf.rulings import PageDrawing
from monito_ray.pipeline.pictures.networks import REMEDY, is_installed, require_installed
from monito_ray.pipeline.pictures.page_plan import current_plan

__all__ = ["REMEDY", "PictureBudget", "is_installed", "read_picture"]

NO_TEXT = "is a picture without text that can be read"
_PARTS = "Split the list, and send its parts."


class PictureBudget:
    """What may still be read as pictures of one file, whatever is nested in it; each page may take its time, the first one the memory for all."""

    def __init__(self) -> None:
        self._pages = 0
        self._has_read_here = False

    def read_page(self, draw: PictureDrawer) -> PageContent:
        """Return what the picture of a page shows that `draw` returns; an empty page where other processes are to read it (`page_plan`).

        Raises:
            FileTooCostly: as many were read of the file as may be.
            FileUnusable: as `draw`.
        """
        if self._pages >= MAX_PICTURE_PAGES:
            raise errors.FileTooCostly(f"more pictures of pages than the {MAX_PICTURE_PAGES} that are read of a file", _PARTS)
        number, self._pages = self._pages, self._pages + 1
        plan = current_plan()
        return self._read_here(draw) if plan is None else plan.take(number, partial(self._read_here, draw))

    def _read_here(self, draw: PictureDrawer) -> PageContent:
        from monito_ray.pipeline.pictures import picture_pages  # noqa: PLC0415 - networks are loaded for pictures alone

        if not self._has_read_here:
            allow_more(PICTURE_ALLOWANCE)
        allow_more(PICTURE_PAGE_ALLOWANCE)
        self._has_read_here = True
        return picture_pages.read_page(draw())

    def require_pages(self) -> None:
        """Pass where all pages of the file were read.

        Raises:
            PagesLeft: other processes are to read some.
        """
        if plan := current_plan():
            plan.require_pages()


def read_picture(data: bytes, budget: PictureBudget) -> list[Sheet]:
    """Return a picture of a list as sheets, as `pipeline.pdf` makes them of a page.

    Raises:
        FileWithoutText: the extra `ocr` is not installed, or the picture shows no text.
        FileDamaged: it cannot be decoded.
        FileTooCostly: it has more pixels than a page needs, or as many pictures were read of its file as may be.
    """
    require_installed()
    from monito_ray.pipeline.pdf.document import sheets_of_pages  # noqa: PLC0415 - pdfium is loaded for PDFs alone
    from monito_ray.pipeline.pictures.decoding import decode_picture  # noqa: PLC0415 - and this for pictures alone

    content = budget.read_page(partial(decode_picture, data))
    budget.require_pages()
    if not content.runs:
        raise errors.FileWithoutText(NO_TEXT)
    return sheets_of_pages([content])


def read_pictures(pictures: Iterable[tuple[bytes, errors.FileUnusable | None]], budget: PictureBudget) -> list[Sheet]:
    """Return pictures of the pages of one list as sheets, "page 1" the first; of each its bytes, or why there are none.

    A picture that was there before, byte for byte, is read once. One that cannot be read, or shows no text, is an empty sheet that says why.

    Raises:
        FileWithoutText: the extra `ocr` is not installed.
    """
    require_installed()
    from monito_ray.pipeline.pdf.document import sheets_of_pages  # noqa: PLC0415 - pdfium is loaded for PDFs alone

    contents: list[PageContent] = []
    unread: list[Sheet] = []
    for number, content in enumerate(_read_each(pictures, budget), start=1):
        if isinstance(content, PageContent):
            contents.append(content)
        else:
            contents.append(PageContent([], PageDrawing(), is_picture=True))
            unread.append(Sheet(f"page {number}", [], paged=True, unread=f"Page {number}: {content}"))
    budget.require_pages()
    read = sheets_of_pages(contents) if len(unread) < len(contents) else []
    return [*(sheet for sheet in read if sheet.rows), *unread]


def _read_each(pictures: Iterable[tuple[bytes, errors.FileUnusable | None]], budget: PictureBudget) -> "Iterator[PageContent | str]":
    """Yield what each picture shows, or why it is not read."""
    from monito_ray.pipeline.pictures.decoding import decode_picture  # noqa: PLC0415 - loaded for pictures alone

    seen: dict[bytes, int] = {}
    for number, (data, error) in enumerate(pictures, start=1):
        before = seen.setdefault(hashlib.sha256(data).digest(), number)
        if error is None and before < number:
            yield f"repeats page {before} and was read once"
            continue
        try:
            if error is not None:
                raise error
            content = budget.read_page(partial(decode_picture, data))
        except errors.FileUnusable as refused:
            yield str(refused)
        else:
            yield content if content.runs else NO_TEXT
