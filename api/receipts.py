"""Was this request sent before? The Idempotency-Key header and a digest of what is asked make a receipt."""

import hashlib
from typing import Annotated

from fastapi import Header, Request

from engine.ports import Receipt

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="the same for a request that is sent again within a day: it is done once and answered alike",
    ),
]


async def receipt(request: Request, key: KeyHeader = None) -> Receipt | None:
    """A dependency: what the store needs to do a request once; None when the sender gave no key."""
    if key is None:
        return None
    asked = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + await request.body())
    return Receipt(key, asked.hexdigest())
