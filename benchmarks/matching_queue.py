"""The weights of the order in which people are asked about pairs, and how good that order is on trades and lists they were not made from.

    python benchmarks/matching_queue.py fit [--write]   # leave-trade-out figures on our own pairs; with --write the weights as well
    python benchmarks/matching_queue.py lists           # labelled pairs of real lists, where they lie beside the project

Each row of our own pairs (`tests/data/matching`) is searched among all rows of its language on the other side; the samples are its nearest rows
that no guard holds apart and no rule joins. Suppliers' prices are spread as those of different firms are, since those of our pairs lie near
each other. What people taught of words is simulated: the answers of one half of the pairs teach the words of the other half. On the real
lists each row is searched among the whole other list. Figures: average precision of the samples in the order of their chance, and how often
the right row is first, and among three, of rows that have one. Limit: among three in 95 %.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import offer_pairs
from offer_pairs import OfferPair

from monito_ray import frames
from monito_ray.catalog.matching.article import article_of
from monito_ray.catalog.matching.candidates import CandidateSearch, possible_articles
from monito_ray.catalog.matching.queue_features import PairFeatures, feature_names, features_of
from monito_ray.catalog.matching.queue_order import p_same
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.catalog.matching.word_habits import NO_HABITS, AnsweredPair, OfferedArticle, WordHabits, learn_habits
from monito_ray.pipeline.products.build import build_products
from monito_ray.pipeline.products.rules import standardize
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import ProductRow, RawRow

TARGET = Path(__file__).resolve().parent.parent / "monito_ray" / "pipeline" / "data" / "queue_order.toml"
LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
LEAST_AMONG_THREE = 0.95
#: Trades that have other names in other languages.
TRADES = {"verduleria": "greengrocer", "carnes": "butcher", "abarrotes": "dry", "bebidas": "bar", "limpieza": "household"}
#: Samples of one row.
MOST_SAMPLES = 8
#: Prices of one article at two firms: the standard deviation of the logarithm of their ratio.
PRICE_SPREAD = 0.25
#: A word that a supplier adds to all its names, in each language.
ADDED = {"en": "stockline", "es": "surtiplus", "id": "rekanan", "ru": "складской"}
#: How strongly weights are kept small.
SHRINKAGE = 1.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row and one of its nearest rows."""

    trade: str
    row: tuple[str, str]
    features: PairFeatures
    is_same: bool


def own_samples(*, taught: bool = True, seed: int = 7) -> list[Sample]:
    """Return the samples of our own pairs."""
    dice = Random(seed)
    samples: list[Sample] = []
    for language in offer_pairs.LANGUAGES:
        pairs = offer_pairs.read_pairs(language)
        goods = _goods(pairs)
        habits = {half: _habits(pair for pair in pairs if taught and pair.half != half) for half in ("seen", "kept")}
        others = [pair.b for pair in {_key(pair.b): pair for pair in pairs}.values()]
        offered = [_offered(row, dice) for row in others]
        search = CandidateSearch(offered)
        for pair in {_key(pair.a): pair for pair in pairs}.values():
            near = search.nearest(_offered(pair.a))
            possible = possible_articles(_offered(pair.a), [offered[place] for place in near], habits[pair.half])
            trade = pair.a.supplier.split()[1]
            for place, features, verdict in possible[:MOST_SAMPLES]:
                if verdict.kind is VerdictKind.ASK:
                    is_same = goods[_key(others[near[place]])] == goods[_key(pair.a)]
                    samples.append(Sample(TRADES.get(trade, trade), (language, pair.a.original_name), features, is_same))
    return samples


def _key(row: ProductRow) -> tuple[str, str]:
    return row.original_name, row.price_unit


def _goods(pairs: Sequence[OfferPair]) -> dict[tuple[str, str], int]:
    """Return a number for each row of `pairs`, equal where a chain of sames connects them."""
    numbers: dict[tuple[str, str], int] = {}
    for pair in pairs:
        for row in (pair.a, pair.b):
            numbers.setdefault(_key(row), len(numbers))
    for pair in pairs:
        if pair.label == "same":
            old, new = numbers[_key(pair.a)], numbers[_key(pair.b)]
            numbers = {key: new if number == old else number for key, number in numbers.items()}
    return numbers


def _offered(row: ProductRow, dice: Random | None = None) -> OfferedArticle:
    article = article_of(row)
    factor = math.exp(dice.gauss(0, PRICE_SPREAD)) if dice else 1.0
    return OfferedArticle(row.supplier, article._replace(price=article.price * factor, base_price=article.base_price * factor))


