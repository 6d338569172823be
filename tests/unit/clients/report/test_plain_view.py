"""The extract for where no script runs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reports import COMPARISON, OFFER, REPORT, TEXTS

from monito_ray.clients.report.plain_view import MOST_PRODUCTS, plain_view
from monito_ray.clients.report.report_words import report_words
from monito_ray.plans.planned_report import ReportedChange

WORDS = report_words(lambda text: text, {})
OTHER = replace(OFFER, price=Decimal(130_000), base_price=None)


def test_products_with_several_suppliers_come_first_and_the_rest_is_counted():
    """The best price stands in a column of its own; what does not fit is counted."""
    compared = replace(COMPARISON, offers=(OFFER, OTHER))
    text = plain_view(replace(REPORT, comparisons=(COMPARISON, *[compared] * (MOST_PRODUCTS + 3))), WORDS, TEXTS)
    assert text.count("<bdi>Cola, Nusa, 24 × 330 ml</bdi>") == MOST_PRODUCTS
    assert "<td><bdi>120,000 IDR (15,152/l), Alpha, 2026-06-01</bdi></td><td><bdi>130,000 IDR, Alpha, 2026-06-01</bdi></td>" in text
    assert "+3 more" in text


def test_nothing_is_best_where_every_price_is_doubtful():
    """The column of best prices is empty, and the reason to doubt is named."""
    doubtful = replace(COMPARISON, offers=(replace(OFFER, suspicion="ten times"),), has_best=False)
    text = plain_view(replace(REPORT, comparisons=(doubtful,)), WORDS, TEXTS)
    assert "<td><bdi></bdi></td><td><bdi>120,000 IDR (15,152/l), Alpha, 2026-06-01, doubtful</bdi></td>" in text


def test_texts_are_escaped_and_an_empty_catalogue_says_so():
    """A name is no markup; changes of the newest lists have their share, or their kind."""
    change = ReportedChange(
        kind="gone", supplier=0, label="<b>Tea</b>", comparison=None, before=Decimal(1), after=None, currency="IDR",
        day=date(2026, 7, 1), is_newest=True,
    )  # fmt: skip
    rise = replace(change, kind="up", label="Rice", after=Decimal("1.1"))
    text = plain_view(replace(REPORT, changes=(change, rise, replace(change, label="Old", is_newest=False))), WORDS, TEXTS)
    assert "<bdi>&lt;b&gt;Tea&lt;/b&gt;</bdi></td><td><bdi>Gone</bdi>" in text
    assert "<bdi>Rice</bdi></td><td><bdi>+10.0%</bdi>" in text
    assert "Old" not in text
    assert "The catalogue is empty" in plain_view(replace(REPORT, comparisons=()), WORDS, TEXTS)


def test_a_pack_without_a_size_is_a_count_in_the_readers_unit():
    """Ten eggs are "10 шт", and a litre is "л"."""
    eggs = replace(COMPARISON, name="Eggs", brand="", size=None, unit="", pack_count=10)
    words = report_words(lambda text: text, {"pcs": "шт", "l": "л"})
    text = plain_view(replace(REPORT, comparisons=(eggs,)), words, TEXTS)
    assert "<bdi>Eggs, 10 шт</bdi>" in text
    assert "(15,152/л)" in text
