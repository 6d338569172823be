"""Columns next to the name that belong to it: names cut in two, sizes under a merged title, and columns that tell rows of one name apart."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import takewhile

from monito_ray.pipeline.tables.profiles import ColumnProfile
from monito_ray.pipeline.tables.titles import Title


@dataclass(frozen=True, slots=True)
class NameColumnThresholds:
    """Which columns go on with a name; shares are 0 to 1. Set by trial on labelled lists where no test is named."""

    #: A name column with a smaller share of filled rows names groups: the name stands on the first row of each alone.
    grouped_filled: float = 0.6
    #: Outside groups a column with that share of amounts is something of its own (held by tests/data/carton_price_titled_alone.json).
    most_amounts: float = 0.6
    #: A column that goes on with the name has at least that share of filled rows, and shorter texts on average (characters).
    least_filled: float = 0.2
    longest_text: int = 40
    #: Of columns under one title, that share of plain words makes a name; below it another column with `wordier` of them is the name,
    #: as where a title stands over the sizes beside the names (held by tests/data/title_over_sizes.json).
    wordy: float = 0.8
    wordier: float = 0.9
    #: Names by rows, different and filled, above which nothing has to go on with a name where there are no titles.
    own_names: float = 0.9
    #: Without titles, a column right of the names goes on with them if that share of its cells has words and that share differs.
    going_on_words: float = 0.5
    going_on_distinct: float = 0.2
    #: A column left of the names has those of groups where only that share of the rows of goods is filled, nearly each with words.
    group_filled: float = 0.75
    group_least_filled: float = 0.05
    group_distinct: float = 0.4
    #: What stands beside the name of a group is shorter on average (characters).
    kind_text: int = 20
    #: A variant's texts are shorter on average (characters), more than that share of them differ, and more than that share is filled.
    variant_text: int = 30
    variant_distinct: float = 0.02
    variant_filled: float = 0.3


NAME_COLUMNS = NameColumnThresholds()


def more_name_columns(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int, taken: Container[int]) -> tuple[int, ...]:
    """Return the untitled columns beside the name that go on with it: names cut in two, sizes under a title merged over several columns.

    Those behind the name count where the table has titles, else where they have words and names repeat; on either side they count where the name stands
    on the first row of a group alone. `taken` are columns with other roles.
    """
    is_grouped = profiles[name].filled < NAME_COLUMNS.grouped_filled
    has_titles = any(title.text for title in titles)
    more = _untitled_run(titles, profiles, range(name + 1, len(titles)), taken)
    if not has_titles and not is_grouped and _tells_rows_apart(profiles[name]):
        return ()
    if not has_titles and not is_grouped:
        more = list(takewhile(lambda column: _goes_on_with_names(profiles[column]), more))
    if not is_grouped:
        more = [column for column in more if profiles[column].money < NAME_COLUMNS.most_amounts]
    if is_grouped and not more:
        more = _untitled_run(titles, profiles, range(name - 1, -1, -1), taken)
    return tuple(sorted(more))


def group_column(titles: Sequence[Title], profiles: Sequence[ColumnProfile], name: int, taken: Container[int]) -> int | None:
    """Return the untitled column just left of the names that has the name of a group on its first row, None without such a column."""
    left = name - 1
    if left < 0 or left in taken or titles[left].text or titles[name].text:
        return None
    p = profiles[left]
    is_sparse = NAME_COLUMNS.group_least_filled <= p.filled < NAME_COLUMNS.group_filled
    are_names = p.words > NAME_COLUMNS.wordy and p.distinct >= NAME_COLUMNS.group_distinct and p.length < NAME_COLUMNS.longest_text
    are_kinds = profiles[name].length < NAME_COLUMNS.kind_text  # longer ones are whole names, beside which a remark may stand
    return left if is_sparse and are_names and are_kinds and not p.units else None


def _tells_rows_apart(p: ColumnProfile) -> bool:
    """Return whether nearly each row has a name of its own."""
    return p.filled * p.distinct > NAME_COLUMNS.own_names


def _goes_on_with_names(p: ColumnProfile) -> bool:
    return p.words >= NAME_COLUMNS.going_on_words and p.distinct >= NAME_COLUMNS.going_on_distinct


def wordiest_first(profiles: Sequence[ColumnProfile], name: int, more: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Return the name and the columns that go on with it, changed over where the title of the name stands over sizes or codes."""
    plain_words = {c: profiles[c].words - profiles[c].sizes - profiles[c].units - profiles[c].codes for c in (name, *more)}
    best = max(plain_words, key=lambda c: (plain_words[c], c == name))
    if plain_words[name] >= NAME_COLUMNS.wordy or plain_words[best] < NAME_COLUMNS.wordier:
        return name, more
    return best, tuple(sorted({name, *more} - {best}))


def _untitled_run(titles: Sequence[Title], profiles: Sequence[ColumnProfile], columns: range, taken: Container[int]) -> list[int]:
    """Return the columns up to the next one with a title or a role, less those of units, row numbers, long or few texts."""
    run = []
    for column in columns:
        p = profiles[column]
        if titles[column].text or column in taken:
            break
        if p.filled >= NAME_COLUMNS.least_filled and not p.units and not p.running and p.length < NAME_COLUMNS.longest_text:
            run.append(column)
    return run


def is_variant(title: Title, p: ColumnProfile) -> bool:
    """Return whether a column without a role tells rows of one name apart, as colours do: titled, short, not constant, not numbered."""
    return (
        p.count > 0
        and (title.role in ("", "name", "size") or not title.is_clear)
        and bool(title.text)
        and p.length < NAME_COLUMNS.variant_text
        and p.distinct > NAME_COLUMNS.variant_distinct
        and not p.running
        and p.filled > NAME_COLUMNS.variant_filled
    )
