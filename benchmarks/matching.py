"""How products of different suppliers are matched, on real lists where they lie beside the project.

    python benchmarks/matching.py pairs           labelled pairs of offers: recall, wrong merges
    python benchmarks/matching.py within          two rows of one list, judged as if of two suppliers: with other prices or numbers each merge is wrong
    python benchmarks/matching.py across          products that different suppliers share; pairs drawn at random to be judged by eye
    python benchmarks/matching.py speed           articles made and read, pairs compared, block sizes

Every list is a supplier of its own. Rows are read once and kept in a folder outside the project (`--cache`). Ends with 1 where a limit is missed.
"""

import argparse
import importlib.util
import pickle
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from monito_ray import frames
from monito_ray.catalog.matching.article import Article, article_from_json, article_of, as_json
from monito_ray.catalog.matching.assign import Edge, assign
from monito_ray.catalog.matching.blocking import block_keys
from monito_ray.catalog.matching.numbers import numbers_agree
from monito_ray.catalog.matching.verdict import VerdictKind, compare
from monito_ray.errors import MonitoError
from monito_ray.pipeline.products import build, rules
from monito_ray.pipeline.rows import price_list, validation
from monito_ray.records import ProductRow, RawRow

LISTS = Path(__file__).resolve().parent.parent.parent / "shared" / "price-lists"
LEAST_RECALL = 0.9
#: As the store does: where a supplier has more articles of one look, none is matched by it.
MOST_ALIKE = 20
LEAST_ARTICLES, LEAST_PARSED, LEAST_COMPARED = 3_000, 50_000, 30_000


@dataclass(slots=True)
class Catalogue:
    """All rows of all lists, with their articles."""

    rows: list[ProductRow] = field(default_factory=list)
    suppliers: list[str] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)


def main() -> int:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("pairs", "within", "across", "speed"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "monito-matching")
    parser.add_argument("--only", nargs="*", default=(), help="beginnings of file names")
    parser.add_argument("--one-firm", nargs="*", default=(), help="lists of one firm, as 038,039: left out of `across`")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not LISTS.is_dir():
        print(f"skipped: there are no lists in {LISTS}")
        return 0
    catalogue = _read_all(options.cache, tuple(options.only))
    print(f"{len(catalogue.rows):,} rows of {len(set(catalogue.suppliers))} lists")
    if options.part == "pairs":
        return _pairs(catalogue)
    if options.part == "within":
        return _within(catalogue, options.sample, options.seed)
    if options.part == "across":
        return _across(catalogue, [set(firm.split(",")) for firm in options.one_firm], options.sample, options.seed)
    return _speed(catalogue)


def _read_all(cache: Path, only: tuple[str, ...]) -> Catalogue:
    cache.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue()
    for path in sorted((LISTS / "files").iterdir()):
        if only and not path.name.startswith(only):
            continue
        rows = read_list(path, cache / f"{path.name}.pickle")
        catalogue.rows += rows
        catalogue.suppliers += [path.name] * len(rows)
    catalogue.articles = [article_of(row) for row in catalogue.rows]
    return catalogue


def read_list(path: Path, cached: Path) -> list[ProductRow]:
    """Return the standardized rows of a list, kept in a file of our own; none of a list that cannot be read."""
    if not cached.exists():
        try:
            raw = price_list.read_price_list(path.read_bytes(), path.name, price_list.Hints())
            good, _ = validation.partition(validation.validate(raw.rows))
            rows = frames.from_table(good, RawRow)
            rows = build.build_products(rows, rules.standardize(rows))
        except MonitoError:
            rows = []
        cached.write_bytes(pickle.dumps(rows))
    return pickle.loads(cached.read_bytes())  # noqa: S301  our own file


def _candidates(catalogue: Catalogue, *, within: bool) -> Iterator[tuple[int, int]]:
    """Yield pairs of rows that share a block, each once: of one list, or of two."""
    blocks: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, article in enumerate(catalogue.articles):
        for key in block_keys(article):
            blocks[key][catalogue.suppliers[place]].append(place)
    seen: set[tuple[int, int]] = set()
    for by_supplier in blocks.values():
        few = [places for places in by_supplier.values() if len(places) <= MOST_ALIKE]
        own = (pair for places in few for pair in combinations(places, 2))
        across = ((one, other) for ours, theirs in combinations(few, 2) for one in ours for other in theirs)
        for pair in own if within else across:
            if pair not in seen:
                seen.add(pair)
                yield pair


def _agreeing(catalogue: Catalogue) -> set[frozenset[str]]:
    """Return the pairs of lists whose article numbers mean the same."""
    by_number: defaultdict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(catalogue.articles):
        if article.sku:
            by_number[article.sku].append(place)
    pairs: defaultdict[frozenset[str], list[tuple[Article, Article]]] = defaultdict(list)
    for places in by_number.values():
        for one, other in combinations(places[: MOST_ALIKE * MOST_ALIKE], 2):
            if catalogue.suppliers[one] != catalogue.suppliers[other]:
                lists = frozenset((catalogue.suppliers[one], catalogue.suppliers[other]))
                pairs[lists].append((catalogue.articles[one], catalogue.articles[other]))
    return {lists for lists, same_number in pairs.items() if numbers_agree(same_number)}


