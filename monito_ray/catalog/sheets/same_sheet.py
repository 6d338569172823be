"""The sheet `Same?`: offers that may be one product, for a person to say; and the answers, read back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monito_ray.catalog.offers import Offer
from monito_ray.catalog.sheets.choices import NOT_ACCEPTED
from monito_ray.catalog.sheets.sheet_titles import with_room_for
from monito_ray.sheet_model import Cell, CellMark, Column, ColumnKind, PlannedSheet, Scalar

SAME = "Same?"
MOST_CANDIDATES = 3
NONE_OF_THEM = "none"
ANSWER, OFFER_ID = "Answer", "Offer ID"
CANDIDATE_IDS = tuple(f"ID {number}" for number in range(1, MOST_CANDIDATES + 1))
#: A person answers a few dozen questions at a sitting; the next ones follow as those leave.
MOST_QUESTIONS = 500
_CHOICES = (*map(str, range(1, MOST_CANDIDATES + 1)), NONE_OF_THEM)
_COLUMNS = (
    Column(ANSWER, width=9, choices=_CHOICES, is_input=True, note="The number of the one that is the same, or none."),
    Column(NOT_ACCEPTED, width=24),
    Column("This Offer", width=40),
    Column("Supplier", width=22),
    Column("Price", ColumnKind.MONEY, 12),
    Column("Base Price", ColumnKind.MONEY, 12),
    Column("Per", width=6),
    Column("Currency", width=10),
    Column("Why Asked", width=44),
    *(
        column
        for number in range(1, MOST_CANDIDATES + 1)
        for column in (
            Column(f"{number}: Same As", width=40),
            Column(f"{number}: Supplier", width=22),
            Column(f"{number}: Base Price", ColumnKind.MONEY, 12),
        )
    ),
    Column(OFFER_ID, hidden=True),
    *(Column(title, hidden=True) for title in CANDIDATE_IDS),
)


@dataclass(frozen=True, slots=True)
class SuggestedOffer:
    """An offer of another supplier that may be the same."""

    offer: Offer
    #: Why it is not clear.
    reason: str = ""
    #: How probable it is that they are one, 0 to 1.
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An offer that may be one product with one of the candidates, the most probable first."""

    offer: Offer
    candidates: tuple[SuggestedOffer, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefusedAnswer:
    """An answer that was not accepted, with a sentence to the person."""

    offer_id: str
    answer: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """A person's word on two offers."""

    offer_id: str
    other_id: str
    #: False: they are two products.
    is_same: bool


@dataclass(frozen=True, slots=True)
class SameAnswers:
    """The answers in a sheet."""

    links: tuple[LinkAnswer, ...] = ()
    refused: tuple[RefusedAnswer, ...] = ()


def same_sheet(suggestions: Sequence[Suggestion], refused: Sequence[RefusedAnswer] = ()) -> PlannedSheet:
    """Plan the sheet: the first `MOST_QUESTIONS` in the order given. An answer that was refused stays, with the sentence beside it."""
    by_offer = {answer.offer_id: answer for answer in refused}
    rows: list[tuple[Cell, ...]] = []
    marked: dict[int, dict[int, CellMark]] = {}
    for suggestion in suggestions[:MOST_QUESTIONS]:
        answer = by_offer.get(suggestion.offer.offer_id)
        if answer:
            marked[len(rows)] = {1: CellMark.NOTICE}
        rows.append(_cells(suggestion, answer))
    suppliers = (offer.supplier for it in suggestions[:MOST_QUESTIONS] for offer in (it.offer, *(one.offer for one in it.candidates)))
    return PlannedSheet(SAME, with_room_for(suppliers, _COLUMNS), rows, 3, marked)


def read_answers(lines: Sequence[Mapping[str, Scalar]], standing: frozenset[str]) -> SameAnswers:
    """Return the links that the lines of the sheet say, and the answers that cannot be taken.

    `lines` are the rows below the header by column title, `standing` the ids of the offers that the catalogue has. "None" says of each
    candidate that it is another product; a number says of that candidate that it is the same, and of the others nothing.
    """
    links: list[LinkAnswer] = []
    refused: list[RefusedAnswer] = []
    for line in lines:
        answer = _answer_text(line.get(ANSWER, ""))
        offer_id = _answer_text(line.get(OFFER_ID, ""))
        if not answer or not offer_id:
            continue
        result = _links_of(answer, offer_id, [_answer_text(line.get(title, "")) for title in CANDIDATE_IDS], standing)
        if isinstance(result, str):
            refused.append(RefusedAnswer(offer_id, answer, result))
        else:
            links += result
    return SameAnswers(tuple(links), tuple(refused))


def _links_of(answer: str, offer_id: str, candidate_ids: Sequence[str], standing: frozenset[str]) -> list[LinkAnswer] | str:
    """Return the links of one line, or the sentence why there are none."""
    candidates = [candidate for candidate in candidate_ids if candidate]
    if answer.casefold() == NONE_OF_THEM:
        chosen, is_same = candidates, False
    elif answer.isdecimal() and 1 <= int(answer) <= len(candidates):
        chosen, is_same = [candidates[int(answer) - 1]], True
    else:
        numbers = ", ".join(map(str, range(1, len(candidates) + 1)))
        return f"Please answer {numbers} or {NONE_OF_THEM}."
    if offer_id not in standing:
        return "This offer has left its supplier's list."
    if is_same and chosen[0] not in standing:
        return "That offer has left its supplier's list."
    return [LinkAnswer(offer_id, other, is_same) for other in chosen if other in standing]


def _answer_text(cell: Scalar) -> str:
    """Return a cell as text; spreadsheets make numbers of answers."""
    return str(int(cell)) if isinstance(cell, float) and cell == int(cell) else str(cell).strip()


def _cells(suggestion: Suggestion, refused: RefusedAnswer | None) -> tuple[Cell, ...]:
    offer, candidates = suggestion.offer, suggestion.candidates[:MOST_CANDIDATES]
    shown: list[Cell] = []
    for candidate in candidates:
        shown += [offer_label(candidate.offer), candidate.offer.supplier, candidate.offer.base_price]
    empty = MOST_CANDIDATES - len(candidates)
    return (
        refused.answer if refused else None,
        refused.sentence if refused else None,
        offer_label(offer),
        offer.supplier,
        offer.price,
        offer.base_price,
        offer.base_unit,
        offer.currency,
        _reason(suggestion),
        *shown,
        *(None,) * (3 * empty),
        offer.offer_id,
        *(candidate.offer.offer_id for candidate in candidates),
        *(None,) * empty,
    )


def offer_label(offer: Offer) -> str:
    """Return an offer as its supplier wrote it, with size and pack as they were read."""
    row = offer.row
    content = f"{row.size.normalize():f} {row.unit}" if row.size is not None else ""
    pack = f"{content} × {row.pack_count}".strip() if row.pack_count != 1 else content
    return f"{row.original_name} ({pack})" if pack else row.original_name


def _reason(suggestion: Suggestion) -> str:
    """Return why it is asked: the reason of the whole question, and of each candidate what is not said by it already."""
    shown = enumerate(suggestion.candidates[:MOST_CANDIDATES], 1)
    own = [f"{number}: {one.reason}" for number, one in shown if one.reason and one.reason != suggestion.reason]
    *before, last = [*([suggestion.reason] if suggestion.reason else []), *own] or [""]
    return "; ".join([*(reason.removesuffix(".") for reason in before), last])
