"""What an LLM is asked and said of pairs of offers: each pair of texts once. It moves questions in their order and joins nothing."""

from collections.abc import Sequence

from sqlalchemy import Connection, Exists, FromClause, bindparam, exists, select, update

from monito_ray.catalog.links import active_links
from monito_ray.catalog.matching.queue_order import is_for_llm
from monito_ray.catalog.offer_rows import row_of
from monito_ray.catalog.questions.answered_pairs import pairs_apart
from monito_ray.pipeline.llm.pair_question import PairAnswer, PairItem, SameAnswer, offer_text
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, open_pairs, pair_answers

#: A "yes" leaves so much of the chance that a pair is two products, a "no" so much of the chance that it is one.
_LEFT_BY_ANSWER = 0.3
#: What is asked first: a "yes" waits for a person alone, a "no" is hardly worth one's time.
_RANKS = {SameAnswer.YES: 0, SameAnswer.UNSURE: 1, SameAnswer.NO: 2}
_SET_KEY = (
    update(open_pairs)
    .where(open_pairs.c.offer_id == bindparam("one"), open_pairs.c.other_id == bindparam("another"))
    .values(answer_key=bindparam("key"))
)

#: The ids of two offers.
Pair = tuple[str, str]


def take_unanswered(store: Store, task_id: str, model: str, most: int) -> dict[str, PairItem]:
    """Return by key the likeliest pairs of a list's offers that are open enough to ask an LLM about, and of which this model has not spoken.

    The pairs are marked with the keys, so that what is said of them is found. Pairs that are no question to people are left out.
    """
    with store.read() as connection:
        items = _items(connection, _pairs_of_middle(connection, task_id)[:most])
        answered = find_answers(connection, [item.key for item in items.values()], model)
    if items:
        with store.write(alone="catalogue") as connection:
            keys = [{"one": one, "another": other, "key": item.key} for (one, other), item in items.items()]
            connection.execute(_SET_KEY, keys)
    return {item.key: item for item in items.values() if item.key not in answered}


def find_answers(connection: Connection, keys: Sequence[str], model: str = "") -> dict[str, PairAnswer]:
    """Return the stored answers by key, the newest of any model or those of one; pairs without one are omitted."""
    query = select(pair_answers).where(has_one_of(connection, pair_answers.c.key, list(keys))).order_by(pair_answers.c.created_at)
    rows = connection.execute(query.where(pair_answers.c.model == model) if model else query)
    return {row.key: PairAnswer(SameAnswer(row.same), row.telling) for row in rows}


def pairs_taken_for_same(connection: Connection, most: int) -> list[Pair]:
    """Return the likeliest of the open pairs that an LLM takes for one."""
    is_same = open_pairs.c.answer_key.in_(select(pair_answers.c.key).where(pair_answers.c.same == SameAnswer.YES.value))
    query = select(open_pairs.c.offer_id, open_pairs.c.other_id).where(is_same)
    rows = connection.execute(query.order_by(open_pairs.c.chance.desc(), *open_pairs.primary_key).limit(most))
    return [(row.offer_id, row.other_id) for row in rows]


def rank_of(answer: PairAnswer | None) -> int:
    """Return where a pair is asked about: first those that the LLM takes for one, last those that it tells apart."""
    return _RANKS[SameAnswer.UNSURE if answer is None else answer.same]


def chance_with(answer: PairAnswer | None, chance: float) -> float:
    """Return the chance that a pair is one product, with what an LLM said of it."""
    if answer is None or answer.same is SameAnswer.UNSURE:
        return chance
    return 1 - (1 - chance) * _LEFT_BY_ANSWER if answer.same is SameAnswer.YES else chance * _LEFT_BY_ANSWER


def reason_with(answer: PairAnswer | None, reason: str) -> str:
    """Return why a pair is asked about, with what an LLM said of it."""
    if answer is None or answer.same is SameAnswer.UNSURE:
        return reason
    hint = "The LLM says that both are one." if answer.same is SameAnswer.YES else f'The LLM says that "{answer.telling}" tells them apart.'
    return f"{reason} {hint}".strip()


def _pairs_of_middle(connection: Connection, task_id: str) -> list[Pair]:
    """Return a list's pairs that may be asked about, the likeliest first."""
    mine, theirs = offers.alias(), offers.alias()
    query = (
        select(open_pairs.c.offer_id, open_pairs.c.other_id, open_pairs.c.chance)
        .join(mine, mine.c.id == open_pairs.c.offer_id)
        .join(theirs, theirs.c.id == open_pairs.c.other_id)
        .where(mine.c.task_id == task_id, ~mine.c.is_gone, ~theirs.c.is_gone, ~_is_offered(theirs, mine), ~_is_offered(mine, theirs))
    )
    rows = connection.execute(query.order_by(open_pairs.c.chance.desc(), *open_pairs.primary_key))
    pairs = [(row.offer_id, row.other_id) for row in rows if is_for_llm(row.chance)]
    apart = pairs_apart(connection, sorted({offer_id for pair in pairs for offer_id in pair}), active_links(connection))
    return [pair for pair in pairs if pair not in apart]


def _is_offered(one: FromClause, other: FromClause) -> Exists:
    """Say of an offer that its product has an offer of the other's supplier already."""
    third = offers.alias()
    return exists().where(third.c.product_id == one.c.product_id, third.c.supplier == other.c.supplier, ~third.c.is_gone)


def _items(connection: Connection, pairs: Sequence[Pair]) -> dict[Pair, PairItem]:
    ids = sorted({offer_id for pair in pairs for offer_id in pair})
    texts = {row.id: offer_text(row_of(row)) for row in connection.execute(select(offers).where(has_one_of(connection, offers.c.id, ids)))}
    return {(one, other): PairItem(texts[one], texts[other]) for one, other in pairs}
