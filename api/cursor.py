"""Where does the next page start? An opaque cursor: offset and the snapshot it was counted in."""

import base64
import binascii

import msgspec

from engine.errors import BadQuery

MAX_OFFSET = 1000


class Cursor(msgspec.Struct, frozen=True):
    """An offset into the answer of one query on one snapshot."""

    offset: int
    snapshot: str


def encode(cursor: Cursor) -> str:
    """-> URL-safe text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def decode(text: str) -> Cursor:
    """The reverse; BadQuery when it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = msgspec.json.decode(raw, type=Cursor)
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise BadQuery("cursor", "is not a cursor of this API; take it from the previous answer") from error
    if not 0 <= cursor.offset <= MAX_OFFSET:
        raise BadQuery("cursor", f"reaches past {MAX_OFFSET} answers; narrow the query instead")
    return cursor