def _habits(pairs: Iterator[OfferPair]) -> WordHabits:
    answers = (AnsweredPair(_offered(pair.a), _offered(pair.b), pair.label == "same") for pair in pairs)
    return learn_habits(answer for answer in answers if compare(answer.one.article, answer.other.article).kind is VerdictKind.ASK)


def matrix(samples: Sequence[Sample]) -> tuple[Floats, Floats]:
    """Return features with a column of ones, and labels."""
    features = np.array([(*sample.features.values(), 1.0) for sample in samples])
    return features, np.array([float(sample.is_same) for sample in samples])


def fit(features: Floats, labels: Floats) -> Floats:
    """Return the weights of a logistic model, the bias last, by Newton's method."""
    weights = np.zeros(features.shape[1])
    shrinkage = np.append(np.full(len(weights) - 1, SHRINKAGE), 1e-6)
    for _ in range(30):
        chances = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (chances - labels) + shrinkage * weights
        curvature = (features * (chances * (1 - chances))[:, None]).T @ features + np.diag(shrinkage)
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def left_out_scores(samples: Sequence[Sample]) -> Floats:
    """Return the points of each sample by weights that were made without its trade."""
    features, labels = matrix(samples)
    trades = np.array([sample.trade for sample in samples])
    scores = np.zeros(len(samples))
    for trade in sorted(set(trades)):
        scores[trades == trade] = features[trades == trade] @ fit(features[trades != trade], labels[trades != trade])
    return scores


def figures(samples: Sequence[Sample], scores: Floats) -> str:
    """Return average precision, and how often the right row is first and among three, of rows that have one among their samples."""
    labels = np.array([sample.is_same for sample in samples])[np.argsort(-scores, kind="stable")]
    precisions = np.cumsum(labels) / np.arange(1, len(labels) + 1)
    rows: defaultdict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for sample, score in zip(samples, scores, strict=True):
        rows[sample.row].append((-score, sample.is_same))
    ranked = [[is_same for _, is_same in sorted(row)] for row in rows.values() if any(is_same for _, is_same in row)]
    first, three = (sum(any(row[:most]) for row in ranked) / len(ranked) for most in (1, 3))
    return f"average precision {precisions[labels].mean():.3f}, first {first:.3f}, among three {three:.3f} of {len(ranked)}"


def taught_figures() -> tuple[str, str]:
    """Return the figures of kept pairs, before and after the other half was answered, whose second supplier adds a word of its own to each name.

    The words are none that the lexicon has; pairs whose names are equal but for the word are questions, so they come first only when it is taught.
    """
    samples: dict[bool, list[Sample]] = {False: [], True: []}
    for language in offer_pairs.LANGUAGES:
        pairs = [
            replace(
                pair,
                b=replace(
                    pair.b, **{name: f"{getattr(pair.b, name)} {ADDED[language]}" for name in ("original_name", "standardized_name")}
                ),
            )
            for pair in offer_pairs.read_pairs(language)
        ]
        taught = _habits(pair for pair in pairs if pair.half == "seen")
        for is_taught, habits in ((False, NO_HABITS), (True, taught)):
            for number, pair in enumerate(pairs):
                one, other = _offered(pair.a), _offered(pair.b)
                if pair.half == "kept" and compare(one.article, other.article).kind is VerdictKind.ASK:
                    features = features_of(one, other, habits)
                    samples[is_taught].append(Sample("", (language, str(number)), features, pair.label == "same"))
    before, after = (figures(own, np.array([p_same(sample.features) for sample in own])) for own in samples.values())
    return before.split(",")[0], after.split(",")[0]


def write_weights(weights: Floats, samples: Sequence[Sample], lines: Sequence[str]) -> None:
    """Write the weights, with the figures they had on trades left out."""
    own = "\n".join(f"{name} = {weight:.3f}" for name, weight in zip(feature_names(), weights[:-1], strict=True))
    comments = "\n".join(f"#  {line}" for line in lines)
    TARGET.write_text(
        "# The chance that two articles are one product, for the order of questions (`catalog/matching/queue_order.py`).\n"
        f"# Made by `python benchmarks/matching_queue.py fit --write` from {len(samples)} samples of our own; on trades left out:\n"
        f"{comments}\n\n#: Points of a pair without any feature.\nbias = {weights[-1]:.3f}\n\n[weights]\n{own}\n",
        encoding="utf-8",
    )


