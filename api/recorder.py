"""What is done with an answer after it was sent? Its page is logged, and a challenger in the shadow scores it too.

All of it off the answer's path: a bounded queue, one thread, what does not fit is dropped and counted.
"""

import logging
import queue
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import numpy as np

from engine.blend import order
from engine.trace import Served, Trace
from indexing.ledger import Ledger
from ranking.batch import Batch
from ranking.dataset import traits_of
from ranking.features import of_page, schema_hash
from ranking.online import Shadowed, shadowed

_LOG = logging.getLogger(__name__)
#: Answers that wait; those written at once; comparisons of a shadow that are kept.
ROOM, AT_ONCE, KEPT = 256, 64, 2000
_WAIT_S: Final = 0.5


class Recorder:
    """One for all tenants. Of the answers to known people, whose events can be joined to them, a `share` is logged;
    those of a trial always are."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime], share: float) -> None:
        self._ledger, self._clock, self._share = ledger, clock, share
        self._waiting: queue.Queue[tuple[str, Trace, datetime]] = queue.Queue(ROOM)
        self._shadows: dict[str, deque[Shadowed]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._rng = np.random.default_rng(0)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self.dropped = 0

    def start(self) -> None:
        """Record from now on."""
        self._thread.start()

    def take(self, query_id: str, trace: Any) -> None:
        """Hand over an answer's material; never waits."""
        if not isinstance(trace, Trace) or not len(trace.page) or trace.again:
            return
        if trace.view.trial is None and not (trace.query.user and self._rng.random() < self._share):
            return
        try:
            self._waiting.put_nowait((query_id, trace, self._clock()))
        except queue.Full:
            self.dropped += 1

    def shadows(self, tenant: str) -> list[Shadowed]:
        """How the challenger in the shadow differed, newest last."""
        return list(self._shadows[tenant])

    def close(self) -> None:
        """Record what waits, then end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def flush(self) -> None:
        """Return when all that was taken so far is recorded."""
        if self._thread.is_alive():
            self._waiting.join()
        else:
            self._drain()

    def _drain(self) -> None:
        while batch := self._batch(0):
            self._record(batch)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._record(self._batch(_WAIT_S))
        self._drain()

    def _batch(self, wait_s: float) -> list[tuple[str, Trace, datetime]]:
        taken: list[tuple[str, Trace, datetime]] = []
        try:
            taken.append(self._waiting.get(timeout=wait_s) if wait_s else self._waiting.get_nowait())
            while len(taken) < AT_ONCE:
                taken.append(self._waiting.get_nowait())
        except queue.Empty:
            pass
        return taken

    def _record(self, batch: list[tuple[str, Trace, datetime]]) -> None:
        pages: dict[str, list[Served]] = defaultdict(list)
        try:
            for query_id, trace, at in batch:
                tenant = trace.query.tenant
                pages[tenant].append(served(query_id, trace, at))
                if trace.view.trial is not None and trace.view.trial.how == "shadow":
                    self._shadows[tenant].append(_compared(trace))
            for tenant, rows in pages.items():
                self._ledger.log(tenant, rows)
        except Exception as error:  # a log that cannot be written costs no answer
            _LOG.error("an answer was not logged: %s: %s", type(error).__name__, error)
        finally:
            for _ in batch:
                self._waiting.task_done()


def served(query_id: str, trace: Trace, at: datetime) -> Served:
    """The page as it is logged: the features that its ranker saw, by the same functions over all its candidates."""
    batch = Batch(trace.view.index, trace.intent, trace.query, trace.candidates)
    ids, trial = Batch(batch.index, batch.intent, batch.query, batch.found.take(trace.page)).ids, trace.view.trial
    return Served(
        query_id,
        at,
        trace.query.user or "",
        batch.question,
        tuple(sorted(traits_of(trace.intent))),
        tuple(map(str, ids)),
        of_page(batch, trace.page),
        schema_hash(),
        trace.view.ranker.version,
        trial.name if trial is not None else "",
        trace.arm,
        trace.teams,
        trace.propensities,
        trace.sources,
    )


def _compared(trace: Trace) -> Shadowed:
    """The order that the challenger would have shown, beside the one that was."""
    assert trace.view.trial is not None
    rival = trace.view.trial.rival
    scores = rival.score(trace.view.index, trace.intent, trace.query, trace.candidates)
    theirs = order(trace.view, trace.intent, trace.query, trace.candidates, scores, trace.query.offset + 10)
    return shadowed(rival.version, trace.page, theirs[trace.query.offset :], traits_of(trace.intent))
