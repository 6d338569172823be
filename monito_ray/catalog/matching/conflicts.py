"""Guards: what makes two articles different goods however alike their words are, and what must be asked."""

import math

from monito_ray.catalog.matching import canonical_words
from monito_ray.catalog.matching.article import Article
from monito_ray.catalog.matching.number_chains import moved_word, word_of_other_number
from monito_ray.pipeline.units import content_units, outer_packages, single_pieces

#: Equal words at prices that are farther apart, in one currency, are asked about.
MOST_PRICE_RATIO = 3.0
#: Sizes that differ by less may be one, measured otherwise: "330 ml" and "11.2 fl oz".
_SIZE_DIFFERENCE = 0.03
#: A count beside a price for one piece is no pack: then both prices are alike to this factor, ...
_SAME_PRICE = 1.5
#: ... and the pack is so large that its price would be far from one piece's.
_LEAST_PACK = 4
#: A pack beside a piece of the same content may be several, at prices that differ by this factor.
_PRICE_OF_SEVERAL = 2.5
#: Goods without a content or a model are one only at prices that are nearer: nothing else says how much is meant.
_MOST_RATIO_WITHOUT_CONTENT = 2.0
#: What prices are looked at for by the guards: whether they differ by one of these factors.
PRICE_RATIOS = (_SAME_PRICE, _MOST_RATIO_WITHOUT_CONTENT, _PRICE_OF_SEVERAL, MOST_PRICE_RATIO)
#: Content of a piece that holds the unit of goods sold loose.
_UNIT_PIECES = {"kg": (1000.0, "g"), "l": (1000.0, "ml")}
#: Groups of words that may mean a kind of goods.
_GROUPS_OF_KINDS = frozenset(("container", "form", "kind"))
#: A shorter code may be another one's end by chance: "s10" of "gs10".
_LEAST_CODE = 5
_CARTONS = frozenset(("carton", "crate", "bale", "slop", "drum"))


def conflict(one: Article, other: Article) -> str:
    """Return why two articles cannot be one product, a sentence; "" for no reason."""
    return (
        _sizes(one, other)
        or _loose(one, other)
        or _packs(one, other)
        or _units(one, other)
        or _numbers(one, other)
        or _swapped_numbers(one, other)
        or _telling_words(one, other)
    )


def question(one: Article, other: Article) -> str:
    """Return what a person has to say before two articles with equal words can be one product; "" for nothing."""
    return (
        _barcodes(one, other)
        or _unsaid_content(one, other)
        or _count_in_name(one, other)
        or _unsaid_unit(one, other)
        or _unsaid_numbers(one, other)
        or _moved_words(one, other)
        or _freshness(one, other)
        or _dish(one, other)
        or _without_evidence(one, other)
    )


def size_key(article: Article) -> str:
    """Return what two articles have in common whose contents are equal: three digits of the size, or the unit that they are sold loose by."""
    return _size_text(article.size, article.size_unit) if article.size else article.loose


def _size_text(size: float, unit: str) -> str:
    return f"{size:.3g} {unit}"


def other_size_keys(article: Article) -> tuple[str, ...]:
    """Return the keys of other contents that may be meant: "by the kg" of a piece of one kilogram, and the other way round."""
    if article.loose:
        return tuple(_size_text(*piece) for unit, piece in _UNIT_PIECES.items() if unit == article.loose)
    unit = unit_of_piece(article)
    return (unit,) if unit else ()


def has_same_content(one: Article, other: Article) -> bool:
    """Whether both have one content, or neither says any."""
    return size_key(one) == size_key(other)


def unit_of_piece(article: Article) -> str:
    """Return the unit of goods sold loose that a piece of the article holds: "kg" of one of a kilogram; "" for any other content."""
    content = (article.size, article.size_unit)
    return next((unit for unit, piece in _UNIT_PIECES.items() if piece == content and article.pack == 1), "")


def _sizes(one: Article, other: Article) -> str:
    if not one.size or not other.size or one.size_unit != other.size_unit:
        return ""
    if abs(one.size - other.size) <= _SIZE_DIFFERENCE * max(one.size, other.size):
        return ""
    return f"Their sizes differ: {one.size_text} and {other.size_text}."


def _loose(one: Article, other: Article) -> str:
    if one.loose and other.loose:
        return "" if one.loose == other.loose else f"One is sold by the {one.loose}, the other by the {other.loose}."
    bulk, piece = (one, other) if one.loose else (other, one)
    if not bulk.loose or _is_like_unit_piece(bulk, piece):
        return ""
    if piece.size:
        return f"One is sold by the {bulk.loose}, the other in pieces of {piece.size_text}."
    if piece.price_unit and piece.price_unit not in content_units():
        return f"One is sold by the {bulk.loose}, the other by the {piece.price_unit}."
    return ""


