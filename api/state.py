"""What does a running application hold? Made once by app.create_app, read by the routes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec
from fastapi import Request, Response

from api.pool import Pool
from api.render import page, server_timing
from api.settings import Settings
from api.telemetry import Telemetry
from api.views import Views
from engine.budget import Budget
from engine.search import Engine
from engine.types import Results

T = TypeVar("T")

#: The shortest time after which a search counts as hanging: retrieval and page-making cannot be skipped, and on a
#: busy machine they may take several short budgets.
CUT_MS = 500.0


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

    async def answer(
        self, budget_ms: float | None, work: Callable[[Budget], Results], *, explain: bool = False
    ) -> Response:
        """Admit, search on a worker thread, render; a hang past twice the budget (at least CUT_MS) becomes 504."""
        budget = Budget(budget_ms or self.settings.budget_ms)

        def search() -> tuple[Results, bytes]:
            results = work(budget)
            return results, msgspec.json.encode(page(results, uuid.uuid4().hex, explain=explain))

        results, body = await self.pool.run(search, timeout_s=max(2 * budget.total_ms, CUT_MS) / 1000)
        self.telemetry.page(results.timings, results.degraded)
        timing = f"{server_timing(results)}, total;dur={budget.spent_ms():.2f}"
        return Response(body, 200, {"Server-Timing": timing}, "application/json")


async def state(request: Request) -> State:
    """A dependency: the application's parts. Async, or it would wait for a thread."""
    kept: State = request.app.state.parts
    return kept
