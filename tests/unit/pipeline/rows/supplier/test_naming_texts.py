"""Texts that name a supplier, and those that do not."""

import pytest

from monito_ray.pipeline.rows.supplier.naming_texts import file_stem, name_in_caption


@pytest.mark.parametrize(
    ("file_name", "stem"),
    [
        ("Zarvex june 2026.xlsx", "zarvex"),
        ("zarvex_veg 01-07-2026 (2).csv", "zarvex veg"),
        ("document (3).xlsx", ""),
        ("price list june.pdf", ""),
        ("harga 01-07-2026.csv", ""),
        ("IMG_2034.jpeg", ""),
        ("DOC-20240601-WA0012.pdf", ""),
        ("прайс.xls", ""),
        ("vegetables June.xlsx", ""),
        ("2026-06-01.xlsx", ""),
    ],
)
def test_a_files_name_is_nobodys_without_a_word_of_a_name(file_name: str, stem: str):
    """Words for lists, goods, files and dates, and the numbers of cameras, name nobody."""
    assert file_stem(file_name) == stem


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("UD Zarvex", "UD Zarvex"),
        ("Sari Sayur", "Sari Sayur"),
        ("Toko A", "Toko A"),
        ("Zarvex june", "Zarvex"),
        ("harga telur dari Pak Qorbit", "Qorbit"),
        ("прайс от ООО Зарвекс", "ООО Зарвекс"),
        ("harga sayur minggu ini", ""),
        ("prices for this week", ""),
        ("tolong diproses ya", ""),
        ("вот свежий прайс", ""),
        ("lista de precios", ""),
        ("", ""),
    ],
)
def test_a_caption_is_a_name_or_no_more_than_talk(caption: str, name: str):
    """What people say when they send a list is no supplier."""
    assert name_in_caption(caption) == name
