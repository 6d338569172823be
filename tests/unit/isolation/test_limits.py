"""What a file may take, and how that grows with what is found in it."""

import resource

import pytest

from monito_ray.isolation.limits import READING_BUDGET, ReadingBudget, list_budget, opened_budget, pages_budget
from monito_ray.isolation.process_limits import allow_at_least, limited


@pytest.mark.parametrize(
    ("budget", "cpu_s"),
    [
        (opened_budget(20_000), READING_BUDGET.cpu_s),
        (opened_budget(300_001), 90.0003),  # the longest list, and its header
        (opened_budget(310_001), READING_BUDGET.cpu_s),  # as many rows as no list has, and a file made to hurt may
        (pages_budget(100, 9_000_000), READING_BUDGET.cpu_s),
        (pages_budget(400, 9_000_000), 18.0),
        (pages_budget(400, 120_000), READING_BUDGET.cpu_s),  # pages without content
        (list_budget(8_000), READING_BUDGET.cpu_s),
        (list_budget(100_000), 80.0),
    ],
)
def test_only_a_long_list_takes_longer(budget: ReadingBudget, cpu_s: float):
    """Rows and pages that are there are worked on; what takes long without them is given up."""
    assert (READING_BUDGET | budget).cpu_s == pytest.approx(cpu_s)


def test_an_allowance_counts_from_the_beginning():
    """Of two allowances the larger one holds, not their sum."""
    with limited(ReadingBudget(1 << 40, 1000.0)):
        first = resource.getrlimit(resource.RLIMIT_CPU)[0]
        allow_at_least(ReadingBudget(0, 900.0))
        assert resource.getrlimit(resource.RLIMIT_CPU)[0] == first
        allow_at_least(ReadingBudget(0, 1500.0))
        allow_at_least(ReadingBudget(0, 1400.0))
        assert resource.getrlimit(resource.RLIMIT_CPU)[0] == first + 500
