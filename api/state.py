"""What does a running application hold? Made once by app.create_app, read by the routes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from fastapi import Request, Response

from api.errors import to_json
from api.explained import explained
from api.opening import open_now
from api.pool import Pool
from api.recorder import Recorder
from api.render import page, server_timing
from api.settings import Settings
from api.telemetry import ARRIVED, Telemetry
from api.traces import tell_stages
from api.views import Views
from engine.budget import Budget
from engine.search import Engine
from engine.types import Results
from indexing.feedbook import FeedBook

T = TypeVar("T")

#: The shortest time after which a search counts as hanging: what cannot be skipped takes about 2 ms of work, but on a
#: busy machine it may wait many times that for its turn.
CUT_MS = 100.0
#: An explanation takes as long as it takes: the first one imports LightGBM.
EXPLAINED_MS = 20_000.0
#: Writes wait for the disk, and for each other.
WRITE_TIMEOUT_S = 30.0
_JSON = "application/json"


@dataclass(frozen=True)
class State:
    """The parts that routes use."""

    settings: Settings
    engine: Engine
    views: Views
    pool: Pool  # searches
    writers: Pool  # writes: one at a time, apart from searches, so that deletes have room under load
    telemetry: Telemetry
    clock: Callable[[], datetime]
    book: FeedBook  # lists of feeds, and how people steer what is learnt of them
    recorder: Recorder

    async def told(self, work: Callable[[], object], timeout_s: float = 2.0) -> Response:
        """What `work` gives on a worker thread, as JSON."""
        return Response(await self.pool.run(lambda: to_json(work()), timeout_s), media_type=_JSON)

    async def written(self, work: Callable[[], object]) -> Response:
        """The same of a write: one at a time, apart from searches."""
        return Response(await self.writers.run(lambda: to_json(work()), WRITE_TIMEOUT_S), media_type=_JSON)

    async def answer(
        self, budget_ms: float | None, work: Callable[[Budget], Results], *, explain: bool = False
    ) -> Response:
        """Admit, search on a worker thread, render; a hang past twice the budget (at least CUT_MS) becomes 504.

        What is explained is searched within the budget too, and written down after it.
        """
        budget = Budget(budget_ms or self.settings.budget_ms, began=ARRIVED.get())

        query_id = uuid.uuid4().hex

        def search() -> tuple[Results, bytes]:
            with self.engine.turn.taken():
                budget.timings["wait"] = budget.spent_ms()  # read, checked and queued
                results, engine_ms = work(budget), budget.spent_ms()
                if not explain:
                    body = self._written(results, query_id)
                    self.engine.costs.observe({"answer": budget.spent_ms() - engine_ms})
                    return results, body
            results = explained(results)  # nobody's turn waits for it, and no deadline learns what it took
            return results, self._written(results, query_id, explain=True)

        longest = EXPLAINED_MS if explain else max(2 * budget.total_ms, CUT_MS)
        left_ms = longest - budget.spent_ms()
        try:
            results, body = await self.pool.run(search, timeout_s=max(left_ms, 0.0) / 1000)
        finally:
            tell_stages(budget)
        self.recorder.take(query_id, results.trace)
        self.telemetry.page(results.timings, results.degraded)
        timing = f"{server_timing(results)}, total;dur={budget.spent_ms():.2f}"
        return Response(body, 200, {"Server-Timing": timing}, _JSON)

    def _written(self, results: Results, query_id: str, *, explain: bool = False) -> bytes:
        return msgspec.json.encode(page(results, query_id, open_now(results, self.clock()), explain=explain))


async def state(request: Request) -> State:
    """A dependency: the application's parts. Async, or it would wait for a thread."""
    kept: State = request.app.state.parts
    return kept
