"""What a drawn workbook looks like when it is opened."""

import tracemalloc
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from monito_ray.clients.workbook import drawing
from monito_ray.clients.workbook.drawing import draw_workbook
from monito_ray.errors import OutputNotWritable
from monito_ray.sheet_model import Cell, CellMark, ChartKind, ChartPlan, ChartSeries, Column, ColumnKind, PlannedSheet

COLUMNS = (
    Column("Product", width=36),
    Column("Price", ColumnKind.MONEY, 13),
    Column("Seen", ColumnKind.DATE),
    Column("Product ID", hidden=True),
)
SHEET = PlannedSheet(
    "Master Table",
    COLUMNS,
    [("=1+1", Decimal("25500.5"), date(2026, 6, 1), "p1"), ("Tea", None, None, "p2"), ("Oil", Decimal(9), None, "p3")],
    1,
    {2: {1: CellMark.BEST}},
)


def test_a_sheet_is_ready_to_use(tmp_path: Path):
    """Header and first column are frozen, columns are filtered, sized, and hidden where planned."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:D4")
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == pytest.approx(36, abs=1)
    assert sheet.column_dimensions["D"].hidden


def test_cells_are_values_of_their_kind(tmp_path: Path):
    """Numbers are numbers, dates are dates, and a text is a text whatever it begins with."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", "=1+1")
    assert (sheet["B2"].value, sheet["B2"].number_format) == (25500.5, "#,##0.00")
    assert sheet["C2"].value.date() == date(2026, 6, 1)
    assert sheet["B3"].value is None


def test_marked_cells_stand_out(tmp_path: Path):
    """A marked cell is bold on a ground of its own, its neighbours are not, and its number looks as theirs."""
    sheet = openpyxl.load_workbook(draw_workbook([SHEET], tmp_path / "catalog.xlsx"))["Master Table"]
    assert sheet["B4"].font.bold
    assert sheet["B4"].fill.fgColor.rgb != sheet["B2"].fill.fgColor.rgb
    assert sheet["B4"].number_format == sheet["B2"].number_format
    assert not sheet["B2"].font.bold