def _is_like_unit_piece(bulk: Article, piece: Article) -> bool:
    """Whether a piece holds just the unit that the other is sold by, at about its price: many a list says "kg" of a bag of one kilogram."""
    return unit_of_piece(piece) == bulk.loose and bool(piece.currency) and has_like_prices(bulk, piece, _SAME_PRICE)


def _packs(one: Article, other: Article) -> str:
    if one.pack == other.pack or is_no_pack(one, other):
        return ""
    return f"One price is for {max(one.pack, other.pack)} pieces, the other for {min(one.pack, other.pack)}."


def is_no_pack(one: Article, other: Article) -> bool:
    """Whether the price says that a count is no pack: a piece costs as much on the other side."""
    low, high = sorted((one.pack, other.pack))
    return low == 1 and high >= _LEAST_PACK and bool(one.currency) and has_like_prices(one, other, _SAME_PRICE)


def _units(one: Article, other: Article) -> str:
    first, second = one.price_unit, other.price_unit
    if first == second or one.loose or other.loose:
        return ""
    if one.pack == other.pack > 1:
        return ""
    if (first in _CARTONS and (second in single_pieces() or not second)) or (
        second in _CARTONS and (first in single_pieces() or not first)
    ):
        if first and second:
            return f"One price is for a {first}, the other for a {second}."
        return ""
    singles = single_pieces() - {"pcs"}
    if first in singles and second in singles and not {first, second} <= {"sachet", "pouch"}:
        return f"One is sold by the {first}, the other by the {second}."
    return ""


def _numbers(one: Article, other: Article) -> str:
    if one.numbers == other.numbers:
        return _codes(one, other)
    mine, others = list(one.numbers), list(other.numbers)
    for number in one.numbers:
        if number in others:
            others.remove(number)
            mine.remove(number)
    if "+" in mine or "+" in others:
        return "Only one of them has a plus sign."
    if mine and others:
        return f"Numbers in their names differ: {mine[0]} and {others[0]}."
    if not mine and not others and not _are_numbered_by_codes(one, other):
        return f"Numbers in their names stand in another order: {' '.join(one.numbers)} and {' '.join(other.numbers)}."
    return ""


def _codes(one: Article, other: Article) -> str:
    """Return the reason of codes that have one number and other letters; letters that one side has beside the other's may be a maker's."""
    if len(one.codes) != len(other.codes):
        return ""
    pairs = [pair for pair in zip(one.codes, other.codes, strict=True) if pair[0] != pair[1]]
    return next((f"Codes in their names differ: {mine} and {others}." for mine, others in pairs if not _ends_with_code(mine, others)), "")


def _ends_with_code(code: str, other: str) -> bool:
    short, long = sorted((code, other), key=len)
    return len(short) >= _LEAST_CODE and long.endswith(short)


def _are_numbered_by_codes(one: Article, other: Article) -> bool:
    """Whether each number has letters at it, the same on both sides: "16a 1p" and "1p 16a"."""
    return len(one.codes) == len(one.numbers) == len(other.numbers) and sorted(one.codes) == sorted(other.codes)


def _swapped_numbers(one: Article, other: Article) -> str:
    """Return the reason of equal numbers whose words are swapped: "level 1 jumbo 3" and "jumbo 1 level 3"."""
    swap = word_of_other_number(one.bound_numbers, other.bound_numbers)
    return f'Numbers in their names belong to other words: {swap.number} and {swap.other_number} to "{swap.word}".' if swap else ""


def _telling_words(one: Article, other: Article) -> str:
    """Return which words tell the goods apart: two of one group, or one that changes what goods are."""
    if one.english == other.english or one.written == other.written:
        return ""
    left = [word for word in one.english if word not in other.english]
    right = [word for word in other.english if word not in one.english]
    groups = canonical_words.telling_groups()
    mine, others = ({groups[word]: word for word in words if word in groups} for words in (left, right))
    for group in sorted(mine.keys() & others.keys()):
        return f"One is {mine[group]}, the other {others[group]}."
    for own, rest in ((mine, right), (others, left)):
        for group in sorted(canonical_words.STRONG_GROUPS & own.keys()):
            if not any(map(_may_say_kind, rest)):
                return f'Only one of them is "{own[group]}".'
    return ""


def _may_say_kind(word: str) -> bool:
    """Whether a word may say what the other side says by a word that makes other goods: one that nobody knows, how it is cut, or what it comes in.

    "Ground coffee" is coffee powder, and a pouch is a refill. Such pairs are asked about.
    """
    return not canonical_words.is_usual(word) or canonical_words.telling_groups().get(word) in _GROUPS_OF_KINDS


