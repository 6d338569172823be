"""Brands that a list gives away by repeating them."""

import pytest

from monito_ray.pipeline.products.brands.list_patterns import collect_list_patterns, repeated_brand

REPEATED = [
    # names of the list, the brand of the first
    (["Zarvex crackers", "Zarvex crunchy", "Zarvex onion rings"], "Zarvex"),
    (["Муфта ZARVEX 20", "Кран ZARVEX 20", "Тройник ZARVEX 20"], "Zarvex"),
    (["Кабель Zarvex Tech 1 м", "Адаптер Zarvex Tech", "Чехол Zarvex Tech"], "Zarvex Tech"),
    (["Чехол для Zarvex", "Кабель для Zarvex", "Стекло для Zarvex"], ""),
    (["Кабель HDMI 1 м", "Адаптер HDMI", "Сплиттер HDMI"], ""),
    (["Труба SDR 11", "Отвод SDR 17", "Муфта SDR 11"], ""),
    (["Тройник 20", "Тройник 25", "Тройник 32"], ""),
    (["Zarvex - Dijon mustard", "Qorbit - soft cheese", "Brelo Melvane - olive oil"], "Zarvex"),
    (["Sorvel - purple leaf", "Chicory - red leaf", "Lettuce - green leaf"], ""),  # kinds before dashes
    (["Zarvex - 5", "Qorbit - 10", "Melvane - 20"], ""),  # sizes behind dashes
    (["Cheese - sliced"], ""),
    (["Te verde ZARVEX", "Aceite de coco ZARVEX", "Hierbas mora ZARVEX"], "Zarvex"),
    (["TE VERDE ZARVEX", "ACEITE DE COCO ZARVEX", "HIERBAS MORA ZARVEX"], ""),  # all is in capitals
    (['Печенье "Заряна" с маком', 'Кефир "Заряна"', 'Халва "Заряна"'], "Заряна"),
    (['Мыло "Роза"', 'Мыло "Кот"', 'Мыло "Мак"'], ""),
    (["Муфта 75 (ZARVEX)", "Кран 20 (ZARVEX)", "Тройник 20 (ZARVEX)"], "Zarvex"),
    (["Муфта 75 (напорный)", "Кран 20 (напорный)", "Тройник 20 (напорный)"], ""),
]


@pytest.mark.parametrize(("names", "brand"), REPEATED)
def test_a_strange_word_that_many_goods_share_is_a_brand(names: list[str], brand: str):
    """At the head, before a dash, in quotes, in capitals behind the kind, or in Latin among Cyrillic; a word of the trade is none."""
    assert repeated_brand(names[0], collect_list_patterns(names)) == brand


def test_the_same_row_many_times_repeats_nothing():
    """Only different goods prove that their common word is a brand."""
    assert repeated_brand("Zarvex crackers", collect_list_patterns(["Zarvex crackers"] * 5)) == ""
