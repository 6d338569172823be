"""How a text writes its prices."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines.reading import read_lines


@pytest.mark.parametrize(
    ("texts", "prices"),
    [
        (("Rice 5 kg Rp 75.000", "Oil 2 L Rp 38.500", "Tea bags 25 Rp 9.500", "Salt Rp 4.000"), (75000, 38500, 9500, 4000)),
        (("Rice 5 kg 75 €", "Oil 2 L 38 €", "Tea 25 € 10 pcs", "Salt 4 €"), (75, 38, 25, 4)),
    ],
)
def test_a_mark_between_two_numbers_belongs_where_marks_stand(texts: tuple[str, ...], prices: tuple[int, ...]):
    """In a list that writes marks before its prices the number before a mark is none, and the other way round."""
    lines = [TextLine(n, text, 0, len(text), n, n + 1) for n, text in enumerate(texts)]
    assert [offer.price for offer in read_lines(lines).offers] == [Decimal(price) for price in prices]
