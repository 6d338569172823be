"""Text files as sheets: encodings, delimiters, quotes, columns of blanks."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monito_ray import errors
from monito_ray.pipeline.files import encodings
from monito_ray.pipeline.files import text as textfile

_RUSSIAN = "Наименование;Цена\nЧай листовой 100 г;120,50\nКофе молотый 250 г;430\nМОЛОКО ПАСТЕРИЗОВАННОЕ 1 Л;89\n"
_UKRAINIAN = "Назва;Ціна\nГречка їдальня 1 кг;45\nОлія соняшникова;60\n"
_SPANISH = "Descripción;Precio\nJabón para niños;12,50\nÁrbol pequeño;30\n"
_GERMAN = "Artikel;Preis\nMüsli süß 500 g;3,49\nKäse Größe M;5,20\n"
_POLISH = "Nazwa;Cena\nŻółty ser gouda święty;12\nMąka pszenna łąka;3\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (_RUSSIAN, name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866", "iso8859_5", "mac_cyrillic")
        ),
        *((_UKRAINIAN, name) for name in ("utf-8", "cp1251", "utf-16-le")),
        *((_SPANISH, name) for name in ("utf-8", "cp1252", "latin-1", "cp850", "utf-16-be")),
        *((_GERMAN, name) for name in ("cp1252", "mac_roman", "utf-32")),
        *((_POLISH, name) for name in ("cp1250", "iso8859_2", "cp852")),
        ("สินค้า,ราคา\nน้ำปลา 700 มล.,32\nข้าวหอมมะลิ,210\n", "cp874"),
        ("פריט,מחיר\nשמן זית,32\nסוכר לבן,25\nקמח מלא,9\n", "cp1255"),
        ("Προϊόν;Τιμή\nΕλαιόλαδο;8.9\nΦέτα τυρί;11\n", "cp1253"),
        ("品名,单价\n酱油,12\n陈醋,9\n芝麻油,22\n大米,36\n", "gb18030"),
        ("品名,單價\n醬油,12\n陳醋,9\n芝麻油,22\n大米,36\n", "big5"),
        *(("品名,価格\nしょうゆ 500ml,320\n味噌 1kg,480\nコーヒー,900\n", name) for name in ("shift_jis", "euc_jp")),
        ("품명,가격\n간장 500ml,3200\n된장 1kg,4800\n커피,9000\n", "euc_kr"),
        ("Item;Price\nTea;£2.50\nCoffee;€3\n", "cp1252"),
        ("Name;Price\nTea (чай);100\n", "cp1251"),
    ],
)
def test_the_encoding_is_told_from_the_text(text: str, encoding: str):
    """A list comes out as it was typed, whatever encoding it was saved in."""
    assert encodings.decode_text(text.encode(encoding), "list.csv") == text


def test_a_character_cut_in_two_does_not_spoil_the_rest():
    """UTF-8 that ends within a character, or has one broken byte among many, stays UTF-8."""
    data = _RUSSIAN.encode()
    cut = data[: data.rindex("Л".encode()) + 1]
    assert encodings.decode_text(cut, "a.csv").startswith(_RUSSIAN[:80])
    assert encodings.decode_text(data.replace(b"\n", b"\xff\n", 1), "a.csv").endswith(_RUSSIAN[20:])


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 50, b"\x1f\x1e\x05" * 30])
def test_bytes_that_are_no_text_are_refused(data: bytes):
    """Binary content is no list of one strange column."""
    with pytest.raises(errors.FileFormatUnknown, match=r"^a\.txt: "):
        textfile.read_text(data, "a.txt")


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
def test_the_delimiter_is_the_one_that_cuts_evenly(text: str, second_row: list[str]):
    """Delimiters are told from commas in numbers and texts, quotes are respected, empty columns at the right are left out."""
    row = textfile.read_text(text.encode(), "a.csv")[0].rows[1]
    assert list(row)[: len(second_row)] == second_row
    assert not any(row[len(second_row) :])


def test_letterhead_does_not_hide_the_delimiter():
    """A few lines of prose over a table leave it a table."""
    text = "CV Our Own Example\nJl. Raya 1, Kuta, Bali\n\n" + "".join(f"Item {n},{n}500,kg\n" for n in range(20))
    rows = textfile.read_text(text.encode(), "a.csv")[0].rows
    assert list(rows[3]) == ["Item 0", "0500", "kg"]
    assert list(rows[22]) == ["Item 19", "19500", "kg"]


@pytest.mark.parametrize("sign", [";", ",", "|", "#"])
def test_a_sep_line_is_obeyed_and_left_out(sign: str):
    """`sep=` in the first line names the delimiter; rows keep the numbers of their lines."""
    sheet = textfile.read_text(f"sep={sign}\na{sign}b,c;d\n".replace("b,c;d", "b").encode(), "a.csv")[0]
    assert [list(row) for row in sheet.rows] == [["a", "b"]]
    assert sheet.row_number(0) == 2


def test_records_have_the_line_they_start_at():
    """After a cell of several lines and an empty line, row numbers are still those of the lines."""
    sheet = textfile.read_text(b'name,price\r\n"Plums\r\ndried",4\r\n\r\nPears,5\r\n', "a.csv")[0]
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
    rows = textfile.read_text(text.encode(), "a.csv")[0].rows
    assert len(rows) == 102
    assert list(rows[101]) == ["Item 99", "99"]


def test_blanks_make_columns_where_no_delimiter_does():
    """Columns stand where white runs down between words; an empty cell stays empty, a title that runs across stays whole."""
    text = (
        "            PRICE LIST OF OUR OWN EXAMPLE SHOP\n"
        "Name                Unit     Price\n"
        "Plums dried         kg      45 000\n"
        "Pears                       30 000\n"
        "Figs in syrup       can    112 500\n"
    )
    rows = [list(row) for row in textfile.read_text(text.encode(), "a.txt")[0].rows]
    assert rows[1:] == [
        ["Name", "Unit", "Price"],
        ["Plums dried", "kg", "45 000"],
        ["Pears", "", "30 000"],
        ["Figs in syrup", "can", "112 500"],
    ]
    assert "PRICE LIST OF OUR OWN EXAMPLE SHOP" in rows[0]


def test_large_and_long_texts_are_read_in_reasonable_time():
    """Megabytes in short lines or in one line take seconds, and lines too uneven to be held are refused."""
    start = time.perf_counter()
    assert len(textfile.read_text(b"Oat biscuits;21500\n" * 150_000, "a.csv")[0].rows) == 150_000
    assert len(textfile.read_text(b"x" * 8_000_000, "a.csv")[0].rows) == 1
    assert time.perf_counter() - start < 6
    with pytest.raises(errors.FileTooLarge, match="cells"):
        textfile.read_text(b"a;b\n" * 100_000 + b";" * 1000 + b"x\n", "a.csv")


@pytest.mark.parametrize("data", [b"x" * 5_000_000 + "é".encode("cp1252"), b"x" * 60_000 + b"\xe9" + b"y" * 60_000, (b"word\xe9" * 20_000)])
def test_no_text_costs_more_than_its_length(data: bytes):
    """Long lines and words do not make the search for the encoding slow."""
    start = time.perf_counter()
    assert textfile.read_text(data, "a.csv")[0].rows[0][0].count("é")
    assert time.perf_counter() - start < 5


_CELL = st.text(st.sampled_from('abz"; ,\n59'), max_size=8)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=2, max_size=12), sign=st.sampled_from(";,\t|"))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]], sign: str):
    """With its delimiter named, any quoted table comes back cell by cell."""
    quoted = "".join(sign.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\n" for row in rows)
    found = [list(row) for row in textfile.read_text(f"sep={sign}\n{quoted}".encode(), "a.csv")[0].rows]
    wanted = [[cell if any(rest.strip() for rest in row[place:]) else "" for place, cell in enumerate(row)] for row in rows]
    while wanted and not any(cell.strip() for cell in wanted[-1]):
        wanted.pop()
    width = max((place + 1 for row in wanted for place, cell in enumerate(row) if cell.strip()), default=0)
    assert found == [row[:width] for row in wanted]
