"""Conditions on the terms of a product, and how they are written for SQLite's FTS5 and for PostgreSQL. Pure."""

from collections.abc import Iterable

#: The terms by which goods may have a phrase: all terms of one way.
Ways = tuple[frozenset[str], ...]
#: One of these has to hold, each with a way for every phrase.
Conditions = tuple[tuple[Ways, ...], ...]


def fts5_query(conditions: Conditions) -> str:
    """Return the conditions in the language of FTS5."""
    return _written(conditions, '"', " AND ", " OR ")


def tsquery(conditions: Conditions) -> str:
    """Return the conditions in the language of PostgreSQL's tsquery."""
    return _written(conditions, "'", " & ", " | ")


def _written(conditions: Conditions, quote: str, both: str, either: str) -> str:
    def way(terms: Iterable[str]) -> str:
        return _in_brackets((f"{quote}{term}{quote}" for term in sorted(terms)), both)

    return _in_brackets((_in_brackets((_in_brackets(map(way, ways), either) for ways in phrases), both) for phrases in conditions), either)


def _in_brackets(parts: Iterable[str], sign: str) -> str:
    return f"({sign.join(parts)})"
