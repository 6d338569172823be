"""The encoding of a text is recognized by its bytes."""

import time

import pytest

from monito_ray import errors
from monito_ray.pipeline.files.texts import encodings
from monito_ray.pipeline.files.texts.text import read_text

_RUSSIAN = "Наименование;Цена\nЧай листовой 100 г;120,50\nКофе молотый 250 г;430\nМОЛОКО ПАСТЕРИЗОВАННОЕ 1 Л;89\n"


_UKRAINIAN = "Назва;Ціна\nГречка їдальня 1 кг;45\nОлія соняшникова;60\n"


_SPANISH = "Descripción;Precio\nJabón para niños;12,50\nÁrbol pequeño;30\n"


_GERMAN = "Artikel;Preis\nMüsli süß 500 g;3,49\nKäse Größe M;5,20\n"


_POLISH = "Nazwa;Cena\nŻółty ser gouda święty;12\nMąka pszenna łąka;3\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (_RUSSIAN, name)
            for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r", "cp866", "iso8859_5", "mac_cyrillic")
        ),
        *((_UKRAINIAN, name) for name in ("utf-8", "cp1251", "utf-16-le")),
        *((_SPANISH, name) for name in ("utf-8", "cp1252", "latin-1", "cp850", "utf-16-be")),
        *((_GERMAN, name) for name in ("cp1252", "mac_roman", "utf-32")),
        *((_POLISH, name) for name in ("cp1250", "iso8859_2", "cp852")),
        ("สินค้า,ราคา\nน้ำปลา 700 มล.,32\nข้าวหอมมะลิ,210\n", "cp874"),
        ("פריט,מחיר\nשמן זית,32\nסוכר לבן,25\nקמח מלא,9\n", "cp1255"),
        ("Προϊόν;Τιμή\nΕλαιόλαδο;8.9\nΦέτα τυρί;11\n", "cp1253"),
        ("品名,单价\n酱油,12\n陈醋,9\n芝麻油,22\n大米,36\n", "gb18030"),
        ("品名,單價\n醬油,12\n陳醋,9\n芝麻油,22\n大米,36\n", "big5"),
        *(("品名,価格\nしょうゆ 500ml,320\n味噌 1kg,480\nコーヒー,900\n", name) for name in ("shift_jis", "euc_jp")),
        ("품명,가격\n간장 500ml,3200\n된장 1kg,4800\n커피,9000\n", "euc_kr"),
        ("Item;Price\nTea;£2.50\nCoffee;€3\n", "cp1252"),
        ("Name;Price\nTea (чай);100\n", "cp1251"),
    ],
)
def test_the_encoding_is_recognized_by_the_text(text: str, encoding: str):
    """A list comes out as it was typed, whatever encoding it was saved in."""
    assert encodings.decode_text(text.encode(encoding), "list.csv") == text


def test_a_character_cut_in_two_does_not_spoil_the_rest():
    """UTF-8 that ends within a character, or has one broken byte among many, stays UTF-8."""
    data = _RUSSIAN.encode()
    cut = data[: data.rindex("Л".encode()) + 1]
    assert encodings.decode_text(cut, "a.csv").startswith(_RUSSIAN[:80])
    assert encodings.decode_text(data.replace(b"\n", b"\xff\n", 1), "a.csv").endswith(_RUSSIAN[20:])


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 50, b"\x1f\x1e\x05" * 30])
def test_bytes_that_are_no_text_are_refused(data: bytes):
    """Binary content is no list of one strange column."""
    with pytest.raises(errors.FileFormatUnknown, match=r"^a\.txt: "):
        read_text(data, "a.txt")


@pytest.mark.parametrize("data", [b"x" * 1_500_000 + "é".encode("cp1252"), b"x" * 60_000 + b"\xe9" + b"y" * 60_000, (b"word\xe9" * 20_000)])
def test_no_text_costs_more_than_its_length(data: bytes):
    """Long lines and words do not make the search for the encoding slow."""
    start = time.process_time()
    assert read_text(data, "a.csv")[0].rows[0][0].count("é")
    assert time.process_time() - start < 5
