"""The way in to this room: the lines of a text to its offers."""

from collections.abc import Sequence
from dataclasses import replace

from monito_ray.pipeline.cells import TextLine
from monito_ray.pipeline.lines.amount_roles.conditions import conditions_in, is_goods, may_be_goods
from monito_ray.pipeline.lines.amount_roles.lone_packs import Parts, lone_packs, with_named_packs
from monito_ray.pipeline.lines.amount_roles.multiples import factor_of_text, multiplied
from monito_ray.pipeline.lines.amount_roles.price_kinds import with_kinds
from monito_ray.pipeline.lines.block_names import name_blocks, name_described
from monito_ray.pipeline.lines.counts import are_counts
from monito_ray.pipeline.lines.line_assembly import Assembly, LinesReading
from monito_ray.pipeline.lines.line_blocks import says_code
from monito_ray.pipeline.lines.list_evidence import bare_amounts_left, bare_prices, is_list, learn_style
from monito_ray.pipeline.lines.names_beside import name_below, name_beside
from monito_ray.pipeline.lines.priced_line import parts_of
from monito_ray.pipeline.lines.repeated_names import without_numbers_in_names, without_repeated_heads, without_repeated_names
from monito_ray.pipeline.lines.wrapped_names import join_names


def read_lines(lines: Sequence[TextLine]) -> LinesReading:
    """Return what a text offers; nothing where it is no list, as letters, chats, news and invoices are none."""
    reads = learn_style(lines)
    factor, remarks = factor_of_text(reads)
    bare = bare_prices(reads) - remarks
    all_parts: Parts = {
        n: own for n, read in enumerate(reads) if n not in remarks and (own := parts_of(read, takes_bare=n in bare and not says_code(read)))
    }
    all_parts = with_named_packs(reads, all_parts)
    packs = lone_packs(reads, all_parts)
    stated = conditions_in(reads, all_parts)
    goods = {n for n in stated if is_goods(n, reads, all_parts)}
    conditions = stated - packs - goods
    parts: Parts = {
        n: [replace(part, is_goods=n in goods) for part in own] for n, own in all_parts.items() if n not in conditions and n not in packs
    }
    parts = with_kinds(reads, multiplied(without_repeated_heads(reads, parts), factor))
    joined = join_names(reads, without_repeated_names(reads, without_numbers_in_names(reads, parts)))
    joined = name_described(reads, name_blocks(reads, name_below(reads, name_beside(reads, joined))))
    assembly = Assembly(reads, joined.parts, joined.begins, conditions)
    reading = assembly.read()
    offers = [offer.at for offer in reading.offers]
    if not is_list(reads, offers, reading.unread) or are_counts(reads, offers):
        return LinesReading()
    settled = {*joined.parts, *assembly.used, *conditions, *remarks}
    left = bare_amounts_left(reads, {offer.at: offer.price / factor for offer in reading.offers}, settled)
    doubtful = {n for n in conditions if may_be_goods(all_parts[n])}
    return replace(reading, unread=tuple(sorted({*reading.unread, *left, *doubtful, *packs})))
