"""Which answers and examples does the OpenAPI show? One entry for each route; errors are the same everywhere."""

from typing import Any

from api import answers as shapes
from api import answers_more as others
from api.schemas import ErrorAnswer

Responses = dict[int | str, dict[str, Any]]

_PARSE = {
    "query": "有草坪的咖啡店",
    "lang": "zh",
    "intent": {"name": "find_place", "confidence": 0.97, "alternatives": []},
    "kinds": {"poi": 1.0},
    "constraints": [
        {
            "slot": "category",
            "op": "eq",
            "value": "cafe",
            "hardness": "hard",
            "polarity": 1,
            "confidence": 0.99,
            "span": [4, 7],
            "label": {"zh": "咖啡馆", "en": "Cafe"},
        }
    ],
}
_EVIDENCE = {
    "constraint": 0,
    "verdict": "met",
    "probability": 0.93,
    "support": 4,
    "contradictions": 0,
    "sentence": "门口一大片草坪，孩子跑了一下午",
    "note_id": "n-p-0001",
    "date": "2026-05-02",
    "enough": 0.5,
}
_HIT = {
    "id": "p-hz-001",
    "kind": "poi",
    "position": 0,
    "score": 2.41,
    "item": {"id": "p-hz-001", "name": "山野里咖啡", "category": "cafe"},
    "evidence": [_EVIDENCE],
    "why": ["草坪：4 条笔记这么说"],
    "highlights": [{"field": "body", "text": "大草坪边的咖啡馆", "start": 0, "spans": [[1, 3], [5, 8]]}],
    "open_now": True,
}
PAGE = {
    "query_id": "6f1c2a90b7d14c5c8c1a0f5f3f0f9d11",
    "hits": [_HIT],
    "total": 12,
    "parse": _PARSE,
    "did_you_mean": {"q": "宝石山", "changed": [{"from": "宝石衫", "to": "宝石山", "span": [0, 3]}]},
    "relaxed": [],
    "degraded": [{"stage": "rank", "reason": "budget: needs 6.0 ms, 2.1 left", "instead": "the order of retrieval"}],
    "timings": {"understand": 0.4, "encode": 4.1, "retrieve": 1.8, "rank": 1.2, "blend": 0.9, "prove": 2.1},
    "plan": {"poi": "exact:12 of 12"},
    "versions": {"snapshot": "00000003", "model": "2", "encoder": "2ab0c4d1e5f60718"},
    "cursor": "eyJvZmZzZXQiOjEwLCJzbmFwc2hvdCI6IjAwMDAwMDAzIn0",
    "facets": [
        {
            "facet": "city",
            "slot": "place.admin",
            "values": [
                {
                    "op": "in",
                    "value": {"level": "city", "name": "杭州"},
                    "count": 9,
                    "label": {"zh": "杭州", "en": "Hangzhou"},
                },
            ],
        },
        {
            "facet": "price",
            "slot": "price",
            "values": [{"op": "lte", "value": 50, "count": 7, "label": {"zh": "≤ 50", "en": "≤ 50"}}],
        },
    ],
}

_SUGGESTIONS = {
    "q": "咖",
    "suggestions": [
        {"text": "咖啡店", "type": "category", "score": 0.61, "highlight": [[0, 1]], "id": "cafe"},
        {"text": "咖世家", "type": "brand", "score": 0.48, "highlight": [[0, 1]], "id": "costa"},
        {"text": "咖啡店 有草坪", "type": "query", "score": 0.42, "highlight": [[0, 1]]},
        {"text": "咖豆小馆", "type": "name", "score": 0.4, "highlight": [[0, 1]], "id": "p-hz-002", "kind": "poi"},
    ],
    "versions": {"snapshot": "00000003"},
}


def said(
    description: str, example: Any, *errors: Responses, media: str = "application/json", of: Any = None
) -> Responses:
    """`of`: the shape, from which clients are generated."""
    answers: Responses = {200: {"description": description, "content": {media: {"example": example}}}}
    if of is not None:
        answers[200]["model"] = of
    for more in errors:
        answers |= more
    return answers


