"""Only what Ray documents is used: the pinned version may go, and its internals with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import monito_ray

PACKAGE = Path(monito_ray.__file__).parent


def private_uses(source: str) -> list[str]:
    """Return the dotted names under `ray` in `source` of which a part begins with an underscore."""
    if not re.search(r"\bray\b", source):  # most modules: to parse them all takes a second
        return []
    return [name for node in ast.walk(ast.parse(source)) for name in _dotted_names(node) if _is_private(name)]


def _dotted_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Attribute):
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            yield ".".join([node.id, *reversed(parts)])


def _is_private(name: str) -> bool:
    first, *others = name.split(".")
    return first == "ray" and any(part.startswith("_") and not part.endswith("__") for part in others)


@pytest.mark.parametrize(
    "source",
    [
        "import ray._private.worker",
        "import ray._raylet as raylet",
        "from ray._private import worker",
        "from ray import _config",
        "from ray.data import _internal",
        "import ray\nray._private.worker._global_node",
        "def f():\n    import ray\n    return ray.data._internal.stats()",
    ],
)
def test_a_private_use_is_seen(source: str):
    """The test below would notice it, in any form."""
    assert private_uses(source)


def test_public_uses_pass():
    """Public names stay allowed, with or without dunders."""
    assert not private_uses("import ray.data\nfrom ray.util.metrics import Counter\nray.get(x)\nray.__version__\nself._private.ray._x")


def test_the_package_uses_public_ray_alone():
    """No module of the package touches a name of Ray's that begins with an underscore."""
    uses = {path.relative_to(PACKAGE): private_uses(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    assert {path: names for path, names in uses.items() if names} == {}
