"""The service over simulated time, with faults: a sample of benchmarks/simulation.py."""

import pytest
from simulated.bugs import BUGS, planted
from simulated.plan import plan_of
from simulated.run import carry_out
from simulated.shrink import shrink

SEEDS = (0, 2, 4, 11)


def test_no_law_is_broken():
    """Rows are conserved, effects are seen once, the ledger equals the bill, a task has one owner, and every task ends."""
    assert {seed: result.broken for seed in SEEDS if (result := carry_out(plan_of(seed))).broken} == {}


def test_a_seed_is_one_run_to_the_byte():
    """Two runs of a seed are the same at every point; another seed's is another."""
    first, again = (carry_out(plan_of(5), keeps_trace=True) for _ in range(2))
    assert first.trace == again.trace
    assert first.digest == again.digest
    assert carry_out(plan_of(3)).digest != first.digest


@pytest.mark.parametrize("name", ["a task that ends and keeps its owner", "settled at the reserved cost"])
def test_a_planted_bug_is_found(name: str):
    """The product's own code, changed by a few words, breaks a law."""
    with planted(next(bug for bug in BUGS if bug.name == name)):
        assert any(carry_out(plan_of(seed)).broken for seed in SEEDS)


def test_a_run_that_breaks_a_law_is_shrunk_to_what_it_takes():
    """A task that ends is enough to show that it keeps its owner: no fault and no switch stays, and each step that stays is needed."""
    plan = plan_of(11)
    with planted(next(bug for bug in BUGS if bug.name == "a task that ends and keeps its owner")):
        law = carry_out(plan).law
        kept = shrink(plan, law)
        assert carry_out(plan.keeping(kept)).law == law
    assert 1 <= len(kept) <= 2