def test_a_drawn_workbook_replaces_the_old_one_whole(tmp_path: Path):
    """The file is either the old or the new one, and nothing else stays in the folder."""
    path = tmp_path / "catalog.xlsx"
    draw_workbook([SHEET], path)
    draw_workbook([PlannedSheet("Other", COLUMNS, [])], path)
    assert openpyxl.load_workbook(path).sheetnames == ["Other"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_sheet_beyond_the_format_is_refused(tmp_path: Path):
    """More rows than an xlsx sheet holds are refused with a way out, not cut."""

    class Endless(Sequence[tuple[Cell, ...]]):
        def __len__(self) -> int:
            return 1_048_576

        def __getitem__(self, index: object) -> tuple[Cell, ...]:  # type: ignore[override]
            return ()

    with pytest.raises(OutputNotWritable, match="1,048,576 rows"):
        draw_workbook([PlannedSheet("All", COLUMNS, Endless())], tmp_path / "all.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path):
    """Drawing a long sheet takes the memory of a few rows."""
    rows = [(f"Product {n}", Decimal(n), date(2026, 6, 1), f"p{n}") for n in range(5_000)]
    tracemalloc.start()
    try:
        draw_workbook([PlannedSheet("All", COLUMNS, rows)], tmp_path / "all.xlsx")
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


STRANGE = ("a & b < c > d", "_x0041_", "tab\tand\nline", "\x07bell", "\ufffe", "\ud800", " blanks ", "🍎", "x" * 40_000)


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_can_be_opened(tmp_path: Path, text: str):
    """A text of any characters gives a workbook that opens, with that text as far as XML can hold it."""
    path = draw_workbook([PlannedSheet("All", (Column("Text"),), [(text,)])], tmp_path / "all.xlsx")
    shown = openpyxl.load_workbook(path)["All"]["A2"].value
    assert unescape(shown) == text[:32_767].replace("\ud800", "\ufffd")


def test_looks_that_people_need_are_there(tmp_path: Path):
    """Choices come from a hidden sheet, notes and comments show at their cells, scales and charts are drawn."""
    columns = (
        Column("Answer", choices=("yes", "no"), is_input=True, note="Yes or no."),
        Column("Change", ColumnKind.CHANGE, has_scale=True),
    )
    chart = ChartPlan(ChartKind.BARS, "Movers", (ChartSeries("Change", 0, 1, 0, 1),), 0, 3, ColumnKind.CHANGE)
    sheet = PlannedSheet("Same?", columns, [("yes", 0.05), (None, -0.1)], comments={(1, 1): "why"}, charts=(chart,))
    book = openpyxl.load_workbook(draw_workbook([sheet, PlannedSheet("choices", COLUMNS, [])], tmp_path / "all.xlsx"))
    assert [(name, book[name].sheet_state) for name in book.sheetnames] == [
        ("Same", "visible"), ("choices", "visible"), ("Choices 2", "hidden"),
    ]  # fmt: skip
    drawn = book["Same"]
    (choices,) = drawn.data_validations.dataValidation
    assert (str(choices.sqref), choices.formula1) == ("A2:A3", "'Choices 2'!$A$1:$A$2")
    assert [book["Choices 2"][cell].value for cell in ("A1", "A2")] == ["yes", "no"]
    assert (drawn["A1"].comment.text, drawn["B3"].comment.text) == ("Yes or no.", "why")
    assert len(drawn._charts) == 1
    assert (drawn["B2"].value, drawn["B2"].number_format) == (0.05, "+0.0%;-0.0%;0.0%")


def test_a_chart_with_nothing_to_show_is_left_out(tmp_path: Path):
    """The rest of the workbook is drawn: a catalogue of one list has no price that moved."""
    chart = ChartPlan(ChartKind.LINES, "History", (), 0, 3)
    sheet = PlannedSheet("Charts", (Column("Text"),), [("a",)], charts=(chart,))
    drawn = openpyxl.load_workbook(draw_workbook([sheet], tmp_path / "all.xlsx"))["Charts"]
    assert (drawn["A2"].value, len(drawn._charts)) == ("a", 0)


@pytest.mark.parametrize("mark", list(CellMark))
def test_each_mark_has_looks_of_its_own(tmp_path: Path, mark: CellMark):
    """A marked cell differs from a plain one in font or ground."""
    path = draw_workbook([PlannedSheet("All", COLUMNS, [("a", 1, None, ""), ("b", 2, None, "")], 1, {0: {1: mark}})], tmp_path / "a.xlsx")
    marked, plain = (openpyxl.load_workbook(path)["All"][cell] for cell in ("B2", "B3"))
    assert (marked.font, marked.fill) != (plain.font, plain.fill)


class _Untouchable(Sequence[tuple[Cell, ...]]):
    """Rows that may be counted and not read."""

    def __init__(self, count: int = 3) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: object) -> tuple[Cell, ...]:  # type: ignore[override]
        raise AssertionError


def test_a_long_sheet_in_two_parts_is_one_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What two processes draw is what one draws: rows, texts that need care, what stands behind the rows; it is kept whole, too."""
    monkeypatch.setattr(drawing, "LONG_SHEET", 3)
    rows = [(f"{'Tea' if row % 7 else ' R&D_x000A_ '} {row}", row, None, "") for row in range(1_203)]
    sheet = PlannedSheet("All", (Column("Text", note="Why"), *COLUMNS[1:]), rows, 1, {900: {1: CellMark.BEST}}, version="1")
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    draw_workbook([sheet, SHEET], one)
    draw_workbook([sheet, SHEET], two, tmp_path / "parts", in_two=True)
    assert _sheets(two) == _sheets(one)
    draw_workbook([replace(sheet, rows=_Untouchable(len(rows))), SHEET], two, tmp_path / "parts", in_two=True)
    assert _sheets(two) == _sheets(one)


def _sheets(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return [package.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2)]


def test_an_unchanged_sheet_is_copied(tmp_path: Path):
    """A sheet with the version and looks of one that was drawn is copied, and not read; with another version it is drawn."""
    cache = tmp_path / "parts"
    other = PlannedSheet("Other", COLUMNS, [])
    columns = tuple(replace(column, has_decimals=True) for column in COLUMNS)
    first = replace(SHEET, title="Alpha", columns=columns, version="1")
    path = draw_workbook([other, first], tmp_path / "catalog.xlsx", cache)
    draw_workbook([other, replace(first, rows=_Untouchable())], path, cache)
    assert openpyxl.load_workbook(path)["Alpha"]["B2"].value == 25500.5
    with pytest.raises(AssertionError):
        draw_workbook([other, replace(first, rows=_Untouchable(), version="2")], path, cache)
    with pytest.raises(AssertionError):
        draw_workbook([other, replace(first, rows=_Untouchable(), columns=(replace(columns[0], width=9), *columns[1:]))], path, cache)


@pytest.mark.parametrize("length", [0, 10, 200])
def test_a_kept_sheet_that_was_cut_short_is_drawn_again(tmp_path: Path, length: int):
    """A process that was killed while it kept a sheet costs the next workbook nothing."""
    cache, sheet = tmp_path / "parts", replace(SHEET, version="1")
    path = draw_workbook([sheet], tmp_path / "catalog.xlsx", cache)
    (part,) = cache.iterdir()
    part.write_bytes(part.read_bytes()[:length])
    draw_workbook([sheet], path, cache)
    assert openpyxl.load_workbook(path)["Master Table"]["A4"].value == "Oil"


def test_sheets_that_are_no_longer_drawn_are_forgotten(tmp_path: Path):
    """The cache holds the sheets of the last workbook."""
    cache = tmp_path / "parts"
    draw_workbook([replace(SHEET, version="1")], tmp_path / "catalog.xlsx", cache)
    assert len(list(cache.iterdir())) == 1
    draw_workbook([SHEET], tmp_path / "catalog.xlsx", cache)
    assert list(cache.iterdir()) == []
