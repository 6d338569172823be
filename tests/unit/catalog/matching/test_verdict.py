"""Verdicts on two articles: tables of invented goods."""

from decimal import Decimal

import pytest

from monito_ray.catalog.matching.verdict import (
    ABBREVIATED,
    ARTICLE_NUMBER,
    AS_WRITTEN,
    BARCODE,
    IN_ENGLISH,
    MISSPELLED,
    WORD_LEFT_OUT,
    VerdictKind,
    compare,
)
from tests.support.articles import article

BY_KG = {"price_unit": "kg"}
ONE_KG = {"size": Decimal(1), "unit": "kg"}

#: Two names and fields of both rows, and how sure it is that they are one.
ONE = [
    ("Zarvex Mango Juice 330 ml", {}, "zarvex mango juice 330ML", {}, AS_WRITTEN),
    ("Zarvex Mango Juice 330 ml", {}, "Juice Mango Zarvex 0,33 l", {}, AS_WRITTEN),
    ("Zarvex Mango Juice 330 ml", {}, "Mango Juice 330 ml", {"brand": "Zarvex"}, AS_WRITTEN),
    ("Carrots", BY_KG, "Wortel", BY_KG, IN_ENGLISH),
    ("Морковь", BY_KG, "Zanahoria", BY_KG, IN_ENGLISH),
    ("Turmeric Kuvo 1 kg", {}, "Turmerik Kuvo", BY_KG, MISSPELLED),
    ("Coconut Milk Kuvo 1 l", {}, "Coconutmilk Kuvo 1000 ml", {}, AS_WRITTEN),
    ("Tuna Kuvo 100 g (24/dus)", {}, "Tuna Kuvo 100 gr", {}, AS_WRITTEN),
    ("Tuna Kuvo 40gx48", {"pack_count": 1}, "Tuna Kuvo 40 g", {}, AS_WRITTEN),
    ("Iceberg lettuce", BY_KG, "Iceberg", BY_KG, AS_WRITTEN),
    ("Basil fresh", BY_KG | {"category": "herbs & spices"}, "Basil", BY_KG | {"category": "herbs & spices"}, AS_WRITTEN),
    ("Daun mint", BY_KG, "Mint", BY_KG, IN_ENGLISH),
    ("Рис Лунаро 5 кг", {}, "Rice Lunaro 5 kg", {}, IN_ENGLISH),
    ("Чай гладкий Кувос 100 г", {}, "Чай гладкие Кувос 100 г", {}, IN_ENGLISH),
    ("Rice Zarvex 5 kg", {}, "Rice quality Zarvex 5 kg", {}, WORD_LEFT_OUT),
    ("Grated cheese Zarvex 1 kg", {}, "Grtd cheese Zarvex 1 kg", {}, AS_WRITTEN),
    ("Jeruk merah Zarvex 1 kg", {}, "Jrk merah Zarvex 1 kg", {}, ABBREVIATED),
    ("Arroz Zarvexito 1 kg", {}, "Arroz Zarv. 1 kg", {}, ABBREVIATED),
    ("Vino tinto Zarvex 750 ml", {}, "Vino tinto Zarvex botella 750 ml", {}, WORD_LEFT_OUT),
    ("Rice Zarvex 5 kg", {}, "Rice Zarvex bag 5 kg", {}, WORD_LEFT_OUT),
    ("Pepaya kalzarva", BY_KG, "Papaya calzarva", BY_KG, ABBREVIATED),
    ("Mayo c/limón Zarvex 1 kg", {}, "Mayo con limón Zarvex 1 kg", {}, AS_WRITTEN),
    ("Cabai-cabai merah", BY_KG, "Cabai merah", BY_KG, AS_WRITTEN),
    ("Servilleta Zarvexal doble blanca", {}, "Serv. Zarvexal doble blanca", {}, ABBREVIATED),
    ("Свёкла", BY_KG, "Beetroot", BY_KG, IN_ENGLISH),
    ("Plug Zarvex 20 (100 pcs)", {"pack_count": 1, "price_unit": "pcs"}, "Plug Zarvex 20", {"price_unit": "pcs"}, AS_WRITTEN),
    ("Sambal Zarvex level 1 1 kg", {}, "Zarvex sambal level 1 1000 g", {}, AS_WRITTEN),
    ("Sambal Zarvex 1x1 kg", {}, "Sambal Zarvex 1 kg", {}, AS_WRITTEN),
    ("Barang Zarvex 330", {"size": Decimal(330), "unit": "ml"}, "Barang Zarvex 330 ml", {}, AS_WRITTEN),
    ("Valve 20 (100 pcs)", {"pack_count": 100, "price_unit": "pcs"}, "Valve 20", {"price_unit": "pcs"}, AS_WRITTEN),
    ("Zarvex 3 ply 2 roll tissue", {}, "Zarvex tissue 2 roll 3 ply", {}, AS_WRITTEN),
    ("Sambal Zarvex level 1 jumbo 3 500 g", {}, "Level 1 500 g sambal jumbo 3 Zarvex", {}, AS_WRITTEN),
    ("Sambal Zarvex level 1 jumbo 3 500 g", {}, "1 level 3 jumbo sambal Zarvex 500 g", {}, AS_WRITTEN),
    ("Sambal Zarvex level 1 jumbo 1 tipe 3", {}, "Sambal Zarvex jumbo 1 level 1 tipe 3", {}, AS_WRITTEN),
    ("Kuvo phone X10 128 black", {}, "Kuvo black phone X10 128", {}, AS_WRITTEN),
    ("Sambal Zarvex jeruk 1 jumbo 3 500 g", {}, "Sambal Zarvex jrk 1 jumbo 3 500 g", {}, ABBREVIATED),
]

