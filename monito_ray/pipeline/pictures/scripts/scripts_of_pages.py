"""In which script a page is written, and its lines read by what knows that script."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from monito_ray.pipeline.characters import CYRILLIC, LOOKING_CYRILLIC
from monito_ray.pipeline.pictures.scripts.cyrillic import is_cyrillic_installed, read_cyrillic, read_english, read_russian
from monito_ray.pipeline.pictures.scripts.mixed_scripts import has_foreign_letters, with_latin_words, without_foreign_letters
from monito_ray.pipeline.pictures.text_reading import SeenText, read_lines, without_ideographs

#: Of Latin letters the network is surer than this: 0.995 and more on pages of our own, of Cyrillic ones, which it takes for Latin, 0.84 to 0.86.
#: Letters alone count: of the dots of a menu it is unsure in any language.
_LATIN_CERTAINTY = 0.93
#: Lines that are read to see whether they are Cyrillic, the longest ones; so sure is Tesseract of those that are.
_LINES_TRIED, _CYRILLIC_CERTAINTY = 8, 0.85
#: A line at least so many times as wide as high has a name; so many of them are read first to see which script the page is in.
_WIDE_HEIGHTS, _LINES_SAMPLED = 8.0, 12
#: A line with a larger share of digits among its letters and digits is a number, which the network reads better than Tesseract.
_NUMBER_SHARE = 0.6
#: A line with so many letters is a name, though the network, which leaves Cyrillic ones out, sees its figures alone: "руб." has three, "шт." two.
_FEWEST_LETTERS = 5
#: Letters of which Tesseract is surer than this are not tried as Latin ones: of those it took for Cyrillic ones none was.
_SURE_CERTAINTY = 0.995
#: What the network reads as figures alone, so surely, has no word beside it where it is no wider than so many times its line's height for each, and the
#: margins: "2 043,17" is 3.6 heights wide, with "руб." behind it, of which the network sees nothing, 6.
_SURE_NUMBER, _WIDEST_FIGURE, _AROUND = 0.9, 0.55, 0.4
_STROKE = re.compile(r"(?<=\d)(?: ?)([I|])(?![\w|])")
_WORD = re.compile(r"[^\W_][\w.,]*")
_CYRILLIC = re.compile(CYRILLIC, re.IGNORECASE)


def read_in_script(cutouts: Sequence[Any]) -> list[SeenText]:
    """Return the lines of a page, those of a page in Cyrillic letters as Tesseract reads them where it is installed, but for numbers."""
    wide = [n for n, cutout in enumerate(cutouts) if cutout.shape[1] >= _WIDE_HEIGHTS * cutout.shape[0]]
    seen = _read_numbered(cutouts, wide[:: max(1, len(wide) // _LINES_SAMPLED)])
    if seen and _is_page_cyrillic([*seen.values()], [cutouts[n] for n in seen]):
        seen |= _read_numbered(cutouts, sorted({*range(len(cutouts))} - {*wide}))
        return _read_cyrillic_page(cutouts, seen)
    seen |= _read_numbered(cutouts, [n for n in range(len(cutouts)) if n not in seen])
    lines = _in_letters([seen[n] for n in range(len(cutouts))])
    return _read_cyrillic_page(cutouts, dict(enumerate(lines))) if _is_page_cyrillic(lines, cutouts) else lines


def _read_numbered(cutouts: Sequence[Any], numbers: Sequence[int]) -> dict[int, SeenText]:
    """Return what the network reads in these lines, by their numbers."""
    return dict(zip(numbers, read_lines([cutouts[n] for n in numbers]), strict=True))


def _in_letters(lines: Sequence[SeenText]) -> list[SeenText]:
    return [with_litres(line) for line in without_ideographs(lines)]


def _is_page_cyrillic(lines: Sequence[SeenText], cutouts: Sequence[Any]) -> bool:
    """Return whether lines, as the network reads them, are of a page in Cyrillic letters that Tesseract can read."""
    lines = _in_letters(lines)
    if not _may_be_cyrillic(lines) or not is_cyrillic_installed():
        return False
    worded = [cutout for line, cutout in zip(lines, cutouts, strict=True) if not is_number(line)]
    return _are_cyrillic(read_cyrillic(sorted(worded, key=lambda cutout: -cutout.shape[1])[:_LINES_TRIED]))


def _read_cyrillic_page(cutouts: Sequence[Any], seen: Mapping[int, SeenText]) -> list[SeenText]:
    """Return the lines of a page in Cyrillic letters, of which the network has `seen` some.

    Of the others, which are wide, it reads what Tesseract sees figures in: names are nothing to it, and take most of its time.
    """
    names = {n: _read_name(cutout) for n, cutout in enumerate(cutouts) if n not in seen}
    begins = {n: _begin_of_figures(line) if _is_worded(line) else 0.0 for n, line in names.items()}
    parts = {n: _right_of(cutouts[n], begin) for n, begin in begins.items() if begin is not None}
    read = {n: _moved(part, begins[n] or 0.0) for n, part in zip(parts, read_lines([*parts.values()]), strict=True)}
    lines = dict(zip([*seen, *read], _in_letters([*seen.values(), *read.values()]), strict=True))
    return [
        _read_with_cyrillic(lines.get(n, SeenText(())), cutout, names.get(n))
        if n in names or not is_whole_number(lines[n], cutout)
        else lines[n]
        for n, cutout in enumerate(cutouts)
    ]


def _begin_of_figures(line: SeenText) -> float | None:
    """Return where the first word with a figure begins, as a share of the line's width; None where there is none.

    0 where Tesseract is not sure of the last word, which may be a figure.
    """
    spaces = [n for n, char in enumerate(line.chars) if char.text.isspace()]
    first = next((n for n, char in enumerate(line.chars) if char.text.isdigit()), None)
    if first is None:
        last_word = line.chars[spaces[-1] + 1 :] if spaces else line.chars
        return None if all(char.certainty >= _SURE_CERTAINTY for char in last_word) else 0.0
    return max((line.chars[n].place for n in spaces if n < first), default=0.0)


def _right_of(cutout: Any, begin: float) -> Any:
    return np.ascontiguousarray(cutout[:, int(begin * cutout.shape[1]) :])


def _moved(part: SeenText, begin: float) -> SeenText:
    """Return what was read in the right part of a line with its places in the whole one."""
    chars = tuple(replace(char, place=begin + char.place * (1 - begin)) for char in part.chars)
    return SeenText(chars, None if part.in_letters is None else _moved(part.in_letters, begin))


def with_litres(line: SeenText) -> SeenText:
    """Return a line with "l" for the strokes that stand alone behind a figure: "1 I" and "1|" are one litre, for nothing is measured in "I"."""
    text = line.text
    strokes = {match.start(1) for match in _STROKE.finditer(text)}
    return SeenText(tuple(replace(char, text="l") if n in strokes else char for n, char in enumerate(line.chars))) if strokes else line


def _read_name(cutout: Any) -> SeenText:
    """Return what Tesseract reads in a line, words with letters of a third script in Cyrillic."""
    line = read_cyrillic([cutout])[0]
    return without_foreign_letters(line, read_russian([cutout])[0]) if has_foreign_letters(line) else line


def _read_with_cyrillic(line: SeenText, cutout: Any, name: SeenText | None) -> SeenText:
    """Return what a line of a page in Cyrillic letters says; `line` is how the network reads it, or a part, `name` how Tesseract does, if it has."""
    by_tesseract = _read_name(cutout) if name is None else name
    if _is_worded(by_tesseract) or (by_tesseract.chars and not is_number(line)):
        is_sure = all(char.certainty >= _SURE_CERTAINTY for char in by_tesseract.chars if char.text.isalpha())
        return with_latin_words(by_tesseract, SeenText(()) if is_sure else read_english([cutout])[0], line)
    if is_number(line):
        return number_with_words(line, by_tesseract)
    return line


def _in_cyrillic(line: SeenText) -> SeenText:
    """Return a line with the Cyrillic letters that its Latin ones look like: the sign of the rouble beside a number is none of these."""
    return SeenText(tuple(replace(char, text=char.text.translate(LOOKING_CYRILLIC)) for char in line.chars))


def is_whole_number(line: SeenText, cutout: Any) -> bool:
    """Return whether a line is a number and nothing else: its characters fill it, and the network is sure of them."""
    text = line.text
    has_words = any(map(str.isalpha, text)) or text != " ".join(text.split())
    fills = cutout.shape[1] <= _WIDEST_FIGURE * cutout.shape[0] * len(text) + _AROUND * cutout.shape[0]
    return bool(text) and not has_words and fills and line.certainty >= _SURE_NUMBER and any(map(str.isdigit, text))


def is_number(line: SeenText) -> bool:
    """Return whether a line is a number, with its currency or unit at most."""
    signs = [char for char in line.text if char.isalnum()]
    return bool(signs) and sum(map(str.isdigit, signs)) >= _NUMBER_SHARE * len(signs)


def _is_worded(line: SeenText) -> bool:
    """Return whether a line has more than a number with its currency or unit."""
    return not is_number(line) and sum(map(str.isalpha, line.text)) >= _FEWEST_LETTERS


def _may_be_cyrillic(lines: Sequence[SeenText]) -> bool:
    letters = [char.certainty for line in lines if not is_number(line) for char in line.chars if char.text.isalpha()]
    return bool(letters) and sum(letters) / len(letters) < _LATIN_CERTAINTY


def _are_cyrillic(lines: Sequence[SeenText]) -> bool:
    letters = [char for line in lines for char in line.text if char.isalpha()]
    cyrillic = sum(map(bool, map(_CYRILLIC.match, letters)))
    certainty = sum(line.certainty for line in lines) / max(len(lines), 1)
    return cyrillic > len(letters) / 3 and certainty >= _CYRILLIC_CERTAINTY


def number_with_words(network: SeenText, tesseract: SeenText) -> SeenText:
    """Return a number as the network reads it with the words behind it as Tesseract does, where both see the same figures; else the number alone."""
    number = without_words(network)
    if re.findall(r"\d", number.text) != re.findall(r"\d", without_words(tesseract).text):
        return number
    last = max((n for n, char in enumerate(tesseract.chars) if char.text.isdigit()), default=-1)
    end = max((n for n, char in enumerate(number.chars) if char.text.isdigit()), default=-1)
    return SeenText(number.chars[: end + 1] + _in_cyrillic(SeenText(tesseract.chars[last + 1 :])).chars)


def without_words(line: SeenText) -> SeenText:
    """Return a number without the words around it: in Cyrillic the network takes "руб." for "py6.", whose 6 is no price."""
    stays = [True] * len(line.chars)
    for word in _WORD.finditer(line.text):
        if any(map(str.isalpha, word.group())):
            stays[word.start() : word.end()] = [False] * len(word.group())
    return SeenText(tuple(char for char, does_stay in zip(line.chars, stays, strict=True) if does_stay))
