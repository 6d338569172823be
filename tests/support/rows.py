"""Written rows for tests of the catalogue."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from monito_ray.records import Method, ProductRow

RICE = ProductRow(
    original_name="Beras 5kg", standardized_name="Rice", brand="Sawah", size=Decimal(5), unit="kg", pack_count=1, price_unit="",
    category="Grains", price=Decimal("75000.5"), price_tiers="", currency="IDR", base_price=Decimal("15000.1"), base_unit="kg",
    min_quantity=None, supplier="Toko A", sku="0042", list_date=date(2024, 6, 1), tax_note="", source_file="june.xlsx",
    source_sheet="Sheet1", source_row=9, confidence=0.9, method=Method.RULES,
)  # fmt: skip
OIL = replace(RICE, original_name="Oil 1 L", standardized_name="Oil", brand="", size=Decimal(1), unit="l", source_row=10)
