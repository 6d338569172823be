"""Settle rows field by field: what the rules are sure of stands, the answer fills the rest.

For each field there are two sources, the rules and the answer, each with its confidence.

- The rules are sure (`gate`): their value stands; an answer that says otherwise lowers its confidence so far that a person looks.
- They are not, and both say the same: that is more certain than either.
- They are not, and the sources differ: the more certain one counts, and the other one lowers its confidence.

Pack count and price unit are always those of the rules, which see the price. Without an answer the rules' standard is the row's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

from monito_ray.pipeline.llm import gate
from monito_ray.pipeline.llm.name_overlap import NameOverlap, is_ordinary_brand, name_overlap
from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.brands.brand_words import fold_spelling
from monito_ray.pipeline.products.categories.category_choice import category_of_english
from monito_ray.pipeline.products.confidence import MOST_BY_RULES
from monito_ray.records import FieldConfidence, RawRow, Standard

T = TypeVar("T")

#: How sure a field is that an answer alone settles where all guards hold. Assumed: no model that people pay for was at hand to count with. The
#: guards bound what can go wrong: a size stands in the row beside its unit, a brand stands in the row, a name shares words with the row or with
#: what the glossary makes of it. A category has no guard but the name's: it is as sure as one that rules have from a word that goes with the goods.
ANSWERED = FieldConfidence(name=0.85, brand=0.8, size=0.9, pack_count=0.0, category=0.7)
#: The same for a name by the words that it shares with its row; one that shares none though it should is never taken.
_NAMES = {
    NameOverlap.SHARED: ANSWERED.name,
    NameOverlap.PARTLY: 0.6,
    NameOverlap.UNCHECKED: 0.6,
    NameOverlap.WORSE: 0.5,
    NameOverlap.FOREIGN: 0.0,
}
#: And for a category by the name that came with it.
_CATEGORIES = {
    NameOverlap.SHARED: ANSWERED.category,
    NameOverlap.PARTLY: 0.6,
    NameOverlap.UNCHECKED: 0.6,
    NameOverlap.WORSE: 0.6,
    NameOverlap.FOREIGN: 0.0,
}
#: What is likelier wrong than right is not taken: blank is better.
_LEAST_BELIEVED = 0.5
#: A brand that is an ordinary word, or that of a model that is not believed.
_DOUBTFUL_BRAND = 0.4
#: A field of which the answer contradicts what the rules are sure of: below every line of `catalog.review.REVIEW_BELOW`.
CONTRADICTED = 0.45
#: A model that calls more than this part of a list's rows what they are not, or puts them where their names do not belong, is not believed where
#: it cannot be checked; so many rows have to be checkable. Of 50 right answers 10 have categories that the taxonomy would not give to their
#: names; a model of 1.5 billion weights had most wrong.
_MOST_WRONG, _LEAST_CHECKED = 0.4, 5
#: The taxonomy is this sure of names whose head it knows.
_SURE_CATEGORY = 0.7
#: A category other than the one that the answer's own name tells: taxonomies and models draw their lines differently.
_CONTESTED_CATEGORY = 0.55


def merge_answers(rows: Sequence[RawRow], by_rules: Sequence[Standard], answers: Sequence[Standard | None]) -> list[Standard]:
    """Return the standards of a list's rows, by what the rules make of each and what the LLM answered, None for nothing; all in one order."""
    evidence = [
        AnswerEvidence() if answer is None else _evidence_of(row, by_rule, answer)
        for row, by_rule, answer in zip(rows, by_rules, answers, strict=True)
    ]
    if not _is_believable(evidence):
        evidence = [_doubted(of_answer) for of_answer in evidence]
    return [
        by_rule if answer is None else _merge(row, by_rule, answer, of_answer)
        for row, by_rule, answer, of_answer in zip(rows, by_rules, answers, evidence, strict=True)
    ]


class AnswerEvidence(NamedTuple):
    """What can be checked of one answer; None for what cannot."""

    name: NameOverlap | None = None
    #: Whether its name, by what the goods are called, is of the category that it tells.
    category_fits: bool | None = None
    #: Whether its name was an open question, so that it shows what the model can.
    is_open: bool = False
    #: Whether the model may be believed what cannot be checked.
    is_believed: bool = True


def _evidence_of(row: RawRow, by_rule: Standard, answer: Standard) -> AnswerEvidence:
    is_open = "name" not in gate.sure_fields(by_rule)
    by_name, confidence = category_of_english(answer.standardized_name) if answer.standardized_name else (taxonomy.OTHER, 0.0)
    is_comparable = confidence >= _SURE_CATEGORY and _category_of(answer) is not None
    fits = taxonomy.family(by_name) == taxonomy.family(answer.category) if is_comparable else None
    return AnswerEvidence(name_overlap(row, by_rule, answer), fits, is_open)


