"""Currencies that only the number formats of a workbook show."""

import io
import struct

import pytest
import xlsxwriter
from raw_workbooks import BOF, biff8

from monito_ray.pipeline.files import biff, number_formats, ole
from monito_ray.pipeline.rows import price_list

GOODS = [("Рис круглый 1 кг", 450), ("Гречка 800 г", 520), ("Мука 2 кг", 610), ("Сахар 1 кг", 480), ("Соль 1 кг", 95)]


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("#,##0.00", ""),
        ("General", ""),
        ("[$Rp-421]#,##0", "IDR"),
        ('#,##0"р."', "RUB"),
        ("#,##0.00[$р.-419]", "RUB"),
        ("#,##0[$р.-423]", "BYN"),
        ("[$$-2C0A] #,##0", "ARS"),
        ("[$$-240A]#,##0;[Red]-[$$-240A]#,##0", "COP"),
        ("[$₸-43F]", "KZT"),
        ("[$₸-43f]", "KZT"),
        ("[$€-2] #,##0.00", "EUR"),
        ("#,##0\\ [$тг.-43F]", "KZT"),
        ('#,##0 "шт"', ""),
        ("[$-409]d-mmm-yy", ""),
        ('0.0"%"', ""),
        ('"Rp"#,##0', "IDR"),
        ("#,##0\\ \\₽", "RUB"),
    ],
)
def test_a_format_draws_its_currency(code: str, currency: str):
    """By the sign, or by the locale where several countries share it; units, dates and percentages are none."""
    assert number_formats.currency_of_number_format(code) == currency


def _xlsx(code: str, head: str = "Прайс-лист") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, money = book.add_worksheet("Лист1"), book.add_format({"num_format": code})
        sheet.write_row(0, 0, [head])
        sheet.write_row(1, 0, ["Наименование", "Цена"])
        for row, (name, price) in enumerate(GOODS, 2):
            sheet.write(row, 0, name)
            sheet.write_number(row, 1, price, money)
    return out.getvalue()


def test_the_currency_of_an_xlsx_is_the_one_that_people_see():
    """A format counts for more than the language, and for less than the list's own words."""
    assert price_list.read_price_list(_xlsx('#,##0"\xa0₸"'), "a.xlsx").currency == "KZT"
    assert price_list.read_price_list(_xlsx("#,##0"), "a.xlsx").currency == "RUB"
    rows = price_list.read_price_list(_xlsx("[$$-409]#,##0", "Цены в тенге"), "a.xlsx").rows
    assert set(rows.column("currency").to_pylist()) == {"KZT"}


def _xls(code: str) -> bytes:
    """A workbook of Excel 97 with one format of its own, on the second column."""
    head = biff8((BOF, struct.pack("<HHI", 0x600, 5, 0)), (0x42, b"\xb0\x04"), (biff.FORMAT, struct.pack("<H", 164) + _wide_text(code)))
    head += biff8(*((biff.XF, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, 164)))
    start = len(head) + 4 + 12 + 4
    listed = biff8((biff.BOUND_SHEET, struct.pack("<IBBBB", start, 0, 0, 4, 0) + b"June"), (biff.EOF, b""))
    cells = []
    for row, (name, price) in enumerate(GOODS):
        cells += [(biff.LABEL, struct.pack("<HHH", row, 0, 0) + _wide_text(name)), (biff.NUMBER, struct.pack("<HHHd", row, 1, 1, price))]
    sheet = biff8((BOF, struct.pack("<HHI", 0x600, 16, 0)), *cells, (biff.EOF, b""))
    return ole.build_compound_file("Workbook", head + listed + sheet)


def _wide_text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def test_the_currency_of_an_xls_is_the_one_that_people_see():
    """Its records hold the formats and styles."""
    assert price_list.read_price_list(_xls('#,##0"\xa0₸"'), "a.xls").currency == "KZT"
    assert price_list.read_price_list(_xls("[$грн.-422]#,##0"), "a.xls").currency == "UAH"
    assert price_list.read_price_list(_xls("#,##0"), "a.xls").currency == ""
