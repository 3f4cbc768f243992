"""How does a program ask Lifestyle Search? `Client` waits, `AsyncClient` does not; answers are `models`.

with Client("http://127.0.0.1:8000", key) as client:
    for hit in client.hits("quiet café for work", most=10):
        print(hit.item["name"], hit.evidence)
"""

from lifestyle_search_client import models
from lifestyle_search_client.aio import AsyncClient
from lifestyle_search_client.bodies import Event, Filter, Near, Upsert
from lifestyle_search_client.calls import Call
from lifestyle_search_client.errors import (
    BadRequest,
    Forbidden,
    LifestyleError,
    Malformed,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from lifestyle_search_client.events import AsyncEventBatcher, EventBatcher
from lifestyle_search_client.retries import NEVER, Retries
from lifestyle_search_client.sync import Client

__all__ = [
    "NEVER",
    "AsyncClient",
    "AsyncEventBatcher",
    "BadRequest",
    "Call",
    "Client",
    "Event",
    "EventBatcher",
    "Filter",
    "Forbidden",
    "LifestyleError",
    "Malformed",
    "Near",
    "NotFound",
    "RateLimited",
    "Refused",
    "Retries",
    "ServerError",
    "TimedOut",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
    "Upsert",
    "models",
]
