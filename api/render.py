"""How does a page of results look as JSON? Plain values for msgspec to encode; the shape is the public contract."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import zip_longest
from math import isnan
from typing import Any, Final

import msgspec

from api.cursor import Cursor, encode
from engine.attested import Attested
from engine.feed.interests import Interest
from engine.feed.person import Person
from engine.feed.related import Related
from engine.types import Evidence, Facet, Hit, Intent, Meant, Relaxed, Results, Verdict
from engine.understand import wire
from engine.understand.labels import label
from engine.understand.lexicon import load
from engine.vocabulary import FACETS, LIKELY_AT

#: Verdict -> its public name.
_VERDICTS: Final = tuple(verdict.name.lower() for verdict in sorted(Verdict))
#: Items, and pieces of evidence, that are kept as JSON: about 2 KB an item.
WRITTEN: Final = 4096
#: Item by identity -> itself, so that nothing else gets its identity, and its JSON.
_written: Final[dict[int, tuple[Mapping[str, Any], msgspec.Raw]]] = {}


def page(
    results: Results, query_id: str, opened: Sequence[bool | None] = (), *, explain: bool = False
) -> dict[str, Any]:
    """-> hits, parse, relaxed, degraded, timings, plan, versions, cursor; facets when they were asked for."""
    following = results.next_offset
    snapshot = results.versions.get("snapshot", "")
    return {
        "query_id": query_id,
        "hits": [_hit(hit, place, now) for place, (hit, now) in enumerate(zip_longest(results.hits, opened))],
        "total": results.total,
        "parse": wire.to_json(results.intent, explain=explain),
        "did_you_mean": _meant(results.meant),
        "relaxed": [_receipt(r, results.intent) for r in results.relaxed],
        "degraded": [{"stage": d.stage, "reason": d.reason, "instead": d.instead} for d in results.degraded],
        "timings": {stage: round(spent, 3) for stage, spent in results.timings.items()},
        "plan": dict(results.plan),
        "versions": dict(results.versions),
        "cursor": encode(Cursor(following, snapshot, results.list_id)) if following is not None else None,
        **({"rules": [asdict(move) for move in results.moved]} if results.moved else {}),
        **({"panel": dict(results.panel)} if results.panel is not None else {}),
        **({"facets": [_facet(facet) for facet in results.facets]} if results.facets is not None else {}),
    }


def _receipt(gave_way: Relaxed, intent: Intent) -> dict[str, Any]:
    """What a constraint became, with the words of a chip."""
    was = intent.constraints[gave_way.constraint]
    words = None if gave_way.to is None else label(was.slot, was.op, gave_way.to, load(), was.assume)
    return {
        "slot": gave_way.slot,
        "from": gave_way.origin,
        "to": gave_way.to,
        "label": words,
        "gained": gave_way.gained,
        "constraint": gave_way.constraint,
    }


def _facet(facet: Facet) -> dict[str, Any]:
    """Each value can be sent back as a filter, with the slot of the facet."""
    values = [{"op": c.op, "value": c.value, "count": count, "label": c.label} for c, count in facet.values]
    return {"facet": facet.name, "slot": FACETS[facet.name], "values": values}


def _meant(meant: Meant | None) -> dict[str, Any] | None:
    """Another query that was perhaps meant, and which of the words it changes."""
    if meant is None:
        return None
    return {"q": meant.query, "changed": [{"from": c.said, "to": c.read, "span": list(c.span)} for c in meant.changed]}


def server_timing(results: Results) -> str:
    """The Server-Timing header (W3C): stage;dur=milliseconds."""
    return ", ".join(f"{stage};dur={spent:.2f}" for stage, spent in results.timings.items())


def _hit(hit: Hit, position: int, opened: bool | None) -> dict[str, Any]:
    shown = {
        "id": hit.id,
        "kind": hit.kind,
        "position": position,
        "score": hit.score,
        "item": _item(hit.item),
        "evidence": [_proof(e) for e in hit.evidence],
        "why": hit.why,
        "highlights": [{"field": h.field, "text": h.text, "start": h.start, "spans": h.spans} for h in hit.highlights],
    }
    if opened is not None:
        shown["open_now"] = opened
    if hit.source:
        shown["source"], shown["explored"] = hit.source, hit.source == "explore"
        shown["propensity"] = round(hit.propensity, 6)
    if hit.label is not None:
        shown["label"] = hit.label
    if hit.moved is not None:
        shown["rule"] = {"id": hit.moved.rule, "action": hit.moved.action}
    if hit.features is not None:
        if hit.reasons is not None:
            shown["contributions"], shown["because"] = dict(hit.reasons), hit.because
        shown["features"] = {k: None if isnan(v) else v for k, v in hit.features.items()}
    return shown


def belonging(found: Related) -> dict[str, Any]:
    """An item's groups, each hit without what a search would say of it."""
    groups = {
        name: [{"id": h.id, "kind": h.kind, "item": dict(h.item), "why": list(h.why)} for h in hits]
        for name, hits in found.groups.items()
    }
    return {"id": found.id, "kind": found.kind, **groups}