#: Two names and fields of both rows, and a part of the reason.
APART = [
    ("Zarvex Cola 330 ml", {}, "Zarvex Cola 500 ml", {}, "330 ml and 500 ml"),
    ("Zarvex Cola 24x330 ml", {}, "Zarvex Cola 330 ml", {"price": Decimal(2400)}, "24 pieces"),
    ("Zarvex Cola", {"price_unit": "carton"}, "Zarvex Cola", {"price_unit": "bottle"}, "carton"),
    ("Pumpkin", BY_KG, "Pumpkin", {"price_unit": "pcs"}, "by the kg"),
    ("Zarvex S10", {}, "Zarvex S10+", {}, "plus sign"),
    ("Tube 16x25", {}, "Tube 25x16", {}, "16x25"),
    ("Tube 16", {}, "Tube 20", {}, "16 and 20"),
    ("Zarvex Cola 330 ml", {}, "Zarvex Cola Zero 330 ml", {}, "zero"),
    ("Zarvex tomato fresh 1 kg", {}, "Zarvex tomato sauce 1 kg", {}, "sauce"),
    ("Paint red 1 l", {}, "Paint green 1 l", {}, "red"),
    ("Краска красная 1 кг", {}, "Краска зелёная 1 кг", {}, "red"),
    ("Shrimp peeled", BY_KG, "Shrimp", BY_KG, "peeled"),
    ("Bawang putih", BY_KG, "Bawang putih kupas", BY_KG, "peeled"),
    ("Kuvo 75 tabs", {}, "Kuvo 75 caps", {}, "capsule"),
    ("Zarvex K5 10", {}, "Zarvex 5 K10", {}, "k5 and k10"),
    ("Flour Zarvex 0000 1 kg", {}, "Flour Zarvex 000 1 kg", {}, "0000"),
    ("Dates pitted Zarvex 1 kg", {}, "Dates Zarvex 1 kg", {}, "pitted"),
    ("Chicken frozen", BY_KG, "Chicken fresh", BY_KG, "frozen"),
    ("Sambal Zarvex level 1 jumbo 3 1 kg", {}, "Sambal Zarvex level 3 jumbo 1 1 kg", {}, "1 3 and 3 1"),
    ("Barang Zarvex 2 nomor 1 enak 1 kg", {}, "Barang Zarvex 1 nomor 2 enak 1 kg", {}, "2 1 and 1 2"),
    ("Barang Zarvex 2 nomor 5 enak 5 kg", {}, "Barang Zarvex 5 nomor 2 enak 5 kg", {}, "2 5 and 5 2"),
    ("Barang Zarvex 2 nomor 3 enak 1 kg", {}, "Barang Zarvex 3 nomor 2 enak 1 kg", {}, "2 3 and 3 2"),
    ("Sambal Zarvex level 1 1 kg", {}, "Sambal Zarvex level 2 1 kg", {}, "1 and 2"),
    ("Barang Zarvex 24 nomor 2 24x330 ml", {}, "Barang Zarvex 2 nomor 24 24x330 ml", {}, "24 2 and 2 24"),
    ("Barang Zarvex 12 nomor 2 isi 12", {}, "Barang Zarvex 2 nomor 12 isi 12", {}, "12 2 and 2 12"),
    ("Barang Zarvex 12 nomor 2 (12 pcs)", {}, "Barang Zarvex 2 nomor 12 (12 pcs)", {}, "12 2 and 2 12"),
    ("Barang Zarvex 40 nomor 5 40% 1 l", {}, "Barang Zarvex 5 nomor 40 40% 1 l", {}, "40 5 40% and 5 40 40%"),
    ("Sambal Zarvex level 1 jumbo 3 500 g", {}, "Sambal Zarvex jumbo 1 level 3 500 g", {}, '3 and 1 to "jumbo"'),
    ("Zarvex tissue 3 lapis 4 lubang", {}, "Zarvex tissue 3 lubang 4 lapis", {}, 'belong to other words: 3 and 4 to "lapis"'),
    ("Sambal Zarvex level 1 500 g jumbo 3 tipe 5", {}, "Sambal Zarvex tipe 1 level 3 jumbo 5 500 g", {}, '3 and 5 to "jumbo"'),
    ("Kuvo Sambal level 3 jumbo 1", ONE_KG, "Kuvo Sambal jumbo 3 level 1", ONE_KG, '1 and 3 to "jumbo"'),
]

