"""The names of the program: each module and class has one of its own, and the words of the glossary's last table stand in none."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "monito_ray"
GLOSSARY = ROOT / "docs" / "decisions" / "0010-glossary.md"
MOST_MODULES = 15
MOST_HOMES = 4
"""A function's name may stand in so many modules: `to_row` in each of three forms is a pattern, `read` in nine is a riddle."""
SAME_BY_RULE = {"__init__", "__main__", "env", "main", "upgrade", "downgrade"}
# Names that other programs read, and that of an HTTP status.
PUBLIC = {"rows_found", "NoPricesFound", "_NOT_FOUND"}


def _modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py")) if "versions" not in path.parts}


MODULES = _modules()


def _unused_words() -> frozenset[str]:
    """The first column of the glossary's last table."""
    table = GLOSSARY.read_text("utf-8").partition("## Words that are not used")[2]
    rows = re.findall(r"^\| ([a-z_, ]+) \|", table, re.MULTILINE)
    return frozenset(word for row in rows for word in row.split(", ")) - {"not"}


def _names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that a module gives to something, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr, node.lineno


def _twice(homes: dict[str, list[Path]], most: int = 1) -> dict[str, list[str]]:
    return {name: [str(path.relative_to(ROOT)) for path in paths] for name, paths in homes.items() if len(paths) > most}


def test_no_two_modules_have_one_name():
    """A file is found by its name alone."""
    homes = defaultdict(list)
    for path in MODULES:
        if path.stem not in SAME_BY_RULE:
            homes[path.stem].append(path)
    assert _twice(homes) == {}


def test_no_two_classes_have_one_name():
    """A class is found by its name alone, a leading underscore aside."""
    homes = defaultdict(list)
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name.lstrip("_")].append(path)
    assert _twice(homes) == {}


def test_no_function_name_has_many_meanings():
    """A function at the top of a module, private ones too, shares its name with few others."""
    homes = defaultdict(list)
    for path, tree in MODULES.items():
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name not in SAME_BY_RULE:
                homes[node.name.lstrip("_")].append(path)
    assert _twice(homes, MOST_HOMES) == {}


def test_no_folder_is_a_hall():
    """A room with more modules than that is several rooms."""
    counts: defaultdict[Path, int] = defaultdict(int)
    for path in MODULES:
        counts[path.parent] += path.stem not in {"__init__", "__main__"}
    assert {str(folder.relative_to(ROOT)): count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_the_unused_words_stand_in_no_name():
    """What a thing is called says what it is, in the words of the glossary."""
    words = _unused_words()
    assert words
    wrong = {
        f"{path.relative_to(ROOT)}, line {line}: {name}"
        for path, tree in MODULES.items()
        for name, line in _names(tree)
        if name not in PUBLIC and words & {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    }
    assert wrong == set()


def test_no_two_files_of_tests_have_one_name():
    """Of two files of one name pytest refuses the second, for it imports them by that alone."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []
