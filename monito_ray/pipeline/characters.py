"""Parts of regular expressions: classes of characters, and an expression for any of many words."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

#: One letter of any alphabet.
LETTER = r"[^\W\d_]"
#: One letter or digit.
ALPHANUMERIC = r"[^\W_]"
#: White space before what an expression is after, from its first character on: `\s*` would be tried from each of a long run.
SPACE_BEFORE = r"(?:(?<!\s)\s++)?"
#: A number with or without separators.
NUMBER = r"\d+(?:[.,]\d+)*"
#: A word of letters and digits, its parts tied by hyphens or apostrophes.
WORD = rf"{ALPHANUMERIC}+(?:[-'’]{ALPHANUMERIC}+)*"
#: One letter of Russian, Ukrainian or Belarusian, in lower case.
CYRILLIC = "[а-яёіїєґў]"
CYRILLIC_CAPITAL = "[А-ЯЁІЇЄҐЎ]"
#: Latin letters, each with the Cyrillic one that looks like it.
LOOKING_CYRILLIC = str.maketrans("ABCEHKMOPTXacekopxy", "АВСЕНКМОРТХасекорху")
#: Letters of Russian and Ukrainian, the most frequent first; what is missing is rare.
CYRILLIC_BY_FREQUENCY = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ"
#: Letters beyond ASCII that the languages of Western and Central Europe and Turkish use; the old encodings of DOS lack some.
WESTERN_EUROPEAN = "äöüßéèêëàâçñáíóúîïôõãåæøœùûºª"
WESTERN_EUROPEAN_DOS = WESTERN_EUROPEAN.replace("œ", "")
CENTRAL_EUROPEAN = "ąćęłńóśźżáčďéěíňřšťúůýžöőüűăâîșțäçë"
CENTRAL_EUROPEAN_DOS = "ąćęłńóśźżáčďéěíňřšťúůýžöőüűäçë"
TURKISH = "çğıöşüâîû"
#: Parts of classes. Thai: all characters, consonants, vowels before them, vowel and tone marks over and under them, rare ones.
THAI = "ก-๎"
THAI_CONSONANTS = "ก-ฮ"
THAI_LEADING_VOWELS = "เ-ไ"
THAI_MARKS = "ัิีึืฺุู็่้๊๋์ํ"
THAI_RARE = "ฃฅฆฌฎฏฑฒฯๆ๏๚๛฿"
#: Hebrew, and the letters that only end its words.
HEBREW = "א-ת"
HEBREW_FINALS = "ךםןףץ"
#: Greek, its letters with accents, and those that its words end in.
GREEK = "Ά-ώ"
GREEK_ACCENTED = "άέήίόύώΆΈΉΊΌΎΏΐΰ"
GREEK_ENDINGS = "αεηιουωάέήίόύώϊϋςνρΑΕΗΙΟΥΩΆΈΉΊΌΎΏΣΝΡ"
#: Japanese syllables, Korean syllables, Chinese characters.
KANA = "ぁ-ヺー"
HANGUL = "가-힣"
IDEOGRAPHS = "一-鿿"
#: The letters of article numbers, as parts of a class.
CODE_LETTERS = "A-Za-zА-Яа-я"
#: Latin letters beyond those of Western Europe, as parts of a class: of Polish, Czech, Romanian, Turkish, Vietnamese ...
FARTHER_LATIN = "Ā-ɏḀ-ỿ"
#: Signs between numbers that multiply, as parts of a class: the letter x of two alphabets, and the sign.
TIMES = "xх×"
#: What is typed for a zero, as parts of a class: the letter o of two alphabets.
ZERO_LIKE = "oOоО"


#: A table for `str.translate` from small letters with an accent to those without, which many lists write instead.
WITHOUT_ACCENTS = str.maketrans("áàâãäåéèêëíìîïóòôõöúùûüñçşğıėёў", "aaaaaaeeeeiiiiooooouuuuncsgieеу")


#: A table for `str.translate` from small Russian and Ukrainian letters to Latin ones, as names of makers are written in both.
LATIN_OF_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхъыьэіїєґ", (*"abvgdeziyklmnoprstufh", "", "y", "", "e", "i", "i", "e", "g"), strict=True))
    | {"ж": "zh", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"}
)
#: Vowels of Latin and Cyrillic letters without accents.
VOWELS = frozenset("aeiouyаеиоуыэюяіїє")

#: The blocks of Unicode that hold the alphabets of today's languages but for ideographs.
_ALPHABETS = range(0x300, 0x1900)
#: A number that is struck through, as WhatsApp and Markdown write it: "~85.000~", "~~$4~~".
STRUCK = re.compile(r"(?<![\w~])~{1,2}(?=\S)(?=[^~]*\d)[^~]{1,26}~{1,2}(?![\w~])")


@cache
def combining_marks() -> str:
    """Return the accents and vowel signs that stand behind a letter, which regular expressions do not count as letters, as parts of a class."""
    return "".join(char for char in map(chr, _ALPHABETS) if unicodedata.category(char) in ("Mn", "Mc"))


def any_of(words: Iterable[str]) -> str:
    """An expression for any of `words`, the longest that fits first, written as a tree of letters: `re` reads that far faster."""
    tree: dict[str, Any] = {}
    for word in words:
        branch = tree
        for char in word:
            branch = branch.setdefault(char, {})
        branch[""] = {}
    return _branches(tree)


def any_phrase(phrases: Iterable[str], blank: str = r"\s+") -> str:
    """An expression for any of `phrases`, the longest first: `*` stands for any ending, a full stop may be missing, `blank` is what parts words."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return f"(?:{'|'.join(_phrase(phrase, blank) for phrase in longest_first)})" if longest_first else "(?!)"


def _phrase(phrase: str, blank: str) -> str:
    return blank.join(re.escape(word).replace(r"\*", r"\w*").replace(r"\.", r"\.?") for word in phrase.split())


def _branches(tree: dict[str, Any]) -> str:
    longer = [re.escape(char) + _branches(below) for char, below in sorted(tree.items()) if char]
    if not longer:
        return ""
    return f"(?:{'|'.join(longer)})" + ("?" if "" in tree else "")
