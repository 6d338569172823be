"""Rows are settled field by field: what the rules are sure of stands, the answer fills the rest."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from monito_ray.catalog.sheets.review import REVIEW_BELOW
from monito_ray.pipeline.llm import merge
from monito_ray.records import FieldConfidence, Method, RawRow, Standard

ROW = RawRow(source_file="f", source_sheet="s", source_row=1, original_name="SIRUP KUNTUM Pandan 460 ml x12", price=Decimal(1))
SURE = FieldConfidence(0.95, 0.95, 0.95, 0.95, 0.95)
RULES = Standard(
    standardized_name="Syrup pandan",
    brand="Kuntum",
    size=Decimal(460),
    unit="ml",
    pack_count=12,
    price_unit="carton",
    category="beverages",
    field_confidence=SURE,
)
BLANK = replace(
    RULES, brand="", size=None, unit="", category="other", standardized_name="SIRUP KUNTUM Pandan", field_confidence=FieldConfidence()
)
ANSWER = Standard(
    standardized_name="Kuntum pandan syrup",
    brand="Kuntum",
    size=Decimal(460),
    unit="ml",
    category="beverages",
    method=Method.LLM,
)


def _merge(by_rule: Standard, answer: Standard | None) -> Standard:
    (merged,) = merge.merge_answers([ROW], [by_rule], [answer])
    return merged


def _unsure(**values: Any) -> Standard:
    """Return the rules' standard with these values, of which the rules are not sure."""
    field = {"unit": "size"}
    return replace(RULES, **values, field_confidence=SURE._replace(**{field.get(name, name): 0.5 for name in values}))


def test_without_an_answer_the_rules_stand():
    """A row that nobody was asked about is theirs."""
    assert _merge(RULES, None) is RULES


CONTRADICTIONS = [
    ("brand", {"brand": "Zorblax"}),
    ("size", {"size": Decimal(46)}),
    ("category", {"category": "snacks"}),
    ("pack_count", {"pack_count": 24}),
]


@pytest.mark.parametrize(("field", "other"), CONTRADICTIONS)
def test_a_contradiction_never_wins_over_what_is_sure(field: str, other: dict[str, Any]):
    """The rules' value stands, and its confidence is so low that a person looks."""
    merged = _merge(RULES, replace(ANSWER, **other))
    assert replace(merged, field_confidence=SURE) == RULES
    assert getattr(merged.field_confidence, field) == merge.CONTRADICTED
    assert min(REVIEW_BELOW.values()) > merge.CONTRADICTED


def test_what_the_rules_leave_open_is_filled():
    """Name, brand, size and category; pack count and price unit stay theirs, and the method is the name's."""
    merged = _merge(BLANK, ANSWER)
    assert (merged.standardized_name, merged.brand, merged.size, merged.unit) == ("Kuntum pandan syrup", "Kuntum", 460, "ml")
    assert (merged.category, merged.pack_count, merged.price_unit, merged.method) == ("beverages", 12, "carton", Method.LLM)


def test_what_an_answer_leaves_open_stays_as_the_rules_have_it():
    """An answer without size, brand or category takes nothing away."""
    merged = _merge(
        _unsure(brand="Kuntum", size=Decimal(460), category="beverages"),
        Standard(standardized_name="", category="other", method=Method.LLM),
    )
    assert (merged.brand, merged.size, merged.category) == ("Kuntum", 460, "beverages")
    assert merged.method is Method.RULES


def test_two_sources_that_agree_are_more_certain_than_either():
    """Though neither was certain enough."""
    merged = _merge(_unsure(brand="Kuntum", category="beverages"), ANSWER)
    assert merged.field_confidence.brand == 0.8
    assert _merge(replace(RULES, field_confidence=SURE._replace(brand=0.7)), ANSWER).field_confidence.brand > 0.85


def test_of_two_that_differ_the_more_certain_one_counts_and_is_less_certain_then():
    """A brand that the rules are fairly sure of stays; one of which they know nothing is replaced."""
    fairly = replace(RULES, brand="Zorblax", field_confidence=SURE._replace(brand=0.84))
    assert _merge(fairly, ANSWER).brand == "Zorblax"
    assert _merge(fairly, ANSWER).field_confidence.brand < 0.6
    assert _merge(_unsure(brand="Zorblax"), ANSWER).brand == "Kuntum"


