"""Lines of a chat with nothing but a package beside their amount."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.rows.price_list import read_price_list


def _read(lines: Sequence[str]) -> tuple[list[tuple[str, float]], list[str]]:
    """Return the offers, and the lines that are told as unread."""
    read = read_price_list("\n".join(lines).encode(), "chat.txt")
    rows = [(row["original_name"], float(row["price"])) for row in read.rows.to_pylist() if row["price"]]
    return rows, [cell.text for cell in read.certainty.unread.cells]


@pytest.mark.parametrize(
    ("goods", "line"),
    [
        (("Чай 100 г 350 р", "Мёд 500 г 780 р", "Варенье 420 р"), "Упаковка 50 р"),
        (("Борщ 1 л 120к", "Плов 55к", "Голубцы 60к"), "Упаковка 5к"),
        (("Teh pucuk 4.000", "Kopi sachet 2.000", "Gula 1kg 17.500"), "Galon 20.000"),
        (("Aqua 600ml 3.500", "Teh kotak 5.000", "Susu 250ml 7.000"), "Botol 1,5L 6.500"),
    ],
)
def test_a_lone_package_is_told_as_unread(goods: Sequence[str], line: str):
    """It is a fee, a pack of what stands above, or goods: it takes no name from above, and is not passed over."""
    assert _read([*goods, line]) == (_read(goods)[0], [line])


def test_packages_below_several_goods_are_packs_of_them():
    """Where each has one, they say what a pack costs."""
    rows, unread = _read(["Air mineral 3.000", "Dus 48.000", "", "Teh kotak 5.000", "Dus 92.000"])
    assert not unread
    assert rows[0] == ("Air mineral", 3000)
    assert [price for _, price in rows] == [3000, 48000, 5000, 92000]


def test_a_package_with_its_content_is_goods_below_unpacked_ones():
    """Nothing above comes in packs."""
    assert _read(["Sikat lantai 12.500", "Ember 10L 21.500", "Pel 38.000"])[0][1] == ("Ember 10L", 21500)


def test_a_bare_number_beside_a_package_is_told_of():
    """It is of the size of the prices around it."""
    assert _read(["Lap 6500", "Sikat 12000", "Ember 10L 21500", "Pel 38000", "Gayung 7500"])[1] == ["Ember 10L 21500"]
