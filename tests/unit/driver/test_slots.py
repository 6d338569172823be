"""How many lists a driver works on at a time."""

import pytest

from monito_ray.driver.driver import SERVING_SLOTS, SLOTS, slots_of_command


@pytest.mark.parametrize(
    ("cores", "has_llm", "slots"), [(1, False, SLOTS), (2, False, 4), (8, False, 16), (128, False, SERVING_SLOTS), (2, True, SERVING_SLOTS)]
)
def test_a_command_uses_the_machine_as_a_service_does(cores: int, *, has_llm: bool, slots: int):
    """Lists that wait for an LLM take no core, so as many are in work as in a service; without one, enough for every core."""
    assert slots_of_command(cores, has_llm=has_llm) == slots
