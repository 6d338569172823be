"""What a price list may take, in one place: what goes over is refused in one line, or cut and told.

Each limit says what it was set on: the largest lists that anybody sent, lists of 300,000 rows made for the purpose
(`benchmarks/hostile.py giants`), and the files made to hurt of `benchmarks/bombs.py`. docs/limits.md says the same for people.
"""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadingBudget:
    """What a process may take for one call, from its beginning on."""

    memory_bytes: int
    #: Processor time.
    cpu_s: float
    #: How long it may neither compute, nor wait for a processor or a disk, nor answer: a call waits for nothing else.
    silent_s: float = 10.0

    def __add__(self, more: "ReadingBudget") -> "ReadingBudget":
        """Return both together."""
        return ReadingBudget(self.memory_bytes + more.memory_bytes, self.cpu_s + more.cpu_s, max(self.silent_s, more.silent_s))


#: A child begins with about 110 MB and its parent has up to 250, so that both stay under a gigabyte: with 640 MB four of 530 files made to hurt
#: took both to 1,030 to 1,056 MB. A list of 300,000 rows takes 490 MB more
#: to read.
_READING_MEMORY = 580 * MEGABYTE
#: The costliest list of 40 real ones takes 3 s, 300,000 rows (9 MB as xlsx, 14 MB as csv) 6.5 s, 250 pages of 50 offers 8 s. With 1.5 s more for
#: each megabyte, files of 5 and 7 MB that were made to hurt took 15 and 17 s; within 10 s nobody waits long beside the largest.
_READING_CPU_S = 8.0
_CPU_S_A_MEGABYTE = 0.05
#: Apache Tika refuses a document of more than 100 characters for each of its bytes, once it has a million (its `SecureContentHandler`).
_FREE_CHARACTERS, _CHARACTERS_A_BYTE = 1_000_000, 100
#: As long as a cell of Excel can be; a longer one is cut.
LONGEST_CELL = 32_767
#: Names of 100,000 real offers have 250 characters at most; a longer one is cut, and its row in doubt.
LONGEST_NAME = 500
#: The largest rectangle of one sheet, empty cells included, each of which takes 32 bytes in calamine: sheets of xls that say that they
#: fill their whole grid, 65,536 rows of 256 columns, are read.
MAX_CELLS = 20_000_000
#: As many rows and columns as a worksheet of Excel has.
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
#: Cells that cells of rows above span, all of a file together; each is remembered until its sheet ends. A page that is all one table of
#: 16,384 columns spans a hundredth of it.
MAX_SPANNED_CELLS = 2_000_000
#: A page of a PDF has 300 bytes at least, deflated, and 20,000 characters at most, in the smallest print.
_FREE_PAGES, _BYTES_A_PAGE = 50, 250
MAX_PAGE_CHARACTERS = 200_000
#: A telephone takes pictures of 12 to 50 million pixels, which take 36 to 150 MB unpacked.
MAX_PICTURE_PIXELS = 64_000_000
#: The longer side of the picture that is worked on, in pixels: a page of the smallest print needs 3,000.
PICTURE_SIDE = 3_200
#: Pages of a file that are read as pictures, each of which takes some seconds.
MAX_PICTURE_PAGES = 20
#: Validating and standardizing take 0.15 ms and 3 KB a row.
_ROW_CPU_S, _ROW_MEMORY = 0.00025, 8_000


#: What reads pictures takes once it is loaded, and what a page takes besides.
PICTURE_ALLOWANCE = ReadingBudget(320 * MEGABYTE, 8.0)
PICTURE_PAGE_ALLOWANCE = ReadingBudget(0, 12.0)


def reading_budget(size_bytes: int) -> ReadingBudget:
    """Return what reading a file of that size may take; its rows, once they are there, get `rows_allowance` besides."""
    return ReadingBudget(_READING_MEMORY, _READING_CPU_S + _CPU_S_A_MEGABYTE * size_bytes / MEGABYTE)


def most_characters(size_bytes: int) -> int:
    """Return how many characters of text a file of that size may hold."""
    return _FREE_CHARACTERS + _CHARACTERS_A_BYTE * size_bytes


def most_pages(size_bytes: int) -> int:
    """Return how many pages a PDF of that size may have."""
    return _FREE_PAGES + size_bytes // _BYTES_A_PAGE


def rows_allowance(rows: int) -> ReadingBudget:
    """Return what validating and standardizing so many rows may take."""
    return ReadingBudget(rows * _ROW_MEMORY, rows * _ROW_CPU_S)


def rows_budget(rows: int) -> ReadingBudget:
    """Return what a process that only validates or standardizes so many rows may take."""
    return reading_budget(0) + rows_allowance(rows)
