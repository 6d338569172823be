"""The figures of an evaluation, and that they can be kept."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from rows import RICE

from monito_ray.errors import FileUnusable
from monito_ray.evaluation.labelled_rows import LabelledRow, Truth
from monito_ray.evaluation.report import FieldTruth, calibration_error, from_json, make_report, to_json
from monito_ray.records import ProductRow, RawRow


def _pair(number: int, brand: str, claim: float) -> tuple[LabelledRow, ProductRow]:
    raw = RawRow(source_file="a.csv", source_sheet="csv", source_row=number, original_name="Tea", price=Decimal(1))
    return LabelledRow(raw, Truth(brand="Zarvex")), replace(RICE, brand=brand, field_confidence=json.dumps({"brand": claim}))


def test_a_field_is_counted_over_the_rows_that_settle_it():
    """Right rows, those in which it is not blank, and how far its confidence is from the truth."""
    report = make_report([_pair(2, "Zarvex", 0.9), _pair(3, "", 0.7), _pair(4, "Wrong", 0.9), _pair(5, "Zarvex", 0.9)])
    truth = report.fields["brand"]
    assert (truth.right, truth.total, truth.filled, truth.filled_right) == (2, 4, 3, 2)
    assert truth.calibration_error == pytest.approx((abs(2.7 - 2) + 0.7) / 4)
    assert report.verdicts["a.csv:3"] == {"brand": False}


def test_the_interval_is_wilsons():
    """Nine of ten: 0.596 to 0.982, the textbook's figures."""
    low, high = FieldTruth(9, 10, 10, 9).interval
    assert (low, high) == pytest.approx((0.596, 0.982), abs=0.001)


def test_a_claim_that_comes_true_has_no_error():
    """Nine of ten rows right that claim 0.9."""
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0)
    assert calibration_error([(0.9, False)] * 10) == pytest.approx(0.9)


def test_a_report_comes_back_as_it_was():
    """And a text that is no report is refused by the file's name."""
    report = make_report([_pair(2, "Zarvex", 0.9)], seconds=1.5)
    assert from_json(json.dumps(to_json(report)), "before.json") == report
    with pytest.raises(FileUnusable, match="odd"):
        from_json("{}", "odd.json")
