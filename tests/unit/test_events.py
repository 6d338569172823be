"""Events as values."""

from typing import Any

import pytest

from monito_ray import events
from monito_ray.events import Event

KINDS: list[Any] = [value for value in vars(events).values() if isinstance(value, type) and issubclass(value, Event) and value is not Event]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_has_a_name_of_its_own(kind: type[Event]):
    """Names are dotted and unique, so that a stored name tells which event it was."""
    assert kind.name.count(".") == 1
    assert [other.name for other in KINDS].count(kind.name) == 1