def _error(status: int, description: str, code: str, message: str, **more: Any) -> Responses:
    example = {"error": {"code": code, "message": message, **more}}
    content = {"application/json": {"example": example}}
    return {status: {"model": ErrorAnswer, "description": description, "content": content}}


_KEY = _error(401, "No key, or one that is not known", "HttpError", "this key is not known") | _error(
    403, "The key lacks the scope", "HttpError", "this key lacks the scope 'write'"
)
BODY = _error(
    400, "The body is not JSON", "BadJson", "the body is not JSON in UTF-8: Input data was truncated"
) | _error(413, "The body is too large", "TooLarge", "the body is larger than 65536 bytes; send smaller batches")
_FIELD = _error(
    422, "A field is wrong or unknown; `field` names it", "BadQuery", "sort: is not one of rating, ...", field="sort"
)
_BUSY = _error(
    503, "Shed under load, or nothing is published yet; Retry-After says when to come back", "Overloaded",
    "34 searches are running or waiting; try again in a second",
)  # fmt: skip
_CUT = _error(504, "It hung and was cut", "Timeout", "this took far longer than it may and was cut")
_RATE = _error(
    429, "The key sent too much; Retry-After says when to come back", "HttpError",
    "this key sent too much; come back in 2 s",
)  # fmt: skip
_ROOM = _error(507, "The disk is full, or nearly", "NoRoom", "only 80 MB are free on the disk; make room")
_GONE = _error(404, "No such item", "UnknownItem", "no item 'p-hz-001'; it may have been deleted")
NO_TENANT = _error(404, "Nothing is published for the key's tenant", "UnknownTenant", "nothing is published for 'shop'")
_NO_USER = _error(404, "An id with control characters, which nobody has", "HttpError", "Not Found")
WORK: tuple[Responses, ...] = (_KEY, _FIELD, _BUSY, _CUT, _RATE)

