"""What Ray's autoscaler is told of the files that wait."""

from monito_ray.cluster.autoscaler import Demand


def test_more_is_asked_for_at_once_and_less_a_while_later():
    """Never more than is set; what was told is told again, for a head that has started again."""
    now, requests = [0.0], list[tuple[float, int]]()
    demand = Demand(8, lambda cores: requests.append((now[0], cores)), lambda: now[0])
    for at, files in ((0, 0), (2, 3), (4, 20), (6, 1), (7, 2), (8, 9), (10, 0), (14, 0), (18, 0), (20, 0), (21, 0), (200, 0)):
        now[0] = float(at)
        demand.tell(files)
    assert requests == [(2.0, 3), (4.0, 8), (8.0, 8), (14.0, 8), (18.0, 8), (20.0, 0)]


def test_what_was_told_is_told_again():
    """The head may have forgotten it, or Ray Data may have told its own demand in its place."""
    now, requests = [0.0], list[int]()
    demand = Demand(8, requests.append, lambda: now[0])
    for at in range(0, 12, 2):
        now[0] = float(at)
        demand.tell(4)
    assert requests == [4, 4, 4]
