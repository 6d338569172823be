"""What the marks that several currencies share mean in a list: "$" in a list from Chile, "kr" in a Danish one."""

from collections.abc import Container, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monito_ray.pipeline.currencies import SharedMarks, currencies_stated, is_named, shared_marks
from monito_ray.pipeline.rows.countries import currencies_of_countries, currency_of_country
from monito_ray.pipeline.rows.languages import are_titles_in_language, currency_of_language, is_in_language

#: A list is measured as in a country where so many sizes are, and so many times as many as are measured otherwise.
FEWEST_MEASURES, OWN_TO_OTHERS = 3, 3
#: The share of names with such a size that shows the country where no mark does.
MEASURES_SHARE = 0.1
#: The share of letters without accents in English.
PLAIN_SHARE = 0.97


@dataclass(frozen=True, slots=True)
class Evidence:
    """What of a list tells whose its marks are."""

    #: The texts outside its tables, and the titles of their columns.
    texts: Sequence[str]
    titles: Sequence[str]
    #: Cells that show the marks.
    cells: Sequence[str]
    #: Texts that show its language.
    sample: str
    #: The money of the country where its article numbers are registered, "" where none is.
    registered: str


def meant_currencies(evidence: Evidence, codes: Container[str]) -> dict[str, str]:
    """Return for each of `codes`, as read from marks, whose mark other currencies have what it means in a list; "" where that stays open."""
    shared = {code: marks for code, marks in shared_marks().items() if code in codes}
    shown = [*evidence.texts, *evidence.titles, *evidence.cells]
    return {code: _meant(code, marks, evidence) for code, marks in shared.items() if not is_named(code, shown)}


def _meant(code: str, marks: SharedMarks, evidence: Evidence) -> str:
    """Return what `code` means: what the list states, else its supplier's country, else its language, else that of its article numbers."""
    texts = [*evidence.texts, *evidence.titles]
    stated = {other for text in texts for other in currencies_stated(text)} & marks.others
    if len(stated) == 1:
        return stated.pop()
    countries = currencies_of_countries(texts)
    country = currency_of_country(texts, {code, *marks.others})
    if country in marks.others or (country == code and not countries & marks.others):
        return country
    if countries & marks.others:
        return ""
    language = currency_of_language(evidence.sample)
    for likely in (language, evidence.registered):
        if likely in marks.others:
            return likely
    return "" if _is_open(code, marks, evidence, {currency_of_country(texts), language} - {""}) else code


def _is_open(code: str, marks: SharedMarks, evidence: Evidence, shown: AbstractSet[str]) -> bool:
    """Whether the marks of `code` may be those of another currency in a list whose country or language, if any, has the money `shown`."""
    if code in shown:
        return False
    texts = [*evidence.texts, *evidence.titles]
    if marks.is_open or any(_is_in(evidence, language) for language in marks.languages):
        return True
    if shown:
        return False
    if any(marks.elsewhere.search(text) for text in texts):
        return True
    return is_measured(evidence.sample, marks) is False and code not in currencies_of_countries(texts) and _is_plain(evidence.sample)


def is_measured(sample: str, marks: SharedMarks) -> bool | None:
    """Return whether the goods of a list are measured as in the country of the marks and not as elsewhere; None where that says nothing."""
    if marks.measures is None or marks.other_measures is None:
        return None
    own = len(marks.measures.findall(sample))
    return own >= FEWEST_MEASURES and own > OWN_TO_OTHERS * len(marks.other_measures.findall(sample))


def currency_of_measures(names: Sequence[str]) -> str:
    """Return the currency of the one country whose measures a good part of the names of goods have, "" where there is none."""
    sample = "\n".join(names)
    for code, marks in shared_marks().items():
        if marks.measures and is_measured(sample, marks) and len(marks.measures.findall(sample)) >= MEASURES_SHARE * len(names):
            return code if _is_plain(sample) else ""
    return ""


def _is_plain(text: str) -> bool:
    """Whether a text is written in the letters that English has, nearly all of it."""
    letters = [char for char in text if char.isalpha()]
    return sum(map(str.isascii, letters)) >= PLAIN_SHARE * len(letters)


def _is_in(evidence: Evidence, language: str) -> bool:
    return are_titles_in_language(evidence.titles, language) or is_in_language(evidence.sample, language)