SEARCH = said("Hits, the intent as understood, what was given up", PAGE, *WORK, BODY, NO_TENANT, of=shapes.Page)
SEARCH_URL = said("The same page as POST /v1/search", PAGE, *WORK, NO_TENANT, of=shapes.Page)
UNDERSTAND = said("The parse; change it and send it to /v1/search", _PARSE, *WORK, BODY, NO_TENANT, of=shapes.Parse)
SUGGEST = said("Completions of what is typed, best first", _SUGGESTIONS, *WORK, NO_TENANT, of=others.Suggestions)
UPSERT = said(
    "Committed; searchable by words and filters now, by meaning once its vector is made",
    {"accepted": 1, "ids": ["p-new"], "seq": 17, "vector": "pending"}, *WORK, BODY, NO_TENANT,
    _ROOM, of=others.Upserted,
)  # fmt: skip
_REFUSED = {"line": 2, "field": "rating", "reason": "must be within 0..5, is 9"}
STREAM = said(
    "What was committed, and which lines were not",
    {"accepted": 1999, "refused": 1, "seq": 2016, "problems": [_REFUSED], "vector": "pending"},
    *WORK, NO_TENANT, _ROOM, of=others.Streamed,
)  # fmt: skip
_LINES = '{"kind": "poi", "item": {"id": "p-new", "name": "新开的草坪咖啡"}}\n'
STREAM_BODY = {"requestBody": {"required": True, "content": {"application/x-ndjson": {"example": _LINES}}}}
PATCH = said("Changed", {"id": "p-new", "seq": 18, "vector": "pending"}, *WORK, BODY, _GONE, _ROOM, of=others.Patched)
DELETE = said("Gone", {"deleted": "p-new", "seq": 18}, *WORK, _GONE, of=others.Deleted)
ITEM = said(
    "The item and its kind", {"kind": "poi", "id": "p-hz-001", "name": "山野里咖啡"}, *WORK, _GONE, of=dict[str, Any]
)
DOSSIER = said(
    "Every attribute of which anything is known, what is said most of first",
    {
        "id": "p-hz-001", "kind": "poi", "name": "山野里咖啡", "notes": 9,
        "attributes": [{
            "attribute": "lawn", "slot": "amenity", "label": {"zh": "草坪", "en": "Lawn"}, "verdict": "met",
            "probability": 0.91, "support": 4, "contradictions": 0, "sentence": "草坪很大。", "note_id": "n-1",
            "date": "2026-05-02", "merchant": None,
            "quotes": [{"sentence": "草坪很大。", "note_id": "n-1", "date": "2026-05-02", "trust": "organic",
                        "says": "yes", "confidence": 1.0, "ended": False}],
        }],
    },
    *WORK, _GONE, of=others.Dossier,
)  # fmt: skip
_RULE = {"id": "spring", "action": "pin", "items": ["p-hz-001"], "query": "有草坪的咖啡店", "places": 0}
_CHANGE = {"at": "2026-11-22T10:00:00+00:00", "who": "2f0d6c1b9a3e", "what": "put", "id": "spring", "rule": _RULE}
RULES = said("All rules, and who changed what", {"rules": [_RULE], "log": [_CHANGE]}, *WORK, NO_TENANT)
RULE_PUT = said("Committed; it holds from the next answer on", {"rule": _RULE}, *WORK, BODY, NO_TENANT)
RULE_GONE = said("Gone", {"deleted": "spring"}, *WORK, _GONE)
_VERSIONS = {
    "snapshots": ["00000002", "00000003"], "snapshot": "00000003", "model": 1, "pending": 0,
    "models": [{"number": 1, "made": "2026-11-22T10:00:00+00:00", "ndcg@10": 0.94, "rival": 0.93}],
}  # fmt: skip
VERSIONS = said("What is kept, and what serves", _VERSIONS, *WORK, NO_TENANT)
VERSIONS_SERVED = said("What serves now", _VERSIONS, *WORK, BODY, NO_TENANT)
SHADOW = said(
    "How much the challenger would change, all requests first, then the slices that it changes most",
    {
        "model": "lambdarank-2f0d6c1b9a3e",
        "slices": {"all": {"requests": 40, "overlap@10": 0.91, "same first": 0.8, "places moved": 0.7}},
    },
    *WORK, NO_TENANT,
)  # fmt: skip
_DECISION = {"id": "n-p-0001", "decision": "block", "changed": True}
BLOCKED = said("Committed; whether that changed anything", _DECISION, *WORK, BODY, _GONE, NO_TENANT)
DECIDED = BLOCKED
REPORTED = said(
    "Committed; whether it is new",
    {"id": "n-p-0001", "new": True}, *WORK, BODY, _GONE, NO_TENANT, of=others.Reported,
)  # fmt: skip
QUEUE = said(
    "What waits, the gravest first, and the newest decisions",
    {
        "waiting": [
            {
                "id": "n-p-0001", "reports": 2, "reasons": {"vulgar": 2}, "label": "vulgar", "why": "coarse insults",
                "words": [], "blocked": False, "since": "2026-11-20T10:00:00+00:00", "report_rate": 0.09,
            }
        ],
        "log": [{"at": "2026-11-20T10:00:00+00:00", "id": "x", "what": "keep", "who": "1f0c2b3a4d5e", "why": "a joke"}],
    },
    *WORK, NO_TENANT,
)  # fmt: skip
MENTIONS = said(
    "What most notes say comes first; like: the place whose name is nearest",
    {"mentions": [{"name": "鹭洲咖啡", "notes": 3, "examples": ["n-p-0001"], "like": "p-hz-001"}]},
    *WORK, NO_TENANT,
)  # fmt: skip
_ALIASED = {"id": "p-hz-001", "aliases": ["老街公园"], "seq": 7}
ALIASED = said("Committed; the next build links by it", _ALIASED, *WORK, BODY, _GONE, NO_TENANT)
EVENTS = said("Committed; how many were new", {"accepted": 1}, *WORK, BODY, _ROOM, of=others.Recorded)
FORGET = said("Forgotten; how many rows that were", {"deleted_rows": 42}, *WORK, _NO_USER, of=others.Forgotten)
HEALTHZ = said("The process answers", {"status": "ok"})
_READY = {"status": "ready", "tenants": {"default": "00000003"}, "notices": ["default: stale snapshot"]}
READYZ = said("Snapshots that are loaded, and what does not work as it should", _READY, _BUSY, of=others.Ready)
METRICS = said(
    "Prometheus text format", 'lifestyle_requests_total{route="/v1/search",status="200"} 1.0', _KEY, media="text/plain"
)

