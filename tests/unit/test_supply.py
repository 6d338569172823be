"""What stands in the locks, and on the page of licences after them."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from licences import licences_on, locked_names  # noqa: E402

LOCKS = ("requirements.lock", "requirements-cloud.lock", "requirements-dev.lock", "requirements-supply.lock")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _versions(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9.-]+(?:\[[a-z,]+\])?==\S+", lock, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_its_hashes(name: str):
    """Without one, pip would refuse the lock, or take any file of that version; no address of an index stands in it."""
    blocks = re.split(r"\n(?=[a-z0-9])", _text(name))
    assert len(blocks) > 20
    assert [
        block.split("\n")[0]
        for block in blocks
        if not re.match(r"[a-z0-9.-]+(\[[a-z,]+\])?==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", block)
    ] == []
    assert "://" not in _text(name)


def test_the_locks_agree_with_each_other_and_with_the_project():
    """What a service runs is what the tests ran; each package that pyproject.toml names is locked."""
    assert _versions(_text("requirements.lock")) <= _versions(_text("requirements-dev.lock"))
    service = _text("requirements.lock")
    both = {name for name in locked_names(_text("requirements-cloud.lock")) if name in locked_names(service)}
    assert {one for one in _versions(_text("requirements-cloud.lock")) if re.split(r"\[|==", one)[0] in both} <= _versions(service)
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = {
        "requirements.lock": PROJECT["project"]["dependencies"] + extras["postgres"] + extras["build"],
        "requirements-cloud.lock": extras["s3"] + extras["gcs"] + extras["aws"] + extras["otel"],
        "requirements-dev.lock": extras["dev"],
        "requirements-supply.lock": extras["supply"],
    }
    for lock, packages in wanted.items():
        names = {re.split(r"[\[=<>!~ ]", package)[0].lower() for package in packages} - {PROJECT["project"]["name"]}
        assert names <= set(locked_names(_text(lock))), lock


def test_the_build_backend_is_the_locked_one():
    """The package is built by a version that the lock has, hashed."""
    assert set(PROJECT["build-system"]["requires"]) <= _versions(_text("requirements.lock"))


def test_the_page_of_licences_has_every_locked_package():
    """Each with a licence, and none that is not locked; `scripts/lock` writes both."""
    licences = licences_on(_text("docs/licences.md"))
    assert list(licences) == locked_names(_text("requirements.lock") + _text("requirements-cloud.lock"))
    strong = [name for name, licence in licences.items() if re.search(r"(?<!L)\bA?GPL|(?<!Lesser )(?:Affero )?General Public", licence)]
    assert strong == []
