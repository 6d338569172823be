"""Products that other programs hand in without a file: each becomes a row as a list has it, or is refused in a sentence that names it."""

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from monito_ray.arguments.checked_values import shown, text_fault
from monito_ray.currency_codes import is_currency
from monito_ray.errors import ProductsUnusable
from monito_ray.records import RawRow, tiers_as_json

_EXAMPLE = 'Give dicts, as in [{"original_name": "Beras 5 kg", "price": 75000}].'
_CURRENCY_REMEDY = "Give its code of ISO 4217, such as IDR."
#: Prices are smaller: what the store holds and a price list can mean.
_MOST_PRICE = Decimal(10) ** 18


def read_products(products: object, supplier: str) -> list[RawRow]:
    """Return a row for each of `products`, in order; `supplier` is that of products that name none.

    Raises:
        ProductsUnusable: one sentence that names the first product and value that cannot be used.
    """
    if not isinstance(products, Sequence) or isinstance(products, str | bytes):
        raise ProductsUnusable(f"{shown(products)} are no products", _EXAMPLE)
    return [_HandedIn(number, product).to_row(supplier) for number, product in enumerate(products, start=1)]


class _HandedIn:
    """One product, and its place in the call, from 1."""

    def __init__(self, number: int, values: object) -> None:
        self._number = number
        if not isinstance(values, Mapping):
            raise self._unusable(f"{shown(values)} is no dict", _EXAMPLE)
        self._values = values

    def to_row(self, supplier: str) -> RawRow:
        """Return the product as a row of a list.

        Raises:
            ProductsUnusable: a value cannot be used.
        """
        name = self._text("original_name")
        if not name:
            raise self._unusable("has no original_name")
        return RawRow(
            source_file="",
            source_sheet="products",
            source_row=self._number,
            original_name=name,
            price=self._price(),
            currency=self._currency(),
            section=self._text("section"),
            brand=self._text("brand"),
            category_text=self._text("category_text", "category"),
            unit_text=self._text("unit_text", "unit"),
            size_text=self._text("size_text", "size"),
            pack_text=self._text("pack_text", "pack", "pack_count"),
            price_tiers=self._tiers(),
            cells=self._cells(),
            sku=self._text("sku"),
            supplier=self._text("supplier") or supplier,
        )

    def _text(self, *names: str) -> str:
        """Return the first of these fields that has a value, as a text with its white space folded; "" without one."""
        for name in names:
            value = self._values.get(name)
            if value is None or (isinstance(value, str) and not value):
                continue
            text = _number_text(value)
            if fault := text_fault(value if text is None else text):
                raise self._unusable(f"the {name} {fault}")
            return " ".join(str(value if text is None else text).split())
        return ""

    def _price(self) -> Decimal | None:
        value = self._values.get("price")
        if isinstance(value, float) and not math.isfinite(value):
            raise self._unusable(f"the price {shown(value)} is no number")
        text = self._text("price")
        if not text:
            return None
        try:
            price = Decimal(text)
        except InvalidOperation:
            raise self._unusable(f"the price {shown(text)} is no number") from None
        if not price.is_finite():
            raise self._unusable(f"the price {shown(text)} is no number")
        if abs(price) >= _MOST_PRICE:
            raise self._unusable(f"the price {shown(text)} is too large")
        return price

    def _currency(self) -> str:
        code = self._text("currency")
        if code and not is_currency(code):
            raise self._unusable(f"{shown(code)} is no currency", _CURRENCY_REMEDY)
        return code

    def _tiers(self) -> str:
        try:
            tiers = tiers_as_json(self._values.get("price_tiers"))
        except ValueError as error:
            raise self._unusable(f"the price_tiers {error}") from None
        if fault := text_fault(tiers):
            raise self._unusable(f"the price_tiers {fault}")
        return tiers

    def _cells(self) -> str:
        """Return the cells of the row as a JSON array of texts."""
        value = self._values.get("cells")
        try:
            cells = json.loads(value) if isinstance(value, str) and value else value or []
        except (ValueError, RecursionError):
            cells = None
        if not isinstance(cells, list | tuple) or not all(isinstance(cell, str) for cell in cells):
            raise self._unusable(f'the cells {shown(value)} are no texts, as in ["Beras 5 kg", "75000"]')
        text = json.dumps(list(cells), ensure_ascii=False) if cells else "[]"
        if fault := text_fault(text):
            raise self._unusable(f"the cells {fault}")
        return text

    def _unusable(self, reason: str, remedy: str = "") -> ProductsUnusable:
        """Return the error that names this product."""
        what = f"product {self._number}" + ("" if reason.startswith("has ") else ":")
        return ProductsUnusable(f"{what} {reason}", *([remedy] if remedy else []))


def _number_text(value: Any) -> str | None:
    """Return a number as people write it, None for what is no number that has digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    if not math.isfinite(value) if isinstance(value, float) else isinstance(value, Decimal) and not value.is_finite():
        return None
    return None if isinstance(value, int) and abs(value) >= _MOST_PRICE else str(value)
