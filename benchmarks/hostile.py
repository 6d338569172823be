"""Price lists for the reader to survive: seeds of every format for fuzzing, and files made to hurt.

    python benchmarks/hostile.py [--count 1000] [--seed 1] [--part 1/4] [--minutes 60] [--keep DIR]     # by `read_price_list`
    python benchmarks/hostile.py giants                                                                # 100,000 and 300,000 rows, which are read
    python benchmarks/hostile_service.py                                                               # through a running service

Each file is read or refused with one of our errors, within 10 s of processor time (0.03 ms for each of its bytes, where that is more: a long
list may take 0.3 ms a row) and 1 GB: the process that reads and its child together.
Files are made one at a time, in a process that is held to 4 GB; the run ends by itself. What breaks the promise is told and kept in DIR, and the
exit code is 1. The worst ten are printed.
"""

import argparse
import csv
import io
import os
import resource
import struct
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import bad_files
import bombs
import documents
import traps
from bombs import Bomb

from monito_ray.errors import FileUnusable
from monito_ray.isolation import child_process
from monito_ray.pipeline.files import ole

ROWS = (("Nama Barang", "Satuan", "Harga"), ("Beras Ramos 5 kg", "sak", 75000), ("Minyak 2 L", "pcs", 38500), ("Gula 1 kg", "pcs", 17500))
_START, _SHEET, _NUMBER, _LABEL, _END = 0x809, 0x85, 0x203, 0x204, 0x0A
_BILLION = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))


def seeds() -> Mapping[str, Sequence[bytes]]:
    """Small readable lists by the suffix of their format."""
    found: dict[str, list[bytes]] = {
        "xls": [xls(ROWS)],
        "ods": [ods(ROWS)],
        "html": [html(ROWS)],
        "xml": [xml_2003(ROWS)],
        "docx": [documents.docx(documents.table(*[list(map(str, row)) for row in ROWS]))],
        "odt": [odt(ROWS)],
        "rtf": [rtf(ROWS)],
        "eml": [b"From: a@example.com\r\nSubject: June\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + html(ROWS)],
        "zip": [documents.zipped({"june.html": html(ROWS)})],
    }
    for trap in traps.every():
        found.setdefault(trap.file_name.rpartition(".")[2], []).append(trap.data())
    return found


def hostile() -> dict[str, tuple[str, Callable[[], bytes]]]:
    """What it is, by its name: the file's name, and how it is made."""
    return {
        "a part that unpacks to 2 GB": ("bomb.xlsx", bad_files.bomb),
        "the same, announced as small": ("liar.xlsx", lambda: bad_files.bomb(1000)),
        "a billion entities in a sheet": ("billion.xlsx", lambda: _with_sheet(_BILLION + b"]><worksheet>&j;</worksheet>")),
        "a billion entities in XML of 2003": ("billion.xls", lambda: b'<?xml version="1.0"?>' + _BILLION + b"]><Workbook>&j;</Workbook>"),
        "an entity that names a file": (
            "outside.xlsx",
            lambda: _with_sheet(b'<!DOCTYPE w [<!ENTITY z SYSTEM "file:///etc/passwd">]><worksheet>&z;</worksheet>'),
        ),
        "cells in the first and the last corner": ("grid.xlsx", bad_files.whole_grid),
        "16,384 columns": ("wide.xlsx", lambda: book([[f"c{n}" for n in range(16_384)]] + [list(range(16_384))] * 20)),
        "16,384 columns of prices": ("prices.csv", lambda: b"\n".join(_priced(row) for row in range(30))),
        "one million empty rows": ("empty_rows.xlsx", lambda: _with_sheet(_empty_rows(1_000_000))),
        "formulas that command": ("formulas.csv", lambda: b"Item;Price\n=cmd|'/c calc'!A1;12000\n@SUM(A1);13000\n+1+1;14000\n-2+3;15000\n"),
        "20 MB of offers": ("large.csv", lambda: b"Item;Price\n" + b"Oat biscuits 300 g;21500\n" * 830_000),
        "20 MB of one cell": ("cell.csv", lambda: b"Item;Price\n" + b"x" * 20_000_000 + b";5\n"),
        "20 MB without a line break": ("line.csv", lambda: b"Rice;12000;" * 1_800_000),
        "20 MB of digits": ("digits.txt", lambda: b"1234567890 " * 1_800_000),
        "entities in a Word document": ("entities.docx", lambda: documents.docx(documents.p("&j;"), before=(_BILLION + b"]>").decode())),
        "a million empty paragraphs": ("paragraphs.docx", lambda: documents.docx("<w:p/>" * 1_000_000)),
        "tables within tables": ("tables.docx", lambda: documents.docx("<w:tbl><w:tr><w:tc>" * 600 + "</w:tc></w:tr></w:tbl>" * 600)),
        "archives within archives": ("nested.zip", _nested_archives),
        "a hundred bombs in an archive": ("bombs.zip", lambda: documents.zipped({f"{n}.xlsx": bad_files.bomb() for n in range(100)})),
        "parts within parts of a mail": (
            "parts.eml",
            lambda: b"MIME-Version: 1.0\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 9_999,
        ),
        "10 MB of words of rich text": ("words.rtf", lambda: b"{\\rtf1" + rb"\par" * 2_500_000),
        "10 MB of blocks": ("blocks.html", lambda: b"<html>" + b"<div>Rice<b>5" * 800_000),
        "20 MB of tags": ("tags.html", lambda: b"<html><table>" + b"<tr><td>Rice<td>12000" * 900_000),
    }


def _nested_archives() -> bytes:
    data = b"Item;Price"
    for _ in range(200):
        data = documents.zipped({"a.zip": data})
    return data


def book(rows: Sequence[Sequence[object]]) -> bytes:
    """An xlsx of one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("S")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def xls(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of Excel 97: one sheet of numbers and labels, in its container."""
    start = struct.pack("<HHI", 0x600, 5, 0)
    head = _record(_START, start) + _record(0x42, b"\xb0\x04")
    place = len(head) + 4 + 12 + 4
    listed = _record(_SHEET, struct.pack("<IBBBB", place, 0, 0, 4, 0) + b"June")
    cells = b"".join(_cell(row, column, value) for row, values in enumerate(rows) for column, value in enumerate(values))
    sheet = _record(_START, struct.pack("<HHI", 0x600, 16, 0)) + cells + _record(_END, b"")
    return ole.build_compound_file("Workbook", head + listed + _record(_END, b"") + sheet)


def _cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _record(_NUMBER, place + struct.pack("<d", value))
    text = str(value)
    return _record(_LABEL, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def ods(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of OpenDocument with texts alone."""
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>' for value in row)
        + "</table:table-row>"
        for row in rows
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content{spaces}>{body}</office:document-content>")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
    return out.getvalue()


def html(rows: Sequence[Sequence[object]]) -> bytes:
    """A page with one table."""
    lines = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in rows)
    return f"<html><body><table>{lines}</table></body></html>".encode()


def odt(rows: Sequence[Sequence[object]]) -> bytes:
    """A text of OpenDocument with one table."""
    cells = ("".join(f"<table:table-cell><text:p>{value}</text:p></table:table-cell>" for value in row) for row in rows)
    return documents.odt("<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in cells) + "</table:table>")


def rtf(rows: Sequence[Sequence[object]]) -> bytes:
    """Rich text with one table."""
    return (
        "{\\rtf1\\ansi" + "".join("\\trowd\\intbl " + "".join(f"{value}\\cell " for value in row) + "\\row" for row in rows) + "}"
    ).encode()


def xml_2003(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook in the XML of Excel 2003."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    lines = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in row) + "</Row>" for row in rows)
    head = f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="June"><Table>'
    return f"{head}{lines}</Table></Worksheet></Workbook>".encode()


def _with_sheet(xml: bytes) -> bytes:
    """A workbook whose one sheet has `xml` in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bad_files.workbook())) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            archive.writestr(name, xml if name.endswith("sheet1.xml") else whole.read(name))
    return out.getvalue()


def _priced(row: int) -> bytes:
    """A name and as many prices as a sheet has columns."""
    return f"Item {row};".encode() + b";".join(b"%d" % ((row * 7919 + column * 31) % 97 * 500 + 500) for column in range(16_383))


def _empty_rows(count: int) -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(1, count + 1))
    return b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows + b"</sheetData></worksheet>"


