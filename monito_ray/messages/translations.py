"""The languages of chats: texts are marked where they are written, and translated where they are used.

The program holds the texts in English; `locale/` has the other languages, compiled by Babel and read with the standard library.
"""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "ru": "Русский", "id": "Bahasa Indonesia"}


def N_(text: str) -> str:  # noqa: N802  gettext's usual name for a text that is translated where it is used
    """Mark a text for translation."""
    return text


@cache
def translations_of(language: str) -> gettext.NullTranslations:
    """Return the translations into one of `LANGUAGES`."""
    return gettext.translation("monito", Path(__file__).parents[1] / "locale", [language], fallback=True)


def supported_language(code: str | None, fallback: str) -> str:
    """Return the language of ours for a code such as "ru-RU", or `fallback`."""
    primary = (code or "").lower().partition("-")[0]
    primary = {"in": "id"}.get(primary, primary)  # "in" is what ISO 639 called Indonesian until 1989, and Android still does
    return primary if primary in LANGUAGES else fallback
