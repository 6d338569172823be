"""Answers of an LLM that were kept, and what they do."""

from dataclasses import replace
from pathlib import Path

import pytest

from monito_ray.errors import FileMissing, FileUnusable
from monito_ray.evaluation.evaluate import evaluate
from monito_ray.evaluation.labelled_rows import LabelledList, read_lists
from monito_ray.evaluation.recorded_answers import RecordedAnswers, read_answers, write_answers
from monito_ray.records import Method, Standard

CSV = (
    "original_name,price,right_name,right_brand,right_pack_count\nXorbl qenti Tavix,12.5,qenti,Tavix,1\nOxl brana Tavix,10,brana,Tavix,1\n"
)
ANSWER = Standard(standardized_name="Xorbl qenti", brand="Tavix", category="snacks", pack_count=24, method=Method.CACHE)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[LabelledList, ...]:
    """A list of two rows of words that nobody knows."""
    (tmp_path / "odd.csv").write_text(CSV, encoding="utf-8")
    return read_lists(tmp_path)


def test_answers_come_back_as_they_were(tmp_path: Path):
    """With the model and the version of the prompt."""
    recorded = RecordedAnswers("some-model", {"odd.csv:2": ANSWER}, 3)
    write_answers(recorded, tmp_path / "answers.json")
    assert read_answers(tmp_path / "answers.json") == recorded


def test_what_are_no_answers_is_refused(tmp_path: Path):
    """By the file's name."""
    (tmp_path / "odd.json").write_text("[]")
    with pytest.raises(FileUnusable, match="odd"):
        read_answers(tmp_path / "odd.json")
    with pytest.raises(FileMissing, match="none"):
        read_answers(tmp_path / "none.json")


def test_an_answer_fills_what_the_rules_do_not_know_and_no_more(lists: tuple[LabelledList, ...]):
    """As in a supplier's list: the brand is the answer's, the pack count, which depends on the price, is not."""
    before = evaluate(lists)
    after = evaluate(lists, RecordedAnswers("some-model", {"odd.csv:2": ANSWER}))
    assert (after.model, before.model) == ("some-model", "")
    assert before.verdicts["odd.csv:2"]["brand"] is False
    assert after.verdicts["odd.csv:2"]["brand"] is True
    assert after.verdicts["odd.csv:2"]["pack_count"] is True
    assert after.verdicts["odd.csv:3"] == before.verdicts["odd.csv:3"]


def test_an_answer_about_another_row_changes_nothing(lists: tuple[LabelledList, ...]):
    """Answers belong to rows by their place."""
    recorded = RecordedAnswers("some-model", {"another.csv:2": ANSWER})
    assert evaluate(lists, recorded).verdicts == evaluate(lists).verdicts == replace(evaluate(lists)).verdicts
