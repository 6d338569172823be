"""The words of languages that tell names from prices' labels, kinds of prices, talk and conditions, as expressions over the lexicon."""

import re
from collections.abc import Mapping

from monito_ray.pipeline import lexicon
from monito_ray.pipeline.characters import LETTER, any_of, any_phrase
from monito_ray.pipeline.lexicon import derived
from monito_ray.pipeline.spellings import count_spellings, spellings

_WORD = re.compile(rf"{LETTER}+")
#: Sections and keys whose words say nothing of what goods are.
_SMALL = {
    "amounts": ("from", "to", "thousand", "million"),
    "quantities": ("per", "price", "each", "of", "contains", "content", "orders"),
    "running_text": ("price_words", "per_words", "between"),
    "other_units": ("foreign",),
}
#: What lines of a card say of an offer besides its name and price; of a label that may be two of them, it is the first.
PARTICULARS = ("size", "pack", "unit", "sku", "brand", "min_quantity")
#: Units of packs; goods are added up in larger ones.
_PACK_UNITS = ("g", "ml")
#: Units of counting that are no packages.
_NO_PACKAGES = ("pcs", "dozen", "gross", "score", "ten", "pair", "portion")
#: Shorter words that lead to a price are letters of names, too: "Vitamin A".
_SHORTEST_LEAD = 2


def _phrases(section: str, *keys: str) -> list[str]:
    return [phrase for key in keys for phrase in lexicon.words(section, key)]


def _any(phrases: list[str]) -> str:
    """An expression for any of the phrases; those without wildcards as a tree, which `re` reads far faster."""
    plain = [phrase for phrase in phrases if "*" not in phrase and "." not in phrase]
    others = [phrase for phrase in phrases if "*" in phrase or "." in phrase]
    return f"(?:{any_phrase(others)}|{any_of(plain)})" if others else f"(?:{any_of(plain)})"


def _bordered(phrases: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(phrases)}(?!\w)", re.IGNORECASE)


@derived()
def small_words() -> frozenset[str]:
    """Return single words, casefolded, that say nothing of what goods are: units, "from", "per", "price"."""
    phrases = [phrase for section, keys in _SMALL.items() for phrase in _phrases(section, *keys)]
    words = {word.rstrip("*.") for phrase in phrases for word in phrase.split()}
    return frozenset(words | {part for spelling in spellings() for part in _WORD.findall(spelling)})


@derived()
def price_lead() -> re.Pattern[str]:
    """Return an expression for a word at the end of a name that leads to its price: "harga", "от"."""
    words = [*_phrases("quantities", "price"), *_phrases("running_text", "price_words"), *_phrases("amounts", "from")]
    long_words = [word for word in words if len(word) >= _SHORTEST_LEAD and word != "us"]
    return re.compile(rf"(?:^|[\s(]){_any(long_words)}\.?$", re.IGNORECASE)


@derived()
def tier_words() -> re.Pattern[str]:
    """Return an expression for words that say which of several prices one is: retail, old, now, glass, large; digits may follow."""
    return re.compile(rf"(?<!\w){_any([*_tiers(), *_phrases('running_text', 'size_words')])}(?![^\W\d])", re.IGNORECASE)


@derived()
def tier_lead() -> re.Pattern[str]:
    """Return an expression for such a word at the end of a name, sizes apart."""
    return re.compile(rf"(?<![\s,:(–—-])[\s,:(–—-]++{_any(_tiers())}[\s:.–—-]*$", re.IGNORECASE)


def _tiers() -> list[str]:
    return [*_phrases("price_tiers", "retail", "wholesale", "carton", "old"), *_phrases("running_text", "old_words", "now_words")]


@derived()
def old_words() -> re.Pattern[str]:
    """Return an expression for words of a price that no longer holds."""
    return _bordered([*_phrases("price_tiers", "old"), *_phrases("running_text", "old_words")])


@derived()
def retail_words() -> re.Pattern[str]:
    """Return an expression for words of the price that everybody pays."""
    return _bordered([*_phrases("price_tiers", "retail"), *_phrases("running_text", "now_words")])


@derived()
def wholesale_words() -> re.Pattern[str]:
    """Return an expression for words of the price of those who buy much."""
    return _bordered(_phrases("price_tiers", "wholesale"))


@derived()
def size_words() -> re.Pattern[str]:
    """Return an expression for a text that is a size and nothing else: "small", "botol"."""
    return re.compile(rf"\W*{_any(_phrases('running_text', 'size_words'))}\W*", re.IGNORECASE)


@derived()
def per_words() -> re.Pattern[str]:
    """Return an expression for what begins to say what a price is for: "a punnet", "el kilo", "c/u"."""
    return re.compile(rf"\W*{_any(_phrases('running_text', 'per_words'))}(?!\w)", re.IGNORECASE)


@derived()
def money_talk() -> re.Pattern[str]:
    """Return an expression for words that no name has: of people, and of what they do with money."""
    return _bordered(_phrases("running_text", "money_talk"))


@derived()
def speech() -> re.Pattern[str]:
    """Return an expression for words of letters, news and talk."""
    return _bordered(_phrases("running_text", "speech"))


@derived()
def bills() -> re.Pattern[str]:
    """Return an expression for the words of invoices, receipts and payslips."""
    return _bordered(_phrases("running_text", "bills"))


