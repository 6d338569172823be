"""Words in Latin letters, and figures, in lines that are read as Russian."""

import pytest

from monito_ray.pipeline.pictures.scripts.mixed_scripts import has_foreign_letters, with_latin_words, without_foreign_letters
from monito_ray.pipeline.pictures.text_reading import SeenChar, SeenText


def _line(text: str, certainty: float = 1.0, width: int = 0) -> SeenText:
    """Return a line whose characters stand where they do in a text of `width`."""
    return SeenText(tuple(SeenChar(char, n / (width or len(text)), certainty) for n, char in enumerate(text)))


@pytest.mark.parametrize(
    ("russian", "english", "network", "expected"),
    [
        ("Мука Уегапо 250 ©", ("Myka Verano 250 g", 1.0), "            250 g", "Мука Verano 250 g"),
        ("Тунец Особый 750 9", ("Tynet Ocobii 750 g", 0.9), "             750 g", "Тунец Особый 750 g"),
        ("Сыр Мелкий 500 г", ("Cbip Menkii 500 r", 0.98), "           500  ", "Сыр Мелкий 500 г"),
        ("Сыр Белый 1 шт", ("Cbip Bensii 1 wT", 0.99), "          1   ", "Сыр Белый 1 шт"),
        ("Рис Супер 1 кг", ("Puc Cynep 1 Kr", 1.0), "          1   ", "Рис Супер 1 кг"),
        ("Соус Alba 1 L", ("Coyc Alba 1 L", 1.0), "     Al   1 L", "Соус Alba 1 L"),
    ],
)
def test_each_word_is_from_the_reading_that_knows_it(russian: str, english: tuple[str, float], network: str, expected: str):
    """One with a letter that no Cyrillic one looks like from the English one where that is sure, figures and units from the network."""
    assert with_latin_words(_line(russian), _line(*english), _line(network)).text == expected


@pytest.mark.parametrize(
    ("russian", "network", "expected"),
    [
        ("Чай Белый Quill 500 9", "          Quill 500 g", "Чай Белый Quill 500 g"),
        ("Сахар Белый 250 т ", "            250 ml", "Сахар Белый 250 ml"),
        ("Сироп 2 Кд", "      2 kg", "Сироп 2 kg"),
        ("Сахар Оникс 1 1", "            1 L", "Сахар Оникс 1 L"),
        ("Сахар Оникс 1 1.", "            1L  ", "Сахар Оникс 1 L"),
        ("Сахар Оникс 1Г.", "            1L ", "Сахар Оникс 1L"),
        ("Яйцо Белый 10 шт", "           10 um", "Яйцо Белый 10 шт"),
        ("Соль Белый 2 уп", "           2 yn", "Соль Белый 2 уп"),
        ("Масло 1,5 Г, ", "        5 L  ", "Масло 1,5 Г,"),
    ],
)
def test_the_size_at_the_end_is_from_the_network_where_its_unit_is_latin(russian: str, network: str, expected: str):
    """A unit in Cyrillic letters stays, and a figure that the network has seen half of."""
    assert with_latin_words(_line(russian), _line(""), _line(network)).text == expected


@pytest.mark.parametrize(
    ("russian", "network", "certainty", "expected"),
    [
        ("Чай Белый 500 9", "          500 g", 0.75, "Чай Белый 500 g"),
        ("Чай Белый 500 9", "          500 g", 0.6, "Чай Белый 500 9"),
        ("Чай Белый 330 т", "          30 l ", 0.75, "Чай Белый 330 т"),
        ("Чай Белый 330 т", "          330 l", 0.75, "Чай Белый 330 т"),
        ("Чай Белый 250 г", "          25 g ", 0.75, "Чай Белый 250 г"),
    ],
)
def test_a_size_that_the_network_is_less_sure_of_wants_the_same_figure(russian: str, network: str, certainty: float, expected: str):
    """And one of the units that nothing else is taken for."""
    assert with_latin_words(_line(russian), _line(""), _line(network, certainty)).text == expected


def test_a_word_with_letters_of_a_third_kind_is_read_in_cyrillic():
    """The word "Méa" is "Мёд"; the words around it stay."""
    line = _line("Méa Белый Tiara")
    assert has_foreign_letters(line)
    assert without_foreign_letters(line, _line("Мёд Белый Папа")).text == "Мёд Белый Tiara"
    assert not has_foreign_letters(_line("Мёд Белый Tiara 1 ₽"))
