"""What does this request ask for? The client's own parse when it sends one, else ours; then tied to here and now."""

from datetime import datetime

from engine.ports import Index
from engine.types import Intent, Query
from engine.understand.ground import ground
from engine.understand.parse import understand


def read(query: Query, index: Index, at: datetime) -> Intent:
    """-> an intent whose "now", "here" and names are grounded in the clock, the person's position and the index."""
    intent = query.parse or understand(query, index.names, at)
    return ground(intent, query, at, index)