def test_no_size_where_the_answer_sees_another_pack():
    """Size and pack are right together or not at all: a size beside a wrong pack makes a wrong base price."""
    assert _merge(BLANK, replace(ANSWER, pack_count=6)).size is None
    assert _merge(BLANK, replace(ANSWER, pack_count=12)).size == 460


def test_a_name_foreign_to_its_row_is_not_taken():
    """Nor is the category that came with it."""
    merged = _merge(BLANK, replace(ANSWER, standardized_name="Chicken soup", category="meat & poultry"))
    assert (merged.standardized_name, merged.category, merged.method) == ("SIRUP KUNTUM Pandan", "other", Method.RULES)


def test_an_ordinary_word_is_no_brand():
    """It stands in the row, but it is the goods."""
    assert _merge(replace(BLANK, field_confidence=FieldConfidence(brand=0.74)), replace(ANSWER, brand="Sirup")).brand == ""


def test_the_brand_is_spelled_as_the_rules_spell_it():
    """One brand has one spelling in a list."""
    assert _merge(_unsure(brand="Kuntum"), replace(ANSWER, brand="KUNTUM")).brand == "Kuntum"


STRANGE, UNKNOWN = replace(ROW, original_name="Zorblax Vrumplet"), replace(BLANK, standardized_name="Zorblax Vrumplet")
SHOVEL = replace(ANSWER, standardized_name="Snow shovel", brand="Vrumplet", category="garden & agriculture")
MODELS = [
    ([ANSWER] * 8, merge.Belief.BELIEVED, ("Snow shovel", "Vrumplet", "garden & agriculture")),
    ([ANSWER] * 2, merge.Belief.UNPROVEN, ("Zorblax Vrumplet", "Vrumplet", "garden & agriculture")),
    ([ANSWER] * 4 + [replace(ANSWER, standardized_name="Chicken soup")] * 4, merge.Belief.DOUBTED, ("Zorblax Vrumplet", "", "other")),
    ([replace(ANSWER, standardized_name="Sirup Kuntum pandan")] * 8, merge.Belief.DOUBTED, ("Zorblax Vrumplet", "", "other")),
]


@pytest.mark.parametrize(("answers", "belief", "settled"), MODELS)
def test_what_cannot_be_checked_is_believed_of_a_model_that_translates(
    answers: list[Standard], belief: merge.Belief, settled: tuple[str, str, str]
):
    """Of one that repeats names, or names other goods, nothing is; where little can be checked, no name of unknown words."""
    rows, by_rules = [*[replace(ROW, original_name="SIRUP KUNTUM Pandan")] * len(answers), STRANGE], [*[BLANK] * len(answers), UNKNOWN]
    evidence = list(map(merge._evidence_of, rows, by_rules, [*answers, SHOVEL]))
    assert merge._believe(evidence) is belief
    merged = merge.merge_answers(rows, by_rules, [*answers, SHOVEL])[-1]
    assert (merged.standardized_name, merged.brand, merged.category) == settled


def test_categories_that_the_names_deny_make_a_model_doubted():
    """Some do: taxonomies and models draw their lines differently."""
    denied, agreed = merge.AnswerEvidence(category_fits=False), merge.AnswerEvidence(category_fits=True)
    assert merge._believe([denied] * 3 + [agreed] * 5) is merge.Belief.UNPROVEN
    assert merge._believe([denied] * 4 + [agreed] * 5) is merge.Belief.DOUBTED


def test_a_category_fills_blanks_of_a_model_that_little_is_known_of():
    """It takes the place of the rules' weakest guess only where the model is believed."""
    weak = replace(RULES, category="snacks", field_confidence=SURE._replace(category=0.45))
    assert _merge(weak, ANSWER).category == "snacks"
    assert _merge(BLANK, ANSWER).category == "beverages"
    believed = merge.merge_answers([ROW] * 8, [*[BLANK] * 7, weak], [ANSWER] * 8)
    assert believed[-1].category == "beverages"


def test_what_the_rules_do_not_find_speaks_against_nothing():
    """However often rules that find no brand are right: an answer's brand stands in the row."""
    none = replace(RULES, brand="", field_confidence=SURE._replace(brand=0.84))
    assert (_merge(none, ANSWER).brand, _merge(none, ANSWER).field_confidence.brand) == ("Kuntum", merge.ANSWERED.brand)
