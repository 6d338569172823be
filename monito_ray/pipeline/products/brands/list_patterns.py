"""Brands that a list gives away by repeating them: words that many different goods share and that mean nothing in the trade.

They stand at the head of names (`name_heads`), before a dash, in capitals, in quotes, or in Latin letters among Cyrillic.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from monito_ray.pipeline.products.brands.brand_words import CYRILLIC, WORD, fit_words, is_ordinary_word, may_be_brand, titlecase
from monito_ray.pipeline.products.brands.name_heads import (
    LEAST_GOODS,
    MOST_WORDS,
    MOST_WORDS_OF_NAME,
    NameHeads,
    Words,
    are_different_goods,
    begins,
    brand_at_head,
    collect_heads,
    goods_words,
)

#: Letters that a word in capitals, and a Latin word among Cyrillic, have at least; shorter ones are "SUV" and "USB" as often as a brand.
_LEAST_LETTERS = 4
#: A Latin word that this share of the rows with the brand go on with belongs to it.
_SHARE_OF_NEXT = 0.9
#: A list writes "brand - goods" when so many different texts stand before dashes, and this share of them means nothing in the trade.
_LEAST_BEFORE_DASH, _BRANDS_BEFORE_DASH = 3, 0.7
_QUOTED = re.compile(r"[\"«“„]\s*([^\"«»“”„]{2,30}?)\s*[\"»”“]")
_BRACKETED_END = re.compile(r"[(\[]\s*([A-Z][A-Z .&'-]{2,28}?)\s*[)\]]\s*$")
_QUOTES = re.compile(r"[\"«“„]")
_LATIN_WORD = re.compile(r"[A-Z][A-Za-z'’&.]*[A-Za-z]|[a-z]{4,}")
_VOWEL = re.compile(r"[aeiouy]")
_DASH = re.compile(r"\s+[-–—]\s+")


@dataclass(frozen=True, slots=True)
class ListPatterns:
    """What the names of one list repeat, casefolded."""

    heads: NameHeads = field(default_factory=NameHeads)
    #: What stands before a dash.
    before_dash: frozenset[str] = frozenset()
    #: Words in capitals behind the kind of goods, in names that are not in capitals.
    capitals: frozenset[str] = frozenset()
    #: What stands in quotes, or in brackets at the end.
    quoted: frozenset[str] = frozenset()
    #: Latin words in names that are Cyrillic otherwise, by the first of them.
    latin: Mapping[str, Words] = field(default_factory=dict)


def collect_list_patterns(names: Sequence[str]) -> ListPatterns:
    """Return what `names` repeat, all of one list and without sizes and packs."""
    words = {name: WORD.findall(name) for name in names}
    before_dash, kinds = _before_dashes(words)
    undashed = {name: of_name for name, of_name in words.items() if _before_dash(name) not in kinds} if kinds else words
    return ListPatterns(collect_heads(undashed), before_dash, _capitals(words), _quoted(words), _latin(words))


def repeated_brand(name: str, patterns: ListPatterns) -> str:
    """Return the brand in `name` that its list repeats, or "": the first of those before a dash, in quotes, at the head, in capitals, in Latin."""
    if patterns.before_dash and (before := _before_dash(name)).casefold() in patterns.before_dash:
        return titlecase(before)
    for quoted in _in_quotes(name) if patterns.quoted else ():
        if quoted.casefold() in patterns.quoted:
            return titlecase(quoted)
    words = WORD.findall(name)
    if brand := brand_at_head(words, patterns.heads):
        return titlecase(brand)
    for place in _places_of_capitals(name, words) if patterns.capitals else ():
        if words[place].casefold() in patterns.capitals and _goods_before(words, place):
            return titlecase(words[place])
    for run in _latin_runs(name, words) if patterns.latin else ():
        brand_words = patterns.latin.get(run[0].casefold(), ())
        if brand_words and begins(tuple(word.casefold() for word in run), brand_words):
            return titlecase(" ".join(run[: len(brand_words)]))
    return ""


def _before_dashes(names: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the brands before dashes, casefolded, where the list writes them so; else what stands there and is no brand."""
    before = {text for name in names if (text := _before_dash(name)) and len(WORD.findall(text)) <= MOST_WORDS}
    if len(before) < _LEAST_BEFORE_DASH:
        return frozenset(), frozenset()
    brands = {text for text in before if all(may_be_brand(word.casefold()) for word in WORD.findall(text))}
    if len(brands) < _BRANDS_BEFORE_DASH * len(before):
        return frozenset(), frozenset(before)
    return frozenset(map(str.casefold, brands)), frozenset()


