"""In whose money a list is that does not say."""

import pytest

from monito_ray.pipeline import letterhead

RUSSIAN = ["Болт оцинкованный М8", "Гайка шестигранная М8", "Шайба плоская М8", "Саморез кровельный"]
ENGLISH = ["Frozen chicken wings", "Sunflower oil", "Basmati rice", "Brown sugar"]
SPANISH = ["Almendras peladas", "Nueces mariposa", "Pasas de uva", "Azúcar rubia"]


@pytest.mark.parametrize(
    ("lines", "samples", "currency"),
    [
        (["ТОО «Пример»", "БИН 123456789012", "в т.ч. НДС 12%"], RUSSIAN, "KZT"),
        (["Прайс-лист", "тел. +7-701-555-01-01"], RUSSIAN, "KZT"),
        (["Тел. 8 (727) 255-01-01, Шымкент, Караганда"], RUSSIAN, "KZT"),
        (["Склад: Алматы"], RUSSIAN, "KZT"),
        (["ЧУП «Пример», УНП 123456789, Гомель"], RUSSIAN, "BYN"),
        (["Минск, +375291234567"], RUSSIAN, "BYN"),
        (["+996 555 010 101, Ош"], RUSSIAN, "KGS"),
        (["+998 71 200-01-01"], RUSSIAN, "UZS"),
        (["ТОВ «Приклад», ЄДРПОУ 12345678, м. Київ"], RUSSIAN, "UAH"),
        (["Прайс"], ["Цвях будівельний", "Шуруп чорний", "Дюбель із шурупом", "Стрічка пакувальна"], "UAH"),
        (["ООО «Пример», ИНН 7701234567, Москва, +7 495 555-01-01"], RUSSIAN, "RUB"),
        (["example@mail.ru", "+375 17 200-01-01"], RUSSIAN, "BYN"),
        (["Прайс-лист"], RUSSIAN, "RUB"),
        (["Москва", "Алматы"], RUSSIAN, ""),
        (["Quezon City, Metro Manila, +63 2 8555 0101"], ENGLISH, "PHP"),
        (["House 5, Dhaka", "+880 1555 010101"], ENGLISH, "BDT"),
        (["CUIT 30-12345678-9", "Buenos Aires", "IVA 21%"], SPANISH, "ARS"),
        (["NIT 900123456-1", "Bogotá", "IVA 19%"], SPANISH, "COP"),
        (["Jl. Contoh 1, Denpasar", "+62 361 555010"], ENGLISH, "IDR"),
        (["Price list"], ENGLISH, ""),
        (["Lista de precios"], SPANISH, ""),
    ],
)
def test_the_suppliers_country_tells_the_currency(lines: list[str], samples: list[str], currency: str):
    """A telephone prefix, a tax number or a legal form decides; cities do where they agree; what is not clear stays empty."""
    assert letterhead.read(lines, [], samples).currency == currency
