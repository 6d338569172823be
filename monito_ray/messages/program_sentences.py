"""Sentences of the program in the reader's language: why a price is suspected, a list doubted, two offers not surely one.

The store and the sheets hold them in English, so that they can be read there. Here a sentence is found again by its template, and its values go
into the template in another language. A sentence without a template is left out for who does not read English.
"""

import re
from collections.abc import Iterator
from functools import cache

from monito_ray.messages.message_texts import Messages
from monito_ray.messages.translations import N_

#: Why a price may be wrong: `catalog.prices.suspicions`.
SUSPICIONS = (
    N_("one {fraction} of {what}: {prices}"),
    N_("the price of one piece? {what}: {prices}"),
    N_("the price of a pack of {n}? {what}: {prices}"),
    N_("priced per {unit}, the others per {other}"),
    N_("below half of the other price and of its own last one: {prices}"),
    N_("below half of all {n} other prices: {prices}"),
    N_("over {factor} times all {n} other prices: {prices}"),
    N_("{n} times {what}: {prices}"),
    N_("{share} of {what}: {prices}"),
    N_("Another row of the list is alike in all but the price."),
)
#: Why a price of a picture may be misread: `pipeline.rows.readings.picture_doubts` and `pipeline.pictures.second_look`.
PICTURE_DOUBTS = (
    N_("the price was read from a picture: the picture may say {number}"),
    N_("the price was read from a picture: the picture is not clear"),
    N_("the price was read from a picture: a digit in the picture is not clear"),
    N_("the price was read from a picture: the page is bent, so it may belong to the line above or below"),
    N_("the price was read from a picture, and is written unlike the others"),
    N_("the price was read from a picture, and is far from the others"),
    N_("the price was read from a picture, and the figure before it may belong to it"),
    N_("the price was read from a picture on which one stands beside the title of a column, so it may belong to the line above or below"),
    N_("the price was read from a picture on which another one stands beside no name, so it may belong to the line above or below"),
    N_("the price was read from a picture, and does not fit the other amounts on its row"),
    N_("the price was read from a picture that shows it once for several rows, so it may belong to one of them alone"),
    N_("the price was read from a picture that shows this name once for several prices, so it may belong to another one"),
)
#: What else is odd about a row: `pipeline.rows`, `pipeline.products.doubts` and `pipeline.products.measuring.base_prices`.
ROW_DOUBTS = (
    N_("the name has more than {n} characters and is cut"),
    N_('above the table stands "{text}": the price may be meant a thousand times as high'),
    N_("its name is too long to be one"),
    N_("its name has control characters"),
    N_("its name reads like an instruction to a program"),
    N_("the price is for one {unit}, but the size is {size}: no base price"),
    N_("{amount} may be pieces, grams or millilitres: no base price"),
    N_("{amount} contradicts a price of {price} for one {unit}: no base price"),
    N_("{price} for one {unit}, where the same goods cost {other}: no base price"),
    N_("{price} for one {unit}, if the price is for {n} pieces; others cost {other}: no base price"),
    N_("{text} was read as {price}"),
    N_("{text} may be {n} thousand"),
    N_("its price may be that of the line below"),
    N_("its name is taken from the line above"),
    N_("of its prices {prices} nothing says which one everybody pays"),
    N_("+{price} may be added to other prices"),
    N_("the amount {amount} on its line was not read"),
    N_("{title}: {price} is below zero and was left out"),
)
#: What has to be said before two offers can be one: `catalog.matching` and `catalog.questions`.
PAIR_REASONS = (
    N_("Is one sold by the {unit}, the other in pieces of {size}?"),
    N_("Is the price for one piece or for {n}?"),
    N_("Is the price for a {one} or for a {other}?"),
    N_("Is {one} the same as {other}?"),
    N_("Only one of them says its content: {content}."),
    N_("Only one of them has the code {code}."),
    N_("Only one of them is fresh."),
    N_("Only one of them is a dish that is ready to eat."),
    N_("Only one of them says {what}."),
    N_("Their numbers repeat otherwise."),
    N_("Does {what} belong to {one} or to {other}?"),
    N_("Their barcodes differ: {one} and {other}."),
    N_("They stand under other titles: {one} and {other}."),
    N_("The content of one stands in a title alone, and their prices cannot be compared."),
    N_("Neither says how much it is, and one costs over {n} times as much as the other."),
    N_("Neither says how much it is, and their prices are in two currencies."),
    N_("Neither says its content, and their prices cannot be compared."),
    N_("One costs {n} times as much as the other."),
    N_("One of them fits several articles of the other's supplier."),
    N_("Two articles of one supplier would become one product."),
    N_("Somebody said that goods of both are apart."),
    N_("Somebody said that they are one, and somebody that they are apart."),
)
#: What an LLM said of a pair, behind its reason.
HINTS = (N_("The LLM says that both are one."), N_("The LLM says that {what} tells them apart."))
#: Why a list may be misread, behind the place and a colon: `pipeline.rows.certainty`.
DOUBTS = (
    N_("{what}, such as {example}"),
    N_("about {share} of the rows are probably right; compare some with the list"),
    N_("no title and no currency says that these are prices; they may be points, counts or other figures"),
    N_("column {one} may hold the prices as well as {other}: no title says which"),
    N_("column {one} may be the price instead of column {other}"),
    N_("column {one} may be the name instead of column {other}"),
    N_("column {one} may hold what the goods cost the seller"),
    N_("column {one} may hold no prices: no title says so, nor that there are names"),
    N_("{n} cells look like prices and were not read ({rows})"),
    N_("1 cell looks like a price and was not read ({rows})"),
    N_("{n} amounts look like prices and were not read"),
    N_("1 amount looks like a price and was not read"),
    N_("{n} of {all} lines with an amount have no name and gave no offer"),
    N_("the price of {n} of {all} lines could not be read"),
    N_("{n} of {all} rows have no price"),
    N_("{n} of {all} rows has no price"),
    N_("{n} prices are far from the others, near {middle}: {rows}"),
    N_("1 price is far from the others, near {middle}: {rows}"),
    N_("look at the lowest and the highest price, which are far apart: {rows}"),
    N_("{n} of {all} offers have the same price, {price}; it may be another figure"),
    N_("{n} formulas have no value in the file; open the file in a spreadsheet program, save it there and send it again"),
    N_("text, and no offer was read there"),
    N_("repeats page {n} and was read once"),
    N_("the picture cannot be opened"),
    N_("is a picture without text that can be read"),
    N_("names hold amounts of money, so prices may belong to other names"),
    N_("the prices look like numbers of rows or articles"),
    N_("the prices are small whole numbers, as quantities and percentages are"),
    N_("names hold hardly a letter"),
    N_("some names begin in the middle of a sentence"),
    N_("some names are sentences"),
    N_("some names hold dates or other particulars"),
    N_("names are as long as sentences"),
    N_("names look like sizes, codes or amounts"),
    N_("many rows were taken for titles or remarks; look whether goods are among them"),
    N_("many rows repeat others"),
    N_("many names come with several prices, so they may be cut short or titles of groups"),
    N_("no title says that these are the prices; their numbers alone do"),
    N_("no title says that these are the names"),
    N_("the numbers hardly look like prices"),
    N_("the texts hardly look like names"),
    N_("much of the text is in no offer; look whether goods were left out"),
    N_("names are single words that repeat, so what they belong to may be missing"),
    N_("some offers were read from columns that are mostly blank, which may be remarks"),
    N_("read as lines of text it gives other prices than read as a table"),
    N_("the prices are in several currencies"),
    N_("its currency is a guess, {currency}, and the supplier's last list was in {other}; send it again with its currency"),
    N_("the page has no lines between its columns; compare some rows with it"),
    N_("names and prices stand apart on the page; compare some offers with it"),
)
_PLACES = (N_("{place}, column {column}"), N_("Sheet {name}"), N_("Page {n}"), N_("The list"), N_("The text"), N_("The pages"))
#: Words and phrases that stand as values in sentences.
_VALUES = (
    N_("its last price"), N_("the other price"), N_("the other prices"), N_("tenth"), N_("hundredth"), N_("thousandth"), N_("piece"),
    N_("carton"), N_("box"), N_("pack"), N_("bottle"), N_("less than 1%"), N_("by the kg"), N_("by the l"),
)  # fmt: skip
_NOTES = (
    N_("sheet {one} repeats sheet {other} and was read once"),
    N_("sheet {name}: no table with names and prices"),
    N_("Sheet {name}: {n} cells are longer than {most} characters and cut there"),
    N_("Sheet {name}: 1 cell is longer than {most} characters and cut there"),
    N_("Sheet {name}: columns told by the LLM: {price} is the price, {other} the name"),
    N_("{name} and what follows it: more than {n} files are not read"),
    N_("Page {n}: reading it takes more memory or time than a page needs"),
    N_("Page {n}: it makes its reader crash"),
    N_("Page {n}: more pictures of pages than the {most} that are read of a file"),
)
#: Words between the values of a doubt: "'41,500' was read as 41.5 for 'Carrot cake' (row 6), see also row 7".
_ROWS = (N_("rows {one} to {other}"), N_("row {n}"), N_("line {n}"))
_BETWEEN = (N_("was read as"), N_("see also"), N_("for"))
_UNITS = frozenset({"kg", "l", "m", "pcs"})
_PLACE = re.compile(r"{(\w+)}")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")


