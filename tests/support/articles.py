"""Articles for tests of matching, made of what a price list would say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from monito_ray.catalog.matching.article import Article, article_of
from monito_ray.pipeline.products import build, rules
from monito_ray.records import ProductRow, RawRow


def row_of(name: str, **fields: Any) -> ProductRow:
    """The written row of a name as the rules standardize it, at a price of 100 IDR; `fields` of the row are set afterwards."""
    raw = RawRow(source_file="list.csv", source_sheet="csv", source_row=2, original_name=name, price=Decimal(100), currency="IDR")
    (row,) = build.build_products([raw], rules.standardize([raw]))
    return replace(row, **fields)


def article(name: str, **fields: Any) -> Article:
    """The article of such a row."""
    return article_of(row_of(name, **fields))
