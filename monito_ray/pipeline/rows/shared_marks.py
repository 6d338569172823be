"""What the marks that several currencies share mean in a list: "$" in a list from Chile, "kr" in a Danish one."""

from collections.abc import Container, Sequence

from monito_ray.pipeline.currencies import SharedMarks, currencies_stated, is_named, shared_marks
from monito_ray.pipeline.rows.countries import currencies_of_countries, currency_of_country
from monito_ray.pipeline.rows.languages import currency_of_language, is_in_language


def meant_currencies(texts: Sequence[str], shown: Sequence[str], sample: str, registered: str, codes: Container[str]) -> dict[str, str]:
    """Return for each of `codes` whose mark other currencies have what it means in this list; "" where that stays open.

    Args:
        texts: the texts outside the list's tables.
        shown: the titles and cells that show the marks.
        sample: texts that show the list's language.
        registered: the money of the country where the article numbers are registered, "" where none is.
        codes: the currencies as read from the marks.
    """
    shared = {code: marks for code, marks in shared_marks().items() if code in codes}
    return {code: _meant(code, marks, texts, sample, registered) for code, marks in shared.items() if not is_named(code, [*texts, *shown])}


def _meant(code: str, marks: SharedMarks, texts: Sequence[str], sample: str, registered: str) -> str:
    """Return what `code` means: what the list states, else its supplier's country, else its language, else that of its article numbers."""
    stated = {other for text in texts for other in currencies_stated(text)} & marks.others
    if len(stated) == 1:
        return stated.pop()
    countries = currencies_of_countries(texts)
    country = currency_of_country(texts)
    if country in marks.others or (country == code and not countries & marks.others):
        return country
    if countries & marks.others:
        return ""
    language = currency_of_language(sample)
    for likely in (language, registered):
        if likely in marks.others:
            return likely
    is_open = marks.is_open and code not in (country, language)
    is_elsewhere = not country and any(marks.elsewhere.search(text) for text in texts)
    return "" if is_open or is_elsewhere or any(is_in_language(sample, one) for one in marks.languages) else code