# --- the run ---

MOST_CPU_S, MOST_MB = 10.0, 1024
#: A list may take 0.3 ms for a row (`isolation/limits.py`), of which the shortest here have ten bytes.
_CPU_S_A_BYTE = 0.0003 / 10
_CAP_BYTES = 4 << 30
_SAMPLE_S = 0.02
_MB = 1 << 20
_GIANTS = ((100_000, "csv"), (100_000, "xlsx"), (300_000, "csv"), (300_000, "xlsx"))


@dataclass(slots=True)
class Cost:
    """What reading a file took."""

    outcome: str = ""
    cpu_s: float = 0.0
    wall_s: float = 0.0
    #: The most that a file of its size may take.
    most_cpu_s: float = MOST_CPU_S
    #: This process and its child, each at its worst.
    peak_mb: float = 0.0
    child_mb: list[float] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        """Whether it broke the promise."""
        return self.outcome.startswith("CRASHED") or self.cpu_s > self.most_cpu_s or self.peak_mb > MOST_MB


def all_bombs(count: int, seed: int) -> Iterator[Bomb]:
    """Yield the files of this module, the known bombs, and `count` others."""
    for what, (name, make) in hostile().items():
        yield Bomb(what, name, make)
    yield from bombs.known()
    yield from bombs.grown(count, seed)


