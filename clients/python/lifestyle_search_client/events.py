"""How do events reach the server without anybody waiting for each? In batches, by size and by time."""

import asyncio
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self, Unpack

from lifestyle_search_client.aio import AsyncClient
from lifestyle_search_client.bodies import Event
from lifestyle_search_client.errors import LifestyleError
from lifestyle_search_client.pending import Lost, Pending, logged
from lifestyle_search_client.sync import Client


class EventBatcher:
    """Sends what was added once `size` events wait, every `seconds`, and when it is closed. Safe for many threads.

    While the server cannot be reached they wait, at most `keep`. What is lost is told to `lost` (default: a warning).
    """

    def __init__(
        self, client: Client, *, size: int = 100, seconds: float = 5.0, keep: int = 10_000, lost: Lost = logged
    ) -> None:
        self._client, self._seconds, self._pending = client, seconds, Pending(size, keep, lost)
        self._lock, self._sending, self._wake, self._ended = (
            threading.Lock(),
            threading.Lock(),
            threading.Event(),
            False,
        )
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        self._thread.start()

    def add(self, **event: Unpack[Event]) -> None:
        """Keep an event until its batch is sent; returns at once."""
        if self._ended:
            raise ValueError("this batcher is closed")
        with self._lock:
            self._pending.add(event)
            full = self._pending.full
        if full:
            self._wake.set()

    def flush(self) -> None:
        """Send all that waits. Raises LifestyleError when the server cannot take it now; then it goes on waiting."""
        with self._sending:
            while True:
                with self._lock:
                    batch = self._pending.batch()
                if batch is None:
                    return
                try:
                    self._client.record(batch.events, idempotency_key=batch.key)
                except LifestyleError as error:
                    with self._lock:
                        if not self._pending.failed(error):
                            raise
                else:
                    with self._lock:
                        self._pending.settled()

    def close(self) -> None:
        """Send the rest and end. Raises LifestyleError when that fails."""
        self._ended = True
        self._wake.set()
        self._thread.join()
        self.flush()

    def _run(self) -> None:
        while not self._ended:
            self._wake.wait(self._seconds)
            self._wake.clear()
            with suppress(LifestyleError):  # then they wait for the next turn
                self.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncEventBatcher:
    """The same for asyncio: use it in an `async with` block."""

    def __init__(
        self, client: AsyncClient, *, size: int = 100, seconds: float = 5.0, keep: int = 10_000, lost: Lost = logged
    ) -> None:
        self._client, self._seconds, self._pending = client, seconds, Pending(size, keep, lost)
        self._sending, self._wake, self._ended = asyncio.Lock(), asyncio.Event(), False
        self._task: asyncio.Task[None] | None = None

    def add(self, **event: Unpack[Event]) -> None:
        """Keep an event until its batch is sent."""
        if self._ended:
            raise ValueError("this batcher is closed")
        self._pending.add(event)
        if self._pending.full:
            self._wake.set()

    async def flush(self) -> None:
        """Send all that waits. Raises LifestyleError when the server cannot take it now; then it goes on waiting."""
        async with self._sending:
            while (batch := self._pending.batch()) is not None:
                try:
                    await self._client.record(batch.events, idempotency_key=batch.key)
                except LifestyleError as error:
                    if not self._pending.failed(error):
                        raise
                else:
                    self._pending.settled()

    async def aclose(self) -> None:
        """Send the rest and end. Raises LifestyleError when that fails."""
        self._ended = True
        self._wake.set()
        if self._task is not None:
            await self._task
        await self.flush()

    async def _run(self) -> None:
        while not self._ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._seconds)
            self._wake.clear()
            with suppress(LifestyleError):  # then they wait for the next turn
                await self.flush()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
