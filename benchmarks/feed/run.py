"""Is our feed better than plain recommenders? Every system on the same cases; `lifestyle evaluate feed` runs it.

Baselines are tuned on a split inside the train (the same protocol one level down), then trained on the whole train.
Ours is the engine itself (ours.py), with the weights that it ships. Everybody is told the same deeds of a person.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api.settings import Settings
from benchmarks.feed import movielens, samples
from benchmarks.feed.baselines import BASELINES, answers, likeness, tuned
from benchmarks.feed.cases import REVEALED, Deed, Split, assert_no_leak, by_user, last_out, time_split
from benchmarks.feed.measures import Quality, breadth, quality, slices, told
from benchmarks.feed.ours import Ours, nothing_drawn
from benchmarks.feed.tables import text
from engine.errors import BadInput, GateRefused
from engine.types import Kind

#: As it ships, with cards drawn to learn from; as if none were, which is what can be compared with the others; and that
#: by the weights set by hand, which serve unless the gate lets what is learnt of the train pass.
OURS, UNDRAWN, BY_HAND = "ours", "ours undrawn", "ours by hand"
SHARE: Final = 0.8
ARENAS: Final = ("movielens", "sample-time", "sample-last", "sample-sitting")
Rows = Mapping[Kind, Sequence[Mapping[str, Any]]]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Arena:
    """One data set under one protocol: the questions, a split inside the train to tune on, items as of the split."""

    name: str
    split: Split
    inner: Split
    rows: Rows
    catalogue: frozenset[str]
    inner_catalogue: frozenset[str]


@dataclass(frozen=True)
class Report:
    """Per arena and system: slices with intervals, breadth, and what ours is ahead of each of the others."""

    arenas: Mapping[str, Mapping[str, Any]]

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return dict(self.arenas)

    def as_text(self) -> str:
        """For a terminal."""
        return "\n\n".join(text(name, arena) for name, arena in self.arenas.items())


def arenas(which: Sequence[str]) -> list[Arena]:
    """The arenas of these names."""
    made: Mapping[str, Callable[[], Arena]] = {
        "movielens": _movielens,
        "sample-time": _sample_time,
        "sample-last": lambda: _sample_last("sample-last"),
        "sample-sitting": lambda: _sample_last("sample-sitting", sitting=True),
    }
    return [made[name]() for name in which]


def evaluate(settings: Settings, say: Say, which: Sequence[str] = ARENAS) -> Report:
    """Every system in every arena. One whose data is not there is left out, and said; BadInput when none is left."""
    if unknown := [name for name in which if name not in ARENAS]:
        raise BadInput(f"no arena is called '{unknown[0]}'; there are {', '.join(ARENAS)}")
    found: dict[str, Mapping[str, Any]] = {}
    for name in which:
        try:
            arena = arenas([name])[0]
        except BadInput as missing:
            say(f"{name} is left out: {missing}")
            continue
        found[name] = measured(arena, settings, say)
    if not found:
        raise BadInput("no data of any arena is there; `python -m benchmarks.feed sample-time` needs none")
    return Report(found)


def measured(arena: Arena, settings: Settings, say: Say) -> dict[str, Any]:
    """Train, ask and measure all systems of one arena."""
    assert_no_leak(arena.split)
    assert_no_leak(arena.inner)
    split, found, chosen = arena.split, dict[str, list[list[str]]](), dict[str, Any]()
    ours = Ours.open(settings, arena.name, arena.rows, split.train, split.moment, say=say)
    try:
        vectors = ours.vectors()
        for name, tried in {**BASELINES, "likeness": likeness(vectors)}.items():
            chosen[name] = dict(tuned(name, tried, arena.inner, arena.inner_catalogue, say))
            found[name] = answers(*tried[0](split.train, chosen[name]), split.cases, arena.catalogue)
        with nothing_drawn():
            found[BY_HAND] = found[UNDRAWN] = [ours.answer(case) for case in split.cases]
            if passed := _learnt(ours, split, say):
                found[UNDRAWN] = [ours.answer(case) for case in split.cases]
        found[OURS] = [ours.answer(case) for case in split.cases]
    finally:
        ours.views.close()
    return summed(arena, found, vectors) | {"tuned": chosen, "learnt": passed}


def _learnt(ours: Ours, split: Split, say: Say) -> str:
    """What the gate said of an order learnt of the train; "" when it refused, or there is too little to learn from."""
    ours.clock.at = split.moment
    try:
        learnt = ours.learn(split.train, say)
    except (GateRefused, BadInput) as error:
        say(f"feeds are ordered by hand: {error}")
        return ""
    say(f"feeds are ordered by what was learnt: nDCG@10 {learnt.difference}")
    return str(learnt.difference)


def summed(arena: Arena, found: Mapping[str, Sequence[Sequence[str]]], vectors: Mapping[str, Any]) -> dict[str, Any]:
    """All measures of all systems."""
    split = arena.split
    by_slice: dict[str, Any] = {}
    for name, truths in slices(split).items():
        qualities = {system: quality(answers, truths) for system, answers in found.items()}
        by_slice[name] = {
            system: {"recall@20": told(split.cases, q.recall), "ndcg@20": told(split.cases, q.ndcg)}
            | ({} if system in (OURS, UNDRAWN, BY_HAND) else {"ahead": _ahead(split, qualities[OURS], q)})
            for system, q in qualities.items()
        }
    people = len(by_user(split.train))
    asked = [at for at, truth in enumerate(slices(split)["overall"]) if truth]
    wide = {
        system: breadth([answers[at] for at in asked], split.counts, people, vectors, len(arena.catalogue))
        for system, answers in found.items()
    }
    return {"slices": by_slice, "breadth": wide, "items": len(arena.catalogue), "people": people}


def _ahead(split: Split, ours: Quality, other: Quality) -> dict[str, Any]:
    """Ours as it ships less another, case by case: mean difference with its interval, by each measure."""
    return {
        "recall@20": told(split.cases, ours.recall - other.recall),
        "ndcg@20": told(split.cases, ours.ndcg - other.ndcg),
    }


def _movielens() -> Arena:
    deeds = movielens.deeds()

    def split(of: Sequence[Deed]) -> tuple[Split, frozenset[str], Rows]:
        moment = time_split(of, SHARE, frozenset(), ()).moment
        bare = [deed for deed in of if deed.at < moment]
        liked = Split(bare, (), moment).counts
        films = movielens.films(moment, liked, datetime.fromtimestamp(moment, UTC).year)
        catalogue = frozenset(film["id"] for film in films)
        return time_split(of, SHARE, catalogue, REVEALED), catalogue, {"product": films}

    outer, catalogue, rows = split(deeds)
    inner, inner_catalogue, _ = split(outer.train)
    return Arena("movielens", outer, inner, rows, catalogue, inner_catalogue)


def _sample_time() -> Arena:
    deeds, rows = samples.deeds(), samples.rows()
    catalogue = frozenset(str(row["id"]) for kind in rows.values() for row in kind)
    outer = time_split(deeds, SHARE, catalogue, REVEALED)
    return Arena("sample-time", outer, time_split(outer.train, SHARE, catalogue, REVEALED), rows, catalogue, catalogue)


def _sample_last(name: str, sitting: bool = False) -> Arena:
    deeds, rows = samples.deeds(), samples.rows()
    catalogue = frozenset(str(row["id"]) for kind in rows.values() for row in kind)
    outer = last_out(deeds, catalogue, sitting)
    return Arena(name, outer, last_out(outer.train, catalogue, sitting), rows, catalogue, catalogue)
