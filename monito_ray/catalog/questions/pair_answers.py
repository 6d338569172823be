"""What an LLM said of pairs of offers, kept so that it is asked once for each pair of texts. It moves questions in their order and joins nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from monito_ray.catalog.matching.queue_order import is_for_llm
from monito_ray.catalog.offer_rows import row_of
from monito_ray.pipeline.llm.pair_question import PairAnswer, PairItem, SameAnswer, offer_text
from monito_ray.store.database import Store, has_one_of, insert_missing
from monito_ray.store.schema import offers, open_pairs, pair_answers

#: A "yes" leaves so much of the chance that a pair is two products, a "no" so much of the chance that it is one.
_LEFT_BY_ANSWER = 0.3


def unanswered_pairs(store: Store, task_id: str, most: int) -> dict[str, PairItem]:
    """Return by key the likeliest pairs of a list's offers that are open enough to ask an LLM about, and that none was asked about."""
    mine = offers.alias()
    query = select(open_pairs).join(mine, mine.c.id == open_pairs.c.offer_id).where(mine.c.task_id == task_id)
    with store.read() as connection:
        pairs = [pair for pair in connection.execute(query.order_by(open_pairs.c.chance.desc(), mine.c.id)) if is_for_llm(pair.chance)]
        ids = sorted({offer_id for pair in pairs[:most] for offer_id in (pair.offer_id, pair.other_id)})
        rows = {row.id: row_of(row) for row in connection.execute(select(offers).where(has_one_of(connection, offers.c.id, ids)))}
        items = [PairItem(offer_text(rows[pair.offer_id]), offer_text(rows[pair.other_id])) for pair in pairs[:most]]
        answered = find_answers(connection, [item.key for item in items])
    return {item.key: item for item in items if item.key not in answered}


def find_answers(connection: Connection, keys: Sequence[str]) -> dict[str, PairAnswer]:
    """Return the stored answers by key; pairs without one are omitted."""
    query = select(pair_answers).where(has_one_of(connection, pair_answers.c.key, list(keys)))
    return {row.key: PairAnswer(SameAnswer(row.same), row.telling) for row in connection.execute(query)}


def save_answers(store: Store, answers: Mapping[str, PairAnswer], model: str, now: datetime) -> None:
    """Store answers by key; the first one for a pair stays."""
    rows = [
        {"key": key, "same": answer.same.value, "telling": answer.telling, "model": model, "created_at": now}
        for key, answer in answers.items()
    ]
    with store.write() as connection:
        insert_missing(connection, pair_answers, rows)


def chance_with(answer: PairAnswer | None, chance: float) -> float:
    """Return the chance that a pair is one product, with what an LLM said of it."""
    if answer is None or answer.same is SameAnswer.UNSURE:
        return chance
    return 1 - (1 - chance) * _LEFT_BY_ANSWER if answer.same is SameAnswer.YES else chance * _LEFT_BY_ANSWER


def reason_with(answer: PairAnswer | None, reason: str) -> str:
    """Return why a pair is asked about, with what an LLM said of it."""
    if answer is None or answer.same is SameAnswer.UNSURE:
        return reason
    hint = (
        "The LLM takes them for the same." if answer.same is SameAnswer.YES else f'The LLM says that "{answer.telling}" tells them apart.'
    )
    return f"{reason} {hint}".strip()