def measure(path: Path) -> Cost:
    """Read a file by `read_price_list` and return what that took."""
    from monito_ray import read_price_list  # noqa: PLC0415

    child_process.start_child()
    child = child_process.idle_pids()[-1]
    for pid in (os.getpid(), child):
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
    cost, over = Cost(most_cpu_s=max(MOST_CPU_S, path.stat().st_size * _CPU_S_A_BYTE)), threading.Event()
    watcher = threading.Thread(target=_watch, args=(child, cost, over))
    before = _own_cpu_s() + _cpu_s_of(child)
    buried = _buried_cpu_s()
    began = time.monotonic()
    watcher.start()
    try:
        cost.outcome = f"read, {len(read_price_list(path)):,} rows"
    except FileUnusable as error:
        cost.outcome = f"{type(error).__name__}: {str(error).partition(': ')[2]}"
        if "\n" in str(error):
            cost.outcome = f"CRASHED: more than one line: {error!r}"
    except BaseException as error:  # noqa: BLE001  whatever it is, it is told
        cost.outcome = f"CRASHED: {type(error).__name__}: {error}"
    cost.wall_s = time.monotonic() - began
    over.set()
    watcher.join()
    # A child that died has all of its time among the buried ones, of which what it had before is taken off.
    cost.cpu_s = _own_cpu_s() + _cpu_s_of(child) + _buried_cpu_s() - buried - before
    cost.peak_mb = _peak_mb(os.getpid()) + max(cost.child_mb, default=0.0)
    return cost


def _watch(child: int, cost: Cost, over: threading.Event) -> None:
    while not over.wait(_SAMPLE_S):
        cost.child_mb.append(_peak_mb(child))
    cost.child_mb.append(_peak_mb(child))


def _peak_mb(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return 0.0


def _cpu_s_of(pid: int) -> float:
    with suppress(OSError):
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _own_cpu_s() -> float:
    return time.process_time()


def _buried_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(files: Sequence[Bomb], minutes: float, keep: Path) -> int:
    """Measure each file, tell of those that broke the promise, print the worst ten; the number of broken ones."""
    resource.setrlimit(resource.RLIMIT_DATA, (_CAP_BYTES, _CAP_BYTES))
    until = time.monotonic() + minutes * 60
    costs: list[tuple[Bomb, int, Cost]] = []
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm.csv"
        warm.write_bytes(b"Item;Price\nRice;12000\n")
        measure(warm)
        for bomb in files:
            if time.monotonic() > until:
                break
            path = Path(folder) / bomb.file_name
            path.write_bytes(bomb.make())
            if path.stat().st_size > 20 * _MB:
                continue  # refused by its size, before anything
            cost = measure(path)
            costs.append((bomb, path.stat().st_size, cost))
            if cost.is_broken:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / bomb.file_name).write_bytes(path.read_bytes())
                print(f"BROKEN {_line(*costs[-1])}", flush=True)
            path.unlink()
    _report(costs, len(files))
    return sum(cost.is_broken for _, _, cost in costs)


def _report(costs: Sequence[tuple[Bomb, int, Cost]], asked: int) -> None:
    told = Counter(cost.outcome.partition(":")[0].partition(",")[0] for _, _, cost in costs)
    print(f"{len(costs):,} of {asked:,} files: {dict(told.most_common())}")
    for title, worst in (
        ("processor time", sorted(costs, key=lambda one: -one[2].cpu_s)),
        ("memory", sorted(costs, key=lambda one: -one[2].peak_mb)),
    ):
        print(f"the worst ten by {title}:")
        for one in worst[:10]:
            print(f"  {_line(*one)}")


def _line(bomb: Bomb, size: int, cost: Cost) -> str:
    return f"{cost.cpu_s:6.2f} s CPU {cost.wall_s:6.2f} s {cost.peak_mb:6.0f} MB  {size:>9,} bytes  {bomb.file_name}, {bomb.what}: {cost.outcome[:90]}"


def giants() -> int:
    """Read lists of 100,000 and 300,000 rows; the number of those that were not."""
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for rows, suffix in _GIANTS:
            path = Path(folder) / f"giant.{suffix}"
            path.write_bytes(_giant(rows, suffix))
            cost = measure(path)
            lost += cost.outcome != f"read, {rows:,} rows"
            print(_line(Bomb("a giant", path.name, bytes), path.stat().st_size, cost), flush=True)
    return lost


def _giant(rows: int, suffix: str) -> bytes:
    lines = [
        ["No", "Item", "Unit", "Price"],
        *([n, f"Oat biscuits {chr(65 + n % 26)}{n} {100 + n % 9 * 50} g", "pcs", 500 + n % 900 * 250] for n in range(rows)),
    ]
    if suffix == "xlsx":
        return book(lines)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    return out.getvalue().encode()


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("bombs", "giants"), default="bombs")
    parser.add_argument("--count", type=int, default=1000, help="how many are grown beside the known ones")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="1/1", metavar="N/M", help="every M-th file alone, from the N-th on")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--keep", type=Path, default=Path("hostile-found"))
    chosen = parser.parse_args()
    if chosen.what == "giants":
        sys.exit(giants() > 0)
    part, parts = map(int, chosen.part.split("/"))
    sys.exit(run([*all_bombs(chosen.count, chosen.seed)][part - 1 :: parts], chosen.minutes, chosen.keep) > 0)


if __name__ == "__main__":
    main()
