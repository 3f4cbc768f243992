"""What do "now", "here", "near the Bund" mean for this request? Resolved here, or honestly left open."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from engine.types import Constraint, Intent, Query
from engine.understand import position
from engine.understand.merge import relax_order
from engine.understand.position import Holds, ItemPlace, Locate, assume
from engine.understand.when import DAYS

__all__ = ["ItemPlace", "Locate", "ground"]

#: Before five in the morning (in minutes) the night of the day before is not over.
SMALL_HOURS: Final = 300


def ground(intent: Intent, query: Query, now: datetime, locate: Locate, holds: Holds = lambda city: True) -> Intent:
    """Tie an intent to the clock (`now`, aware), the person's position (query.near) and the index's places.

    `locate` gives the items of a name, `holds` says whether the index has places in a city.
    What cannot be resolved stays, softened, and its assume says what is unknown.
    """
    grounded = tuple(_ground(c, query, now, locate, holds) for c in intent.constraints)
    if grounded == intent.constraints:
        return intent
    return replace(intent, constraints=grounded, relax_order=relax_order(grounded))


def _ground(c: Constraint, query: Query, now: datetime, locate: Locate, holds: Holds) -> Constraint:
    if c.slot in ("distance", "travel_time"):
        return position.from_person(c, query.near)
    if c.slot in position.NAMING and isinstance(c.value, dict):
        return position.of_name(c, query.near, locate, holds)
    if c.slot == "place.zone":
        return position.zone(c, query.near)
    if c.slot == "time.open" and c.op == "open_at":
        return _open(c, now)
    return c


def _open(c: Constraint, now: datetime) -> Constraint:
    """ "now" is an instant (each place reads it in its own time zone); a clock time without a day means today."""
    if c.value == "now":
        return c if c.assume and "at" in c.assume else assume(c, at=now.isoformat())
    if isinstance(c.value, dict) and "day" not in c.value:
        # One in the morning is the night that begins today, unless that night is the one we are in.
        ahead = int(SMALL_HOURS > c.value.get("minute", SMALL_HOURS) < now.hour * 60 + now.minute)
        day = now.date() + timedelta(days=ahead)
        value = {"day": DAYS[day.weekday()], **c.value}
        return assume(replace(c, value=value), day="tonight" if ahead else "today", date=day.isoformat())
    return c
