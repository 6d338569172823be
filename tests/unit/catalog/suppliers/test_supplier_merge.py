"""What stands of two suppliers that are one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from monito_ray.catalog.suppliers.supplier_merge import PricePoint, StandingOffer, join_offers, newest_choices

START = datetime(2024, 6, 1, 9, tzinfo=UTC)


def _point(price: int, day: int, task_id: str, list_day: int | None = None) -> PricePoint:
    list_date = None if list_day is None else date(2024, 6, list_day)
    return PricePoint(Decimal(price), None, list_date, START + timedelta(days=day), task_id)


def _offer(offer_id: str, *history: PricePoint, current: PricePoint | None = None) -> StandingOffer:
    return StandingOffer(offer_id, history[0].seen_at, current or history[-1], history)


def _prices(joined: tuple[PricePoint, ...]) -> list[int]:
    return [int(point.price) for point in joined]


def test_the_newer_offer_stands_with_the_prices_of_both():
    """By the dates of the lists: one of June that came in July is older than that of the end of June."""
    one = _offer("a", _point(75, 30, "t2", list_day=1))
    other = _offer("b", _point(78, 1, "t1", list_day=20))
    for pair in ((one, other), (other, one)):
        joined = join_offers(*pair)
        assert (joined.offer_id, joined.outdated_id, joined.first_seen) == ("b", "a", other.first_seen)
        assert _prices(joined.history) == [75, 78]


def test_the_history_ends_with_the_price_that_stands():
    """A price that a later list only repeated has no place of its own in the history; behind the other supplier's it has."""
    one = _offer("a", _point(75, 1, "t1"), current=_point(75, 20, "t3"))
    other = _offer("b", _point(80, 10, "t2"))
    assert _prices(join_offers(one, other).history) == [75, 80, 75]


def test_a_list_with_both_names_leaves_one_price():
    """The history has one price for each list."""
    one, other = _offer("a", _point(75, 1, "t1")), _offer("b", _point(80, 1, "t1"))
    joined = join_offers(one, other)
    assert (joined.offer_id, _prices(joined.history)) == ("b", [80])


points = st.builds(_point, st.integers(1, 3), st.integers(0, 5), st.sampled_from("tuvwx"), st.none() | st.integers(1, 5))
standing = st.lists(points, min_size=1, max_size=4, unique_by=lambda point: point.task_id)


@given(standing, standing)
def test_histories_are_ordered_and_complete(ours: list[PricePoint], theirs: list[PricePoint]):
    """Each list is in it once, no list is lost, and the last price is that of the offer that stands."""
    one, other = _offer("a", *ours), _offer("b", *theirs)
    joined = join_offers(one, other)
    stands = {"a": one, "b": other}[joined.offer_id]
    assert joined.history[-1].price == stands.current.price
    lists = [point.task_id for point in joined.history]
    assert len(lists) == len(set(lists))
    assert set(lists) == {point.task_id for point in (*ours, *theirs)}
    assert [point.age for point in joined.history[:-1]] == sorted(point.age for point in joined.history[:-1])


def test_a_persons_choice_of_columns_goes_before_the_newer_one_of_an_llm():
    """Layouts of one supplier alone are not touched."""
    later = START + timedelta(days=1)
    one = {"k1": (True, START), "k2": (False, START), "k3": (False, START)}
    other = {"k1": (False, later), "k2": (False, later), "k4": (True, START)}
    assert newest_choices(one, other) == (["k2"], ["k1"])