def acquainted(person: Person) -> dict[str, Any]:
    """What is learnt of a person, each thing with the key that takes it away (null: a group without a name)."""
    profile = person.profile
    return {
        "user_id": profile.user,
        "declared": list(profile.interests),
        "interests": _interests(person.interests),
        "attributes": [
            {"key": one.key, "label": dict(one.words), "share": round(one.share, 4), "items": one.items}
            for one in person.learnt
        ],
        "followed": sorted(person.followed),
        "removed": sorted(profile.removed),
    }  # fmt: skip


def _interests(found: Sequence[Interest]) -> list[dict[str, Any]]:
    """Each under its key once: groups that one key takes away together are shown together, by the strongest."""
    shown: dict[Any, dict[str, Any]] = {}
    for number, one in enumerate(found):
        row = shown.setdefault(
            (one.source, one.key or number),
            {"key": one.key, "source": one.source, "topic": one.topic, "label": one.words, "like": one.title,
             "weight": 0.0},
        )  # fmt: skip
        row["weight"] = round(row["weight"] + one.weight, 4)
    return list(shown.values())


def attested(known: Attested) -> dict[str, Any]:
    """One attribute of one item: the verdict, the merchant's word, and what notes say, the newest first."""
    proof = _evidence(known.proof)
    del proof["constraint"]
    return {
        "attribute": known.attribute,
        "slot": known.slot,
        "label": dict(known.label),
        **proof,
        "merchant": known.merchant,
        "quotes": [
            {"sentence": q.sentence, "note_id": q.note_id, "date": q.note_date, "trust": q.trust,
             "says": "no" if q.sign < 0 else "yes", "confidence": q.confidence, "ended": q.ended}
            for q in known.quotes
        ],
    }  # fmt: skip


def _item(item: Mapping[str, Any]) -> msgspec.Raw:
    """The item as stored. An index gives the same object for an item that was shown lately."""
    kept = _written.get(id(item))
    if kept is None or kept[0] is not item:
        if len(_written) >= WRITTEN:
            _written.clear()
        kept = _written[id(item)] = (item, msgspec.Raw(msgspec.json.encode(item)))
    return kept[1]


@lru_cache(maxsize=WRITTEN)
def _proof(e: Evidence) -> msgspec.Raw:
    """As JSON: people are shown the same few."""
    return msgspec.Raw(msgspec.json.encode(_evidence(e)))


def _evidence(e: Evidence) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "constraint": e.constraint,
        "verdict": _VERDICTS[e.verdict],
        "probability": None if e.probability is None else round(e.probability, 3),
        "support": e.support,
        "contradictions": e.contradictions,
    }
    optional = {"sentence": e.sentence, "note_id": e.note_id, "date": e.note_date, "measured": e.measured}
    shown.update({name: value for name, value in optional.items() if value is not None})
    if e.support or e.contradictions:
        shown["enough"] = LIKELY_AT  # the probability from which a hard constraint counts as kept
    if e.disagrees:
        shown["disagrees"] = True
    return shown
