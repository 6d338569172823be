"""Remarks of a chat that its prices are in thousands, and prices that leave thousands out."""

import pytest

from monito_ray.pipeline.rows.price_list import Hints, read_price_list

GOODS = ("Kunyit 15", "Jahe 28", "Lengkuas 14", "Kencur 45", "Sereh 10")


def _prices(*lines: str) -> list[float]:
    return [float(row["price"]) for row in read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist() if row["price"]]


@pytest.mark.parametrize(
    "remark", ["harga dlm ribu per kg", "(harga x1000)", "Harga dalam ribuan", "all prices x 1000", "*dalam ribu*", "цены в тысячах"]
)
@pytest.mark.parametrize("at", [0, 5])
def test_a_remark_multiplies_bare_amounts(remark: str, at: int):
    """Above the goods and below them."""
    assert _prices(*GOODS[:at], remark, *GOODS[at:]) == [15000, 28000, 14000, 45000, 10000]


def test_amounts_with_thousands_of_their_own_stay():
    """They say all of it: "12.500" and "30rb"."""
    assert _prices("harga dlm ribu", "Kunyit 15", "Jahe 12.500", "Sereh 10", "Kencur 30rb", "Kemiri 52") == [
        15000,
        12500,
        10000,
        30000,
        52000,
    ]


@pytest.mark.parametrize(("currency", "is_doubted"), [("", True), ("IDR", True), ("EUR", False)])
def test_short_prices_are_in_doubt_where_money_has_thousands(currency: str, is_doubted: bool):
    """Everybody who sells for rupiah leaves them out."""
    rows = read_price_list("\n".join(GOODS).encode(), "chat.txt", Hints(currency=currency)).rows.to_pylist()
    assert all(bool(row["doubt"]) == is_doubted for row in rows)


def test_prices_with_fractions_leave_nothing_out():
    """So does money whose cents are in use."""
    rows = read_price_list(b"Tea 2\nLatte 4.50\nMocha 5\nCake 6\nWater 2", "chat.txt").rows.to_pylist()
    assert not any(row["doubt"] for row in rows)
