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


def test_lines_of_a_letterhead_leave_the_columns_of_a_short_table_open():
    """Lines with fewer gaps than most do not close the gutters between code, name and pack."""
    text = (
        "VALE DO SOL BEBIDAS LTDA              Pag.: 1\n"
        "TABELA DE PRECOS       Emissao: 02/06/2026\n"
        "COD.    DESCRICAO             EMB       PRECO\n"
        "00017   SUCO DE CAJU 1L       CX6       38,90\n"
        "00023   AGUA DE COCO 330ML    CX12      52,74\n"
        "00031   CHA MATE 500ML        FD12      14,50\n"
    )
    rows = [list(row) for row in read_text(text.encode(), "a.txt")[0].rows]
    assert rows[3:] == [
        ["00017", "SUCO DE CAJU 1L", "CX6", "38,90"],
        ["00023", "AGUA DE COCO 330ML", "CX12", "52,74"],
        ["00031", "CHA MATE 500ML", "FD12", "14,50"],
    ]


def test_running_numbers_one_blank_before_the_names_are_a_column():
    """Right-aligned numbers that count up are no part of the names; other numbers at the head of a name are."""
    names = ["Beras Merah", "Gula Aren", "Minyak Kelapa", "Teh Bunga", "Kopi Luwak", "Garam Laut"]
    numbered = "".join(f"{n:>4} {name:<20}{1000 * n:>8}\n" for n, name in enumerate(names, 8))
    counted = "".join(f"{count:>4} {name:<20}{1000 * count:>8}\n" for count, name in zip([12, 6, 24, 3, 10, 8], names, strict=True))
    assert list(read_text(numbered.encode(), "a.txt")[0].rows[0]) == ["8", "Beras Merah", "8000"]
    assert list(read_text(counted.encode(), "a.txt")[0].rows[0]) == ["12 Beras Merah", "12000"]
