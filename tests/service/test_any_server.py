"""Servers of every kind, over real sockets: each is asked as it can be, nothing is asked in vain twice, and every row is settled rightly or left."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.cluster.llm.in_process import InProcessLlm
from monito_ray.errors import LlmMisconfigured, LlmRefused, LlmTimedOut, LlmTooLong, LlmUnavailable, MonitoError
from monito_ray.events import Event, LlmAdapted
from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.pipeline.llm.server.server_profile import ServerProfile
from monito_ray.records import RawRow, Standard
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_server import LlmServer
from monito_ray.testing.llm_traits import LlmTraits

KINDS = [("Zorblax", "beverages"), ("Vrumplet", "hardware"), ("Quastnik", "sauces & condiments")]
TRUTH: dict[str, Mapping[str, Any]] = {
    f"{kind} Plimfor {number:03} {5 + number % 7}0 ml": {
        "standardized_name": f"Plimfor {kind.lower()} {number:03}",
        "brand": "Plimfor",
        "size": 10 * (5 + number % 7),
        "unit": "ml",
        "pack_count": 1,
        "category": category,
    }
    for number in range(400)
    for kind, category in [KINDS[number % len(KINDS)]]
}
ITEMS = [
    RowItem(RawRow(source_file="f", source_sheet="s", source_row=number, original_name=name, price=Decimal(1000)))
    for number, name in enumerate(TRUTH)
]


def _is_right(item: RowItem, standard: Standard) -> bool:
    truth = TRUTH[item.row.original_name]
    return all(getattr(standard, field) == value for field, value in truth.items())


class Asked:
    """What came of asking a server about some rows."""

    def __init__(
        self, settled: Mapping[int, Standard], errors: Sequence[MonitoError | None], events: Sequence[Event], profile: ServerProfile
    ) -> None:
        self.settled, self.error, self.profile = settled, errors[-1], profile
        self.errors = [error for error in errors if error]
        self.notices = [event.reason for event in events if isinstance(event, LlmAdapted)]


def ask(server: LlmServer, count: int = 40, *, timeout_s: float = 5.0, profile: ServerProfile | None = None, **address: Any) -> Asked:
    """Ask about the first `count` rows, 40 at a time, and see that what is settled is right and that nothing was sent again in vain."""
    settled: dict[int, Standard] = {}
    events: list[Event] = []
    errors: list[MonitoError | None] = [None]
    with InProcessLlm(LlmAddress(server.url, "", "home-grown", **address), 32, 40, timeout_s, sink=events.append, profile=profile) as asker:
        for outcome in asker.ask_rows("Toko", ITEMS[:count], task_id="t"):
            settled |= outcome.standards
            errors.append(outcome.error)
        profile = asker.profile
    assert all(_is_right(ITEMS[position], standard) for position, standard in settled.items())
    assert server.paid.repeated == 0
    assert bool(errors[-1]) is (len(settled) < count)
    return Asked(settled, errors, events, profile)


@contextmanager
def serving(faults: Mapping[LlmFault | str, float] | None = None, **traits: Any) -> Iterator[LlmServer]:
    """Serve with these traits, and right answers for all rows."""
    with LlmServer(answers=TRUTH, faults=faults, traits=LlmTraits(**traits)) as server:
        yield server


REFUSALS = [
    (["pattern"], AnswerForm.OBJECTS, set()),
    (["json_schema"], AnswerForm.JSON_OBJECT, set()),
    (["response_format"], AnswerForm.PLAIN, set()),
    (["reasoning_effort"], AnswerForm.PATTERN, {"reasoning_effort"}),
    (["service_tier"], AnswerForm.PATTERN, {"service_tier"}),
    (["max_completion_tokens"], AnswerForm.PATTERN, {"max_completion_tokens"}),
    (["temperature"], AnswerForm.PATTERN, {"temperature"}),
    (["system role"], AnswerForm.PATTERN, {"system role"}),
    (
        ["pattern", "reasoning_effort", "service_tier", "max_completion_tokens", "temperature"],
        AnswerForm.OBJECTS,
        {"reasoning_effort", "service_tier", "max_completion_tokens", "temperature"},
    ),
]
OPTIONS: dict[str, Any] = {"reasoning_effort": "low", "service_tier": "flex", "extra_body": {"temperature": 0}}


@pytest.mark.parametrize(("refused", "form", "left_out"), REFUSALS)
def test_what_a_server_refuses_is_left_out(refused: list[str], form: AnswerForm, left_out: set[str]):
    """It costs a refusal each, said once; every row is settled, and the next list starts with what was found."""
    with serving(refused=refused) as server:
        first = ask(server, 80, **OPTIONS)
        assert (len(first.settled), first.profile.form, set(first.profile.refused)) == (80, form, left_out)
        refusals = server.paid.statuses[400]
        assert len(first.notices) <= refusals <= 2 * len(refused) + 4
        assert len(ask(server, 40, profile=first.profile, **OPTIONS).settled) == 40
        assert server.paid.statuses[400] == refusals


def test_a_server_that_does_not_say_what_it_refuses_is_asked_ever_more_plainly():
    """Down the ladder, then without what not every server knows."""
    with serving(refused=["response_format", "max_completion_tokens"], is_silent=True) as server:
        asked = ask(server)
    assert (len(asked.settled), asked.profile.form) == (40, AnswerForm.PLAIN)


DRESSES = [LlmFault.FENCED, LlmFault.PROSE, LlmFault.THINKING, LlmFault.BARE_ARRAY, LlmFault.PARTS, LlmFault.NO_USAGE]


@pytest.mark.parametrize("dress", DRESSES)
def test_answers_in_any_dress_are_read(dress: LlmFault):
    """Fences, prose, thinking, arrays, parts, and no word of what it cost: one request is enough."""
    with serving({dress: 1.0}) as server:
        assert len(ask(server, 20).settled) == 20
        assert server.paid.received == 1


@pytest.mark.parametrize("rows", [10, 3])
def test_a_model_that_is_cut_settles_every_row_with_few_requests(rows: int):
    """Four hundred rows on a model whose answers end after ten."""
    with serving(cut_above=rows) as server:
        asked = ask(server, 400)
        assert len(asked.settled) == 400
        assert server.paid.received <= (60 if rows == 10 else 160)
        assert 0 < asked.profile.rows <= rows


def test_a_model_that_is_too_slow_settles_rows_after_few_requests():
    """Forty rows take too long, ten do not: the size is found with a handful of requests in vain."""
    with serving(slow_above=10) as server:
        assert len(ask(server, 400, timeout_s=1.5).settled) == 400
        assert server.paid.statuses[0] <= 6
        assert server.paid.received <= 90


def test_a_server_that_never_answers_is_given_up():
    """A few requests, ever smaller; then all is left to the rules."""
    with serving({LlmFault.HANG: 1.0}) as server:
        asked = ask(server, 400, timeout_s=0.2)
    assert isinstance(asked.error, LlmTimedOut)
    assert "MONITO_LLM_TIMEOUT_S" in asked.error.remedy
    assert server.paid.received <= 8


def test_a_gateway_that_gives_up_counts_as_a_time_out():
    """The batch is halved, and the other half is not asked in vain."""
    with serving() as server:
        server.inject(LlmFault.GATEWAY_TIMEOUT)
        assert len(ask(server).settled) == 40
        assert server.paid.received <= 6


@pytest.mark.parametrize(("context", "settled"), [(8000, 80), (4000, 80), (1500, 0)])
def test_a_short_context_gets_shorter_requests(context: int, settled: int):
    """Down to one row; where not even that fits, all is left, with what to do."""
    with serving(context_tokens=context) as server:
        asked = ask(server, 80)
    assert len(asked.settled) == settled
    if not settled:
        assert isinstance(asked.error, LlmTooLong)
        assert "context" in asked.error.remedy
    assert server.paid.received <= 60


def test_filtered_rows_are_isolated():
    """Their neighbours are settled."""
    with serving(filtered=[" 007 ", " 033 "]) as server:
        asked = ask(server, 80)
    assert sorted(set(range(80)) - set(asked.settled)) == [7, 33]
    assert server.paid.received <= 30


def test_a_model_that_thinks_first_has_room_for_it():
    """Its first answers are empty; then it gets more room, and is asked for as many rows as before."""
    with serving(thinking_tokens=9000) as server:
        asked = ask(server)
    assert len(asked.settled) == 40
    assert (asked.profile.thinking_tokens, asked.profile.rows) == (8000, 0)


ENDS: list[tuple[LlmFault, type[MonitoError], str]] = [
    (LlmFault.NO_CREDIT, LlmMisconfigured, "Top up"),
    (LlmFault.QUOTA, LlmMisconfigured, "Top up"),
    (LlmFault.NO_MODEL, LlmMisconfigured, "MONITO_LLM_MODEL"),
    (LlmFault.UNKNOWN_MODEL, LlmMisconfigured, "MONITO_LLM_MODEL"),
    (LlmFault.UNAUTHORIZED, LlmMisconfigured, "OPENAI_API_KEY"),
    (LlmFault.BAD_REQUEST, LlmRefused, "monito doctor"),
]


@pytest.mark.parametrize(("fault", "error", "remedy"), ENDS)
def test_what_no_request_escapes_ends_the_list(fault: LlmFault, error: type[MonitoError], remedy: str):
    """After a few requests, with the remedy for its cause."""
    with serving({fault: 1.0}) as server:
        asked = ask(server, 400)
    assert type(asked.error) is error
    assert remedy in asked.error.remedy
    assert server.paid.received <= 12


def test_an_error_within_an_answer_is_an_error():
    """It is waited for like any failure of a server, and its words are told."""
    with serving() as server:
        server.inject(LlmFault.ERROR_IN_200)
        asked = ask(server, 1)
    (failed,) = asked.errors
    assert type(failed) is LlmUnavailable
    assert "Upstream error" in str(failed)
    assert "submit --force" in failed.remedy


def test_a_server_that_is_known_by_short_requests_gets_few_long_ones_at_first():
    """What two rows show says nothing about forty."""
    with serving(slow_above=10) as server:
        asked = ask(server, 2)
        assert len(ask(server, 400, timeout_s=1.5, profile=asked.profile).settled) == 400
        assert server.paid.statuses[0] <= 6


@pytest.mark.parametrize("fault", [LlmFault.RUN_AWAY, LlmFault.WITHHELD])
def test_answers_of_no_use_end(fault: LlmFault):
    """A model that runs away is stopped by the limit on its answer; what is withheld is asked for in halves."""
    with serving() as server:
        server.inject(fault, 2)
        assert len(ask(server).settled) == 40
        assert server.paid.received <= 12
