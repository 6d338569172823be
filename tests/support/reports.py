"""A planned report for tests of the page."""

from datetime import UTC, date, datetime
from decimal import Decimal

from monito_ray.plans.local_texts import LocalTexts
from monito_ray.plans.planned_report import Comparison, PlannedReport, ReportedOffer, ReportedSupplier

OFFER = ReportedOffer(
    supplier=0, price=Decimal(120_000), base_price=Decimal(15_152), base_unit="l", listed_on=date(2026, 6, 1), is_stale=False,
    previous_price=None, suspicion="", original_name="Nusa Cola 24x330ml", source_file="june.xlsx", source_sheet="Juni", source_row=9,
)  # fmt: skip
TEXTS = LocalTexts(lambda price: f"{price.normalize():,f}", lambda share: f"{share:+.1%}", lambda day: day.isoformat())
COMPARISON = Comparison(
    product_id="p1",
    name="Cola", brand="Nusa", size=Decimal(330), unit="ml", pack_count=24, price_unit="carton", mark="", category="soft drinks",
    currency="IDR", family=0, offers=(OFFER,), has_best=True,
)  # fmt: skip
REPORT = PlannedReport(
    made_at=datetime(2026, 7, 3, 12, tzinfo=UTC), suppliers=(ReportedSupplier("Alpha", date(2026, 6, 1), is_stale=False),),
    comparisons=(COMPARISON,), changes=(), is_changes_cut=False, rows_to_review=(), review_count=0, price_doubts=0, review_reasons=(), questions=(), same_count=0, left_out=(),
)  # fmt: skip
