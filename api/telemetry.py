"""What do operators see? Prometheus metrics: requests, stages, what was given up, what is live."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache, cached_property

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.minutes import Minutes
from engine.types import Degraded

#: When the request at hand arrived, by time.perf_counter: a budget counts from there.
ARRIVED: ContextVar[float | None] = ContextVar("arrived", default=None)
#: Routes whose answers have a budget: those of which the console draws curves.
ANSWERS = frozenset({"/v1/search", "/v1/feed", "/v1/similar/{item_id}", "/v1/trending"})
_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5)


class Telemetry:
    """One registry per application, so that several in one process do not mix; and the day's curves."""

    def __init__(self, minutes: Minutes) -> None:
        self.minutes = minutes
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "lifestyle_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "lifestyle_request_seconds", "Seconds per request", ["route"], buckets=_BUCKETS, registry=self.registry
        )
        self.stages = Histogram(
            "lifestyle_stage_seconds", "Seconds per stage", ["stage"], buckets=_BUCKETS, registry=self.registry
        )
        self.degraded = Counter(
            "lifestyle_degraded", "Answers that gave something up, by stage", ["stage"], registry=self.registry
        )
        self.in_flight = self._gauge("lifestyle_searches_in_flight", "Searches running or waiting")
        self.pending = self._gauge("lifestyle_vectors_pending", "Upserts without a vector yet")

    def _gauge(self, name: str, what: str) -> Gauge:
        """Of several workers the one that is asked says its own."""
        return Gauge(name, what, registry=self.registry, multiprocess_mode="livemostrecent")

    def told(self) -> bytes:
        """Prometheus text format; of several workers (api/workers.py) what all of them counted."""
        registry = self.registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    @cached_property
    def _stage(self) -> Callable[[str], Histogram]:
        """A stage's own histogram: looked up by its label once."""
        return cache(self.stages.labels)

    def page(self, timings: Mapping[str, float], degraded: Sequence[Degraded]) -> None:
        """Count one answered page: timings in milliseconds per stage."""
        for stage, spent in timings.items():
            self._stage(stage).observe(spent / 1000)
        for given_up in degraded:
            self.degraded.labels(given_up.stage).inc()
        if degraded:
            self.minutes.gave_up()

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count one request, whatever became of it."""
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)
        if route in ANSWERS and status == 200:
            self.minutes.answered(seconds * 1000)
        elif route in ANSWERS and status >= 500:
            self.minutes.failed()


class Counted:
    """ASGI middleware: every request is counted by route and status, whatever becomes of it."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self.app, self.telemetry = app, telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What crashes counts as 500; a path that no route has as `unknown`."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        ARRIVED.set(began)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path_format", "unknown")
            self.telemetry.request(route, status, time.perf_counter() - began)
