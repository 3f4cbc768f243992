"""What do pages that were shown teach? The features as they were then, grades by what people did, looks made even."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from engine.errors import BadInput
from engine.trace import Served
from engine.types import F32, F64
from ranking.dataset import LOGGED, Dataset
from ranking.features import NAMES, schema_hash
from ranking.impressions import Impressions
from ranking.metrics import mean_known
from ranking.propensity import ESTIMATES, How, Propensities, Shown

#: Features that move with what people do. Where a page's own were not logged, today's would tell what came of it.
AHEAD: Final = ("impressions_log", "click_rate", "save_rate", "popularity")
#: A single feature that so nearly tells what people will do, on so many pages, was made with it.
TELLS: Final = 0.97
PAGES: Final = 40
#: A card drawn by lot stands for at most so many that were not.
MOST_DRAWN: Final = 5.0
#: A page shorter than this says little about order.
SHORTEST: Final = 3


def looked_at(pages: Iterable[Impressions], served: Mapping[str, Served], how: How = "harvest") -> Propensities:
    """How often each place is looked at, from pages whose question is known."""
    asked = [(page, served[page.query_id]) for page in pages if page.query_id in served]
    return ESTIMATES[how](shown for page, known in asked for shown in _by_place(page, known.question))


def _by_place(page: Impressions, question: str) -> Iterable[Shown]:
    """The page from the first place on; nothing for a further page, whose places begin elsewhere."""
    if page.places and page.places[0] in (0, 1) and len(set(page.places)) == len(page.places):
        yield Shown(question, page.items, page.clicked)


def replayed(pages: Sequence[Impressions], served: Mapping[str, Served]) -> Dataset | None:
    """The pages whose features were logged with today's list of features; None without any."""
    lists: list[tuple[Impressions, F32, list[int], frozenset[str]]] = []
    for page in pages:
        known = served.get(page.query_id)
        if known is None or known.schema != schema_hash():
            continue
        at = {item: number for number, item in enumerate(known.items)}
        rows = [number for number, item in enumerate(page.items) if item in at]
        if len(rows) >= SHORTEST and any(page.grades[row] for row in rows):
            features = known.features[[at[page.items[row]] for row in rows]]
            lists.append((page, features, rows, frozenset(known.traits)))
    if not lists:
        return None
    return Dataset(
        np.concatenate([features for _, features, _, _ in lists]),
        np.array([page.grades[row] for page, _, rows, _ in lists for row in rows], np.int64),
        np.array([len(rows) for _, _, rows, _ in lists], np.int64),
        tuple(LOGGED + page.query_id for page, *_ in lists),
        places=np.array([page.places[row] + 1 for page, _, rows, _ in lists for row in rows], np.int64),
        times=np.array([page.at.timestamp() for page, *_ in lists]),
        weights=_drawn([(served[page.query_id], page, rows) for page, _, rows, _ in lists]),
        traits=tuple(traits for *_, traits in lists),
    )


def _drawn(lists: Sequence[tuple[Served, Impressions, list[int]]]) -> F32 | None:
    """What each row stands for where cards were drawn by lot: 1 over its chance, at most MOST_DRAWN; None: none was."""
    if not any(known.propensities for known, _, _ in lists):
        return None
    chances = [dict(zip(known.items, known.propensities, strict=False)) for known, _, _ in lists]
    each = zip(chances, lists, strict=True)
    told = [chance.get(page.items[row], 1.0) for chance, (_, page, rows) in each for row in rows]
    return np.minimum(1 / np.maximum(told, 1e-9), MOST_DRAWN).astype(np.float32)


def unaware(data: Dataset, ahead: Sequence[str] = AHEAD) -> Dataset:
    """The same with the features that look ahead blanked: for pages whose own features were not logged."""
    X = data.X.copy()
    X[:, [NAMES.index(name) for name in ahead]] = np.nan
    return replace(data, X=X)


def weighed(data: Dataset, looks: Propensities) -> Dataset:
    """The same with each good row weighing the inverse of how often its place is looked at, beside what it weighs."""
    if data.places is None:
        return data
    worth = looks.weights(np.maximum(data.places - 1, 0).tolist())
    worth = np.where((data.y > 0) & (data.places > 0), worth, 1.0) * (1.0 if data.weights is None else data.weights)
    return replace(data, weights=worth.astype(np.float32))


def refuse_leaks(data: Dataset) -> None:
    """Raise BadInput when one feature alone all but tells what people did on the logged pages."""
    pages = data.take(np.flatnonzero(data.logged()))
    if len(pages) < PAGES:
        return
    for number, name in enumerate(NAMES):
        told = _told(pages, pages.X[:, number].astype(np.float64))
        if max(told, 1 - told) > TELLS:
            raise BadInput(
                f"feature {name!r} alone tells {max(told, 1 - told):.0%} of what people did on {len(pages)} logged "
                "pages: it was made with knowledge of it; log features when pages are served"
            )


def _told(pages: Dataset, values: F64) -> float:
    """The chance that a row with which something was done has more of a feature than one with which nothing was,
    averaged over pages that know both (ties count half); 0.5 when too few do."""
    chances = []
    for rows in pages.lists():
        good, value = pages.y[rows] > 0, values[rows]
        more, less = value[good & np.isfinite(value)], value[~good & np.isfinite(value)]
        if len(more) and len(less):
            apart = more[:, np.newaxis] - less
            chances.append(float(((apart > 0) + 0.5 * (apart == 0)).mean()))
    return mean_known(chances) if len(chances) >= PAGES else 0.5
