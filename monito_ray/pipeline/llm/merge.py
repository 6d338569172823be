"""Settle rows field by field: what the rules are sure of stands, the answer fills the rest.

For each field there are two sources, the rules and the answer, each with its confidence.

- The rules are sure (`gate`): their value stands; an answer that says otherwise lowers its confidence so far that a person looks.
- They are not, and both say the same: that is more certain than either.
- They are not, and only the answer has a value: it counts.
- They are not, and the sources differ: the more certain one counts, and the other one lowers its confidence.

Pack count and price unit are always those of the rules, which see the price. Without an answer the rules' standard is the row's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.name_overlap import NameOverlap, is_ordinary_brand, name_overlap
from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.brands.brand_words import fold_spelling
from monito_ray.pipeline.products.categories.category_choice import CategoryRule, category_of_english
from monito_ray.pipeline.products.confidence import MOST_BY_RULES
from monito_ray.records import FieldConfidence, RawRow, Standard

T = TypeVar("T")

#: How sure a field is that an answer alone settles where all guards hold. Assumed: no model that people pay for was at hand to count with. The
#: guards bound what can go wrong: a size stands in the row beside its unit, a brand stands in the row, a name has words that the glossary has for
#: the row's. A category has no guard but the name's: it is as sure as one that rules have from a word that goes with the goods.
ANSWERED = FieldConfidence(name=0.85, brand=0.8, size=0.9, pack_count=0.0, category=0.7)
#: The same for a name that nothing speaks for but that the model is believed, and for a category that little speaks for: as sure as the rules'
#: weakest, so that it fills blanks alone.
_UNCHECKED_NAME, _UNCHECKED_CATEGORY = 0.6, 0.45
#: What is less sure is not taken: blank is better.
_LEAST_BELIEVED = 0.45
#: What the rules say where they found nothing.
_BLANK = ("", taxonomy.OTHER, (None, ""))
#: A brand that is an ordinary word, or that of a model that is doubted.
_DOUBTFUL_BRAND = 0.4
#: A field of which the answer contradicts what the rules are sure of: below every line of `catalog.sheets.review.REVIEW_BELOW`.
CONTRADICTED = 0.45
#: Of a list's names whose words the glossary has, so large a part has to be translated so, and so many of them have to be there, for a model to
#: be believed; with less it is doubted. Of right names 0.88 (Russian) to 0.95 (Spanish, Indonesian) are; a model of 1.5 billion weights, which
#: mostly repeated the names, had 0.15 to 0.3 on such lists.
_LEAST_TRANSLATED, _LEAST_CHECKED = 0.6, 5
#: It is doubted, too, if more than this part of its categories is denied by its own names. Of 50 right answers 10 were.
_MOST_DENIED = 0.4
#: The taxonomy is this sure of names whose head it knows.
_SURE_CATEGORY = frozenset({CategoryRule.CLEAR, CategoryRule.STRONG, CategoryRule.FAIR})
_NAMED = (NameOverlap.TRANSLATED, NameOverlap.SHARED)


class Belief(StrEnum):
    """Whether a model may be believed what cannot be checked, by what can be checked of its answers about a list."""

    BELIEVED = "believed"
    #: Too little can be checked: English lists, short ones.
    UNPROVEN = "unproven"
    DOUBTED = "doubted"


class AnswerEvidence(NamedTuple):
    """What can be checked of one answer."""

    name: NameOverlap = NameOverlap.SETTLED
    #: Whether its name, by what the goods are called, is of the category that it tells; None where that cannot be said.
    category_fits: bool | None = None


def merge_answers(rows: Sequence[RawRow], by_rules: Sequence[Standard], answers: Sequence[Standard | None]) -> list[Standard]:
    """Return the standards of a list's rows, by what the rules make of each and what the LLM answered, None for nothing; all in one order."""
    evidence = [
        AnswerEvidence() if answer is None else _evidence_of(row, by_rule, answer)
        for row, by_rule, answer in zip(rows, by_rules, answers, strict=True)
    ]
    belief = _believe(evidence)
    return [
        by_rule if answer is None else _merge(row, by_rule, answer, of_answer, belief)
        for row, by_rule, answer, of_answer in zip(rows, by_rules, answers, evidence, strict=True)
    ]


def _evidence_of(row: RawRow, by_rule: Standard, answer: Standard) -> AnswerEvidence:
    of_name = name_overlap(row, by_rule, answer)
    by_name, rule = category_of_english(answer.standardized_name) if of_name in _NAMED else (taxonomy.OTHER, CategoryRule.NO_RULE)
    is_comparable = rule in _SURE_CATEGORY and _category_of(answer) is not None
    return AnswerEvidence(of_name, taxonomy.family(by_name) == taxonomy.family(answer.category) if is_comparable else None)


def _believe(evidence: Sequence[AnswerEvidence]) -> Belief:
    names = Counter(of_answer.name for of_answer in evidence)
    translated, failed = names[NameOverlap.TRANSLATED], names[NameOverlap.UNTRANSLATED] + names[NameOverlap.FOREIGN]
    fits = Counter(of_answer.category_fits for of_answer in evidence if of_answer.category_fits is not None)
    if fits.total() >= _LEAST_CHECKED and fits[False] > _MOST_DENIED * fits.total():
        return Belief.DOUBTED
    if translated + failed < _LEAST_CHECKED:
        return Belief.UNPROVEN
    return Belief.BELIEVED if translated >= _LEAST_TRANSLATED * (translated + failed) else Belief.DOUBTED


