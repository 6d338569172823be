"""What waits for a person in Review and in `Same?`, as it is read in a chat and in the report."""

import re
from dataclasses import replace
from decimal import Decimal

from monito_ray.catalog.articles.list_articles import ALIKE
from monito_ray.catalog.offers import Offer
from monito_ray.catalog.sheets.review import Doubt, ReviewEntry
from monito_ray.catalog.sheets.same_sheet import SuggestedOffer
from monito_ray.messages.category_texts import category_title
from monito_ray.messages.message_markup import CAUSE_LENGTH, Markup, escape_value
from monito_ray.messages.message_texts import Messages
from monito_ray.messages.program_sentences import say_pair_reason, say_suspicion
from monito_ray.messages.translations import N_
from monito_ray.pipeline.files.formats import FileFormat
from monito_ray.pipeline.files.texts.text import SHEET_NAME
from monito_ray.plans.planned_report import Comparison, PlannedReport
from monito_ray.records import ProductRow

_ONE_PRODUCT = N_("❓ Are these one product?")
_CHECK = N_("❓ Is this right?")
_READ_AS = N_("Read as: {what}")
_WHERE = N_("{supplier}, {file}, {sheet}, row {row}")
_WHERE_WITHOUT = N_("{supplier}, {file}, row {row}")


_WHY = {
    Doubt.NO_CATEGORY: N_("no category found"),
    Doubt.NO_CURRENCY: N_("the list does not say its currency"),
    Doubt.NO_SIZE: N_("no size, though most of its category have one"),
    Doubt.FAR_APART: N_("price far from other suppliers': check size and pack"),
}
#: What the rows of a list that are told apart by nothing are doubted for.
_ALIKE = N_("Another row of the list is alike in all but the price.")
_UNSURE = N_("not sure of: {fields}")
_FIELDS = {"price": N_("price"), "size": N_("size"), "pack": N_("pack"), "brand": N_("brand")}
_SUSPECTED = N_("the price may be wrong")
#: What two prices in a reason look like: "17,000 → 170,000".
_PRICES = re.compile(r"(?<![\d,])(\d[\d,]*(?:\.\d+)?) → (\d[\d,]*(?:\.\d+)?)$")


def pair_text(messages: Messages, offer: Offer, other: SuggestedOffer) -> Markup:
    """Return two offers that may be one product, with their prices, and why it is not clear."""
    blocks = [messages.say(_ONE_PRODUCT), _priced_offer(messages, offer), _priced_offer(messages, other.offer)]
    why = say_pair_reason(messages, other.reason)
    return Markup("\n\n".join([*blocks, *([f"<i>{escape_value(why, CAUSE_LENGTH)}</i>"] if why else [])]))


def _priced_offer(messages: Messages, offer: Offer) -> str:
    return f"<b>{escape_value(offer.row.original_name, CAUSE_LENGTH)}</b>\n{messages.offer_line(offer)}"


def row_text(messages: Messages, entry: ReviewEntry) -> Markup:
    """Return a row in doubt as the supplier wrote it and as it was read, where it stands, and why it is in doubt."""
    row = entry.row
    pack = messages.pack(row.size, row.unit, row.pack_count)
    read = ", ".join(
        escape_value(part) for part in (row.standardized_name, row.brand, pack, category_title(messages, row.category)) if part
    )
    price = messages.money(row.price, row.currency)
    base = f" ({messages.numbers.base_amount(row.base_price)}/{messages.unit(row.base_unit)})" if row.base_price is not None else ""
    lines = [
        messages.say(_CHECK),
        f"<b>{escape_value(row.original_name, CAUSE_LENGTH)}</b> · {price}{base}",
        messages.say(_READ_AS, what=Markup(read)),
        _row_place(messages, row),
        f"<i>{escape_value('; '.join(_why(messages, reason) for reason in entry.why), CAUSE_LENGTH)}</i>",
    ]
    return Markup("\n".join(lines))


def report_in_language(messages: Messages, report: PlannedReport) -> PlannedReport:
    """Return the report with categories and reasons in the reader's language; a reason that has no words there stays in English."""
    if messages.language == "en":
        return report
    return replace(
        report,
        comparisons=tuple(_comparison_in_language(messages, one) for one in report.comparisons),
        rows_to_review=tuple(replace(row, why=_reasons(messages, row.why)) for row in report.rows_to_review),
        review_reasons=tuple((_reasons(messages, reason), count) for reason, count in report.review_reasons),
        questions=tuple(replace(one, reason=say_pair_reason(messages, one.reason) or one.reason) for one in report.questions),
    )


def _comparison_in_language(messages: Messages, comparison: Comparison) -> Comparison:
    offers = tuple(replace(one, suspicion=_reasons(messages, one.suspicion)) if one.suspicion else one for one in comparison.offers)
    return replace(comparison, category=category_title(messages, comparison.category), offers=offers)


def _reasons(messages: Messages, reasons: str) -> str:
    """Return reasons that are joined, each in the reader's language where it has words there."""
    return "; ".join(_in_words(messages, reason) or reason for reason in reasons.split("; "))


def _row_place(messages: Messages, row: ProductRow) -> Markup:
    """Return where a row stands; the sheet of a file that has no sheets is none."""
    where = {"supplier": messages.supplier(row.supplier), "file": row.source_file, "row": str(row.source_row)}
    if row.source_sheet in (SHEET_NAME, *FileFormat):
        return messages.say(_WHERE_WITHOUT, **where)
    return messages.say(_WHERE, sheet=row.source_sheet, **where)


def _in_words(messages: Messages, reason: str) -> str:
    """Return a reason in the reader's language, "" for one that has no words there."""
    if reason in _WHY:
        return messages.plain(_WHY[Doubt(reason)])
    if reason.startswith(f"{Doubt.UNSURE} "):
        fields = reason.removeprefix(f"{Doubt.UNSURE} ").split(", ")
        return messages.plain(_UNSURE).format(fields=", ".join(messages.plain(_FIELDS[field]) for field in fields if field in _FIELDS))
    return say_suspicion(messages, _ALIKE if reason == ALIKE else reason)


def _why(messages: Messages, reason: str) -> str:
    """Return a reason in the reader's language; of one that has no words there that the price may be wrong, with the prices."""
    if local := _in_words(messages, reason):
        return local
    prices = _PRICES.search(reason)
    if prices is None:
        return messages.plain(_SUSPECTED)
    before, after = (messages.numbers.amount(Decimal(price.replace(",", ""))) for price in prices.groups())
    return f"{messages.plain(_SUSPECTED)}: {before} → {after}"
