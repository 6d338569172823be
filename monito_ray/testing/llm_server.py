"""An HTTP server that speaks chat completions, with right answers from a table, chosen latency and faults, and a tally of what was paid.

It knows nothing of the program under test. The answers were written by hand (`llm_answers.json`) or come from the caller; a name that is
in neither comes back as it is, in the category "other".
"""

import asyncio
import json
import math
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import fields
from importlib.resources import files
from random import Random
from typing import Any

from aiohttp import web

from monito_ray.testing.llm_faults import ERROR_ANSWERS, LlmFault, as_message, corrupt_answers, cut_answers, draw_fault, finish_reason_of
from monito_ray.testing.llm_rate_limits import LimitEnforcer, LlmLimits
from monito_ray.testing.llm_tally import LlmTally
from monito_ray.testing.llm_traits import LlmTraits, answer_limit, complaint_of, refusal_of
from monito_ray.testing.loopback import LoopbackServer

#: OpenAI caches prompts whose prefix is at least this long.
CACHED_FROM_TOKENS = 1024
_CHARACTERS_A_TOKEN = 4
#: An answer needs at least so many tokens besides the model's thinking.
_ANSWER_TOKENS = 50
_RETRY_AFTER_S = 0.05
_BODY_LIMIT = 16 * 2**20
_PLENTY = LlmLimits(requests=10_000, tokens=100_000_000)

_TALLY: ContextVar[LlmTally] = ContextVar("tally")


