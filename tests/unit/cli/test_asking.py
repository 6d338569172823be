"""A person at a terminal is asked what columns hold, and whose a list is."""

from collections.abc import Iterator

import pytest
import typer

from monito_ray.cli import asking

QUESTIONS = [
    {
        "id": "abc:price",
        "text": "Which column of sheet Harga holds the prices?",
        "choices": [{"id": "name=A,price=B", "text": "B"}, {"id": "name=A,price=C", "text": "C"}],
    },
    {
        "id": "abc:name",
        "text": "Which column of sheet Harga holds the names?",
        "choices": [{"id": "name=A,price=B", "text": "A"}, {"id": "name=D,price=B", "text": "D"}],
    },
]


@pytest.mark.parametrize(
    ("answers", "columns"),
    [(["2", "2"], "price=C,name=D"), (["1", "1"], ""), (["x", "9", "2", "1"], "price=C")],
)
def test_answers_become_columns(monkeypatch: pytest.MonkeyPatch, answers: list[str], columns: str):
    """The first choice of each question is how the list was read; what is no number of a choice is asked again."""
    given: Iterator[str] = iter(answers)
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(given))
    assert asking.ask_columns("june.xlsx", QUESTIONS) == columns


WHOSE = {"id": "supplier", "text": "Whose list is it?", "choices": [{"id": "document", "text": "new"}, {"id": "PT Zarvex", "text": "62 %"}]}


@pytest.mark.parametrize(
    ("answer", "supplier"), [("", ""), ("1", "document"), ("2", "PT Zarvex"), (" Sari Sayur ", "Sari Sayur"), ("7", "7")]
)
def test_a_number_or_a_name_says_whose_list_it_is(monkeypatch: pytest.MonkeyPatch, answer: str, supplier: str):
    """Enter leaves it open; questions of columns are not among those of the supplier, nor the other way round."""
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: answer)
    assert asking.ask_supplier("june.xlsx", [WHOSE, *QUESTIONS]) == supplier
    assert asking.ask_supplier("june.xlsx", QUESTIONS) == ""
    assert asking.ask_columns("june.xlsx", [WHOSE]) == ""
