"""Kinds of goods whose quantities mean something else."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.products.measuring.goods_kinds import contain_nothing, length


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        ("Garbage bag 60 l", True),
        ("60 l garbage bags", True),
        ("Мешки для мусора 60л", True),
        ("Vaso térmico 8 oz", True),
        ("12 oz mug", True),
        ("Jugo vaso 200 ml", False),
        ("Ice cream in paper cups 100 ml", False),
        ("Средство для кастрюль 500 мл", False),
        ("Термостойкий герметик 310 мл", False),
    ],
)
def test_goods_contain_nothing_where_the_name_begins_with_their_kind(name: str, empty: bool):
    """Kinds of several words may stand anywhere but behind "in", "for", "with"."""
    assert contain_nothing(name) is empty


@pytest.mark.parametrize(
    ("name", "metres"),
    [
        ("Hose x 15 m", "15"),
        ("Hose 3 x 2.5 m", None),
        ("Cable 2x14 x 100 m", "100"),
        ("Скотч 48мм x 66м", "66"),
        ("Lakban 48mm x 90 m", "90"),
        ("Изолента 18 м", "18"),
        ("Tape 5 CM X 9 MT", None),
        ("Masking tape 24mm x 20m", None),
        ("Труба 3 м", None),
        ("Board 2.5 m", None),
    ],
)
def test_goods_sold_by_length_have_metres(name: str, metres: str | None):
    """Behind a width only goods on rolls do; pipes and boards are pieces."""
    assert length(name) == (None if metres is None else Decimal(metres))
