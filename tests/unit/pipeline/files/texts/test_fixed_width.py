"""Columns between gutters of white space."""

from monito_ray.pipeline.files.texts.text import read_text


def test_gutters_make_columns_where_no_delimiter_does():
    """Columns are between the white space that runs down between words; an empty cell stays empty, a title that runs across stays whole."""
    text = (
        "            PRICE LIST OF OUR OWN EXAMPLE SHOP\n"
        "Name                Unit     Price\n"
        "Plums dried         kg      45 000\n"
        "Pears                       30 000\n"
        "Figs in syrup       can    112 500\n"
    )
    rows = [list(row) for row in read_text(text.encode(), "a.txt")[0].rows]
    assert rows[1:] == [
        ["Name", "Unit", "Price"],
        ["Plums dried", "kg", "45 000"],
        ["Pears", "", "30 000"],
        ["Figs in syrup", "can", "112 500"],
    ]
    assert "PRICE LIST OF OUR OWN EXAMPLE SHOP" in rows[0]
