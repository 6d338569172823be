"""Any file is read or refused in one line."""

from pathlib import Path

import pytest
from bad_files import make_all, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monito_ray import errors
from monito_ray.pipeline.files.ole import MAGIC
from monito_ray.pipeline.files.open import open_sheets

_XML_2003 = b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'


_REFUSED = {
    "empty": errors.FileEmpty,
    "picture": errors.FileWithoutText,
    "truncated": errors.FileDamaged,
    "encrypted": errors.FileEncrypted,
    "scan": errors.FileWithoutText,
    "bomb": errors.FileTooLarge,
    "whole_grid": errors.FileTooLarge,
}


def test_bad_files_are_refused_by_their_fault(tmp_path: Path):
    """Every bad file of the collection is refused with the error of its fault and its own name; one is only too large, one only without prices."""
    paths = make_all(tmp_path)
    assert not paths["missing"].exists()
    for fault, error in _REFUSED.items():
        with pytest.raises(error, match=rf"^{paths[fault].name}: "):
            open_sheets(paths[fault].read_bytes(), paths[fault].name)
    assert open_sheets(paths["without_prices"].read_bytes(), "a.xlsx")[0].rows
    assert paths["over_size"].stat().st_size > 20 * 1024 * 1024


_HEADS = st.sampled_from(
    [b"", b"PK\x03\x04", MAGIC, b"%PDF-1.4\n", b"<html><table>", _XML_2003[:-11], b"\xff\xfe", b"\xef\xbb\xbf", b"sep=;\n", workbook()]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(head=_HEADS, tail=st.binary(max_size=700), suffix=st.sampled_from(["xlsx", "xls", "csv", "pdf", "ods", ""]))
def test_any_bytes_give_sheets_or_a_clear_refusal(head: bytes, tail: bytes, suffix: str):
    """Random bytes, with the beginning of a real format or without, are read or refused, and nothing else happens."""
    try:
        sheets = open_sheets(head + tail, f"x.{suffix}")
    except errors.FileUnusable as error:
        sheets, message = [], str(error)
    else:
        message = "x."
    assert message.startswith("x.")
    assert "\n" not in message
    for sheet in sheets:
        assert len({len(row) for row in sheet.rows}) <= 1
        assert len(sheet.numbers) in (0, len(sheet.rows))
