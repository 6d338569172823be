"""What a list says of all its rows: how frequent each category is, and which titles describe the goods that stand below them.

It settles rows whose own words say nothing or may mean several things, and it is counted on rows whose own words do say something.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline.products import taxonomy
from monito_ray.pipeline.products.categories.category_evidence import CategoryEvidence, evidence_in
from monito_ray.pipeline.products.categories.keywords import Weight

#: Rows that are looked at, from the whole list.
_SAMPLE = 2_000
#: The least points of a row's own words that count.
_LEAST_POINTS = 0.5
#: A single weak word (a flavour, a word that only goes with goods) counts for this share of the rows at most, however often the list repeats it:
#: one word must not settle what a list is about.
_MOST_OF_WEAK_WORD = 0.05
#: What prevails settles a row that says nothing itself from this share on, and where this share of all rows says what it is. A category that
#: includes others ("alcohol") needs a greater share together with them.
_LEAST_PREVAILING, _LEAST_INCLUDING, _LEAST_COVERAGE = 0.6, 0.8, 0.1
#: And where so many rows say it: one row of three is no majority.
_LEAST_EVIDENT = 3
#: A title is believed unless this many rows below it say what they are, and fewer than this share of them what the title says.
_LEAST_ROWS, _LEAST_AGREEMENT = 4, 0.25


@dataclass(frozen=True, slots=True)
class Prevailing:
    """The categories that prevail in a list, as shares of the rows that say what they are."""

    #: The share of rows that say what they are, by their own words or the title above.
    coverage: float = 0.0
    categories: Mapping[str, float] = field(default_factory=dict)
    #: By family of the taxonomy.
    families: Mapping[str, float] = field(default_factory=dict)
    #: The shares below each title, where several rows below it say what they are.
    by_title: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: What rows are that say nothing themselves, by the title above them; by "" where the title does not settle it.
    settled: Mapping[str, str] = field(default_factory=dict)
    #: Titles, and texts of the list's own category column, that say something else than the rows below them.
    disproved: frozenset[str] = frozenset()


def sampled(rows: Sequence[tuple[str, str, str]]) -> Sequence[tuple[str, str, str]]:
    """Return every n-th of `rows`, so that at most about `_SAMPLE` come from the whole list."""
    return rows[:: max(1, len(rows) // _SAMPLE)]


def find_prevailing(rows: Sequence[tuple[str, str, str]], languages: tuple[str, ...]) -> Prevailing:
    """Return what prevails in the list of `rows`: name, title above and the list's own category of each."""
    sample = sampled(rows)
    if not sample:
        return Prevailing()
    by_name = [(strongest_evidence(name, languages), title, category_text) for name, title, category_text in sample]
    evident = [
        evidence or strongest_evidence(category_text, languages) or strongest_evidence(title, languages)
        for evidence, title, category_text in by_name
    ]
    counted = _without_repeated_weak_words([evidence for evidence in evident if evidence is not None], len(sample))
    coverage, by_title = sum(evidence is not None for evidence in evident) / len(sample), _by_title(by_name)
    families: Counter[str] = Counter()
    for category, count in counted.items():
        families[taxonomy.family(category)] += count
    is_enough = coverage >= _LEAST_COVERAGE and sum(evidence is not None for evidence in evident) >= _LEAST_EVIDENT
    of_list = _shares(counted) if is_enough else {}
    settled = {title: category for title, shares in (*by_title.items(), ("", of_list)) if (category := _settled_by(shares))}
    return Prevailing(coverage, _shares(counted), _shares(families), by_title, settled, _disproved(by_name, languages))


def strongest_evidence(name: str, languages: tuple[str, ...]) -> CategoryEvidence | None:
    """Return the most that a name says of its category by itself, if that is anything."""
    best = max(evidence_in(name, languages), key=lambda evidence: evidence.points, default=None)
    return best if best is not None and best.points >= _LEAST_POINTS else None


def _settled_by(shares: Mapping[str, float]) -> str:
    """Return the category that most rows have, else the narrowest that nearly all have together with those it includes, else ""."""
    best = max(shares, key=lambda category: shares[category], default="")
    if shares.get(best, 0.0) >= _LEAST_PREVAILING:
        return best
    including = (category for category in shares if sum(shares.get(part, 0.0) for part in taxonomy.includes(category)) >= _LEAST_INCLUDING)
    return min(including, key=lambda category: len(taxonomy.includes(category)), default="")


def _without_repeated_weak_words(evident: Sequence[CategoryEvidence], rows: int) -> Counter[str]:
    """Count the categories, a head twice, and a weak word's rows up to `_MOST_OF_WEAK_WORD` of all."""
    by_word = Counter((evidence.category, evidence.keyword, evidence.weight) for evidence in evident)
    counted: Counter[str] = Counter()
    most = max(1, round(_MOST_OF_WEAK_WORD * rows))
    for (category, _, weight), count in by_word.items():
        counted[category] += 2 * count if weight is Weight.HEAD else min(count, most)
    return counted


def _by_title(evident: Sequence[tuple[CategoryEvidence | None, str, str]]) -> Mapping[str, Mapping[str, float]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for evidence, title, _ in evident:
        if evidence is not None and title:
            counts[title][evidence.category] += 1
    return {title: _shares(below) for title, below in counts.items() if below.total() >= _LEAST_ROWS}


def _shares(counts: Counter[str]) -> Mapping[str, float]:
    all_counts = counts.total()
    return {key: count / all_counts for key, count in counts.items()}


def _disproved(evident: Sequence[tuple[CategoryEvidence | None, str, str]], languages: tuple[str, ...]) -> frozenset[str]:
    rows: Counter[str] = Counter()
    agreeing: Counter[str] = Counter()
    for evidence, title, category_text in evident:
        if evidence is None or evidence.weight is not Weight.HEAD:
            continue
        for text in {title, category_text} - {""}:
            rows[text] += 1
            agreeing[text] += any(of_text.category == evidence.category for of_text in evidence_in(text, languages))
    return frozenset(text for text, count in rows.items() if count >= _LEAST_ROWS and agreeing[text] < _LEAST_AGREEMENT * count)