def _unsaid_content(one: Article, other: Article) -> str:
    if has_same_content(one, other):
        return ""
    if one.loose or other.loose:
        bulk, piece = (one, other) if one.loose else (other, one)
        if piece.size:
            return f"Is one sold by the {bulk.loose}, the other in pieces of {piece.size_text}?"
    if one.size and other.size:
        return f"Is {one.size_text} the same as {other.size_text}?"
    says = one if one.size or one.loose else other
    return f"Only one of them says its content: {says.size_text or 'by the ' + says.loose}."


def _unsaid_unit(one: Article, other: Article) -> str:
    """Return the question of two units of a price that may be one."""
    first, second = one.price_unit, other.price_unit
    if first == second or one.loose or other.loose:
        return ""
    if not is_no_pack(one, other) and one.pack == other.pack > 1:
        return ""
    if is_no_pack(one, other):  # the price is the same for a carton and for the pieces that the other side counts
        single = one if one.pack == 1 else other
        if single.price_unit in outer_packages():
            return ""
    may_hold_several = not has_like_prices(one, other, _PRICE_OF_SEVERAL) and {first, second} & outer_packages()
    if {first, second} & _CARTONS or may_hold_several or (not one.size and {first, second} != {"", "pcs"}):
        return f"Is the price for a {first or 'piece'} or for a {second or 'piece'}?"
    return ""


def _unsaid_numbers(one: Article, other: Article) -> str:
    if one.numbers == other.numbers:
        if one.codes == other.codes or one.squeezed == other.squeezed:
            return ""
        return f"Only one of them has the code {' '.join(sorted(set(one.codes) ^ set(other.codes)))}."
    numbers = [number for number in (*one.numbers, *other.numbers) if (number in one.numbers) != (number in other.numbers)]
    return f"Only one of them says {numbers[0]}." if numbers else "Their numbers repeat otherwise."


def _moved_words(one: Article, other: Article) -> str:
    """Return the question of equal numbers of which one stands at words of another."""
    moved = moved_word(one.bound_numbers, other.bound_numbers)
    return f'Does "{moved.word}" belong to {moved.number} or to {moved.other_number}?' if moved else ""


def _barcodes(one: Article, other: Article) -> str:
    return (
        f"Their barcodes differ: {one.barcode} and {other.barcode}."
        if one.barcode and other.barcode and one.barcode != other.barcode
        else ""
    )


def _count_in_name(one: Article, other: Article) -> str:
    """Return the question of a count in a name that may be the pack, where the prices do not answer it."""
    if one.count_in_name == other.count_in_name:
        return ""
    ratio = ratio_of_counts(one, other)
    if ratio and has_like_prices(one, other, ratio):
        return ""
    return f"Is the price for one piece or for {max(one.count_in_name, other.count_in_name)}?"


def ratio_of_counts(one: Article, other: Article) -> float:
    """Return by which factor prices differ at the most where a count in one name is not in the price; 0 where both names count."""
    fewer, more = sorted((one.count_in_name, other.count_in_name))
    return 0 if fewer else min(MOST_PRICE_RATIO, math.sqrt(more))


def _freshness(one: Article, other: Article) -> str:
    """Return the question of goods of which only one side says that they are fresh, where the price does not show that both are."""
    return "" if one.is_fresh == other.is_fresh or has_like_prices(one, other, _SAME_PRICE) else "Only one of them is fresh."


def _without_evidence(one: Article, other: Article) -> str:
    """Return the question of two names alone: neither content nor model is said, and the prices cannot be compared."""
    if one.heading and other.heading and set(one.heading).isdisjoint(other.heading):
        return f'They stand under other titles: "{" ".join(one.heading)}" and "{" ".join(other.heading)}".'
    if one.is_content_of_title != other.is_content_of_title and not has_like_prices(one, other, MOST_PRICE_RATIO):
        return "The content of one stands in a title alone, and their prices cannot be compared."
    if size_key(one) or one.numbers or has_like_prices(one, other, _MOST_RATIO_WITHOUT_CONTENT):
        return ""
    if one.currency == other.currency:
        return f"Neither says how much it is, and one costs over {_MOST_RATIO_WITHOUT_CONTENT:g} times as much as the other."
    return "Neither says its content, and their prices cannot be compared."


def _dish(one: Article, other: Article) -> str:
    return "Only one of them is a dish that is ready to eat." if one.is_dish != other.is_dish else ""


def has_like_prices(one: Article, other: Article, most: float) -> bool:
    """Whether prices in one currency differ by the factor `most` at the most."""
    return one.currency == other.currency and max(one.price, other.price) <= most * min(one.price, other.price)
