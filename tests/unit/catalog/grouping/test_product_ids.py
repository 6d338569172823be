"""Product ids that stay with what they name."""

from collections.abc import Mapping, Sequence

import pytest

from monito_ray.catalog.grouping.product_ids import choose_ids


@pytest.mark.parametrize(
    ("groups", "product_of", "ids", "aliases"),
    [
        ([["a", "b"]], {"a": "a", "b": "b"}, ["a"], {"b": "a"}),
        ([["b", "a"], ["c"]], {"a": "a", "b": "a", "c": "a"}, ["a", "c"], {}),
        ([["a"], ["b", "c"]], {"a": "a", "b": "a", "c": "a"}, ["a", "b"], {}),
        ([["b"], ["c"]], {"b": "a", "c": "a"}, ["a", "c"], {}),
        ([["a", "c"], ["b"]], {"a": "a", "b": "a", "c": "c"}, ["a", "b"], {"c": "a"}),
        ([["a"], ["b"], ["c"]], {"a": "b", "b": "b", "c": "c"}, ["b", "new", "c"], {}),
    ],
    ids=["joined", "parted", "parted from two", "the oldest is gone", "one goes over", "under another's id"],
)
def test_ids_follow_the_oldest_offer(
    groups: Sequence[Sequence[str]], product_of: Mapping[str, str], ids: Sequence[str], aliases: Mapping[str, str]
):
    """Of products that are joined the oldest stays; what parts from a product is one under the id that it had before."""
    taken = set(product_of.values())
    chosen = choose_ids(groups, product_of, lambda offer: offer, lambda offer: offer not in taken, lambda: "new")
    assert (list(chosen.ids), dict(chosen.aliases)) == (list(ids), dict(aliases))