def say_suspicion(messages: Messages, sentence: str) -> str:
    """Return why a price may be wrong, or what else is odd about a row, "" where that can be said in English alone."""
    kinds = (PICTURE_DOUBTS, SUSPICIONS, ROW_DOUBTS)
    return next((text for templates in kinds if (text := _say(messages, sentence, templates))), "")


def say_pair_reason(messages: Messages, sentence: str) -> str:
    """Return what is not clear about two offers, with what an LLM said of them; "" likewise."""
    if messages.language == "en":
        return sentence
    for hint in HINTS:
        match = re.search(rf"(?:^|\s){_pattern(hint).pattern.removeprefix('^')}", sentence)
        if match:
            reason = _say(messages, sentence[: match.start()].strip(), PAIR_REASONS)
            return f"{reason} {_say(messages, match[0].strip(), HINTS)}".strip()
    return _say(messages, sentence, PAIR_REASONS)


def say_doubt(messages: Messages, sentence: str) -> str:
    """Return a doubt or a note about a list; "" likewise."""
    if messages.language == "en":
        return sentence
    if note := _say(messages, sentence, _NOTES):
        return note
    place, _, doubt = sentence.partition(": ")
    where, what = _say(messages, place, _PLACES), _say(messages, doubt, DOUBTS)
    return f"{where}: {what}" if where and what else ""


