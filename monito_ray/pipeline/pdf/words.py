"""Words and text runs of a PDF page, from its characters.

Word breaks come from the spaces in the file, from those that pdfium infers, and from the gaps between loose character boxes. Those boxes
have the width of the font's advance, so that the gap between neighbours is what the file put there: tight boxes around the ink leave a
gap beside every narrow letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, zip_longest
from statistics import median
from typing import Any

from monito_ray.pipeline.currencies import currency_of_mark
from monito_ray.pipeline.pdf.chars import Char, Rotation, SpaceBefore, page_annotations, page_chars
from monito_ray.pipeline.pdf.geometry import Box, bounding_box

_NUMBER_CHARS = frozenset("0123456789.,")
_LEADER_CHARS = frozenset("._…·")
#: Equal dots in a row that are a leader from a name to its price; an ellipsis has three.
_MIN_LEADER_DOTS = 4
_DOTS_OF_CHAR = {"…": 3}

#: A loose box is as high as the font's line, ascent to descent; in most fonts that is about 1.2 em.
_LOOSE_BOX_EMS = 1.2
#: Centres of two characters farther apart than this, in ems, are on different lines.
_OTHER_LINE_EMS = 0.5
#: A character that begins this far, in ems, before the end of the last one begins a new text: kerning does not reach so far back.
_BACKWARD_EMS = 0.6
#: Gaps, in ems, that separate words. A space is a quarter of an em or more in common fonts.
_WORD_GAP_EMS = 0.25
#: The same where pdfium inferred a space: its word is believed, unless the characters touch.
_INFERRED_GAP_EMS = 0.1
#: The same between two digits, points or commas of one text object: kerning moves digits by a fifth of an em, and a price must not be split.
_NUMBER_GAP_EMS = 0.35
#: The same between digits of different text objects, which no kerning connects.
_NUMBER_OBJECT_GAP_EMS = 0.2
#: Words of one run stand less than this many ems apart: within one text object, and between two, where a column may end.
_RUN_GAP_EMS, _RUN_OBJECT_GAP_EMS = 1.0, 0.6
#: Words of one run stand no farther apart in height than this, in ems; sub- and superscripts do.
_RUN_SHIFT_EMS = 0.35
#: Words of one run overlap by less than this, in ems.
_RUN_OVERLAP_EMS = 0.2
#: A currency of at least so many letters, less than this part of its height behind a number, is that number's; signs stand before theirs.
_FEWEST_LETTERS_BEHIND, _BEHIND_HEIGHTS = 3, 1.2
#: So many words, most of them single letters, are letters set apart; a gap this many times the usual one is between two words.
_FEWEST_LETTERS_APART, _LETTERS_APART_SHARE, _WORD_GAPS = 4, 0.75, 1.4
#: Runs of the same text in the same square of this many points are one: some programs print a text twice, slightly moved, to make it bold.
_OVERPRINT_PT = 2


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of one text object without a space."""

    text: str
    box: Box
    #: Tells the page's text objects apart; -1 for annotations.
    source: int
    #: No space goes before this word: it goes on with the word of another text object.
    is_glued: bool = False
    #: A leader of dots or a bar ends before this word.
    is_led: bool = False
    #: The name of the font of its first character.
    font: str = ""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one line that stand a natural space apart."""

    words: tuple[Word, ...]
    box: Box

    @property
    def font(self) -> str:
        """The name of the font of its first word."""
        return self.words[0].font

    @property
    def text(self) -> str:
        """The words with one space between, except before glued ones."""
        return "".join(word.text if word.is_glued else f" {word.text}" for word in self.words).strip()


def is_currency(text: str) -> bool:
    """Whether the text is a currency's sign, code or name and nothing else."""
    return bool(currency_of_mark(text.rstrip(": ")))


def join_words(words: list[Word]) -> TextRun:
    """Return words that follow each other as one run."""
    return TextRun(tuple(words), bounding_box([word.box for word in words]))


def extract_runs(page: Any, text_page: Any, rotate: Rotation) -> list[TextRun]:
    """Return all visible runs of the page; annotations replace the text that they cover."""
    annotations = [(box, text) for box, text in page_annotations(page, rotate) if box.is_finite]
    covers = [box for box, _ in annotations]
    runs = runs_of_chars(_uncovered(page_chars(text_page, rotate), covers))
    for box, text in annotations:
        runs += _annotation_runs(box, text)
    return _without_overprints(runs)


def runs_of_chars(chars: Iterable[Char]) -> list[TextRun]:
    """Return the runs of characters that follow each other as they are read."""
    return _words_to_runs(_chars_to_words(chars))


def join_lone_currencies(runs: list[TextRun]) -> list[TextRun]:
    """Join a currency that stands alone with the number on its right, however wide the gap; `runs` are one line from the left.

    Accounting formats set the sign at the left of the cell and the digits at the right. A code or a word close behind a number is that one's.
    """
    joined: list[TextRun] = []
    for run, after in zip_longest(runs, runs[1:]):
        is_amount = bool(joined) and run.text[0].isdigit() and is_currency(joined[-1].text)
        if is_amount or (joined and _is_currency_behind(joined[-1], run, after)):
            joined[-1] = join_words([*joined[-1].words, *run.words])
        else:
            joined.append(run)
    return joined


