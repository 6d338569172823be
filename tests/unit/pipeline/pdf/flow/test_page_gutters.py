"""Gutters of a page, and gutters of a table."""

from pdf_reading import line

from monito_ray.pipeline.pdf.flow.page_gutters import find_page_gutter
from monito_ray.pipeline.pdf.flow.run_kinds import RunKinds

NAMES = ["Garden salad", "Trout", "Rye bread", "Borscht", "Pancakes", "Lemonade"]


def gutter_of(*rows):
    """The gutter of lines that stand 20 points apart."""
    return find_page_gutter([tuple(line(*cells, y=20.0 * i)) for i, cells in enumerate(rows)], RunKinds())


def test_names_and_prices_on_both_sides_are_columns():
    """Both halves of each line are alike."""
    found = gutter_of(*[((0, name), (120, f"{i + 2}.50"), (200, f"{name} big"), (330, f"{i + 4}.50")) for i, name in enumerate(NAMES)])
    assert found is not None
    assert (found.first, found.last) == (0, 5)
    assert 140 < found.x < 200


def test_prices_alone_are_no_column():
    """Nor are their currencies, or units that repeat."""
    assert gutter_of(*[((0, name), (120, f"{i}.50"), (200, "kilogram")) for i, name in enumerate(NAMES)]) is None
    assert gutter_of(*[((0, name), (120, "Portion"), (200, f"{i}.50")) for i, name in enumerate(NAMES)]) is None


def test_producers_beside_volumes_are_cells():
    """A number behind a name that is far smaller than the prices is no price."""
    rows = [((0, name), (120, "0.75"), (200, f"House of {name}"), (330, f"{i + 2}500.00")) for i, name in enumerate(NAMES)]
    assert gutter_of(*rows) is None


def test_long_page_takes_linear_time():
    """Ten thousand words with an edge of their own each are looked at in seconds."""
    rows = [[(x * 31 + (i * 7 + x) % 29, "word") for x in range(20)] for i in range(500)]
    assert gutter_of(*rows) is None


def test_few_words_beside_a_list_are_a_column_of_their_own():
    """A motto in the margin may have lines at the height of names; in a table every price has a name beside it."""
    rows = [((200, name), (330, f"{i + 4}.50")) for i, name in enumerate(NAMES)]
    rows[1] = ((0, "Our best"), *rows[1])
    rows[3] = ((0, "for ten"), *rows[3])
    rows[2:2] = [((0, "wines"),), ((0, "under sail"),)]
    assert gutter_of(*rows) is not None


def test_columns_between_two_gaps_are_found_where_the_rest_has_none():
    """A list of one column stands above, apart from it two short columns, whose white space is another's price column above."""
    above = [((0, name), (200, f"{i + 4}.50")) for i, name in enumerate(NAMES)]
    below = [((0, f"{name} dry"), (90, f"{i + 2}.50"), (180, f"{name} sweet"), (330, f"{i + 3}.50")) for i, name in enumerate(NAMES[:4])]
    lines = [tuple(line(*cells, y=20.0 * i + (100 if i >= len(above) else 0))) for i, cells in enumerate([*above, *below])]
    found = find_page_gutter(lines, RunKinds())
    assert found is not None
    assert (found.first, found.last) == (6, 9)


def test_cells_in_a_type_of_their_own_are_no_column():
    """Prices that stand two points lower than the names beside them, each of them, are cells of their rows."""
    rows = [
        line((0, f"{name} (box x12u)"), y=26.0 * i) + line((200, "Stock"), (330, "per box"), y=26.0 * i + 2) for i, name in enumerate(NAMES)
    ]
    below = [line((200, "up to 10"), (330, f"{i + 2}.50"), y=26.0 * i + 13) for i in range(len(NAMES))]
    lines = [tuple(one) for pair in zip(rows, below, strict=True) for one in pair]
    assert find_page_gutter(lines, RunKinds()) is None


def test_several_numbers_behind_a_name_are_its_row():
    """Sums below a table have words right of a gutter, but its rows go on there with nothing but numbers."""
    rows = [((0, name), (120, f"{i + 2}.50"), (200, "20"), (260, f"{i + 1}.95"), (330, f"{i}95.00")) for i, name in enumerate(NAMES)]
    sums = [((200, name), (330, "995.00")) for name in ("Before tax", "Tax", "After tax")]
    assert gutter_of(*rows, *sums) is None
