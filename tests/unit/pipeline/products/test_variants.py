"""Rows that differ in a word that an answer dropped stay two products; spellings of one name stay one."""

from decimal import Decimal

import pytest

from monito_ray.pipeline.products import rules, variants
from monito_ray.records import Method, RawRow, Standard


def raw(name: str) -> RawRow:
    """A row of that name."""
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=Decimal(1))


def _answer(name: str, size: int | None = 330) -> Standard:
    return Standard(
        standardized_name=name, brand="", size=size and Decimal(size), unit="ml" if size else "", pack_count=1, method=Method.LLM
    )


@pytest.mark.parametrize(
    ("names", "answer"),
    [
        (["Coca-Cola Zero 330 ml", "Coca-Cola Original 330 ml"], "Coca-Cola"),
        (["Chicken thigh with bone", "Chicken thigh without bone"], "Chicken thigh"),
        (["Cat tembok merah Nusa", "Cat tembok biru Nusa"], "Wall paint"),
    ],
)
def test_a_word_that_tells_twins_apart_is_not_dropped(names: list[str], answer: str):
    """The rules' names, which keep it, stand instead of the answer's."""
    rows = [raw(name) for name in names]
    by_rules = rules.standardize(rows)
    kept = variants.keep_variants_apart([_answer(answer), _answer(answer)], by_rules)
    assert len({standard.standardized_name for standard in kept}) == 2
    assert [standard.size for standard in kept] == [Decimal(330)] * 2


def test_what_size_tells_apart_keeps_its_name():
    """330 and 620 ml are two products as they are."""
    rows = [raw("Bintang 330 ml"), raw("Bintang 620 ml")]
    answers = [_answer("Bintang beer", 330), _answer("Bintang beer", 620)]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers


def test_a_row_that_stands_twice_is_no_twin():
    """The same words in another order or case are the same name."""
    rows = [raw("Kecap ABC manis"), raw("KECAP MANIS, ABC")]
    answers = [_answer("Sweet soy sauce"), _answer("Sweet soy sauce")]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers


def test_spellings_of_one_name_stay_one():
    """What the rules call the same keeps the answer's name."""
    rows = [raw("Beras pandan 5 kg"), raw("Beras pandan 5kg")]
    answers = [_answer("Fragrant pandan rice"), _answer("Fragrant pandan rice")]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers
