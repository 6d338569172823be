"""What a person or program finds in an exported file."""

import csv
import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from rows import RICE

from monito_ray.clients.exports import plain_number, shield_formula, write_frame, write_list, write_tables
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.frames import from_table, schema, to_table
from monito_ray.pipeline.products.build import to_frame
from monito_ray.records import Method, ProductRow, RejectedRow

COLUMNS = [
    "original_name", "standardized_name", "brand", "size", "unit", "pack_count", "price_unit", "category", "price", "price_tiers",
    "currency", "base_price", "base_unit", "min_quantity", "supplier", "sku", "list_date", "tax_note", "source_file",
    "source_sheet", "source_row", "confidence", "method", "field_confidence", "doubt", "section",
]  # fmt: skip

SYRUP = ProductRow(
    original_name="Sirup Markisa 460 ml",
    standardized_name="Passion Fruit Syrup",
    brand="Bukit Manis",
    size=Decimal(460),
    unit="ml",
    pack_count=12,
    price_unit="carton",
    category="Syrups",
    price=Decimal(25500),
    price_tiers='{"Karton": 298000}',
    currency="IDR",
    base_price=Decimal("55434.782609"),
    base_unit="l",
    min_quantity=None,
    supplier="CV Contoh",
    sku="00123",
    list_date=date(2026, 6, 1),
    tax_note="PPN 11%",
    source_file="june.xlsx",
    source_sheet="Juni",
    source_row=14,
    confidence=0.9,
    method=Method.RULES,
)
NOTE = RejectedRow(
    original_name="Harga dapat berubah",
    source_file="june.xlsx",
    source_sheet="Juni",
    source_row=200,
    cells='["Harga dapat berubah"]',
    reason="note",
)
FORMATS = list(OutputFormat)


def _put(path: Path, products: list[ProductRow], rejects: list[RejectedRow], output_format: OutputFormat) -> list[Path]:
    return write_list(to_table(products, ProductRow), to_table(rejects, RejectedRow), path, output_format)


def test_columns_are_those_promised():
    """Programs find the columns of every format under the agreed names, in the agreed order."""
    assert [field.name for field in fields(ProductRow)] == COLUMNS


@pytest.mark.parametrize("output_format", FORMATS)
def test_each_format_holds_products_and_rejects(tmp_path: Path, output_format: OutputFormat):
    """Every format gives the product columns in order, and the rejects in their place."""
    path = tmp_path / f"june.{output_format}"
    made = _put(path, [SYRUP], [NOTE], output_format)
    products, rejects = {
        OutputFormat.XLSX: _xlsx,
        OutputFormat.CSV: _both(_csv_rows),
        OutputFormat.JSONL: _both(_jsonl_rows),
        OutputFormat.PARQUET: _both(_parquet_rows),
    }[output_format](made)
    assert list(products[0]) == COLUMNS
    assert products[0]["original_name"] == SYRUP.original_name
    assert rejects[0]["reason"] == "note"


def _xlsx(made: list[Path]) -> tuple[list[dict], list[dict]]:
    book = openpyxl.load_workbook(made[0])
    return _sheet_rows(book["Products"]), _sheet_rows(book["Rejected"])


def _sheet_rows(sheet: Worksheet) -> list[dict]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _both(read: Callable[[Path], list[dict]]) -> Callable[[list[Path]], tuple[list[dict], list[dict]]]:
    return lambda made: (read(made[0]), read(made[1]))


def _csv_rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _jsonl_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _parquet_rows(path: Path) -> list[dict]:
    return pq.read_table(path).to_pylist()


def test_csv_writes_numbers_as_people_do(tmp_path: Path):
    """A CSV has no trailing zeros and no exponents, and starts with the mark by which Excel knows UTF-8."""
    small = replace(SYRUP, price=Decimal("25500.500000"), base_price=Decimal("0.000001"))
    path = _put(tmp_path / "june.csv", [SYRUP, small], [], OutputFormat.CSV)[0]
    first, second = _csv_rows(path)
    assert (first["price"], first["size"], first["min_quantity"], first["list_date"]) == ("25500", "460", "", "2026-06-01")
    assert (second["price"], second["base_price"]) == ("25500.5", "0.000001")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_jsonl_numbers_are_exact(tmp_path: Path):
    """JSON numbers carry the very digits of the money, without exponents or quotes."""
    row = replace(SYRUP, price=Decimal("12345678901234567.89"), base_price=Decimal("0.000001"))
    path = _put(tmp_path / "june.jsonl", [row], [], OutputFormat.JSONL)[0]
    text = path.read_text(encoding="utf-8")
    assert '"price": 12345678901234567.89,' in text
    assert '"base_price": 0.000001,' in text
    assert '"min_quantity": null,' in text
    assert json.loads(text)["list_date"] == "2026-06-01"


def test_jsonl_has_one_object_a_line(tmp_path: Path):
    """A text with exotic line breaks or quotes stays within its line, whichever way the reader splits."""
    odd = 'Keju\u2028\u0085 "Tua" \\ \n 1kg'
    rows = _jsonl_rows(_put(tmp_path / "june.jsonl", [replace(SYRUP, original_name=odd)], [], OutputFormat.JSONL)[0])
    assert [row["original_name"] for row in rows] == [odd]


def test_parquet_is_raw(tmp_path: Path):
    """Parquet gives back the records exactly."""
    row = replace(SYRUP, original_name="=1+1")
    assert from_table(pq.read_table(_put(tmp_path / "june.parquet", [row], [], OutputFormat.PARQUET)[0]), ProductRow) == [row]


