"""What do plain recommenders do? Popularity, item-kNN, implicit ALS, BPR and likeness of texts.

Each is tuned on a slice inside the train; those that look at a history also on how fast its deeds fade, so that whoever
is asked amid a sitting may go by that sitting alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np

from benchmarks.feed.cases import Case, Deed, Split
from benchmarks.feed.measures import K, quality, slices
from engine.feed.foldin import fold_in
from engine.types import F32, I64
from ranking.collab import CollabSettings, Interactions, als, interactions
from ranking.metrics import mean_known

#: Actions -> gains, as systems see deeds: what was liked alone, or with what was looked at.
GAINS: Final[Mapping[str, Mapping[str, float]]] = {
    "liked": {name: 1.0 for name in ("like", "save", "share", "comment", "follow", "book", "purchase")},
    "all": {"click": 1.0, **{n: 3.0 for n in ("like", "save", "share", "comment", "follow", "book", "purchase")}},
}
Settings = Mapping[str, Any]
#: A case -> scores of all items (by position in Interactions.ids).
Scorer = Callable[[Case], F32]
SEED: Final = 7
#: Days after which a deed counts half, tried beside none: 15 minutes, an hour, a day, a month.
FADES: Final = (1 / 96, 1 / 24, 1.0, 30.0)


@dataclass(frozen=True)
class Data:
    """The train as columns, with names to positions."""

    told: Interactions
    places: Mapping[str, int]
    gains: Mapping[str, float]
    half_days: float | None = None  # after which a deed of a history counts half, beside its newest

    @staticmethod
    def of(train: Sequence[Deed], chosen: Settings) -> "Data":
        """Of what counts as chosen."""
        gains = GAINS[chosen["of"]]
        rows = ({"user_id": d.user, "object_id": d.item, "action": d.action} for d in train)
        told = interactions(rows, gains)
        return Data(told, {name: at for at, name in enumerate(told.ids)}, gains, chosen.get("half_days"))

    def profile(self, case: Case) -> tuple[I64, F32]:
        """Items (positions) and gains of a history."""
        best: dict[int, float] = {}
        chosen = [deed for deed in case.history if deed.item in self.places and self.gains.get(deed.action, 0.0) > 0]
        newest = max((deed.at for deed in chosen), default=0)
        for deed in chosen:
            fade = 0.5 ** ((newest - deed.at) / 86_400 / self.half_days) if self.half_days else 1.0
            at, gain = self.places[deed.item], self.gains[deed.action] * fade
            best[at] = max(gain, best.get(at, 0.0))
        return np.array(list(best), np.int64), np.array(list(best.values()), np.float32)

    @property
    def popular(self) -> F32:
        """People per item."""
        return np.bincount(self.told.items, minlength=len(self.told.ids)).astype(np.float32)


def popularity(train: Sequence[Deed], chosen: Settings) -> tuple[Data, Scorer]:
    """What most people chose, the newest counting more where a half-life (in years) is set."""
    data = Data.of(train, chosen)
    if chosen["half_years"] is None:
        popular = data.popular
        return data, lambda case: popular
    end = max(deed.at for deed in train)
    scores = np.zeros(len(data.told.ids), np.float32)
    for deed in train:
        if data.gains.get(deed.action, 0.0) > 0:
            scores[data.places[deed.item]] += (
                0.5 ** ((end - deed.at) / 31_557_600 / chosen["half_years"]) if deed.item in data.places else 0.0
            )
    return data, lambda case: scores


def item_knn(train: Sequence[Deed], chosen: Settings) -> tuple[Data, Scorer]:
    """The sum of shrunk cosines with what a person chose, over the k nearest of each item."""
    data = Data.of(train, chosen)
    matrix = data.told.matrix(np.ones(len(data.told.items), np.float32))
    both = np.asarray((matrix.T @ matrix).todense(), np.float32)
    counts = data.popular
    cosine = both / (np.sqrt(np.outer(counts, counts)) + chosen["shrink"])
    np.fill_diagonal(cosine, 0.0)
    if chosen["near"] < len(cosine):
        least = np.partition(cosine, -chosen["near"], axis=1)[:, -chosen["near"]][:, None]
        cosine[cosine < least] = 0.0

    def score(case: Case) -> F32:
        items, gains = data.profile(case)
        scores: F32 = gains @ cosine[items] if len(items) else counts * 1e-6
        return scores + counts * 1e-9

    return data, score


def implicit_als(train: Sequence[Deed], chosen: Settings) -> tuple[Data, Scorer]:
    """Alternating least squares; every person is folded in, also those who were there, by the same closed form."""
    data = Data.of(train, chosen)
    scaled = replace(data.told, gains=data.told.gains * np.float32(chosen["alpha"]))
    vectors = als(scaled, CollabSettings(dim=chosen["dim"], regularisation=chosen["reg"], rounds=15, seed=SEED))
    gram, counts = vectors.T @ vectors, data.popular

    def score(case: Case) -> F32:
        items, gains = data.profile(case)
        person = fold_in(vectors[items], gains * chosen["alpha"], gram, chosen["reg"])
        return vectors @ person + counts * np.float32(1e-9)

    return data, score


def implicit_bpr(train: Sequence[Deed], chosen: Settings) -> tuple[Data, Scorer]:
    """Bayesian personalised ranking; who was not there (everybody, where deeds fade) is the mean of what they chose."""
    from implicit.bpr import BayesianPersonalizedRanking  # noqa: PLC0415  the extra `collab`

    data = Data.of(train, chosen)
    model = BayesianPersonalizedRanking(
        factors=chosen["dim"], learning_rate=chosen["rate"], regularization=chosen["reg"], iterations=chosen["rounds"],
        random_state=SEED, num_threads=1, use_gpu=False,
    )  # fmt: skip
    model.fit(data.told.matrix(np.ones(len(data.told.items), np.float32)), show_progress=False)
    vectors, people = np.asarray(model.item_factors, np.float32), np.asarray(model.user_factors, np.float32)
    names = sorted({deed.user for deed in train if data.gains.get(deed.action, 0.0) > 0})
    known = {name: at for at, name in enumerate(names)} if len(names) == data.told.crowd else {}
    typical = float(np.median(np.linalg.norm(people[:, :-1], axis=1)))

    def score(case: Case) -> F32:
        if (at := known.get(case.user)) is not None and data.half_days is None:
            return np.asarray(vectors @ people[at], np.float32)
        items, gains = data.profile(case)
        if not len(items):
            return vectors[:, -1]
        person = gains @ vectors[items] / gains.sum()
        person[:-1] *= typical / max(1e-9, float(np.linalg.norm(person[:-1])))
        person[-1] = 1.0  # implicit keeps an item's bias in the last place
        return np.asarray(vectors @ person, np.float32)

    return data, score


Maker = Callable[[Sequence[Deed], Settings], tuple[Data, Scorer]]
Tried = tuple[Maker, Mapping[str, Sequence[Any]]]


def likeness(vectors: Mapping[str, F32]) -> Tried:
    """By texts alone: cosines with each thing that was chosen, summed. It needs nobody else's behaviour."""
    ids = sorted(vectors)
    matrix, places = np.stack([vectors[name] for name in ids]), {name: at for at, name in enumerate(ids)}

    def make(train: Sequence[Deed], chosen: Settings) -> tuple[Data, Scorer]:
        none, nothing = np.empty(0, np.int64), np.empty(0, np.float32)
        told = Interactions(none, none, nothing, np.empty(0, np.float64), tuple(ids), 0)
        data = Data(told, places, GAINS[chosen["of"]], chosen.get("half_days"))

        def score(case: Case) -> F32:
            items, gains = data.profile(case)
            return np.asarray(matrix @ (gains @ matrix[items]), np.float32)

        return data, score

    return make, {"of": ["liked", "all"]}