class LlmServer(LoopbackServer):
    """A server in a thread of its own, at `url` while its `with` block lasts.

    Args:
        latency_s: seconds each answer takes.
        per_row_s: seconds more for each row of the request.
        faults: kinds of fault and the share of requests (0 to 1) that each takes.
        fault_requests: number of faults after which all goes well; None = never.
        answers: names and the fields of their answers, beside the hand-written ones.
        api_key: what clients have to present; "" takes all.
        seed: of the draw of faults.
        limits: requests and tokens a minute, and how they are enforced.
        traits: what it refuses, how much fits, how fast it is.
        port: 0 takes a free one.

    `roles` is its answer to the question what the columns of a table hold, `pairs` that to the question whether offers are the same, by name.
    """

    def __init__(
        self,
        *,
        latency_s: float = 0.0,
        per_row_s: float = 0.0,
        faults: Mapping[LlmFault | str, float] | None = None,
        fault_requests: int | None = None,
        answers: Mapping[str, Mapping[str, Any]] | None = None,
        api_key: str = "",
        seed: int = 0,
        limits: LlmLimits = _PLENTY,
        traits: LlmTraits | None = None,
        port: int = 0,
    ) -> None:
        self.paid = LlmTally()
        self.roles: Sequence[str] = ()
        self.pairs: Mapping[str, Mapping[str, str]] = {}
        self._latency_s = latency_s
        self._per_row_s = per_row_s
        self._faults = {LlmFault(kind): share for kind, share in (faults or {}).items()}
        self._faults_left = fault_requests
        self._answers = handwritten_answers() | dict(answers or {})
        self._api_key = api_key
        self.traits = traits or LlmTraits()
        self._random = Random(seed)  # noqa: S311
        super().__init__(port, _BODY_LIMIT)
        self._in_flight = 0
        self._enforcer = LimitEnforcer(limits, time.monotonic())
        self._next_faults: deque[LlmFault] = deque()
        self._seen_system_messages: set[str] = set()
        #: Requests that must not come again as they are.
        self._failed_requests: set[bytes] = set()

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://127.0.0.1:{self._port}/v1"

    def fail(self, faults: Mapping[LlmFault | str, float], requests: int | None = None, seed: int | None = None) -> None:
        """Go wrong in these ways from now on, `requests` times at most, drawn from a new `seed`, with a fresh tally."""
        self._random = self._random if seed is None else Random(seed)  # noqa: S311
        self._faults = {LlmFault(kind): share for kind, share in faults.items()}
        self._faults_left = requests
        self.paid = LlmTally()

    def inject(self, fault: LlmFault | str, requests: int = 1) -> None:
        """Answer the next `requests` requests with this fault, whatever else goes on."""
        self._next_faults.extend([LlmFault(fault)] * requests)

    def set_limits(self, limits: LlmLimits) -> None:
        """Enforce these limits from now on; what was used stays used."""
        self._enforcer = LimitEnforcer(limits, time.monotonic(), self._enforcer)

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/chat/completions", self._complete)
        router.add_get("/paid", self._report_tally)
        router.add_post("/limits", self._change_limits)

    async def _report_tally(self, _request: web.Request) -> web.Response:
        return web.json_response({part.name: getattr(self.paid, part.name) for part in fields(LlmTally)})

    async def _change_limits(self, request: web.Request) -> web.Response:
        self.set_limits(LlmLimits(**await request.json()))
        return web.json_response({})

    @property
    def _tally(self) -> LlmTally:
        """The tally that a request belongs to: that of its arrival, whatever was begun since."""
        return _TALLY.get()

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        _TALLY.set(self.paid)  # the requests of a connection come one after another, in its own task
        self._tally.received += 1
        self._in_flight += 1
        self.paid.in_flight = self._in_flight
        self._tally.peak_in_flight = max(self._tally.peak_in_flight, self._in_flight)
        try:
            return await self._answer(request)
        finally:
            self._in_flight -= 1
            self.paid.in_flight = self._in_flight

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        sent = await request.read()
        self._tally.repeated += sent in self._failed_requests
        body = json.loads(sent)
        if self._api_key and request.headers.get("Authorization") != f"Bearer {self._api_key}":
            return self._error(*ERROR_ANSWERS[LlmFault.UNAUTHORIZED])
        question = json.loads(body["messages"][-1]["content"].rpartition("\n\n")[2]) if not complaint_of(body) else {"rows": []}
        rows = question.get("rows", []) if "table" not in question else []
        refusal = refusal_of(self.traits, body, [row["name"] for row in rows], self._prompt_tokens(body))
        if refusal is not None:
            self._failed_requests.add(sent)
            return self._error(refusal.status, refusal.code, refusal.message)
        wait_s = self._enforcer.admit(self._expected_tokens(body, rows), time.monotonic())
        if wait_s:
            self._tally.over_limit += 1
            return self._error(*ERROR_ANSWERS[LlmFault.RATE_LIMITED], wait_s=wait_s)
        fault = self._next_fault()
        if fault in ERROR_ANSWERS:
            if ERROR_ANSWERS[fault][0] in (400, 504):
                self._failed_requests.add(sent)
            return self._error(*ERROR_ANSWERS[fault])
        if fault is LlmFault.HANG or 0 < self.traits.slow_above < len(rows):
            self._failed_requests.add(sent)
            self._tally.statuses[0] += 1
            await asyncio.sleep(3600)
        await asyncio.sleep(self._latency_s + self._per_row_s * len(rows))
        return self._reply(request, body, question, rows, fault)

    def _reply(
        self, request: web.Request, body: dict[str, Any], question: dict[str, Any], rows: list[dict[str, Any]], fault: LlmFault | None
    ) -> web.StreamResponse:
        if fault is LlmFault.RESET and request.transport is not None:
            self._count_lost(body, rows)
            request.transport.abort()
            return web.Response()
        if fault is LlmFault.NO_COMPLETION:
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        if fault is LlmFault.ERROR_IN_200:
            return web.json_response({"error": {"code": 502, "message": "Upstream error from the provider"}})
        self._tally.statuses[200] += 1
        is_cut = 0 < self.traits.cut_above < len(rows)
        if self._is_thought_out(body):
            answer, is_cut = "", True
        elif "table" in question:
            answer = self._column_roles(question)
        elif "pairs" in question:
            answer = self._pair_answers(question)
        else:
            answer = self._row_answers(body, rows, fault, whole=self.traits.cut_above if is_cut else None)
        completion = self._completion(body, rows, answer, fault, is_cut=is_cut)
        return web.json_response(completion, headers=self._enforcer.headers(time.monotonic()))

    def _is_thought_out(self, body: dict[str, Any]) -> bool:
        """Return whether the model thinks until the answer's limit is reached."""
        limit = answer_limit(body)
        return bool(self.traits.thinking_tokens and limit and limit < self.traits.thinking_tokens + _ANSWER_TOKENS)

    def _expected_tokens(self, body: dict[str, Any], rows: list[dict[str, Any]]) -> int:
        answer = self._row_answers(body, rows, None) if self._enforcer.limits.tokens else ""
        return self._prompt_tokens(body) + _tokens(answer)

    def _prompt_tokens(self, body: dict[str, Any]) -> int:
        return sum(_tokens(message["content"]) for message in body["messages"])

    def _count_lost(self, body: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        self._tally.lost_requests += 1
        self._tally.lost_tokens += self._expected_tokens(body, rows)

    def _next_fault(self) -> LlmFault | None:
        if self._next_faults:
            self._tally.faults[self._next_faults[0]] += 1
            return self._next_faults.popleft()
        fault = None if self._faults_left == 0 else draw_fault(self._faults, self._random)
        if fault is not None:
            self._tally.faults[fault] += 1
            self._faults_left = None if self._faults_left is None else self._faults_left - 1
        return fault

    def _column_roles(self, question: dict[str, Any]) -> str:
        """Return the roles that the caller of this server has set for the columns of a table; "nothing" for the others."""
        self._tally.tables.append(question)
        width = len(question["table"]["titles"])
        roles = [*self.roles, *["nothing"] * width][:width]
        return json.dumps({"columns": [{"id": number, "role": role} for number, role in enumerate(roles, 1)]})

    def _pair_answers(self, question: dict[str, Any]) -> str:
        """Return for each pair what the caller of this server has set for the name of its first offer; "unsure" for the others."""
        self._tally.pairs += question["pairs"]
        answers = [
            {"id": pair["id"], "check": pair["check"], "telling": "", "same": "unsure", **self.pairs.get(pair["a"]["name"], {})}
            for pair in question["pairs"]
        ]
        return json.dumps({"pairs": answers}, ensure_ascii=False)

    def _completion(
        self, body: dict[str, Any], rows: list[dict[str, Any]], content: str, fault: LlmFault | None, *, is_cut: bool
    ) -> dict[str, Any]:
        finish_reason = "length" if is_cut else finish_reason_of(fault)
        completion: dict[str, Any] = {
            "id": f"chatcmpl-{self._tally.received}",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "finish_reason": finish_reason, "logprobs": None, "message": as_message(content, fault)}],
        }
        usage = self._charge(body, rows, content)
        return completion if fault is LlmFault.NO_USAGE else completion | {"usage": usage}

    def _row_answers(self, body: dict[str, Any], rows: list[dict[str, Any]], fault: LlmFault | None, whole: int | None = None) -> str:
        """Return the answers in the form that the schema requires: one text for each row, or an object with these fields.

        They end within the answer after `whole` ones; None: they are whole.
        """
        schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema", {})
        item = schema.get("properties", {}).get("rows", {}).get("items", {})
        as_lines = item.get("type") != "object"
        fields = ("id", "check", "is") if as_lines else item["properties"]
        answers = [{field: value for field, value in self._row_answer(row).items() if field in fields} for row in rows]
        return corrupt_answers(answers, fault, as_lines=as_lines) if whole is None else cut_answers(answers, whole, as_lines=as_lines)

    def _row_answer(self, row: dict[str, Any]) -> dict[str, Any]:
        answer = self._answers.get(row["name"], {"standardized_name": row["name"]})
        line = answer_line(answer)
        name, brand, size, pack, category = line.split("|")
        parts = {"name": name, "brand": brand, "size": size, "pack": pack, "category": category, "confidence": 0.95}
        return {"id": row["id"], "check": row.get("check", ""), "is": line} | parts

    def _charge(self, body: dict[str, Any], rows: list[dict[str, Any]], content: str) -> dict[str, Any]:
        system = body["messages"][0]["content"]
        system_tokens = _tokens(system)
        cached = system_tokens // 128 * 128 if system in self._seen_system_messages and system_tokens >= CACHED_FROM_TOKENS else 0
        self._seen_system_messages.add(system)
        prompt, limit = self._prompt_tokens(body), answer_limit(body)
        thinking = min(self.traits.thinking_tokens, limit or self.traits.thinking_tokens)
        completion = thinking + _tokens(content)
        self._tally.requests += 1
        self._tally.rows += len(rows)
        self._tally.names.update(row["name"] for row in rows)
        self._tally.prompt_tokens += prompt
        self._tally.cached_tokens += cached
        self._tally.completion_tokens += completion
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
            "completion_tokens_details": {"reasoning_tokens": thinking},
        }

    def _error(self, status: int, code: str, message: str, wait_s: float = _RETRY_AFTER_S) -> web.Response:
        self._tally.statuses[status] += 1
        headers = self._enforcer.headers(time.monotonic())
        if status == 429 and self._enforcer.limits.retry_after:
            headers |= {"retry-after-ms": str(math.ceil(wait_s * 1000))}
        return web.json_response({"error": {"message": message, "type": code, "param": None, "code": code}}, status=status, headers=headers)


def handwritten_answers() -> dict[str, Mapping[str, Any]]:
    """Return the hand-written answers by name."""
    answers: dict[str, Mapping[str, Any]] = json.loads(files("monito_ray.testing").joinpath("llm_answers.json").read_text("utf-8"))
    return answers


def answer_line(answer: Mapping[str, Any]) -> str:
    """Return the fields of an answer as the one text in which they go over the wire."""
    size = f"{answer['size']} {answer['unit']}" if answer.get("size") is not None else ""
    pack = str(answer["pack_count"]) if answer.get("pack_count", 1) != 1 else ""
    name = answer["standardized_name"].replace("|", "/")
    return "|".join([name, answer.get("brand") or "", size, pack, answer.get("category", "other").split()[0]])


def _tokens(text: str) -> int:
    return len(text) // _CHARACTERS_A_TOKEN + 1
