"""The words of the catalogue by which products are found, held in memory: to read them takes most of a search for a word that nobody has."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from monito_ray.store.schema import search_words


@dataclass(frozen=True, slots=True)
class _CatalogueWords:
    """The words of a catalogue at one moment, by their length."""

    #: Words are added and never taken out, so that as many are the same.
    count: int
    by_length: Mapping[int, Sequence[str]]


#: Of each database that is open; 285,000 words take 20 MB.
_last_read: WeakKeyDictionary[Engine, _CatalogueWords] = WeakKeyDictionary()


def words_of_length(connection: Connection, shortest: int, longest: int) -> list[str]:
    """Return the words of the catalogue of so many letters, in no order."""
    count = connection.execute(select(func.count()).select_from(search_words)).scalar_one()
    words = _last_read.get(connection.engine)
    if words is None or words.count != count:
        words = _last_read[connection.engine] = _CatalogueWords(count, _read_words(connection))
    return [word for length in range(shortest, longest + 1) for word in words.by_length.get(length, ())]


def _read_words(connection: Connection) -> dict[int, list[str]]:
    """Return all words: as one text, since to fetch a row for each takes ten times as long."""
    join = func.group_concat if connection.dialect.name == "sqlite" else func.string_agg
    text = connection.execute(select(join(search_words.c.word, " "))).scalar()
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in text.split(" ") if text else ():
        by_length[len(word)].append(word)
    return dict(by_length)
