"""Whether tables or running lines are taken: for their prices, their names, and how much they offer."""

from collections.abc import Sequence
from decimal import Decimal

import papers
import pytest

from monito_ray.pipeline.cells import Sheet, TextLine
from monito_ray.pipeline.lines.line_assembly import LineOffer, LinesReading
from monito_ray.pipeline.rows import price_list
from monito_ray.pipeline.rows.offer_line import OfferLine, SheetTables
from monito_ray.pipeline.rows.readings import choice, contrast

Offer = tuple[str, str]
BLANK = OfferLine(0, "", None, "", "", "", "", "", "", "", "", "", "", "", "", "[]", "", "", "")
DRINKS = [("Pale ale", "4,10 €"), ("Stout of oats", "4,60 €"), ("Cider dry", "3,90 €"), ("Ginger beer", "3,20 €")]


def number(price: str) -> Decimal:
    return Decimal(price.split(maxsplit=1)[0].replace(",", "."))


def taken(monkeypatch: pytest.MonkeyPatch, *pages: tuple[Sequence[Offer], Sequence[Offer]]) -> str:
    """What is taken of each page, "t" or "l", of its offers as tables and as lines."""
    currency = {"€": "EUR"}
    sheets, readings = [], []
    for n, (of_tables, of_lines) in enumerate(pages):
        lines = [
            BLANK._replace(at=i, name=name, price=number(price), price_text=price, currency=currency.get(price[-1], ""))
            for i, (name, price) in enumerate(of_tables)
        ]
        text = [TextLine(i, name, 0, 1, i, i + 1) for i, (name, _) in enumerate(of_lines)]
        rows = [[name, price] for name, price in of_tables]
        sheets.append(SheetTables(Sheet(f"page {n}", rows, paged=True, lines=text), (), lines))
        offers = [
            LineOffer(i, name, number(price), price_text=price, currency=currency.get(price[-1], ""))
            for i, (name, price) in enumerate(of_lines)
        ]
        readings.append(choice._ReadPage(text, LinesReading(tuple(offers))))
    monkeypatch.setattr(choice, "_read_pages", lambda _: readings)
    return "".join("l" if any(len(row) == 1 for row in sheet.sheet.rows) else "t" for sheet in choice.choose_readings(sheets))


def test_bare_figures_are_no_prices_where_the_other_reading_has_money(monkeypatch: pytest.MonkeyPatch):
    """The column beside the prices is stock or a running number, however many rows it has."""
    stock = [(name, str(n * 7)) for n, (name, _) in enumerate(DRINKS, start=2)]
    assert taken(monkeypatch, (DRINKS, stock), (stock, DRINKS)) == "tl"
    assert taken(monkeypatch, (DRINKS[:3], stock)) == "t"


def test_a_currency_at_another_amount_of_a_line_makes_its_price_no_money():
    """A line has the price and the stock; the stock was read as the price."""
    offers = [LineOffer(n, name, Decimal(n), currency="EUR", price_text=str(n)) for n, (name, _) in enumerate(DRINKS, start=2)]
    lines = [BLANK._replace(name=name, price=number(price), price_text=price, currency="EUR") for name, price in DRINKS]
    assert contrast.lines_have_money(lines, offers, is_titled=False) is False


def test_names_cut_short_are_left_for_whole_ones(monkeypatch: pytest.MonkeyPatch):
    """Both readings have the same prices; the one with the halves of names goes."""
    halves = [(name.split()[-1], price) for name, price in DRINKS]
    assert taken(monkeypatch, (DRINKS, halves), (halves, DRINKS)) == "tl"


def test_a_title_before_names_makes_them_no_more_whole(monkeypatch: pytest.MonkeyPatch):
    """The title of a section stands before several names."""
    glued = [(f"BEERS {name}" if n < 2 else name, price) for n, (name, price) in enumerate(DRINKS)]
    assert taken(monkeypatch, (DRINKS, glued), (glued, DRINKS)) == "tl"


def test_pages_without_headers_are_taken_alike(monkeypatch: pytest.MonkeyPatch):
    """What offers more on all pages together is taken on a page where both offer as much; a page that lines hardly read stays."""
    more = [*DRINKS, ("Perry", "5,00 €"), ("Mead", "6,50 €")]
    assert taken(monkeypatch, (DRINKS, DRINKS), (more, DRINKS)) == "tt"
    assert taken(monkeypatch, (DRINKS, DRINKS), (DRINKS, more), (more, DRINKS[:3])) == "llt"


def test_what_stands_behind_most_names_describes_them(monkeypatch: pytest.MonkeyPatch):
    """Names with their ingredients are no more whole than those without."""
    described = [(f"{name} water, malt, hops", price) for name, price in DRINKS]
    assert taken(monkeypatch, (DRINKS, described), (described, DRINKS)) == "ll"


def test_lines_of_pages_whose_titled_tables_hold_them_all_are_not_read(monkeypatch: pytest.MonkeyPatch):
    """They could offer no more; a page without a header is read both ways."""
    read: list[TextLine] = []
    monkeypatch.setattr(choice, "read_lines", lambda lines: read.extend(lines) or LinesReading())
    goods = [(str(n), f"Pepper no. {n} of {n} farms", "500 g", f"Rp {n}5.000") for n in range(1, 13)]
    price_list.read_price_list(papers.pdf(papers.ruled_table([papers.HEADER, *goods])), "list.pdf")
    assert read == []
    price_list.read_price_list(papers.pdf(papers.ruled_table(goods)), "list.pdf")
    assert len(read) == len(goods)


def test_pages_without_a_header_keep_the_columns_of_the_first_one():
    """Only the first of six pages has the header; each name stands on two lines of its cell, which as running lines would be halves."""
    pages = [papers.Paper().grid([40, 300, 380], range(40, 341, 30)) for _ in range(6)]
    names = []
    for number_of_page, page in enumerate(pages):
        for n in range(10):
            top = 52 + 30 * n
            if number_of_page == n == 0:
                page.row(top, [(44, "Product"), (304, "Price")])
                continue
            first, second = f"Paint {chr(65 + number_of_page)}{chr(65 + n)} for wooden doors and", "window frames, white"
            page.row(top, [(44, first), (304, f"{12 + 7 * n + number_of_page}.50")]).row(top + 12, [(44, second)])
            names.append(f"{first} {second}")
    rows = price_list.read_price_list(papers.pdf(*pages), "paints.pdf").rows.to_pylist()
    assert [row["original_name"] for row in rows if row["price"]] == names