def _products(catalogue: Catalogue) -> tuple[list[str], dict[tuple[int, int], int]]:
    """Return the product of each row, and the strengths of the pairs that the rules are sure of."""
    agreeing = _agreeing(catalogue)
    edges: dict[tuple[int, int], int] = {}
    for one, other in _candidates(catalogue, within=False):
        lists = frozenset((catalogue.suppliers[one], catalogue.suppliers[other]))
        verdict = compare(catalogue.articles[one], catalogue.articles[other], numbers_agree=lists in agreeing)
        if verdict.kind is VerdictKind.ONE:
            edges[one, other] = verdict.strength
    supplier_of = {f"{place:07}": supplier for place, supplier in enumerate(catalogue.suppliers)}
    ids = list(supplier_of)
    partition = assign(supplier_of, [Edge(ids[one], ids[other], strength) for (one, other), strength in edges.items()], (), (), str)
    product_of = {member: group[0] for group in partition.groups for member in group}
    print(f"{len(edges):,} pairs are one, {len(partition.refused):,} of them refused: {Counter(reason for _, reason in partition.refused)}")
    return [product_of[one] for one in ids], edges


def _pairs(catalogue: Catalogue) -> int:
    """Score the products against the labelled pairs, with the script that lies beside the lists."""
    import pandas as pd  # noqa: PLC0415

    products, _ = _products(catalogue)
    fields = ("source_file", "source_sheet", "source_row", "original_name", "supplier")
    columns = {name: [getattr(row, name) for row in catalogue.rows] for name in fields}
    frame = pd.DataFrame(
        columns | {"price": [float(row.price) for row in catalogue.rows], "product_id": products, "supplier": catalogue.suppliers}
    )
    spec = importlib.util.spec_from_file_location("score_matching", LISTS / "score_matching.py")
    if spec is None or spec.loader is None:
        return 1
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.pkl"
        frame.to_pickle(path)
        sys.argv = ["score_matching.py", str(LISTS / "matching_open.jsonl"), str(path), "--errors", "20"]
        module.main()
    print(f"limits: recall >= {LEAST_RECALL}, no wrong merge")
    return 0


def _within(catalogue: Catalogue, sample: int, seed: int) -> int:
    """Count rows of one list with other prices or numbers that would be one; show some whose names differ."""
    merged: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    for one, other in _candidates(catalogue, within=True):
        mine, others = catalogue.articles[one], catalogue.articles[other]
        if mine.price == others.price and mine.sku == others.sku:
            continue
        verdict = compare(mine, others)
        if verdict.kind is VerdictKind.ONE:
            names = sorted((catalogue.rows[one].original_name.casefold(), catalogue.rows[other].original_name.casefold()))
            merged.setdefault((catalogue.suppliers[one], names[0], names[1]), (verdict.strength, one, other))
    unlike = [pair for (_, name, other_name), pair in merged.items() if name != other_name]
    print(f"{len(merged):,} pairs of names with other prices or numbers are one, {len(unlike):,} of them in other words")
    _show(catalogue, random.Random(seed).sample(sorted(unlike), min(sample, len(unlike))))
    return 0


def _across(catalogue: Catalogue, firms: Sequence[set[str]], sample: int, seed: int) -> int:
    products, edges = _products(catalogue)
    shared = [
        (strength, one, other)
        for (one, other), strength in edges.items()
        if products[one] == products[other] and not _is_one_firm(catalogue.suppliers[one], catalogue.suppliers[other], firms)
    ]
    print(f"{len(shared):,} pairs between firms share a product: {dict(Counter(strength for strength, _, _ in shared))}")
    _show(catalogue, random.Random(seed).sample(sorted(shared), min(sample, len(shared))))
    return 0


def _is_one_firm(supplier: str, other: str, firms: Sequence[set[str]]) -> bool:
    return any(any(supplier.startswith(name) for name in firm) and any(other.startswith(name) for name in firm) for firm in firms)


def _show(catalogue: Catalogue, pairs: Sequence[tuple[int, int, int]]) -> None:
    for strength, one, other in pairs:
        print(strength, _shown(catalogue.rows[one]), " <> ", _shown(catalogue.rows[other]))


def _shown(row: ProductRow) -> str:
    return (
        f"{row.source_file[:3]} {row.original_name[:80]} [{row.brand}, {row.size} {row.unit}, {row.pack_count} {row.price_unit}, "
        f"{row.price:g} {row.currency}, {row.sku}, {row.section[:20]}]"
    )


def _speed(catalogue: Catalogue) -> int:
    start = time.process_time()
    articles = [article_of(row) for row in catalogue.rows]
    made = len(articles) / (time.process_time() - start)
    texts = [as_json(article) for article in articles]
    start = time.process_time()
    for text in texts:
        article_from_json(text)
    parsed = len(texts) / (time.process_time() - start)
    pairs = list(_candidates(catalogue, within=False))
    start = time.process_time()
    for one, other in pairs:
        compare(articles[one], articles[other])
    compared = len(pairs) / (time.process_time() - start)
    sizes = Counter(key for article in articles for key in block_keys(article)).values()
    ordered = sorted(sizes)
    print(
        f"articles made {made:,.0f}/s (>= {LEAST_ARTICLES:,}), read {parsed:,.0f}/s (>= {LEAST_PARSED:,}), compared {compared:,.0f}/s (>= {LEAST_COMPARED:,})"
    )
    print(
        f"{sum(sizes) / len(articles):.1f} keys an article; blocks: {len(sizes):,}, 99 % of them <= {ordered[int(len(ordered) * 0.99)]}, largest {ordered[-1]:,}"
    )
    return int(made < LEAST_ARTICLES or parsed < LEAST_PARSED or compared < LEAST_COMPARED)


if __name__ == "__main__":
    sys.exit(main())
