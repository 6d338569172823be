"""The way in to this room: the lines of a text to its offers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines import line_names, vocabulary
from monito_ray.pipeline.lines.block_names import name_blocks, name_described
from monito_ray.pipeline.lines.counts import are_counts
from monito_ray.pipeline.lines.line_assembly import Assembly, LinesReading
from monito_ray.pipeline.lines.line_blocks import blocks_of, says_code
from monito_ray.pipeline.lines.list_evidence import bare_amounts_left, bare_prices, is_list, learn_style
from monito_ray.pipeline.lines.names_beside import name_beside
from monito_ray.pipeline.lines.priced_line import Part, ReadLine, parts_of
from monito_ray.pipeline.lines.repeated_names import without_numbers_in_names, without_repeated_names
from monito_ray.pipeline.lines.wrapped_names import join_names


def read_lines(lines: Sequence[TextLine]) -> LinesReading:
    """Return what a text offers; nothing where it is no list, as letters, chats, news and invoices are none."""
    reads = learn_style(lines)
    bare = bare_prices(reads)
    all_parts = {n: own for n, read in enumerate(reads) if (own := parts_of(read, takes_bare=n in bare and not says_code(read)))}
    stated = {n for n, own in all_parts.items() if all(map(_is_condition, own)) and not _is_tier_below(n, all_parts)}
    conditions = stated | _sums_in_lists(reads, all_parts)
    parts = {n: own for n, own in all_parts.items() if n not in conditions}
    joined = join_names(reads, without_repeated_names(reads, without_numbers_in_names(reads, parts)))
    joined = name_described(reads, name_blocks(reads, name_beside(reads, joined)))
    assembly = Assembly(reads, joined.parts, joined.begins, conditions)
    reading = assembly.read()
    offers = [offer.at for offer in reading.offers]
    if not is_list(reads, offers, reading.unread) or are_counts(reads, offers):
        return LinesReading()
    left = bare_amounts_left(reads, {offer.at: offer.price for offer in reading.offers}, {*joined.parts, *assembly.used, *conditions})
    doubtful = {n for n in conditions if any(line_names.may_name_goods(part.name) for part in all_parts[n])}
    return replace(reading, unread=tuple(sorted({*reading.unread, *left, *doubtful})))


def _is_condition(part: Part) -> bool:
    """Whether the words before an amount say that it is a sum, a fee, a minimum, a deposit or a discount; from how many pieces on a price holds is none."""
    words = part.name or part.label
    return line_names.is_condition(words) and not line_names.is_order_threshold(words)


def _is_tier_below(n: int, parts: Mapping[int, Sequence[Part]]) -> bool:
    """Whether a line is one more price of what another kind of price right above is for: "Diskon 12.000" below "Normal 15.000"."""
    above, own = parts.get(n - 1, ()), parts[n]
    if len(own) != 1 or len(above) != 1 or above[0].name or own[0].name or _is_condition(above[0]):
        return False
    if vocabulary.size_words().fullmatch(above[0].label):
        return False
    return all(vocabulary.tier_words().fullmatch(part.label) for part in (above[0], own[0]))


def _sums_in_lists(reads: Sequence[ReadLine], parts: Mapping[int, Sequence[Part]]) -> set[int]:
    """Return the nameless amounts behind a word for a sum that leads to a price, too ("всего"), beside lines with names and prices.

    It leads to a price right below a name that stands alone on its line, with no such line below.
    """
    result: set[int] = set()
    for block in blocks_of(reads):
        for n in range(block.first, block.last + 1):
            own = parts.get(n, ())
            if len(own) != 1 or own[0].name or own[0].label or not line_names.is_sum(reads[n].text[: own[0].amounts[0].start]):
                continue
            below = parts.get(n + 1, ()) if n < block.last else ()
            if n == block.first or n - 1 in parts or any(part.name for part in below):
                result.add(n)
    return result
