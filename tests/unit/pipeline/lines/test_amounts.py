"""Amounts in running text: their values, and how clearly they are amounts."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.lines import masks
from monito_ray.pipeline.lines.amounts import NO_MARKS, AmountAt, OwnMarks, Strength, amounts_in
from monito_ray.pipeline.prices import Convention


def _amounts(text: str, own: OwnMarks = NO_MARKS) -> list[AmountAt]:
    return amounts_in(text, masks.masked(text), Convention.COMMA, own)


@pytest.mark.parametrize(
    ("text", "value", "strength", "currency", "unit"),
    [
        ("Telur 62rb/tray", 62000, Strength.MARKED, "", "tray"),
        ("Тунец 150к/кг", 150000, Strength.MARKED, "", "кг"),
        ("Дорадо от 180 к", 180000, Strength.MARKED, "", ""),
        ("Ayam 36 k", 36000, Strength.MARKED, "", ""),
        ("Jahe @32rb/kg", 32000, Strength.MARKED, "", "kg"),
        ("Monitor 27 4K 3.500.000", 3500000, Strength.SHAPED, "", ""),
        ("Galon 21.000 stok 40", 21000, Strength.SHAPED, "", ""),
        ("Deterjen 21.000 hemat 3.000", 21000, Strength.SHAPED, "", ""),
        ("Deterjen 21rb (hemat 3rb)", 21000, Strength.MARKED, "", ""),
        ("Lele isi 8/kg 26rb", 26000, Strength.MARKED, "", ""),
        ("Susu UHT 1L exp 03/27 15.500", 15500, Strength.SHAPED, "", ""),
        ("Yogurt 1kg exp 12/26 42.000", 42000, Strength.SHAPED, "", ""),
        ("Kursi 150 ribu", 150000, Strength.MARKED, "", ""),
        ("Gula Rp 17.000", 17000, Strength.MONEY, "IDR", ""),
        ("Merluza 12,90 €/kg", Decimal("12.9"), Strength.MONEY, "EUR", "kg"),
        ("сыр 540 ₽/100 г", 540, Strength.MONEY, "RUB", "100 г"),
        ("Tea bag 500/pcs", 500, Strength.PER, "", "pcs"),
        ("Kopi 25.000,-", 25000, Strength.MARKED, "", ""),
        ("harga 3000", 3000, Strength.MARKED, "", ""),
        ("Minyak 2L = 38.500", 38500, Strength.SHAPED, "", ""),
        ("Beurre doux 250g 2€40", Decimal("2.40"), Strength.MONEY, "EUR", ""),
        ("Хлеб 5 руб. 40 коп.", Decimal("5.40"), Strength.MONEY, "RUB", ""),
        ("Pizza 8€ 12€", 12, Strength.MONEY, "EUR", ""),
        ("black - 62500", 62500, Strength.BARE, "", ""),
    ],
)
def test_an_amount_says_how_clear_it_is(text: str, value: Decimal, strength: Strength, currency: str, unit: str):
    """A currency is clearer than a factor, that than what the price is for, that than thousands, and bare digits may be anything."""
    amount = _amounts(text)[-1]
    assert (amount.value, amount.strength, amount.currency, amount.unit) == (value, strength, currency, unit)


@pytest.mark.parametrize("text", ["charger A1400", "case E509A", "from 9-18", "12yo"])
def test_codes_and_ranges_are_no_amounts(text: str):
    """Digits among letters are codes, two bare numbers with a dash are hours."""
    assert _amounts(text) == []


def test_a_list_has_marks_of_its_own():
    """Letters that a list writes beside its amounts are money there, whatever they mean."""
    own = OwnMarks(frozenset({"P"}), frozenset({"e"}))
    assert [amount.strength for amount in _amounts("Cookies P280 or 0,50e", own)] == [Strength.MONEY, Strength.MONEY]
    assert _amounts("Cookies P280") == []
