"""The report without a script: what the previews of phones, in which none runs, show of the page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from monito_ray.clients.report.report_json import clean_text
from monito_ray.plans.local_texts import LocalTexts
from monito_ray.plans.planned_report import Comparison, PlannedReport, ReportedOffer

#: Products with several suppliers that are listed, and changes: a preview has no search, and nobody scrolls further.
MOST_PRODUCTS, MOST_CHANGES = 200, 40


def plain_view(report: PlannedReport, words: Mapping[str, str], texts: LocalTexts) -> str:
    """Return HTML with the products that several suppliers have, and what the newest lists changed; every text is escaped."""
    if not report.comparisons:
        return f"<p>{escape(words['empty'])}</p>"
    return "\n".join((*_product_table(report, words, texts), *_change_table(report, words, texts)))


def _product_table(report: PlannedReport, words: Mapping[str, str], texts: LocalTexts) -> Iterator[str]:
    compared = [comparison for comparison in report.comparisons if len(comparison.offers) > 1] or list(report.comparisons)
    rows = [_product_row(report, comparison, words, texts) for comparison in compared[:MOST_PRODUCTS]]
    yield f"<h2>{escape(words['prices'])}</h2>"
    yield _html_table((words["product"], words["best"], words["others"]), rows)
    if len(compared) > MOST_PRODUCTS:
        yield f"<p>{escape(words['more_offers'].format(n=len(compared) - MOST_PRODUCTS))}</p>"


def _product_row(report: PlannedReport, comparison: Comparison, words: Mapping[str, str], texts: LocalTexts) -> tuple[str, ...]:
    offers = [_offer_text(report, comparison, offer, words, texts) for offer in comparison.offers]
    best = offers if comparison.has_best else ["", *offers]
    return _plain_label(comparison, words), best[0], "\n".join(best[1:])


def _plain_label(comparison: Comparison, words: Mapping[str, str]) -> str:
    size = f"{comparison.size.normalize():f} {_unit(comparison.unit, words)}" if comparison.size is not None else ""
    several = f"{comparison.pack_count} × {size}" if size else f"{comparison.pack_count} {_unit('pcs', words)}"
    pack = several if comparison.pack_count != 1 else size
    return ", ".join(part for part in (comparison.name, comparison.brand, pack, comparison.mark) if part)


def _unit(unit: str, words: Mapping[str, str]) -> str:
    return words.get(f"unit_{unit}", unit)


def _offer_text(report: PlannedReport, comparison: Comparison, offer: ReportedOffer, words: Mapping[str, str], texts: LocalTexts) -> str:
    price = f"{texts.amount(offer.price)} {comparison.currency}".strip()
    base = f" ({texts.amount(offer.base_price)}/{_unit(offer.base_unit, words)})" if offer.base_price is not None else ""
    marks = [words["suspicious"]] * bool(offer.suspicion) + [words["old_list"]] * offer.is_stale
    return ", ".join((f"{price}{base}, {report.suppliers[offer.supplier].name}", texts.day(offer.listed_on), *marks))


def _change_table(report: PlannedReport, words: Mapping[str, str], texts: LocalTexts) -> Iterator[str]:
    rows = [
        (
            change.label,
            texts.share(float(change.after / change.before - 1)) if change.before and change.after else words[f"kind_{change.kind}"],
            report.suppliers[change.supplier].name,
            texts.day(change.day),
        )
        for change in report.changes
        if change.is_newest
    ]
    if rows:
        yield f"<h2>{escape(words['changes'])}</h2>"
        yield _html_table((words["product"], words["change"], words["supplier"], words["on"]), rows[:MOST_CHANGES])


def _html_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _html_cell(text: str) -> str:
    return f"<td>{'<br>'.join(f'<bdi>{escape(clean_text(line))}</bdi>' for line in text.split(chr(10)))}</td>"
