"""Titles in the languages that the lexicon has: `tests/data/titles.toml`."""

import tomllib
from pathlib import Path

import pytest

from monito_ray.pipeline.tables.titles import CLEAR_FIT, parse_title

TITLES = tomllib.loads((Path(__file__).resolve().parents[3] / "data" / "titles.toml").read_text(encoding="utf-8"))
NOT_FOR_SALE = {"cost", "tax", "margin", "weight", "sum", "quantity", "discount"}


@pytest.mark.parametrize("language", TITLES)
def test_titles_of_a_language_name_their_roles(language: str):
    """Clearly, whatever signs, capitals and units stand beside the word."""
    expected = {text: role for role, texts in TITLES[language].items() for text in texts}
    titles = {text: parse_title(text) for text in expected}
    assert {text: title.role for text, title in titles.items()} == expected
    assert [text for text, title in titles.items() if not title.is_clear] == []


@pytest.mark.parametrize("language", TITLES)
def test_what_is_no_price_is_no_clear_price(language: str):
    """Costs, taxes, margins and sums are numbers beside names, too."""
    texts = [text for role, texts in TITLES[language].items() if role in NOT_FOR_SALE - {"sum"} for text in texts]
    assert [text for text in texts if parse_title(text).roles.get("price", 0.0) >= CLEAR_FIT] == []


@pytest.mark.parametrize(
    ("tier", "texts"),
    [
        (0, "Retail price|Harga Eceran|Розничная цена|Cena detaliczna|Prix à la pièce|Precio minorista|Perakende fiyatı|Maloprodajna cijena|零售价|소매가|小売価格|Giá bán lẻ|ราคาปลีก"),
        (2, "Wholesale price|Dealer price|Harga Grosir|Оптовая цена|Cena hurtowa|Prix grossiste|Precio mayorista|Toptan fiyatı|Veleprodajna cijena|批发价|도매가|卸価格|Giá sỉ|ราคาส่ง|Χονδρική τιμή|FOB Price"),
        (3, "Carton price|Harga dus|Цена за коробку|Prix carton|Precio x caja|Koli fiyatı|Kartonpreis|整箱价|Giá thùng|ราคาลัง|Preço caixa|Prijs per doos"),
        (4, "Old price|Harga lama|Старая цена|Stara cena|Ancien prix|Precio anterior|Eski fiyat|UVP|Adviesprijs|原价|Giá cũ|Prezzo consigliato|Vejl. pris|RRP"),
    ],
)  # fmt: skip
def test_titles_tell_which_price_they_mean(tier: int, texts: str):
    """In many languages."""
    titles = {text: parse_title(text) for text in texts.split("|")}
    assert {text: title.tier for text, title in titles.items()} == dict.fromkeys(titles, tier)
    assert [text for text, title in titles.items() if title.role != "price"] == []


@pytest.mark.parametrize("text", ["bottle", "Wine", "glass", "Напитки", "Vino", "Getränke", "each", "Medicamentos"])
def test_words_that_goods_have_too_make_no_title_clear(text: str):
    """A row of goods is no header."""
    assert not parse_title(text).is_clear
