"""Which examples does the OpenAPI show?"""

from typing import Any

SEARCH: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page of hits, with the intent as understood and what was given up",
        "content": {
            "application/json": {
                "example": {
                    "query_id": "6f1c…",
                    "hits": [
                        {
                            "id": "p-hz-001",
                            "kind": "poi",
                            "position": 0,
                            "score": 2.41,
                            "item": {"id": "p-hz-001", "name": "山野里咖啡", "category": "cafe"},
                            "evidence": [
                                {
                                    "constraint": 0,
                                    "verdict": "met",
                                    "probability": 0.93,
                                    "support": 4,
                                    "contradictions": 0,
                                    "sentence": "门口一大片草坪，孩子跑了一下午",
                                    "note_id": "n-p-0001",
                                    "date": "2026-05-02",
                                }
                            ],
                            "why": ["草坪：4 条笔记这么说"],
                        }
                    ],
                    "total": 12,
                    "parse": {"query": "有草坪的咖啡店", "intent": {"name": "find_place", "confidence": 0.97}},
                    "relaxed": [],
                    "degraded": [],
                    "timings": {"understand": 0.4, "encode": 4.1, "retrieve": 1.8, "rank": 1.2, "blend": 0.9},
                    "plan": {"poi": "exact:12 of 12"},
                    "versions": {"snapshot": "00000003", "model": "2", "encoder": "2ab0…"},
                    "cursor": None,
                }
            }
        },
    },
    401: {"description": "No key, or one that is not known"},
    403: {"description": "The key lacks the scope"},
    422: {"description": "A field is wrong or unknown; the answer names it"},
    503: {"description": "Shed under load, or nothing is published yet; Retry-After says when to come back"},
    504: {"description": "A search hung past twice its budget and was cut"},
}
