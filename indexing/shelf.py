"""What is one kind of item, over all segments? Global rows in, the right segment's part asked, one answer out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

import numpy as np

from engine.types import F32, I64, Constraint, Evidence, Found, Judged, Kind, Mask
from indexing.columns.bits import ALL, Bits
from indexing.columns.choices import choices
from indexing.columns.data import Columns
from indexing.columns.judge import filters
from indexing.columns.memo import MOST, Memo
from indexing.columns.mined import Mined
from indexing.columns.sieve import Sieve
from indexing.columns.standing import Asked, Standing
from indexing.columns.verdicts import Ruled, Ruling
from indexing.columns.words import Naming
from indexing.segment import Part
from indexing.vectors import Among, Vectors, build, nearest, nearest_each

Search: TypeAlias = Callable[[Part, Mask], Found]
#: A kind of up to so many rows is judged as a whole: about a tenth of a millisecond a constraint, the first time.
WHOLE: Final = 32_768
#: Bytes of whole judgements that may be kept per kind, and what a row takes of them, evidence included.
_MEMORY: Final = 32 * 2**20
_JUDGED: Final = 80
#: Judgements of some rows that are kept: those of a few requests. A page is of the candidates, which were judged.
_LATELY: Final = 16
#: Constraints whose evidence is kept.
_PROVEN: Final = 256


@dataclass(frozen=True)
class Shelf:
    """One kind: a part per segment, and which rows live. Immutable, but for what it remembers of its own answers."""

    kind: Kind
    parts: Sequence[Part]
    alive: Mask
    mined: Sequence[Mined]  # of each part
    naming: Naming
    today: float  # epoch days
    vectors: Sequence[Vectors]  # see `together`

    @cached_property
    def starts(self) -> list[int]:
        """Where each part's rows begin."""
        return [0, *np.cumsum([len(p) for p in self.parts])[:-1].tolist()]

    @cached_property
    def sieves(self) -> list[Sieve]:
        """Each part's columns, with what the notes of all segments say."""
        parts = zip(self.parts, self.mined, strict=True)
        told = [replace(part.columns, mined=mined, holders=part.text.holders) for part, mined in parts]
        return [Sieve(columns, self.naming) for columns in told]

    @cached_property
    def living(self) -> list[Bits]:
        """The rows of each part that live."""
        return self._packed(self.alive)

    def split(self, rows: I64) -> Iterator[tuple[I64, Part, I64]]:
        """(positions in `rows`, part, the part's own rows), for each part that has any."""
        if len(self.parts) == 1:
            yield np.arange(len(rows)), self.parts[0], rows
            return
        which = np.searchsorted(self.starts, rows, side="right") - 1
        for number, part in enumerate(self.parts):
            at = np.flatnonzero(which == number)
            if len(at) or number == 0:
                yield at, part, rows[at] - self.starts[number]

    def take(self, rows: I64, column: Callable[[Part, I64], Any]) -> Any:
        """A column of every part, laid along the rows."""
        parts = [(at, column(part, local)) for at, part, local in self.split(rows)]
        if len(parts) == 1:
            return parts[0][1]
        first = parts[0][1]
        out = np.empty((len(rows), *first.shape[1:]), first.dtype)
        for at, values in parts:
            out[at] = values
        return out

    def rule(self, constraint: Constraint, rows: I64) -> Ruling:
        """One constraint over rows, polarity not yet counted."""
        if len(self.alive) <= WHOLE:
            return self._standing(Asked.of(constraint)).ruling.take(rows)
        asked = Asked.of(constraint)
        if (known := self._lately.peek(asked)) is not None and (ruling := known.of(rows)) is not None:
            return ruling
        sieves = dict(zip(map(id, self.parts), self.sieves, strict=True))
        parts = [(at, sieves[id(part)].judgement(asked).ruling(local)) for at, part, local in self.split(rows)]
        return self._lately.put(asked, Ruled(rows, Ruling.joined(parts, len(rows)))).ruling

    def judge(self, constraint: Constraint, rows: I64) -> Judged:
        """One constraint over rows, as the engine sees it."""
        if len(self.alive) <= WHOLE:
            return self._standing(Asked.of(constraint)).judge(rows)
        return self.rule(constraint, rows).judged(constraint.polarity, self.today)

    def allowed(self, constraints: Sequence[Constraint]) -> Mask:
        """bool[count]: the live rows that keep every constraint."""
        asked = [Asked.of(constraint) for constraint in constraints if filters(self.kind, constraint)]
        parts = zip(self.sieves, self.living, strict=True)
        masks = [sieve.keep(alive, asked) for sieve, alive in parts]
        return masks[0] if len(masks) == 1 else np.concatenate(masks)

    def choices(self, facet: str, among: Mask, most: int) -> list[Constraint]:
        """What a facet offers of the rows."""
        return choices(facet, self.among(among), most, self.naming)

    def among(self, mask: Mask) -> list[tuple[Columns, Bits]]:
        """Each part's columns, and which of its rows are in a mask over all."""
        return [(sieve.columns, bits) for sieve, bits in zip(self.sieves, self._packed(mask), strict=True)]

    def tally(self, constraints: Sequence[Constraint], among: Mask) -> I64:
        """How many of the rows keep each constraint."""
        asked, counts = [Asked.of(constraint) for constraint in constraints], np.zeros(len(constraints), np.int64)
        for sieve, bits in zip(self.sieves, self._packed(among), strict=True):
            counts += sieve.tally(bits, asked)
        return counts

    def _packed(self, mask: Mask) -> list[Bits]:
        return [Bits.of_mask(mask[start : start + len(p)]) for start, p in zip(self.starts, self.parts, strict=True)]

    @cached_property
    def _standing(self) -> Callable[[Asked], Standing]:
        """The last judgements of the whole kind; safe for many threads."""
        return lru_cache(maxsize=1 + _MEMORY // (_JUDGED * max(1, len(self.alive))))(self._stand)

    @cached_property
    def _lately(self) -> Memo[Ruled]:
        return Memo(each=MOST // _LATELY)

    @cached_property
    def proven(self) -> Memo[dict[int, Evidence]]:
        """Constraint, as it is shown -> row -> its evidence: people are shown the same few (indexing/proofs.py)."""
        return Memo(each=MOST // _PROVEN)

    def _stand(self, asked: Asked) -> Standing:
        parts = [
            (start + np.arange(len(part)), sieve.judgement(asked).ruling(ALL))
            for start, part, sieve in zip(self.starts, self.parts, self.sieves, strict=True)
        ]
        return Standing(Ruling.joined(parts, len(self.alive)), asked.constraint.polarity, self.today)

    def _among(self, mask: Mask) -> list[Among]:
        """The rows of each of `vectors` in a mask over all, packed."""
        base = len(self.parts[0])
        parts = [mask] if len(self.parts) == 1 else [mask[:base], mask[base:]]
        return [Among.of(part, len(part)) for part in parts]

    @cached_property
    def _living(self) -> list[Among | None]:
        """The live rows of each of `vectors`; None when all live."""
        return [None if some.count == some.size else some for some in self._among(self.alive)]

    def nearest(self, vector: F32, allowed: Mask | None, k: int, within_ms: float, enough: float) -> Found:
        """The k live rows nearest to a vector, among the allowed, over all parts at once."""
        return nearest(self.vectors, vector, self._answering(allowed), k, within_ms, enough)

    def nearest_each(self, vectors: F32, allowed: Mask, k: int, within_ms: float, enough: float) -> list[Found]:
        """The same for several vectors."""
        return nearest_each(self.vectors, vectors, self._answering(allowed), k, within_ms, enough)

    def _answering(self, allowed: Mask | None) -> Sequence[Among | None]:
        """The live rows of each of `vectors` in a mask; None for all."""
        if allowed is None:
            return self._living
        both = zip(self._among(allowed), self._living, strict=True)
        return [some if living is None else some & living for some, living in both]

    def search(self, allowed: Mask | None, k: int, search: Search) -> Found:
        """The k best over all parts; `search` asks one part under its own mask."""
        mask = self.alive if allowed is None else allowed & self.alive
        found = []
        for start, part in zip(self.starts, self.parts, strict=True):
            answer = search(part, mask[start : start + len(part)])
            found.append(Found(answer.rows + start, answer.scores, answer.plan))
        return best_of(found, k)


def best_of(found: Sequence[Found], k: int) -> Found:
    """The k best of several answers about different rows, equal scores in the order of rows; a lone one as it is."""
    if len(found) == 1:
        return found[0]
    rows = np.concatenate([f.rows for f in found])
    scores: F32 = np.concatenate([f.scores for f in found])
    order = np.lexsort((rows, -scores))[:k]
    return Found(rows[order], scores[order], "+".join(f.plan for f in found))


def together(parts: Sequence[Part], before: Shelf | None) -> Sequence[Vectors]:
    """The vectors of the base, then those of all layers at once in the base's lists: two to be searched, however many
    layers there are. Those of the shelf before, where no part has others; made by who writes, not by who asks.
    """
    base, *layers = [part.vectors for part in parts]
    if before is not None and [id(part.vectors) for part in before.parts] == [id(base), *map(id, layers)]:
        return before.vectors
    return [base, build(np.concatenate([each.matrix for each in layers]), base)] if layers else [base]
