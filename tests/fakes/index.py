"""What would an Index say that looked at every item, one after the other? A brute-force fake, plain Python."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from engine.attested import Attested
from engine.coded import Coded, coded
from engine.errors import UnknownTenant
from engine.facets import RANGED as RANGES
from engine.kindred import Kindred
from engine.types import (
    F32,
    I64,
    KINDS,
    Constraint,
    Evidence,
    Found,
    Highlight,
    Judged,
    Kind,
    Links,
    Mask,
    Verdict,
)
from engine.understand.fold import fold
from engine.vocabulary import APPLIES, FACETS, MINED
from tests.fakes.behaving import Behaving
from tests.fakes.judging import Judging
from tests.fakes.names import KnownNames
from tests.fakes.told import UNKNOWN, Item, measured_as, moment, tags_of

NAME = {"note": "title", "product": "title", "poi": "name"}


class MemoryIndex(Behaving):
    """Lists of dicts in, an Index out. Attribute ids stand in the items as they are: no lexicon here.

    `vectors`: id -> centred unit vector; an id without one is pending.
    `mined`: (id, attribute) -> (probability, yes, no). Links: the notes' poi_ids, product_ids.
    `children`: category -> its descendants.
    """

    version = "memory-1"

    def __init__(
        self,
        *,
        notes: Sequence[Item] = (),
        products: Sequence[Item] = (),
        pois: Sequence[Item] = (),
        vectors: Mapping[str, F32] | None = None,
        mined: Mapping[tuple[str, str], tuple[float, int, int]] | None = None,
        tenant: str = "demo",
        now: datetime | None = None,
        dead: Iterable[str] = (),
        children: Mapping[str, Sequence[str]] | None = None,
        learnt: Kindred | None = None,
    ) -> None:
        self.tenant, self.dead = tenant, frozenset(dead)
        self.by_kind: dict[str, list[Item]] = {"note": list(notes), "product": list(products), "poi": list(pois)}
        self.raw = dict(vectors or {})
        self.dim = len(next(iter(self.raw.values()))) if self.raw else 4
        self.now = now
        self.judging = Judging(dict(mined or {}), dict(children or {}))
        self.learnt = learnt
        places = [(str(i["name"]).casefold(), "name", i["name"], 0.5) for i in pois]
        self.names = KnownNames(places)

    def rows(self, tenant: str, kind: Kind) -> list[Item]:
        if tenant != self.tenant:
            raise UnknownTenant(f"no tenant is called '{tenant}'")
        return self.by_kind[kind]

    def count(self, tenant: str, kind: Kind) -> int:
        return len(self.rows(tenant, kind))

    def center(self, vector: F32, lang: str) -> F32:
        return vector

    def allowed(self, tenant: str, kind: Kind, constraints: Sequence[Constraint]) -> Mask:
        items = self.rows(tenant, kind)
        kept = np.array([i["id"] not in self.dead for i in items], bool)
        for c in constraints:
            if kind not in APPLIES[c.slot] or c.slot == "similar_to":
                continue
            verdict = self.judge(tenant, kind, c, np.arange(len(items))).verdict
            kept &= verdict >= Verdict.LIKELY if c.polarity > 0 else verdict != Verdict.CONTRADICTED
        return kept

    def choices(self, tenant: str, kind: Kind, facet: str, among: Mask, most: int) -> list[Constraint]:
        """Of what is listed or stands in a field of the facet's name; ranges: one."""
        if facet in RANGES:
            return [Constraint(facet, "gte", 4)]
        items = [i for i, row in zip(self.rows(tenant, kind), among, strict=True) if row]
        said = [
            tags_of(i) if facet in MINED or facet == "cuisine" else [i[facet]] if i.get(facet) else [] for i in items
        ]
        common = [
            word for word, _ in Counter(word for words in said for word in dict.fromkeys(words)).most_common(most)
        ]
        if FACETS[facet] == "place.admin":
            return [Constraint("place.admin", "in", {"level": facet, "name": word}) for word in common]
        return [Constraint(facet, "has" if facet in MINED else "eq", word) for word in common]

    def tally(self, tenant: str, kind: Kind, constraints: Sequence[Constraint], among: Mask) -> I64:
        return np.array([(self.allowed(tenant, kind, [c]) & among).sum() for c in constraints], np.int64)

    def dense(
        self,
        tenant: str,
        kind: Kind,
        vector: F32,
        allowed: Mask | None,
        k: int,
        *,
        within_ms: float = np.inf,
        enough: float = 1.0,
    ) -> Found:
        every = self.vectors(tenant, kind, np.arange(self.count(tenant, kind)))
        return self._best(every @ vector, tenant, kind, allowed, k)

    def lexical(
        self, tenant: str, kind: Kind, text: str, allowed: Mask | None, k: int, *, exact: bool = False
    ) -> Found:
        """Counts the query's words and Han bigrams that stand in an item; not BM25, but the same shape."""
        words = set(text.casefold().split()) | {text[i : i + 2].casefold() for i in range(len(text) - 1)}
        words = {w for w in words if w.strip() and " " not in w}
        texts = [self._text(i) for i in self.rows(tenant, kind)]
        scores = np.array([sum(w in t for w in words) for t in texts], np.float32)
        return self._best(np.where(scores > 0, scores, np.nan), tenant, kind, allowed, k)

    def highlight(self, tenant: str, kind: Kind, text: str, rows: I64) -> list[tuple[Highlight, ...]]:
        """The words between spaces, and pairs of Han, where they stand in the title."""
        words = {w for w in text.casefold().split() if w.isascii()}
        words |= {text[i : i + 2] for i in range(len(text) - 1) if not text[i : i + 2].isascii()}
        out: list[tuple[Highlight, ...]] = []
        for row in rows:
            title = str(self.rows(tenant, kind)[int(row)][NAME[kind]])
            at = {(s, s + len(w)) for w in words if (s := title.casefold().find(w)) >= 0}
            first = min(at, default=None)
            out.append((Highlight(NAME[kind], title, 0, (first,)),) if first else ())
        return out

    def _best(self, scores: F32, tenant: str, kind: Kind, allowed: Mask | None, k: int) -> Found:
        mask = self.allowed(tenant, kind, ()) if allowed is None else allowed & self.allowed(tenant, kind, ())
        rows = np.flatnonzero(mask & ~np.isnan(scores))
        rows = rows[np.argsort(-scores[rows], kind="stable")][:k]
        return Found(rows.astype(np.int64), scores[rows].astype(np.float32), f"brute:{int(mask.sum())}")

    def linked(self, tenant: str, notes: I64, kind: Kind) -> Links:
        where = {str(i["id"]): r for r, i in enumerate(self.rows(tenant, kind)) if i["id"] not in self.dead}
        field = {"poi": "poi_ids", "product": "product_ids", "note": ""}[kind]
        said = [(int(n), where.get(x)) for n in notes for x in self.by_kind["note"][int(n)].get(field) or ()]
        pairs = [(n, r) for n, r in said if r is not None]
        columns = np.array(pairs, np.int64).reshape(-1, 2)
        return Links(columns[:, 0], columns[:, 1], np.ones(len(pairs), np.float32))

    def judge(self, tenant: str, kind: Kind, constraint: Constraint, rows: I64) -> Judged:
        items = self.rows(tenant, kind)
        applies = kind in APPLIES[constraint.slot]
        told = [self.judging.judge(items[int(r)], constraint) if applies else UNKNOWN for r in rows]
        verdict = np.array([t[0] for t in told], np.int8)
        probability = np.array([t[1] for t in told], np.float32)
        support, against = (np.array([t[n] for t in told], np.int64) for n in (2, 3))
        if constraint.polarity < 0:
            verdict = np.array([0, Verdict.MET, Verdict.CONTRADICTED, Verdict.CONTRADICTED], np.int8)[verdict]
            probability, support, against = 1 - probability, against, support
        return Judged(verdict, probability, support, against, np.full(len(rows), np.nan, np.float32))

    def dossier(self, tenant: str, kind: Kind, row: int, lang: str) -> list[Attested]:
        item, rows = self.rows(tenant, kind)[row], np.array([row], np.int64)
        names = sorted({name for i, name in self.judging.mined if i == item["id"]} | set(item.get("amenities") or ()))
        return [
            Attested(
                name, "amenity", {"zh": name, "en": name}, proof, name in (item.get("amenities") or ()) or None, ()
            )
            for name in names
            for proof in self.prove(tenant, kind, Constraint("amenity", "has", name), rows, lang)
        ]

    def prove(
        self, tenant: str, kind: Kind, constraint: Constraint, rows: I64, lang: str, number: int = 0
    ) -> list[Evidence]:
        j = self.judge(tenant, kind, constraint, rows)
        value = [measured_as(self.rows(tenant, kind)[int(r)], constraint) for r in rows]
        return [
            Evidence(
                number,
                Verdict(int(v)),
                None if math.isnan(p) else float(p),
                int(s),
                int(a),
                measured=m if v else None,
            )
            for v, p, s, a, m in zip(j.verdict, j.probability, j.support, j.against, value, strict=True)
        ]

    def column(self, tenant: str, kind: Kind, name: str, rows: I64) -> Any:
        items = self.rows(tenant, kind)
        values = [self._derived(items[int(r)], name) for r in rows]
        if name == "has":
            lists = np.empty(len(values), object)
            for at, value in enumerate(values):
                lists[at] = str(value or "").split()
            return lists
        if all(v is None or isinstance(v, int | float) for v in values):
            return np.array([math.nan if v is None else v for v in values], np.float64)
        return np.array(values, object)

    def numbers(self, tenant: str, kind: Kind, names: tuple[str, ...], rows: I64) -> F32:
        columns = [self.column(tenant, kind, name, rows) for name in names]
        return np.array(columns, np.float32).reshape(len(names), len(rows)).T

    def coded(self, tenant: str, kind: Kind, name: str, rows: I64) -> Coded:
        values = self.column(tenant, kind, name, rows).tolist()
        return coded([value if isinstance(value, str) else None for value in values])

    def carried(self, tenant: str, kind: Kind, name: str, values: Sequence[str], rows: I64) -> F32:
        sets = [self.rows(tenant, kind)[int(r)].get(name) for r in rows]
        found = [[math.nan if s is None else v in s.split() for s in sets] for v in values]
        return np.array(found, np.float32).reshape(len(values), len(rows))

    def worded(self, tenant: str, kind: Kind, text: str, rows: I64) -> F32:
        """Counts the words between spaces that stand in the title, and in the attributes; not BM25, the same shape."""
        items, words = [self.rows(tenant, kind)[int(r)] for r in rows], text.casefold().split()
        titles = [str(i[NAME[kind]]).casefold() for i in items]
        fields = [titles, [" ".join((i.get("attributes") or {}).values()).casefold() for i in items]]
        return np.array([[sum(w in said for w in words) for said in field] for field in fields], np.float32)

    def significance(self, tenant: str, kind: Kind, text: str) -> F32:
        texts = [self._text(item) for item in self.rows(tenant, kind)]
        held = np.array([sum(word in said for said in texts) for word in text.casefold().split()], np.float32)
        return np.asarray(np.log1p((len(texts) - held + 0.5) / (held + 0.5)), np.float32)

    def closing(self, tenant: str, kind: Kind, at: datetime, rows: I64) -> F32:
        """No hours are read here."""
        self.rows(tenant, kind)
        return np.full(len(rows), np.nan, np.float32)

    def vectors(self, tenant: str, kind: Kind, rows: I64) -> F32:
        none = np.full(self.dim, np.nan, np.float32)
        found = [self.raw.get(str(self.rows(tenant, kind)[int(r)]["id"]), none) for r in rows]
        return np.array(found, np.float32).reshape(len(rows), self.dim)

    def items(self, tenant: str, kind: Kind, rows: I64) -> list[Item]:
        return [{k: v for k, v in self.rows(tenant, kind)[int(r)].items() if v is not None} for r in rows]

    def completions(self, tenant: str) -> list[Any]:
        self.rows(tenant, "poi")
        return []

    def locate(self, tenant: str, item_id: str) -> tuple[Kind, int] | None:
        for kind in KINDS:
            for row, item in enumerate(self.rows(tenant, kind)):
                if item["id"] == item_id and item_id not in self.dead:
                    return kind, row
        return None

    def _derived(self, item: Item, name: str) -> Any:
        if name == "title":
            return item.get("title", item.get("name"))
        if name == "folded_title":
            return fold(str(item.get("title", item.get("name")))).text
        if name == "note_count":
            return sum(
                item["id"] in [*(n.get("poi_ids") or ()), *(n.get("product_ids") or ())] for n in self.by_kind["note"]
            )
        if name == "text_length":
            return len(item.get("body") or "")
        if name == "age_days" and self.now and item.get("published_at"):
            return (self.now - moment(item["published_at"])).total_seconds() / 86400
        return item.get(name)

    def _text(self, item: Item) -> str:
        parts = [item.get("title"), item.get("name"), item.get("body"), item.get("brand"), item.get("category")]
        return " ".join(str(p) for p in [*parts, *tags_of(item), *(item.get("dishes") or ())] if p).casefold()