def _merge(row: RawRow, by_rule: Standard, answer: Standard, evidence: AnswerEvidence, belief: Belief) -> Standard:
    sure, before = gate.sure_fields(by_rule), by_rule.field_confidence
    name, name_confidence = _settle_name(by_rule, answer, _name_confidence(evidence, belief))
    brand, brand_confidence = _settle(
        by_rule.brand, before.brand, _brand_of(answer, by_rule), _brand_confidence(row, answer, belief), "brand" in sure
    )
    size, size_confidence = _settle((by_rule.size, by_rule.unit), before.size, _size_of(answer, by_rule), ANSWERED.size, "size" in sure)
    category, category_confidence = _settle(
        by_rule.category, before.category, _category_of(answer), _category_confidence(evidence, belief), "category" in sure
    )
    return replace(
        by_rule,
        standardized_name=name,
        is_english=by_rule.is_english or name != by_rule.standardized_name,
        brand=brand,
        size=size[0],
        unit=size[1],
        category=category,
        field_confidence=FieldConfidence(
            name=name_confidence,
            brand=brand_confidence,
            size=size_confidence,
            pack_count=min(before.pack_count, CONTRADICTED) if _contradicts_pack(answer, by_rule) else before.pack_count,
            category=category_confidence,
        ),
        method=answer.method if name != by_rule.standardized_name or evidence.name is NameOverlap.ECHO else by_rule.method,
    )


def _settle(ours: T, our_confidence: float, theirs: T | None, their_confidence: float, is_sure: bool) -> tuple[T, float]:
    """Return the value that counts and its confidence; `theirs` is None where the answer says nothing."""
    if theirs is None:
        return ours, our_confidence
    if theirs == ours:
        return ours, _agreed(our_confidence, their_confidence)
    if is_sure:
        return ours, min(our_confidence, CONTRADICTED)
    if ours in _BLANK:  # that no rule found a value speaks against none
        return (theirs, their_confidence) if their_confidence >= _LEAST_BELIEVED else (ours, our_confidence)
    if their_confidence > our_confidence:
        return theirs, _contested(their_confidence, our_confidence)
    return ours, _contested(our_confidence, their_confidence)


def _agreed(one: float, other: float) -> float:
    """Return how sure a value is that two sources give which know nothing of each other: the chance that both are right, given that they agree."""
    both_right, both_wrong = one * other, (1 - one) * (1 - other)
    agreed = both_right / (both_right + both_wrong) if both_right else 0.0
    return round(max(one, other, min(agreed, MOST_BY_RULES)), 3)


def _contested(winner: float, loser: float) -> float:
    """Return how sure a value is against which another source speaks: the chance that this one alone is right, given that one of them is."""
    right, wrong = winner * (1 - loser), loser * (1 - winner)
    return round(min(winner, right / (right + wrong)), 3) if right else 0.0


def _settle_name(by_rule: Standard, answer: Standard, their_confidence: float) -> tuple[str, float]:
    """Return name and confidence. Two names of one thing seldom have the same words, so the more certain one counts and is as certain as before."""
    ours = by_rule.field_confidence.name
    least = ours if by_rule.is_english else _LEAST_BELIEVED
    if answer.standardized_name and their_confidence > least:
        return answer.standardized_name, their_confidence
    return by_rule.standardized_name, ours


def _name_confidence(evidence: AnswerEvidence, belief: Belief) -> float:
    if evidence.name in _NAMED and belief is not Belief.DOUBTED:
        return ANSWERED.name
    is_enough = evidence.name is NameOverlap.PARTLY or (evidence.name is NameOverlap.UNCHECKED and belief is Belief.BELIEVED)
    return _UNCHECKED_NAME if is_enough and belief is not Belief.DOUBTED else 0.0


def _brand_of(answer: Standard, by_rule: Standard) -> str | None:
    """Return the answer's brand, in the rules' spelling where it is theirs or a part of it; None for none."""
    theirs, ours = fold_spelling(answer.brand), fold_spelling(by_rule.brand)
    if theirs and ours and (theirs in ours or ours in theirs):
        return by_rule.brand
    return answer.brand or None


def _brand_confidence(row: RawRow, answer: Standard, belief: Belief) -> float:
    """Return how sure the answer's brand is; that it stands in the row was checked."""
    return _DOUBTFUL_BRAND if belief is Belief.DOUBTED or is_ordinary_brand(answer.brand, row) else ANSWERED.brand


def _size_of(answer: Standard, by_rule: Standard) -> tuple[Decimal | None, str] | None:
    """Return the answer's size; None where it says none, or sees another pack than the rules: the two are right together or not at all."""
    return None if answer.size is None or _contradicts_pack(answer, by_rule) else (answer.size, answer.unit)


def _contradicts_pack(answer: Standard, by_rule: Standard) -> bool:
    """Return whether the answer states another pack count; 1 is what it says where it says nothing."""
    return answer.pack_count not in (1, by_rule.pack_count)


def _category_of(answer: Standard) -> str | None:
    return None if answer.category in ("", taxonomy.OTHER) else answer.category


def _category_confidence(evidence: AnswerEvidence, belief: Belief) -> float:
    """Return how sure the answer's category is; the words of its own name may tell another one: taxonomies and models draw their lines differently."""
    if evidence.name is NameOverlap.FOREIGN:
        return 0.0
    if belief is Belief.BELIEVED:
        return _UNCHECKED_CATEGORY if evidence.category_fits is False else ANSWERED.category
    is_likely = evidence.category_fits if belief is Belief.DOUBTED else evidence.category_fits is not False
    return _UNCHECKED_CATEGORY if is_likely else 0.0
