"""Where does each candidate stand among the others of its list? What features of the list share, worked out once."""

from functools import cached_property

import numpy as np

from engine.types import F32, I64, KINDS, Candidates, Mask

#: Rows of `Among.scores`.
DENSE, LEXICAL, VOTES, FUSED = range(4)
_RANKED = (DENSE, LEXICAL, FUSED)


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
    def known(self) -> Mask:
        """(4, n): where a score is a number."""
        return np.isfinite(self.scores)

    @cached_property
    def tops(self) -> F32:
        """(4,) the best of each score; -inf for one that nothing has."""
        tops: F32 = np.where(self.known, self.scores, np.float32(-np.inf)).max(axis=1, initial=-np.inf)
        return tops

    @cached_property
    def shares(self) -> F32:
        """(4, n): each score as a share of its best; NaN where that is not above 0."""
        return self.scores / np.where(self.tops > 0, self.tops, np.float32(np.nan))[:, np.newaxis]

    @cached_property
    def hits(self) -> F32:
        """(n,) how many of the three retrievers returned it."""
        return np.add.reduce(self.known[:FUSED], axis=0, dtype=np.float32)

    @cached_property
    def ranks(self) -> F32:
        """(3, n) place in the list by cosine, BM25 and the fused score: 1 = best; equal scores share the better place;
        NaN where a retriever missed it."""
        below = -self.scores[_RANKED, :]  # NaN sorts behind all numbers
        places = [ordered.searchsorted(each) for ordered, each in zip(np.sort(below, axis=1), below, strict=True)]
        ranks = np.array(places, np.float32)
        ranks += 1
        ranks[np.isnan(below)] = np.nan
        return ranks

    @cached_property
    def best_first(self) -> I64:
        """Positions by the fused score."""
        return np.argsort(-self._found.fused, kind="stable")

    def above(self, codes: I64) -> F32:
        """How many that stand above it by the fused score, of its own kind, have the same code: (n,)."""
        order = self.best_first
        groups = (codes * len(KINDS) + self._found.kind).take(order).astype(np.int16)  # sorted in one pass
        together = groups.argsort(kind="stable")  # the members of a group adjoin, the best one first
        grouped, at = groups.take(together), self._places
        first = np.flatnonzero(grouped[1:] != grouped[:-1]) + 1
        begun = np.zeros(len(order), np.int64)
        begun[first] = first
        counted = np.empty(len(order), np.float32)
        counted[order.take(together)] = at - np.maximum.accumulate(begun)
        return counted

    @cached_property
    def kind_share_above(self) -> F32:
        """Share of those above it by the fused score that are of its kind; NaN for the first: (n,)."""
        order, at = self.best_first, self._places
        same, kinds = np.zeros(len(order)), self._found.kind.take(order)
        for code in range(len(KINDS)):
            mine = np.flatnonzero(kinds == code)
            same[mine] = at[: len(mine)]
        out = np.full(len(order), np.nan, np.float32)
        out[order[1:]] = same[1:] / at[1:]
        return out

    @cached_property
    def _places(self) -> I64:
        return np.arange(len(self._found))
