"""Brands at the head of a list's names: words that many different goods go on from, and that mean nothing in the trade."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.products.brands.brand_words import LOCAL_LETTER, is_ordinary_word, may_be_brand, name_parts
from monito_ray.pipeline.products.categories.keywords import is_keyword

#: A word is a brand when it goes with this many different goods: twice happens by chance.
LEAST_GOODS = 3
#: A brand's words at most.
MOST_WORDS = 3
#: A word that follows the first belongs to the brand when this share of the goods that begin with the first go on with it.
_SHARE_OF_NEXT = 0.9
#: Where the next word is an ordinary one, all goods have to go on with it, and at least so many.
_LEAST_GOODS_OF_ORDINARY_NEXT = 3
_LEAST_LETTERS_OF_NEXT = 3
#: A brand at the head of names stands elsewhere in names at most at this part of its places: more, and it is an ingredient or a kind.
_MOST_ELSEWHERE = 0.2
#: One or two letters in front of a name are a mark of the list's own; an article or an initial that this share of the goods have, belongs to the brand.
_LONGEST_MARK, _SHARE_OF_MARK = 2, 0.8
_ARTICLE = re.compile(r"[a-z]|[a-z][aeiou]|[aeiou][a-z]|(?:dr|mr|st)\.?", re.IGNORECASE)
#: Names with more words than this, in the middle of a list, describe goods in sentences, and begin with any word.
MOST_WORDS_OF_NAME = 12
#: A word is the kind of goods when this share of the names that begin with it go on with words that follow this many other first words, too: with
#: brands.
_BRANDED_SHARE, _LEAST_OTHER_HEADS = 0.5, 3
#: A list begins its names with brands when it has so many, or when they begin this share of its names and ordinary words at most that share.
_LEAST_HEADS, _LEAST_SHARE_OF_HEADS, _MOST_SHARE_OF_KINDS = 5, 0.25, 0.6
#: A list in a language that needs letters beyond those of Western Europe, in this share of its names, begins names with words of its own.
_LOCAL_SHARE = 0.3
#: Letters that a word has which tells goods apart; shorter ones are units, marks and prepositions.
_GOODS_WORD = re.compile(r"[^\W\d_]{3,}")

#: Casefolded words.
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameHeads:
    """The brands at the head of a list's names, casefolded, by the first of their words."""

    words: Mapping[str, Words] = field(default_factory=dict)
    #: Articles, initials and parts of names ("San") that belong to the brand behind them.
    marks: Mapping[str, str] = field(default_factory=dict)


def brand_at_head(words_of_name: Sequence[str], heads: NameHeads) -> str:
    """Return the brand at the head of a name, as it is written, or "" where there is none or nothing would be left of the name."""
    written, mark = _without_marks(words_of_name)
    brand_words = heads.words.get(written[0].casefold(), ()) if written else ()
    if not brand_words or len(written) <= len(brand_words) or _folded(written[: len(brand_words)]) != brand_words:
        return ""
    brand = " ".join(written[: len(brand_words)])
    return f"{mark} {brand}" if mark and heads.marks.get(brand_words[0]) == mark.casefold() else brand


def collect_heads(names: Mapping[str, Sequence[str]]) -> NameHeads:
    """Return the brands at the head of `names`, each with its words."""
    is_local = sum(not name.isascii() and LOCAL_LETTER.search(name) is not None for name in names) >= _LOCAL_SHARE * len(names)
    by_first: dict[str, list[Words]] = defaultdict(list)
    marks: dict[str, list[str]] = defaultdict(list)
    for words_of_name in names.values():
        written, mark = _without_marks(words_of_name)
        if written and (not is_local or words_of_name[0].isascii()):
            words = _folded(written)
            by_first[words[0]].append(words)
            marks[words[0]].append(mark.casefold())
    if _are_sentences([len(words) for beginnings in by_first.values() for words in beginnings]):
        return NameHeads()
    candidates = {
        first: brand
        for first, beginnings in by_first.items()
        if len(beginnings) >= LEAST_GOODS and (brand := _longest_common_head(first, beginnings))
    }
    elsewhere, heads_before = _count_elsewhere(candidates, by_first), _heads_before(by_first)
    heads = {
        first: brand
        for first, brand in candidates.items()
        if elsewhere[first] <= _MOST_ELSEWHERE * (elsewhere[first] + len(by_first[first]))
        and not _has_other_number(first, by_first)
        and not _goes_with_brands(by_first[first], heads_before)
    }
    if not _begins_with_brands(heads, by_first):
        return NameHeads()
    return NameHeads(heads, {first: mark for first in heads if (mark := _common_mark(marks[first]))})


