"""Texts that make a regular expression try for long: grown from the expression itself, and from what has hurt others."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

#: Characters of which those are taken that a class accepts.
_POOL = " \t\n0123456789.,:;-/()[]{}<>=\"'*@#$%&+|_x×–—abcdefghijklmnopqrstuvwxyzABCDEFZабвяЖ½²€₽№\u0301\u00a0漢"
_WORDS_OF_A_PART = 4
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
#: A repeat that may be longer than this is without end.
_ENDLESS = 100
_CATEGORIES = {
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
}
#: What fits the end of hardly any expression.
_WRONG_END = "\x01"

Tree = Sequence[tuple[Any, Any]]


class GrowingText(NamedTuple):
    """A text of any length: a beginning, a part that is repeated, an end."""

    begin: str
    part: str
    end: str

    def of(self, length: int) -> str:
        """Return it with at least so many characters."""
        return self.begin + self.part * ((length - len(self.begin)) // len(self.part) + 1) + self.end


NASTY = tuple(
    GrowingText("", part, _WRONG_END)
    for part in (
        *("1", "1*", "1*1*", "@1", "1,", "1.", "1 ", "1-", "1/", "1x", "1:", "1 kg ", "1½", "(1) ", "1 x 1 "),
        *(
            " ",
            "  x",
            "\n",
            "\r\n",
            "\t",
            "\u00a0",
            ".",
            ",",
            "-",
            "--",
            " - ",
            "/",
            "//",
            "(",
            "()",
            "[",
            "{",
            "*",
            "|",
            '"',
            "'",
            "_",
            "#",
            ":",
        ),
        *("a", "a ", "aa1", "a-", "a.", "a@", "@a.", "é", "e\u0301", "\u0301", "漢", "б ", "ZA", "A1", "A-1", "www.", "$1", "Rp ", "€"),
        *("<", "<c ", "</", '<a b="', "<td>", "<!--", "&#", "&amp;", 'r="A1" ', "=", 'a="', "\\", "\x00", "%", "of ", "per ", "to "),
    )
)


def growing_texts(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[GrowingText]:
    """Return texts that each endless repeat of the expression accepts for long and that then fail, and texts that begin it again and again."""
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(written, pattern.flags & ~re.DEBUG)
    texts: dict[GrowingText, None] = {}
    for before, parts in _endless(tree, ""):
        for part in (*parts, "".join(parts)):
            texts[GrowingText(before, part, _WRONG_END)] = texts[GrowingText(before, part, "")] = None
            if before:
                texts[GrowingText("", before + part, _WRONG_END)] = texts[GrowingText("", before, _WRONG_END)] = None
    for word in filter(None, _words(tree)):
        for part in {word, word[:-1] or word, word[1:] or word}:
            texts[GrowingText("", part, _WRONG_END)] = None
    return list(texts)


def _endless(tree: Tree, before: str) -> Iterator[tuple[str, list[str]]]:
    """Yield a text that leads to each endless repeat, and what the repeat accepts once."""
    for op, argument in tree:
        if op in _REPEATS and argument[1] >= _ENDLESS and (parts := [word for word in _words(argument[2]) if word]):
            yield before, parts
        for part in _parts(op, argument):
            yield from _endless(part, before)
        before += _words([(op, argument)], 1)[0]


def _parts(op: Any, argument: Any) -> Sequence[Tree]:
    if op is ops.BRANCH:
        return list(argument[1])
    if op is ops.SUBPATTERN:
        return [argument[3]]
    if op is ops.ATOMIC_GROUP:
        return [argument]
    if op in _REPEATS:
        return [argument[2]]
    return [argument[1]] if op in (ops.ASSERT, ops.ASSERT_NOT) else []


def _words(tree: Tree, most: int = _WORDS_OF_A_PART) -> list[str]:
    """Return a few texts that the tree accepts, or nearly does: what it looks at around them is left out."""
    words = [""]
    for op, argument in tree:
        choices = _choices(op, argument, most) or [""]
        count = min(max(len(words), len(choices)), most)
        words = [words[n % len(words)] + choices[n % len(choices)] for n in range(count)]
    return list(dict.fromkeys(words))


def _choices(op: Any, argument: Any, most: int) -> list[str]:
    if op is ops.LITERAL:
        return [chr(argument)]
    if op is ops.NOT_LITERAL:
        return [next(char for char in "x1 " if ord(char) != argument)]
    if op is ops.ANY:
        return ["x", " ", "1"]
    if op is ops.IN:
        return _spread(_accepted(tuple(argument)), most)
    if op is ops.BRANCH:
        return [word for branch in _spread(argument[1], most) for word in _words(branch, 1)]
    if op in _REPEATS:
        least, _, repeated = argument
        return [word * least for word in _words(repeated, most)] if least else ["", *_words(repeated, most)[:2]]
    if op in (ops.SUBPATTERN, ops.ATOMIC_GROUP):
        return _words(_parts(op, argument)[0], most)
    return []


@cache
def _accepted(members: tuple[tuple[Any, Any], ...]) -> list[str]:
    """Return the characters that a class accepts."""
    negated = members[0][0] is ops.NEGATE
    accepted = [char for char in _POOL if any(_is_member(char, *member) for member in members) != negated]
    firsts = [argument if op is ops.LITERAL else argument[0] for op, argument in members if op in (ops.LITERAL, ops.RANGE)]
    return accepted or [chr(code) for code in firsts]


def _is_member(char: str, op: Any, argument: Any) -> bool:
    if op is ops.LITERAL:
        return ord(char) == argument
    if op is ops.RANGE:
        return bool(argument[0] <= ord(char) <= argument[1])
    return op is ops.CATEGORY and re.match(_CATEGORIES[argument], char) is not None


def _spread(values: Sequence[Any], most: int) -> list[Any]:
    step = max(1, len(values) // most)
    return list(values[::step])[:most]
