"""What people are asked: offers with those that may be one product with them, in the order of what the answers are worth."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from monito_ray.catalog.links import ActiveLinks, ArticleKey, active_links
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.candidates import Candidate, candidates
from monito_ray.catalog.matching.queue_order import QueueEntry, ordered
from monito_ray.catalog.matching.word_habits import AnsweredPair, OfferedArticle, WordHabits, learn_habits
from monito_ray.catalog.offer_rows import article_in, is_matchable
from monito_ray.catalog.offers import Offer, offer_from_row
from monito_ray.catalog.questions.open_pairs import offered_articles
from monito_ray.catalog.sheets.compared_offer import ComparedOffer
from monito_ray.catalog.sheets.same_sheet import MOST_QUESTIONS, SuggestedOffer, Suggestion
from monito_ray.store.database import Store, has_one_of
from monito_ray.store.schema import offers, open_pairs

#: The likeliest pairs that are put in order; three or fewer are one question.
_MOST_PAIRS = 3_000


def suggest(store: Store, standing_offers: Iterable[ComparedOffer]) -> list[Suggestion]:
    """Return the first questions of a catalogue, as many as a sheet shows: each offer whose product others may have, with up to three of these, the likeliest first.

    A pair is no question when a person has spoken of it, when both are one product, or when the product of one has an offer of the
    other's supplier already.
    """
    with store.read() as connection:
        linked = active_links(connection)
        habits = _learn(connection, linked)
        query = select(open_pairs.c.offer_id, open_pairs.c.other_id).order_by(open_pairs.c.chance.desc(), *open_pairs.primary_key)
        pairs = [(row.offer_id, row.other_id) for row in connection.execute(query.limit(_MOST_PAIRS))]
        articles = offered_articles(connection, sorted({offer_id for pair in pairs for offer_id in pair}))
        apart = _apart(connection, sorted(articles), linked)
    standing = {offer.offer_id: offer for offer in standing_offers}
    suppliers = _suppliers_of_products(standing.values())
    others: defaultdict[str, list[str]] = defaultdict(list)
    for one, other in pairs:
        is_open = {one, other} <= articles.keys() and {one, other} <= standing.keys() and (one, other) not in apart
        if is_open and not suppliers[standing[one].product_id] & suppliers[standing[other].product_id]:
            others[one].append(other)
    best = {one: candidates(articles[one], [articles[other] for other in ids], habits) for one, ids in others.items()}
    first = [entry.key for entry in ordered(_entries(best, others, articles))][:MOST_QUESTIONS]
    whole = _whole_offers(store, [offer_id for one in first for offer_id in (one, *others[one])])
    return [_suggestion(one, others[one], best[one], whole) for one in first if whole.keys() >= {one, *others[one]}]


def _whole_offers(store: Store, offer_ids: list[str]) -> dict[str, Offer]:
    query = select(offers).where(~offers.c.is_gone)
    with store.read() as connection:
        rows = connection.execute(query.where(has_one_of(connection, offers.c.id, offer_ids)))
        return {row.id: offer_from_row(row) for row in rows}


def _entries(
    best: Mapping[str, list[Candidate]], others: Mapping[str, list[str]], articles: Mapping[str, OfferedArticle]
) -> list[QueueEntry]:
    return [
        QueueEntry(one, possible[0].p, articles[one].article, articles[others[one][possible[0].place]].article)
        for one, possible in best.items()
        if possible
    ]


def _suggestion(offer_id: str, others: list[str], possible: list[Candidate], standing: Mapping[str, Offer]) -> Suggestion:
    suggested = tuple(SuggestedOffer(standing[others[it.place]], it.verdict.reason, it.p) for it in possible)
    return Suggestion(standing[offer_id], suggested, suggested[0].reason)


def _suppliers_of_products(standing: Iterable[ComparedOffer]) -> dict[str, set[str]]:
    suppliers: defaultdict[str, set[str]] = defaultdict(set)
    for offer in standing:
        suppliers[offer.product_id].add(offer.supplier)
    return suppliers


def _apart(connection: Connection, offer_ids: list[str], linked: ActiveLinks) -> set[tuple[str, str]]:
    """Return the pairs of these offers, in both directions, of which a person said that they are two products."""
    if not linked.apart:
        return set()
    query = select(offers.c.id, offers.c.supplier, offers.c.article_key).where(has_one_of(connection, offers.c.id, offer_ids))
    ids: defaultdict[ArticleKey, list[str]] = defaultdict(list)
    for row in connection.execute(query):
        ids[row.supplier, row.article_key].append(row.id)
    return {(one, other) for key, keys in linked.apart.items() for one in ids[key] for apart_key in keys for other in ids[apart_key]}


def _learn(connection: Connection, linked: ActiveLinks) -> WordHabits:
    """Return what people's links teach, of articles that stand."""
    by_kind = {True: linked.same, False: linked.apart}
    pairs = sorted(
        {(min(one, other), max(one, other), is_same) for is_same, links in by_kind.items() for one, keys in links.items() for other in keys}
    )
    articles = _articles_of_keys(connection, sorted({key for one, other, _ in pairs for _, key in (one, other)}))
    answers = (
        AnsweredPair(OfferedArticle(one[0], articles[one]), OfferedArticle(other[0], articles[other]), is_same=is_same)
        for one, other, is_same in pairs
        if one in articles and other in articles
    )
    return learn_habits(answers)


def _articles_of_keys(connection: Connection, article_keys: list[str]) -> dict[ArticleKey, Article]:
    query = select(offers.c.supplier, offers.c.article_key, offers.c.features).order_by(offers.c.id)
    rows = connection.execute(query.where(has_one_of(connection, offers.c.article_key, article_keys), ~offers.c.is_gone, is_matchable()))
    return {(row.supplier, row.article_key): article_in(row.features) for row in rows}
