"""What speaks for the roles of one column each."""

from collections.abc import Sequence

import pytest

from monito_ray.pipeline.cells import Value
from monito_ray.pipeline.tables.profiles import profile_column
from monito_ray.pipeline.tables.role_evidence import ROLE, SINGLE_ROLES, role_score
from monito_ray.pipeline.tables.titles import NO_TITLE, parse_title

UNITS = ["kg", "pcs", "dus", "kg"]
SIZES = ["500 g", "1 kg", "330 ml", "2 l"]
BRANDS = ["Ramos", "Gulaku", "Bimoli", "Kapal Api"]
CODES = ["QX-12", "ZT-4F", "KX-90", "DD-10"]
ARTICLES = [586_786_613.0 + 7 * n for n in range(6)]
DESCRIPTIONS = ["Beras pulen dari Cianjur, panen baru", "Gula pasir putih dari Lampung", "Minyak sawit untuk menggoreng"]


@pytest.mark.parametrize(
    ("role", "cells", "label", "points"),
    [
        ("number", [1.0, 2.0, 3.0], "counts up evenly", ROLE.number_running),
        ("number", BRANDS, "words", -ROLE.number_wordy),
        ("sku", CODES, "codes", ROLE.sku_codes),
        ("sku", ARTICLES, "article numbers", ROLE.sku_numbers),
        ("brand", BRANDS, "words", ROLE.brand_words),
        ("brand", UNITS, "units and amounts", -ROLE.brand_others),
        ("size", SIZES, "sizes", ROLE.size_sizes),
        ("size", DESCRIPTIONS, "long texts", -ROLE.size_description),
        ("pack", [6.0, 12.0, 24.0, 6.0], "numbers", ROLE.pack_numbers),
        ("pack", UNITS, "units", -ROLE.pack_units),
        ("unit", UNITS, "units", ROLE.unit_units),
        ("unit", [6.0, 12.0, 24.0], "numbers", -ROLE.unit_numbers),
        ("unit", SIZES, "sizes", -ROLE.unit_sizes),
        ("category", ["Minuman"] * 4 + ["Makanan"] * 4, "the same words again and again", ROLE.category_words),
        ("category", [6.0, 12.0], "amounts", -ROLE.category_amounts),
    ],
)
def test_cells_speak_for_and_against_a_role(role: str, cells: Sequence[Value], label: str, points: float):
    """Each term has its points."""
    terms = {term.label: term.points for term in role_score(role, NO_TITLE, profile_column(cells)).terms}
    assert terms[label] == pytest.approx(points)


@pytest.mark.parametrize(
    ("title", "role"), [("No", "number"), ("Kode", "sku"), ("Merk", "brand"), ("Satuan", "unit"), ("Kategori", "category")]
)
def test_a_title_alone_gives_a_role_its_points(title: str, role: str):
    """Where the cells do not contradict it."""
    assert role_score(role, parse_title(title), profile_column(["a b", "c d"] if role != "number" else ["", "7"])).points >= ROLE.floor


def test_an_article_number_that_counts_up_is_no_running_number():
    """Its title tells them apart."""
    running = profile_column([1001.0 + n for n in range(9)])
    assert role_score("number", NO_TITLE, running).points >= ROLE.floor > role_score("number", parse_title("Kode"), running).points


def test_an_empty_column_has_no_role():
    """Whatever its title says."""
    assert not any(role_score(role, parse_title("Satuan"), profile_column(["", ""])).is_possible for role in SINGLE_ROLES)
