"""What is left of names of files."""

import pytest

from monito_ray.pipeline.files.file_names import without_dates, words_of_file_name


@pytest.mark.parametrize(
    ("file_name", "words"),
    [
        ("Sari Sayur 2024-06-01.xlsx", "Sari Sayur"),
        ("Sari_Sayur_01.06.24.xlsx", "Sari Sayur"),
        ("Sari Sayur 20240601 (3).xlsx", "Sari Sayur"),
        ("Sari Sayur 01062024.xlsx", "Sari Sayur"),
        ("Sari_Sayur_202609.csv", "Sari Sayur"),
        ("Sari Sayur 092026.csv", "Sari Sayur"),
        ("Toko 202688.csv", "Toko 202688"),
        ("Price List Sari Sayur - Juni 2024.pdf", "Sari Sayur"),
        ("SARI SAYUR daftar harga 12 juni.xlsx", "SARI SAYUR"),
        ("Sari Sayur Jun'24 final.xlsx", "Sari Sayur"),
        ("Sari Sayur June.xlsx", "Sari Sayur"),
        ("Sari Sayur (june).xlsx", "Sari Sayur"),
        ("Sari Sayur week 23 - Copy.xlsx", "Sari Sayur"),
        ("Copy of Sari Sayur v2.1.xlsx", "Sari Sayur"),
        ("Прайс-лист Ромашка от 01.06.2024.xls", "Ромашка"),
        ("Ромашка прайс на июнь 2024.xls", "Ромашка"),
        ("Lista de precios Zarvex junio 2024.xlsx", "Zarvex"),
        ("Zarvex Preisliste KW 23.csv", "Zarvex"),
        ("Zarvex retail [2].csv", "Zarvex retail"),
        ("Toko 88.csv", "Toko 88"),
        ("May Flower 7 Eleven.csv", "May Flower 7 Eleven"),
        ("Marina Foods 100.csv", "Marina Foods 100"),
        ("WhatsApp Image 2024-06-01 at 10.00.00.pdf", ""),
        ("june.csv", ""),
        ("price_list_2024.csv", ""),
        ("2024-06-01.csv", ""),
        ("(1).csv", ""),
    ],
)
def test_next_weeks_file_is_of_the_same_supplier(file_name: str, words: str):
    """Dates, counters and words for price lists are left out; other numbers are not."""
    assert without_dates(words_of_file_name(file_name)) == words
