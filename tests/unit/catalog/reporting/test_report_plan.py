"""What the report shows: who is best, what stands together, what is old, what has no room."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.catalog.reporting.report_plan import ReportSource, plan_report
from monito_ray.plans.planned_report import DatedPrice, PlannedReport

NOW = datetime(2026, 7, 3, 12, tzinfo=UTC)


def _plan(products: list[Product], offers: list[Offer], most_offers: int = 1000, **more: object) -> PlannedReport:
    source = ReportSource(snapshot=Snapshot(tuple(products), tuple(offers)), **more)  # type: ignore[arg-type]
    return plan_report(source, NOW, most_offers)


def _change(kind: ChangeKind, task_id: str, day: int, **changes: object) -> LoggedChange:
    change = LoggedChange(
        kind=kind, supplier="Alpha", offer_id="o1", original_name="Nusa Cola", name="Cola", brand="Nusa", size=Decimal(330), unit="ml",
        pack_count=24, price_unit="carton", size_before=Decimal(350), unit_before="ml", pack_count_before=24, currency="IDR",
        currency_before="IDR", price=Decimal(120), price_before=Decimal(110), base_price=None, base_price_before=None, base_unit="",
        list_date=date(2026, 6, day), list_date_before=None, at=NOW, task_id=task_id,
    )  # fmt: skip
    return replace(change, **changes)  # type: ignore[arg-type]


def test_the_best_offer_comes_first_and_a_doubtful_one_last():
    """The others stand behind the best by what they cost for one unit; a suspicious price is no best one, and keeps its reason."""
    offers = [
        cola_offer("Alpha", 100_000, "14000", suspicion="one tenth of the other prices"),
        cola_offer("Beta", 130_000, "16400"),
        cola_offer("Gamma", 120_000, "15100"),
    ]
    report = _plan([COLA], offers)
    (comparison,) = report.comparisons
    assert [report.suppliers[one.supplier].name for one in comparison.offers] == ["Gamma", "Beta", "Alpha"]
    assert comparison.has_best
    assert comparison.offers[-1].suspicion == "one tenth of the other prices"


def test_nothing_is_best_where_every_price_is_doubtful():
    """The price is shown, but not as one to buy at."""
    (comparison,) = _plan([COLA], [cola_offer(suspicion="ten times its last price")]).comparisons
    assert not comparison.has_best
    assert len(comparison.offers) == 1


def test_sizes_and_packs_of_one_thing_stand_together():
    """A family has one number and stands under its first category, smaller contents first, whatever stood between them."""
    small = replace(COLA, product_id="p2", size=Decimal(250), pack_count=1, category="", family_id="f1")
    large = replace(COLA, product_id="p3", size=Decimal("1.5"), unit="l", pack_count=1, family_id="f1")
    other = replace(COLA, product_id="p4", name="Cold tea", family_id="f2")
    products = [replace(COLA, family_id="f1"), other, large, small]
    report = _plan(products, [cola_offer(product_id=product.product_id) for product in products])
    assert [(one.name, one.size, one.pack_count) for one in report.comparisons] == [
        ("Cola", Decimal(250), 1),
        ("Cola", Decimal(330), 24),
        ("Cola", Decimal("1.5"), 1),
        ("Cold tea", Decimal(330), 24),
    ]
    assert [one.family for one in report.comparisons] == [0, 0, 0, 1]


def test_prices_in_two_currencies_are_two_comparisons():
    """What costs rupiah at one supplier and dollars at another is not compared."""
    report = _plan([COLA], [cola_offer("Alpha"), cola_offer("Beta", currency="USD")])
    assert [(one.currency, len(one.offers)) for one in report.comparisons] == [("IDR", 1), ("USD", 1)]


def test_a_list_is_old_by_its_own_date():
    """A list of last year that came yesterday is old; one that is late for its supplier's weekly habit, too."""
    old = cola_offer("Alpha", row=replace(COLA_ROW, list_date=date(2025, 6, 1)), updated=NOW)
    late = cola_offer("Beta", row=replace(COLA_ROW, list_date=date(2026, 5, 1)), updated=NOW)
    weekly = [date(2026, 5, 1) - timedelta(days=7 * week) for week in range(5)]
    report = _plan([COLA], [old, late, cola_offer("Gamma")], list_dates={"Beta": weekly})
    assert [(one.name, one.is_stale) for one in report.suppliers] == [("Alpha", True), ("Beta", True), ("Gamma", False)]
    assert [one.is_stale for one in report.comparisons[0].offers] == [False, True, True]


def test_suppliers_without_room_are_left_out_whole_and_named():
    """Those with the newest lists stay; one stays however large it is."""
    days = {"Alpha": 1, "Beta": 20, "Gamma": 10}
    offers = [cola_offer(name, row=replace(COLA_ROW, list_date=date(2026, 6, day))) for name, day in days.items() for _ in range(3)]
    report = _plan([COLA], offers, most_offers=6)
    assert [one.name for one in report.suppliers] == ["Beta", "Gamma"]
    assert [(one.supplier, one.offers) for one in report.left_out] == [("Alpha", 3)]
    assert [one.name for one in _plan([COLA], offers, most_offers=1).suppliers] == ["Beta"]


def test_only_prices_that_moved_have_a_history():
    """A single price is no line to draw."""
    points = (DatedPrice(date(2026, 5, 1), Decimal(110)), DatedPrice(date(2026, 6, 1), Decimal(120)))
    offers = [cola_offer("Alpha", offer_id="o1"), cola_offer("Beta", offer_id="o2")]
    (comparison,) = _plan([COLA], offers, histories={"o1": points, "o2": points[:1]}).comparisons
    assert [one.history for one in comparison.offers] == [points, ()]


def test_changes_say_whether_the_newest_list_made_them():
    """They lead to the comparison of their product, unless it is gone; a smaller pack says both packs."""
    changes = [
        _change(ChangeKind.SMALLER_PACK, "t2", 8),
        _change(ChangeKind.GONE, "t2", 8, offer_id="o9", price=None),
        _change(ChangeKind.UP, "t1", 1),
        _change(ChangeKind.UP, "t1", 1, supplier="Nobody"),
    ]
    report = _plan([COLA], [cola_offer("Alpha", offer_id="o1")], changes=changes)
    assert [(one.kind, one.is_newest, one.comparison) for one in report.changes] == [
        ("smaller_pack", True, 0),
        ("gone", True, None),
        ("up", False, 0),
    ]
    assert report.changes[0].note == "350 ml × 24 → 330 ml × 24"


def test_prices_in_two_currencies_stand_in_words_and_no_share_is_made_of_them():
    """Where one list says no currency there is one price alone."""
    dollars = {"price_before": Decimal("8.5"), "price": Decimal(135_000)}
    changes = [
        _change(ChangeKind.CURRENCY, "t2", 8, currency_before="USD", **dollars),
        _change(ChangeKind.BACK, "t2", 8, currency_before=""),
    ]
    report = _plan([COLA], [cola_offer("Alpha", offer_id="o1")], changes=changes)
    assert [(one.before, one.after, one.note) for one in report.changes] == [(None, 135_000, "8.5 USD → 135000 IDR"), (None, 120, "")]


def test_an_empty_catalogue_has_a_report():
    """Nothing is shown, and nothing fails."""
    report = _plan([], [])
    assert (report.comparisons, report.suppliers, report.left_out) == ((), (), ())