def _before_dash(name: str) -> str:
    """Return what stands before the first dash where goods stand behind it, else ""."""
    parts = _DASH.split(name, 1)
    return parts[0] if len(parts) == 2 and goods_words(WORD.findall(parts[1])) else ""


def _capitals(names: Mapping[str, Sequence[str]]) -> frozenset[str]:
    places: dict[str, list[tuple[Sequence[str], int]]] = defaultdict(list)
    for name, words in names.items():
        for place in _places_of_capitals(name, words):
            places[words[place]].append((words, place))
    return frozenset(
        word
        for shouted, its_places in places.items()
        if len(its_places) >= LEAST_GOODS
        and _VOWEL.search(word := shouted.casefold())
        and may_be_brand(word, _LEAST_LETTERS)
        and _stands_behind_different_goods(its_places)
    )


def _stands_behind_different_goods(places: Iterable[tuple[Sequence[str], int]]) -> bool:
    goods: set[Words] = set()
    for words, place in places:
        if before := _goods_before(words, place):
            goods.add(before)
        if len(goods) >= LEAST_GOODS:
            return True
    return False


def _places_of_capitals(name: str, words: Sequence[str]) -> list[int]:
    """Return where words in capitals stand among the first of a name, or at its end; none where all the name is in one case."""
    if len(words) > MOST_WORDS_OF_NAME or name.isupper() or name.islower():
        return []
    last = len(words) - 1
    return [
        place
        for place, word in enumerate(words)
        if word.isupper() and word.isalpha() and place > 0 and (place <= MOST_WORDS or place == last)
    ]


def _goods_before(words: Sequence[str], place: int) -> Words:
    """Return the words for goods before a place that are not in capitals."""
    return goods_words(word for word in words[:place] if not (word.isupper() and word.isalpha()))


def _quoted(names: Collection[str]) -> frozenset[str]:
    beside: dict[str, list[Words]] = defaultdict(list)
    for name in names:
        for quoted in _in_quotes(name):
            beside[quoted.casefold()].append(tuple(WORD.findall(name.replace(quoted, " "))))
    return frozenset(text for text, rests in beside.items() if are_different_goods(rests) and _may_be_quoted(text))


def _may_be_quoted(text: str) -> bool:
    words = WORD.findall(text)
    return 0 < len(words) <= MOST_WORDS and all(word.isalpha() and not is_ordinary_word(word) for word in words)


def _in_quotes(name: str) -> Iterator[str]:
    """Yield what stands in quotes, and in capitals in brackets at the end."""
    if _QUOTES.search(name):
        yield from (match[1] for match in _QUOTED.finditer(name))
    if name.endswith((")", "]")) and (match := _BRACKETED_END.search(name)):
        yield match[1]


def _latin(names: Mapping[str, Sequence[str]]) -> dict[str, Words]:
    beside: dict[str, list[tuple[Words, Words]]] = defaultdict(list)
    for name, words in names.items():
        goods: Words = ()
        for run in _latin_runs(name, words):
            if not run[0].islower():
                goods = goods or tuple(filter(CYRILLIC.search, words))
                folded = tuple(word.casefold() for word in run)
                beside[folded[0]].append((folded, goods))
    return {first: brand for first, places in beside.items() if len(places) >= LEAST_GOODS and (brand := _common_latin(first, places))}


def _common_latin(first: str, places: Sequence[tuple[Words, Words]]) -> Words:
    """Return the longest run of Latin words that stand beside different goods."""
    if not may_be_brand(first, _LEAST_LETTERS) or not are_different_goods(goods for _, goods in places):
        return ()
    brand: Words = (first,)
    while len(brand) < MOST_WORDS:
        longer = [words for words, _ in places if len(words) > len(brand) and begins(words, brand)]
        following = {words[len(brand)] for words in longer}
        word = following.pop() if len(following) == 1 else ""
        if len(longer) < _SHARE_OF_NEXT * len(places) or not may_be_brand(word):
            break
        brand = (*brand, word)
    return brand


def _latin_runs(name: str, words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield, from each Latin word on, the Latin words of a name that is Cyrillic otherwise; none behind "for"."""
    if name.isascii() or not CYRILLIC.search(name):
        return
    for start, word in enumerate(words):
        if not word.isascii() or not _LATIN_WORD.fullmatch(word):
            continue
        if start and words[start - 1].casefold() in fit_words():
            return
        yield tuple(takewhile(_LATIN_WORD.fullmatch, words[start : start + MOST_WORDS]))
