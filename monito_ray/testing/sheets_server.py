"""An HTTP server that speaks the part of the Sheets v4 REST API that gspread uses, and the token endpoint of a service account.

It behaves like Google where that matters to a writer: grids have limits and batches are atomic, requests have quotas, answers get
lost before or after a request was applied. It knows nothing of the program under test and keeps counts of its own.
"""

import asyncio
import base64
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from monito_ray.testing.loopback import LoopbackServer
from monito_ray.testing.sheets_book import GoogleSpreadsheet, Json, Refusal

EMAIL = "catalogue@monito-test.iam.gserviceaccount.com"
_BODY_LIMIT = 64 * 2**20
_TOKEN = "test-access-token"  # noqa: S105  opens nothing but this server
_ROOT = "/v4/spreadsheets/"


class SheetsFault(StrEnum):
    """A way to go wrong. What begins with `applied` befalls writes alone, which take effect all the same."""

    RATE_LIMITED = "rate_limited"
    STATUS_500 = "status_500"
    STATUS_503 = "status_503"
    RESET = "reset"
    HANG = "hang"
    APPLIED_503 = "applied_503"
    APPLIED_RESET = "applied_reset"
    APPLIED_HANG = "applied_hang"


_STATUS = {
    SheetsFault.STATUS_500: (500, "INTERNAL"),
    SheetsFault.STATUS_503: (503, "UNAVAILABLE"),
    SheetsFault.APPLIED_503: (503, "UNAVAILABLE"),
}


@dataclass(slots=True)
class SheetsUsage:
    """What was asked of the server. Times are of the monotonic clock, one for each request that counts against a quota."""

    reads: int = 0
    writes: int = 0
    applied: int = 0
    refused: int = 0
    tokens: int = 0
    largest_bytes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    read_times: list[float] = field(default_factory=list)
    write_times: list[float] = field(default_factory=list)

    def most_writes(self, window_s: float) -> int:
        """The most writes that arrived within any `window_s`."""
        return max((sum(at <= other < at + window_s for other in self.write_times) for at in self.write_times), default=0)


