"""Which items could answer? Filter, fan out per kind, let notes vote for their places, fuse, relax when too few."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from engine.crowd import others
from engine.fuse import Columns, fuse, gather
from engine.ports import Index
from engine.relax import Filter, relax
from engine.types import F32, I64, Candidates, Found, Intent, Kind, Mask, Query, Relaxed
from engine.widen import widen

#: How deep each retriever looks, and how many rows stand in for what none found. So many filtered rows or fewer are all
#: candidates, whatever the retrievers think.
DEPTH = 200
#: The same where there is hardly time.
GLANCE = 50
#: Notes that vote for the places and products they talk about.
VOTERS = 100
#: Of these so many will do: the last of a hundred votes count little, and of a million notes cost a millisecond.
HEARD = 0.97


#: Of the time that is left, what one search of vectors may take: others and the words come after it.
VECTORS = 0.5


def _endless() -> float:
    return inf


@dataclass(frozen=True, slots=True)
class Ask:
    """What every step of one retrieval looks at."""

    index: Index
    intent: Intent
    query: Query
    vectors: F32 | None  # (n, dim) in the index's space: one for a question, several for a person's tastes
    hidden: frozenset[str] = frozenset()  # ids that must not come back
    depth: int = DEPTH
    votes: bool = True  # do notes vote for what they talk about?
    exact: bool = False  # are the words alone looked for, and none that are like them?
    left_ms: Callable[[], float] = _endless  # what this retrieval may still take
    coming: Callable[[], F32 | None] | None = None  # `vectors`, which are being made: waits for them

    def glance(self) -> "Ask":
        """The cheapest that still keeps every constraint: by filters and words alone, and not deep."""
        return replace(self, vectors=None, coming=None, depth=GLANCE, votes=False, exact=True)

    def awaited(self) -> "Ask":
        """With its vectors."""
        return self if self.coming is None else replace(self, vectors=self.coming(), coming=None)

    @property
    def tenant(self) -> str:
        """Whose items may be seen."""
        return self.query.tenant

    def hidden_rows(self, kind: Kind) -> I64:
        """The rows of one kind among the hidden ids."""
        places = (self.index.locate(self.tenant, item_id) for item_id in self.hidden)
        return np.array([place[1] for place in places if place is not None and place[0] == kind], np.int64)


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What retrieval hands on: the candidates, the receipts, and how it went about it."""

    candidates: Candidates
    relaxed: tuple[Relaxed, ...]
    total: int  # rows that kept every hard constraint as it was said
    plan: dict[str, str]


def retrieve(ask: Ask) -> Retrieved:
    """Fan out over the wanted kinds under the filters; relax with a receipt when too few keep them all.

    What needs no vectors comes first: they may still be coming.
    """
    kinds = wanted(ask.intent, ask.query)
    filters = {kind: Filter.of(ask.index, ask.tenant, kind, ask.intent, ask.hidden_rows(kind)) for kind in kinds}
    missing = widen(filters, ask.intent, ask.query.insist)
    relaxed = (*missing, *relax(filters, ask.intent, ask.query.insist))
    pools = [Pool.of(ask, filter) for filter in filters.values() if filter.any()]
    ask = ask.awaited()
    voters = _voters(ask, kinds)
    plan: dict[str, str] = {}
    parts = [_kind(ask, pool, voters, plan) for pool in pools]
    return Retrieved(gather(parts), relaxed, sum(f.strict_count for f in filters.values()), plan)


def wanted(intent: Intent, query: Query) -> list[Kind]:
    """The kinds to look for, most wanted first; an explicit request wins over the parse."""
    if query.kinds:
        return list(query.kinds)
    return sorted(intent.kinds, key=lambda kind: -intent.kinds[kind])


@dataclass(frozen=True, slots=True)
class Pool:
    """One kind's rows that may answer: how many, the tiers in which retrievers look, and what the words find there."""

    filter: Filter
    count: int
    tiers: list[Mask]
    worded: list[Found]

    @staticmethod
    def of(ask: Ask, filter: Filter) -> "Pool":
        """Of few rows all are taken, wishes kept or not."""
        count = int(np.count_nonzero(filter.mask))
        tiers = [filter.mask] if count <= ask.depth else filter.tiers()
        return Pool(filter, count, tiers, [_lexical(ask, filter.kind, mask, ask.depth) for mask in tiers])


def _kind(ask: Ask, of: Pool, voters: Found, plan: dict[str, str]) -> Columns:
    """One kind's candidates with the score of each retriever (NaN where it did not return the row)."""
    filter, kind, pool, count, worded = of.filter, of.filter.kind, of.filter.mask, of.count, of.worded
    near = [_dense(ask, kind, mask) for mask in of.tiers] if count > ask.depth else [_all(ask, count)]
    votes = _votes(ask, kind, voters, pool)
    rows = _candidates(ask, kind, pool, [*near, *worded, votes])
    quiet = others(ask.index, ask.tenant, rows, pool) if kind == "note" and count > ask.depth else None
    if quiet is not None:
        near, worded = [*near, _dense(ask, kind, quiet)], [*worded, _lexical(ask, kind, quiet, ask.depth)]
        rows = _candidates(ask, kind, pool, [*near, *worded, votes])
    plan[kind] = " ".join(dict.fromkeys(f.plan for f in [*near, *worded] if f.plan)) + f" of {count}"
    return fuse(
        Columns(
            kind=kind,
            row=rows,
            dense=_exact(ask, kind, rows),
            lexical=_merge(rows, worded),
            votes=_merge(rows, [votes]),
            fused=np.empty(0, np.float32),
            relax_level=filter.level(rows),
        ),
        filter.soft(rows),
    )


