"""The sheet `Same?`, and what people answer in it."""

from dataclasses import replace

import pytest
from rows import cola_offer

from monito_ray.catalog.sheets.same_sheet import (
    MOST_QUESTIONS,
    LinkAnswer,
    RefusedAnswer,
    SameAnswers,
    SuggestedOffer,
    Suggestion,
    read_answers,
    same_sheet,
)
from monito_ray.sheet_model import PlannedSheet, Scalar

OFFER = replace(cola_offer("Alpha"), offer_id="a")
CANDIDATES = tuple(SuggestedOffer(replace(cola_offer(name), offer_id=name.casefold()), f"why {name}") for name in ("B", "C", "D", "E"))
SUGGESTION = Suggestion(OFFER, CANDIDATES, "one word differs")
STANDING = frozenset({"a", "b", "c", "d", "e"})


def _lines(sheet: PlannedSheet) -> list[dict[str, Scalar]]:
    titles = [column.title for column in sheet.columns]
    return [{title: "" if cell is None else str(cell) for title, cell in zip(titles, row, strict=True)} for row in sheet.rows]


def test_an_offer_stands_beside_three_candidates():
    """The offer, its candidates with their suppliers and base prices, and why it is asked; no more than three."""
    (line,) = _lines(same_sheet([SUGGESTION]))
    assert (line["This Offer"], line["Supplier"], line["Base Price"]) == ("Nusa Cola 24x330ml (330 ml × 24)", "Alpha", "15000")
    assert [line[f"{number}: Supplier"] for number in (1, 2, 3)] == ["B", "C", "D"]
    assert line["Why Asked"] == "one word differs; 1: why B; 2: why C; 3: why D"


def test_the_answer_is_chosen_from_a_list_and_ids_are_hidden():
    """A person picks 1, 2, 3 or none."""
    sheet = same_sheet([SUGGESTION])
    assert [column.choices for column in sheet.columns if column.is_input] == [("1", "2", "3", "none")]
    assert [column.title for column in sheet.columns if column.hidden] == ["Offer ID", "ID 1", "ID 2", "ID 3"]


@pytest.mark.parametrize(
    ("answer", "links"),
    [
        ("", ()),
        ("2", (LinkAnswer("a", "c", is_same=True),)),
        (2.0, (LinkAnswer("a", "c", is_same=True),)),
        (1, (LinkAnswer("a", "b", is_same=True),)),
        (" None ", tuple(LinkAnswer("a", other, is_same=False) for other in "bcd")),
    ],
)
def test_an_answer_is_read(answer: Scalar, links: tuple[LinkAnswer, ...]):
    """A number links the two offers, none keeps all of them apart, and no answer says nothing."""
    (line,) = _lines(same_sheet([SUGGESTION]))
    assert read_answers([line | {"Answer": answer}], STANDING) == SameAnswers(links)


@pytest.mark.parametrize(
    ("answer", "standing", "sentence"),
    [
        ("4", STANDING, "Please answer 1, 2, 3 or none."),
        ("maybe", STANDING, "Please answer 1, 2, 3 or none."),
        ("1", STANDING - {"a"}, "This offer has left its supplier's list."),
        ("1", STANDING - {"b"}, "That offer has left its supplier's list."),
    ],
)
def test_what_cannot_be_taken_is_answered_beside_it(answer: str, standing: frozenset[str], sentence: str):
    """A refused answer changes nothing, and stays in the sheet with the reason beside it."""
    (line,) = _lines(same_sheet([SUGGESTION]))
    answers = read_answers([line | {"Answer": answer}], standing)
    assert answers == SameAnswers((), (RefusedAnswer("a", answer, sentence),))
    (shown,) = _lines(same_sheet([SUGGESTION], answers.refused))
    assert (shown["Answer"], shown["Not Accepted"]) == (answer, sentence)


def test_only_the_first_questions_are_shown():
    """The sheet is as long as people can answer; the order is that of the suggestions."""
    suggestions = [replace(SUGGESTION, offer=replace(OFFER, offer_id=str(number))) for number in range(MOST_QUESTIONS + 5)]
    assert [line["Offer ID"] for line in _lines(same_sheet(suggestions))] == [str(number) for number in range(MOST_QUESTIONS)]


def test_the_same_reason_is_said_once():
    """What every candidate is asked about for the same reason needs one sentence."""
    (line,) = _lines(same_sheet([Suggestion(OFFER, (SuggestedOffer(CANDIDATES[0].offer, "why"),), "why")]))
    assert line["Why Asked"] == "why"
    (line,) = _lines(same_sheet([Suggestion(OFFER, (SuggestedOffer(CANDIDATES[0].offer, "Only one says X."),), "Y costs more.")]))
    assert line["Why Asked"] == "Y costs more; 1: Only one says X."
