"""A page's ruled tables and its other text."""

from pdf_reading import run

from monito_ray.pipeline.pdf.geometry import Box
from monito_ray.pipeline.pdf.pages import analyse_page, assign_text_columns
from monito_ray.pipeline.pdf.pdf_table import PdfTable
from monito_ray.pipeline.pdf.rulings import PageDrawing, Ruling
from monito_ray.pipeline.pdf.words import TextRun


def _rows(top: float, count: int) -> list[TextRun]:
    return [run(left, text, top + 20 * i) for i in range(count) for text, left in ((f"Item {i}", 45), (f"{i}.500", 205))]


def _grid(top: float, rows: int) -> PageDrawing:
    ys = [top + 20.0 * i for i in range(rows + 1)]
    return PageDrawing([Ruling(y, 40, 300) for y in ys], [Ruling(x, ys[0], ys[-1]) for x in (40.0, 200.0, 300.0)])


def test_text_inside_rulings_is_a_table_and_the_rest_is_loose():
    """A title above the rulings is no row of the table."""
    page = analyse_page([run(40, "Price list", 50), *_rows(105, 3)], _grid(100, 3))
    assert [table.rows for table in page.ruled_tables] == [[["Item 0", "0.500"], ["Item 1", "1.500"], ["Item 2", "2.500"]]]
    assert [line.text for block in page.blocks for line in block.lines] == ["Price list"]


def test_rulings_without_text_are_no_table():
    """An empty grid gives nothing to read."""
    page = analyse_page([run(40, "Price list", 50)], _grid(100, 3))
    assert page.ruled_tables == []


def test_parts_come_in_reading_order():
    """What stands higher on the page comes first, a table or a line of text."""
    page = analyse_page([*_rows(105, 3), run(40, "Prices with tax", 300), run(40, "Price list", 50)], _grid(100, 3))
    assign_text_columns([page])
    parts = page.parts()
    assert [isinstance(part, PdfTable) for part in parts] == [False, True, False]
    assert [part.text for part in parts if not isinstance(part, PdfTable)] == ["Price list", "Prices with tax"]


def test_long_horizontal_rulings_and_wide_backgrounds_separate_rows():
    """A short ruling underlines a word and separates nothing."""
    drawing = PageDrawing([Ruling(150, 40, 400), Ruling(80, 40, 90)], [], [Box(40, 200, 400, 220), Box(40, 300, 80, 310)])
    assert analyse_page([run(40, "Price list", 50)], drawing).separators == [150, 200, 220]


def test_tables_in_two_columns_of_a_page_are_read_one_after_the_other():
    """The rows of the right column come behind those of the left one, in columns of their own."""
    left = [run(x, text, 100 + 20 * i) for i in range(5) for x, text in ((0, f"Tea of hill {i}"), (100, f"{i + 3},50"))]
    right = [run(x, text, 106 + 20 * i) for i in range(5) for x, text in ((200, f"Cake of hill {i}"), (310, f"{i + 6},50"))]
    page = analyse_page([*left, *right], PageDrawing())
    assign_text_columns([page])
    tables = [part for part in page.parts() if isinstance(part, PdfTable)]
    assert [[row[0] for row in table.rows] for table in tables] == [
        [f"Tea of hill {i}" for i in range(5)],
        [f"Cake of hill {i}" for i in range(5)],
    ]
    assert tables[0].column_edges != tables[1].column_edges
