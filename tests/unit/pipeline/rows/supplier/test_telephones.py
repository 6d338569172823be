"""Telephone numbers of a letterhead."""

import pytest

from monito_ray.pipeline.rows.supplier.telephones import is_telephone_label, telephones_in


@pytest.mark.parametrize(
    ("text", "currency", "numbers"),
    [
        ("Telp. (0361) 907-5914 / 0812 3661 0053", "IDR", ["623619075914", "6281236610053"]),
        ("+62 361 9075914", "", ["623619075914"]),
        ("тел.: 8 (495) 621-48-37", "RUB", ["74956214837"]),
        ("тел. (495) 621-48-37", "RUB", ["74956214837"]),
        ("Phone 212-555-0143", "USD", ["12125550143"]),
        ("wa.me/6281236610053", "IDR", ["6281236610053"]),
        ("Tel: 0361 9075914", "", ["03619075914"]),
        ("Tel: 9075914", "IDR", []),
        ("Mob -00000000000", "GBP", []),
        ("Artikel 0812366100", "IDR", []),
        ("4006381333931", "IDR", []),
        ("Hotel 081236610053", "IDR", []),
        ("Tel", "IDR", []),
    ],
)
def test_numbers_are_written_as_they_are_dialled_from_abroad(text: str, currency: str, numbers: list[str]):
    """A number has a label or a plus; one without its area, and zeros in place of one, say nothing."""
    assert list(telephones_in(text, currency)) == numbers


def test_a_label_in_the_cell_before_counts():
    """The number stands in the cell behind it."""
    assert is_telephone_label("Telp :")
    assert not is_telephone_label("Telephone accessories of all kinds")
    assert list(telephones_in("0361 9075914", "IDR", is_labelled=True)) == ["623619075914"]
