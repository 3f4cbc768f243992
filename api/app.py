"""How are the parts put together? The composition root: the one place that knows all four packages."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import errors, heap, workers
from api.guard import known_keys
from api.limits import BodyLimit
from api.minutes import Minutes
from api.pages import pages
from api.pool import Pool
from api.rates import Rates
from api.recorder import Recorder
from api.refiner import refiner_of
from api.routes import console, events, feed, health, house, items, mentions, people, review, search, suggest, versions
from api.settings import Settings
from api.state import State
from api.telemetry import Counted, Telemetry
from api.traces import FRAMEWORK, Traced, Traces, traces_of
from api.views import Views
from engine.clock import utc_now
from engine.errors import LifestyleError
from engine.later import LATER
from engine.search import Engine
from indexing.feedbook import FeedBook
from indexing.threads import alone

#: A search that computes lets the event loop have its turn after so many seconds (Python's own 5 ms is a whole budget).
SWITCH_S = 0.001


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """An application over the snapshots, models and store under `settings.root`."""
    settings = settings or Settings()
    views = Views(settings, clock)
    rates = Rates(settings, known_keys(settings))
    book, traces = FeedBook(views.layout.store, clock), traces_of(settings)
    parts = State(
        settings=settings,
        engine=Engine(views.now, views.store, clock, refiner_of(settings), book),
        views=views,
        pool=Pool(settings.workers, settings.queue, alone),
        writers=Pool(1, 256),
        telemetry=Telemetry(Minutes(clock, settings.shared)),
        clock=clock,
        book=book,
        recorder=Recorder(views.ledger, clock, settings.log_share),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sys.setswitchinterval(SWITCH_S)
        if settings.shared is not None:
            workers.end_with_parent()
        with heap.settled():
            views.start()
        parts.recorder.start()
        LATER.begin(heap.settled)
        yield
        LATER.end()
        parts.pool.close()
        parts.writers.close()
        parts.recorder.close()
        book.close()
        views.close()
        rates.close()
        if traces is not None:
            traces.close()
        parts.telemetry.minutes.close()
        heap.release()

    app = FastAPI(
        title="Lifestyle Search",
        version="0.1.0",
        description="Notes, products and places for what people mean: constraints kept, evidence shown.",
        lifespan=lifespan,
        telemetry=FRAMEWORK,
    )
    app.state.parts, app.state.keys = parts, known_keys(settings)
    app.state.rates = rates
    _doors(app)
    pages(app, settings)
    _manners(app, parts.telemetry, traces)
    return app


def _doors(app: FastAPI) -> None:
    house_doors = (house, versions, console, review, mentions)
    for subject in (search, suggest, feed, items, people, events, *house_doors, health):
        app.include_router(subject.router)


def _manners(app: FastAPI, telemetry: Telemetry, traces: Traces | None) -> None:
    """Errors in one shape, bounded bodies, every request counted, and traced where that is asked for."""
    app.add_exception_handler(LifestyleError, errors.on_lifestyle_error)
    app.add_exception_handler(RequestValidationError, errors.on_validation_error)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.add_exception_handler(TimeoutError, errors.on_timeout)
    app.add_exception_handler(ClientDisconnect, errors.on_gone)
    app.add_exception_handler(Exception, errors.on_crash)
    app.add_middleware(BodyLimit)
    app.add_middleware(Counted, telemetry=telemetry)
    if traces is not None:
        app.add_middleware(Traced, traces=traces)
