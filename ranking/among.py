"""Where does each candidate stand among the others of its list? What features of the list share, worked out once."""

from functools import cached_property
from typing import Final

import numpy as np

from engine.types import F32, I64, KINDS, Candidates
from ranking.machine import machine

#: Rows of `Among.scores`.
DENSE, LEXICAL, VOTES, FUSED = range(4)
_RANKED: Final = (DENSE, LEXICAL, FUSED)
#: Codes below it, of each kind, are numbers of 16 bits.
_SHORT: Final = 10_000


class Among:
    """The candidates of one list beside each other (n)."""

    def __init__(self, found: Candidates) -> None:
        self._found = found

    @cached_property
    def scores(self) -> F32:
        """(4, n): the scores of the retrievers and the fused one; NaN where a retriever missed it."""
        found = self._found
        return np.array([found.dense, found.lexical, found.votes, found.fused], np.float32)

    @cached_property
    def best(self) -> tuple[F32, F32, F32]:
        """(4,) the best of each score, -inf for one that nothing has; (4, n) each as a share of its best, NaN where
        that is not above 0; (n,) how many of the three retrievers returned it."""
        scores = self.scores
        if (code := machine()) is not None:
            made = np.empty(4, np.float32), np.empty_like(scores), np.empty(scores.shape[1], np.float32)
            code.beside(scores, *made)
            return made
        known = np.isfinite(scores)
        tops = np.asarray(np.where(known, scores, -np.inf).max(axis=1, initial=-np.inf), np.float32)
        shares = np.asarray(scores / np.where(tops > 0, tops, np.nan).astype(np.float32)[:, np.newaxis], np.float32)
        return tops, shares, np.add.reduce(known[:FUSED], axis=0, dtype=np.float32)

    @cached_property
    def ranks(self) -> F32:
        """(3, n) place in the list by cosine, BM25 and the fused score: 1 = best; equal scores share the better place;
        NaN where a retriever missed it."""
        below = -self.scores[_RANKED, :]  # NaN sorts behind all numbers
        if (code := machine()) is not None:
            ranks = np.empty_like(below)
            code.ranked(below, below.argsort(axis=1), ranks)
            return ranks
        places = [ordered.searchsorted(each) for ordered, each in zip(np.sort(below, axis=1), below, strict=True)]
        ranks = np.array(places, np.float32)
        ranks += 1
        ranks[np.isnan(below)] = np.nan
        return ranks

    @cached_property
    def best_first(self) -> I64:
        """Positions by the fused score."""
        return np.argsort(-self._found.fused, kind="stable")

    def above(self, codes: I64, none: int) -> F32:
        """How many that stand above it by the fused score, of its own kind, have the same code, 0..none; NaN for one
        of the code `none`: (n,)."""
        order, kinds, counted = self.best_first, self._found.kind, np.empty(len(codes), np.float32)
        if (code := machine()) is not None:
            code.above(codes, kinds, order, np.zeros((none + 1) * len(KINDS), np.int64), none, counted)
            return counted
        groups = (codes * len(KINDS) + kinds).take(order)
        together = groups.astype(np.int16 if none < _SHORT else np.int64).argsort(kind="stable")  # 16 bits: in one pass
        grouped, at = groups.take(together), np.arange(len(order))  # the members of a group adjoin, the best one first
        first = np.flatnonzero(grouped[1:] != grouped[:-1]) + 1
        begun = np.zeros(len(order), np.int64)
        begun[first] = first
        counted[order.take(together)] = at - np.maximum.accumulate(begun)
        counted[codes == none] = np.nan
        return counted

    @cached_property
    def kind_share_above(self) -> F32:
        """Share of those above it by the fused score that are of its kind; NaN for the first: (n,)."""
        order, out = self.best_first, np.full(len(self._found), np.nan, np.float32)
        if (code := machine()) is not None:
            code.kinds_above(self._found.kind, order, np.zeros(len(KINDS), np.int64), out)
            return out
        at, same, kinds = np.arange(len(order)), np.zeros(len(order)), self._found.kind.take(order)
        for number in range(len(KINDS)):
            mine = np.flatnonzero(kinds == number)
            same[mine] = at[: len(mine)]
        out[order[1:]] = same[1:] / at[1:]
        return out
