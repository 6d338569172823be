"""The planned report as the JSON that the page's script reads: columns instead of records, and each repeated text once."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any

from monito_ray.plans.planned_report import Comparison, PlannedReport, PricedName, ReportedOffer

#: Days are counted from here: JavaScript's Date begins there, too.
_FIRST_DAY = date(1970, 1, 1)
# Characters that are invisible, break a line, or change the direction of the text around them.
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def report_json(report: PlannedReport) -> dict[str, Any]:
    """Return the report as values for `json.dumps`.

    `products` has a column for each field of a comparison, and how many offers it has; `offers` has the offers of all of them in the same
    order, also by column. A column that is filled here and there is a dict from the index. Columns of repeated texts hold indexes into
    `texts`; days are numbers since 1970-01-01. The script in report.js reads this and nothing else.
    """
    texts = _TextTable()
    offers = [offer for comparison in report.comparisons for offer in comparison.offers]
    return {
        "made": report.made_at.isoformat(timespec="minutes"),
        "today": _day(report.made_at.date()),
        "suppliers": [[clean_text(one.name), _day(one.listed_on), int(one.is_stale)] for one in report.suppliers],
        "products": _products(report.comparisons, texts),
        "offers": _offers(offers, texts),
        "changes": [
            [
                one.kind,
                one.supplier,
                -1 if one.comparison is None else one.comparison,
                "" if one.comparison is not None else clean_text(one.label),
                _json_number(one.before),
                _json_number(one.after),
                texts(one.currency),
                _day(one.day),
                clean_text(one.note),
                int(one.is_newest),
            ]
            for one in report.changes
        ],
        "changes_cut": int(report.is_changes_cut),
        "review": {
            "count": report.review_count,
            "price_doubts": report.price_doubts,
            "reasons": [[clean_text(reason), count] for reason, count in report.review_reasons],
            "rows": [
                [
                    clean_text(row.why),
                    clean_text(row.name),
                    clean_text(row.supplier),
                    _json_number(row.price),
                    texts(row.currency),
                    clean_text(row.place),
                ]
                for row in report.rows_to_review
            ],
        },
        "same": {
            "count": report.same_count,
            "questions": [
                [*_priced_name(one.one, texts), *_priced_name(one.other, texts), clean_text(one.reason)] for one in report.questions
            ],
        },
        "left_out": [[clean_text(one.supplier), _day(one.listed_on), one.offers] for one in report.left_out],
        "texts": texts.list,
    }


def clean_text(text: str) -> str:
    """Return a text on one line, without characters that nobody sees or that turn the text around them."""
    return _INVISIBLE.sub(" ", text).strip()


class _TextTable:
    """Texts that are written once, by index."""

    def __init__(self) -> None:
        self.list: list[str] = []
        self._indexes: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        index = self._indexes.get(text)
        if index is None:
            index = self._indexes[text] = len(self.list)
            self.list.append(clean_text(text))
        return index


def _products(comparisons: Sequence[Comparison], texts: _TextTable) -> dict[str, Any]:
    return {
        "name": [texts(one.name) for one in comparisons],
        "brand": [texts(one.brand) for one in comparisons],
        "size": [_json_number(one.size) for one in comparisons],
        "unit": [texts(one.unit) for one in comparisons],
        "pack": [one.pack_count for one in comparisons],
        "price_unit": [texts(one.price_unit) for one in comparisons],
        "mark": _here_and_there(clean_text(one.mark) for one in comparisons),
        "category": [texts(one.category) for one in comparisons],
        "currency": [texts(one.currency) for one in comparisons],
        "family": [one.family for one in comparisons],
        "offers": [len(one.offers) for one in comparisons],
        "other_words": [texts(one.other_words) for one in comparisons],
        "no_best": _here_and_there(int(not one.has_best) for one in comparisons),
    }


def _offers(offers: Sequence[ReportedOffer], texts: _TextTable) -> dict[str, Any]:
    return {
        "supplier": [one.supplier for one in offers],
        "price": [_json_number(one.price) for one in offers],
        "base": [_json_number(one.base_price) for one in offers],
        "base_unit": [texts(one.base_unit) for one in offers],
        "day": [_day(one.listed_on) for one in offers],
        "stale": _here_and_there(int(one.is_stale) for one in offers),
        "previous": _here_and_there(_json_number(one.previous_price) for one in offers),
        "suspicion": _here_and_there(clean_text(one.suspicion) for one in offers),
        "written": [clean_text(one.original_name) for one in offers],
        "file": [texts(one.source_file) for one in offers],
        "sheet": [texts(one.source_sheet) for one in offers],
        "row": [one.source_row for one in offers],
        "history": _here_and_there(
            list(chain.from_iterable((_day(point.day), _json_number(point.price)) for point in one.history)) for one in offers
        ),
    }


def _priced_name(article: PricedName, texts: _TextTable) -> tuple[str, str, int | float | None, int]:
    return clean_text(article.name), clean_text(article.supplier), _json_number(article.price), texts(article.currency)


def _here_and_there(values: Iterable[Any]) -> dict[int, Any]:
    """Return the values that say something, by index."""
    return {index: value for index, value in enumerate(values) if value}


def _day(day: date) -> int:
    return (day - _FIRST_DAY).days


def _json_number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