#: Two names and fields of both rows, and a part of the question.
ASK = [
    ("Zarvex Cola 330 ml", {}, "Zarvex Cola", {}, "330 ml"),
    ("Zarvex Cola 330 ml", {}, "Zarvex Cola 330 ml", {"price": Decimal(301)}, "3.0 times"),
    ("Zarvex Cola 330 ml", {}, "Cola 330 ml", {}, "zarvex"),
    ("Zarvex Cola 500 g", {}, "Zarvex Cola 500 ml", {}, "500 ml"),
    ("Zarvex Vodka 40% 1 l", {}, "Zarvex Vodka 1 l", {}, "40%"),
    (
        "Plug Zarvex (100 pcs)",
        {"pack_count": 1, "price_unit": "pcs"},
        "Plug Zarvex (50 pcs)",
        {"pack_count": 1, "price_unit": "pcs"},
        "100",
    ),
    ("Zarvex Kuvo X - 5", {}, "Zarvex Kuvo - 5", {}, '"x"'),
    ("Zarvex flour type 00 grade 260", {}, "Zarvex flour 00 260 type grade", {}, 'Does "type" belong to 00 or to 260?'),
    ("Zarvex Sunrise 100 ml", {}, "Zarvex Sun 100 ml", {}, "sunrise"),
    ("Kuvo", {"section": "Hot tea"}, "Kuvo", {"section": "Soap"}, "other titles"),
    ("Kuvo", {}, "Kuvo", {"currency": "EUR"}, "prices cannot be compared"),
    ("Whisky Zarvex old 10", {}, "Whisky Zarvex old 10", {"currency": "EUR"}, "two currencies"),
    ("Basil fresh", BY_KG | {"category": "herbs & spices"}, "Basil", BY_KG | {"category": "herbs & spices", "price": Decimal(30)}, "fresh"),
    ("Zarvex", {"sku": "4006381333931"}, "Zarvex", {"sku": "9780306406157"}, "barcodes differ"),
    ("Prednilan 5 ml", {}, "Prednislan 5 ml", {}, "prednilan"),
    ("Pasador cuadrado Zarvex negro 1 kg", {}, "Pasador cuadrado Zarvex blc 1 kg", {}, "blc"),
    ("Minyak goreng Zarvex pouch 2 l", {}, "Cooking oil Zarvex refill 2 l", {}, "refill"),
    ("Kopi hitam bubuk Zarvex 165 g", {}, "Zarvex ground coffee 165 g", {}, "powder"),
    ("Telur asin", {"category": "prepared dishes"}, "Telur asin", {"category": "dairy & eggs"}, "dish"),
    ("Daun zarvex", {}, "Daun zarvex", {"price": Decimal(250)}, "over 2 times"),
    ("Santan Zarvex 200 ml", {"price_unit": "pcs"}, "Santan Zarvex 200 ml", {"price_unit": "pack", "price": Decimal(255)}, "pack"),
    (
        "Zarvex",
        {"size": Decimal(50), "unit": "ml", "section": "Liqueurs 50 ml", "currency": "EUR"},
        "Zarvex 50 ml",
        {},
        "title alone",
    ),
    ("Lamb chop", BY_KG, "Lamb chopped", BY_KG, "chop"),
    ("Sambal Zarvex level 1 jumbo 3", ONE_KG, "Sambal Zarvex level 3 jumbo 1", ONE_KG, "Only one of them says 1"),
    ("Barang Zarvex 12 nomor 2", {"pack_count": 12}, "Barang Zarvex 2 nomor 12", {"pack_count": 12}, "Only one of them says 12"),
    ("Cola Zarvex 500 ml", {}, "Cola Zarvex bottle 500 ml", {}, "bottle"),
    ("Tea Zarvex 100 g", {}, "Tea Zarvex bag 100 g", {}, "bag"),
    ("Nata milk Zarvex", {}, "Nata milk Zarvex promo", {}, "promo"),
    ("Servilleta Zarvexal doble blanca", {}, "Serv. Zarvexal doble blanca", {"price": Decimal(150)}, "napkin"),
]


