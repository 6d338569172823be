"""Verdicts that are remembered by wording are those on the articles themselves."""

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monito_ray.catalog.matching.repeated_verdicts import RepeatedVerdicts
from monito_ray.catalog.matching.verdict import PRICE_RATIOS, VerdictKind, compare
from tests.support.articles import article

WORDINGS = (
    ("Bawang merah", {"price_unit": "kg"}),
    ("Shallot", {"price_unit": "kg"}),
    ("Shallot", {}),
    ("Fresh shallot", {"price_unit": "kg"}),
    ("Zarvex cola 330 ml", {}),
    ("Zarvex cola 330 ml", {"pack_count": 24, "price_unit": "carton"}),
    ("Zarvex cola 330 ml (24/dus)", {}),
    ("Zarvex colla 330 ml", {"price_unit": "carton"}),
    ("Zarvex cola 330ml", {"sku": "8991234567899"}),
    ("Gula 1 kg", {}),
    ("Gula", {"price_unit": "kg"}),
    ("Kuvo lamp", {}),
    ("Kuvo lmp", {}),
    ("Tea bag (25 pcs)", {}),
    ("Tea bag", {}),
)
_BASE = 1000
#: At each factor that is looked for, and just beside it, where several tiny steps of a float would do harm.
PRICES = sorted({0, _BASE, 2 * _BASE * 3, *(round(_BASE * ratio) + step for ratio in (*PRICE_RATIOS, 5**0.5) for step in (-1, 0, 1))})
PLACES = st.tuples(
    st.integers(0, len(WORDINGS) - 1),
    st.sampled_from(PRICES),
    st.sampled_from(("IDR", "IDR", "USD", "")),
    st.sampled_from(("", "52318", "12")),
)


def _article(place):
    index, price, currency, sku = place
    name, fields = WORDINGS[index]
    made = article(name, **fields, currency=currency) if fields.get("sku") else article(name, **fields, currency=currency, sku=sku)
    return made._replace(price=float(price))


@settings(max_examples=150, deadline=None)
@given(places=st.lists(PLACES, min_size=2, max_size=12), numbers_agree=st.booleans())
@example(
    places=[(0, 1000, "IDR", ""), (1, 2000, "IDR", ""), (0, 0, "IDR", ""), (1, 0, "IDR", ""), (1, 2001, "IDR", "")], numbers_agree=False
)
@example(
    places=[(6, 1000, "IDR", ""), (4, 3001, "IDR", ""), (4, 2999, "IDR", ""), (13, 1000, "IDR", ""), (14, 2236, "IDR", "")],
    numbers_agree=False,
)
def test_verdicts_are_those_on_the_articles(places, numbers_agree):
    """Whatever was looked at before, at any prices, in any order."""
    verdicts = RepeatedVerdicts()
    worded = [verdicts.worded(_article(place)) for place in places]
    for one in worded:
        for other in worded:
            verdict = compare(one.article, other.article, numbers_agree=numbers_agree)
            expected = verdict.strength if verdict.kind is VerdictKind.ONE else 0
            assert verdicts.strength(one, other, numbers_agree=numbers_agree) == expected
            is_by_number = numbers_agree and one.article.sku == other.article.sku
            assert is_by_number or not expected or verdicts.can_be_one(one.wording, other.wording)


def test_wordings_that_are_one_at_some_prices_alone_can_be_one():
    """Goods without a content are one at like prices."""
    verdicts = RepeatedVerdicts()
    one, other, dear, unlike = (
        verdicts.worded(article(name, price=Decimal(price), base_price=Decimal(price)))
        for name, price in (("Kuvo lamp", 100), ("KUVO Lamp", 110), ("Kuvo lamp", 900), ("Kuvo valve", 100))
    )
    assert one.wording == other.wording == dear.wording != unlike.wording
    assert verdicts.strength(one, other)
    assert not verdicts.strength(one, dear)
    assert verdicts.can_be_one(one.wording, other.wording)
    assert not verdicts.can_be_one(one.wording, unlike.wording)
