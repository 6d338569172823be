"""People's words from the sheets, taken into the catalogue: corrections, and answers to the questions of `Same?`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from monito_ray.catalog.confirmed_brands import correct_brands
from monito_ray.catalog.corrections import Correction
from monito_ray.catalog.grouping.linking import LinkOutcome, link
from monito_ray.catalog.links import ActiveLinks, ArticleKey, LinkKind, active_links
from monito_ray.catalog.lists.correcting import confirm_prices, correct_rows
from monito_ray.catalog.offers import Snapshot, current_ids
from monito_ray.catalog.sheets.reading.edits_read_back import CellEdit, EditedSheets, corrections_of
from monito_ray.catalog.sheets.same_sheet import ANSWER, CANDIDATE_IDS, OFFER_ID, LinkAnswer, RefusedAnswer, read_answers
from monito_ray.errors import OfferUnknown, UsageWrong
from monito_ray.sheet_model import Scalar
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers

_CONTRADICTED = "Another row of this sheet says the opposite of these two."
_HELD_APART = "It was said before, and what else was said keeps them apart."


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """What became of the answers in `Same?`."""

    links: tuple[LinkOutcome, ...] = ()
    refused: tuple[RefusedAnswer, ...] = ()


def keep_corrections(store: Store, corrections: Sequence[Correction], now: datetime, user_id: int = 0) -> None:
    """Let what a person put right hold at once and for all lists to come, its brands too."""
    correct_rows(store, corrections, now, user_id)
    correct_brands(store, corrections, now)


def take_edits(store: Store, edits: Sequence[CellEdit], snapshot: Snapshot, now: datetime, user_id: int = 0) -> EditedSheets:
    """Carry out edits of the master table and of Review, and answers that a price is right; a product that was joined to another since is that one."""
    if not edits:
        return EditedSheets()
    with store.read() as connection:
        current = current_ids(connection, sorted({edit.key[0] for edit in edits}))
    taken = corrections_of([replace(edit, key=(current[edit.key[0]], *edit.key[1:])) for edit in edits], snapshot)
    if taken.corrections:
        keep_corrections(store, taken.corrections, now, user_id)
    confirm_prices(store, taken.confirmed, now, user_id)
    return taken


def take_answers(store: Store, lines: Sequence[Mapping[str, Scalar]], now: datetime, user_id: int = 0) -> TakenAnswers:
    """Carry out the answers in the lines of `Same?`, by column title; what was said before is not said again."""
    answered = {str(line[OFFER_ID]): line for line in lines if line.get(ANSWER, "") != "" and line.get(OFFER_ID, "") != ""}
    if not answered:
        return TakenAnswers()
    with store.read() as connection:
        places = _places(connection, [str(line.get(title, "")) for line in answered.values() for title in (OFFER_ID, *CANDIDATE_IDS)])
        active = active_links(connection)
    answers = read_answers(list(answered.values()), frozenset(places))
    links: list[LinkOutcome] = []
    refused = list(answers.refused)
    words: dict[frozenset[str], bool] = {}
    for answer in answers.links:
        pair = frozenset((answer.offer_id, answer.other_id))
        if words.setdefault(pair, answer.is_same) is not answer.is_same:
            sentence = _CONTRADICTED
        elif _holds_already(active, places, answer):
            sentence = _HELD_APART if answer.is_same and len({places[offer_id].product_id for offer_id in pair}) > 1 else ""
        else:
            outcome = _linked(store, answer, user_id, now)
            links += [outcome] if isinstance(outcome, LinkOutcome) else []
            sentence = outcome.contradiction if isinstance(outcome, LinkOutcome) else outcome
        if sentence:
            refused.append(RefusedAnswer(answer.offer_id, str(answered[answer.offer_id][ANSWER]), sentence))
    return TakenAnswers(tuple(links), tuple(refused))


@dataclass(frozen=True, slots=True)
class _Place:
    """What an offer is an offer of."""

    article: ArticleKey
    product_id: str


def _places(connection: Connection, offer_ids: Sequence[str]) -> dict[str, _Place]:
    """Return the offers that stand, of these ids."""
    query = select(offers.c.id, offers.c.supplier, offers.c.article_key, offers.c.product_id).where(~offers.c.is_gone)
    rows = connection.execute(query.where(has_one_of(connection, offers.c.id, sorted(set(offer_ids)))))
    return {row.id: _Place((row.supplier, row.article_key), row.product_id) for row in rows}


def _holds_already(active: ActiveLinks, places: Mapping[str, _Place], answer: LinkAnswer) -> bool:
    linked = active.same if answer.is_same else active.apart
    return places[answer.other_id].article in linked.get(places[answer.offer_id].article, ())


def _linked(store: Store, answer: LinkAnswer, user_id: int, now: datetime) -> LinkOutcome | str:
    """Keep a person's word on two offers; return a sentence where that cannot be."""
    kind = LinkKind.SAME if answer.is_same else LinkKind.APART
    try:
        return link(store, answer.offer_id, answer.other_id, kind, user_id, now)
    except (OfferUnknown, UsageWrong) as error:
        return str(error)
