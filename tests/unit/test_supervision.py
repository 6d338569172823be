"""How the service keeps its children: decided without starting any."""

import pytest

from monito_ray.serve import Child, service_children
from monito_ray.settings import Settings


def test_a_child_that_keeps_dying_is_started_ever_later():
    """The wait doubles up to half a minute."""
    child = Child("driver", ("drive",))
    waits = []
    for _ in range(10):
        child.started_at = 1000.0
        child.wait_longer(1001.0)
        waits.append(child.wait_s)
    assert waits == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert child.due_at == 1031.0


def test_a_child_that_lived_for_a_minute_is_started_soon():
    """What it died of came only after long."""
    child = Child("driver", ("drive",), wait_s=30.0, started_at=1000.0)
    child.wait_longer(1061.0)
    assert (child.wait_s, child.due_at, child.exit_code()) == (0.25, 1061.25, None)


@pytest.mark.parametrize(("token", "names"), [("", ["driver"]), ("1:x", ["driver", "bot"])])
def test_the_bot_is_a_child_where_one_is_set(token: str, names: list[str]):
    """Without a token there is a driver alone."""
    assert [child.name for child in service_children(Settings.model_validate({"TELEGRAM_BOT_TOKEN": token}))] == names
