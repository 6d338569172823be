"""Offers and the blocks that they share, read as they are asked for: which others an offer is one product with as far as the rules can tell."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations_with_replacement, product

from sqlalchemy import Connection, Text, cast, exists, func, select

from monito_ray.catalog.grouping.nodes import Node, load_nodes
from monito_ray.catalog.matching.assign import Edge
from monito_ray.catalog.matching.blocking import least_shared, words_shared_in
from monito_ray.catalog.matching.repeated_verdicts import RELATIONS, RepeatedVerdicts, Worded
from monito_ray.catalog.questions.word_keys import keys_of_words
from monito_ray.catalog.suppliers.supplier_numbers import stored_numbers
from monito_ray.store.database import each_text, has_one_of
from monito_ray.store.key_tables import blank_separated, ids_by_key, ids_under_both
from monito_ray.store.schema import number_agreements, offer_blocks, offer_words, offers

#: Where a supplier has more offers than this that look alike (one name for thousands of lenses), none of them is matched by its look:
#: each would have several partners, and comparing all with all would take hours.
MOST_ALIKE = 20
#: A block of more offers is read in parts where that finds as many: a block of names by their first letters has hundreds among a million offers.
_MOST_WHOLE = MOST_ALIKE
#: Of a block, by its key, the offers that have all but `MOST_UNLIKE` of some words, by the keys of these.
BlockPart = tuple[str, tuple[str, ...]]
#: Stands for words: all offers of the block.
_WHOLE = ()


def block_members(connection: Connection, keys: Collection[str]) -> dict[str, dict[str, set[str]]]:
    """Return the offers in blocks, of those that are written: ids by supplier by key."""
    ids = ids_by_key(connection, offer_blocks, keys)
    supplier_of = _suppliers_of(connection, {offer_id for own in ids.values() for offer_id in own})
    members: dict[str, dict[str, set[str]]] = {key: defaultdict(set) for key in ids}
    for key, own in ids.items():
        for offer_id in own:
            if offer_id in supplier_of:
                members[key][supplier_of[offer_id]].add(offer_id)
    return members


def keys_shared_with_others(connection: Connection, keys: Collection[str], supplier: str) -> set[str]:
    """Return those of these blocks in which another supplier than this one has an offer."""
    if not keys:
        return set()
    each = each_text(connection, list(keys))
    own_number = stored_numbers(connection, [supplier]).get(supplier, 0)
    theirs = exists().where(offer_blocks.c.key == each.c.value, offer_blocks.c.supplier_number != own_number)
    return set(connection.execute(select(each.c.value).where(theirs)).scalars())


def _suppliers_of(connection: Connection, offer_ids: Collection[str]) -> dict[str, str]:
    query = select(offers.c.id, offers.c.supplier).where(has_one_of(connection, offers.c.id, list(offer_ids)))
    return dict(map(tuple, connection.execute(query).all())) if offer_ids else {}


def block_keys_of(connection: Connection, offer_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the keys of the blocks in which each of these offers is."""
    query = select(offers.c.id, offers.c.block_keys).where(has_one_of(connection, offers.c.id, list(offer_ids)))
    keys = {offer_id: own.split() for offer_id, own in connection.execute(query)}
    return {offer_id: keys.get(offer_id, []) for offer_id in offer_ids}


def _large_blocks(connection: Connection, keys: Collection[str]) -> dict[str, Counter[str]]:
    """Return how many offers each supplier has in those blocks that have more than `MOST_ALIKE`, by key, those included that are still to be written.

    The suppliers, by their numbers, come as one text a block, and are counted here: the database would sort them.
    """
    if not keys:
        return {}
    numbers = blank_separated(connection, cast(offer_blocks.c.supplier_number, Text))
    query = select(offer_blocks.c.key, numbers).where(has_one_of(connection, offer_blocks.c.key, list(keys)))
    large = connection.execute(query.group_by(offer_blocks.c.key).having(func.count() > MOST_ALIKE)).all()
    return {key: Counter(suppliers.split()) for key, suppliers in large}


class _BlockMembers:
    """The offers of a block that may be matched, by what they are compared by."""

    def __init__(self, members: Iterable[str], worded: Mapping[str, Worded]) -> None:
        self.members: dict[str, None] = {}
        self.by_wording: dict[int, list[str]] = defaultdict(list)
        self.by_number: dict[str, list[str]] = defaultdict(list)
        for offer_id in members:
            article, wording = worded[offer_id]
            self.members[offer_id] = None
            self.by_wording[wording].append(offer_id)
            if article.sku:
                self.by_number[article.sku].append(offer_id)


