"""What is written wrongly in a row of a labelled list, so that nothing is judged by a slip of the pen. Pure."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from monito_ray.currency_codes import is_currency
from monito_ray.pipeline.products.taxonomy import category_names
from monito_ray.pipeline.units import catalogue_units


def mistake_in(cells: Mapping[str, str]) -> str:
    """Return the first mistake in a row's cells by their columns, "" for none."""
    return next((mistake for mistake in (*_odd_numbers(cells), *_unknown_words(cells)) if mistake), "")


def _odd_numbers(cells: Mapping[str, str]) -> tuple[str, ...]:
    price, size, pack = cells["price"], cells.get("right_size", ""), cells.get("right_pack_count", "")
    return (
        "" if cells["original_name"] else "original_name is empty",
        "" if _amount(price) is not None else f"price {price!r} is no number above 0, with a point before decimals",
        "" if not size or _amount(size) else f"right_size {size!r} is no number above 0, with a point before decimals",
        "" if not size or cells.get("right_unit") else "right_size has no right_unit beside it",
        "" if not pack or (pack.isdecimal() and int(pack)) else f"right_pack_count {pack!r} is no whole number above 0",
    )


def _unknown_words(cells: Mapping[str, str]) -> tuple[str, ...]:
    currency, units = cells.get("currency", ""), catalogue_units()
    categories = [part.strip() for part in cells.get("right_category", "").split(" / ") if part.strip()]
    return (
        "" if not currency or is_currency(currency) else f"currency {currency!r} is no code of ISO 4217, such as IDR",
        *(
            f"{column} {cells[column]!r} is no unit of the catalogue, such as {', '.join(list(units)[:3])}"
            for column in ("right_unit", "right_price_unit")
            if cells.get(column) and cells[column] not in units
        ),
        *(
            f"right_category {category!r} is none of the taxonomy, such as {category_names()[0]}"
            for category in categories
            if category not in category_names()
        ),
    )


def _amount(text: str) -> Decimal | None:
    """Return the number above 0 that a text is, None for another text."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