def _is_currency_behind(number: TextRun, mark: TextRun, after: TextRun | None) -> bool:
    """Whether `mark` is the currency of the number on its left, and not of one farther away on its right."""
    text = mark.text
    if len(text) < _FEWEST_LETTERS_BEHIND or not text[0].isalpha() or not number.text[-1].isdigit() or not is_currency(text):
        return False
    gap = mark.box.left - number.box.right
    return gap < _BEHIND_HEIGHTS * mark.box.height and (after is None or after.box.left - mark.box.right > 2 * gap)


def _uncovered(chars: Iterable[Char], covers: list[Box]) -> Iterator[Char]:
    for char in chars:
        if char.box.is_finite and not any(cover.contains_center_of(char.box) for cover in covers):
            yield char


def _chars_to_words(chars: Iterable[Char]) -> Iterator[Word]:
    word: list[Char] = []
    is_glued = False
    for char in _without_leaders(chars):
        is_break = bool(word) and (char.space_before is SpaceBefore.LED or _is_word_break(word[-1], char))
        if word and (is_break or char.source != word[-1].source):
            yield _to_word(word, is_glued=is_glued)
            word, is_glued = [], not is_break
        word.append(char)
    if word:
        yield _to_word(word, is_glued=is_glued)


def _without_leaders(chars: Iterable[Char]) -> Iterator[Char]:
    """Drop the dots that lead the eye from a name to its price; the character behind them tells that they stood there."""
    is_led = False
    for leader, group in groupby(chars, key=lambda char: char.text if char.text in _LEADER_CHARS else ""):
        same = list(group)
        if leader and len(same) * _DOTS_OF_CHAR.get(leader, 1) >= _MIN_LEADER_DOTS:
            is_led = True
            continue
        if is_led:
            same[0].space_before = SpaceBefore.LED
        is_led = False
        yield from same


def _is_word_break(before: Char, after: Char) -> bool:
    if before.is_turned or after.is_turned:
        return before.is_turned != after.is_turned or after.space_before is not SpaceBefore.NONE
    em = max(before.box.height, 1.0) / _LOOSE_BOX_EMS
    gap = after.box.left - before.box.right
    if abs(before.box.center_y - after.box.center_y) > _OTHER_LINE_EMS * em or gap < -_BACKWARD_EMS * em:
        return True
    return after.space_before is SpaceBefore.WRITTEN or gap > _break_gap_ems(before, after) * em


def _break_gap_ems(before: Char, after: Char) -> float:
    """Return the widest gap, in ems, that does not separate two characters of a line."""
    if before.text in _NUMBER_CHARS and after.text in _NUMBER_CHARS:
        return _NUMBER_GAP_EMS if before.source == after.source else _NUMBER_OBJECT_GAP_EMS
    return _INFERRED_GAP_EMS if after.space_before is SpaceBefore.INFERRED else _WORD_GAP_EMS


def _to_word(chars: list[Char], *, is_glued: bool) -> Word:
    text = "".join(char.text for char in chars)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        # pdfium gives characters beyond the basic plane as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    is_led = chars[0].space_before is SpaceBefore.LED
    return Word(text, bounding_box([char.box for char in chars]), chars[0].source, is_glued, is_led, chars[0].font)


def _words_to_runs(words: Iterable[Word]) -> list[TextRun]:
    runs: list[TextRun] = []
    current: list[Word] = []
    for word in words:
        if current and not _are_neighbours(current[-1], word):
            runs.append(join_words(_close_letters(current)))
            current = []
        current.append(word)
    return [*runs, join_words(_close_letters(current))] if current else runs


def _close_letters(words: list[Word]) -> list[Word]:
    """Return "M E N U  A B C" as "MENU ABC": letters set apart are one word up to a wider gap."""
    parts = join_words(words).text.split() if len(words) >= _FEWEST_LETTERS_APART else []
    letters = [part for part in parts if len(part) == 1 and not part.isdigit()]
    if len(parts) < _FEWEST_LETTERS_APART or len(letters) < _LETTERS_APART_SHARE * len(parts):
        return words
    gaps = [after.box.left - before.box.right for before, after in pairwise(words)]
    widest = _WORD_GAPS * median(gap for gap, word in zip(gaps, words[1:], strict=True) if not word.is_glued)
    closed = (replace(word, is_glued=word.is_glued or gap <= widest) for word, gap in zip(words[1:], gaps, strict=True))
    return [words[0], *closed]


def _are_neighbours(before: Word, after: Word) -> bool:
    if after.is_glued or after.is_led:
        return after.is_glued
    em = max(min(before.box.height, after.box.height), 1.0) / _LOOSE_BOX_EMS
    gap = after.box.left - before.box.right
    widest = _RUN_GAP_EMS if before.source == after.source else _RUN_OBJECT_GAP_EMS
    is_level = abs(before.box.center_y - after.box.center_y) < _RUN_SHIFT_EMS * em
    return is_level and -_RUN_OVERLAP_EMS * em < gap < widest * em


def _without_overprints(runs: list[TextRun]) -> list[TextRun]:
    seen: set[tuple[str, int, int]] = set()
    distinct = []
    for run in runs:
        key = (run.text, round(run.box.left / _OVERPRINT_PT), round(run.box.top / _OVERPRINT_PT))
        if key not in seen:
            seen.add(key)
            distinct.append(run)
    return distinct


def _annotation_runs(box: Box, text: str) -> Iterator[TextRun]:
    """Yield a run for each line of an annotation; its lines share its height evenly."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    height = box.height / len(lines)
    for i, line in enumerate(lines):
        line_box = Box(box.left, box.top + i * height, box.right, box.top + (i + 1) * height)
        yield TextRun((Word(" ".join(line.split()), line_box, -1),), line_box)
