"""Where text stands, and which way it runs."""

import numpy as np
import pytest
from PIL import ImageDraw, ImageFont
from printed_pages import FONT, printed_page

from monito_ray.pipeline.pictures import networks
from monito_ray.pipeline.pictures.placed_lines import read_placed_lines

needs_ocr = pytest.mark.skipif(not networks.is_installed(), reason="the extra ocr is not installed: pip install -e '.[ocr]'")


@needs_ocr
@pytest.mark.parametrize("size", [20, 24, 27, 31])
def test_a_word_that_is_as_wide_as_high_is_read_along_its_line(size: int):
    """Units have columns of their own, and the commonest one is "kg"."""
    page = printed_page()
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, size)
    for n in range(6):
        pen.text((520, 90 + n * 62), "kg", fill="black", font=font)
    lines = [line.read.text for line in read_placed_lines(np.asarray(page))]
    assert lines.count("kg") == 6