def _begins_with_brands(heads: Mapping[str, Words], by_first: Mapping[str, list[Words]]) -> bool:
    """Whether the list begins its names with brands: where few do, the word is a kind that happens to mean nothing in the trade, such as a dish."""
    if len(heads) >= _LEAST_HEADS:
        return True
    names = sum(map(len, by_first.values()))
    with_head = sum(len(by_first[first]) for first in heads)
    with_kind = sum(len(beginnings) for first, beginnings in by_first.items() if is_ordinary_word(first))
    return with_head >= _LEAST_SHARE_OF_HEADS * names and with_kind <= _MOST_SHARE_OF_KINDS * names


def _are_sentences(lengths: list[int]) -> bool:
    return bool(lengths) and sorted(lengths)[len(lengths) // 2] > MOST_WORDS_OF_NAME


def _longest_common_head(first: str, beginnings: Sequence[Words]) -> Words:
    """Return the longest run of words that is a brand by what follows it, () where not even the first word is one."""
    if not may_be_brand(first) or not are_different_goods(words[1:] for words in beginnings):
        return ()
    brand: Words = (first,)
    while len(brand) < MOST_WORDS:
        following = Counter(words[len(brand)] for words in beginnings if len(words) > len(brand) and begins(words, brand))
        word, count = max(following.items(), key=lambda item: item[1], default=("", 0))
        longer = (*brand, word)
        rests = (words[len(longer) :] for words in beginnings if begins(words, longer))
        if not _belongs(word, count, following.total()) or not are_different_goods(rests):
            break
        brand = longer
    return brand


def _belongs(word: str, count: int, total: int) -> bool:
    """Whether the word that `count` of `total` goods go on with belongs to the brand before it."""
    if not total or count < _SHARE_OF_NEXT * total or sum(map(str.isalpha, word)) < _LEAST_LETTERS_OF_NEXT or is_keyword(word):
        return False
    return not is_ordinary_word(word) or (count == total and count >= _LEAST_GOODS_OF_ORDINARY_NEXT and word.isalpha())


def are_different_goods(rests: Iterable[Words]) -> bool:
    """Whether what stands beside a word are different goods. Words tell them apart: "Zarvex 5" and "Zarvex 10" are of one series."""
    goods = set()
    for rest in rests:
        goods.add(goods_words(rest))
        if len(goods) > LEAST_GOODS:
            return True
    return len(goods - {()}) >= LEAST_GOODS


def goods_words(words: Iterable[str]) -> Words:
    """Return the words that tell goods apart, casefolded."""
    return tuple(word.casefold() for word in words if _GOODS_WORD.fullmatch(word))


def _count_elsewhere(candidates: Mapping[str, Words], by_first: Mapping[str, list[Words]]) -> dict[str, int]:
    """Return how many names have each candidate at another place than their head."""
    counts = dict.fromkeys(candidates, 0)
    for first, beginnings in by_first.items():
        for words in beginnings:
            for word in counts.keys() & words[1:]:
                counts[word] += word != first
    return counts


def _heads_before(by_first: Mapping[str, list[Words]]) -> Mapping[str, set[str]]:
    """Return the first words that each second word follows, of words that may be brands."""
    before: dict[str, set[str]] = defaultdict(set)
    for first, beginnings in by_first.items():
        for words in beginnings:
            if len(words) > 1:
                before[words[1]].add(first)
    return {second: firsts for second, firsts in before.items() if len(firsts) > _LEAST_OTHER_HEADS and may_be_brand(second)}


def _goes_with_brands(beginnings: Sequence[Words], heads_before: Mapping[str, set[str]]) -> bool:
    """Whether most names that begin with a word go on with one that other first words go on with, too: then these are the brands."""
    return sum(len(words) > 1 and words[1] in heads_before for words in beginnings) >= _BRANDED_SHARE * len(beginnings)


def _has_other_number(first: str, firsts: Mapping[str, object]) -> bool:
    """Whether names begin with the word in the singular and in the plural: "progresivo" and "progresivos" are goods."""
    return f"{first}s" in firsts or f"{first}es" in firsts or (first.endswith("s") and first[:-1] in firsts)


def _common_mark(marks: Sequence[str]) -> str:
    mark, count = Counter(marks).most_common(1)[0]
    return mark if count >= _SHARE_OF_MARK * len(marks) else ""


def _without_marks(words: Sequence[str]) -> tuple[Sequence[str], str]:
    """Return the words of a name from the first that is more than a mark or a code, and the article, initial or part of a name right before it."""
    start = 0
    while start < len(words) and not _is_word(words[start]):
        start += 1
    mark = words[start - 1] if 0 < start < len(words) else ""
    return words[start:], mark if _ARTICLE.fullmatch(mark) or mark.casefold() in name_parts() else ""


@derived(maxsize=65536)
def _is_word(word: str) -> bool:
    if word.isalpha():
        return len(word) > _LONGEST_MARK and word.casefold() not in name_parts()
    return sum(map(str.isalpha, word)) > _LONGEST_MARK


def _folded(words: Sequence[str]) -> Words:
    return tuple(word.casefold() for word in words)


def begins(words: Words, head: Words) -> bool:
    """Whether `words` begin with `head`."""
    return words[: len(head)] == head
