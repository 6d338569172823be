"""Borders on a picture are told from letters, and taken out of it."""

import numpy as np
import pytest

from monito_ray.pipeline.pictures.drawn_lines import find_drawn_lines, without_drawn_lines

cv2 = pytest.importorskip("cv2", reason="the extra `ocr` is not installed: pip install 'monito-ray[ocr]'")
_HEIGHT = 28
_NAMES = (
    "Kopi Hitam Kestrel 330 ml",
    "Minyak Spesial Palma 5 kg",
    "Illilli 1111 llll",
    "Sabun Merah Monte 250 ml",
    "Gula Halus 1 kg",
    "Teh 500 g",
)


def _page(*, has_borders: bool, lean: float = 0.0):
    """Return a page of six rows with tight lines of text, in a table whose columns lean by so much, or in none."""
    page = np.full((6 * _HEIGHT + 60, 900, 3), 245, np.uint8)
    for row, name in enumerate(_NAMES):
        base = 30 + (row + 1) * _HEIGHT - 7
        cv2.putText(page, name, (60, base), cv2.FONT_HERSHEY_COMPLEX, 0.7, (20, 20, 20), 2, cv2.LINE_AA)
        cv2.putText(page, f"{row + 1}1.500", (620, base), cv2.FONT_HERSHEY_COMPLEX, 0.7, (20, 20, 20), 2, cv2.LINE_AA)
    if has_borders:
        for row in range(7):
            cv2.line(page, (40, 30 + row * _HEIGHT), (760, 30 + row * _HEIGHT), (90, 90, 90), 1, cv2.LINE_AA)
        for x in (40, 600, 760):
            cv2.line(page, (x, 30), (round(x + lean * 6 * _HEIGHT), 30 + 6 * _HEIGHT), (90, 90, 90), 1, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("lean", [0.0, 0.015])
def test_borders_are_lines_also_where_they_lean(lean: float):
    """All rows' and columns', and nothing of the letters between them."""
    lines = find_drawn_lines(_page(has_borders=True, lean=lean), _HEIGHT)
    assert [round(line.at) for line in lines.level] == pytest.approx([30 + row * _HEIGHT for row in range(7)], abs=2)
    assert sorted(round(line.at) for line in lines.plumb) == pytest.approx([40, 600, 760], abs=3)


def test_level_borders_are_lines_also_where_a_curl_is_left():
    """They rise and fall by a sixth of a row within their length."""
    page = _page(has_borders=False)
    x = np.arange(40, 761)
    for row in range(7):
        y = 30 + row * _HEIGHT + 4 * np.sin((x - 40) / 720 * 2 * np.pi)
        cv2.polylines(page, [np.stack([x, np.round(y)], axis=1).astype(np.int32)], isClosed=False, color=(90, 90, 90), thickness=1)
    lines = find_drawn_lines(page, _HEIGHT)
    assert [round(line.at) for line in lines.level] == pytest.approx([30 + row * _HEIGHT for row in range(7)], abs=2)
    assert [round(line.start) for line in lines.level] == pytest.approx([40] * 7, abs=4)
    assert [round(line.end) for line in lines.level] == pytest.approx([760] * 7, abs=4)


def test_letters_in_a_line_are_no_border():
    """Feet of letters side by side, and strokes of figures below one another, leave no paper beside them."""
    page = _page(has_borders=False)
    lines = find_drawn_lines(page, _HEIGHT)
    assert (lines.level, lines.plumb) == ([], [])
    assert without_drawn_lines(page, lines, _HEIGHT) is page


def test_borders_are_taken_out_and_letters_stay():
    """What is left looks like the page that never had any."""
    page = _page(has_borders=True)
    clean = without_drawn_lines(page, find_drawn_lines(page, _HEIGHT), _HEIGHT)
    bare = _page(has_borders=False)
    assert (np.abs(clean.astype(int) - bare) > 60).mean() < 0.001
    assert (np.abs(page.astype(int) - bare) > 60).mean() > 0.02


def test_a_border_along_letters_is_one_where_it_is_long():
    """Names begin close behind it, so that it has little paper on that side; no column of letters is in one piece over ten lines."""
    rows = 14
    page = np.full((rows * _HEIGHT + 60, 500, 3), 245, np.uint8)
    for row in range(rows):
        base = 30 + (row + 1) * _HEIGHT - 6
        cv2.putText(page, f"Beras Hitam {row}", (62, base), cv2.FONT_HERSHEY_COMPLEX, 0.8, (20, 20, 20), 2, cv2.LINE_AA)
    assert not find_drawn_lines(page, _HEIGHT).plumb
    cv2.line(page, (60, 30), (60, 30 + rows * _HEIGHT), (90, 90, 90), 1, cv2.LINE_AA)
    assert [round(line.at) for line in find_drawn_lines(page, _HEIGHT).plumb] == pytest.approx([60], abs=3)