def test_xlsx_cells_cannot_command(tmp_path: Path):
    """No text of a list becomes a formula, a link or a number in the xlsx; leading zeros stay, endless texts are cut."""
    row = replace(SYRUP, original_name='=HYPERLINK("http://x","y")', brand="http://example.com", tax_note="x" * 40_000)
    sheet = openpyxl.load_workbook(_put(tmp_path / "june.xlsx", [row], [], OutputFormat.XLSX)[0])["Products"]
    cells = {sheet.cell(1, column).value: sheet.cell(2, column) for column in range(1, len(COLUMNS) + 1)}
    assert all(cells[name].data_type in "snd" for name in cells)
    assert (cells["original_name"].data_type, cells["original_name"].value) == ("s", row.original_name)
    assert cells["brand"].hyperlink is None
    assert (cells["sku"].data_type, cells["sku"].value) == ("s", "00123")
    assert len(cells["tax_note"].value) == 32_767


def test_xlsx_is_made_for_reading(tmp_path: Path):
    """The header is frozen and filtered, and money shows thousands."""
    sheet = openpyxl.load_workbook(_put(tmp_path / "june.xlsx", [SYRUP], [], OutputFormat.XLSX)[0])["Products"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:Z2"
    assert sheet.cell(2, COLUMNS.index("price") + 1).number_format == "#,##0"
    assert sheet.cell(2, COLUMNS.index("base_price") + 1).number_format == "#,##0.00"
    assert sheet.cell(2, COLUMNS.index("list_date") + 1).is_date


@pytest.mark.parametrize("output_format", FORMATS)
def test_nothing_to_write_is_written_too(tmp_path: Path, output_format: OutputFormat):
    """A list without a row gives files with columns and no rows, over whatever an earlier run left there."""
    path = tmp_path / f"june.{output_format}"
    _put(path, [SYRUP], [NOTE], output_format)
    made = _put(path, [], [], output_format)
    read = {
        OutputFormat.XLSX: _xlsx,
        OutputFormat.CSV: _both(_csv_rows),
        OutputFormat.JSONL: _both(_jsonl_rows),
        OutputFormat.PARQUET: _both(_parquet_rows),
    }[output_format]
    assert read(made) == ([], [])
    assert sorted(tmp_path.iterdir()) == sorted(made)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("Keju Tua", "Keju Tua"),
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("'=1+1", "''=1+1"),
        ("-10", "-10"),
        ("+62 361 555", "+62 361 555"),
        ("- Saus", "'- Saus"),
        ("", ""),
        ("\t=1+1", "\t'=1+1"),
        ("Beras;=cmd|'/C calc'!A0;x", "Beras;'=cmd|'/C calc'!A0;x"),
        ('Beras; "=1";\t@SUM(1)\r\n+1+1', "Beras; \"'=1\";\t'@SUM(1)\r\n'+1+1"),
        ("a;'=1;-5", "a;''=1;'-5"),
        ("a=b, c-d 'x'=y", "a=b, c-d 'x'=y"),
    ],
)
def test_csv_texts_cannot_command(text: str, cell: str):
    """What a spreadsheet would compute stands behind an apostrophe; plain numbers do not."""
    assert shield_formula(text) == cell


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("25500.000000"), "25500"),
        (Decimal("1E+5"), "100000"),
        (Decimal("0.000000"), "0"),
        (Decimal(100), "100"),
        (Decimal("1.50"), "1.5"),
        (1e-06, "0.000001"),
        (0.95, "0.95"),
        (1.0, "1"),
        (Decimal("-0.10"), "-0.1"),
    ],
)
def test_plain_numbers(number: Decimal | float, text: str):
    """Numbers are written in digits alone."""
    assert plain_number(number) == text


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    """A result that cannot be finished changes nothing and leaves no scraps."""
    path = tmp_path / "june.csv"
    path.write_text("old")
    broken = to_table([SYRUP], ProductRow).drop_columns(["price"])
    with pytest.raises(KeyError):
        write_list(broken, to_table([], RejectedRow), path, OutputFormat.CSV)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("form", OutputFormat)
def test_tables_are_written_below_one_another(form: OutputFormat, tmp_path: Path):
    """In order and under one header; the number of rows is returned, also 0."""
    path = tmp_path / f"all.{form}"
    tables = [to_table([RICE, SYRUP], ProductRow), to_table([], ProductRow), to_table([RICE], ProductRow)]
    for parts, names in ((tables, [RICE, SYRUP, RICE]), ([], [])):
        assert write_tables("Catalogue", schema(ProductRow), iter(parts), path, form) == len(names)
        if form is OutputFormat.XLSX:
            written = [row[0] for row in openpyxl.load_workbook(path)["Catalogue"].iter_rows(min_row=2, values_only=True)]
        elif form is OutputFormat.PARQUET:
            written = pq.read_table(path).column("original_name").to_pylist()
        elif form is OutputFormat.JSONL:
            written = [json.loads(line)["original_name"] for line in path.read_text().splitlines()]
        else:
            written = [row["original_name"] for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
        assert [name for name in written if name] == [row.original_name for row in names]


@pytest.mark.parametrize("rows", [[], [replace(RICE, size=None, base_price=None)], [RICE]])
def test_a_frame_is_written_with_the_types_of_a_list(rows: list[ProductRow], tmp_path: Path):
    """Whatever its rows hold, also none; a column of its own keeps its type."""
    frame = to_frame(rows)
    frame.insert(0, "number", range(len(rows)))
    path = write_frame("Catalogue", frame, tmp_path / "catalogue.parquet", OutputFormat.PARQUET)
    table = pq.read_table(path)
    assert [(column.name, column.type) for column in table.schema][1:] == [(column.name, column.type) for column in schema(ProductRow)]
    assert table.num_rows == len(rows)
