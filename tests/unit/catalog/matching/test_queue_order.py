"""The order in which people are asked."""

from dataclasses import replace
from decimal import Decimal

from monito_ray.catalog.matching.queue_features import PairFeatures, feature_names
from monito_ray.catalog.matching.queue_order import QueueEntry, is_for_llm, ordered, p_same
from monito_ray.pipeline import data
from tests.support.articles import article

MIDDLE = PairFeatures(likeness=0.8, explained=0.5, replaced=0.5, foreign=0.5, content=0.5, price=0.5, lead=0.0, telling=0.5)


def _entry(key: str, p: float, prices: tuple[int, int], currency: str = "IDR", unit: str = "kg") -> QueueEntry:
    one, other = (article("Zarvex", price=Decimal(price), base_price=Decimal(price), base_unit=unit, currency=currency) for price in prices)
    return QueueEntry(key, p, one, other)


def test_every_feature_has_a_weight():
    """The file of weights and the features name the same things."""
    assert set(data.table("queue_order.toml")["weights"]) == set(feature_names())


def test_what_speaks_for_a_pair_raises_its_chance():
    """Likeness, explained words and a lead raise it; replaced and foreign words, far prices and telling words lower it."""
    for name in ("likeness", "explained", "content", "lead"):
        assert p_same(replace(MIDDLE, **{name: 1.0})) > p_same(MIDDLE)
    for name in ("replaced", "foreign", "price", "telling"):
        assert p_same(replace(MIDDLE, **{name: 1.0})) < p_same(MIDDLE)


def test_the_larger_gap_comes_first():
    """Of equally likely pairs the one with more money at stake is asked about first."""
    entries = [_entry("small", 0.5, (10_000, 10_500)), _entry("large", 0.5, (10_000, 15_000))]
    assert [entry.key for entry in ordered(entries)] == ["large", "small"]


def test_the_likelier_pair_comes_first():
    """Of equal gaps the likelier pair is asked about first."""
    entries = [_entry("rare", 0.1, (10_000, 12_000)), _entry("likely", 0.9, (10_000, 12_000))]
    assert [entry.key for entry in ordered(entries)] == ["likely", "rare"]


def test_currencies_compare_by_what_goods_usually_cost_in_them():
    """Half of a dollar's price is more at stake than a twentieth of a rupiah's, though its number is smaller."""
    entries = [_entry("rupiah", 0.5, (20_000, 21_000)), _entry("dollar", 0.5, (4, 6), "USD")]
    assert [entry.key for entry in ordered(entries)] == ["dollar", "rupiah"]


def test_a_gap_as_large_as_a_carton_does_not_take_the_queue():
    """A hundredfold price counts no more than a threefold one: the chance decides."""
    entries = [_entry("carton", 0.2, (10_000, 1_000_000)), _entry("likely", 0.9, (10_000, 30_000)), _entry("usual", 0.1, (10_000, 10_000))]
    assert ordered(entries)[0].key == "likely"


def test_equal_points_are_ordered_by_key():
    """The order does not depend on how the pairs came."""
    entries = [_entry(key, 0.5, (10_000, 10_000)) for key in "cab"]
    assert [entry.key for entry in ordered(entries)] == [entry.key for entry in ordered(entries[::-1])] == ["a", "b", "c"]


def test_an_llm_is_asked_about_the_middle():
    """Not about what is hardly the same, nor about what a person sees at a glance."""
    assert [is_for_llm(p) for p in (0.01, 0.4, 0.97)] == [False, True, False]
