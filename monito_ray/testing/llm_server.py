"""An HTTP server that speaks chat completions, with right answers from a table, chosen latency and faults, and a tally of what was paid.

It knows nothing of the program under test. The answers were written by hand (`llm_answers.json`) or come from the caller; a name that is
in neither comes back as it is, in the category "other".
"""

import asyncio
import json
import math
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from random import Random
from typing import Any

from aiohttp import web

from monito_ray.testing.llm_faults import ERROR_ANSWERS, LlmFault, corrupt_answers, draw_fault
from monito_ray.testing.llm_rate_limits import LimitEnforcer, LlmLimits
from monito_ray.testing.loopback import LoopbackServer

#: OpenAI caches prompts whose prefix is at least this long.
CACHED_FROM_TOKENS = 1024
_CHARACTERS_A_TOKEN = 4
_RETRY_AFTER_S = 0.05
_BODY_LIMIT = 16 * 2**20
_PLENTY = LlmLimits(requests=10_000, tokens=100_000_000)


@dataclass(slots=True)
class LlmTally:
    """What clients requested and what they have to pay for."""

    #: All requests, those that got an error included.
    received: int = 0
    #: Requests that were answered; these are paid, and so are their rows and tokens below.
    requests: int = 0
    rows: int = 0
    prompt_tokens: int = 0
    #: Part of `prompt_tokens`.
    cached_tokens: int = 0
    completion_tokens: int = 0
    #: Requests that were answered and are paid though the connection broke; they and their tokens are counted nowhere else.
    lost_requests: int = 0
    lost_tokens: int = 0
    #: Requests that a limit refused.
    over_limit: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    #: How often each name was answered.
    names: Counter[str] = field(default_factory=Counter)
    #: Questions about the columns of a table.
    tables: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


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
        port: 0 takes a free one.

    `roles` is its answer to the question what the columns of a table hold.
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
        port: int = 0,
    ) -> None:
        self.paid = LlmTally()
        self.roles: Sequence[str] = ()
        self._latency_s = latency_s
        self._per_row_s = per_row_s
        self._faults = {LlmFault(kind): share for kind, share in (faults or {}).items()}
        self._faults_left = fault_requests
        self._answers = handwritten_answers() | dict(answers or {})
        self._api_key = api_key
        self._random = Random(seed)  # noqa: S311
        super().__init__(port, _BODY_LIMIT)
        self._in_flight = 0
        self._enforcer = LimitEnforcer(limits, time.monotonic())
        self._next_faults: deque[LlmFault] = deque()
        self._seen_system_messages: set[str] = set()

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

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.paid.received += 1
        self._in_flight += 1
        self.paid.in_flight = self._in_flight
        self.paid.peak_in_flight = max(self.paid.peak_in_flight, self._in_flight)
        try:
            return await self._answer(request)
        finally:
            self._in_flight -= 1
            self.paid.in_flight = self._in_flight

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        if complaint := _complaint(body):
            return self._error(400, "invalid_request_error", complaint)
        if self._api_key and request.headers.get("Authorization") != f"Bearer {self._api_key}":
            return self._error(*ERROR_ANSWERS[LlmFault.UNAUTHORIZED])
        question = json.loads(body["messages"][-1]["content"])
        is_layout = "table" in question
        rows = [] if is_layout else question["rows"]
        wait_s = self._enforcer.admit(self._expected_tokens(body, rows), time.monotonic())
        if wait_s:
            self.paid.over_limit += 1
            return self._error(*ERROR_ANSWERS[LlmFault.RATE_LIMITED], wait_s=wait_s)
        fault = self._next_fault()
        if fault in ERROR_ANSWERS:
            return self._error(*ERROR_ANSWERS[fault])
        await asyncio.sleep(3600 if fault is LlmFault.HANG else self._latency_s + self._per_row_s * len(rows))
        if fault is LlmFault.RESET and request.transport is not None:
            self._count_lost(body, rows)
            request.transport.abort()
            return web.Response()
        if fault is LlmFault.NO_COMPLETION:
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        answer = self._column_roles(question) if is_layout else self._row_answers(body, rows, fault)
        return web.json_response(self._completion(body, rows, answer, fault), headers=self._enforcer.headers(time.monotonic()))

    def _expected_tokens(self, body: dict[str, Any], rows: list[dict[str, Any]]) -> int:
        answer = self._row_answers(body, rows, None) if self._enforcer.limits.tokens else ""
        return sum(_tokens(message["content"]) for message in body["messages"]) + _tokens(answer)

    def _count_lost(self, body: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        self.paid.lost_requests += 1
        self.paid.lost_tokens += self._expected_tokens(body, rows)

    def _next_fault(self) -> LlmFault | None:
        if self._next_faults:
            self.paid.faults[self._next_faults[0]] += 1
            return self._next_faults.popleft()
        fault = None if self._faults_left == 0 else draw_fault(self._faults, self._random)
        if fault is not None:
            self.paid.faults[fault] += 1
            self._faults_left = None if self._faults_left is None else self._faults_left - 1
        return fault

    def _column_roles(self, question: dict[str, Any]) -> str:
        """Return the roles that the caller of this server has set for the columns of a table; "nothing" for the others."""
        self.paid.tables.append(question)
        width = len(question["table"]["titles"])
        roles = [*self.roles, *["nothing"] * width][:width]
        return json.dumps({"columns": [{"id": number, "role": role} for number, role in enumerate(roles, 1)]})

    def _completion(self, body: dict[str, Any], rows: list[dict[str, Any]], content: str, fault: LlmFault | None) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        if fault is LlmFault.REFUSAL:
            message |= {"content": None, "refusal": "I'm sorry, I can't help with that."}
        return {
            "id": f"chatcmpl-{self.paid.received}",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [
                {"index": 0, "finish_reason": "length" if fault is LlmFault.TRUNCATED else "stop", "logprobs": None, "message": message}
            ],
            "usage": self._charge(body, rows, content),
        }

    def _row_answers(self, body: dict[str, Any], rows: list[dict[str, Any]], fault: LlmFault | None) -> str:
        """Return the answers in the form that the schema requires: one text for each row, or an object with these fields."""
        schema = body["response_format"]["json_schema"]["schema"]["properties"].get("rows", {}).get("items", {})
        as_lines = schema.get("type") != "object"
        fields = ("id", "check", "is") if as_lines else schema["properties"]
        answers = [{field: value for field, value in self._row_answer(row).items() if field in fields} for row in rows]
        return corrupt_answers(answers, fault, as_lines=as_lines)

    def _row_answer(self, row: dict[str, Any]) -> dict[str, Any]:
        answer = self._answers.get(row["name"], {"standardized_name": row["name"]})
        line = answer_line(answer)
        name, brand, size, pack, _ = line.split("|")
        parts = {"name": name, "brand": brand, "size": size, "pack": pack, "category": answer.get("category", "other"), "confidence": 0.95}
        return {"id": row["id"], "check": row.get("check", ""), "is": line} | parts

    def _charge(self, body: dict[str, Any], rows: list[dict[str, Any]], content: str) -> dict[str, Any]:
        system = body["messages"][0]["content"]
        system_tokens = _tokens(system)
        cached = system_tokens // 128 * 128 if system in self._seen_system_messages and system_tokens >= CACHED_FROM_TOKENS else 0
        self._seen_system_messages.add(system)
        prompt = sum(_tokens(message["content"]) for message in body["messages"])
        completion = _tokens(content)
        self.paid.requests += 1
        self.paid.rows += len(rows)
        self.paid.names.update(row["name"] for row in rows)
        self.paid.prompt_tokens += prompt
        self.paid.cached_tokens += cached
        self.paid.completion_tokens += completion
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
        }

    def _error(self, status: int, code: str, message: str, wait_s: float = _RETRY_AFTER_S) -> web.Response:
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


def _complaint(body: dict[str, Any]) -> str:
    """Return what a strict provider would complain of in the request, or ""."""
    if not body.get("model") or [message.get("role") for message in body.get("messages", [])] != ["system", "user"]:
        return "model, a system message and a user message are required"
    form = body.get("response_format", {})
    schema = form.get("json_schema", {})
    if form.get("type") != "json_schema" or schema.get("strict") is not True or not schema.get("name"):
        return "response_format must be a named, strict json_schema"
    return "" if _is_strict(schema["schema"]) else "every property must be required and additionalProperties false"


def _is_strict(schema: Any) -> bool:
    if isinstance(schema, list):
        return all(map(_is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if "properties" in schema and (
        set(schema.get("required", ())) != set(schema["properties"]) or schema.get("additionalProperties") is not False
    ):
        return False
    return all(map(_is_strict, schema.values()))
