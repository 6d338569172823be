"""The report's reasons and categories in the reader's language."""

from dataclasses import replace
from decimal import Decimal

from reports import COMPARISON, OFFER, REPORT

from monito_ray.catalog.sheets.review import Doubt
from monito_ray.messages import Messages
from monito_ray.messages.review_texts import report_in_language
from monito_ray.plans.planned_report import PricedName, RowToReview, SameQuestion

JUMP = "10 times its last price: 14,000 → 140,000"
NAME = PricedName("Garlic", "Toko A", Decimal(40_000), "IDR")


def test_the_report_gives_its_reasons_in_the_readers_language():
    """Categories, suspicions, doubts of rows and open questions, with numbers as they are written there; in English it is as it was."""
    report = replace(
        REPORT,
        comparisons=(replace(COMPARISON, category="dairy & eggs", offers=(replace(OFFER, suspicion=JUMP),)),),
        rows_to_review=(RowToReview(f"{JUMP}; {Doubt.NO_SIZE}", "Tomat", "Toko A", Decimal(140_000), "IDR", "june.xlsx, Harga, 4"),),
        review_reasons=((Doubt.NO_SIZE, 3),),
        questions=(SameQuestion(NAME, NAME, 'Only one of them says "kating".'), SameQuestion(NAME, NAME, "zzz")),
    )
    assert report_in_language(Messages("en"), report) == report
    local = report_in_language(Messages("id"), report)
    (comparison,), (row,) = local.comparisons, local.rows_to_review
    assert (comparison.category, comparison.offers[0].suspicion) == ("produk susu & telur", "10 kali harga terakhirnya: 14.000 → 140.000")
    assert row.why.startswith("10 kali harga terakhirnya: 14.000 → 140.000; ")
    assert not {row.why.split("; ")[1], local.review_reasons[0][0], local.questions[0].reason} & {
        str(Doubt.NO_SIZE),
        report.questions[0].reason,
    }
    assert local.questions[1].reason == "zzz"