def _say(messages: Messages, sentence: str, templates: tuple[str, ...]) -> str:
    if messages.language == "en":
        return sentence
    for template in templates:
        match = _pattern(template).search(sentence)
        if match:
            values = {name: _value(messages, value, templates) for name, value in match.groupdict().items()}
            if all(values.values()):
                return messages.plain(template).format(**values)
    return ""


def _value(messages: Messages, value: str, templates: tuple[str, ...]) -> str:
    """Return a value as the reader writes it: a phrase, a unit, an amount; of a place or a doubt within another one, that itself."""
    if value in _VALUES:
        return messages.plain(value)
    if value in _UNITS:
        return str(messages.unit(value))
    if templates in (DOUBTS, _PLACES) and (inner := _say(messages, value, templates[1:])):
        return inner
    if templates == DOUBTS:
        value = _with_rows(messages, value)
    return _THOUSANDS.sub(lambda match: messages.numbers.count(int(match[0].replace(",", ""))), value)


def _with_rows(messages: Messages, value: str) -> str:
    """Return a value with the places and words between its parts as the reader writes them; what stands in quotes is the list's."""
    parts = re.split(r"('[^']*')", value)
    for template in _ROWS:
        numbers = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>\\d+)", template))
        parts[::2] = [
            numbers.sub(lambda match, text=template: messages.plain(text).format(**match.groupdict()), part) for part in parts[::2]
        ]
    for words in _BETWEEN:
        parts[::2] = [re.sub(rf"\b{words}\b", messages.plain(words), part) for part in parts[::2]]
    return "".join(parts)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return an expression for the sentences of a template; each value is as short as it can be."""
    return re.compile("^" + "".join(_expressions(template)) + "$", re.DOTALL)


def _expressions(template: str) -> Iterator[str]:
    for index, part in enumerate(_PLACE.split(template)):
        yield f"(?P<{part}>.+?)" if index % 2 else re.escape(part)
