"""Names of files: what is left of them without what is another in next week's file."""

import re
from pathlib import PurePath

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import ALPHANUMERIC, any_phrase
from monito_ray.pipeline.lexicon import derived

_YEAR = r"(?:19|20)\d\d"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_LONG_DAY, _LONG_MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_DATES = "|".join(
    (
        rf"{_YEAR}[-. ]?{_LONG_MONTH}[-. ]?{_LONG_DAY}",
        rf"{_DAY}[-. ]{_MONTH}[-. ](?:{_YEAR}|\d\d)",
        rf"{_LONG_DAY}{_LONG_MONTH}{_YEAR}",
        rf"{_MONTH}[-. ]{_YEAR}",
        rf"{_LONG_MONTH}{_YEAR}",
        rf"{_YEAR}[-. ]?{_LONG_MONTH}",
        _YEAR,
        r"\d{1,2}[.:]\d\d[.:]\d\d",
    )
)
#: What downloads and copies have behind their names.
_COUNTER = re.compile(r"[(\[]\s*\d{1,3}\s*[)\]]")
_EMPTY_BRACKETS = re.compile(r"[(\[]\s*[)\]]")
_MARKS = " .,;:_+&-–—#"


def words_of_file_name(file_name: str) -> str:
    """Return a file's name as words, without its ending."""
    return " ".join(PurePath(file_name).stem.replace("_", " ").split())


def without_dates(words: str) -> str:
    """Return the words of a file's name without dates, times, counters and words for price lists, "" if nothing else is there."""
    bare = _COUNTER.sub(" ", words)
    for pattern in (_date(), _filler()):
        bare = pattern.sub(" ", bare)
    return " ".join(word for word in _EMPTY_BRACKETS.sub(" ", bare).split() if word.strip(_MARKS)).strip(_MARKS)


@derived()
def _date() -> re.Pattern[str]:
    """Return an expression for dates, with the word before them; the name of a month is one beside a number, or where it ends the name or a part of it."""
    month = any_phrase(lexicon.words("file_names", "months"))
    named = rf"(?:{_DAY}[-. ]?)?{month}[-. ,'’]*(?:{_YEAR}|\d\d)|{_DAY}[-. ]?{month}|{month}(?=\s*(?:$|[-–()\[\]]))"
    before = any_phrase(lexicon.words("file_names", "before_dates"))
    return _alone(rf"(?:{before}[ ])?(?:{named}|{_DATES})")


@derived()
def _filler() -> re.Pattern[str]:
    """Return an expression for words of every list's name, and for numbered issues: "week 23", "v2"."""
    numbered = any_phrase(lexicon.words("file_names", "numbered"))
    return _alone(rf"{any_phrase(lexicon.words('file_names', 'lists'))}|{numbered}[-. ]?\d{{1,3}}(?:\.\d{{1,3}})*")


def _alone(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{ALPHANUMERIC})(?:{pattern})(?!{ALPHANUMERIC})", re.IGNORECASE)
