"""What does a feed do to people, and they to it, over time? Fifty days of people whose tastes drift.

Each has two topics (clusters of the items' texts) and turns to new ones now and then. Each day they get a page, look
down it, click and like what fits their taste at that moment; the store hears of it at once, and so does the next page.
Shown are engagement (clicks a page), coverage (items ever shown), diversity within a page, and the bubble: how much of
what a person saw within ten days is one topic.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from benchmarks.feed.cases import Deed
from benchmarks.feed.ours import Ours, iso
from engine.budget import Budget
from engine.types import F32, F64, I64, Query
from indexing.validate import check

DAY: Final = 86_400
PAGE: Final = 10
#: Examining a place: 1 at the top, falling; clicking what fits wholly, and not at all.
FITTING, STRANGE = 0.55, 0.03
MEASURES: Final = ("engagement", "coverage", "diversity", "bubble")


@dataclass(frozen=True)
class World:
    """Items by position with text vectors and topics; people by their tastes on every day."""

    ids: Sequence[str]
    vectors: F32
    topics: I64
    tastes: Sequence[Sequence[frozenset[int]]]  # of each person, on each day
    seed: int

    @staticmethod
    def of(vectors: Mapping[str, F32], people: int, days: int, topics: int = 24, seed: int = 7) -> "World":
        """Tastes of two topics; each day one of them is replaced with a chance of one in fifteen."""
        draw = np.random.default_rng(seed)
        ids = sorted(vectors)
        matrix = np.stack([vectors[name] for name in ids])
        of = clusters(matrix, topics, draw)
        tastes = []
        for _ in range(people):
            mine, life = {int(t) for t in draw.choice(topics, 2, replace=False)}, list[frozenset[int]]()
            for _ in range(days):
                if draw.random() < 1 / 15:
                    mine.discard(int(draw.choice(sorted(mine))))
                    mine.add(int(draw.choice(sorted(set(range(topics)) - mine))))
                life.append(frozenset(mine))
            tastes.append(life)
        return World(ids, matrix, of, tastes, seed)

    @property
    def places(self) -> dict[str, int]:
        """Id -> position."""
        return {name: at for at, name in enumerate(self.ids)}


#: (person, day) -> a page of ids. (what was done that day by all) -> nothing.
Policy = tuple[Callable[[int, int], Sequence[str]], Callable[[Sequence[Deed], int], None]]


def clusters(matrix: F32, count: int, draw: np.random.Generator, rounds: int = 12) -> I64:
    """Spherical k-means: the cluster of each row."""
    middles = matrix[draw.choice(len(matrix), count, replace=False)]
    of = np.zeros(len(matrix), np.int64)
    for _ in range(rounds):
        of = (matrix @ middles.T).argmax(axis=1)
        sums = np.stack([matrix[of == one].sum(axis=0) for one in range(count)])
        middles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return of


def simulate(world: World, policy: Policy, days: int, start: int) -> dict[str, F64]:
    """-> each measure by day."""
    page_of, hear = policy
    draw, places = np.random.default_rng(world.seed), world.places
    shown, recent = set[str](), [list[list[int]]() for _ in world.tastes]
    curves = {name: np.full(days, np.nan) for name in MEASURES}
    for day in range(days):
        clicks, diverse, done = 0, list[float](), list[Deed]()
        for person, life in enumerate(world.tastes):
            page = [item for item in page_of(person, day) if item in places][:PAGE]
            shown.update(page)
            at = [places[item] for item in page]
            recent[person] = [*recent[person][-9:], [int(world.topics[one]) for one in at]]
            diverse.append(_diversity(world.vectors[at]))
            deeds = _acts(world, person, page, life[day], draw, start + day * DAY)
            clicks += sum(deed.action == "click" for deed in deeds)
            done += deeds
        hear(done, day)
        curves["engagement"][day] = clicks / len(world.tastes)
        curves["coverage"][day] = len(shown) / len(world.ids)
        curves["diversity"][day] = float(np.nanmean(diverse))
        curves["bubble"][day] = float(np.mean([_most(pages) for pages in recent]))
    return curves


def by_engine(ours: Ours, start: int, personalize: bool) -> Policy:
    """Our feed; it hears what was done through the store."""

    def page(person: int, day: int) -> list[str]:
        ours.clock.at = start + day * DAY
        query = Query(
            ours.tenant, user=f"p{person}", personalize=personalize, kinds=ours.kinds, limit=PAGE, at=ours.clock()
        )
        return [hit.id for hit in ours.engine.feed(query, Budget(60_000.0)).hits]

    def hear(deeds: Sequence[Deed], day: int) -> None:
        ours.clock.at = start + day * DAY + 3600
        events = [
            check("event", {"user_id": d.user, "action": d.action, "object_id": d.item, "at": iso(d.at)}) for d in deeds
        ]
        ours.views.store.record(ours.tenant, events)

    return page, hear


def by_popularity(world: World) -> Policy:
    """What was clicked most so far and this person has not seen; at first by lot."""
    clicked, seen = Counter[str](), [set[str]() for _ in world.tastes]
    lots = dict(zip(world.ids, np.random.default_rng(world.seed).permutation(len(world.ids)).tolist(), strict=True))

    def page(person: int, day: int) -> list[str]:
        order = sorted(world.ids, key=lambda item: (item in seen[person], -clicked[item], lots[item]))[:PAGE]
        seen[person].update(order)
        return order

    def hear(deeds: Sequence[Deed], day: int) -> None:
        clicked.update(deed.item for deed in deeds if deed.action == "click")

    return page, hear


def by_lot(world: World) -> Policy:
    """Any ten."""
    draw = np.random.default_rng(world.seed + 1)
    ids = np.array(world.ids, object)
    return lambda person, day: list(draw.choice(ids, PAGE, replace=False)), lambda deeds, day: None


def by_likeness(world: World) -> Policy:
    """The nearest unseen to the mean of all that was clicked: personal, and nothing else. It makes bubbles."""
    sums, seen = np.zeros((len(world.tastes), world.vectors.shape[1]), np.float32), [set[int]() for _ in world.tastes]
    places, draw = world.places, np.random.default_rng(world.seed + 2)

    def page(person: int, day: int) -> list[str]:
        scores = world.vectors @ sums[person] if sums[person].any() else draw.random(len(world.ids))
        scores = scores.copy()
        scores[list(seen[person])] = -np.inf
        best = np.argsort(-scores, kind="stable")[:PAGE]
        seen[person].update(best.tolist())
        return [world.ids[at] for at in best.tolist()]

    def hear(deeds: Sequence[Deed], day: int) -> None:
        for deed in deeds:
            if deed.action == "click":
                sums[int(deed.user[1:])] += world.vectors[places[deed.item]]

    return page, hear


def _acts(
    world: World, person: int, page: Sequence[str], taste: frozenset[int], draw: np.random.Generator, at: int
) -> list[Deed]:
    """What somebody does with a page: looks at it place by place, clicks what fits, likes half of that."""
    deeds, places = [], world.places
    for number, item in enumerate(page):
        deeds.append(Deed(f"p{person}", item, "impression", at + number))
        looks = draw.random() < 1 / np.log2(number + 2)
        fits = int(world.topics[places[item]]) in taste
        clicks, likes = draw.random() < (FITTING if fits else STRANGE), draw.random() < 0.5
        if looks and clicks:
            deeds.append(Deed(f"p{person}", item, "click", at + 60 + number))
            deeds += [Deed(f"p{person}", item, "like", at + 61 + number)] if likes and fits else []
    return deeds


def _diversity(vectors: F32) -> float:
    if len(vectors) < 2:
        return float("nan")
    return float(1 - ((vectors @ vectors.T).sum() - len(vectors)) / (len(vectors) * (len(vectors) - 1)))


def _most(pages: Sequence[Sequence[int]]) -> float:
    """The share of the commonest topic."""
    counts = Counter(topic for page in pages for topic in page)
    return max(counts.values()) / sum(counts.values()) if counts else float("nan")
