"""What the words of an answer's name say of its row."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.llm.name_overlap import NameOverlap, is_ordinary_brand, name_overlap
from monito_ray.records import FieldConfidence, RawRow, Standard


def _row(name: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=Decimal(1))


NAMES = [
    # row, the rules' name, the share of its words that they know, the answer's name, its brand
    ("TEH KUNTUM Melati btl", "Kuntum tea Melati bottle", 0.5, "Kuntum jasmine tea bottle", "Kuntum", NameOverlap.SHARED),
    ("Tomates pera", "Pear tomatoes", 1.0, "Pear tomato", "", NameOverlap.SHARED),
    ("AMPLOP BESAR", "Amplop big", 0.5, "Chicken soup", "", NameOverlap.FOREIGN),
    ("KUNTUM amplop besar", "Amplop big", 0.5, "Kuntum chicken soup", "Kuntum", NameOverlap.FOREIGN),
    ("AQUVA BOTOL", "Aquva bottle", 0.5, "Bottle of sauce", "", NameOverlap.FOREIGN),
    ("Zorblax vrumplet", "Zorblax vrumplet", 0.0, "Garden hose", "", NameOverlap.UNCHECKED),
    ("Zorblax vrumplet", "Zorblax vrumplet", 0.0, "Zorblax garden hose set", "", NameOverlap.PARTLY),
    ("Zorblax", "Zorblax", 0.0, "Zorblax", "Zorblax", NameOverlap.SHARED),
    ("Beras merah organik pilihan petani", "Beras merah organik pilihan petani", 0.2, "Beras", "", NameOverlap.WORSE),
    ("TEH KUNTUM Melati btl", "Tea Melati bottle", 0.5, "Teh Kuntum melati", "Kuntum", NameOverlap.WORSE),
    ("Air freshener Kuntum", "Water freshener Kuntum", 0.7, "Kuntum air freshener", "Kuntum", NameOverlap.SHARED),
    ("Zorblax", "Zorblax", 0.0, "", "", NameOverlap.UNCHECKED),
    ("Beras", "Rice", 1.0, "", "", NameOverlap.SHARED),
]


@pytest.mark.parametrize(("name", "by_rules", "share", "answer", "brand", "evidence"), NAMES)
def test_a_name_shares_words_with_its_row(name: str, by_rules: str, share: float, answer: str, brand: str, evidence: NameOverlap):
    """Or with what the glossary makes of it. Brands and packages prove nothing; where no word of the row is known, nothing can be said."""
    rule = Standard(standardized_name=by_rules, field_confidence=FieldConfidence(name=share))
    assert name_overlap(_row(name), rule, Standard(standardized_name=answer, brand=brand)) is evidence


BRANDS = [
    ("Rice", "Rice Kuntum 5 kg", True),
    ("Kuntum", "Teh Kuntum", False),
    ("Zorblax", "ZORBLAX", True),
    ("Vrumplet", "Zorblax vrumplet", True),
    ("Vrumplet", "zorblax vrumplet", False),
    ("Vrumplet", "ZORBLAX VRUMPLET", False),
    ("З-33", "Клей З-33", False),
]


@pytest.mark.parametrize(("brand", "name", "ordinary"), BRANDS)
def test_an_ordinary_word_is_hardly_a_brand(brand: str, name: str, ordinary: bool):
    """A word of the trade, one written small beside others that are not, or all that the row says."""
    assert is_ordinary_brand(brand, _row(name)) is ordinary
