"""How are the figures of understanding shown? Tables by language, intent and slot line; confusions; failures."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from benchmarks.quality.golden import Judged, Marks, by_slot, marks
from benchmarks.quality.slot_f1 import Triple

_FIGURES: Final = ("intent", "f1", "slot_f1", "hardness", "polarity", "sort", "limit")
_MOST: Final = 30


def as_data(judged: Sequence[Judged]) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "all": asdict(marks(judged)),
        "by": {name: {key: asdict(m) for key, m in _by(judged, pick).items()} for name, pick in _GROUPS.items()},
        "slots": {
            slot: {"f1": s.f1, "hit": s.hit, "missed": s.missed, "invented": s.invented}
            for slot, s in sorted(by_slot(judged).items())
        },
        "intents": [[*pair, count] for pair, count in _confused(judged).most_common()],
        "slot_confusion": [[*pair, count] for pair, count in _misread(judged).most_common()],
        "failures": [_failure(j) for j in judged if not j.right],
    }


def as_text(judged: Sequence[Judged], *, failures: bool = False) -> str:
    """For a terminal."""
    lines = _table("", {"all": marks(judged)})
    for name, pick in _GROUPS.items():
        lines += ["", *_table(name, _by(judged, pick))]
    lines += ["", f"{'slot':16}    f1   hit missed invented"]
    lines += [
        f"{slot:16} {s.f1:.3f} {s.hit:5} {s.missed:6} {s.invented:8}"
        for slot, s in sorted(by_slot(judged).items(), key=lambda item: item[1].f1)
    ]
    lines += ["", "intents: meant -> read", *(f"  {a} -> {b}: {n}" for (a, b), n in _confused(judged).most_common())]
    lines += ["", "slots: meant -> read ('' = not at all, '= value' = the slot with another value or op)"]
    lines += [f"  {a or chr(39) * 2} -> {b or chr(39) * 2}: {n}" for (a, b), n in _misread(judged).most_common()]
    lines += ["", "most missed", *_commonest(t for j in judged for t in j.missed)]
    lines += ["", "most invented", *_commonest(t for j in judged for t in j.invented)]
    if failures:
        lines += ["", "failures", *(line for j in judged if not j.right for line in _told(j))]
    return "\n".join(lines)


def _by(judged: Iterable[Judged], pick: Callable[[Judged], Iterable[str]]) -> dict[str, Marks]:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        for key in pick(each):
            groups[key].append(each)
    return {key: marks(groups[key]) for key in sorted(groups, key=lambda k: (len(k), k))}


_GROUPS: Final[dict[str, Callable[[Judged], Iterable[str]]]] = {
    "lang": lambda j: [j.row.lang],
    "intent": lambda j: [j.row.intent],
    "line": lambda j: sorted({str(line) for line in j.row.lines}),
}


def _table(name: str, rows: dict[str, Marks]) -> list[str]:
    head = f"{name:14} {'n':>4} " + " ".join(f"{figure:>8}" for figure in _FIGURES)
    return [
        head,
        *(f"{key:14} {m.queries:4} " + " ".join(f"{getattr(m, f):8.3f}" for f in _FIGURES) for key, m in rows.items()),
    ]


def _confused(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    return Counter((j.row.intent, j.intent.name) for j in judged if j.row.intent != j.intent.name)


def _misread(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """What became of each missed constraint, and where each invented one came from."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in judged:
        invented = list(each.invented)
        for missed in each.missed:
            twin = _twin(missed, invented)
            if twin:
                invented.remove(twin)
            same = twin is not None and twin[0] == missed[0]
            counts[missed[0], "= value" if same else twin[0] if twin else ""] += 1
        counts.update(("", triple[0]) for triple in invented)
    return counts


def _twin(missed: Triple, invented: Sequence[Triple]) -> Triple | None:
    """What was read in its place: the slot with another value, or the value in another slot."""
    return next((t for t in invented if t[0] == missed[0]), None) or next(
        (t for t in invented if t[2] == missed[2]), None
    )


def _commonest(triples: Iterable[Triple]) -> list[str]:
    return [f"  {n} {_shown(t)}" for t, n in Counter(triples).most_common(_MOST)]


def _failure(judged: Judged) -> dict[str, Any]:
    row, intent = judged.row, judged.intent
    wrong = {
        name: {"expected": meant, "got": read}
        for name, meant, read in (
            ("intent", row.intent, intent.name), ("sort", row.sort, intent.sort), ("limit", row.limit, intent.limit)
        )
        if meant != read
    }  # fmt: skip
    return {"id": row.id, "query": row.query, "missed": judged.missed, "invented": judged.invented, **wrong}


def _told(judged: Judged) -> list[str]:
    found = _failure(judged)
    lines = [f"{judged.row.id}  {judged.row.query}"]
    lines += [f"    {n}: expected {w['expected']}, got {w['got']}" for n, w in found.items() if isinstance(w, dict)]
    lines += [f"    missed   {_shown(t)}" for t in judged.missed]
    return lines + [f"    invented {_shown(t)}" for t in judged.invented]


def _shown(triple: Triple) -> str:
    slot, op, value, polarity = triple
    return f"{slot} {op} {value}{' NOT' if polarity < 0 else ''}"
