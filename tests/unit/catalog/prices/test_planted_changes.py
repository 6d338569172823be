"""Lists with changes planted at random, each compared with the ones before it."""

from collections import Counter

import pytest
from random_diaries import RandomDiary
from three_months import Diary, Expected

from monito_ray.catalog.articles.fold import StandingOffer, SupplierList, fold_list


def _changes(diary: Diary) -> Counter[Expected]:
    numbers = {row.original_name: row.sku for row in diary.every_row}
    standing: dict[str, StandingOffer] = {}
    changes: Counter[Expected] = Counter()
    for sent in diary.lists:
        new = SupplierList(task_id=sent.task_id, list_date=sent.rows[0].list_date, written_at=sent.came_at, rows=sent.rows)
        outcome = fold_list(standing, new)
        standing |= {offer.offer_id: offer for offer in (*outcome.offers, *outcome.gone)}
        for change in outcome.changes:
            before, after = (side and side.row.price for side in (change.before, change.after))
            changes[Expected(diary.supplier, change.kind, numbers[change.row.original_name], sent.task_id, before, after)] += 1
    return changes


@pytest.mark.parametrize("has_numbers", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_each_change_of_many_is_told_once_and_nothing_else(seed: int, has_numbers: bool):
    """Of 150 articles in several sizes, twelve weeks: prices, packs, words, articles that come, go and come back, with and without numbers."""
    diary = RandomDiary(seed, has_numbers=has_numbers).diary
    expected, changes = Counter(diary.expected), _changes(diary)
    assert sorted((changes - expected).elements(), key=str) == []
    assert sorted((expected - changes).elements(), key=str) == []
    assert expected.total() > 100
