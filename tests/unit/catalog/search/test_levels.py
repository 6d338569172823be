"""The levels of matches."""

import pytest

from monito_ray.catalog.search.levels import category_level, whole_levels, widened, without_phrases
from monito_ray.catalog.search.query import read_query
from monito_ray.catalog.search.term_conditions import fts5_query, tsquery


def test_what_goods_are_comes_before_what_they_mention():
    """The first level asks that the word says what the goods are, the last that it stands anywhere."""
    first, last = list(whole_levels(read_query("zarvex")))
    assert fts5_query(first.conditions) == '(((("^zarvex"))))'
    assert fts5_query(last.conditions) == '(((("zarvex"))))'


def test_conditions_are_written_for_both_databases():
    """The same conditions in the language of each; a phrase may be had in several ways."""
    *_, last = whole_levels(read_query("kentang 2 l"))
    assert fts5_query(last.conditions) == '(((("kentang") OR ("potato")) AND (("#2000l"))))'
    assert tsquery(last.conditions) == "(((('kentang') | ('potato')) & (('#2000l'))))"


@pytest.mark.parametrize("query", ["vegetables", "vegetable", "sayuran"])
def test_a_category_is_found_by_its_name(query: str):
    """In any language of the glossary."""
    assert frozenset({"@vegetabl"}) in category_level(read_query(query)).conditions[0][0]


def test_readings_get_more_ways_and_fewer_phrases():
    """Words spelled otherwise are further ways of a phrase; a reading without a word of goods is none."""
    readings = read_query("zarvex 2 l")
    assert frozenset({"zarvax"}) in widened(readings, {"zarvex": ["zarvax"]})[0][0].ways
    assert [[phrase.written for phrase in reading] for reading in without_phrases(readings, ["2 l"])] == [["zarvex"]]
    assert without_phrases(readings, ["zarvex"]) == ()
