"""What time is it? The clock of production; whatever tells the time takes a clock, and tests give their own."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
