"""Rows of a table from its lines."""

from papers import COLUMNS, GOODS, HEADER, Paper, pdf, unruled_table
from pdf_reading import placed, rows_of, run

from monito_ray.pipeline.pdf.row_grouping import row_pitch, row_steps, ruled_rows, unruled_rows
from monito_ray.pipeline.pdf.text_lines import ColumnRun, cell_texts, group_into_lines


def test_several_rows_between_two_rulings_are_split():
    """Where only columns are ruled, prices on several lines show the rows."""
    page = Paper().grid(COLUMNS, [100, 120, 180]).row(113, [(x + 3, cell) for x, cell in zip(COLUMNS[:-1], HEADER, strict=True)])
    for i, line in enumerate(GOODS):
        page.row(133 + 18 * i, [(x + 3, cell) for x, cell in zip(COLUMNS[:-1], line, strict=True)])
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def test_wrapped_name_without_rulings_is_joined():
    """A line whose first word had no room above continues the cell above; a section title does not."""
    lines = [
        HEADER,
        *GOODS,
        ("", "SPICES", "", ""),
        ("4", "Black peppercorns from Lampung", "1 kg", "Rp 98.000"),
        ("5", "White peppercorns from Bangka of", "1 kg", "Rp 99.000"),
        ("", "washed quality", "", ""),
        ("6", "Cloves", "1 kg", "Rp 97.000"),
    ]
    rows = rows_of(pdf(unruled_table(lines, pitch=12)))
    assert ["5", "White peppercorns from Bangka of washed quality", "1 kg", "Rp 99.000"] in rows
    assert ["", "SPICES", "", ""] in rows
    assert len(rows) == 8


def test_values_at_half_the_height_of_a_wrapped_name():
    """Where cells are centred, the lines of a name stand above and below its price and are one row with it."""
    page = unruled_table([HEADER], 64)
    for i in range(4):
        top = 91 + 54 * i
        page.text(70, top, f"Sunflower oil no. {i}, refined").text(70, top + 18, "and deodorized")
        page.row(top + 9, [(40, f"{i}"), (260, "1 l"), (330, f"{45 + i}.500")])
        page.row(top + 36, [(40, f"{i + 10}"), (70, f"Rapeseed oil no. {i}"), (260, "1 l"), (330, f"{35 + i}.500")])
    rows = rows_of(pdf(page))
    assert rows[1::2] == [[f"{i}", f"Sunflower oil no. {i}, refined and deodorized", "1 l", f"{45 + i}.500"] for i in range(4)]
    assert rows[2::2] == [[f"{i + 10}", f"Rapeseed oil no. {i}", "1 l", f"{35 + i}.500"] for i in range(4)]


def test_a_header_close_over_the_first_row_does_not_take_it_in():
    """Rows that stand wider apart than the header above them stay rows of their own."""
    page = unruled_table(GOODS, 126, pitch=27, page=unruled_table([HEADER], 108))
    assert rows_of(pdf(page)) == [list(HEADER), *map(list, GOODS)]


def _texts(rows: list[list[ColumnRun]], width: int) -> list[list[str]]:
    return [cell_texts(row, width) for row in rows]


def test_a_single_price_between_two_rulings_is_a_single_row():
    """Names and sizes may wrap as they like beside it."""
    runs = placed([["Hazelnut", "12 x", ""], ["kernels", "500 gr", "88.000"], ["roasted", "", ""]], pitch=12)
    assert _texts(ruled_rows(runs), 3) == [["Hazelnut kernels roasted", "12 x 500 gr", "88.000"]]


def test_lines_between_prices_belong_to_the_price_above_when_that_is_the_first_line():
    """Values at the top of their cells are followed by the rest of the names."""
    runs = placed([["Coconut oil", "45.000"], ["refined", ""], ["Sea salt", "9.750"], ["coarse", ""]], pitch=12)
    assert _texts(ruled_rows(runs), 2) == [["Coconut oil refined", "45.000"], ["Sea salt coarse", "9.750"]]


def test_lines_closer_than_the_rows_of_their_table_are_one_row():
    """The pitch of other pages counts where a page has too few rows to tell its own."""
    one_row = placed([["Coconut oil", "45.000"], ["refined", ""]], pitch=12)
    two_rows = placed([["Coconut oil", "45.000"], ["Sea salt", "9.750"]], pitch=24)
    assert _texts(unruled_rows(one_row, pitch=24), 2) == [["Coconut oil refined", "45.000"]]
    assert _texts(unruled_rows(two_rows, pitch=24), 2) == [["Coconut oil", "45.000"], ["Sea salt", "9.750"]]


