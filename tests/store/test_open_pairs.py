"""Questions about offers of two suppliers: which pairs are looked up and asked about, and when they are no question any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from articles import row_of

from monito_ray.catalog import offers
from monito_ray.catalog.articles.identity import article_key
from monito_ray.catalog.links import Link, LinkedArticle, LinkKind, add_link
from monito_ray.catalog.lists import undo, writing
from monito_ray.catalog.questions import suggestions
from monito_ray.catalog.questions.open_pairs import keep_open_pairs
from monito_ray.catalog.questions.pair_answers import take_unanswered
from monito_ray.catalog.questions.suggestions import suggest
from monito_ray.catalog.sheets.same_sheet import Suggestion
from monito_ray.jobs import queue
from monito_ray.jobs.llm.answers import save_pair_answers
from monito_ray.jobs.task import Task
from monito_ray.pipeline.llm.pair_question import PairAnswer, SameAnswer
from monito_ray.records import ProductRow
from monito_ray.store.database import Store, open_store

NOW = datetime(2026, 7, 1, tzinfo=UTC)
ALPHA = ["Zarvex Mango Juice 1 l", "Kuvo Butter 200 g", "Lumbu Chili Sauce 300 ml"]
BETA = ["Zarvex Mango Juice Tusker 1 l", "Kuvo Qorvel Butter 200 g", "Kuvo Butter 500 g", "Wemba Soap 90 g"]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give a store with three tasks."""
    opened = open_store(url)
    for task_id in ("t1", "t2", "t3"):
        queue.submit(opened, Task(id=task_id, created_at=NOW, updated_at=NOW, not_before=NOW))
    yield opened
    opened.close()


def _rows(supplier: str, names: list[str], price: int = 100) -> list[ProductRow]:
    return [replace(row_of(name), supplier=supplier, price=Decimal(price + at), source_row=at) for at, name in enumerate(names, 2)]


def _write(store: Store, task_id: str, supplier: str, names: list[str]) -> None:
    writing.write_list(store, task_id, _rows(supplier, names), NOW)
    keep_open_pairs(store, task_id)


def _questions(store: Store) -> dict[str, list[str]]:
    return {it.offer.row.original_name: [other.offer.row.original_name for other in it.candidates] for it in _suggestions(store)}


def _suggestions(store: Store) -> list[Suggestion]:
    return suggest(store)


def test_offers_that_may_be_one_are_asked_about(store: Store):
    """Names with a word more have their counterparts as candidates; another size and other goods do not."""
    _write(store, "t1", "Alpha", ALPHA)
    assert _questions(store) == {}
    _write(store, "t2", "Beta", BETA)
    questions = _questions(store)
    assert questions["Zarvex Mango Juice Tusker 1 l"][0] == "Zarvex Mango Juice 1 l"
    assert questions["Kuvo Qorvel Butter 200 g"] == ["Kuvo Butter 200 g"]
    assert "Kuvo Butter 500 g" not in questions
    assert "Wemba Soap 90 g" not in questions
    assert all(it.reason and 0 < (it.candidates[0].probability or 0) < 1 for it in _suggestions(store))


def test_looking_up_twice_changes_nothing(store: Store):
    """The second time finds the same pairs."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    before = _suggestions(store)
    keep_open_pairs(store, "t2")
    assert _suggestions(store) == before


def test_what_a_person_spoke_of_is_no_question(store: Store):
    """After "apart" the pair is not asked about again."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    one, other = (LinkedArticle(supplier, article_key(name, "", ""), name) for supplier, name in (("Beta", BETA[1]), ("Alpha", ALPHA[1])))
    with store.write() as connection:
        add_link(connection, Link(LinkKind.APART, one, other, 1, NOW))
    assert BETA[1] not in _questions(store)
    assert BETA[0] in _questions(store)


def test_an_offer_that_left_its_list_is_no_question(store: Store):
    """Neither as the offer nor as a candidate."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    _write(store, "t3", "Alpha", [ALPHA[0], *ALPHA[2:]])
    assert BETA[1] not in _questions(store)


def test_the_same_article_of_both_is_no_question(store: Store):
    """What the rules join is not asked about."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", [ALPHA[0], BETA[1]])
    assert list(_questions(store)) == [BETA[1]]


def _say(store: Store, answers: dict[str, PairAnswer], model: str = "model", after: timedelta = timedelta()) -> None:
    with store.write() as connection:
        save_pair_answers(connection, model, answers, NOW + after)


