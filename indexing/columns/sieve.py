"""Which rows of one part keep every constraint? The cheapest first; few survivors are looked at one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Final

import numpy as np

from engine.types import I64, Mask
from indexing.columns.bits import Bits
from indexing.columns.data import Columns
from indexing.columns.judge import judgement
from indexing.columns.judgement import Cost, Judgement
from indexing.columns.memo import Memo
from indexing.columns.standing import Asked
from indexing.columns.words import Naming

#: Up to one row in so many, a look at each row that is left is cheaper than the set of all rows that keep a constraint.
FEW: Final = {Cost.READY: 0, Cost.MADE: 1024, Cost.CIRCLE: 128, Cost.WHOLE: 32}
#: So many rows are always few.
LEAST: Final = 64
#: Sets that a judgement holds, about.
_SETS: Final = 2


@dataclass(frozen=True)
class Sieve:
    """The columns of one part with what notes say. Immutable, but for what it remembers of its own answers."""

    columns: Columns
    naming: Naming

    def judgement(self, asked: Asked) -> Judgement:
        """How a constraint stands with the rows."""
        return self._judged.get(asked, lambda: judgement(self.columns, asked.constraint, self.naming))

    def keep(self, alive: Bits, wanted: Sequence[Asked]) -> Mask:
        """bool[n]: the rows among `alive` that keep every constraint.

        First those whose sets are at hand; then the cheapest. When few rows are left, these are looked at one by one;
        until then sets of all rows are made, and remembered.
        """
        words, others = alive.words.copy(), []
        for asked in wanted:
            kept = self._kept.peek(asked)
            cost = Cost.READY if kept is not None else self.judgement(asked).cost
            if cost is Cost.READY:
                np.bitwise_and(words, (kept or self._keep(asked)).words, out=words)
            else:
                others.append((cost, asked))
        left, others = Bits(words, alive.size), sorted(others, key=itemgetter(0))
        for place, (cost, asked) in enumerate(others):
            if left.count <= max(alive.size // FEW[cost], LEAST):
                return self._look(left, [later for _, later in others[place:]])
            left = left & self._keep(asked)
        return left.mask()

    def tally(self, among: Bits, wanted: Sequence[Asked]) -> I64:
        """int64[wanted]: how many of the rows keep each constraint by itself."""
        few = among.count <= max(among.size // FEW[Cost.WHOLE], LEAST)
        rows = among.rows() if few else None
        return np.array([self._count(among, rows, asked) for asked in wanted], np.int64)

    def _count(self, among: Bits, rows: I64 | None, asked: Asked) -> int:
        kept = self._kept.peek(asked)
        if kept is None and rows is not None:
            return int(self.judgement(asked).ruling(rows).filter(asked.constraint.polarity).sum())
        return (among & (kept or self._keep(asked))).count

    def _look(self, left: Bits, wanted: Sequence[Asked]) -> Mask:
        rows = left.rows()
        for asked in wanted:
            rows = rows[self.judgement(asked).ruling(rows).filter(asked.constraint.polarity)]
        kept = np.zeros(left.size, bool)
        kept[rows] = True
        return kept

    def _keep(self, asked: Asked) -> Bits:
        polarity = asked.constraint.polarity
        return self._kept.get(asked, lambda: self.judgement(asked).filter(polarity))

    @cached_property
    def _judged(self) -> Memo[Judgement]:
        return Memo(each=_SETS * self.columns.count // 8)

    @cached_property
    def _kept(self) -> Memo[Bits]:
        return Memo(each=self.columns.count // 8)