class SharedBlocks:
    """Offers with those that share a block with them. Each offer and block is read from the store once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._verdicts = RepeatedVerdicts()
        self._parts: dict[str, list[BlockPart]] = {}
        self._blocks: dict[BlockPart, _BlockMembers] = {}
        #: The offers in blocks that have a word, by the keys of both, of those that were looked up.
        self._with_word: dict[tuple[str, str], list[str]] = {}
        #: Whether of blocks only parts are read, of those that were met, and the offers by supplier in those in which a supplier has too many.
        self._is_parted: dict[str, bool] = {}
        self._crowded: dict[str, dict[str, set[str]]] = {}
        self._worded: dict[str, Worded] = {}
        self._agreeing: frozenset[frozenset[str]] | None = None
        #: The offers that were met so far, of those that stand and can be matched.
        self.nodes: dict[str, Node] = {}

    def load(self, offer_ids: Collection[str]) -> None:
        """Read offers, and those in their blocks."""
        new = [offer_id for offer_id in offer_ids if offer_id not in self._parts]
        if not new:
            return
        keys = block_keys_of(self._connection, new)
        self._look_at({key for own in keys.values() for key in own})
        self.meet(new)
        self._parts |= {offer_id: self._parts_of(offer_id, own) for offer_id, own in keys.items()}
        in_parts = self._matched_members({part for offer_id in new for part in self._parts[offer_id]} - self._blocks.keys())
        self.meet({offer_id for ids in in_parts.values() for offer_id in ids})
        for part, ids in in_parts.items():
            self._blocks[part] = _BlockMembers([offer_id for offer_id in sorted(ids) if offer_id in self._worded], self._worded)

    def crowded_mates_of(self, offer_ids: Collection[str]) -> set[str]:
        """Return the offers in blocks in which a supplier has too many offers to be matched, and had not, or would not have, without these."""
        ids = set(offer_ids)
        keys = {key for own in block_keys_of(self._connection, ids).values() for key in own}
        self._look_at(keys)
        return {
            mate
            for key in keys & self._crowded.keys()
            if any(len(own) > MOST_ALIKE >= len(own - ids) for own in self._crowded[key].values())
            for own in self._crowded[key].values()
            if len(own - ids) <= MOST_ALIKE
            for mate in own
        }

    def _look_at(self, keys: set[str]) -> None:
        """See which of these blocks are large, and in which of them a supplier has too many offers."""
        new = keys - self._is_parted.keys()
        large = _large_blocks(self._connection, new)
        self._is_parted |= {key: large.get(key, Counter()).total() > _MOST_WHOLE for key in new}
        crowded = [key for key, suppliers in large.items() if max(suppliers.values()) > MOST_ALIKE]
        self._crowded |= block_members(self._connection, crowded)

    def _parts_of(self, offer_id: str, keys: Sequence[str]) -> list[BlockPart]:
        """Return where an offer's mates are: in its blocks, or, of large ones, in the parts of them that have most of its words."""
        if offer_id not in self.nodes or not any(self._is_parted[key] for key in keys):
            return [(key, _WHOLE) for key in keys]
        article = self.nodes[offer_id].article
        words = {key: keys_of_words(article, own) for key, own in words_shared_in(article).items() if self._is_parted.get(key)}
        return [(key, words.get(key, _WHOLE)) for key in keys]

    def _matched_members(self, parts: Collection[BlockPart]) -> dict[BlockPart, list[str]]:
        """Return the offers in parts of blocks, without those of suppliers that have too many in the block."""
        in_blocks = ids_by_key(self._connection, offer_blocks, [key for key, words in parts if words == _WHOLE])
        pairs = {(key, word) for key, words in parts for word in words}
        self._with_word |= ids_under_both(self._connection, offer_blocks, offer_words, pairs - self._with_word.keys())
        ids = {part: self._ids_with_most(part) if part[1] else in_blocks.get(part[0], []) for part in parts}
        crowding = {
            key: {offer_id for own in by_supplier.values() if len(own) > MOST_ALIKE for offer_id in own}
            for key, by_supplier in self._crowded.items()
        }
        return {part: [one for one in own if one not in crowding.get(part[0], ())] for part, own in ids.items()}

    def _ids_with_most(self, part: BlockPart) -> list[str]:
        """Return the offers in a part of a block: as many words may be others as `verdict.compare` takes for misspelled or abbreviated."""
        key, words = part
        counts = Counter(chain.from_iterable(self._with_word[key, word] for word in words))
        least = least_shared(len(words))
        return [offer_id for offer_id, count in counts.items() if count >= least]

    def meet(self, offer_ids: Collection[str]) -> None:
        """Read offers alone, without their blocks."""
        met = load_nodes(self._connection, [offer_id for offer_id in offer_ids if offer_id not in self.nodes])
        self.nodes |= met
        self._worded |= {offer_id: self._verdicts.worded(node.article) for offer_id, node in met.items()}

    def unread_mates_of(self, offer_ids: Collection[str]) -> set[str]:
        """Return the offers that are one product with offers that were loaded, and whose own blocks were not."""
        unread: set[str] = set()
        for offer_id in offer_ids:
            for mates in self._comparable(offer_id):
                unread.update([one for one in mates if one not in self._parts and one not in unread and self._strength(offer_id, one)])
        return unread

    def mates_of(self, offer_id: str) -> Iterator[str]:
        """Yield the offers that are one product with an offer that was loaded."""
        for mates in self._comparable(offer_id):
            yield from (mate for mate in mates if self._strength(offer_id, mate))

    def new_mates_of(self, offer_id: str, followed: Collection[str], joined: Collection[str]) -> Iterator[str]:
        """Yield the offers that are one product with an offer, but for those that are `joined` to it already.

        Those that are `followed`, which grow, are never yielded again: what they are one product with is known.
        """
        own = set(joined)
        for mates in self._comparable(offer_id):
            mates[:] = [mate for mate in mates if mate not in followed]
            yield from (mate for mate in mates if mate not in own and self._strength(offer_id, mate))

    def edges_among(self, offer_ids: Collection[str]) -> list[Edge]:
        """Return the edges between offers that were loaded."""
        own = set(offer_ids)
        strengths: dict[tuple[str, str], int] = {}
        for part in dict.fromkeys(part for offer_id in offer_ids for part in self._parts[offer_id]):
            for one, other in self._pairs(own.intersection(self._blocks[part].members)):
                pair = (one, other) if one < other else (other, one)
                if pair not in strengths:
                    strengths[pair] = self._strength(*pair)
        return [Edge(one, other, strength) for (one, other), strength in strengths.items() if strength]

    def _comparable(self, offer_id: str) -> Iterator[list[str]]:
        """Yield lists of offers that share a block with an offer and may be one product with it."""
        own = self._worded.get(offer_id)
        for part in self._parts[offer_id] if own else ():
            block = self._blocks[part]
            if own is None or offer_id not in block.members:
                continue  # its supplier has too many there
            yield from (mates for wording, mates in block.by_wording.items() if self._may_be_one(own.wording, wording, len(mates)))
            if self._agreements() and own.article.sku:
                yield block.by_number[own.article.sku]

    def _pairs(self, offer_ids: Iterable[str]) -> Iterator[tuple[str, str]]:
        by_wording: dict[int, list[str]] = defaultdict(list)
        by_number: dict[str, list[str]] = defaultdict(list)
        for offer_id in sorted(offer_ids):
            by_wording[self._worded[offer_id].wording].append(offer_id)
            by_number[self._worded[offer_id].article.sku].append(offer_id)
        groups = combinations_with_replacement(by_wording.items(), 2)
        alike = ((ours, theirs) for (one, ours), (other, theirs) in groups if self._may_be_one(one, other, len(ours) * len(theirs)))
        equal = ((own, own) for number, own in by_number.items() if number and self._agreements())
        for ours, theirs in (*alike, *equal):
            yield from ((one, other) for one, other in product(ours, theirs) if one != other)

    def _may_be_one(self, wording: int, other: int, compares: int) -> bool:
        """Whether it is worth comparing so many offers of two wordings: few are compared at once, many if the wordings can be one product at all."""
        return 0 < compares <= RELATIONS or (compares > 0 and self._verdicts.can_be_one(wording, other))

    def _strength(self, one: str, other: str) -> int:
        suppliers = self.nodes[one].supplier, self.nodes[other].supplier
        if suppliers[0] == suppliers[1]:
            return 0
        agreeing = self._agreements()
        return self._verdicts.strength(
            self._worded[one], self._worded[other], numbers_agree=bool(agreeing) and frozenset(suppliers) in agreeing
        )

    def _agreements(self) -> frozenset[frozenset[str]]:
        """Return the pairs of suppliers whose article numbers mean the same."""
        if self._agreeing is None:
            pairs = self._connection.execute(select(number_agreements.c.one, number_agreements.c.other))
            self._agreeing = frozenset(frozenset(pair) for pair in pairs)
        return self._agreeing
