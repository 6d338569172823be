"""A Ray that does not come up, said in one line."""

import sys
from types import ModuleType

import pytest

from monito_ray.cluster import session
from monito_ray.errors import ClusterUnavailable


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (Exception("The current node timed out during startup."), "timed out during startup"),  # as Ray raises it, no class of its own
        (RuntimeError("no port is free"), "no port is free"),
        (TimeoutError("nobody answered"), "nobody answered"),
    ],
)
def test_whatever_keeps_ray_from_starting_is_an_error_with_a_remedy(raised: Exception, says: str, monkeypatch: pytest.MonkeyPatch):
    """The error names the cause and what to do, whatever Ray raises."""

    def init(**_options: object) -> None:
        raise raised

    ray = ModuleType("ray")
    ray.__dict__.update(init=init, shutdown=lambda: None)
    monkeypatch.setitem(sys.modules, "ray", ray)
    monkeypatch.setattr(session, "_import_ray_data", lambda: None)
    with pytest.raises(ClusterUnavailable, match=says) as caught, session.embedded(num_cpus=1):
        pass
    assert caught.value.remedy
