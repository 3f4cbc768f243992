"""What does the console show and keep? Curves of the last hours, questions, jobs, refused rows, grades."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.examples_console import COMPARED, CURVES, JOBS, JUDGED, JUDGMENTS, QUERIES, REJECTS
from api.guard import Caller, need
from api.jobs import told
from api.schemas_console import CompareBody, CurvesUrl, JudgeBody
from api.sides import UNHURRIED_MS, compared, judged, judgments
from api.state import State, state
from indexing.asked import listed
from indexing.rejects import rejects

router = APIRouter(prefix="/v1/house", tags=["house"])
Admin = Annotated[Caller, Depends(need("admin"))]
Parts = Annotated[State, Depends(state)]


@router.get("/curves", responses=CURVES)
async def curves(caller: Admin, parts: Parts, asked: Annotated[CurvesUrl, Query()]) -> Response:
    """Answers, percentiles of their milliseconds, failures, and the share that gave something up, over time: sixty
    points, oldest first, of all workers and tenants since the server started. `null`: nothing to say it of."""
    return await parts.told(lambda: {"hours": asked.hours, "points": parts.telemetry.minutes.told(asked.hours)})


@router.get("/queries", responses=QUERIES)
async def queries(caller: Admin, parts: Parts) -> Response:
    """What people (user_id) asked within 90 days: most, for which no item keeps every condition, for which most had to
    give way. Only what at least five different people asked, or met, is told."""
    return await parts.told(lambda: listed(parts.views.layout.store, caller.tenant, parts.clock))


@router.get("/jobs", responses=JOBS)
async def jobs(caller: Admin, parts: Parts) -> Response:
    """The last build, training and distilling with how far it is (`todo` 0: not known), and what waits for one."""

    def work() -> dict[str, Any]:
        waiting = {"vectors": parts.views.pending_count(), "changes": parts.views.changed(caller.tenant)}
        return {"jobs": told(parts.views.layout.home(caller.tenant)), "waiting": waiting}

    return await parts.told(work)


@router.get("/rejects", responses=REJECTS)
async def refused(caller: Admin, parts: Parts) -> Response:
    """The rows that the last ingest of each table refused: how many, why, and the first of them."""
    return await parts.told(lambda: {"tables": rejects(parts.views.layout.tables(caller.tenant))}, 5.0)


@router.post("/compare", responses=COMPARED)
async def compare(body: CompareBody, caller: Admin, parts: Parts) -> Response:
    """Two ways of answering a question beside each other. Nothing of it is logged."""
    return await parts.told(lambda: compared(parts, caller, body), 4 * UNHURRIED_MS / 1000)


@router.get("/judgments", responses=JUDGMENTS)
async def graded(caller: Admin, parts: Parts) -> Response:
    """All questions that were judged, each as a line of `lifestyle train --judgments`."""
    return await parts.told(lambda: {"judgments": judgments(parts).all(caller.tenant)})


@router.put("/judgments", responses=JUDGED)
async def judge(body: JudgeBody, caller: Admin, parts: Parts) -> Response:
    """Grade items for a question, 0 (wrong) to 3 (just right); `lifestyle train`, `lifestyle evaluate own` read it."""
    return await parts.written(lambda: {"grades": judged(parts, caller, body.as_judged(), body.grades)})
