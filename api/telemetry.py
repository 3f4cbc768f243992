"""What do operators see? Prometheus metrics: requests, stages, what was given up, what is live."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from engine.types import Degraded

_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5)


class Telemetry:
    """One registry per application, so that several in one process do not mix."""

    def __init__(self) -> None:
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
        self.in_flight = Gauge("lifestyle_searches_in_flight", "Searches running or waiting", registry=self.registry)
        self.pending = Gauge("lifestyle_vectors_pending", "Upserts without a vector yet", registry=self.registry)

    def page(self, timings: Mapping[str, float], degraded: Sequence[Degraded]) -> None:
        """Count one answered page: timings in milliseconds per stage."""
        for stage, spent in timings.items():
            self.stages.labels(stage).observe(spent / 1000)
        for given_up in degraded:
            self.degraded.labels(given_up.stage).inc()
