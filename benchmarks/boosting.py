"""Gradient-boosted trees for two classes, in numpy: shallow trees on features cut into bins, the loss is the logistic one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BINS = 64


@dataclass(frozen=True, slots=True)
class Boosting:
    """How trees are grown."""

    trees: int = 400
    depth: int = 5
    rate: float = 0.05
    #: How strongly the values of leaves are kept small.
    shrinkage: float = 3.0
    #: The least weight (of samples whose class is open) of a leaf.
    least_weight: float = 2.0
    #: The share of samples, and of features, that each tree sees.
    samples: float = 0.7
    features: float = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """Trees: for each node the feature and bin that it is cut at, nodes of a level side by side; the values of leaves."""

    edges: list[Floats]
    bias: float
    features: Ints
    cuts: Ints
    values: Floats

    def points(self, features: Floats) -> Floats:
        """Return the points (logarithm of the odds) of each sample."""
        bins = _binned(features, self.edges)
        points = np.full(len(features), self.bias)
        for tree_features, cuts, values in zip(self.features, self.cuts, self.values, strict=True):
            points += values[_leaves(bins, tree_features, cuts)]
        return points


def train(features: Floats, labels: Floats, how: Boosting, seed: int) -> Model:
    """Return the model of `labels`."""
    dice = np.random.default_rng(seed)
    edges = [_edges(column) for column in features.T]
    bins = _binned(features, edges)
    share = labels.mean()
    bias = float(np.log(share / (1 - share)))
    points = np.full(len(labels), bias)
    grown = []
    for _ in range(how.trees):
        chances = 1 / (1 + np.exp(-points))
        chosen = dice.random(len(labels)) < how.samples
        looked_at = np.sort(dice.choice(bins.shape[1], max(1, int(how.features * bins.shape[1])), replace=False))
        tree = _grow(bins, looked_at, (chances - labels) * chosen, chances * (1 - chances) * chosen, how)
        points += tree[2][_leaves(bins, tree[0], tree[1])]
        grown.append(tree)
    return Model(edges, bias, *(np.stack(part) for part in zip(*grown, strict=True)))


def _edges(column: Floats) -> Floats:
    return np.unique(np.quantile(column, np.linspace(0, 1, BINS)[1:-1]))


def _binned(features: Floats, edges: list[Floats]) -> Ints:
    """Return in which bin each value is: the number of edges below it."""
    return np.stack([np.searchsorted(own, column) for own, column in zip(edges, features.T, strict=True)], axis=1)


def _grow(bins: Ints, looked_at: Ints, gradients: Floats, weights: Floats, how: Boosting) -> tuple[Ints, Ints, Floats]:
    """Return a tree: features and cuts of its inner nodes, level by level, and the values of its leaves; a node that is not cut sends all left."""
    features, cuts = np.zeros(2**how.depth - 1, dtype=np.int64), np.full(2**how.depth - 1, BINS)
    node = np.zeros(len(bins), dtype=np.int64)
    for level, first in _levels(how.depth):
        best = np.zeros(2**level)
        for feature in looked_at:
            gains, own_cuts = _best_cuts(node * BINS + bins[:, feature], 2**level, gradients, weights, how)
            better = gains > best
            best[better] = gains[better]
            features[first : first + 2**level][better] = feature
            cuts[first : first + 2**level][better] = own_cuts[better]
        node = node * 2 + (bins[np.arange(len(bins)), features[first + node]] > cuts[first + node])
    sums, totals = (np.bincount(node, amounts, 2**how.depth) for amounts in (gradients, weights))
    return features, cuts, -how.rate * sums / (totals + how.shrinkage)


def _levels(depth: int) -> Iterator[tuple[int, int]]:
    """Yield each level, and where its nodes begin."""
    return ((level, 2**level - 1) for level in range(depth))


def _best_cuts(cells: Ints, nodes: int, gradients: Floats, weights: Floats, how: Boosting) -> tuple[Floats, Ints]:
    """Return for each node what its best cut of one feature gains, and the last bin on its left side."""
    left_sums, left_totals = (
        np.bincount(cells, amounts, nodes * BINS).reshape(nodes, BINS).cumsum(axis=1) for amounts in (gradients, weights)
    )
    sums, totals = left_sums[:, -1:], left_totals[:, -1:]
    gains = _gain(left_sums, left_totals, how) + _gain(sums - left_sums, totals - left_totals, how) - _gain(sums, totals, how)
    gains[(left_totals < how.least_weight) | (totals - left_totals < how.least_weight)] = 0
    cuts = gains.argmax(axis=1)
    return gains[np.arange(nodes), cuts], cuts


def _gain(sums: Floats, totals: Floats, how: Boosting) -> Floats:
    return sums**2 / (totals + how.shrinkage)


def _leaves(bins: Ints, features: Ints, cuts: Ints) -> Ints:
    """Return the leaf that each sample falls into."""
    node = np.zeros(len(bins), dtype=np.int64)
    samples = np.arange(len(bins))
    for _, first in _levels((len(features) + 1).bit_length() - 1):
        at = first + node
        node = node * 2 + (bins[samples, features[at]] > cuts[at])
    return node
