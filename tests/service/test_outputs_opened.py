"""Every file that the program hands out, opened as a spreadsheet opens it: no text of a list is a formula, a link or a macro there."""

import csv
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hostile_catalogues import FORMULA_TEXTS, hostile_rows, write_catalogue
from typer.testing import CliRunner

from monito_ray import frames
from monito_ray.cli.app import app
from monito_ray.clients.exports import write_list
from monito_ray.clients.output_paths import OutputFormat
from monito_ray.records import ProductRow, RejectedRow
from monito_ray.settings import load_settings
from monito_ray.steps.background.workbook_drawing import draw_workbook, workbook_path
from monito_ray.wiring import open_store

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
#: What a spreadsheet computes when a cell begins with it, after what it takes away.
FORMULA = re.compile(r"[\s\"\x00-\x1f]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?[\d., ]+")
_OFFICE_LIMIT_S = 120


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every output that is opened as a spreadsheet: a list and its rejects, catalogue, basket, report's workbook."""
    folder = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONITO_HOME", str(folder / "home"))
        with open_store(load_settings()) as store:
            write_catalogue(store, FORMULA_TEXTS)
            draw_workbook(store, workbook_path(load_settings()))
        (folder / "home" / "catalog.xlsx").rename(folder / "workbook.xlsx")
        order = folder / "order.txt"
        order.write_text("\n".join(f"2 {text}" for text in ("=1+1;=1+1", "beras", "@SUM(1+9)")), "utf-8")
        for suffix in ("xlsx", "csv"):
            for command in (["export"], ["basket", str(order)]):
                ended = CliRunner().invoke(app, [*command, "--out", str(folder / f"{command[0]}.{suffix}")])
                assert ended.exit_code in {0, 1}, ended.output
            _write_list(folder / f"list.{suffix}", OutputFormat(suffix))
    return folder


def _write_list(path: Path, output_format: OutputFormat) -> None:
    rejects = [
        RejectedRow(original_name=text, source_file=text, source_sheet=text, source_row=1, cells=text, reason="note")
        for text in FORMULA_TEXTS
    ]
    rows = frames.to_table(hostile_rows(FORMULA_TEXTS), ProductRow)
    write_list(rows, frames.to_table(rejects, RejectedRow), path, output_format)


def commands_in(workbook: Path) -> list[str]:
    """Return what of a workbook would do something: formulas, links, and parts of the package that hold programs."""
    found = [name for name in zipfile.ZipFile(workbook).namelist() if re.search(r"vba|macro|externalLink|activeX|embedding", name)]
    for sheet in openpyxl.load_workbook(workbook):
        for row in sheet.iter_rows():
            found += [f"{sheet.title}!{cell.coordinate}: {cell.value}" for cell in row if cell.data_type == "f" or _is_foreign_link(cell)]
    return found


def _is_foreign_link(cell: object) -> bool:
    link = getattr(cell, "hyperlink", None)
    return link is not None and bool(link.target)


def _cells(path: Path, separator: str) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file, delimiter=separator):
            yield from row


def test_the_outputs_are_all_there(outputs: Path):
    """The texts made to hurt reached each file, so that what the other tests do not find was looked for."""
    names = {"workbook.xlsx", "export.xlsx", "export.csv", "basket.xlsx", "basket.csv", "list.xlsx", "list.csv", "list.rejected.csv"}
    assert names <= {path.name for path in outputs.iterdir()}
    for path in outputs.glob("*.csv"):
        assert any("SUM(1" in cell for cell in _cells(path, ",")), path.name


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_a_csv_has_no_formula_whichever_sign_splits_it(outputs: Path, separator: str):
    """Programs of other countries split at other signs than the comma; none finds a cell that begins as a formula."""
    for path in outputs.glob("*.csv"):
        assert [cell for cell in _cells(path, separator) if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == [], path.name


def test_workbooks_have_no_formula_link_or_macro(outputs: Path):
    """What an xlsx of ours holds are texts, numbers and dates."""
    assert {path.name: found for path in outputs.glob("*.xlsx") if (found := commands_in(path))} == {}


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice: apt-get install libreoffice-calc (Debian), or put soffice on the PATH")
@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_libreoffice_computes_nothing_of_them(outputs: Path, separator: str, tmp_path: Path):
    """A real spreadsheet, told to compute whatever is a formula, finds one in a file that has one, and none in ours."""
    planted = tmp_path / "planted.csv"
    planted.write_text(f"a{separator}=1+1\n", "utf-8")
    workbooks = outputs.glob("*.xlsx") if separator == "," else ()
    opened = _open_in_office([planted, *outputs.glob("*.csv"), *workbooks], separator, tmp_path)
    found = {path.name: commands_in(path) for path in opened}
    assert len(found.pop("planted.xlsx")) == 1
    assert {name: commands for name, commands in found.items() if commands} == {}


def _open_in_office(files: list[Path], separator: str, folder: Path) -> list[Path]:
    """Return what LibreOffice makes of each file when it opens and saves it: a CSV split at `separator`, its formulas computed."""
    opened = []
    for suffix, options in ((".csv", (f"--infilter=CSV:{ord(separator)},34,76,1,,0,false,true,false,false,false,-1,true",)), (".xlsx", ())):
        own = [path for path in files if path.suffix == suffix]
        if not own:
            continue
        target = folder / f"from{suffix}"
        command = [str(OFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", *options, "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", target, *own], check=True, capture_output=True, timeout=_OFFICE_LIMIT_S)
        opened += [target / f"{path.stem}.xlsx" for path in own]
    return opened
