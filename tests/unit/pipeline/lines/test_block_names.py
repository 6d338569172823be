"""Blocks that are one thing each, wrapped names, sizes under headings, prices beside their names: what pages make of lines."""

from decimal import Decimal

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines.reading import read_lines
from monito_ray.pipeline.rows.price_list import read_price_list
from monito_ray.pipeline.rows.readings.merged_rows import merge_rows


def _lines(*rows: tuple[str, float, float] | tuple[str, float, float, int]) -> list[TextLine]:
    """Lines of a page: text, top, bottom, and the column where it is not the first."""
    return [
        TextLine(n, row[0], 40 + 200 * (row[3] if len(row) > 3 else 0), 200, row[1], row[2], row[3] if len(row) > 3 else 0)
        for n, row in enumerate(rows, start=1)
    ]


def _offers(lines: list[TextLine]) -> list[tuple[str, Decimal]]:
    return [(offer.name, offer.price) for offer in read_lines(lines).offers]


def _names(text: str) -> list[str]:
    """The names that a text offers; its blank lines are gaps."""
    rows = [(line, 12.0 * n, 12.0 * n + 10) for n, line in enumerate(text.split("\n")) if line]
    return [name for name, _ in _offers(_lines(*rows))]


def _stacked(*names: str) -> list[TextLine]:
    """Blocks of a name and, in smaller letters, what describes it with the price."""
    rows = []
    for n, name in enumerate(names):
        top = 40.0 * n
        rows += [(name, top, top + 10), (f"Fat {30 + n}% | from the hills | aged\t€{10 + n},50", top + 11, top + 19)]
    return _lines(*rows)


def test_the_first_line_of_a_block_names_the_price_below():
    """What stands beside the price describes the goods."""
    assert _offers(_stacked("Blue cheese Arno", "Goat cheese Bela", "Sheep cheese Cori", "Cow cheese Doro")) == [
        ("Blue cheese Arno", Decimal("10.50")),
        ("Goat cheese Bela", Decimal("11.50")),
        ("Sheep cheese Cori", Decimal("12.50")),
        ("Cow cheese Doro", Decimal("13.50")),
    ]


def test_a_name_goes_over_two_lines():
    """Where the price's line begins small, and stands nearer than the lines of a list."""
    lines = _lines(
        ("Bruschetta with tomatoes", 0, 10), ("and basil €6,50", 10, 20), ("Olives €3,00", 30, 40), ("Tartar of beef", 50, 60),
        ("with capers €12,00", 60, 70), ("Soup of the day €5,50", 80, 90),
    )  # fmt: skip
    assert [name for name, _ in _offers(lines)] == [
        "Bruschetta with tomatoes and basil",
        "Olives",
        "Tartar of beef with capers",
        "Soup of the day",
    ]


def test_prices_in_a_column_of_their_own_have_the_names_beside_them():
    """At the same height, in the column to the left."""
    lines = _lines(
        ("Gin Alba", 0, 10), ("Rum Bruno", 20, 30), ("Vodka Clara", 40, 50), ("€7,00", 0, 10, 1), ("€6,00", 20, 30, 1), ("€5,50", 40, 50, 1)
    )
    assert _offers(lines) == [("Gin Alba", Decimal(7)), ("Rum Bruno", Decimal(6)), ("Vodka Clara", Decimal("5.50"))]


def test_rows_go_across_columns():
    """Lines at one height are one row, whatever their columns."""
    merged = merge_rows(_lines(("Gin Alba", 0, 10), ("Rum Bruno", 20, 30), ("€7", 1, 11, 1)))
    assert [line.text for line in merged] == ["Gin Alba\t€7", "Rum Bruno"]


def test_a_line_that_stands_in_every_block_is_no_name():
    """Nor is the number of pieces in a name its price."""
    rows = []
    for n, name in enumerate(("Cups clear - 2500/case", "Bags brown - 500/case", "Lids flat - 1000/case", "Straws - 2000/case")):
        top = 60.0 * n
        rows += [(name, top, top + 10), ("In stock", top + 12, top + 22), (f"${20 + n}.99", top + 24, top + 34)]
    assert [name for name, _ in _offers(_lines(*rows))] == [
        "Cups clear - 2500/case", "Bags brown - 500/case", "Lids flat - 1000/case", "Straws - 2000/case",
    ]  # fmt: skip


