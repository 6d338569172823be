"""What tests share: one embedded Ray for all that are marked `ray`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from monito_ray.cluster import session


@pytest.fixture(scope="session")
def shared_ray() -> Iterator[None]:
    """Ray with two cores, started for the first test that needs it; its workers find the functions that tests define."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])))
        with session.embedded(num_cpus=2):
            yield


@pytest.fixture(autouse=True)
def _ray_where_marked(request: pytest.FixtureRequest) -> None:
    """A test marked `ray` gets the shared Ray without asking for it by name."""
    if request.node.get_closest_marker("ray"):
        request.getfixturevalue("shared_ray")
