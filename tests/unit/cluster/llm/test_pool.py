"""How many LLM workers are started."""

import pytest

from monito_ray.cluster.llm.pool import worker_count


@pytest.mark.parametrize(
    ("requested", "nodes", "concurrency", "count"), [(0, 1, 32, 2), (0, 3, 32, 6), (0, 3, 4, 4), (1, 3, 32, 1), (5, 1, 32, 5)]
)
def test_each_node_has_two_unless_a_number_is_set(requested: int, nodes: int, concurrency: int, count: int):
    """There are never more than requests that may be in flight."""
    assert worker_count(requested, nodes, concurrency) == count