def _is_believable(evidence: Sequence[AnswerEvidence]) -> bool:
    """Return whether the model that gave these answers may be believed what cannot be checked."""
    names = Counter(of_answer.name for of_answer in evidence if of_answer.is_open)
    checked = names.total() - names[NameOverlap.UNCHECKED]
    fits = Counter(of_answer.category_fits for of_answer in evidence if of_answer.is_open and of_answer.category_fits is not None)
    return _is_rare(names[NameOverlap.FOREIGN], checked) and _is_rare(fits[False], fits.total())


def _is_rare(wrong: int, checked: int) -> bool:
    return checked < _LEAST_CHECKED or wrong <= _MOST_WRONG * checked


def _doubted(evidence: AnswerEvidence) -> AnswerEvidence:
    """Return the evidence for an answer of a model that is not believed: a name that cannot be checked is as good as a wrong one."""
    name = NameOverlap.FOREIGN if evidence.name is NameOverlap.UNCHECKED else evidence.name
    return evidence._replace(name=name, is_believed=False)


def _merge(row: RawRow, by_rule: Standard, answer: Standard, evidence: AnswerEvidence) -> Standard:
    sure, before = gate.sure_fields(by_rule), by_rule.field_confidence
    of_name = evidence.name or NameOverlap.UNCHECKED
    name, name_confidence = _settle_name(by_rule, answer, of_name, is_sure="name" in sure)
    brand, brand_confidence = _settle(
        by_rule.brand, before.brand, _brand_of(answer, by_rule), _brand_confidence(row, answer, evidence), "brand" in sure
    )
    size, size_confidence = _settle((by_rule.size, by_rule.unit), before.size, _size_of(answer, by_rule), ANSWERED.size, "size" in sure)
    category, category_confidence = _settle(
        by_rule.category, before.category, _category_of(answer), _category_confidence(evidence), "category" in sure
    )
    return replace(
        by_rule,
        standardized_name=name,
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
        method=answer.method if name != by_rule.standardized_name else by_rule.method,
    )


def _settle(ours: T, our_confidence: float, theirs: T | None, their_confidence: float, is_sure: bool) -> tuple[T, float]:
    """Return the value that counts and its confidence; `theirs` is None where the answer says nothing."""
    if theirs is None:
        return ours, our_confidence
    if theirs == ours:
        return ours, _agreed(our_confidence, their_confidence)
    if is_sure:
        return ours, min(our_confidence, CONTRADICTED)
    if their_confidence > max(our_confidence, _LEAST_BELIEVED):
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


def _settle_name(by_rule: Standard, answer: Standard, evidence: NameOverlap, *, is_sure: bool) -> tuple[str, float]:
    """Return name and confidence. Two names of one thing seldom have the same words, so they do not contradict each other unless one is foreign."""
    ours, confidence = by_rule.standardized_name, by_rule.field_confidence.name
    if not answer.standardized_name:
        return ours, confidence
    if evidence is NameOverlap.FOREIGN:
        return ours, min(confidence, CONTRADICTED)
    if is_sure or _NAMES[evidence] <= confidence:
        return ours, confidence
    return answer.standardized_name, _NAMES[evidence]


def _brand_of(answer: Standard, by_rule: Standard) -> str | None:
    """Return the answer's brand, in the rules' spelling where it is theirs or a part of it; None for none."""
    theirs, ours = fold_spelling(answer.brand), fold_spelling(by_rule.brand)
    if theirs and ours and (theirs in ours or ours in theirs):
        return by_rule.brand
    return answer.brand or None


def _brand_confidence(row: RawRow, answer: Standard, evidence: AnswerEvidence) -> float:
    """Return how sure the answer's brand is; that it stands in the row was checked."""
    is_doubtful = not evidence.is_believed or is_ordinary_brand(answer.brand, row)
    return _DOUBTFUL_BRAND if is_doubtful else ANSWERED.brand


def _size_of(answer: Standard, by_rule: Standard) -> tuple[Decimal | None, str] | None:
    """Return the answer's size; None where it says none, or sees another pack than the rules: the two are right together or not at all."""
    return None if answer.size is None or _contradicts_pack(answer, by_rule) else (answer.size, answer.unit)


def _contradicts_pack(answer: Standard, by_rule: Standard) -> bool:
    """Return whether the answer states another pack count; 1 is what it says where it says nothing."""
    return answer.pack_count not in (1, by_rule.pack_count)


def _category_of(answer: Standard) -> str | None:
    return None if answer.category in ("", taxonomy.OTHER) else answer.category


def _category_confidence(evidence: AnswerEvidence) -> float:
    """Return how sure the answer's category is; the words of its own name may tell another one."""
    confidence = _CATEGORIES[evidence.name or NameOverlap.UNCHECKED]
    if evidence.category_fits is False:
        return min(confidence, _CONTESTED_CATEGORY) if evidence.is_believed else 0.0
    return confidence
