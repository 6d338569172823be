"""Which numbers of running text are no amounts."""

import pytest

from monito_ray.pipeline.lines import masks
from monito_ray.pipeline.lines.amounts import numbers_in


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Tel. +62 812-3456-7788", []),
        ("8-902-555-44-33", []),
        ("BCA 7720451123", []),
        ("since 12/05/2026", []),
        ("5 mei 2026", []),
        ("Update harga ikan 12/5", []),
        ("coffee 12/5", ["12", "5"]),
        ("prawn 31/40 210k/kg", ["210"]),
        ("squid U10 145k", ["145"]),
        ("squid U/10 9.50/lb", ["9.50"]),
        ("latte 30/40", ["30", "40"]),
        ("open 9:00 - 17:30", []),
        ("from 6pm", []),
        ("market\tJun 25", []),
        ("fair on July 10, 2031", []),
        ("10 juillet\t2031", []),
        ("Mar\t2031", []),
        ("marmalade 12", ["12"]),
        ("lunch set 25", ["25"]),
        ("May 5 €", ["5"]),
        ("see page 14", []),
        ("address line 2", []),
        ("fishing line 12", ["12"]),
        ("$100 or more: $10 off", []),
        ("paint $20 off-white", ["20"]),
        ("tea 25 discount 5%", ["25"]),
        ("fat 3,5%", []),
        ("order No. 20931", []),
        ("caviar 250 г", []),
        ("nails 1-5 кг", []),
        ("tuna 48 x 170 g", []),
        ("board 1500х600", []),
        ("www.shop24.example/7", []),
        ("caviar 250 г - 2 500", ["2 500"]),
        ("rice 5kg 12.500", ["12.500"]),
        ("tea 500/pcs", ["500"]),
        ("cake $35", ["35"]),
    ],
)
def test_numbers_that_are_no_amounts_are_hidden(text: str, left: list[str]):
    """Telephones, accounts, dates, times, shares, references, quantities and dimensions go; amounts stay."""
    assert [match.group() for match in numbers_in(masks.masked(text))] == left


def test_a_masked_text_is_as_long_as_the_text():
    """Places in one are places in the other."""
    text = "☕ 250 г от 12.05.2026, тел. +7 914 555-12-34 — 2 500 ₽"
    assert len(masks.masked(text)) == len(text)


def test_a_label_that_is_no_price_hides_its_numbers():
    """What a list counts beside its prices is no price."""
    assert masks.labels_in("Stk: 19,00 Cola 500") == ["stk"]
    assert [match.group() for match in numbers_in(masks.without_labelled("Stk: 19,00 Cola 500", frozenset({"stk"})))] == ["500"]


def test_an_amount_for_a_measure_is_no_quantity():
    """Thousands before a stroke are a price, the measure behind it is what the price is for; "1/2 kg" is half a kilo."""
    assert masks.masked("Minced beef @ 128.000/1 kg").startswith("Minced beef @ 128.000/")
    assert "1/2" not in masks.masked("Minced beef 1/2 kg 64.000")
