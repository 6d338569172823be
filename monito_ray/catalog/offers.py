"""The catalogue as it stands: products, and what each supplier asks for them now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from monito_ray.records import ProductRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product and pack. `product_id` never changes, whatever happens to the rest; the two times are aware UTC."""

    product_id: str
    brand: str
    name: str
    size: Decimal | None
    unit: str
    pack_count: int
    category: str
    first_added: datetime
    last_updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What one supplier asks for a product in one currency; `row` is where it was read.

    When a list offers the product several times, `row` is the cheapest of them (of equal ones the first) and `others` are the
    rest in list order: a supplier's sheet shows `row` and `others`, the master table `row` alone.
    """

    product_id: str
    supplier: str
    currency: str
    price: Decimal
    base_price: Decimal | None
    base_unit: str
    updated: datetime
    row: ProductRow
    others: tuple[ProductRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole catalogue at one moment. Products in order of name, brand, size, pack; offers in order of supplier and place in the list."""

    products: tuple[Product, ...]
    offers: tuple[Offer, ...]