def _all(ask: Ask, count: int) -> Found:
    """Every row is a candidate, and each one's cosine is worked out: nothing is left to look for."""
    return Found.nothing(f"exact:{count}" if ask.vectors is not None else "")


def _dense(ask: Ask, kind: Kind, mask: Mask | None) -> Found:
    """The nearest rows to any of the vectors."""
    if ask.vectors is None:
        return Found.nothing("")
    depth = max(20, ask.depth // len(ask.vectors))
    answers = [_nearest(ask, kind, vector, mask, depth) for vector in ask.vectors]
    rows = np.concatenate([a.rows for a in answers])
    scores = np.concatenate([a.scores for a in answers])
    return Found(rows, scores, answers[0].plan, recall=min(a.recall for a in answers))


def _nearest(ask: Ask, kind: Kind, vector: F32, mask: Mask | None, depth: int, enough: float = 1.0) -> Found:
    within = VECTORS * ask.left_ms()
    return ask.index.dense(ask.tenant, kind, vector, mask, depth, within_ms=within, enough=enough)


def _lexical(ask: Ask, kind: Kind, mask: Mask | None, depth: int) -> Found:
    if not ask.intent.terms:
        return Found.nothing("")
    return ask.index.lexical(ask.tenant, kind, ask.intent.terms, mask, depth, exact=ask.exact)


def _voters(ask: Ask, kinds: Sequence[Kind]) -> Found:
    """The notes nearest to the question, whatever kind is wanted: they vote for what they talk about."""
    if not ask.votes or kinds == ["note"] or ask.index.count(ask.tenant, "note") == 0:
        return Found.nothing("")
    if ask.vectors is not None:
        return _nearest(ask, "note", ask.vectors[0], None, VOTERS, HEARD)
    return _lexical(ask, "note", None, VOTERS)


def _votes(ask: Ask, kind: Kind, voters: Found, mask: Mask) -> Found:
    """Each linked row's best note score times the link's confidence, plus a little for further notes."""
    if kind == "note" or not len(voters.rows):
        return Found.nothing("")
    links = ask.index.linked(ask.tenant, voters.rows, kind)
    if not len(links.row):
        return Found.nothing("")
    order = np.argsort(voters.rows)
    score = voters.scores[order[np.searchsorted(voters.rows[order], links.note)]] * links.confidence
    keep = mask[links.row]
    found, score = links.row[keep], score[keep]
    if not len(found):
        return Found.nothing("votes")
    together = found.argsort(kind="stable")  # the votes for a row adjoin
    found, score = found[together], score[together]
    first = np.flatnonzero(np.diff(found, prepend=-1))
    crowd = np.log1p(np.diff(first, append=len(found))).astype(np.float32)
    return Found(found[first], np.maximum.reduceat(score, first) * (1 + np.float32(0.05) * crowd), "votes")


def _candidates(ask: Ask, kind: Kind, pool: Mask, answers: Sequence[Found]) -> I64:
    """Every filtered row when they are few, else what the retrievers brought, else the most popular."""
    if np.count_nonzero(pool) <= ask.depth:
        return np.flatnonzero(pool)
    found: I64 = np.concatenate([a.rows for a in answers])
    if len(found):
        found.sort()  # a quarter of what np.unique takes
        return found[np.diff(found, prepend=-1) > 0]
    rows = np.flatnonzero(pool)
    popularity = np.nan_to_num(np.asarray(ask.index.column(ask.tenant, kind, "popularity", rows), np.float64), nan=0.0)
    if len(rows) > 4 * ask.depth:  # of very many only those that may be among the first are put in order
        least = np.partition(popularity, len(rows) - ask.depth)[len(rows) - ask.depth]
        rows, popularity = rows[popularity >= least], popularity[popularity >= least]
    return rows[np.argsort(-popularity, kind="stable")[: ask.depth]]


def _exact(ask: Ask, kind: Kind, rows: I64) -> F32:
    """The true cosine of every candidate, so that no retriever's cut makes a hole. NaN: no vector yet."""
    if ask.vectors is None or not len(rows):
        return np.full(len(rows), np.nan, np.float32)
    cosines: F32 = ask.index.vectors(ask.tenant, kind, rows) @ ask.vectors.T
    return cosines[:, 0] if len(ask.vectors) == 1 else np.asarray(cosines.max(axis=1))


def _merge(rows: I64, answers: Sequence[Found]) -> F32:
    """Scores of several answers laid along `rows` (sorted, unique); NaN where none returned the row."""
    out = np.full(len(rows), np.nan, np.float32)
    for answer in answers:
        at = np.searchsorted(rows, answer.rows)
        at[at == len(rows)] = 0
        hit = rows[at] == answer.rows if len(rows) else np.zeros(len(answer.rows), bool)
        out[at[hit]] = np.fmax(out[at[hit]], answer.scores[hit])
    return out
