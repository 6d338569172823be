"""Reading the sheet Review that a person edited."""

from pathlib import Path

import pandas as pd
import pytest

from monito_ray.clients.review_import import read_review_rows
from monito_ray.errors import FileMissing, FileUnusable

FRAME = pd.DataFrame([["Oil", "0012", "NA", ""]], columns=["Product", "SKU", "Brand", "Note"])


@pytest.mark.parametrize("name", ["copy.xlsx", "copy.CSV"])
def test_cells_are_texts_as_they_stand(name: str, tmp_path: Path):
    """Leading zeros stay, "NA" is a brand and no gap, and other columns are left out."""
    if name.endswith("CSV"):
        FRAME.to_csv(tmp_path / name, index=False)
    else:
        FRAME.to_excel(tmp_path / name, sheet_name="Review", index=False)
    assert read_review_rows(tmp_path / name, "Review", ("SKU", "Brand", "Product")) == [{"SKU": "0012", "Brand": "NA", "Product": "Oil"}]


def test_what_is_no_review_is_named(tmp_path: Path):
    """A missing file, a workbook without the sheet, bytes of no workbook, and a missing column are each an error that says so."""
    with pytest.raises(FileMissing, match=r"gone\.xlsx"):
        read_review_rows(tmp_path / "gone.xlsx", "Review", ())
    FRAME.to_excel(tmp_path / "other.xlsx", sheet_name="Other", index=False)
    (tmp_path / "bytes.xlsx").write_bytes(b"hello")
    for name in ("other.xlsx", "bytes.xlsx"):
        with pytest.raises(FileUnusable, match=f"{name}: it is no workbook with a sheet Review"):
            read_review_rows(tmp_path / name, "Review", ())
    FRAME.to_csv(tmp_path / "copy.csv", index=False)
    with pytest.raises(FileUnusable, match="lacks the columns Pack"):
        read_review_rows(tmp_path / "copy.csv", "Review", ("Product", "Pack"))
