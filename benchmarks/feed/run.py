"""Is our feed better than plain recommenders? Every system on the same cases; `lifestyle evaluate feed` runs it.

Baselines are tuned on a split inside the train (the same protocol one level down), then trained on the whole train.
Ours is the engine itself (ours.py), with the weights that it ships.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from api.settings import Settings
from benchmarks.feed import movielens, samples
from benchmarks.feed.baselines import BASELINES, answers, tuned
from benchmarks.feed.cases import REVEALED, Deed, Split, assert_no_leak, by_user, last_out, time_split
from benchmarks.feed.measures import K, Quality, breadth, quality, slices, told
from benchmarks.feed.ours import Ours, nothing_drawn
from engine.errors import BadInput, GateRefused
from engine.types import Kind

#: As it ships, with cards drawn to learn from; as if none were, which is what can be compared with the others; and that
#: by the weights set by hand, which serve unless the gate lets what is learnt of the train pass.
OURS, UNDRAWN, BY_HAND = "ours", "ours undrawn", "ours by hand"
SHARE: Final = 0.8
ARENAS: Final = ("movielens", "sample-time", "sample-last")
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
    """Per arena and system: slices with intervals, breadth, and what ours is ahead of the best of the others."""

    arenas: Mapping[str, Mapping[str, Any]]

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return dict(self.arenas)

    def as_text(self) -> str:
        """For a terminal."""
        return "\n\n".join(_text(name, arena) for name, arena in self.arenas.items())


def arenas(which: Sequence[str]) -> list[Arena]:
    """The arenas of these names."""
    made = {"movielens": _movielens, "sample-time": _sample_time, "sample-last": _sample_last}
    return [made[name]() for name in which]


def evaluate(
    settings: Settings, say: Say, which: Sequence[str] = ("movielens", "sample-time", "sample-last")
) -> Report:
    """Every system in every arena."""
    return Report({arena.name: measured(arena, settings, say) for arena in arenas(which)})


def measured(arena: Arena, settings: Settings, say: Say) -> dict[str, Any]:
    """Train, ask and measure all systems of one arena."""
    assert_no_leak(arena.split)
    assert_no_leak(arena.inner)
    split, found, chosen = arena.split, dict[str, list[list[str]]](), dict[str, Any]()
    for name, (make, _) in BASELINES.items():
        chosen[name] = dict(tuned(name, arena.inner, arena.inner_catalogue, say))
        found[name] = answers(*make(split.train, chosen[name]), split.cases, arena.catalogue)
    ours = Ours.open(settings, arena.name, arena.rows, split.train, split.moment, say=say)
    try:
        with nothing_drawn():
            found[BY_HAND] = found[UNDRAWN] = [ours.answer(case) for case in split.cases]
            if passed := _learnt(ours, split, say):
                found[UNDRAWN] = [ours.answer(case) for case in split.cases]
        found[OURS] = [ours.answer(case) for case in split.cases]
        vectors = ours.vectors()
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
            for system, q in qualities.items()
        } | {"ahead": _ahead(split, qualities)}
    people = len(by_user(split.train))
    asked = [at for at, truth in enumerate(slices(split)["overall"]) if truth]
    wide = {
        system: breadth([answers[at] for at in asked], split.counts, people, vectors, len(arena.catalogue))
        for system, answers in found.items()
    }
    return {"slices": by_slice, "breadth": wide, "items": len(arena.catalogue), "people": people}


def _ahead(split: Split, qualities: Mapping[str, Quality]) -> list[dict[str, Any]]:
    """Ours against the best of the others, by each measure: mean difference with its interval."""
    out = []
    for ours in (OURS, UNDRAWN, BY_HAND):
        for measure in ("recall", "ndcg"):
            values = {system: getattr(q, measure) for system, q in qualities.items()}
            means = {s: told(split.cases, v)["mean"] for s, v in values.items() if s in BASELINES}
            if ours in values:
                best = max(means, key=lambda system: means[system])
                difference = told(split.cases, values[ours] - values[best])
                out.append({"of": best, "ours": ours, "measure": measure, **difference})
    return out


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


def _sample_last() -> Arena:
    deeds, rows = samples.deeds(), samples.rows()
    catalogue = frozenset(str(row["id"]) for kind in rows.values() for row in kind)
    outer = last_out(deeds, catalogue)
    return Arena("sample-last", outer, last_out(outer.train, catalogue), rows, catalogue, catalogue)


def _text(name: str, arena: Mapping[str, Any]) -> str:
    lines = [f"{name}: {arena['items']} items, {arena['people']} people in the train; Recall@{K} / nDCG@{K} [95%]"]
    for slice_, systems in arena["slices"].items():
        cases = next(iter(systems.values()))["ndcg@20"]["cases"]
        lines.append(f"  {slice_} ({cases} cases)")
        lines += [f"    {system:13}{_with(q['recall@20'])}  {_with(q['ndcg@20'])}" for system, q in systems.items()
                  if system != "ahead"]  # fmt: skip
        lines += [
            f"    {of['ours']} ahead of {of['of']} by {of['measure']} {_with(of, '+.4f')}" for of in systems["ahead"]
        ]
    lines.append("  breadth of the overall pages")
    for system, wide in arena["breadth"].items():
        lines.append(f"    {system:13}" + "  ".join(f"{measure} {value:.3f}" for measure, value in wide.items()))
    return "\n".join(lines)


def _with(said: Mapping[str, float], form: str = ".4f") -> str:
    return f"{said['mean']:{form}} [{said['low']:{form}}, {said['high']:{form}}]"
