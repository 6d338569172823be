"""What the marks that several currencies share mean in a list: "$" in a list from Chile, "kr" in a Danish one."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from monito_ray.pipeline.currencies import SharedMarks, currencies_stated, is_named, shared_marks
from monito_ray.pipeline.rows.countries import currencies_of_countries, currency_of_country
from monito_ray.pipeline.rows.languages import are_titles_in_language, currency_of_language, is_in_language


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
    country = currency_of_country(texts)
    if country in marks.others or (country == code and not countries & marks.others):
        return country
    if countries & marks.others:
        return ""
    language = currency_of_language(evidence.sample)
    for likely in (language, evidence.registered):
        if likely in marks.others:
            return likely
    is_open = marks.is_open and code not in (country, language)
    is_elsewhere = not country and any(marks.elsewhere.search(text) for text in texts)
    return "" if is_open or is_elsewhere or any(_is_in(evidence, one) for one in marks.languages) else code


def _is_in(evidence: Evidence, language: str) -> bool:
    return are_titles_in_language(evidence.titles, language) or is_in_language(evidence.sample, language)
