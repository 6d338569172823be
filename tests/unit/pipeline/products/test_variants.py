"""Variants that an answer made one product stay apart; spellings of one name stay one product."""

from dataclasses import replace
from decimal import Decimal

import pytest

from monito_ray.pipeline.products import rules, variants
from monito_ray.records import Method, RawRow, Standard


def _raw(name: str) -> RawRow:
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
def test_a_word_that_distinguishes_variants_is_not_dropped(names: list[str], answer: str):
    """The rules' names have it, and replace the answer's."""
    rows = [_raw(name) for name in names]
    by_rules = rules.standardize(rows)
    products = variants.keep_variants_apart([_answer(answer), _answer(answer)], by_rules)
    assert len({standard.standardized_name for standard in products}) == 2
    assert [standard.size for standard in products] == [Decimal(330)] * 2


def test_rows_of_different_sizes_keep_the_answers_name():
    """330 and 620 ml are two products as they are."""
    rows = [_raw("Bintang 330 ml"), _raw("Bintang 620 ml")]
    answers = [_answer("Bintang beer", 330), _answer("Bintang beer", 620)]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers


def test_the_same_words_in_another_order_are_no_variant():
    """Nor in another case."""
    rows = [_raw("Kecap ABC manis"), _raw("KECAP MANIS, ABC")]
    answers = [_answer("Sweet soy sauce"), _answer("Sweet soy sauce")]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers


def test_spellings_of_one_name_are_no_variants():
    """Rows that the rules name the same keep the answer's name."""
    rows = [_raw("Beras pandan 5 kg"), _raw("Beras pandan 5kg")]
    answers = [_answer("Fragrant pandan rice"), _answer("Fragrant pandan rice")]
    assert variants.keep_variants_apart(answers, rules.standardize(rows)) == answers


def test_what_a_person_named_stays():
    """A person may call two variants one product."""
    rows = [_raw("Coca-Cola Zero 330 ml"), _raw("Coca-Cola Original 330 ml")]
    answers = [replace(_answer("Coca-Cola"), method=Method.MANUAL), _answer("Coca-Cola")]
    names = [product.standardized_name for product in variants.keep_variants_apart(answers, rules.standardize(rows))]
    assert names[0] == "Coca-Cola" != names[1]
