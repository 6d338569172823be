"""The page is one file: it loads nothing, runs nothing but its own script, and no text of a list is part of its markup."""

import base64
import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from reports import COMPARISON, REPORT, TEXTS

from monito_ray.clients.report.report_page import render_page, write_page
from monito_ray.clients.report.report_words import report_words
from monito_ray.errors import OutputNotWritable

WORDS = report_words(lambda text: text, {})
PAGE = render_page(REPORT, "en", WORDS, TEXTS)
SCRIPT = re.search(r"<script>(.*)</script>", PAGE, re.DOTALL)
HOSTILE = "</script><script>alert(1)</script>"


def _unpacked(page: str, element: str) -> object:
    packed = re.search(rf'id="{element}">([^<]*)<', page)
    assert packed
    return json.loads(gzip.decompress(base64.b64decode(packed[1])))


def test_the_page_names_no_other_resource():
    """No address, no import, no image; the policy forbids them anyway, and allows only this style and this script."""
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", PAGE, flags=re.DOTALL)
    assert not re.search(r"(src|href|action|data)\s*=", markup)
    assert "http" not in PAGE.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert "default-src 'none'" in markup
    assert "unsafe-inline" not in markup


def test_a_text_of_a_list_is_no_markup():
    """A name that ends a script stands packed in the data, and escaped in what is shown where no script runs."""
    page = render_page(replace(REPORT, comparisons=(replace(COMPARISON, name=HOSTILE),)), "en", WORDS, TEXTS)
    assert "<script>alert(1)" not in page
    assert HOSTILE in _unpacked(page, "data")["texts"]  # type: ignore[index, call-overload]


def test_every_word_that_the_script_uses_is_there():
    """`say` finds each name in the words; those made from a variable are checked by their beginning."""
    assert SCRIPT
    titles = re.findall(r"columns\(\[([^\]]*)\]", SCRIPT[1])
    used = set(re.findall(r'say\("(\w+)"', SCRIPT[1])) | set(re.findall(r'"(\w+)"', " ".join(titles)))
    assert len(used) > 40
    assert used - set(WORDS) - {"kind_", "sort_"} == set()
    prefixes = ("kind_", "sort_", "unit_", "tile_", "look_", "since_")
    markers = set(re.findall(r"\{\{(\w+)\}\}", Path(render_page.__code__.co_filename).with_name("report.html").read_text("utf-8")))
    in_use = set(re.findall(r'"(\w+)"', SCRIPT[1])) | markers
    assert {name for name in WORDS if name not in in_use and not name.startswith(prefixes)} == set()


def test_an_earlier_page_stays_where_the_new_one_cannot_be_written(tmp_path: Path):
    """Whole or not at all."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputNotWritable):
        write_page(REPORT, tmp_path / "file" / "report.html", "en", WORDS, TEXTS)
    assert write_page(REPORT, tmp_path / "report.html", "en", WORDS, TEXTS).read_text("utf-8") == PAGE
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".monito")] == []
