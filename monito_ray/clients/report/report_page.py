"""The page: template, style, script and data in one file, under a policy that lets it load nothing and run nothing else."""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from monito_ray.clients.output_paths import atomic_write
from monito_ray.clients.report.plain_view import plain_view
from monito_ray.clients.report.report_json import report_json
from monito_ray.plans.local_texts import LocalTexts
from monito_ray.plans.planned_report import PlannedReport

#: The parts of the script, in the order in which they use each other.
_SCRIPTS = "data texts history search state products chart price_view change_view look_view page".split()
_MARKER = re.compile(r"\{\{(\w+)\}\}")
#: Data of a large catalogue compresses to a fifth; higher levels take thrice as long for the last percent.
_COMPRESSION = 6


def write_page(report: PlannedReport, path: Path, language: str, words: Mapping[str, str], texts: LocalTexts) -> Path:
    """Write the page of a report to `path`, whole or not at all, and return `path`.

    Raises:
        OutputNotWritable: naming `path` and the cause; an earlier file is unchanged.
    """
    with atomic_write(path) as temporary:
        temporary.write_text(render_page(report, language, words, texts), "utf-8")
    return path


def render_page(report: PlannedReport, language: str, words: Mapping[str, str], texts: LocalTexts) -> str:
    """Return the page.

    Args:
        report: what it shows.
        language: code of the language of `words`; the script writes numbers and days as in it.
        words: see `report_words`.
        texts: numbers and days of that language, for where no script runs.
    """
    style, script = _asset("report.css"), _script()
    policy = (
        f"default-src 'none'; style-src '{_source_hash(style)}'; script-src '{_source_hash(script)}'; base-uri 'none'; form-action 'none'"
    )
    parts = {name: html.escape(word) for name, word in words.items()} | {
        "language": html.escape(language),
        "plain_view": plain_view(report, words, texts),
        "policy": policy,
        "style": style,
        "script": script,
        "words": _packed(dict(words)),
        "data": _packed(report_json(report)),
    }
    return _MARKER.sub(lambda marker: parts[marker[1]], _asset("report.html"))


def _packed(value: object) -> str:
    """Return a value as gzipped JSON in base64: no text of a list can end the element that holds it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), _COMPRESSION, mtime=0)).decode("ascii")


def _source_hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


@cache
def _script() -> str:
    """Return the whole script: its parts share one scope, which the page's other names do not reach."""
    parts = "\n".join(_asset(f"script/{name}.js") for name in _SCRIPTS)
    return f'(async () => {{\n"use strict";\n{parts}}})();\n'


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
