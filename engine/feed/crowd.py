"""How much would people like this one choose an item? What all choose, what a like taste does, what goes along.

The three are on scales of their own that grow with what is known of a person: of a newcomer hardly anything is known,
and what all choose decides; the longer the history, the more taste does. The weights are data (crowd.toml), found by
the time split inside the train of benchmarks/feed.
"""

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from engine.feed.foldin import fold_in
from engine.ports import Index
from engine.types import F32, I8, I64, KINDS, Kind

#: Gains are decayed; the strongest of a history counts so much, so that one of long ago still says something.
STRONGEST = 3.0


@cache
def weights() -> Mapping[str, float]:
    """crowd.toml."""
    found: dict[str, float] = tomllib.loads(files("engine.feed").joinpath("crowd.toml").read_text("utf-8"))
    return found


def crowd(index: Index, tenant: str, kind: I8, row: I64, gains: F32, kinds: Collection[Kind]) -> dict[Kind, F32]:
    """-> for each of `kinds` (rows,) float32: the score of every row, 0 where behaviour says nothing.

    kind, row, gains: (n,) what the person liked, as indices into KINDS, rows and (decayed) gains above 0. Empty: what
    all choose.
    """
    faded = (gains / max(1e-30, float(gains.max(initial=0.0)))) ** np.float32(weights()["fading"])
    lifted = np.asarray(STRONGEST * faded, np.float32)
    person, along = _person(index, tenant, kind, row, lifted), _along(index, tenant, kind, row, lifted, kinds)
    said, scores = weights(), dict[Kind, F32]()
    believed = trust(index, tenant)
    for each in kinds:
        rows = np.arange(index.count(tenant, each))
        total = said["chosen"] * index.chosen(tenant, each, rows)
        if person is not None:
            total = total + said["taste"] * index.fitting(tenant, each, person)
        scores[each] = np.asarray(believed * (total + said["along"] * along[each]), np.float32)
    return scores


def trust(index: Index, tenant: str) -> float:
    """How much what behaviour says is worth beside words: 1 with as many people behind an item as crowd.toml has it."""
    said = weights()
    return float(min(said["most"], (index.backing(tenant) / said["backed"]) ** said["steep"]))


def _person(index: Index, tenant: str, kind: I8, row: I64, gains: F32) -> F32 | None:
    """(d,); None where nothing is known."""
    gram, regularisation = index.folding(tenant)
    if not len(gram) or not len(row):
        return None
    items = np.full((len(row), len(gram)), np.nan, np.float32)
    for code in np.unique(kind).tolist():
        items[kind == code] = index.tasted(tenant, KINDS[code], row[kind == code])
    person = fold_in(items, gains, gram, regularisation)
    return person if person.any() else None


def _along(index: Index, tenant: str, kind: I8, row: I64, gains: F32, kinds: Collection[Kind]) -> dict[Kind, F32]:
    """The mean likeness to what was liked, by the people who chose both; the gains weigh."""
    found = {each: np.zeros(index.count(tenant, each), np.float32) for each in kinds}
    if not len(row):
        return found
    shares = gains / gains.sum()
    for code, at, share in zip(kind.tolist(), row.tolist(), shares.tolist(), strict=True):
        codes, rows, likeness = index.together(tenant, KINDS[code], at)
        for each in kinds:
            mine = codes == KINDS.index(each)
            found[each][rows[mine]] += np.float32(share) * likeness[mine]
    return found
