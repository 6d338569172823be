"""How units are spelled."""

import pytest

from monito_ray.pipeline.spellings import canonical_unit

SPELLINGS = {
    "g": "g gr Gr. GRM gms gram г гр гр.",
    "kg": "kg KG Kgs kilo кг КГ. /kg (kg)",
    "mg": "mg мг",
    "ml": "ml ML cc мл",
    "l": "l L lt Ltr. liter litre л л. литр",
    "cl": "cl",
    "m": "m mtr meter м пог.м м.п.",
    "m2": "m2 m² sqm кв.м",
    "pcs": "pcs PC Pcs. buah bh biji шт шт. штука pza ud und tablet",
    "box": "box kotak caja кор.",
    "carton": "ctn ktn Karton dus CTNS crt case",
    "pack": "pack PCK pcks pak bks bungkus уп уп. упаковка paquete bag",
    "bottle": "bottle btl BTLS botol бут. botella",
    "can": "can tin klg kaleng lata",
    "sack": "sak zak karung saco мешок",
    "dozen": "lusin doz docena",
    "score": "kodi",
    "bunch": "ikat пучок bunch",
    "gallon": "gln galon",
    "gal": "gal gallon galón GL",
    "oz": "oz Ounce onz onzas",
    "lb": "lb LBS. pounds",
    "dl": "dl дл",
    "ream": "rim resma ream",
    "slop": "slop",
    "pouch": "bolsa pouch",
    "roll": "roll rol рулон rollo",
    "": "potato 5 xyz kgx",
}


def test_a_unit_is_known_in_any_of_its_spellings():
    """A unit is known in any of its spellings, and what is no unit is none."""
    wrong = {word: canonical_unit(word) for unit, words in SPELLINGS.items() for word in words.split() if canonical_unit(word) != unit}
    assert wrong == {}


@pytest.mark.parametrize(
    ("spelled", "unit"), [("per kg", "kg"), ("за 1 шт.", "pcs"), ("Harga per btl", "bottle"), ("1 kg", "kg"), ("25 kg", "")]
)
def test_words_around_a_unit_do_not_hide_it(spelled: str, unit: str):
    """Words around a unit say the same unit; a size is no unit."""
    assert canonical_unit(spelled) == unit
