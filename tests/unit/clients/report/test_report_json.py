"""The data of the page: columns of equal length, repeated texts once, nothing that turns the text around it."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from reports import COMPARISON, OFFER, REPORT

from monito_ray.clients.report.report_json import report_json
from monito_ray.plans.planned_report import DatedPrice, LeftOut, RowToReview


def test_each_offer_is_found_behind_those_of_the_products_before():
    """The columns of offers are as long as the sum of the products' counts."""
    report = replace(REPORT, comparisons=(COMPARISON, replace(COMPARISON, offers=(OFFER,) * 3)))
    data = report_json(report)
    assert data["products"]["offers"] == [1, 3]
    lengths = {len(column) for column in data["offers"].values() if isinstance(column, list)}
    assert lengths == {4}
    assert {len(column) for column in data["products"].values() if isinstance(column, list)} == {2}


def test_repeated_texts_stand_once():
    """A hundred products of one name have one text."""
    data = report_json(replace(REPORT, comparisons=(COMPARISON,) * 100))
    assert data["texts"].count(COMPARISON.name) == 1
    assert set(data["products"]["name"]) == {data["texts"].index(COMPARISON.name)}


def test_amounts_are_numbers_and_days_are_counted():
    """Whole amounts are whole, others keep their decimals, and what never changed has no history."""
    history = (DatedPrice(date(1970, 1, 2), Decimal("1.5")), DatedPrice(date(1970, 1, 11), Decimal(2)))
    offers = (replace(OFFER, price=Decimal("120000.000000"), base_price=Decimal("15.25"), history=history), OFFER)
    data = report_json(replace(REPORT, comparisons=(replace(COMPARISON, offers=offers),)))
    assert data["offers"]["price"][0] == 120_000
    assert isinstance(data["offers"]["price"][0], int)
    assert data["offers"]["base"][0] == 15.25
    assert data["offers"]["history"] == {0: [1, 1.5, 10, 2]}


def test_marks_that_turn_a_text_around_are_gone():
    """A name with an override of direction, zero-width marks and line breaks is one plain line."""
    odd = "Cola\u202e lld\u200b\nx\ufeff"
    offer = replace(OFFER, original_name=odd, suspicion=odd)
    report = replace(
        REPORT,
        comparisons=(replace(COMPARISON, name=odd, mark=odd, offers=(offer,)),),
        rows_to_review=(RowToReview(odd, odd, odd, Decimal(1), "IDR", odd),),
        left_out=(LeftOut(odd, date(2026, 1, 1), 3),),
        made_at=datetime(2026, 7, 3, 12, tzinfo=UTC),
    )
    text = json.dumps(report_json(report), ensure_ascii=False)
    assert "Cola  lld x" in text.replace("Cola lld", "Cola  lld")
    assert not set("\u202e\u200b\ufeff") & set(text)
    assert "\\n" not in text
