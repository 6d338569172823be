"""The least steps of a plan that still break the law which it broke: delta debugging (Zeller, 1999)."""

from simulated.plan import Plan
from simulated.run import carry_out

#: Runs that shrinking may take.
_MOST_RUNS = 400


def shrink(plan: Plan, law: str) -> tuple[int, ...]:
    """Return the indexes of the steps that are needed; each of them is, as far as the runs suffice."""
    runs = 0

    def breaks(kept: tuple[int, ...]) -> bool:
        nonlocal runs
        runs += 1
        return carry_out(plan.keeping(kept)).law == law

    kept = tuple(range(len(plan.steps)))
    parts = 2
    while len(kept) > 1 and runs < _MOST_RUNS:
        size = -(-len(kept) // parts)
        for start in range(0, len(kept), size):
            fewer = kept[:start] + kept[start + size :]
            if runs < _MOST_RUNS and breaks(fewer):
                kept, parts = fewer, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(2 * parts, len(kept))
    return kept