def test_a_price_in_a_description_is_another_price_of_the_offer():
    """A sentence gives no offer."""
    rows = []
    for n, name in enumerate(("Verde Alto 2019", "Rosso Basso 2018", "Bianco Corto 2020", "Nero Duro 2017")):
        top = 80.0 * n
        rows += [
            (f"{name}\t£{140 + n}.45", top, top + 14),
            ("This wine has been the pride of the valley for as long as anybody there can remember", top + 22, top + 32),
            (f"and goes well with roasts and hard cheese (£{12 + n}.05 a bottle).", top + 34, top + 44),
        ]
    reading = read_lines(_lines(*rows))
    assert [(offer.name, offer.price, list(offer.tiers.values())) for offer in reading.offers][:2] == [
        ("Verde Alto 2019", Decimal("140.45"), [Decimal("12.05")]),
        ("Rosso Basso 2018", Decimal("141.45"), [Decimal("13.05")]),
    ]
    assert len(reading.offers) == 4


def test_sizes_below_a_description_are_those_of_the_dish_above_it():
    """A size glued to its number says no name; each size on a line of its own keeps the name of the dish."""
    deluxe = 'Specialty Pizza\n\nHouse Deluxe\nPepperoni, Ham, Onion & Olives\nSmall10" 8.49  Large14" 18.49\n\nGarden\nSpinach, Tomato, Peppers\nSmall10" 7.99  Large14" 17.49'
    pies = "Desserts\nApple Pie\nApples, Cinnamon, Pastry\nSmall 3.50\nLarge 6.50\nFruit Bowl\nMelon, Grapes, Kiwi\nSmall 4.50\nLarge 7.50"
    assert _names(deluxe) == ["House Deluxe", "Garden"]
    assert _names("Apple Pie\nApples, Cinnamon, Pastry\nPrice: 3.50\nFruit Bowl\nMelon, Grapes, Kiwi\nPrice: 4.50") == [
        "Apple Pie",
        "Fruit Bowl",
    ]
    assert _names(pies) == ["Apple Pie Small", "Apple Pie Large", "Fruit Bowl Small", "Fruit Bowl Large"]


def test_a_list_of_goods_with_commas_keeps_its_words_below_sections():
    """The title above several such lines names none of them."""
    goods = ["Beef, chuck, boneless", "Beef, rib, bone in", "Loin, boneless, fresh", "Belly, skin on, fresh"]
    text = f"Meat\n{goods[0]} 5.99\n{goods[1]} 7.99\nPork\n{goods[2]} 3.99\n{goods[3]} 4.99"
    assert _names(text) == goods


def test_prices_above_their_names_are_theirs():
    """A block begins with a price and ends with a name: none of them is that of the name above."""
    lines = ["Rp 45.000", "Sambal matah 250gr", "Rp 40.000", "Sambal embe 250gr", "Rp 38.000", "Sambal terasi 250gr"]
    rows = read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist()
    assert [(row["original_name"], float(row["price"])) for row in rows] == [
        ("Sambal matah 250gr", 45000),
        ("Sambal embe 250gr", 40000),
        ("Sambal terasi 250gr", 38000),
    ]


def test_prices_between_names_are_in_doubt():
    """A title above or a last name without a price: nothing says which."""
    lines = ["Sambal Bali", "Rp 45.000", "Sambal matah 250gr", "Rp 40.000", "Sambal embe 250gr"]
    rows = read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist()
    assert all(row["doubt"] for row in rows if row["price"])


def test_a_size_in_a_chat_below_other_goods_is_in_doubt():
    """What looks like one may be a name of its own."""
    lines = ["Telkomsel 10rb 11.500", "Telkomsel 25rb 26.000", "XL 10 11.800", "Tri 5rb 6.000"]
    rows = read_price_list("\n".join(lines).encode(), "chat.txt").rows.to_pylist()
    assert [row["doubt"] for row in rows if row["source_row"] == 3] == ["its name is taken from the line above"]