#: Each baseline with the settings that are tried.
BASELINES: Final[Mapping[str, Tried]] = {
    "popularity": (popularity, {"of": ["liked", "all"], "half_years": [None, 0.5, 1.0, 4.0]}),
    "item-kNN": (item_knn, {"of": ["liked", "all"], "shrink": [0.0, 5.0, 20.0], "near": [50, 200, 10**6]}),
    "ALS": (implicit_als, {"of": ["liked", "all"], "dim": [16, 32, 64], "reg": [1.0, 10.0, 50.0], "alpha": [1.0, 5.0]}),
    "BPR": (implicit_bpr, {"of": ["liked"], "dim": [16, 32, 64], "rate": [0.01, 0.05], "reg": [0.01, 0.1],
                           "rounds": [50, 200]}),
}  # fmt: skip


def answers(data: Data, score: Scorer, cases: Sequence[Case], catalogue: frozenset[str], k: int = K) -> list[list[str]]:
    """The k best of the catalogue that each person has not acted on."""
    ids = np.array(data.told.ids, object)
    there = np.array([name in catalogue for name in data.told.ids], bool)
    found = []
    for case in cases:
        scores = np.where(there, score(case), -np.inf)
        scores[[data.places[item] for item in case.seen if item in data.places]] = -np.inf
        best = np.argsort(-scores, kind="stable")[:k]
        found.append([str(name) for name in ids[best[np.isfinite(scores[best])]]])
    return found


def tuned(
    name: str, tried: Tried, split: Split, catalogue: frozenset[str], say: Callable[[str], None] = lambda _: None
) -> Settings:
    """The settings with the best nDCG@20 over all cases of a validation split (one inside the train)."""
    make, grid = tried
    truths, best = slices(split)["overall"], (-1.0, dict[str, Any]())
    clicked = any(deed.action == "click" for deed in split.train)

    def better(chosen: dict[str, Any]) -> tuple[float, dict[str, Any]]:
        found = answers(*make(split.train, chosen), split.cases, catalogue)
        return max(best, (mean_known(quality(found, truths).ndcg), chosen), key=lambda each: each[0])

    for values in product(*grid.values()):
        chosen = dict(zip(grid, values, strict=True))
        if chosen["of"] == "liked" or clicked:  # else the same as what was liked
            best = better(chosen)
    for half in FADES if name != "popularity" else ():  # which looks at no history
        best = better({**best[1], "half_days": half})
    say(f"{name}: {best[1]}, nDCG@{K} {best[0]:.4f} on the validation slice")
    return best[1]
