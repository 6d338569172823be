"""What the words of an answer's name say of its row."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.llm.name_overlap import NameOverlap, is_ordinary_brand, name_overlap
from monito_ray.records import FieldConfidence, RawRow, Standard


def _row(name: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=Decimal(1))


NAMES = [
    # row, the answer's name, its brand
    ("TEH KUNTUM Melati btl", "Kuntum jasmine tea bottle", "Kuntum", NameOverlap.TRANSLATED),
    ("Beras pandan", "Pandan rice", "", NameOverlap.TRANSLATED),
    ("AMPLOP BESAR", "Chicken soup", "", NameOverlap.FOREIGN),
    ("KUNTUM amplop besar", "Kuntum chicken soup", "Kuntum", NameOverlap.FOREIGN),
    ("Гречка ядрица Зорбла", "Гречка whole", "", NameOverlap.FOREIGN),
    ("TEH KUNTUM Melati btl", "Teh Kuntum melati", "Kuntum", NameOverlap.UNTRANSLATED),
    ("Telur ayam Zorblax negeri vrumplet", "Eggs", "", NameOverlap.UNTRANSLATED),
    ("Garden hose Kuntum", "Kuntum garden hose", "Kuntum", NameOverlap.ECHO),
    ("Zorblax vrumplet", "Zorblax vrumplett hose", "", NameOverlap.FOREIGN),
    ("Zorblax vrumplet", "Vrumplet quastnik set", "", NameOverlap.PARTLY),
    ("Tissue zorblax", "Table tissue", "", NameOverlap.SHARED),
    ("Tissue makan", "Table tissue", "", NameOverlap.PARTLY),
    ("Kuntum orange juice", "Kuntum orange juice drink", "Kuntum", NameOverlap.SHARED),
    ("Zorblax vrumplet", "Garden hose", "", NameOverlap.UNCHECKED),
    ("Zorblax vrumplet", "", "", NameOverlap.SETTLED),
]


@pytest.mark.parametrize(("name", "answer", "brand", "overlap"), NAMES)
def test_a_name_is_compared_with_what_the_glossary_makes_of_its_row(name: str, answer: str, brand: str, overlap: NameOverlap):
    """Brands and packages prove nothing; what the row says already is no translation; where no word is known, nothing can be said."""
    rule = Standard(standardized_name=name)
    assert name_overlap(_row(name), rule, Standard(standardized_name=answer, brand=brand)) is overlap


def test_a_name_that_the_rules_are_sure_of_is_settled():
    """It was given, so nothing can be learned from its coming back."""
    rule = Standard(standardized_name="Rice", field_confidence=FieldConfidence(name=0.97))
    assert name_overlap(_row("Beras"), rule, Standard(standardized_name="Chicken soup")) is NameOverlap.SETTLED


BRANDS = [
    ("Rice", "Rice Kuntum 5 kg", True),
    ("Serrano Ham", "Serrano Ham Sliced", True),
    ("Foil Containers", "Foil Containers No.6 + Lids", True),
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
