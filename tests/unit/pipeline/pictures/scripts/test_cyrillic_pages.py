"""Pages in Cyrillic letters, as Tesseract and the network read them together."""

import pytest
from PIL import Image, ImageDraw, ImageFilter
from printed_pages import picture_bytes, printed_page

from monito_ray.pipeline.pictures.networks import is_installed
from monito_ray.pipeline.pictures.scripts.cyrillic import is_cyrillic_installed
from monito_ray.pipeline.rows.price_list import Hints, read_price_list

if not is_installed():
    pytest.skip("the extra `ocr` is not installed: pip install 'monito-ray[ocr]'", allow_module_level=True)
if not is_cyrillic_installed():
    pytest.skip("Tesseract reads no Russian here: apt install tesseract-ocr-rus", allow_module_level=True)

_GOODS = [
    ("Масло Сладкий Kestrel 250 g", "2 043,17"),
    ("Сахар Белый Verano 1 kg", "106,87"),
    ("Соус Острый 330 мл", "339,44"),
    ("Печенье Особый Bintang 5 kg", "2 171,58"),
    ("Тунец Мелкий 500 г", "20,01"),
    ("Уксус Красный Fjord 2 L", "114,86"),
    ("Мука Премиум 1 кг", "66,81"),
    ("Чай Чёрный Lumen 100 g", "153,76"),
]


def _in_half_shadow(page: Image.Image) -> Image.Image:
    """Return a page with a shadow over its left half, whose edge runs through the names."""
    shade = Image.new("L", page.size, 255)
    ImageDraw.Draw(shade).polygon([(0, 0), (360, 0), (260, page.height), (0, page.height)], fill=105)
    return Image.composite(page, Image.new("RGB", page.size, (30, 30, 30)), shade.filter(ImageFilter.GaussianBlur(8)))


@pytest.mark.parametrize("turned", [0, 180])
def test_a_russian_page_is_read_whichever_way_up_and_in_half_a_shadow(turned: int):
    """The network alone, which knows no Cyrillic letter, does not tell which way up it is; paper in the shadow is no ink. Blanks may be lost."""
    page = _in_half_shadow(printed_page(0.7, _GOODS, ("Наименование", "Цена")))
    rows = read_price_list(picture_bytes(page.rotate(turned, expand=True)), "list.jpg", Hints()).rows.to_pylist()
    assert [(_packed(row["original_name"]), _packed(row["price_text"])) for row in rows if row["price_text"]] == [
        (_packed(name), _packed(price)) for name, price in _GOODS
    ]


def _packed(text: str) -> str:
    return "".join(text.split())
