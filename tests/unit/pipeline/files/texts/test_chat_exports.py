"""Lines copied or exported from a chat."""

import pytest

from monito_ray.pipeline.files.texts.chat_exports import without_senders


@pytest.mark.parametrize(
    "before",
    [
        "[12/05/26, 05:49] Rina Sayur: ",
        "[5/12/26, 5:49:03\u202fPM] Dave Fish: ",
        "\u200e[12.05.26, 05:49:03] +62 812-3456-7890: ",
        "12/05/2026, 05:49 - Rina: ",
        "05.12.2026 17:49 - Rina: ",
    ],
)
def test_day_time_and_sender_go(before: str):
    """The message stays, and lines of it that have nothing before them."""
    assert list(without_senders([f"{before}Spinach 5.000/bunch\n", "Carrots 14.000/kg\n"])) == [
        "Spinach 5.000/bunch\n",
        "Carrots 14.000/kg\n",
    ]


def test_a_sender_above_a_message_leaves_an_empty_line():
    """So that the lines keep their numbers."""
    lines = ["Rina, [12.05.2026 05:49]\n", "Spinach 5.000/bunch\n"]
    assert list(without_senders(lines)) == ["\n", "Spinach 5.000/bunch\n"]


def test_other_lines_stay():
    """Dates in a list are no chat's."""
    lines = ["12/05/2026;05:49;Spinach;5000\n", "Valid from 12/05/2026: Carrots 14.000\n"]
    assert without_senders(lines) is lines