@derived()
def conditions() -> re.Pattern[str]:
    """Return an expression for a line's begin, or words anywhere, that make it a condition of sale: "Delivery", "min order"."""
    begin = _any([*_phrases("rows", "not_goods"), *_phrases("running_text", "begins_condition")])
    anywhere = _any(_phrases("running_text", "conditions"))
    share = rf"^\W*\d+(?:[.,]\d+)?\s?%\W*{discount_words()}\W*$"
    return re.compile(rf"^\W*{begin}(?!\w)|(?<!\w){anywhere}(?!\w)|{share}", re.IGNORECASE)


@derived()
def discount_words() -> str:
    """Return an expression, as text, for the word for a discount: "10% off"."""
    return _any(_phrases("running_text", "discounts"))


@derived()
def discounts() -> re.Pattern[str]:
    """Return an expression for words of a discount, wherever they stand."""
    return _bordered(_phrases("running_text", "discounts"))


@derived()
def lone_conditions() -> re.Pattern[str]:
    """Return an expression for words that are a condition of sale where nothing else stands beside the amount: "Voucher 5.000"."""
    return re.compile(rf"\W*{_any(_phrases('running_text', 'lone_conditions'))}\W*", re.IGNORECASE)


@derived()
def of_all_prices() -> re.Pattern[str]:
    """Return an expression for words of a remark on all prices of a list: "harga", "all"."""
    return _bordered([*_phrases("quantities", "price"), *_phrases("running_text", "all_prices")])


@derived()
def begins_with_price() -> re.Pattern[str]:
    """Return an expression for a text that begins with a word for prices: it speaks of them, and names no goods."""
    return re.compile(rf"\W*{any_phrase(lexicon.words('quantities', 'price'))}(?!\w)", re.IGNORECASE)


@derived()
def kinds_in_row() -> re.Pattern[str]:
    """Return an expression for the kinds of two or three prices in a row: "ecer / grosir", "harga toko | harga agen"."""
    price = any_phrase(lexicon.words("quantities", "price"))
    kind = rf"(?:{price}\s)?{_any(_tiers())}"
    return re.compile(rf"(?<!\w){kind}(?:\s?[/|]\s?{kind}){{1,2}}(?!\w)", re.IGNORECASE)


@derived()
def packages() -> frozenset[str]:
    """Return the spellings of packages, casefolded: units of counting that are things, too ("Ember", "Galon", "Упаковка")."""
    return frozenset(word for word, unit in count_spellings().items() if unit not in _NO_PACKAGES)


@derived()
def sums() -> re.Pattern[str]:
    """Return an expression for a name that begins or ends with the word for a sum."""
    before, total = (any_phrase(lexicon.words("rows", key)) for key in ("before_totals", "totals"))
    return re.compile(rf"\W*(?:(?:{before}\W*)?{total}(?!\w)|(?:[\w.,:]+\s){{1,5}}{total}$)", re.IGNORECASE)


@derived()
def condition_words() -> re.Pattern[str]:
    """Return an expression for all words of sums and conditions, wherever they stand."""
    rows = _phrases("rows", "not_goods", "totals", "before_totals", "beside_totals")
    return _bordered([*rows, *_phrases("running_text", "begins_condition", "conditions", "lone_conditions", "discounts")])


@derived()
def packs_behind_sums() -> re.Pattern[str]:
    """Return an expression for a sum's word before a name and a pack in grams or millilitres: goods, "Total cereal 300 g"."""
    total = any_phrase(lexicon.words("rows", "totals"))
    packs = any_of([spelling for spelling, unit in spellings().items() if unit in _PACK_UNITS])
    words = _any([*_phrases("rows", "before_totals", "beside_totals"), *_phrases("quantities", "price", "stated_content")])
    return re.compile(rf"\W*{total}\s+(?!{words}(?!\w)){LETTER}[^\d]*\d+(?:[.,]\d+)?\s?{packs}(?!\w)", re.IGNORECASE)


@derived()
def order_quantity() -> re.Pattern[str]:
    """Return an expression for how much a buyer must take for a price: "1-5 кг", "от 10 кг"."""
    return re.compile(rf"{_order_threshold()}|\d\s*[-–—]\s*\d", re.IGNORECASE)


@derived()
def order_threshold() -> re.Pattern[str]:
    """Return an expression for from or up to how much a price holds: "от 10 кг", "between 1 and 4 boxes"."""
    return re.compile(rf"\W*{_order_threshold()}", re.IGNORECASE)


def _order_threshold() -> str:
    words = _any([*_phrases("amounts", "from", "to"), *_phrases("quantities", "orders"), *_phrases("running_text", "between")])
    return rf"(?:{words}|[<>≥≤])\s*\d"


@derived()
def price_label() -> re.Pattern[str]:
    """Return an expression for a label of a price alone."""
    return re.compile(rf"\W*{_any([*_phrases('quantities', 'price'), *_phrases('titles', 'price')])}\W*", re.IGNORECASE)


@derived()
def name_label() -> re.Pattern[str]:
    """Return an expression for a label of a name."""
    return re.compile(rf"\W*{_any(_phrases('titles', 'name'))}\W*", re.IGNORECASE)


@derived()
def particular_labels() -> Mapping[str, re.Pattern[str]]:
    """Return an expression for the labels of each particular of an offer, by the role of a column that would hold it."""
    return {role: re.compile(rf"\W*{_any(_phrases('titles', role))}\W*", re.IGNORECASE) for role in PARTICULARS}


@derived()
def other_label() -> re.Pattern[str]:
    """Return an expression for a label of something else that a column may hold."""
    others = [word for role in lexicon.entries("titles") if role not in ("price", "name") for word in lexicon.words("titles", role)]
    return re.compile(rf"\W*{_any(others)}\W*", re.IGNORECASE)