def test_what_an_llm_said_moves_a_question_and_joins_nothing(store: Store):
    """A yes makes the pair likelier and the first question, a no less likely and the last; both are told, and both stay questions."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    first = _suggestions(store)[0].offer.row.original_name
    before = {it.offer.row.original_name: it.candidates[0] for it in _suggestions(store)}
    items = take_unanswered(store, "t2", "model", 10)
    keys = {item.one.name: key for key, item in items.items()}
    for yes, no in ((BETA[0], BETA[1]), (BETA[1], BETA[0])):
        model = f"model that takes {yes} for the same"
        _say(
            store,
            {keys[yes]: PairAnswer(SameAnswer.YES), keys[no]: PairAnswer(SameAnswer.NO, "Qorvel")},
            model,
            timedelta(days=yes != first),
        )
        names = [it.offer.row.original_name for it in _suggestions(store)]
        after = {it.offer.row.original_name: it.candidates[0] for it in _suggestions(store)}
        assert (names[0], names[-1]) == (yes, no)
        assert (after[yes].probability or 0) > (before[yes].probability or 0)
        assert (after[no].probability or 0) < (before[no].probability or 0)
        assert "The LLM says that both are one." in after[yes].reason
        assert "Qorvel" in after[no].reason
    assert len({offer.product_id for offer in offers.snapshot(store).offers}) == len(ALPHA) + len(BETA)


def test_an_llm_is_asked_once_for_each_pair_of_texts(store: Store):
    """Pairs that were answered are not asked about again, nor when the list comes again; another model is asked for itself."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    items = take_unanswered(store, "t2", "model", 10)
    assert len(items) >= 2
    _say(store, dict.fromkeys(items, PairAnswer(SameAnswer.UNSURE)))
    assert take_unanswered(store, "t2", "model", 10) == {}
    assert take_unanswered(store, "t2", "another model", 10) == items
    _write(store, "t3", "Beta", BETA)
    assert take_unanswered(store, "t3", "model", 10) == {}


def test_an_llm_is_asked_about_what_is_a_question_to_people(store: Store):
    """Not about the pairs that a person told apart, nor where the product of one has an offer of the other's supplier, nor where a guard says no."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    assert {item.one.name for item in take_unanswered(store, "t2", "model", 10).values()} == {BETA[0], BETA[1]}
    one, other = (LinkedArticle(supplier, article_key(name, "", ""), name) for supplier, name in (("Beta", BETA[1]), ("Alpha", ALPHA[1])))
    with store.write() as connection:
        add_link(connection, Link(LinkKind.APART, one, other, 1, NOW))
    assert {item.one.name for item in take_unanswered(store, "t2", "model", 10).values()} == {BETA[0]}
    _write(store, "t3", "Alpha", [*ALPHA, BETA[0]])
    assert take_unanswered(store, "t2", "model", 10) == {}


def test_a_yes_is_asked_first_however_many_pairs_are_likelier(store: Store, monkeypatch: pytest.MonkeyPatch):
    """What the LLM takes for one is looked at beside the likeliest pairs."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    last = _suggestions(store)[-1].offer.row.original_name
    (key,) = [key for key, item in take_unanswered(store, "t2", "model", 10).items() if item.one.name == last]
    _say(store, {key: PairAnswer(SameAnswer.YES)})
    monkeypatch.setattr(suggestions, "_MOST_PAIRS", 1)
    assert next(iter(_questions(store))) == last


def test_a_list_that_is_taken_back_takes_its_questions_along(store: Store):
    """Nothing refers to offers that are gone, whichever side of a pair they were."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA)
    assert _questions(store)
    undo.undo(store, "t1", 1, NOW)
    assert _questions(store) == {}


def test_a_pair_is_one_question(store: Store):
    """It is not asked about again from the other side, whichever list came first."""
    _write(store, "t1", "Alpha", ALPHA)
    _write(store, "t2", "Beta", BETA[1:])
    keep_open_pairs(store, "t1")
    pairs = [{it.offer.offer_id, other.offer.offer_id} for it in _suggestions(store) for other in it.candidates]
    assert pairs
    assert all(pairs.count(pair) == 1 for pair in pairs)


def test_a_litre_by_the_litre_is_asked_about_beside_a_bottle_of_one(store: Store):
    """Two lists write the same carton of milk in two ways."""
    _write(store, "t1", "Alpha", ["Kuvo Milk 1 l"])
    piece = replace(_rows("Beta", ["Kuvo Milk 1 l"])[0], price_unit="pcs")
    writing.write_list(store, "t2", [piece], NOW)
    keep_open_pairs(store, "t2")
    assert list(_questions(store).values()) == [["Kuvo Milk 1 l"]]
