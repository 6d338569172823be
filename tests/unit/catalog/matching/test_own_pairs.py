"""Our own pairs of offers, labelled same or twin: what the set holds."""

import json
from collections import Counter

import offer_pairs
import pytest

LEAST_OF_LABEL = 150
"""Pairs of each label in each language."""


def _lines(language: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (offer_pairs.DATA / f"{language}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("language", offer_pairs.LANGUAGES)
def test_the_set_is_large_and_has_two_equal_halves(language: str):
    """Each language has enough twins and sames, half of each kept from those who make the rules."""
    lines = _lines(language)
    labels = Counter(line["label"] for line in lines)
    assert set(labels) == {"same", "twin"}
    assert min(labels.values()) >= LEAST_OF_LABEL
    for label, count in labels.items():
        kept = sum(line["half"] == "kept" for line in lines if line["label"] == label)
        assert abs(2 * kept - count) <= 0.1 * count


@pytest.mark.parametrize("language", offer_pairs.LANGUAGES)
def test_no_pair_stands_in_the_set_twice(language: str):
    """A pair is counted once, whichever side comes first."""
    pairs = [frozenset(json.dumps({**line[side], "sku": ""}, sort_keys=True) for side in "ab") for line in _lines(language)]
    assert len(set(pairs)) == len(pairs)
    assert all(len(pair) == 2 for pair in pairs)


@pytest.mark.parametrize("language", offer_pairs.LANGUAGES)
def test_every_line_becomes_a_pair_of_rows(language: str):
    """The rules of the pipeline make a row of each side."""
    assert len(offer_pairs.read_pairs(language)) == len(_lines(language))
