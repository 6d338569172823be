"""Offers of running text as the lines of a list, beside those of tables."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from hashlib import blake2b

from monito_ray.pipeline import prices
from monito_ray.pipeline.cells import Sheet, TextLine
from monito_ray.pipeline.lines.line_assembly import LineOffer, LineRemark, LinesReading
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables

_as_json = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_NOTHING = OfferLine(0, "", None, "", "", "", "", "", "", "", "", "", "", "", "", "[]", "", "", "")


def to_sheet_tables(sheet: Sheet, lines: Sequence[TextLine], reading: LinesReading) -> SheetTables:
    """Return running text as a sheet whose rows are its lines, with its offers and remarks in their order."""
    rows = [[line.text] for line in lines]
    text_sheet = replace(sheet, rows=rows, merges=(), hidden=frozenset(), numbers=[line.number for line in lines], currencies={})
    offers = [_offer_line(offer) for offer in reading.offers]
    remarks = [_remark_line(remark) for remark in reading.remarks]
    return SheetTables(text_sheet, (), sorted([*offers, *remarks], key=lambda line: line.at), reading.unread)


def _offer_line(offer: LineOffer) -> OfferLine:
    tiers = {label: _to_number(prices.rounded(price)) for label, price in offer.tiers.items()}
    particulars = offer.particulars
    return _NOTHING._replace(
        at=offer.at,
        name=offer.name,
        price=prices.rounded(offer.price),
        price_text=offer.price_text,
        price_tiers=_as_json(tiers) if tiers else "",
        currency=offer.currency,
        section=offer.section,
        brand=particulars.get("brand", ""),
        unit_text=offer.unit or particulars.get("unit", ""),
        size_text=offer.size or particulars.get("size", ""),
        pack_text=particulars.get("pack", ""),
        min_quantity=particulars.get("min_quantity", ""),
        sku=offer.sku or particulars.get("sku", ""),
        cells=_as_json(offer.text.split("\n")),
        doubt=offer.doubt,
        fingerprint=_fingerprint(offer.section, offer.name, offer.price_text, offer.text),
    )


def _remark_line(remark: LineRemark) -> OfferLine:
    role = "section" if remark.is_section else "note"
    return _NOTHING._replace(
        at=remark.at, name=remark.text, section=remark.text if remark.is_section else "", cells=_as_json([remark.text]), role=role
    )


def _to_number(value: Decimal) -> int | float:
    whole = int(value)
    return whole if whole == value else float(value)


def _fingerprint(*texts: str) -> str:
    return blake2b("\x1f".join(texts).encode(), digest_size=12).hexdigest()
