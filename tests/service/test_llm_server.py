"""The chat-completions server of `monito_ray.testing` and the client, over the wire."""

import asyncio
import json
import pickle
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from monito_ray.clients.llm.chat_completions import LlmAddress, LlmClient
from monito_ray.errors import LlmMisconfigured, LlmRateLimited, LlmRefused, LlmTimedOut, LlmUnavailable, MonitoError
from monito_ray.pipeline.llm import answer_forms, prompts
from monito_ray.pipeline.llm.questions import AnswerForm, json_schema
from monito_ray.pipeline.llm.row_items import RowItem
from monito_ray.records import RawRow
from monito_ray.spending import Completion
from monito_ray.testing.llm_faults import LlmFault
from monito_ray.testing.llm_rate_limits import LlmLimits
from monito_ray.testing.llm_server import LlmServer

NAMES = ["TEH KUNTUM Melati 24x330ml", "Something unheard of"]


def _row(name: str, **texts: str) -> RawRow:
    return RawRow(source_file="f", source_sheet="s", source_row=1, original_name=name, price=None, **texts)


def _ask(
    url: str,
    names: list[str] = NAMES,
    *,
    key: str = "",
    schema: dict[str, Any] | None = None,
    timeout_s: float = 10.0,
    times: int = 1,
) -> Completion:
    response_format = json_schema("rows", schema) if schema else answer_forms.response_format(AnswerForm.PATTERN, len(names))

    async def ask() -> Completion:
        client = LlmClient(LlmAddress(url, key, "gpt-6-luna"))
        try:
            user = prompts.user_message("Toko", [RowItem(_row(name)) for name in names])
            for _ in range(times):
                completion = await client.complete(prompts.SYSTEM_MESSAGE, user, response_format, timeout_s)
            return completion
        finally:
            await client.close()

    return asyncio.run(ask())


def test_names_in_the_table_get_its_answer_and_others_an_echo():
    """Every id comes back with its check."""
    with LlmServer() as server:
        rows = json.loads(_ask(server.url).text)["rows"]
    parts = [row.split("|", 2) for row in rows]
    assert [(number, answer) for number, _, answer in parts] == [
        ("1", "Kuntum jasmine tea|KUNTUM|330 ml|24|beverages"),
        ("2", "Something unheard of||||other"),
    ]
    assert all(check in name for (_, check, _), name in zip(parts, NAMES, strict=True))


def test_the_tally_is_what_the_client_received():
    """Tokens, rows and names add up, the prefix is cached from the second request on, and limits are announced."""
    with LlmServer() as server:
        second = _ask(server.url, times=2)
    paid = server.paid
    assert (paid.received, paid.requests, paid.rows, paid.names[NAMES[0]]) == (2, 2, 4, 2)
    assert (2 * second.prompt_tokens, 2 * second.completion_tokens) == (paid.prompt_tokens, paid.completion_tokens)
    assert second.cached_tokens == paid.cached_tokens >= 1024
    assert second.limits.requests.limit == 10_000


FAILURES = {
    LlmFault.STATUS_500: LlmUnavailable,
    LlmFault.STATUS_503: LlmUnavailable,
    LlmFault.RATE_LIMITED: LlmRateLimited,
    LlmFault.QUOTA: LlmMisconfigured,
    LlmFault.UNAUTHORIZED: LlmMisconfigured,
    LlmFault.UNKNOWN_MODEL: LlmMisconfigured,
    LlmFault.BAD_REQUEST: LlmRefused,
    LlmFault.RESET: LlmUnavailable,
    LlmFault.HANG: LlmTimedOut,
}


@pytest.mark.parametrize(("fault", "error"), FAILURES.items())
def test_failures_differ_by_type(fault: LlmFault, error: type[MonitoError]):
    """Each failure becomes one of our errors; the client does not try again, and nothing was paid."""
    with LlmServer(faults={fault: 1.0}) as server:
        with pytest.raises(MonitoError) as caught:
            _ask(server.url, timeout_s=0.5)
        assert type(caught.value) is error
        assert (server.paid.received, server.paid.requests) == (1, 0)


