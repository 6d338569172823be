"""The plan of the workbook."""

from dataclasses import fields, replace

from rows import COLA, COLA_ROW, cola_offer

from monito_ray.catalog.offers import Offer, Product, Snapshot
from monito_ray.catalog.sheets.workbook_plan import catalogue_of, plan_workbook
from monito_ray.records import ProductRow
from monito_ray.sheet_model import PlannedSheet


def _plan(products: list[Product], offers: list[Offer]) -> dict[str, PlannedSheet]:
    return {sheet.title: sheet for sheet in plan_workbook(catalogue_of(Snapshot(tuple(products), tuple(offers))))}


def _records(sheet: PlannedSheet) -> list[dict[str, object]]:
    return [dict(zip([column.title for column in sheet.columns], row, strict=True)) for row in sheet.rows]


def test_supplier_sheets_hold_every_row_in_list_order():
    """A supplier's sheet has the record's columns and all its rows, repeats of a product included, as its list has them."""
    late, early = replace(COLA_ROW, source_row=30), replace(COLA_ROW, source_row=4)
    second_sheet = cola_offer(row=replace(COLA_ROW, source_sheet="A", source_row=1), product_id="p2")
    sheet = _plan([COLA], [cola_offer(row=late, others=(early,)), second_sheet])["Alpha"]
    assert [column.title for column in sheet.columns] == [field.name for field in fields(ProductRow)]
    assert [(row["source_sheet"], row["source_row"]) for row in _records(sheet)] == [("Juni", 4), ("Juni", 30), ("A", 1)]
