"""An HTTP server that speaks chat completions: right answers from a table, latency and faults as asked, an account of what was paid.

It knows nothing of the program under test. The table's answers were written by hand (`llm_answers.json`) or are given by the caller;
a name that is in neither comes back as it is, in the category "other".
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

from monito_ray.testing.llm_faults import REFUSED, Fault, corrupted, drawn
from monito_ray.testing.llm_rate_limits import Gate, Limits
from monito_ray.testing.loopback import LoopbackServer

CACHED_FROM_TOKENS = 1024
_CHARACTERS_A_TOKEN = 4
_RETRY_AFTER_S = 0.05
_BODY_LIMIT = 16 * 2**20
_PLENTY = Limits(requests=10_000, tokens=100_000_000)


@dataclass(slots=True)
class Account:
    """What was asked and what is to be paid; requests that got an error are received and not paid.

    `lost_requests` were answered and are paid, though the connection broke; their tokens are counted apart.
    """

    received: int = 0
    requests: int = 0
    rows: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    lost_requests: int = 0
    lost_tokens: int = 0
    over_limit: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    names: Counter[str] = field(default_factory=Counter)
    tables: list[dict[str, Any]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)


class LlmServer(LoopbackServer):
    """A server in a thread of its own, at `url` while its `with` block lasts.

    Args:
        latency_s: seconds each answer takes.
        per_row_s: seconds more for each row asked.
        faults: kinds of fault and the share of requests (0 to 1) that each befalls.
        fault_requests: after so many faults all goes well; None = never.
        answers: names and the fields of their answers, beside the hand-written ones.
        api_key: what clients have to present; "" takes all.
        seed: of the draw of faults.
        limits: requests and tokens a minute, and how they are kept.
        port: 0 takes a free one.

    `roles` is what it answers when it is asked what the columns of a table hold.
    """

    def __init__(
        self,
        *,
        latency_s: float = 0.0,
        per_row_s: float = 0.0,
        faults: Mapping[Fault | str, float] | None = None,
        fault_requests: int | None = None,
        answers: Mapping[str, Mapping[str, Any]] | None = None,
        api_key: str = "",
        seed: int = 0,
        limits: Limits = _PLENTY,
        port: int = 0,
    ) -> None:
        self.paid = Account()
        self.roles: Sequence[str] = ()
        self._latency_s = latency_s
        self._per_row_s = per_row_s
        self._faults = {Fault(kind): share for kind, share in (faults or {}).items()}
        self._faults_left = fault_requests
        self._answers = written_answers() | dict(answers or {})
        self._api_key = api_key
        self._chance = Random(seed)  # noqa: S311
        super().__init__(port, _BODY_LIMIT)
        self._in_flight = 0
        self._gate = Gate(limits, time.monotonic())
        self._next_faults: deque[Fault] = deque()
        self._seen_systems: set[str] = set()

    @property
    def url(self) -> str:
        """The base URL to give to a client."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def in_flight(self) -> int:
        """The requests that wait for their answer."""
        return self._in_flight

    def fail(self, faults: Mapping[Fault | str, float], requests: int | None = None, seed: int | None = None) -> None:
        """From now on these faults, until they befell so many requests, drawn from a new `seed`, and a fresh account."""
        self._chance = self._chance if seed is None else Random(seed)  # noqa: S311
        self._faults = {Fault(kind): share for kind, share in faults.items()}
        self._faults_left = requests
        self.paid = Account()

    def befall(self, fault: Fault | str, requests: int = 1) -> None:
        """This fault for the next so many requests, whatever else goes on."""
        self._next_faults.extend([Fault(fault)] * requests)

    def limit(self, limits: Limits) -> None:
        """From now on these limits; what was used stays used."""
        self._gate = Gate(limits, time.monotonic(), self._gate)

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/chat/completions", self._complete)
        router.add_get("/paid", self._account)
        router.add_post("/limits", self._change_limits)

    async def _account(self, _request: web.Request) -> web.Response:
        return web.json_response({part.name: getattr(self.paid, part.name) for part in fields(Account)})

    async def _change_limits(self, request: web.Request) -> web.Response:
        self.limit(Limits(**await request.json()))
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
        wrong = _wrong(body)
        if wrong:
            return self._error(400, "invalid_request_error", wrong)
        if self._api_key and request.headers.get("Authorization") != f"Bearer {self._api_key}":
            return self._error(*REFUSED[Fault.UNAUTHORIZED])
        question = json.loads(body["messages"][-1]["content"])
        asked = question["rows"] if "table" not in question else []
        wait_s = self._gate.admit(self._expected_tokens(body, asked), time.monotonic())
        if wait_s:
            self.paid.over_limit += 1
            return self._error(*REFUSED[Fault.RATE_LIMITED], wait_s=wait_s)
        fault = self._fault()
        if fault in REFUSED:
            return self._error(*REFUSED[fault])
        await asyncio.sleep(3600 if fault is Fault.HANG else self._latency_s + self._per_row_s * len(asked))
        if fault is Fault.RESET and request.transport is not None:
            self._lose(body, asked)
            request.transport.abort()
            return web.Response()
        if fault is Fault.NO_COMPLETION:
            return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
        answer = self._answered(body, asked, fault) if "table" not in question else self._columns(question)
        return web.json_response(self._completion(body, asked, answer, fault), headers=self._gate.headers(time.monotonic()))

    def _expected_tokens(self, body: dict[str, Any], asked: list[dict[str, Any]]) -> int:
        answer = self._answered(body, asked, None) if self._gate.limits.tokens else ""
        return sum(_tokens(message["content"]) for message in body["messages"]) + _tokens(answer)

    def _lose(self, body: dict[str, Any], asked: list[dict[str, Any]]) -> None:
        self.paid.lost_requests += 1
        self.paid.lost_tokens += self._expected_tokens(body, asked)

    def _fault(self) -> Fault | None:
        if self._next_faults:
            self.paid.faults[self._next_faults[0]] += 1
            return self._next_faults.popleft()
        fault = None if self._faults_left == 0 else drawn(self._faults, self._chance)
        if fault is not None:
            self.paid.faults[fault] += 1
            self._faults_left = None if self._faults_left is None else self._faults_left - 1
        return fault

    def _columns(self, question: dict[str, Any]) -> str:
        """What the columns of a table hold, as the caller of this server has it; nothing where it has not."""
        self.paid.tables.append(question)
        width = len(question["table"]["titles"])
        roles = [*self.roles, *["nothing"] * width][:width]
        return json.dumps({"columns": [{"id": number, "role": role} for number, role in enumerate(roles, 1)]})

    def _completion(self, body: dict[str, Any], asked: list[dict[str, Any]], content: str, fault: Fault | None) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        if fault is Fault.REFUSAL:
            message |= {"content": None, "refusal": "I'm sorry, I can't help with that."}
        return {
            "id": f"chatcmpl-{self.paid.received}",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [
                {"index": 0, "finish_reason": "length" if fault is Fault.TRUNCATED else "stop", "logprobs": None, "message": message}
            ],
            "usage": self._pay(body, asked, content),
        }

    def _answered(self, body: dict[str, Any], asked: list[dict[str, Any]], fault: Fault | None) -> str:
        """The rows' answers in the form that the schema asks for: one text each, or an object with these fields."""
        schema = body["response_format"]["json_schema"]["schema"]["properties"].get("rows", {}).get("items", {})
        as_lines = schema.get("type") != "object"
        fields = ("id", "check", "is") if as_lines else schema["properties"]
        rows = [{field: value for field, value in self._row(row).items() if field in fields} for row in asked]
        return corrupted(rows, fault, as_lines=as_lines)

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        answer = self._answers.get(row["name"], {"standardized_name": row["name"]})
        in_one = said(answer)
        name, brand, size, pack, _ = in_one.split("|")
        apart = {"name": name, "brand": brand, "size": size, "pack": pack, "category": answer.get("category", "other"), "confidence": 0.95}
        return {"id": row["id"], "check": row.get("check", ""), "is": in_one} | apart

    def _pay(self, body: dict[str, Any], asked: list[dict[str, Any]], content: str) -> dict[str, Any]:
        system = body["messages"][0]["content"]
        system_tokens = _tokens(system)
        cached = system_tokens // 128 * 128 if system in self._seen_systems and system_tokens >= CACHED_FROM_TOKENS else 0
        self._seen_systems.add(system)
        prompt = sum(_tokens(message["content"]) for message in body["messages"])
        completion = _tokens(content)
        self.paid.requests += 1
        self.paid.rows += len(asked)
        self.paid.names.update(row["name"] for row in asked)
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
        headers = self._gate.headers(time.monotonic())
        if status == 429 and self._gate.limits.retry_after:
            headers |= {"retry-after-ms": str(math.ceil(wait_s * 1000))}
        return web.json_response({"error": {"message": message, "type": code, "param": None, "code": code}}, status=status, headers=headers)


def written_answers() -> dict[str, Mapping[str, Any]]:
    """The hand-written answers, by name."""
    found: dict[str, Mapping[str, Any]] = json.loads(files("monito_ray.testing").joinpath("llm_answers.json").read_text("utf-8"))
    return found


def said(answer: Mapping[str, Any]) -> str:
    """An answer's fields in the one text in which they go over the wire."""
    size = f"{answer['size']} {answer['unit']}" if answer.get("size") is not None else ""
    pack = str(answer["pack_count"]) if answer.get("pack_count", 1) != 1 else ""
    name = answer["standardized_name"].replace("|", "/")
    return "|".join([name, answer.get("brand") or "", size, pack, answer.get("category", "other").split()[0]])


def _tokens(text: str) -> int:
    return len(text) // _CHARACTERS_A_TOKEN + 1


def _wrong(body: dict[str, Any]) -> str:
    """What a strict provider would find wrong with the request, or ""."""
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
