"""The evidence in a row's own texts."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.llm.evidence import RowEvidence

READINGS = [
    ("6 x 1,5 L", "1.5 6", {1, 6}, {"l"}),
    ("4x6x330ml", "4 6 330", {1, 4, 6, 24}, {"ml"}),
    ("12 pcs @ 85 gr", "12 85", {1, 12}, {"g"}),
    ("1 dus isi 40", "1 40", {1, 40}, set()),
    ("2 lusin", "2", {1, 2, 12, 24}, set()),
    ("Beras 1/2 kg", "0.5 1 2", {1}, {"kg"}),
    ("Сок 1½ л", "0.5 1 1.5", {1}, {"l"}),
    ("1.000 gr", "1 1000", set(), {"g"}),
    ("Шуруп 3х2", "2 3", {1, 2, 3, 6}, set()),
]


@pytest.mark.parametrize(("text", "numbers", "counts", "units"), READINGS, ids=[text for text, *_ in READINGS])
def test_numbers_are_read_as_people_write_them(text: str, numbers: str, counts: set[int], units: set[str]):
    """Commas, dots, fractions and "x" have all their meanings; units of content follow no count."""
    evidence = RowEvidence({"name": text})
    assert evidence.numbers == {Decimal(number) for number in numbers.split()}
    assert evidence.counts - {1} == counts - {1}
    assert evidence.units == units


SIZES = [
    ("TEH 24x330ml", {"330 ml"}),
    ("6 x 1,5 L", {"1.5 l"}),
    ("Beras 1/2 kg", {"0.5 kg"}),
    ("Сок 1½ л", {"0.5 l", "1.5 l"}),
    ("Kue ½ kg", {"0.5 kg"}),
    ("Mi 12/85 gr", {"85 g"}),
    ("Mi 40/1250 g", {"1250 g"}),
    ("Kode 1/0 kg", set()),
    ("ML 500 Agua", {"500 ml"}),
    ("Вода 1 000 мл", {"0 ml", "1000 ml"}),
    ("330mlx24", {"330 ml"}),
    ("Kain 5m2", {"5 m2"}),
    ("Sosis isi 16 pcs", {"16 pcs"}),
    ("Ban 205/55 R16", set()),
    ("234 KRETEK 16", set()),
    ("Cat tembok 5 putih", set()),
    ("ENERGA Sachet (160/dus)", set()),
    ("AIR 1500 ml (12/dus)", {"1500 ml"}),
]


@pytest.mark.parametrize(("text", "sizes"), SIZES, ids=[text for text, _ in SIZES])
def test_a_size_is_a_number_beside_its_unit(text: str, sizes: set[str]):
    """Before or behind it, glued or not; a unit elsewhere in the row makes no size."""
    assert {f"{number:f} {unit}" for number, unit in RowEvidence({"name": text}).sizes} == sizes


BRANDS = [
    ("Kuntum", "TEH KUNTUM", True),
    ("Café Lune", "kopi CAFE LUNE 1kg", True),
    ("Nusa-Bumi", "NUSABUMI beras", True),
    ("Ice", "Rice 5kg", False),
    ("Kuntum Mas", "TEH KUNTUM", False),
    ("'", "TEH KUNTUM", False),
]


@pytest.mark.parametrize(("brand", "text", "has"), BRANDS)
def test_words_are_those_of_the_row(brand: str, text: str, has: bool):
    """Case, accents and word breaks do not matter; a part of a short word is no word."""
    assert RowEvidence({"name": text}).has_words(brand) is has
