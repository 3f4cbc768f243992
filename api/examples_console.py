"""Which answers does the OpenAPI show for the console's routes? As api/examples.py."""

from api.examples import BODY, NO_TENANT, PAGE, WORK, said

_POINT = {"at": "2026-11-22T10:00:00+00:00", "answers": 412, "failed": 0, "degraded": 0.0073, "p50": 12.3, "p95": 36.2,
          "p99": 57.5}  # fmt: skip
CURVES = said("Sixty points, oldest first", {"hours": 1, "points": [_POINT]}, *WORK)
_ASKED = {"query": "有草坪的咖啡店", "people": 31}
QUERIES = said(
    "The commonest first",
    {"top": [_ASKED], "nothing": [{**_ASKED, "people": 6}], "relaxed": [{**_ASKED, "slots": ["price", "amenity"]}]},
    *WORK,
)
_JOB = {
    "job": "build", "began": "2026-11-22T10:00:00+00:00", "ended": None, "stage": "encode", "done": 512, "todo": 2629,
    "failed": None, "state": "running",
}  # fmt: skip
JOBS = said("What runs and ran", {"jobs": [_JOB], "waiting": {"vectors": 0, "changes": 17}}, *WORK, NO_TENANT)
_ROW = {"file": "cafes.csv", "line": 12, "field": "rating", "reason": "must be within 0..5, is 9"}
_TABLE = {
    "table": "poi", "at": "2026-11-22T10:00:00+00:00", "refused": 1, "by_reason": {"rating: must be within 0..5": 1},
    "rows": [{**_ROW, "row": '{"id": "p-1", "rating": 9}'}],
}  # fmt: skip
REJECTS = said("Tables of which rows were refused", {"tables": [_TABLE]}, *WORK)
_COMPARED = {"sides": [PAGE, PAGE], "shared": 9, "grades": {"p-hz-078": 3}}
COMPARED = said("Both pages", _COMPARED, *WORK, BODY, NO_TENANT)
_LINE = {"id": "judged-6b0f9c1d2e3a", "query": "有草坪的咖啡店", "lang": "zh", "grades": {"p-hz-078": 3, "p-hz-001": 0}}
JUDGMENTS = said("The newest last", {"judgments": [_LINE]}, *WORK)
JUDGED = said("Committed; how many grades the question has", {"grades": 2}, *WORK, BODY, NO_TENANT)
