"""Keep variants of one list apart: zero and original, with and without bone.

An LLM that shortens names may drop the very word that distinguishes a row from its neighbour, and the catalogue would then show two prices of one
product. The rules drop no word that they do not know, so where answers make one product of several variants, the rules' names stand.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from monito_ray.pipeline.characters import ALPHANUMERIC
from monito_ray.records import Method, Standard

_WORD = re.compile(rf"{ALPHANUMERIC}+")

#: What makes two rows one product: brand, casefolded name, size, unit, pack count.
ProductIdentity = tuple[str, str, Decimal | None, str, int]


def keep_variants_apart(standards: Sequence[Standard], by_rules: Sequence[Standard]) -> list[Standard]:
    """Return `standards` of a whole list, with the rules' names where one product was made of rows whose words differ.

    Both sequences have the list's order. Rows that the rules name with the same words in any order stay one product: "btl" and "botol".
    What a person named stays.
    """
    variants: dict[ProductIdentity, set[frozenset[str]]] = defaultdict(set)
    for standard, by_rule in zip(standards, by_rules, strict=True):
        variants[_identity(standard)].add(_word_set(f"{by_rule.standardized_name} {by_rule.brand}"))
    return [
        standard if standard.method is Method.MANUAL or len(variants[_identity(standard)]) == 1 else _renamed(standard, by_rule)
        for standard, by_rule in zip(standards, by_rules, strict=True)
    ]


def _renamed(standard: Standard, by_rule: Standard) -> Standard:
    return replace(standard, standardized_name=by_rule.standardized_name)


def _identity(standard: Standard) -> ProductIdentity:
    return standard.brand, standard.standardized_name.casefold(), standard.size, standard.unit, standard.pack_count


def _word_set(name: str) -> frozenset[str]:
    return frozenset(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))
