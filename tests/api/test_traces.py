"""Do traces tell where a request's time went, join those of other services, name nobody, and cost nothing unasked?"""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient

from api import traces
from engine.errors import BadInput
from tests.api.chat import TEXT, Endpoint
from tests.api.world import running, settings

URL = "http://127.0.0.1:9/v1/traces"  # nobody listens
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CAME = {"traceparent": f"00-{TRACE}-{CALLER}-01"}


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """What would have been sent, once the application has ended."""
    kept = InMemorySpanExporter()
    monkeypatch.setattr(traces, "exporter_of", lambda _: kept)
    return kept


def span_id(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.span_id:016x}"


def parent_id(span: ReadableSpan) -> str | None:
    return None if span.parent is None else f"{span.parent.span_id:016x}"


def test_a_search_is_a_span_with_its_stages_under_the_callers(root: Path, memory: InMemorySpanExporter) -> None:
    with running(root, traces_url=URL) as client:
        reply = client.post("/v1/search", json={"q": "有草坪的咖啡店"}, headers=CAME)
    made = memory.get_finished_spans()
    (whole,) = [span for span in made if span.name == "POST /v1/search"]
    assert parent_id(whole) == CALLER
    assert reply.headers["traceresponse"] == f"00-{TRACE}-{span_id(whole)}-01"
    assert whole.attributes == {
        "http.request.method": "POST", "http.route": "/v1/search", "http.response.status_code": 200
    }  # fmt: skip
    stages = [span for span in made if parent_id(span) == span_id(whole)]
    assert {"understand", "encode", "retrieve", "rank", "blend", "prove"} <= {span.name for span in stages}
    assert {f"{span.context.trace_id:032x}" for span in made if span.context} == {TRACE}
    for span in stages:
        assert whole.start_time is not None and whole.end_time is not None
        assert span.start_time is not None and span.end_time is not None
        assert whole.start_time <= span.start_time <= span.end_time <= whole.end_time


def test_faults_are_seen_and_their_texts_are_not(
    root: Path, memory: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the person wrote 13912345678")

    with running(root, traces_url=URL) as client:
        engine = client.app.state.parts.engine  # type: ignore[attr-defined]
        monkeypatch.setattr(type(engine.now("default").ranker), "score", broken)
        assert client.post("/v1/search", json={"q": "咖啡"}).status_code == 200
        monkeypatch.setattr(engine, "search", broken)
        assert client.post("/v1/search", json={"q": "咖啡"}).status_code == 500
    given_up, failed = (span for span in memory.get_finished_spans() if span.name == "POST /v1/search")
    assert [dict(event.attributes or {}) for event in given_up.events] == [{"stage": "rank"}]
    assert given_up.status.is_unset and not failed.status.is_ok and not failed.status.is_unset
    assert "13912345678" not in "".join(span.to_json() for span in memory.get_finished_spans())


@pytest.mark.promise(26)
def test_spans_carry_no_person(root: Path, memory: InMemorySpanExporter) -> None:
    with running(root, traces_url=URL) as client:
        sent = [
            client.get("/v1/search", params={"q": "canary-text"}),
            client.post("/v1/feed", json={"user_id": "canary-user"}),
            client.get("/v1/items/canary-item"),
            client.delete("/v1/users/canary-user"),
            client.post("/v1/search", content=b"canary-no-json", headers={"User-Agent": "canary-agent"}),
            client.get("/canary-path", headers={"Authorization": "Bearer canary-key", "baggage": "who=canary-bag"}),
        ]
    assert [reply.status_code for reply in sent] == [200, 200, 404, 200, 400, 404]
    told = "".join(span.to_json() for span in memory.get_finished_spans())
    assert "GET /v1/items/{item_id}" in told and "canary" not in told


def test_a_caller_that_does_not_trace_is_not_traced(root: Path, memory: InMemorySpanExporter) -> None:
    with running(root, traces_url=URL, traces_share=0.0) as client:
        for headers in ({}, {"traceparent": f"00-{TRACE}-{CALLER}-00"}):
            assert client.post("/v1/search", json={"q": "咖啡"}, headers=headers).status_code == 200
        client.post("/v1/search", json={"q": "咖啡"}, headers=CAME)
    assert {span.name for span in memory.get_finished_spans() if parent_id(span) == CALLER} == {"POST /v1/search"}


def test_a_language_model_is_asked_under_the_same_trace(
    root: Path, memory: InMemorySpanExporter, endpoint: Endpoint
) -> None:
    more = {"refiner_url": endpoint.url, "refiner_model": "model", "refiner_timeout_ms": 2000}
    with running(root, traces_url=URL, **more) as client:
        assert client.post("/v1/search", json={"q": TEXT}, headers=CAME).status_code == 200
    (whole,) = [span for span in memory.get_finished_spans() if span.name == "POST /v1/search"]
    assert endpoint.parents == [f"00-{TRACE}-{span_id(whole)}-01"]


def test_a_collector_receives_them(root: Path) -> None:
    bodies: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with running(root, traces_url=f"http://127.0.0.1:{server.server_port}/v1/traces") as client:
            client.get("/healthz")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    (sent,) = (ExportTraceServiceRequest.FromString(body) for body in bodies)
    (resource,) = sent.resource_spans
    assert [span.name for scope in resource.scope_spans for span in scope.spans] == ["GET /healthz"]
    assert {a.key: a.value.string_value for a in resource.resource.attributes}["service.name"] == "lifestyle-search"


def test_without_a_collector_nothing_is_made_or_imported(reader: TestClient, root: Path) -> None:
    assert "traceresponse" not in reader.get("/healthz", headers=CAME).headers
    code = (
        "import sys; from pathlib import Path; from api.app import create_app; from tests.api.world import settings; "
        f"create_app(settings(Path({str(root)!r}))); print([m for m in sys.modules if 'opentelemetry.sdk' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_extra_is_said_with_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(BadInput, match=r"lifestyle-search\[otel\]"):
        traces.traces_of(settings(root, traces_url=URL))
