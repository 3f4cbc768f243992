"""Where does the next page start? An opaque cursor: offset and snapshot, or offset and the list of a feed."""

import base64
import binascii

import msgspec

from engine.errors import BadQuery

MAX_OFFSET = 1000
MAX_LIST = 2500  # cards of a feed


class Cursor(msgspec.Struct, frozen=True):
    """An offset into the answer of one query on one snapshot."""

    offset: int
    snapshot: str
    list_id: str = ""  # of a feed: what was shown in it is kept, so that no page repeats or skips


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
    most = MAX_LIST if cursor.list_id else MAX_OFFSET
    if not 0 <= cursor.offset <= most:
        raise BadQuery("cursor", f"reaches past {most} answers; narrow the query instead")
    return cursor