def fit_own(*, write: bool) -> int:
    """Print the figures of the weights on trades left out, beside those of single features."""
    samples = own_samples()
    features, labels = matrix(samples)
    print(f"{len(samples)} samples, {int(labels.sum())} of them the same")
    scores = left_out_scores(samples)
    lines = [f"eight features   {figures(samples, scores)}"]
    print(lines[0])
    for name in ("likeness", "price", "lead"):
        column = features[:, feature_names().index(name)]
        lines.append(f"{name + ' alone':16} {figures(samples, -column if name == 'price' else column)}")
        print(lines[-1])
    untaught = own_samples(taught=False)
    lines.append(f"nobody answered  {figures(untaught, left_out_scores(untaught))}")
    print(lines[-1])
    weights = fit(features, labels)
    print("  ".join(f"{name} {weight:.2f}" for name, weight in zip((*feature_names(), "bias"), weights, strict=True)))
    if write:
        write_weights(weights, samples, lines)
    before, after = taught_figures()
    print(f"a supplier that adds a word to each name: {before} before anybody answered, {after} after half of the pairs are answered")
    return 0


def measure_own() -> bool:
    """Print how often the right row is among three for the sames of our own pairs; return whether that is often enough."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for language in offer_pairs.LANGUAGES:
        pairs = offer_pairs.read_pairs(language)
        goods = _goods(pairs)
        others = [pair.b for pair in {_key(pair.b): pair for pair in pairs}.values()]
        search = CandidateSearch([_offered(row) for row in others])
        for pair in pairs:
            if pair.label == "same":
                best = search.best(_offered(pair.a))
                found[pair.half].append(any(goods[_key(others[it.place])] == goods[_key(pair.a)] for it in best))
    for half, hits in found.items():
        print(f"own pairs, {half}: the right row among three {sum(hits) / len(hits):.3f} of {len(hits)} (>= {LEAST_AMONG_THREE})")
    every = [hit for hits in found.values() for hit in hits]
    return sum(every) / len(every) >= LEAST_AMONG_THREE


def measure_lists() -> bool:
    """Print the figures on labelled pairs of real lists; return whether the right row is often enough among three."""
    if not LISTS.exists():
        print(f"the real lists are not at {LISTS}: skipped")
        return True
    pairs = [json.loads(line) for line in (LISTS / "matching_open.jsonl").read_text("utf-8").splitlines()]
    rows = {name: _rows_of(LISTS / "files" / name) for name in sorted({pair[side]["file"] for pair in pairs for side in "ab"})}
    articles = {name: [OfferedArticle(name, article_of(row)) for row in own] for name, own in rows.items()}
    searches = {name: CandidateSearch(own) for name, own in articles.items()}
    hits: list[bool] = []
    asked: list[tuple[float, bool]] = []
    for pair in pairs:
        place, other = (_place(rows[pair[side]["file"]], pair[side]) for side in "ab")
        if place is None or other is None:
            hits += [False] * (pair["label"] == "same")
            continue
        one = articles[pair["a"]["file"]][place]
        best = searches[pair["b"]["file"]].best(one)
        same_words = rows[pair["b"]["file"]][other].original_name
        if pair["label"] == "same":
            hits.append(any(rows[pair["b"]["file"]][it.place].original_name == same_words for it in best))
        if pair["label"] != "unsure":
            every = searches[pair["b"]["file"]].best(one, most=MOST_SAMPLES)
            asked += [(it.p, pair["label"] == "same") for it in every if it.place == other and it.verdict.kind is VerdictKind.ASK]
    share = sum(hits) / len(hits)
    print(f"real lists: the right row among three {share:.3f} of {len(hits)} (>= {LEAST_AMONG_THREE})")
    same, others_asked = ([p for p, is_same in asked if is_same is wanted] for wanted in (True, False))
    print(
        f"  left to ask: {len(same)} same, mean p {np.mean(same or [0]):.2f}; {len(others_asked)} others, mean p {np.mean(others_asked or [0]):.2f}"
    )
    return share >= LEAST_AMONG_THREE


def _rows_of(path: Path) -> list[ProductRow]:
    raw = price_list.read_price_list(path.read_bytes(), path.name, price_list.Hints())
    good, _ = validation.partition(validation.validate(raw.rows))
    rows = frames.from_table(good, RawRow)
    return build_products(rows, standardize(rows))


def _place(rows: Sequence[ProductRow], side: dict[str, object]) -> int | None:
    """Return where a labelled row stands among those of its list: by sheet, row and name, else by name and price."""
    name = " ".join(str(side["name"]).casefold().split())
    named = [place for place, row in enumerate(rows) if row.original_name.casefold() == name]
    exact = [place for place in named if (rows[place].source_sheet, rows[place].source_row) == (side["sheet"], side["row"])]
    return next(iter(exact or named), None)


def main() -> int:
    """Fit, or measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("fit", "lists"))
    parser.add_argument("--write", action="store_true", help="write the weights")
    options = parser.parse_args()
    if options.command == "fit":
        return fit_own(write=options.write)
    results = [measure_own(), measure_lists()]
    return int(not all(results))


if __name__ == "__main__":
    sys.exit(main())
