"""In whose money a list is, by the supplier's country and its language."""

import pytest

from monito_ray.pipeline.rows import letterhead

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
        (["Тел.: 8-727-250-00-00"], RUSSIAN, "KZT"),
        (["87015550101, WhatsApp"], RUSSIAN, "KZT"),
        (["ИИК KZ86125KZT5004100100"], RUSSIAN, "KZT"),
        (["ЧУП «Пример», УНП 123456789, Гомель"], RUSSIAN, "BYN"),
        (["Минск, +375291234567"], RUSSIAN, "BYN"),
        (["Минск, +375291234567", "Цены на 01.03.2011"], RUSSIAN, "BYR"),
        (["Минск, +375291234567", "Цены на 01.03.2019"], RUSSIAN, "BYN"),
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
        ([], ["ข้าวหอมมะลิ 5 กก.", "น้ำปลา 700 มล.", "Coca-Cola"], "THB"),
        ([], ["Gạo thơm 5 kg", "Nước mắm 500 ml", "Đường trắng"], "VND"),
        ([], ["Ryż biały 1 kg", "Mąka żytnia", "Cukier biały, łyżka", "Żurek"], "PLN"),
        ([], ["Bigas puti 25 kg", "Toyo 1 L", "Suka 1 L", "Patis 350 ml", "Asukal 1 kg"], "PHP"),
        ([], ["Beras putih 5 kg", "Kecap manis 600 ml", "Minyak goreng 2 L", "Gula pasir"], "IDR"),
        ([], ["Kicap manis 345 ml", "Sos cili 500 g", "Ikan bilis", "Mee kuning", "Limau kasturi"], "MYR"),
        (["Прайс-лист автошин, остатки на складе, цены розничные"], ["185/65 R14 Kama", "205/55 R16 Nokian"] * 40, "RUB"),
        (["Lista de precios"], SPANISH, ""),
        (["order 8741 kg, 8800 mAh"], ENGLISH, ""),
        (["Preisliste, Tel. +49 30 1234567"], ENGLISH, "EUR"),
        (["0049 30 1234567"], ENGLISH, "EUR"),
        (["sales@example.co.uk"], ENGLISH, "GBP"),
        (["Wembley, tel. +44 20 8555 0101"], ENGLISH, "GBP"),
        (["GSTIN 27ABCDE1234F1Z5"], ENGLISH, "INR"),
        (["FSSAI Lic. 10012345000123", "Mumbai"], ENGLISH, "INR"),
        (["www.example.cz"], ENGLISH, "CZK"),
        (["NIP 123-456-78-90"], ENGLISH, "PLN"),
        (["Zarvex Sdn Bhd"], ENGLISH, "MYR"),
        (["株式会社サンプル"], ENGLISH, "JPY"),
        (["dguest.com.br"], ENGLISH, "BRL"),
        (["Vergi No 1234567890, İstanbul"], ENGLISH, "TRY"),
        (["CVR-nr. 12345678"], ENGLISH, "DKK"),
        (["+381 11 555-010"], ENGLISH, "RSD"),
        (["+972 3 555 0101"], ENGLISH, "ILS"),
        (["+966 11 555 0101"], ENGLISH, "SAR"),
        (["+234 803 555 0101"], ENGLISH, "NGN"),
        (["ЕООД, +359 2 555 010"], ENGLISH, ""),  # its money changed in 2026
        (["Santiago, Mendoza"], ENGLISH, ""),
        (["London dry gin", "Coffee from Colombia"], ENGLISH, ""),
        (["4=+65;55=+60;56=+60374125241561"], ENGLISH, ""),
        ([], ["Сирене краве", "Кашкавал", "Бяла ракия", "Хляб пълнозърнест", "Олио", "Захар"], ""),
        ([], ["Барааны нэр өндөг", "Цагаан будаа", "Гурил өргөн хэрэглээ", "Элсэн чихэр, сүү, талх, мах"], ""),
    ],
)
def test_the_suppliers_country_tells_the_currency(lines: list[str], samples: list[str], currency: str):
    """A telephone prefix, a tax number or a legal form decides; cities do where they agree; what is not clear stays empty."""
    assert letterhead.read_letterhead(lines, [], samples).likely_currency == currency
