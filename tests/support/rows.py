"""Written rows, products and offers for tests of the catalogue."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from monito_ray.catalog.offers import Offer, Product
from monito_ray.catalog.prices.change_log import LoggedChange
from monito_ray.catalog.prices.list_changes import ChangeKind
from monito_ray.records import Method, ProductRow

RICE = ProductRow(
    original_name="Beras 5kg", standardized_name="Rice", brand="Sawah", size=Decimal(5), unit="kg", pack_count=1, price_unit="",
    category="Grains", price=Decimal("75000.5"), price_tiers="", currency="IDR", base_price=Decimal("15000.1"), base_unit="kg",
    min_quantity=None, supplier="Toko A", sku="0042", list_date=date(2024, 6, 1), tax_note="", source_file="june.xlsx",
    source_sheet="Sheet1", source_row=9, confidence=0.9, method=Method.RULES,
)  # fmt: skip
OIL = replace(RICE, original_name="Oil 1 L", standardized_name="Oil", brand="", size=Decimal(1), unit="l", source_row=10)

JUNE = datetime(2026, 6, 2, 9, tzinfo=UTC)
JULY = datetime(2026, 7, 2, 9, tzinfo=UTC)
COLA = Product(
    product_id="p1", brand="Nusa", name="Cola", size=Decimal(330), unit="ml", pack_count=24, category="Soft Drinks",
    first_added=JUNE, last_updated=JUNE,
)  # fmt: skip
COLA_ROW = ProductRow(
    original_name="Nusa Cola 24x330ml", standardized_name="Cola", brand="Nusa", size=Decimal(330), unit="ml", pack_count=24,
    price_unit="carton", category="Soft Drinks", price=Decimal(120000), price_tiers="", currency="IDR",
    base_price=Decimal("15151.515152"), base_unit="l", min_quantity=None, supplier="Alpha", sku="", list_date=None, tax_note="",
    source_file="june.xlsx", source_sheet="Juni", source_row=9, confidence=0.9, method=Method.RULES,
)  # fmt: skip


def cola_offer(supplier: str = "Alpha", price: int = 120_000, base: str | None = "15000", **changes: object) -> Offer:
    """Return an offer for `COLA`; `changes` replace its fields."""
    offer = Offer(
        product_id="p1",
        supplier=supplier,
        currency="IDR",
        price=Decimal(price),
        base_price=None if base is None else Decimal(base),
        base_unit="" if base is None else "l",
        updated=JUNE,
        row=replace(COLA_ROW, supplier=supplier, price=Decimal(price)),
    )
    return replace(offer, **changes)  # type: ignore[arg-type]


def logged_change(
    kind: ChangeKind = ChangeKind.UP, before: int | None = 14_500, after: int | None = 15_950, **changes: object
) -> LoggedChange:
    """Return a change of a biscuit's price; `changes` replace its fields."""
    change = LoggedChange(
        kind=kind, supplier="Gudang Lima", offer_id="o1", original_name="Biskuit Marlina 300g", name="Marie biscuit", brand="Marlina",
        size=Decimal(300), unit="g", pack_count=1, price_unit="", size_before=None if before is None else Decimal(300),
        unit_before="" if before is None else "g", pack_count_before=1, currency="IDR", currency_before="" if before is None else "IDR",
        price=None if after is None else Decimal(after), price_before=None if before is None else Decimal(before), base_price=None,
        base_price_before=None, base_unit="", list_date=date(2026, 5, 1), list_date_before=None if before is None else date(2026, 4, 1),
        at=JULY, task_id="t1",
    )  # fmt: skip
    return replace(change, **changes)  # type: ignore[arg-type]


def shrunk_biscuit(**changes: object) -> LoggedChange:
    """Return the change of a biscuit that has 270 g for the price of 300 g."""
    bases = {"base_price": Decimal("53703.70"), "base_price_before": Decimal("48333.33"), "base_unit": "kg"}
    pack = {"size": Decimal(270), "original_name": "Biskuit Marlina 270g"}
    return replace(logged_change(ChangeKind.SMALLER_PACK, 14_500, 14_500), **bases | pack | changes)  # type: ignore[arg-type]
