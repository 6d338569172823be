"""An HTTP server that takes traces as a collector of OpenTelemetry does: OTLP over HTTP, in protobuf, plain or gzipped."""

import gzip
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from monito_ray.testing.loopback import LoopbackServer

_BODY_LIMIT = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ReceivedSpan:
    """A span as it came."""

    name: str
    trace_id: str
    span_id: str
    #: "" for the root of a trace.
    parent_id: str
    started_ns: int
    ended_ns: int
    attributes: dict[str, Any]
    is_error: bool
    service: str


class OtlpReceiver(LoopbackServer):
    """A collector in a thread of its own, at `url` while its `with` block lasts; `spans` is what came so far."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port, _BODY_LIMIT)
        self.url = f"http://127.0.0.1:{self._port}"
        self.spans: list[ReceivedSpan] = []

    def _route(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/traces", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()  # aiohttp has unpacked it where it was gzipped and says so
        content = ExportTraceServiceRequest.FromString(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
        for resource in content.resource_spans:
            named = {attribute.key: _value(attribute.value) for attribute in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [_received(span, str(named.get("service.name", ""))) for span in scope.spans]
        return web.Response(body=ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf")


def _received(span: Any, service: str) -> ReceivedSpan:
    return ReceivedSpan(
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        started_ns=span.start_time_unix_nano,
        ended_ns=span.end_time_unix_nano,
        attributes={attribute.key: _value(attribute.value) for attribute in span.attributes},
        is_error=span.status.code == 2,  # STATUS_CODE_ERROR
        service=service,
    )


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    return getattr(value, kind) if kind else None
