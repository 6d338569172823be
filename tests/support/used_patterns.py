"""Every regular expression of the program, where it is written, and how it is used."""

import dataclasses
import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import monito_ray

ROOT = Path(monito_ray.__file__).parent
SEARCHING = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
_METHODS = ("match", "fullmatch", *sorted(SEARCHING))
#: Not the program's own: the servers of tests, and steps between old tables.
_LEFT_OUT = (".testing", ".migrations", "__main__")
_MOST_DEPTH = 4
_IMPORT = re.compile(r"^ *from \S+ import (?:\([^)]*\)|.*)$", re.MULTILINE)


@dataclasses.dataclass(frozen=True, slots=True)
class UsedPattern:
    """An expression, and the methods that it is called by."""

    pattern: re.Pattern[str] | re.Pattern[bytes]
    #: Module and name: "pipeline.dates._ISO_DATE".
    place: str
    methods: frozenset[str]


def every_pattern() -> list[UsedPattern]:
    """Return all that are held by modules, or made by functions without parameters, each once; those made within a call by their text."""
    used: dict[tuple[object, int], UsedPattern] = {}
    modules = list(_modules())
    sources = {module: Path(str(module.__file__)).read_text("utf-8") for module in modules}
    package = _IMPORT.sub("", "\n".join(sources.values()))
    for module in modules:
        short = module.__name__.removeprefix("monito_ray.")
        for name, value in _values(module):
            patterns = list(_patterns_in(value))
            source = sources[module] if name.startswith("_") else package
            methods = _methods(name, source, is_called=callable(getattr(module, name))) if patterns else frozenset()
            for pattern in patterns:
                _add(used, UsedPattern(pattern, f"{short}.{name}", methods))
        for method, text in _inline(sources[module]):
            _add(used, UsedPattern(re.compile(text), f"{short}: re.{method}", frozenset({method})))
    return list(used.values())


def _add(used: dict[tuple[object, int], UsedPattern], new: UsedPattern) -> None:
    key = (new.pattern.pattern, new.pattern.flags)
    methods = used[key].methods | new.methods if key in used else new.methods
    used[key] = dataclasses.replace(used.get(key, new), methods=methods)


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(monito_ray.__path__, "monito_ray."):
        if not any(part in module.name for part in _LEFT_OUT):
            yield importlib.import_module(module.name)


def _values(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the values of a module by name, and what its cached functions without parameters return."""
    for name, value in list(vars(module).items()):
        if isinstance(value, functools._lru_cache_wrapper):
            if value.__module__ == module.__name__ and _makes_patterns(value):
                yield name, value()
        elif not isinstance(value, ModuleType | type) and not name.startswith("__"):
            yield name, value


def _makes_patterns(function: Any) -> bool:
    """Whether a function without parameters says that it returns expressions, or a dataclass of them."""
    signature = inspect.signature(function)
    returned = signature.return_annotation
    written = [str(field.type) for field in dataclasses.fields(returned)] if dataclasses.is_dataclass(returned) else [str(returned)]
    return any("Pattern" in text or "TaxScheme" in text for text in written) and all(
        parameter.default is not parameter.empty for parameter in signature.parameters.values()
    )


def _patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < _MOST_DEPTH:
        if isinstance(value, Mapping):
            value = list(value.values())
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            value = [getattr(value, field.name) for field in dataclasses.fields(value)]
        if isinstance(value, list | tuple | set | frozenset):
            for part in value:
                yield from _patterns_in(part, depth + 1)


def _methods(name: str, source: str, *, is_called: bool) -> frozenset[str]:
    """Return the methods that a name is called by in a source; all where it is handed on, so that nobody can say."""
    called = r"\(\)" if is_called else r"(?!\s*(?::[^=\n]+)?=[^=])(?:\[[^\]\n]*\])?"
    uses = re.findall(rf"(?<![\w'\"]){re.escape(name)}\b{called}\.?(\w*)", source)
    uses = [use for use in uses if use != "pattern"]
    declared = len(re.findall(rf"def {re.escape(name)}\b", source))
    plain = sum(use not in _METHODS for use in uses)
    methods = frozenset(use for use in uses if use in _METHODS)
    return methods if methods and plain <= declared else frozenset(_METHODS)


def _inline(source: str) -> Iterator[tuple[str, str]]:
    """Yield the method and the text of each expression that is written where it is used."""
    yield from re.findall(rf'\bre\.({"|".join(_METHODS)})\(r?"((?:[^"\\]|\\.)*)"', source)
