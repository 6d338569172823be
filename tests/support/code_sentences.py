"""The sentences that stand in the program's code, f-strings with "{}" for their values."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import monito_ray

_ROOT = Path(monito_ray.__file__).parent
#: Shorter texts are words, titles of columns, or parts of sentences.
_FEWEST_WORDS = 3
#: Of expressions and types.
_NO_WORDS = set("\\|[]")


def sentences_in(pattern: str) -> Iterator[str]:
    """Yield the texts of at least three words in the modules that fit `pattern`, below the package; no docstrings."""
    for path in sorted(_ROOT.glob(pattern)):
        for text in _texts(ast.parse(path.read_text("utf-8"))):
            words = re.findall(r"[A-Za-z]+", text.replace("{}", " "))
            if len(words) >= _FEWEST_WORDS and " " in text.strip() and not _NO_WORDS & set(text):
                yield text


def _texts(tree: ast.Module) -> Iterator[str]:
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values if isinstance(part, ast.Constant)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings | parts:
            yield node.value