class SheetsServer(LoopbackServer):
    """A server in a thread of its own, at `url` while its `with` block lasts.

    Args:
        latency_s: seconds each answer takes.
        reads, writes: requests allowed within any `window_s`; more get 429 and are not applied.
        window_s: 60 at Google; shorter, a test need not wait for minutes.
        faults: kinds of fault and the share of requests (0 to 1) that each befalls.
        fault_requests: after so many faults all goes well; None = never.
        seed: of the draw of faults.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        *,
        latency_s: float = 0.0,
        reads: int = 60,
        writes: int = 60,
        window_s: float = 60.0,
        faults: Mapping[SheetsFault | str, float] | None = None,
        fault_requests: int | None = None,
        seed: int = 0,
        port: int = 0,
    ) -> None:
        self.account = SheetsUsage()
        self.books: dict[str, GoogleSpreadsheet] = {}
        self.forbidden: set[str] = set()
        self._latency_s = latency_s
        self._quota = {"read": reads, "write": writes}
        self._window_s = window_s
        self._faults = {SheetsFault(kind): share for kind, share in (faults or {}).items()}
        self._faults_left = fault_requests
        self._chance = Random(seed)  # noqa: S311
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        super().__init__(port, _BODY_LIMIT)

    @property
    def url(self) -> str:
        """What MONITO_SHEETS_ENDPOINT is to be."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def credentials(self) -> dict[str, str]:
        """A service-account file whose throwaway key this server knows and whose tokens it gives out."""
        form = serialization.PrivateFormat.PKCS8
        key = self._key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
        return {
            "type": "service_account",
            "project_id": "monito-test",
            "private_key_id": "1",
            "private_key": key,
            "client_email": EMAIL,
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }

    def book(self, book_id: str = "catalogue") -> GoogleSpreadsheet:
        """The spreadsheet of that id, made if it is not there."""
        return self.books.setdefault(book_id, GoogleSpreadsheet(book_id))

    def fail(self, faults: Mapping[SheetsFault | str, float], requests: int | None = None) -> None:
        """From now on these faults, until they befell so many requests, and a fresh account."""
        self._faults = {SheetsFault(kind): share for kind, share in faults.items()}
        self._faults_left = requests
        self.account = SheetsUsage()

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post("/token", self._give_token)
        router.add_get("/account", self._tell)
        router.add_route("*", _ROOT + "{rest:.+}", self._answer)

    async def _tell(self, _request: web.Request) -> web.Response:
        told = {
            name: getattr(self.account, name) for name in ("reads", "writes", "applied", "refused", "tokens", "largest_bytes", "faults")
        }
        return web.json_response(told | {"most_writes": self.account.most_writes(self._window_s)})

    async def _give_token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not self._is_signed(str(form.get("assertion", ""))):
            return web.json_response({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, status=400)
        self.account.tokens += 1
        return web.json_response({"access_token": _TOKEN, "expires_in": 3599, "token_type": "Bearer"})

    def _is_signed(self, assertion: str) -> bool:
        signed, _, signature = assertion.rpartition(".")
        try:
            raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
            self._key.public_key().verify(raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.account.largest_bytes = max(self.account.largest_bytes, len(body))
        is_write = request.method != "GET"
        if request.headers.get("Authorization") != f"Bearer {_TOKEN}":
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        fault = self._fault(is_write)
        if not self._admit(is_write) or fault is SheetsFault.RATE_LIMITED:
            self.account.refused += 1
            kind = "Write" if is_write else "Read"
            limit = f"limit '{kind} requests per minute per user' of service 'sheets.googleapis.com'"
            return _error(429, "RESOURCE_EXHAUSTED", f"Quota exceeded for quota metric '{kind} requests' and {limit}")
        await asyncio.sleep(3600 if fault is SheetsFault.HANG else self._latency_s)
        if fault in (SheetsFault.STATUS_500, SheetsFault.STATUS_503):
            return _error(*_STATUS[fault], "The service is currently unavailable.")
        if fault is SheetsFault.RESET:
            return _cut(request)
        try:
            answer = self._do(request, json.loads(body) if body else {})
        except Refusal as error:
            return _error(error.code, error.status, str(error))
        self.account.applied += is_write
        if fault is SheetsFault.APPLIED_503:
            return _error(*_STATUS[fault], "The service is currently unavailable.")
        if fault is SheetsFault.APPLIED_HANG:
            await asyncio.sleep(3600)
        return _cut(request) if fault is SheetsFault.APPLIED_RESET else web.json_response(answer)

    def _admit(self, is_write: bool) -> bool:
        """Count the request, and tell whether it is within the quota."""
        now = time.monotonic()
        account = self.account
        times = account.write_times if is_write else account.read_times
        account.writes += is_write
        account.reads += not is_write
        times.append(now)
        recent = sum(at > now - self._window_s for at in times)
        return recent <= self._quota["write" if is_write else "read"]

    def _fault(self, is_write: bool) -> SheetsFault | None:
        if self._faults_left == 0:
            return None
        at = self._chance.random()
        for fault, share in self._faults.items():
            if at < share:
                if fault.startswith("applied") and not is_write:
                    return None
                self.account.faults[fault] += 1
                self._faults_left = None if self._faults_left is None else self._faults_left - 1
                return fault
            at -= share
        return None

    def _do(self, request: web.Request, body: Json) -> Json:
        # Titles in ranges come percent-encoded, so the parts of the path are told apart before decoding.
        path, query = request.rel_url.raw_path.removeprefix(_ROOT), request.query
        book_id, _, values = path.partition("/values")
        book_id, _, verb = book_id.partition(":")
        book = self._open(unquote(book_id))
        if not values and not verb:
            described: Json = _masked(book.described(), query.get("fields", ""))
            return described
        if verb == "batchUpdate":
            return {"spreadsheetId": book.id, "replies": book.change(body["requests"])}
        render = query.get("valueRenderOption", "FORMATTED_VALUE")
        if values == ":batchGet":
            return {"spreadsheetId": book.id, "valueRanges": [book.values(a1, render) for a1 in query.getall("ranges", [])]}
        if values == ":batchUpdate":
            return {"spreadsheetId": book.id, "totalUpdatedCells": book.write_values(body["data"], body.get("valueInputOption", ""))}
        a1 = unquote(values.removeprefix("/"))
        if request.method == "GET":
            return book.values(a1, render)
        if request.method == "PUT":
            written = book.write_values([{**body, "range": a1}], query.get("valueInputOption", ""))
            return {"spreadsheetId": book.id, "updatedRange": a1, "updatedCells": written}
        raise Refusal("Requested entity was not found.", 404, "NOT_FOUND")

    def _open(self, book_id: str) -> GoogleSpreadsheet:
        if book_id in self.forbidden:
            raise Refusal("The caller does not have permission", 403, "PERMISSION_DENIED")
        if book_id not in self.books:
            raise Refusal("Requested entity was not found.", 404, "NOT_FOUND")
        return self.books[book_id]


def _error(code: int, status: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message, "status": status}}, status=code)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _masked(whole: Any, mask: str) -> Any:
    """The parts of `whole` that a field mask like `a,b.c,d(e,f)` asks for."""
    if not mask or mask == "*":
        return whole
    if isinstance(whole, list):
        return [_masked(part, mask) for part in whole]
    found: Json = {}
    for part in _fields(mask):
        name, rest = _head(part)
        if name in whole:
            value = _masked(whole[name], rest)
            found[name] = found[name] | value if isinstance(found.get(name), dict) else value
    return found


def _head(part: str) -> tuple[str, str]:
    for place, letter in enumerate(part):
        if letter in ".(/":
            return part[:place], part[place + 1 :].removesuffix(")") if letter == "(" else part[place + 1 :]
    return part, ""


def _fields(mask: str) -> list[str]:
    """The mask's parts at its outermost level."""
    parts, depth = [""], 0
    for letter in mask:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
