"""An HTTP server that speaks the part of the Sheets v4 REST API that gspread uses, and the token endpoint of a service account.

It behaves like Google where that matters to a writer: grids have limits and batches are atomic, requests have quotas, answers get
lost before or after a request was applied. It imports nothing of the program under test and keeps a tally of its own.
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
from monito_ray.testing.sheets_book import GoogleSpreadsheet
from monito_ray.testing.sheets_values import Json, RequestRefused

EMAIL = "catalogue@monito-test.iam.gserviceaccount.com"
_BODY_LIMIT = 64 * 2**20
_TOKEN = "test-access-token"  # noqa: S105  opens nothing but this server
_ROOT = "/v4/spreadsheets/"


class SheetsFault(StrEnum):
    """A way in which a request goes wrong. Those that begin with `applied` happen to writes alone, which take effect all the same."""

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
class SheetsTally:
    """What the server was asked and did."""

    reads: int = 0
    writes: int = 0
    #: Writes that took effect.
    applied: int = 0
    #: Requests beyond the quota.
    refused: int = 0
    #: Tokens given out.
    tokens: int = 0
    #: Of the largest request's body.
    largest_bytes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    #: Of the monotonic clock, one for each request that counts against a quota.
    read_times: list[float] = field(default_factory=list)
    write_times: list[float] = field(default_factory=list)

    def most_writes(self, window_s: float) -> int:
        """Return the most writes that arrived within any `window_s`."""
        return max((sum(at <= other < at + window_s for other in self.write_times) for at in self.write_times), default=0)


class SheetsServer(LoopbackServer):
    """A server in a thread of its own, at `url` while its `with` block lasts.

    Args:
        latency_s: seconds each answer takes.
        reads, writes: requests allowed within any `window_s`; more get 429 and are not applied.
        window_s: 60 at Google; shorter, a test need not wait for minutes.
        faults: the share of requests (0 to 1) that goes wrong in each way.
        fault_requests: after this many faults all goes well; None = never.
        seed: of the draw of faults.
        key: the service account's; a new one unless given, which takes a fraction of a second.
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
        key: rsa.RSAPrivateKey | None = None,
        port: int = 0,
    ) -> None:
        self.tally = SheetsTally()
        self.spreadsheets: dict[str, GoogleSpreadsheet] = {}
        self.forbidden: set[str] = set()
        self._latency_s = latency_s
        self._quota = {"read": reads, "write": writes}
        self._window_s = window_s
        self._faults = {SheetsFault(kind): share for kind, share in (faults or {}).items()}
        self._faults_left = fault_requests
        self._chance = Random(seed)  # noqa: S311
        self._key = key or new_key()
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

    def spreadsheet(self, sheet_id: str = "catalogue") -> GoogleSpreadsheet:
        """Return the spreadsheet of that id, made if it is not there."""
        return self.spreadsheets.setdefault(sheet_id, GoogleSpreadsheet(sheet_id))

    def fail(self, faults: Mapping[SheetsFault | str, float], requests: int | None = None) -> None:
        """Go wrong in these ways from now on, `requests` times at most, with a fresh tally."""
        self._faults = {SheetsFault(kind): share for kind, share in faults.items()}
        self._faults_left = requests
        self.tally = SheetsTally()

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post("/token", self._give_token)
        router.add_get("/tally", self._report_tally)
        router.add_route("*", _ROOT + "{rest:.+}", self._answer)

    async def _report_tally(self, _request: web.Request) -> web.Response:
        names = ("reads", "writes", "applied", "refused", "tokens", "largest_bytes", "faults")
        counts = {name: getattr(self.tally, name) for name in names}
        return web.json_response(counts | {"most_writes": self.tally.most_writes(self._window_s)})

    async def _give_token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not self._is_signed(str(form.get("assertion", ""))):
            return web.json_response({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, status=400)
        self.tally.tokens += 1
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
        self.tally.largest_bytes = max(self.tally.largest_bytes, len(body))
        is_write = request.method != "GET"
        if request.headers.get("Authorization") != f"Bearer {_TOKEN}":
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        fault = self._draw_fault(is_write)
        if not self._admit(is_write) or fault is SheetsFault.RATE_LIMITED:
            self.tally.refused += 1
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
        except RequestRefused as error:
            return _error(error.code, error.status, str(error))
        self.tally.applied += is_write
        if fault is SheetsFault.APPLIED_503:
            return _error(*_STATUS[fault], "The service is currently unavailable.")
        if fault is SheetsFault.APPLIED_HANG:
            await asyncio.sleep(3600)
        return _cut(request) if fault is SheetsFault.APPLIED_RESET else web.json_response(answer)

    def _admit(self, is_write: bool) -> bool:
        """Count the request and return whether it is within the quota."""
        now = time.monotonic()
        times = self.tally.write_times if is_write else self.tally.read_times
        self.tally.writes += is_write
        self.tally.reads += not is_write
        times.append(now)
        recent = sum(at > now - self._window_s for at in times)
        return recent <= self._quota["write" if is_write else "read"]

    def _draw_fault(self, is_write: bool) -> SheetsFault | None:
        if self._faults_left == 0:
            return None
        at = self._chance.random()
        for fault, share in self._faults.items():
            if at < share:
                if fault.startswith("applied") and not is_write:
                    return None
                self.tally.faults[fault] += 1
                self._faults_left = None if self._faults_left is None else self._faults_left - 1
                return fault
            at -= share
        return None

    def _do(self, request: web.Request, body: Json) -> Json:
        # Titles in ranges come percent-encoded and may hold a colon or slash, so the path is split before it is decoded.
        path, query = request.rel_url.raw_path.removeprefix(_ROOT), request.query
        sheet_id, _, values = path.partition("/values")
        sheet_id, _, verb = sheet_id.partition(":")
        spreadsheet = self._open(unquote(sheet_id))
        if not values and not verb:
            resource: Json = _apply_mask(spreadsheet.resource(), query.get("fields", ""))
            return resource
        if verb == "batchUpdate":
            return {"spreadsheetId": spreadsheet.id, "replies": spreadsheet.change(body["requests"])}
        render = query.get("valueRenderOption", "FORMATTED_VALUE")
        if values == ":batchGet":
            return {"spreadsheetId": spreadsheet.id, "valueRanges": [spreadsheet.values(a1, render) for a1 in query.getall("ranges", [])]}
        if values == ":batchUpdate":
            return {
                "spreadsheetId": spreadsheet.id,
                "totalUpdatedCells": spreadsheet.write_values(body["data"], body.get("valueInputOption", "")),
            }
        a1 = unquote(values.removeprefix("/"))
        if request.method == "GET":
            return spreadsheet.values(a1, render)
        if request.method == "PUT":
            written = spreadsheet.write_values([{**body, "range": a1}], query.get("valueInputOption", ""))
            return {"spreadsheetId": spreadsheet.id, "updatedRange": a1, "updatedCells": written}
        raise RequestRefused("Requested entity was not found.", 404, "NOT_FOUND")

    def _open(self, sheet_id: str) -> GoogleSpreadsheet:
        if sheet_id in self.forbidden:
            raise RequestRefused("The caller does not have permission", 403, "PERMISSION_DENIED")
        if sheet_id not in self.spreadsheets:
            raise RequestRefused("Requested entity was not found.", 404, "NOT_FOUND")
        return self.spreadsheets[sheet_id]


def new_key() -> rsa.RSAPrivateKey:
    """Return a throwaway key for a service account."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _error(code: int, status: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message, "status": status}}, status=code)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _apply_mask(whole: Any, mask: str) -> Any:
    """Return the parts of `whole` that a field mask like `a,b.c,d(e,f)` names."""
    if not mask or mask == "*":
        return whole
    if isinstance(whole, list):
        return [_apply_mask(part, mask) for part in whole]
    parts: Json = {}
    for field_mask in _split_mask(mask):
        name, rest = _split_field(field_mask)
        if name in whole:
            value = _apply_mask(whole[name], rest)
            parts[name] = parts[name] | value if isinstance(parts.get(name), dict) else value
    return parts


def _split_field(field_mask: str) -> tuple[str, str]:
    """Return a field's name, and the mask of what is inside it."""
    for index, letter in enumerate(field_mask):
        if letter in ".(/":
            rest = field_mask[index + 1 :]
            return field_mask[:index], rest.removesuffix(")") if letter == "(" else rest
    return field_mask, ""


def _split_mask(mask: str) -> list[str]:
    """Return the mask's parts at its outermost level."""
    parts, depth = [""], 0
    for letter in mask:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
