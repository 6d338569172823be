"""Assignment: which articles become one product, by what people said and by edges between suppliers."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Edge:
    """Two articles, by their ids, that are one product as far as the rules can tell; the stronger edge is surer."""

    one: str
    other: str
    strength: int


@dataclass(frozen=True, slots=True)
class Partition:
    """The articles in groups, each a product, and edges that joined none, with the reason as a sentence."""

    groups: tuple[tuple[str, ...], ...]
    refused: tuple[tuple[Edge, str], ...]


#: The strength of what a person said.
BY_A_PERSON = 1_000
AMBIGUOUS = "One of them fits several articles of the other's supplier."
_SAME_SUPPLIER = "Two articles of one supplier would become one product."
_PARTED = "Somebody said that goods of both are apart."
_CONTRADICTION = "Somebody said that they are one, and somebody that they are apart."


def assign(
    supplier_of: Mapping[str, str],
    edges: Sequence[Edge],
    same: Collection[tuple[str, str]],
    apart: Collection[tuple[str, str]],
    order_of: Callable[[str], Any],
) -> Partition:
    """Return the products of all articles of `supplier_of`, which maps their ids to suppliers.

    People's `same` pairs come first, against all rules but `apart` pairs. Of the edges between two suppliers only such join that are the single
    strongest of both articles. No product has two articles of one supplier, whoever asks for it. `order_of` gives an article's place among all, which must depend on what it is and not on its id: with it the
    partition is the same whatever the order of the input. Groups and their members are in that order.
    """
    order = {article: order_of(article) for article in supplier_of}
    union = _Union(supplier_of, apart)
    refused: list[tuple[Edge, str]] = []
    for one, other in _sorted_pairs(same, supplier_of, order):
        reason = union.objection(one, other)
        if reason:
            refused.append((Edge(one, other, BY_A_PERSON), _CONTRADICTION if reason == _PARTED else reason))
        else:
            union.join(one, other)
    certain, ambiguous = _one_to_one(_strongest_each(edges, supplier_of, order), supplier_of)
    refused += ((edge, AMBIGUOUS) for edge in ambiguous)
    for edge in certain:
        reason = union.objection(edge.one, edge.other)
        if reason:
            refused.append((edge, reason))
        else:
            union.join(edge.one, edge.other)
    groups = sorted((sorted(group, key=order.__getitem__) for group in union.groups()), key=lambda group: order[group[0]])
    refused.sort(key=lambda refusal: _edge_order(refusal[0], order))
    return Partition(tuple(map(tuple, groups)), tuple(refused))


def _sorted_pairs(pairs: Iterable[tuple[str, str]], supplier_of: Mapping[str, str], order: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return pairs of articles that exist, each with the first one first, in order."""
    existing = {
        (one, other) if order[one] <= order[other] else (other, one)
        for one, other in pairs
        if one in supplier_of and other in supplier_of and one != other
    }
    return sorted(existing, key=lambda pair: (order[pair[0]], order[pair[1]]))


def _strongest_each(edges: Iterable[Edge], supplier_of: Mapping[str, str], order: Mapping[str, Any]) -> list[Edge]:
    """Return the edges between suppliers, one for each pair of articles, the strongest first."""
    strengths: dict[tuple[str, str], int] = {}
    for edge in edges:
        if edge.one not in supplier_of or edge.other not in supplier_of or supplier_of[edge.one] == supplier_of[edge.other]:
            continue
        pair = (edge.one, edge.other) if order[edge.one] <= order[edge.other] else (edge.other, edge.one)
        strengths[pair] = max(edge.strength, strengths.get(pair, edge.strength))
    unique = [Edge(one, other, strength) for (one, other), strength in strengths.items()]
    return sorted(unique, key=lambda edge: _edge_order(edge, order))


def _edge_order(edge: Edge, order: Mapping[str, Any]) -> tuple[int, Any, Any]:
    return -edge.strength, order[edge.one], order[edge.other]


def _one_to_one(edges: Iterable[Edge], supplier_of: Mapping[str, str]) -> tuple[list[Edge], list[Edge]]:
    """Part edges that are the single strongest between either article and the other's supplier from those that are not."""
    between: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    edges = list(edges)
    for edge in edges:
        between[edge.one, supplier_of[edge.other]].append(edge.strength)
        between[edge.other, supplier_of[edge.one]].append(edge.strength)
    certain: list[Edge] = []
    ambiguous: list[Edge] = []
    for edge in edges:
        sides = (between[edge.one, supplier_of[edge.other]], between[edge.other, supplier_of[edge.one]])
        is_certain = all(edge.strength == max(side) and side.count(edge.strength) == 1 for side in sides)
        (certain if is_certain else ambiguous).append(edge)
    return certain, ambiguous


class _Union:
    """Groups of articles that grow together, at most one article of a supplier in each, none across an `apart` pair."""

    def __init__(self, supplier_of: Mapping[str, str], apart: Iterable[tuple[str, str]]) -> None:
        self._group_of = {article: article for article in supplier_of}
        self._members = {article: [article] for article in supplier_of}
        self._suppliers = {article: {supplier} for article, supplier in supplier_of.items()}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in apart:
            if one in self._group_of and other in self._group_of:
                self._apart[one].add(other)
                self._apart[other].add(one)

    def join(self, one: str, other: str) -> None:
        """Make one group of the groups of two articles, to which there must be no objection."""
        first, second = self._group_of[one], self._group_of[other]
        if first == second:
            return
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        for member in self._members[second]:
            self._group_of[member] = first
        self._members[first] += self._members.pop(second)
        self._suppliers[first] |= self._suppliers.pop(second)

    def objection(self, one: str, other: str) -> str:
        """Return why the groups of two articles may not be one, "" for no reason."""
        first, second = self._group_of[one], self._group_of[other]
        if first == second:
            return ""
        fewer, more = sorted((first, second), key=lambda group: len(self._members[group]))
        if any(self._group_of[enemy] == more for member in self._members[fewer] for enemy in self._apart.get(member, ())):
            return _PARTED
        return "" if self._suppliers[first].isdisjoint(self._suppliers[second]) else _SAME_SUPPLIER

    def groups(self) -> Iterable[list[str]]:
        return self._members.values()
