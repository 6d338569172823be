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
    #: How long it may neither compute nor answer.
    silent_s: float = 60.0

    def __add__(self, more: "ReadingBudget") -> "ReadingBudget":
        """Return both together."""
        return ReadingBudget(self.memory_bytes + more.memory_bytes, self.cpu_s + more.cpu_s, max(self.silent_s, more.silent_s))


#: A process begins with about 110 MB, so that it stays under a gigabyte. A list of 300,000 rows takes 490 MB more to read.
_READING_MEMORY = 768 * MEGABYTE
#: The costliest list of 40 real ones takes 3 s. The limit leaves room for machines that are half as fast.
_READING_CPU_S = 8.0
#: Large files get more: 300,000 rows are 9 MB as xlsx and 14 MB as csv, and take 6.5 s either way.
_FREE_BYTES = MEGABYTE
_CPU_S_A_MEGABYTE = 1.5
#: A page of 50 offers is some 2 KB of a PDF and takes 30 ms.
_PDF_CPU_S_A_MEGABYTE = 10.0
#: Validating and standardizing take 0.15 ms and 3 KB a row.
_ROW_CPU_S, _ROW_MEMORY = 0.0006, 8_000


def reading_budget(size_bytes: int, *, is_pdf: bool = False) -> ReadingBudget:
    """Return what reading a file of that size may take; its rows, once they are there, get `rows_allowance` besides."""
    megabytes = max(0, size_bytes - _FREE_BYTES) / MEGABYTE
    cpu_s = _READING_CPU_S + megabytes * (_PDF_CPU_S_A_MEGABYTE if is_pdf else _CPU_S_A_MEGABYTE)
    return ReadingBudget(_READING_MEMORY, cpu_s)


def rows_allowance(rows: int) -> ReadingBudget:
    """Return what validating and standardizing so many rows may take."""
    return ReadingBudget(rows * _ROW_MEMORY, rows * _ROW_CPU_S)


def rows_budget(rows: int) -> ReadingBudget:
    """Return what a process that only validates or standardizes so many rows may take."""
    return reading_budget(0) + rows_allowance(rows)