def test_the_pitch_is_that_of_rows_with_one_line():
    """Rows whose names wrapped are higher, and a single step tells nothing."""
    lines = group_into_lines(placed([["Oil", "45.000"], ["Rice", "75.000"], ["Salt", "9.750"], ["", ""], ["Tea", "8.250"]], pitch=16))
    assert row_steps(lines) == [16, 16, 32]
    assert row_pitch([16, 16, 32]) == 16
    assert row_pitch([16]) == 0


def test_small_prices_below_each_other_are_rows():
    """Amounts of one or two digits with words of their own beside them are never one amount; a line above nothing but those is a title."""
    rows = [("Pies", ""), ("with meat", "25"), ("with cheese", "22"), ("with apples", "15")]
    assert _texts(unruled_rows(placed(rows, pitch=11), pitch=24), 2) == [
        ["Pies", ""],
        ["with meat", "25"],
        ["with cheese", "22"],
        ["with apples", "15"],
    ]


def test_names_wrapped_above_their_value_go_to_the_nearest():
    """Between two values, the first line of the second name stands nearer to its own."""
    cells = [(0, "Mussels", 0), (1, "930", 0), (0, "Clams", 17), (0, "in a hot sauce", 27), (1, "690", 27)]
    runs = [ColumnRun(column, run(column * 100, text, y)) for column, text, y in cells]
    assert _texts(unruled_rows(runs, pitch=22), 2) == [["Mussels", "930"], ["Clams in a hot sauce", "690"]]


def test_titles_of_two_words_are_no_start_of_the_row_below():
    """A header stands as close as rows do, and one of its titles has no cell below it."""
    rows = [("Item", "Unit", "Unit price", "Remarks"), ("Yoghurt", "box", "1398,37 EUR", ""), ("Pepper", "pcs", "934,54 EUR", "new")]
    assert _texts(unruled_rows(placed(rows, pitch=14), pitch=14), 4) == [list(row) for row in rows]


def test_cells_that_wrap_in_every_row_are_joined():
    """No two lines with values follow each other: the rest of a cell stands nearer to its own row than to the next."""
    names = [("Coconut oil", "2 l"), ("Palm sugar", "500 g"), ("Sea salt", "coarse"), ("Cloves", "250 g")]
    runs: list[ColumnRun] = []
    for i, (first, rest) in enumerate(names):
        y = 26.0 * i
        runs += [ColumnRun(0, run(0, first, y)), ColumnRun(1, run(100, f"{i + 4}.500", y)), ColumnRun(0, run(0, rest, y + 10))]
    assert _texts(unruled_rows(runs), 2) == [[f"{first} {rest}", f"{i + 4}.500"] for i, (first, rest) in enumerate(names)]


def test_titles_between_rows_as_long_as_each_other_stay_apart():
    """Where most rows have no room for another word and none goes on below, a line of words between them is a title."""
    rows = [("Rice basmati", "4.500"), ("Rice jasmine", "4.700"), ("Rice arborio", "5.100"), ("Dairy", ""), ("Milk organic", "2.100")]
    rows += [("Milk skimmed", "1.900"), ("Yoghurt thick", "3.300"), ("Butter salted", "4.100")]
    assert _texts(unruled_rows(placed(rows, pitch=14), pitch=14), 2) == [list(row) for row in rows]


def test_names_wrapped_above_their_values_are_rows():
    """Lines of a cell stand nearer to each other than rows do, the values beside the last; titles and texts below do not."""
    cells = [
        (0, "Trout", 0),
        (0, "with lemon", 12),
        (1, "12,50", 12),
        (0, "Salmon", 30),
        (0, "steamed", 42),
        (0, "in milk", 54),
        (1, "14,00", 54),
    ]
    runs = [ColumnRun(column, run(column * 100, text, y)) for column, text, y in cells]
    assert _texts(unruled_rows(runs), 2) == [["Trout with lemon", "12,50"], ["Salmon steamed in milk", "14,00"]]
    rows = [("Fish", ""), ("Trout", "12,50"), ("with lemon", ""), ("Salmon", "14,00")]
    assert _texts(unruled_rows(placed(rows, pitch=18)), 2) == [list(row) for row in rows]


def test_a_description_in_smaller_type_is_no_part_of_a_name():
    """It stands between the rows nearer to the one above, and is a line of its own."""
    page = Paper()
    for i, name in enumerate(("Grilled trout", "Roast duck", "Onion tart", "Pike")):
        page.row(100 + 31 * i, [(40, name), (260, f"{12 + i},50 EUR")])
        if i != 2:
            page.text(40, 112 + 31 * i, f"with sauce no. {i}", size=7)
    assert [row[0] for row in rows_of(pdf(page))] == [
        *("Grilled trout", "with sauce no. 0", "Roast duck", "with sauce no. 1", "Onion tart", "Pike", "with sauce no. 3")
    ]