@pytest.mark.parametrize(("name", "fields", "other_name", "other_fields", "strength"), ONE)
def test_articles_that_are_one(name, fields, other_name, other_fields, strength):
    """Whatever the order of words, case, language or unit of their size, and however the carton is described."""
    one, other = article(name, **fields), article(other_name, **other_fields)
    assert compare(one, other).kind is VerdictKind.ONE, compare(one, other)
    assert compare(one, other).strength == strength
    assert compare(one, other) == compare(other, one)


@pytest.mark.parametrize(("name", "fields", "other_name", "other_fields", "reason"), APART)
def test_articles_that_are_apart(name, fields, other_name, other_fields, reason):
    """One of the guards says why, with both values."""
    one, other = article(name, **fields), article(other_name, **other_fields)
    assert compare(one, other).kind is VerdictKind.APART, compare(one, other)
    assert reason in compare(one, other).reason
    assert compare(other, one).kind is VerdictKind.APART


@pytest.mark.parametrize(("name", "fields", "other_name", "other_fields", "question"), ASK)
def test_articles_that_a_person_is_asked_about(name, fields, other_name, other_fields, question):
    """What is left over, or said by one side alone, is a question."""
    one, other = article(name, **fields), article(other_name, **other_fields)
    assert compare(one, other).kind is VerdictKind.ASK, compare(one, other)
    assert question in compare(one, other).reason
    assert compare(other, one).kind is VerdictKind.ASK


def test_a_barcode_joins_whatever_the_words_are():
    """Its check digit is right, so it is no number of a supplier's own."""
    one, other = article("Kuvo", sku="4006381333931"), article("Zarvex", sku="4006381333931")
    assert compare(one, other).strength == BARCODE


def test_thirteen_digits_without_a_check_digit_are_no_barcode():
    """Suppliers number their articles as they like."""
    one, other = article("Kuvo", sku="4006381333930"), article("Zarvex", sku="4006381333930")
    assert compare(one, other).kind is not VerdictKind.ONE


def test_article_numbers_count_between_suppliers_whose_numbers_agree():
    """Elsewhere an equal number is chance."""
    one, other = article("Kuvo Amber Brandy 1 l", sku="52318"), article("Amber Brandy", sku="52318")
    assert compare(one, other, numbers_agree=True).strength == ARTICLE_NUMBER
    assert compare(one, other).kind is VerdictKind.ASK


def test_guards_win_over_article_numbers():
    """A number that stands beside another size is a mistake, or a new bottle."""
    one, other = article("Kuvo Amber Brandy 1 l", sku="52318"), article("Kuvo Amber Brandy 750 ml", sku="52318")
    assert compare(one, other, numbers_agree=True).kind is VerdictKind.APART


def test_a_piece_of_one_kilogram_beside_goods_by_the_kilogram_is_asked_about():
    """At like prices it may be the same bag; far from them, or of another content, it is not."""
    loose = article("Kuvo Flour 1 kg")
    assert compare(loose, article("Kuvo Flour 1 kg", price_unit="pcs")).kind is VerdictKind.ASK
    assert compare(loose, article("Kuvo Flour 1 kg", price_unit="pcs", price=Decimal(300))).kind is VerdictKind.APART
    assert compare(loose, article("Kuvo Flour 500 g", price_unit="pcs")).kind is VerdictKind.APART
    assert compare(article("Kuvo Juice 1 l"), article("Kuvo Juice 1000 ml", price_unit="pcs")).kind is VerdictKind.ASK
