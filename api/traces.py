"""Where did a request's time go, across services? Spans of requests and stages, for OpenTelemetry.

The extra `otel` and LIFESTYLE_TRACES_URL switch it on; else nothing of it is imported and no request pays for it. A
request continues the W3C traceparent that it came with, says in `traceresponse` under which span it was answered, and
hands a traceparent on to a language model that it asks. Spans name routes, statuses and stages: no path, question, key,
address or person (which is why the framework's own spans, with the query in them, stay off).
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import Settings
from engine.budget import Budget
from engine.errors import BadInput

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

#: What the framework would say of requests by itself: off.
FRAMEWORK: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
_W3C: Final = frozenset({b"traceparent", b"tracestate"})
#: The span of the request at hand, and the traces that it belongs to.
_AT_HAND: ContextVar["tuple[Traces, Span] | None"] = ContextVar("trace", default=None)


class Traces:
    """Makes spans and sends them in batches from a thread of its own; what cannot be sent is dropped."""

    def __init__(self, exporter: "SpanExporter", share: float) -> None:
        """`share`: of the requests that bring no decision of their own, those that are traced."""
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  # an extra
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: PLC0415
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        named = Resource.create({"service.name": "lifestyle-search"})  # OTEL_SERVICE_NAME says otherwise
        chosen = ParentBased(TraceIdRatioBased(share))
        self._provider = TracerProvider(resource=named, sampler=chosen, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("lifestyle")
        self._w3c = TraceContextTextMapPropagator()
        self._server, self._error = SpanKind.SERVER, StatusCode.ERROR

    @contextmanager
    def request(self, scope: Scope) -> Iterator["Span"]:
        """The span of a request, under what the caller's traceparent names."""
        came = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"] if k in _W3C}
        span = self._tracer.start_span(scope["method"], self._w3c.extract(came), kind=self._server)
        token = _AT_HAND.set((self, span))
        try:
            yield span
        finally:
            _AT_HAND.reset(token)
            span.end()

    def ended(self, span: "Span", scope: Scope, status: int) -> None:
        """What is known of a request only when it was answered."""
        route = getattr(scope.get("route"), "path_format", "unknown")
        span.update_name(f"{scope['method']} {route}")
        told: Mapping[str, str | int] = {"http.request.method": scope["method"], "http.route": route}
        span.set_attributes({**told, "http.response.status_code": status})
        if status >= 500:
            span.set_status(self._error)

    def stages(self, span: "Span", budget: Budget) -> None:
        """A span for each stage that ran, at its times; an event for each that was given up."""
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

        if not span.is_recording():
            return
        within, epoch = set_span_in_context(span), time.time_ns() - time.perf_counter_ns()
        for stage, began, ended in list(budget.laps):
            lap = self._tracer.start_span(stage, within, start_time=epoch + int(began * 1e9))
            lap.end(epoch + int(ended * 1e9))
        for given_up in budget.degraded:  # not the reason: an error's text may be anybody's
            span.add_event("degraded", {"stage": given_up.stage})

    def headers(self, span: "Span") -> dict[str, str]:
        """The W3C headers that hand a span on."""
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415

        carried: dict[str, str] = {}
        self._w3c.inject(carried, set_span_in_context(span))
        return carried

    def close(self) -> None:
        """Send what waits, and end."""
        self._provider.shutdown()


class Traced:
    """ASGI middleware, outside all others: each HTTP request is a span."""

    def __init__(self, app: ASGIApp, traces: Traces) -> None:
        self.app, self.traces = app, traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What crashes counts as 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        with self.traces.request(scope) as span:
            told = self.traces.headers(span)["traceparent"]

            async def noting(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    MutableHeaders(raw=message["headers"])["traceresponse"] = told
                await send(message)

            try:
                await self.app(scope, receive, noting)
            finally:
                self.traces.ended(span, scope, status)


def tell_stages(budget: Budget) -> None:
    """Add a request's stages to its span, where it has one."""
    if (at_hand := _AT_HAND.get()) is not None:
        traces, span = at_hand
        traces.stages(span, budget)


def onward() -> dict[str, str]:
    """Headers by which another service continues the trace of the request at hand; none without one."""
    at_hand = _AT_HAND.get()
    return {} if at_hand is None else at_hand[0].headers(at_hand[1])


def traces_of(settings: Settings) -> Traces | None:
    """The traces that the settings ask for. BadInput when the extra is missing."""
    if settings.traces_url is None:
        return None
    try:
        return Traces(exporter_of(settings), settings.traces_share)
    except ModuleNotFoundError as error:
        raise BadInput(f"LIFESTYLE_TRACES_URL needs {error.name}: pip install 'lifestyle-search[otel]'") from None


def exporter_of(settings: Settings) -> "SpanExporter":
    """To a collector, by OTLP over HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415

    return OTLPSpanExporter(str(settings.traces_url))
