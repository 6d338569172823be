"""Which products of a search are the article that a list names, and what is doubtful about that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from monito_ray.catalog.basket.amount_costs import cost_of
from monito_ray.catalog.basket.basket_plan import BasketArticle, Purchase
from monito_ray.catalog.basket.shopping_list import BasketLine
from monito_ray.catalog.offers import Offer, Product
from monito_ray.catalog.search.find import SearchResult
from monito_ray.catalog.search.inflections import inflected_english
from monito_ray.catalog.search.query import read_query
from monito_ray.catalog.search.word_forms import is_plain_word, split_words, terms_of, without_synonyms
from monito_ray.pipeline import lexicon
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products import glossary
from monito_ray.pipeline.spellings import canonical_unit


@dataclass(frozen=True, slots=True)
class _ArticleCandidate:
    """A product that may be the article, and what it costs at one supplier."""

    #: What its name says besides the article.
    rest: frozenset[str]
    category: str
    purchase: Purchase


def choose_article(line: BasketLine, results: Sequence[SearchResult]) -> BasketArticle:
    """Return what the catalogue has for an article: the products whose names say least besides what was written.

    They are chosen in each currency. Others that match as well are named where they are cheaper, or where it is not clear which ones are meant.
    """
    whole = [result for result in results if not result.missing]
    if not whole:
        return BasketArticle(line, (), _nearest_text(results))
    best_level = min(result.level for result in whole)
    equal = [result for result in whole if result.level == best_level]
    priced = [(result, purchases) for result in equal if (purchases := _purchases(line, result))]
    if not priced:
        units = sorted({offer.row.price_unit or offer.base_unit or "piece" for result in equal for offer in result.offers})
        return BasketArticle(
            line, (), f"found {equal[0].product.label!r}, but it is sold by {', '.join(units)}: the amount cannot be compared"
        )
    taken: list[Purchase] = []
    doubts: dict[str, str] = {}
    for currency in sorted({purchase.currency for _, purchases in priced for purchase in purchases}):
        own = [
            _ArticleCandidate(_rest(line, result.product), result.product.category, purchase)
            for result, purchases in priced
            for purchase in purchases
        ]
        best, doubt = _choose([each for each in own if each.purchase.currency == currency])
        taken += best
        if doubt:
            doubts[currency] = doubt
    return BasketArticle(line, tuple(taken), doubts=doubts)


def _choose(candidates: Sequence[_ArticleCandidate]) -> tuple[list[Purchase], str]:
    """Return the best purchase of each supplier among those in one currency whose names say least besides the article, and the doubt about them."""
    least = min(len(each.rest) for each in candidates)
    chosen = [each for each in candidates if len(each.rest) == least]
    ordered = sorted((each.purchase for each in chosen), key=lambda each: (each.supplier, each.cost, each.product))
    taken = [next(own) for _, own in groupby(ordered, key=lambda each: each.supplier)]
    best = min(chosen, key=lambda each: each.purchase.cost)
    cheapest = best.purchase
    rivals = [
        each.purchase
        for each in (candidates if least else chosen)  # a name that says nothing more is the article itself
        if (each.rest, each.category) != (best.rest, best.category)
    ]
    if rivals:
        return taken, f"several fit: taken {cheapest.product!r}; next {_offer_text(min(rivals, key=lambda each: each.cost))}"
    cheaper = [each.purchase for each in candidates if each.purchase.cost < cheapest.cost]
    return taken, f"cheaper, if it will do: {_offer_text(min(cheaper, key=lambda each: each.cost))}" if cheaper else ""


def _purchases(line: BasketLine, result: SearchResult) -> list[Purchase]:
    usable = [(offer, cost) for offer in result.offers if not offer.suspicion and (cost := cost_of(offer, line.amount, line.unit))]
    return [_purchase(result.product, offer, cost.count, cost.cost) for offer, cost in usable]


def _purchase(product: Product, offer: Offer, count: Decimal, cost: Decimal) -> Purchase:
    return Purchase(
        offer.supplier,
        offer.currency,
        product.product_id,
        product.label,
        offer.price,
        offer.row.price_unit,
        count,
        cost,
        offer.listed_on,
        product,
    )


def _rest(line: BasketLine, product: Product) -> frozenset[str]:
    """Return what a product's name says besides the words of the article, in English where the glossary has it; brands, units and qualities apart."""
    sought = {term for reading in read_query(line.article) for phrase in reading for way in phrase.ways for term in way}
    languages = glossary.detect_languages((product.name,))
    rest: set[str] = set()
    for phrase in glossary.phrases_in(product.name, languages):
        written = product.name[phrase.start : phrase.end]
        english = phrase.english or inflected_english(written) or written
        if canonical_unit(written) == "":
            rest.update(terms_of(without_synonyms(" ".join(split_words(english)))))
    own = {term for term in rest if is_plain_word(term)} - set(terms_of(product.brand))
    return frozenset(own - sought - _qualities())


@derived()
def _qualities() -> frozenset[str]:
    """Return the terms of words that say how good goods are, and make no other article of them."""
    return frozenset(term for word in lexicon.words("search", "qualities") for term in terms_of(word))


def _offer_text(purchase: Purchase) -> str:
    return f"{purchase.product!r} of {purchase.supplier} at {purchase.cost.normalize():f} {purchase.currency}".rstrip()


def _nearest_text(results: Sequence[SearchResult]) -> str:
    if not results:
        return ""
    nearest = results[0]
    return f"nothing has {', '.join(map(repr, nearest.missing))}; nearest: {nearest.product.label!r}"
