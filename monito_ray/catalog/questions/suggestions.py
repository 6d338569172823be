"""What people are asked: offers with those that may be one product with them, in the order of what the answers are worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from monito_ray.catalog.links import active_links
from monito_ray.catalog.matching.candidates import Candidate, candidates
from monito_ray.catalog.matching.queue_order import QueueEntry, ordered
from monito_ray.catalog.matching.word_habits import OfferedArticle
from monito_ray.catalog.offers import Offer, offer_from_row
from monito_ray.catalog.questions.answered_pairs import learned_habits, pairs_apart
from monito_ray.catalog.questions.open_pairs import offered_articles
from monito_ray.catalog.questions.pair_answers import Pair, chance_with, find_answers, pairs_taken_for_same, rank_of, reason_with
from monito_ray.catalog.sheets.same_sheet import MOST_QUESTIONS, SuggestedOffer, Suggestion
from monito_ray.pipeline.llm.pair_question import PairAnswer, PairItem, offer_text
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, open_pairs

#: The likeliest pairs that are put in order; three or fewer are one question.
_MOST_PAIRS = 3_000
#: So many times the questions that are shown are looked at with what an LLM said of them, which may move them up.
_LOOKED_AT = 2


def suggest(store: Store) -> list[Suggestion]:
    """Return the first questions of a catalogue, as many as a sheet shows: each offer whose product others may have, with up to three of these.

    A pair is no question when a person has spoken of it, when both are one product, or when the product of one has an offer of the
    other's supplier already. Those that an LLM takes for one come first, those that it tells apart last.
    """
    with store.read() as connection:
        linked = active_links(connection)
        habits = learned_habits(connection, linked)
        query = select(open_pairs.c.offer_id, open_pairs.c.other_id).order_by(open_pairs.c.chance.desc(), *open_pairs.primary_key)
        likely = [(row.offer_id, row.other_id) for row in connection.execute(query.limit(_MOST_PAIRS))]
        likely_same = pairs_taken_for_same(connection, _MOST_PAIRS)
        pairs = list(dict.fromkeys([*likely_same, *likely]))
        articles = offered_articles(connection, sorted({offer_id for pair in pairs for offer_id in pair}))
        apart = pairs_apart(connection, sorted(articles), linked)
        unsettled = [pair for pair in pairs if pair not in apart and set(pair) <= articles.keys()]
        others = _open_others(connection, unsettled, sorted(articles))
    ranked = {one: candidates(articles[one], [articles[other] for other in ids], habits) for one, ids in others.items()}
    chosen = {one: [(others[one][it.place], it) for it in possible] for one, possible in ranked.items() if possible}
    entries = ordered([_entry(one, possible[0][0], possible[0][1].p, articles) for one, possible in chosen.items()])
    hinted = {one for one, _ in likely_same}
    first = sorted(entries, key=lambda entry: entry.key not in hinted)[: _LOOKED_AT * MOST_QUESTIONS]
    suggestions = _suggestions(store, {entry.key: chosen[entry.key] for entry in first})
    best = {one: suggestion.candidates[0] for one, (suggestion, _) in suggestions.items()}
    entries = ordered([_entry(one, it.offer.offer_id, it.probability or 0, articles) for one, it in best.items()])
    by_hint = sorted(entries, key=lambda entry: suggestions[entry.key][1])
    return _without_repeats(suggestions[entry.key][0] for entry in by_hint)[:MOST_QUESTIONS]


def _without_repeats(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Return the questions less those whose pairs were all asked about before, from the other side."""
    shown: set[frozenset[str]] = set()
    first: list[Suggestion] = []
    for suggestion in suggestions:
        pairs = {frozenset((suggestion.offer.offer_id, it.offer.offer_id)) for it in suggestion.candidates}
        if not pairs <= shown:
            first.append(suggestion)
        shown |= pairs
    return first


def _open_others(connection: Connection, pairs: Sequence[Pair], offer_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the other offers of each, less those that cannot be in one product with it; `offer_ids` are those of the pairs."""
    product_of: dict[str, str] = {}
    suppliers: defaultdict[str, set[str]] = defaultdict(set)
    own_products = select(offers.c.product_id).where(has_one_of(connection, offers.c.id, offer_ids))
    query = select(offers.c.id, offers.c.product_id, offers.c.supplier)
    for offer in connection.execute(query.where(~offers.c.is_gone, offers.c.product_id.in_(own_products))):
        product_of[offer.id] = offer.product_id
        suppliers[offer.product_id].add(offer.supplier)
    others: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        is_standing = one in product_of and other in product_of
        if is_standing and not suppliers[product_of[one]] & suppliers[product_of[other]]:
            others[one].append(other)
    return others


def _entry(one: str, other: str, chance: float, articles: Mapping[str, OfferedArticle]) -> QueueEntry:
    return QueueEntry(one, chance, articles[one].article, articles[other].article)


def _suggestions(store: Store, chosen: Mapping[str, Sequence[tuple[str, Candidate]]]) -> dict[str, tuple[Suggestion, int]]:
    """Return the questions with whole offers and with what an LLM said of their pairs, each with its rank by that."""
    pairs = [(one, other) for one, possible in chosen.items() for other, _ in possible]
    whole = _whole_offers(store, sorted({offer_id for pair in pairs for offer_id in pair}))
    answers = _answers(store, [pair for pair in pairs if set(pair) <= whole.keys()], whole)
    suggestions: dict[str, tuple[Suggestion, int]] = {}
    for one, possible in chosen.items():
        answered = [(answers.get((one, other)), whole[other], it) for other, it in possible if {one, other} <= whole.keys()]
        suggested = [(rank_of(answer), _suggested(other, it, answer)) for answer, other, it in answered]
        if suggested:
            suggested.sort(key=lambda ranked: (ranked[0], -(ranked[1].probability or 0)))
            rank, best = suggested[0]
            suggestions[one] = Suggestion(whole[one], tuple(it for _, it in suggested), best.reason), rank
    return suggestions


def _suggested(offer: Offer, candidate: Candidate, answer: PairAnswer | None) -> SuggestedOffer:
    return SuggestedOffer(offer, reason_with(answer, candidate.verdict.reason), chance_with(answer, candidate.p))


def _whole_offers(store: Store, offer_ids: Sequence[str]) -> dict[str, Offer]:
    query = select(offers).where(~offers.c.is_gone)
    with store.read() as connection:
        rows = connection.execute(query.where(has_one_of(connection, offers.c.id, offer_ids)))
        return {row.id: offer_from_row(row) for row in rows}


def _answers(store: Store, pairs: Sequence[Pair], whole: Mapping[str, Offer]) -> dict[Pair, PairAnswer]:
    """Return what an LLM said of pairs, of those that it spoke of."""
    keys = {pair: PairItem(offer_text(whole[pair[0]].row), offer_text(whole[pair[1]].row)).key for pair in pairs}
    with store.read() as connection:
        answers = find_answers(connection, sorted(set(keys.values())))
    return {pair: answers[key] for pair, key in keys.items() if key in answers}
