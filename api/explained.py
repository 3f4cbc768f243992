"""What does explain=true add to an answer? What each feature added to each hit's score, and the reasons in words."""

import numpy as np
from msgspec.structs import replace

from engine.blend import language_of
from engine.errors import UnknownItem
from engine.live import View
from engine.trace import Trace
from engine.types import Candidates, Intent, Query, Results
from ranking.batch import Batch
from ranking.explain import contributions, named, sentence
from ranking.features import matrix

#: Features that a comparison of two items names.
MOST = 8


def explained(results: Results) -> Results:
    """The same page with `reasons` and `because` in its hits."""
    trace = results.trace
    if not isinstance(trace, Trace) or not results.hits:
        return results
    added = contributions(
        trace.view.ranker, matrix(Batch(trace.view.index, trace.intent, trace.query, trace.candidates))
    )
    lang = language_of(trace.intent, trace.query)
    hits = [
        replace(hit, reasons=named(added[at]), because=sentence(added[at], lang))
        for hit, at in zip(results.hits, trace.page.tolist(), strict=True)
    ]
    return replace(results, hits=hits)


def why(
    view: View, intent: Intent, query: Query, candidates: Candidates, first: str, second: str | None, lang: str
) -> dict[str, object]:
    """How one item came by its score for a query; with a second, what sets them apart, the most telling first.

    Raises UnknownItem for an item that is none, or that was no candidate of this query.
    """
    X = matrix(Batch(view.index, intent, query, candidates))
    added, scores = contributions(view.ranker, X), view.ranker.score(view.index, intent, query, candidates)
    at = _position(view, query, candidates, first)
    told: dict[str, object] = {"query": query.text, "model": view.ranker.version, "items": [_told(first, at, scores)]}
    apart = added[at]
    if second is not None:
        other = _position(view, query, candidates, second)
        told["items"] = [_told(first, at, scores), _told(second, other, scores)]
        apart = added[at] - added[other]
    return told | {"because": sentence(apart, lang), "features": named(apart, MOST)}


def _told(item: str, at: int, scores: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> dict[str, object]:
    return {"id": item, "score": round(float(scores[at]), 6), "place": int((scores > scores[at]).sum()) + 1}


def _position(view: View, query: Query, candidates: Candidates, item: str) -> int:
    place = view.index.locate(query.tenant, item)
    if place is None:
        raise UnknownItem(f"no item '{item}'; it may have been deleted")
    found = candidates.place(*place)
    if found is None:
        raise UnknownItem(f"'{item}' is no candidate for this query: it breaks a hard constraint, or nothing found it")
    return found