def test_a_page_instead_of_a_completion_is_no_answer():
    """A proxy's HTML under status 200 counts as the LLM being away."""
    with LlmServer(faults={LlmFault.NO_COMPLETION: 1.0}) as server, pytest.raises(LlmUnavailable):
        _ask(server.url)


def test_the_wait_of_a_429_survives_pickling():
    """The requested wait is read, and travels with the error."""
    with LlmServer(faults={LlmFault.RATE_LIMITED: 1.0}) as server, pytest.raises(LlmRateLimited) as caught:
        _ask(server.url)
    assert pickle.loads(pickle.dumps(caught.value)).retry_after_s == 0.05  # noqa: S301


def test_nobody_at_the_address():
    """A refused connection is the LLM being away."""
    with LlmServer() as server:
        url = server.url
    with pytest.raises(LlmUnavailable):
        _ask(url)


def test_a_wrong_key_is_not_retried():
    """401 is an error of the settings, and the message does not repeat the key."""
    with LlmServer(api_key="right") as server:
        with pytest.raises(LlmMisconfigured) as caught:
            _ask(server.url, key="wr0ng-k3y")
        assert "wr0ng-k3y" not in str(caught.value)
        assert _ask(server.url, key="right").finish_reason == "stop"


def test_a_lax_schema_is_refused():
    """The server is as strict as strict providers are."""
    lax = {
        "type": "object",
        "properties": {"rows": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}},
    }
    with LlmServer() as server, pytest.raises(LlmRefused):
        _ask(server.url, schema=lax)


def test_answers_take_the_time_set():
    """Latency is a base and a share for each row."""
    with LlmServer(latency_s=0.1, per_row_s=0.1) as server:
        started = time.monotonic()
        _ask(server.url)
        assert time.monotonic() - started >= 0.3


def test_it_starts_from_the_shell(tmp_path: Path):
    """It prints its URL, takes further answers from a file, reports what was paid, and ends quietly on Ctrl-C."""
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({NAMES[1]: {"standardized_name": "Known now"}}), "utf-8")
    command = [sys.executable, "-m", "monito_ray.testing", "llm", "--port", "0", "--answers", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert "Known now" in _ask(url).text
            with urllib.request.urlopen(url.removesuffix("/v1") + "/paid") as response:  # noqa: S310
                assert json.load(response)["names"][NAMES[1]] == 1
        finally:
            process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    assert (process.returncode, complaints) == (0, "")


def test_requests_beyond_the_limit_are_refused_with_a_wait():
    """The limit is counted in requests, announced in headers, and may change while the server runs."""
    with LlmServer(limits=LlmLimits(requests=2, burst_s=60)) as server:
        assert _ask(server.url, times=2).limits.requests.remaining == 0
        with pytest.raises(LlmRateLimited) as caught:
            _ask(server.url)
        assert caught.value.retry_after_s == pytest.approx(60, abs=31)
        assert caught.value.limits.requests.limit == 2
        server.set_limits(LlmLimits(requests=6000, burst_s=60))
        time.sleep(0.05)
        assert _ask(server.url).limits.requests.limit == 6000
    assert (server.paid.received, server.paid.requests, server.paid.over_limit) == (4, 3, 1)


@pytest.mark.parametrize(
    ("fault", "unknown"), [(LlmFault.RESET, True), (LlmFault.HANG, True), (LlmFault.NO_COMPLETION, True), (LlmFault.STATUS_503, False)]
)
def test_an_error_says_whether_an_answer_may_have_been_paid(fault: LlmFault, unknown: bool):
    """A broken connection leaves it open, an error does not."""
    with LlmServer(faults={fault: 1.0}) as server, pytest.raises(LlmUnavailable) as caught:
        _ask(server.url, timeout_s=0.3)
    assert caught.value.is_outcome_unknown is unknown
