"""The way in to this room: the bytes of a picture to its sheets, and the picture of a page to what it shows."""

from typing import Any

from monito_ray import errors
from monito_ray.isolation.limits import MAX_PICTURE_PAGES, PICTURE_ALLOWANCE, PICTURE_PAGE_ALLOWANCE
from monito_ray.isolation.process_limits import allow_more
from monito_ray.pipeline.cells import Sheet
from monito_ray.pipeline.pdf.pages import PageContent
from monito_ray.pipeline.pictures.networks import REMEDY, is_installed, require_installed

__all__ = ["REMEDY", "PictureBudget", "is_installed", "read_picture"]

_PARTS = "Split the list, and send its parts."


class PictureBudget:
    """What may still be read as pictures of one file, whatever is nested in it; each page may take its time, the first one the memory for all."""

    def __init__(self) -> None:
        self._read = 0

    def read_page(self, picture: Any) -> PageContent:
        """Return what the picture of a page, an array of height x width x 3, shows.

        Raises:
            FileTooCostly: as many were read of the file as may be.
        """
        from monito_ray.pipeline.pictures import picture_pages  # noqa: PLC0415 - networks are loaded for pictures alone

        if self._read >= MAX_PICTURE_PAGES:
            raise errors.FileTooCostly(f"more pictures of pages than the {MAX_PICTURE_PAGES} that are read of a file", _PARTS)
        if not self._read:
            allow_more(PICTURE_ALLOWANCE)
        allow_more(PICTURE_PAGE_ALLOWANCE)
        self._read += 1
        return picture_pages.read_page(picture)


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

    content = budget.read_page(decode_picture(data))
    if not content.runs:
        raise errors.FileWithoutText("is a picture without text that can be read")
    return sheets_of_pages([content])
