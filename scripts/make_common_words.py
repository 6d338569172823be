#!/usr/bin/env python3
"""Make `monito_ray/pipeline/data/common_words.txt` from Shopify's product taxonomy.

    for language in da de en es fi fr it nl pl pt ptbr; do npm pack shopify-taxonomy-$language; done
    python scripts/make_common_words.py shopify-taxonomy-*.tgz

The packages hold the names of the categories of https://github.com/Shopify/product-taxonomy (MIT licence).
"""

import json
import re
import sys
import tarfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "monito_ray" / "pipeline" / "data" / "common_words.txt"
#: Letters of a word: shorter ones are articles, longer ones compounds of one category.
FEWEST, MOST = 3, 14
WORD = re.compile(r"[^\W\d_]+")


def main() -> None:
    """Write the file anew below its head."""
    words = {word for path in sys.argv[1:] for text in _texts(Path(path)) for word in WORD.findall(text.casefold())}
    head = [line for line in OUT.read_text("utf-8").splitlines() if line.startswith("#")]
    body = textwrap.wrap(" ".join(sorted(word for word in words if FEWEST <= len(word) <= MOST)), 140)
    OUT.write_text("\n".join((*head, *body)) + "\n", "utf-8")


def _texts(package: Path) -> Iterator[str]:
    with tarfile.open(package) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(".json") and "package.json" not in member.name else None
            if content is not None:
                yield from _strings(json.load(content))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


if __name__ == "__main__":
    main()