_CARD: dict[str, Any] = {
    **_HIT, "evidence": [], "highlights": [], "why": ["因为你常看露营", "适合带娃"], "source": "interest",
    "explored": False, "propensity": 1.0,
}  # fmt: skip
_CURSOR = "eyJvZmZzZXQiOjIwLCJzbmFwc2hvdCI6IjAwMDAwMDAzIiwibGlzdF9pZCI6IjVmMGMxZDJlM2Y0YTViNmM3ZDhlOWYwYSJ9"
_FEED = {**PAGE, "hits": [_CARD], "did_you_mean": None, "plan": {"interest": "40", "popular": "60"}, "cursor": _CURSOR}
del _FEED["facets"]

FEED = said("A person's page", _FEED, *WORK, BODY, NO_TENANT, of=shapes.Page)
TRENDING = said("What many turn to", {**_FEED, "cursor": None}, *WORK, NO_TENANT, of=shapes.Page)
SIMILAR = said("Items like this one", PAGE, *WORK, _GONE, of=shapes.Page)
_ITEM = {"id": "p-hz-001", "kind": "poi", "item": _HIT["item"], "why": ["评分 4.4"]}
RELATED = said(
    "Groups, the nearest first: places and products of a note, or the notes about an item; and what goes together",
    {"id": "n-p-0001", "kind": "note", "places": [_ITEM], "products": [], "together": []},
    *WORK, _GONE, NO_TENANT, of=others.Related,
)  # fmt: skip
_LEARNT = {"key": "kids", "label": {"zh": "适合带娃", "en": "good with kids"}, "share": 0.42, "items": 7}
_INTEREST = {
    "key": "topic:camping", "source": "interest", "topic": "camping", "label": {"zh": "露营", "en": "camping"},
    "like": "湖边露营", "weight": 0.31,
}  # fmt: skip
INTERESTS = said(
    "What was declared, learnt and removed",
    {
        "user_id": "u042", "declared": ["camping"], "interests": [_INTEREST], "attributes": [_LEARNT],
        "followed": ["a007"], "removed": ["pets"],
    },
    *WORK, _NO_USER, of=others.Interests,
)  # fmt: skip
DECLARED = said(
    "Committed; the next feed knows",
    {"user_id": "u042", "declared": ["camping"]},
    *WORK, BODY, _NO_USER, _ROOM, of=others.Declared,
)  # fmt: skip
REMOVED = said(
    "Committed; it no longer counts",
    {"user_id": "u042", "removed": "kids"},
    *WORK, BODY, _NO_USER, _ROOM, of=others.Removed,
)  # fmt: skip
RESET = said(
    "Committed; the next feed is that of a newcomer",
    {"user_id": "u042", "reset": True},
    *WORK, _NO_USER, _ROOM, of=others.Anew,
)  # fmt: skip
_EVENT = {"at": "2026-11-22T10:00:00+00:00", "action": "save", "object_id": "p-hz-001"}
EXPORT = said(
    "Table by table",
    {
        "user_id": "u042", "events": [_EVENT], "interests": [{"name": "camping"}], "queries": [], "steering": [],
        "pages": [], "lists": [], "reports": [],
    },
    *WORK, _NO_USER, of=others.Exported,
)  # fmt: skip
