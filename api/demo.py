"""What does a newcomer see first? The sample indexed, a ranker trained, the page up, one question answered twice."""

import json
import shutil
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import uvicorn

from api.app import create_app
from api.feedtraining import learn_feed
from api.kindred import learn_kindred
from api.layout import Layout
from api.printing import progress, progress_of, say
from api.settings import DEMO_KEY, Settings
from api.training import learn_from
from engine.clock import utc_now
from engine.errors import BadInput, GateRefused, LifestyleError
from indexing.encode import CachedEncoder, load_encoder
from indexing.ingest import ingest
from indexing.jobs import build, publish, tables_in
from indexing.live import live_store
from indexing.publish import Publisher
from indexing.sample import files
from indexing.validate import check

#: Questions made of what the index knows, for the ranker to learn from beside judgments and logged pages.
MADE = 300
FLAGSHIP = ("适合周末带娃去的、有草坪的、近郊的咖啡店", "weekend family café with lawn near the city")


def run_demo(settings: Settings, port: int, once: bool) -> None:
    """Everything from an empty folder to an answered question; then serve on unless `once`."""
    settings = settings.model_copy(update={"demo_key": True})  # the page and the question use it; loopback only
    prepare(settings)
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings), host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        _wait(port, server, thread)
        for text in FLAGSHIP:
            say(told(text, ask(port, text)))
        say(f"\nThe page: http://127.0.0.1:{port}/    Stop with Ctrl-C." if not once else "")
        while not once and thread.is_alive():
            thread.join(0.5)
    except KeyboardInterrupt:
        pass
    finally:
        server.should_exit = True
        thread.join()


def prepare(settings: Settings) -> None:
    """Ingest, build, publish and train from the bundled sample; each step replaces what an earlier demo left.

    What the sample's people did is told to the store, as clients tell it: their feeds begin with a history.
    """
    layout, tenant = Layout.of(settings), settings.tenant
    began = time.perf_counter()
    shutil.rmtree(layout.tables(tenant), ignore_errors=True)
    for table, paths in files.paths().items():
        report = ingest(paths, table, None, layout.tables(tenant), utc_now)
        progress(f"ingested {report.rows} rows into {table} ({report.refused} refused)")
    with closing(live_store(layout.store)) as store:
        store.record(tenant, [check("event", event) for event in files.events()])
        learnt = learn_kindred(settings, store, progress)
    encoder = CachedEncoder(load_encoder(settings.encoder, offline=True), layout.vectors, owner=tenant)
    tables, out = tables_in(layout.tables(tenant)), layout.built(tenant)
    build(
        tables, tenant, None, encoder, out, now=utc_now(), progress=progress_of, voices=settings.voices, learnt=learnt
    )
    progress(f"snapshot {publish(out, tenant, Publisher(settings.root))} is published")
    try:
        model = learn_from(settings, files.judgments(), True, MADE, utc_now, progress)
        progress(f"ranker trained: nDCG@10 {model.difference}")
    except GateRefused as refused:
        progress(f"the gate kept the current ranker: {refused}")
    try:
        order = learn_feed(settings, utc_now, lambda _: None)
        progress(f"order of feeds trained: nDCG@10 {order.difference}")
    except (GateRefused, BadInput) as refused:
        progress(f"feeds are ordered by the weights set by hand: {refused}")
    progress(f"ready in {time.perf_counter() - began:.0f} s")


def ask(port: int, text: str) -> dict[str, Any]:
    """The question as a client asks it, over HTTP."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/search",
        json.dumps({"q": text, "kinds": ["poi"], "limit": 3}).encode(),
        {"Authorization": f"Bearer {DEMO_KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        answer: dict[str, Any] = json.load(reply)
    return answer


def told(text: str, answer: Mapping[str, Any]) -> str:
    """An answer for a terminal: each place, each constraint, the sentence or measure that proves it."""
    lang = "en" if answer["parse"]["lang"] == "en" else "zh"
    lines = ["", f"» {text}"]
    for hit in answer["hits"]:
        item = hit["item"]
        lines.append(f"  {hit['position'] + 1}. {item.get('name', item.get('title'))}  ({item.get('city', '')})")
        for proof in hit["evidence"]:
            constraint = answer["parse"]["constraints"][proof["constraint"]]
            label = (constraint.get("label") or {}).get(lang) or str(constraint["value"])
            quoted = (
                f"“{proof['sentence']}” ({proof.get('date', '')})" if "sentence" in proof else proof.get("measured", "")
            )
            lines.append(f"       {proof['verdict']:13}{label}: {quoted}")
    timings = "  ".join(f"{stage} {spent:.1f} ms" for stage, spent in answer["timings"].items())
    return "\n".join([*lines, f"  {timings}"])


def _wait(port: int, server: uvicorn.Server, thread: threading.Thread) -> None:
    """Until the server answers; LifestyleError when it cannot start (the port is taken, say)."""
    while not server.started:
        if not thread.is_alive():
            raise LifestyleError(f"the server could not start on port {port}; is it taken? Try another with --port")
        time.sleep(0.05)
    sys.stdout.flush()
