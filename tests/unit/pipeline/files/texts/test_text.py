"""Text files as sheets: delimiters, quotes, line numbers."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray import errors
from monito_ray.pipeline.files.texts.text import read_text


@pytest.mark.parametrize(
    ("text", "second_row"),
    [
        ("name,price\nPlums,100\n", ["Plums", "100"]),
        ("name;price\nPlums;4,50\n", ["Plums", "4,50"]),
        ("name\tprice\nPlums, dried\t4,50\n", ["Plums, dried", "4,50"]),
        ("name|price\nPlums; dried|4\n", ["Plums; dried", "4"]),
        ("name^price\nPlums^4\n", ["Plums", "4"]),
        ('name,price\n"Plums, ""dried""","4,500"\n', ['Plums, "dried"', "4,500"]),
        ("name;price\nPlums, dried, 1,5 kg;4,50\nPears, sweet;5,00\n", ["Plums, dried, 1,5 kg", "4,50"]),
        ("name,price\nPlums 5,25000\nPears 7,30000\n", ["Plums 5", "25000"]),
        ("1001,2500,12\n1002,2600,24\n", ["1002", "2600", "24"]),
        ('name;code\nPlums;="00120"\n', ["Plums", "00120"]),
        ("name;price;;\nPlums;4;;\n", ["Plums", "4"]),
        ("List of June, all in Rp\n\nname,price,unit\n", [""]),
        ("Plums 25,500\nPears 30,000\nFigs 12,750\n", ["Pears 30,000"]),
        ("only one column\nof words\n", ["of words"]),
    ],
)
def test_the_delimiter_is_the_one_that_splits_evenly(text: str, second_row: list[str]):
    """Commas in numbers and texts are no delimiters, quotes are respected, empty columns at the right are left out."""
    row = read_text(text.encode(), "a.csv")[0].rows[1]
    assert list(row)[: len(second_row)] == second_row
    assert not any(row[len(second_row) :])


def test_letterhead_does_not_hide_the_delimiter():
    """A few lines of prose over a table leave it a table."""
    text = "CV Our Own Example\nJl. Raya 1, Kuta, Bali\n\n" + "".join(f"Item {n},{n}500,kg\n" for n in range(20))
    rows = read_text(text.encode(), "a.csv")[0].rows
    assert list(rows[3]) == ["Item 0", "0500", "kg"]
    assert list(rows[22]) == ["Item 19", "19500", "kg"]


@pytest.mark.parametrize("sign", [";", ",", "|", "#"])
def test_a_sep_line_is_obeyed_and_left_out(sign: str):
    """`sep=` in the first line names the delimiter; rows keep the numbers of their lines."""
    sheet = read_text(f"sep={sign}\na{sign}b,c;d\n".replace("b,c;d", "b").encode(), "a.csv")[0]
    assert [list(row) for row in sheet.rows] == [["a", "b"]]
    assert sheet.row_number(0) == 2


def test_records_have_the_line_they_start_at():
    """After a cell of several lines and an empty line, row numbers are still those of the lines."""
    sheet = read_text(b'name,price\r\n"Plums\r\ndried",4\r\n\r\nPears,5\r\n', "a.csv")[0]
    assert sheet.name == "csv"
    assert [(sheet.row_number(index), list(row)) for index, row in enumerate(sheet.rows)] == [
        (1, ["name", "price"]),
        (2, ["Plums\ndried", "4"]),
        (4, ["", ""]),
        (5, ["Pears", "5"]),
    ]


def test_a_quotation_mark_left_open_swallows_no_lines():
    """One cell that begins with inches does not take the rest of the list with it."""
    text = 'name;price\n"3/4 pipe;10\n' + "".join(f'"Item {n}";{n}\n' for n in range(100))
    rows = read_text(text.encode(), "a.csv")[0].rows
    assert len(rows) == 102
    assert list(rows[101]) == ["Item 99", "99"]


def test_large_and_long_texts_are_read_in_reasonable_time():
    """Megabytes in short lines or in one line take seconds, and lines too uneven to be held are refused."""
    start = time.process_time()
    assert len(read_text(b"Oat biscuits;21500\n" * 40_000, "a.csv")[0].rows) == 40_000
    assert len(read_text(b"x" * 3_000_000, "a.csv")[0].rows) == 1
    assert time.process_time() - start < 3
    with pytest.raises(errors.FileTooLarge, match="cells"):
        read_text(b"a;b\n" * 30_000 + b";" * 1000 + b"x\n", "a.csv")


_CELL = st.text(st.sampled_from('abz"; ,\n59'), max_size=8)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=2, max_size=12), sign=st.sampled_from(";,\t|"))
def test_a_quoted_table_is_read_back(rows: list[list[str]], sign: str):
    """With its delimiter named, any quoted table comes back cell by cell."""
    quoted = "".join(sign.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    read = [list(row) for row in read_text(f"sep={sign}\n{quoted}".encode(), "a.csv")[0].rows]
    expected = [[cell if any(rest.strip() for rest in row[index:]) else "" for index, cell in enumerate(row)] for row in rows]
    while expected and not any(cell.strip() for cell in expected[-1]):
        expected.pop()
    width = max((index + 1 for row in expected for index, cell in enumerate(row) if cell.strip()), default=0)
    assert read == [row[:width] for row in expected]


def test_two_columns_under_titles_are_split_though_names_end_in_digits():
    """A comma before "4.86" is none within a number."""
    text = "Item,Price\nTea 330,4.86\nCoffee 250,21.51\nSugar 1,18.00\nRice,60.50\n"
    assert [list(row) for row in read_text(text.encode(), "list.csv")[0].rows][1] == ["Tea 330", "4.86"]


def test_decimal_commas_under_words_delimit_nothing():
    """Though each line has one comma."""
    text = "Drinks, food\nTea 4,80\nCoffee 21,50\nSugar 18,00\nRice 60,50\n"
    assert max(len(row) for row in read_text(text.encode(), "list.txt")[0].rows) == 1
