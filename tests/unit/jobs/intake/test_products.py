"""Products that other programs hand in: as rows, or refused in a sentence that names product and value."""

import math
from decimal import Decimal
from typing import Any

import pytest

from monito_ray import frames
from monito_ray.errors import ProductsUnusable
from monito_ray.jobs.intake.products import read_products
from monito_ray.records import RawRow


def test_values_come_back_as_a_list_would_have_them():
    """Numbers as their digits, white space folded, the first of two names of a field."""
    product = {
        "original_name": " Rice\n5 kg",
        "price": 75_000,
        "currency": "IDR",
        "pack": 2,
        "unit": None,
        "cells": ["a"],
        "brand": Decimal("1.5"),
    }
    row = read_products([product], "Sari")[0]
    assert (row.original_name, row.price, row.pack_text, row.unit_text, row.cells, row.brand) == (
        "Rice 5 kg",
        Decimal(75_000),
        "2",
        "",
        '["a"]',
        "1.5",
    )
    assert row.supplier == "Sari"
    assert read_products([{"original_name": "Rice", "price": "9" * 18 + ".999999"}], "")[0].price == Decimal("9" * 18 + ".999999")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"price": "NaN"}, "the price 'NaN' is no number"),
        ({"price": math.nan}, "the price nan is no number"),
        ({"price": "-Infinity"}, "the price '-Infinity' is no number"),
        ({"price": Decimal("sNaN")}, "the price Decimal('sNaN') is no text"),
        ({"price": "1e999999"}, "the price '1e999999' is too large"),
        ({"price": "1e18"}, "the price '1e18' is too large"),
        ({"price": 10**400}, "the price a number of 1329 bits is no text"),
        ({"price": "9" * 5_000}, "the price '999"),
        ({"price": True}, "the price True is no text"),
        ({"price": [5]}, "the price [5] is no text"),
        ({"original_name": "\ud800"}, r"the original_name '\ud800' has characters that cannot be stored"),
        ({"original_name": " "}, "has no original_name"),
        ({"brand": math.nan}, "the brand nan is no text"),
        ({"unit": {"a": 1}}, "the unit {'a': 1} is no text"),
        ({"sku": "a\0"}, r"the sku 'a\x00' has characters that cannot be stored"),
        ({"section": "x" * 40_000}, "the section 'xxx"),
        ({"currency": "\ud800"}, r"the currency '\ud800' has characters that cannot be stored"),
        ({"currency": "EURO"}, "'EURO' is no currency"),
        ({"cells": "Rice"}, "the cells 'Rice' are no texts"),
        ({"cells": [5]}, "the cells [5] are no texts"),
        ({"cells": "[" * 100_000}, "the cells '[[["),
        ({"price_tiers": {"MRP": math.inf}}, "the price_tiers {'MRP': inf} are no prices"),
        ({"price_tiers": {"MRP": 10**400}}, "the price_tiers {'MRP': 1000"),
        ({"price_tiers": "[" * 100_000}, "the price_tiers '[[["),
        ({"price_tiers": {"\ud800": 5}}, "the price_tiers '{"),
    ],
    ids=lambda _: "",  # some cannot be shown
)
def test_what_no_row_can_hold_is_refused(values: dict[str, Any], says: str):
    """In one line that names the product and the value."""
    with pytest.raises(ProductsUnusable) as error:
        read_products([{"original_name": "Oil"}, {"original_name": "Rice", "price": 5, **values}], "")
    message = str(error.value)
    assert message.startswith("product 2")
    assert says in message
    assert len(message.encode()) < 250
    assert message.isprintable()


@pytest.mark.parametrize("products", [None, 5, "Rice", {"original_name": "Rice"}, iter([]), [None], ["Rice"], [["original_name"]]])
def test_what_are_no_products_are_refused(products: object):
    """A list of dicts is asked for."""
    with pytest.raises(ProductsUnusable, match=r"are no products|is no dict"):
        read_products(products, "")


@pytest.mark.parametrize("price", ["1e-30", "-0", "0.1234567", "999999999999999999"])
def test_prices_that_are_taken_fit_the_store(price: str):
    """Six digits behind the point, eighteen before it."""
    frames.to_table(read_products([{"original_name": "Rice", "price": price}], ""), RawRow)
