"""What becomes of our own pairs of offers (`tests/data/matching`): twins must never be merged, sames merged or at least asked about.

    python benchmarks/matching_own_pairs.py [--errors 20] [--by kind]

Of a second set, written later and mended for since, the counts stand behind them. One half of the pairs is kept from those who make the rules: only its counts are printed; `--errors` shows pairs of the other half. Ends with 1
where a twin is merged, fewer than 75 % of the sames are merged, or fewer than 97 % are merged or asked about, in either half.
"""

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import offer_pairs
from offer_pairs import OfferPair

from monito_ray.catalog.matching.article import article_of
from monito_ray.catalog.matching.verdict import Verdict, VerdictKind, compare

LEAST_MERGED = 0.75
LEAST_MERGED_OR_ASKED = 0.97


def main() -> int:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=int, default=0, help="pairs of the seen half to show")
    parser.add_argument("--by", choices=("kind", "language"), default="language", help="what to count by")
    options = parser.parse_args()
    pairs = [*offer_pairs.every_pair(), *offer_pairs.second_set()]
    verdicts = [(pair, compare(article_of(pair.a), article_of(pair.b))) for pair in pairs]
    for half in ("seen", "kept", "second"):
        counts: defaultdict[tuple[str, str], Counter[VerdictKind]] = defaultdict(Counter)
        for pair, verdict in verdicts:
            if pair.half == half:
                counts[pair.label, getattr(pair, options.by)][verdict.kind] += 1
        for (label, group), count in sorted(counts.items()):
            print(f"{half} {label} {group:16} " + "  ".join(f"{kind.value} {count[kind]:3}" for kind in VerdictKind))
    _show_errors(verdicts, options.errors)
    _figure("second", verdicts)
    return max(_figure(half, verdicts) for half in ("seen", "kept"))


def _figure(half: str, verdicts: list[tuple[OfferPair, Verdict]]) -> int:
    """Print the three figures of a half beside their limits; return 1 where one is missed."""
    kinds: defaultdict[str, Counter[VerdictKind]] = defaultdict(Counter)
    for pair, verdict in verdicts:
        if pair.half == half:
            kinds[pair.label][verdict.kind] += 1
    same, twin = kinds["same"], kinds["twin"]
    merged, asked = same[VerdictKind.ONE] / same.total(), same[VerdictKind.ASK] / same.total()
    print(
        f"{half}: twins merged {twin[VerdictKind.ONE]} of {twin.total()} (limit 0), sames merged {merged:.3f} of {same.total()} (>= {LEAST_MERGED}), "
        f"merged or asked {merged + asked:.3f} (>= {LEAST_MERGED_OR_ASKED})"
    )
    return int(bool(twin[VerdictKind.ONE]) or merged < LEAST_MERGED or merged + asked < LEAST_MERGED_OR_ASKED)


def _show_errors(verdicts: list[tuple[OfferPair, Verdict]], most: int) -> None:
    """Print twins merged, then sames held apart, then sames asked about, of the seen half."""
    order = [("twin", VerdictKind.ONE), ("same", VerdictKind.APART), ("same", VerdictKind.ASK)]
    for label, kind in order:
        wrong = [(pair, verdict) for pair, verdict in verdicts if (pair.half, pair.label, verdict.kind) == ("seen", label, kind)]
        for pair, verdict in wrong[:most]:
            print(f"  {label} {kind.value} [{pair.kind}] {pair.a.original_name} | {pair.b.original_name}: {verdict.reason}")


if __name__ == "__main__":
    sys.exit(main())
