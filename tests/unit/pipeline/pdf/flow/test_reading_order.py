"""The lines of a page in the order in which a person reads them."""

from papers import Paper
from pdf_reading import runs_of

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.pdf.flow.reading_order import page_lines, page_regions

DRINKS = [("Lemonade", "3.50"), ("Iced tea with mint", "4.20"), ("Still water", "2.00"), ("Orange juice", "4.80"), ("Kvass", "3.10")]
DISHES = [("Borscht", "6.50"), ("Pancakes with honey", "5.40"), ("Garden salad", "4.90"), ("Grilled trout", "12.80"), ("Rye bread", "1.20")]


def lines_of(page: Paper) -> list[TextLine]:
    """The lines of a page."""
    return page_lines(page_regions(runs_of(page)))


def texts_of(page: Paper) -> list[str]:
    """Their texts."""
    return [line.text for line in lines_of(page)]


def two_columns(page: Paper, shift: float = 0) -> Paper:
    """Two columns of names and prices, the right one `shift` points lower."""
    for i, ((drink, cost), (dish, price)) in enumerate(zip(DRINKS, DISHES, strict=True)):
        page.row(100 + 18 * i, [(40, drink), (230, cost)]).row(100 + 18 * i + shift, [(320, dish), (520, price)])
    return page


def test_columns_of_a_page_follow_each_other():
    """The right half of a menu is read behind the left one, though their lines stand at one height."""
    lines = lines_of(two_columns(Paper()))
    assert [line.text for line in lines] == [f"{name}\t{price}" for name, price in [*DRINKS, *DISHES]]
    assert [line.column for line in lines] == [0] * 5 + [1] * 5
    assert [line.number for line in lines] == list(range(1, 11))


def test_columns_may_be_set_lower():
    """Lines of two columns overlap in height and are lines of their own."""
    assert texts_of(two_columns(Paper(), shift=4)) == [f"{name}\t{price}" for name, price in [*DRINKS, *DISHES]]


def test_heading_over_all_columns_comes_first():
    """What stands across the gutter parts the columns above from those below."""
    page = two_columns(Paper().text(120, 60, "Summer menu of the harbour kitchen, from June to August, all prices with service"))
    texts = texts_of(page.text(150, 220, "Please tell us about allergies before you order, and ask for our list of wines"))
    assert texts[0].startswith("Summer menu")
    assert texts[-1].startswith("Please tell us")
    assert texts[1] == "Lemonade\t3.50"


def test_columns_of_a_table_are_one_line():
    """White space beside a price or a description parts cells, not columns of the page."""
    page = Paper()
    rows = [("Olive oil", "cold pressed", "500 ml", "8.90"), ("Sea salt", "from Bali", "250 g", "2.10"), ("Tea", "loose", "100 g", "3.40")]
    for i, row in enumerate(rows):
        page.row(100 + 16 * i, zip((40, 160, 300, 420), row, strict=True))
    assert texts_of(page) == ["\t".join(row) for row in rows]


def test_blocks_beside_each_other_are_read_one_by_one():
    """Cards of name, text and price stand in a grid."""
    page = Paper()
    for i, name in enumerate(["Teapot", "Kettle", "Pitcher", "Tray"]):
        for x, title, price in ((40, f"{name} small", "12.00"), (300, f"{name} large", "19.00")):
            page.text(x, 100 + 60 * i, title).text(x, 114 + 60 * i, f"{title} of glass, made by hand").text(x, 128 + 60 * i, f"EUR {price}")
    texts = texts_of(page)
    assert texts[:3] == ["Teapot small", "Teapot small of glass, made by hand", "EUR 12.00"]
    assert texts[12] == "Teapot large"


def test_dots_become_a_tab():
    """Leaders may be dots with spaces, and may touch name and price."""
    page = Paper().text(40, 100, "Lemonade ........ 3.50").text(40, 116, "Iced tea . . . . . . 4.20").text(40, 132, "Kvass.....3.10")
    assert texts_of(page) == ["Lemonade\t3.50", "Iced tea\t4.20", "Kvass\t3.10"]


def test_stacked_lines_are_never_one():
    """Amounts below each other stay apart however close they are set."""
    page = Paper().text(40, 100, "Meat pie, two pieces").row(100, [(300, "25")]).text(40, 109, "Cheese pie").row(109, [(300, "22")])
    assert texts_of(page) == ["Meat pie, two pieces\t25", "Cheese pie\t22"]


def test_currency_set_apart_belongs_to_its_amount():
    """Accounting formats set the sign at the left of the cell."""
    assert texts_of(Paper().row(100, [(40, "Rice"), (300, "Rp"), (340, "45.000")])) == ["Rice\tRp 45.000"]


def test_prices_of_cards_may_stand_beside_texts():
    """A card without a text has its price where the card beside it has one."""
    page = Paper()
    for i, name in enumerate(["Teapot", "Kettle", "Pitcher", "Tray"]):
        y = 100 + 50 * i
        page.text(40, y, f"{name} small").text(40, y + 14, "of glass, made by hand").text(40, y + 28, f"{i + 12}.00")
        page.text(300, y, f"{name} large").text(300, y + 14, f"{i + 19}.00")
    texts = texts_of(page)
    assert texts[:3] == ["Teapot small", "of glass, made by hand", "12.00"]
    assert texts[12:14] == ["Teapot large", "19.00"]
