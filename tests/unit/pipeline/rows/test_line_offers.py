"""Offers of running text as the lines of a list: what their cards say besides names and prices."""

import pytest

from monito_ray.pipeline.rows.price_list import read_price_list

NAMES = ("Honey wildflower", "Royal jelly", "Bee pollen")


def _read(text: str) -> list[dict]:
    return [row for row in read_price_list(text.encode(), "cards.txt").rows.to_pylist() if row["price"]]


@pytest.mark.parametrize(
    ("lines", "field", "text"),
    [
        (("PRODUCT: {}", "SIZE: 500 g jar", "PRICE: IDR {},000"), "size_text", "500 g jar"),
        (("{}", "Ukuran: 250 ml", "Harga: Rp {}.000"), "size_text", "250 ml"),
        (("{}", "Isi: 6 botol", "Harga: Rp {}.000"), "pack_text", "6 botol"),
        (("{}", "Вес: 1 кг", "Цена: {}00 руб."), "size_text", "1 кг"),
        (("Producto: {}", "Presentación: frasco 500 g", "Precio: ${}.500"), "size_text", "frasco 500 g"),
        (("{} - Rp {}.000", "Kemasan: 250 gr"), "size_text", "250 gr"),
        (("{} - Rp {}.000", "Kode: LJ-01"), "sku", "LJ-01"),
        (("{} - Rp {}.000", "Merk: Lebah Jaya"), "brand", "Lebah Jaya"),
    ],
)
@pytest.mark.parametrize("parting", ["\n", "\n\n"])
def test_labelled_lines_of_a_card_say_size_pack_code_and_brand(lines: tuple[str, ...], field: str, text: str, parting: str):
    """They stand between the name and the price or below, and are no part of the name, no title and no offer."""
    cards = parting.join("\n".join(lines) for _ in NAMES)
    values = [value for n, name in enumerate(NAMES) for value in (name, 45 + 17 * n)]
    rows = _read(cards.format(*values))
    assert [row["original_name"] for row in rows] == list(NAMES)
    assert [row[field] for row in rows] == [text] * len(NAMES)
    assert {row["section"] for row in rows} == {""}
