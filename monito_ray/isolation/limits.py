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

    def __or__(self, other: "ReadingBudget") -> "ReadingBudget":
        """Return the more of both in each respect."""
        return ReadingBudget(max(self.memory_bytes, other.memory_bytes), max(self.cpu_s, other.cpu_s), max(self.silent_s, other.silent_s))


#: A child begins with about 110 MB and its parent has up to 250, so that both stay under a gigabyte: with 640 MB four of 530 files made to hurt
#: took both to 1,030 to 1,056 MB. A list of 300,000 rows takes 490 MB more
#: to read.
_READING_MEMORY = 580 * MEGABYTE
#: With the start of a child (1 to 1.5 s), what its parent does (0.7 s at most) and the kernel, which counts in whole seconds, a file costs ten
#: seconds at the most. The costliest of 40 real lists takes 3 s, 100,000 rows 2.5 s until their rows are there; with 8 s three of 1,600 files that
#: were made to hurt took 11 to 13 s in all.
_READING_CPU_S = 6.5
#: Long lists and long documents may take more. A row takes 0.025 ms to read, 0.05 where it has two texts or more for each number, all of which may
#: be titles, 0.25 ms more to validate, standardize and hand over; all of that up to three times as long on a machine whose memory others use much,
#: where lists of 20,000 and 100,000 rows were refused; a page of a PDF
#: with 50 offers 0.03 s. More rows than the longest list made for the purpose has, of 300,000 goods under titles and a header, give nothing, nor do
#: pages that are empty but for a few words.
_ROW_READING_CPU_S, _ROW_CPU_S, _MOST_ROWS_OF_LIST = 0.0003, 0.0008, 310_000
_PAGE_CPU_S, _BYTES_A_FULL_PAGE = 0.045, 2_500
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
#: What a row takes until it has been handed over: 5 KB.
_ROW_MEMORY = 8_000


#: What reads pictures takes once it is loaded, and what a page takes besides.
PICTURE_ALLOWANCE = ReadingBudget(320 * MEGABYTE, 8.0)
PICTURE_PAGE_ALLOWANCE = ReadingBudget(0, 12.0)


#: What reading a file may take.
READING_BUDGET = ReadingBudget(_READING_MEMORY, _READING_CPU_S)


def most_characters(size_bytes: int) -> int:
    """Return how many characters of text a file of that size may hold."""
    return _FREE_CHARACTERS + _CHARACTERS_A_BYTE * size_bytes


def most_pages(size_bytes: int) -> int:
    """Return how many pages a PDF of that size may have."""
    return _FREE_PAGES + size_bytes // _BYTES_A_PAGE


def opened_budget(rows: int) -> ReadingBudget:
    """Return what reading a file may take in all, at least, whose sheets, once they are open, have so many rows."""
    return ReadingBudget(0, rows * _ROW_READING_CPU_S if rows <= _MOST_ROWS_OF_LIST else 0.0, 0.0)


def pages_budget(pages: int, size_bytes: int) -> ReadingBudget:
    """Return what reading a PDF of so many pages may take in all, at least."""
    return ReadingBudget(0, min(pages, size_bytes // _BYTES_A_FULL_PAGE) * _PAGE_CPU_S, 0.0)


def list_budget(rows: int) -> ReadingBudget:
    """Return what a file may take in all, at least, that has been read, and whose rows are validated, standardized and handed over next."""
    return ReadingBudget(rows * _ROW_MEMORY, rows * _ROW_CPU_S, 0.0)


def rows_budget(rows: int) -> ReadingBudget:
    """Return what a process that only validates or standardizes so many rows may take."""
    return READING_BUDGET + ReadingBudget(rows * _ROW_MEMORY, rows * _ROW_CPU_S)
