"""Rows of one list that an LLM would make one product though their names differ: zero and original, with and without bone.

Whoever shortens a name may drop the very word that tells it from its neighbour, and the catalogue would then show two prices of one thing.
The rules drop no word that they do not know, so where answers make twins one, the rules' names stand.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from monito_ray.records import Method, Standard

_WORD = re.compile(r"[^\W_]+")

ProductIdentity = tuple[str, str, Decimal | None, str, int]


def keep_variants_apart(standards: Sequence[Standard], by_rules: Sequence[Standard]) -> list[Standard]:
    """`standards` of a whole list, with the rules' names where one product has been made of rows which those tell apart by a word.

    Both in the same order. What the rules call the same stays one: "btl" and "botol", or the same words in another order. What a person named stays.
    """
    names: dict[ProductIdentity, set[frozenset[str]]] = defaultdict(set)
    for standard, by_rule in zip(standards, by_rules, strict=True):
        names[_product(standard)].add(_words(f"{by_rule.standardized_name} {by_rule.brand}"))
    return [
        standard
        if standard.method is Method.MANUAL or len(names[_product(standard)]) == 1
        else replace(standard, standardized_name=by_rule.standardized_name)
        for standard, by_rule in zip(standards, by_rules, strict=True)
    ]


def _product(standard: Standard) -> ProductIdentity:
    return standard.brand, standard.standardized_name.casefold(), standard.size, standard.unit, standard.pack_count


def _words(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))
