"""Who wrote a note, and may it be believed? A label for each note, declared or found, with the reasons.

Signals of the text (paid, pushing, stuffed with superlatives, the house itself, a machine), of copies by several
authors, of bursts about one thing, of authors who write of one thing alone, of likes that no audience explains.
Words and points are data: trust.toml. A label that is declared stands, except "organic", which anyone may claim.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from engine.understand.fold import fold
from indexing.copies import copied
from indexing.echoes import clusters

Row = Mapping[str, Any]
#: What each note is about: note id -> ids of items.
About = Mapping[str, Sequence[str]]

#: When several labels have their points: the house itself, then whoever advertises openly, then who only seems to.
_ORDER: Final = ("merchant", "sponsored", "suspected", "ai_assisted")
#: With one of these, advertising that does not say it is paid is no mere advertising.
_HIDDEN: Final = frozenset({"copied", "burst", "strange_engagement"})
_MOST: Final = {"pushes": 3, "superlatives": 4, "merchant_said": 3, "machine_said": 3}
#: A burst: so many notes by others within so many days, and so many times what is usual for the thing.
BURST_DAYS, BURST_NOTES, BURST_TIMES = 3, 6, 6.0
#: The share of suspected notes that makes a burst bad company.
COMPANY: Final = 0.7
#: An author's other notes must be so many to say something of the next.
AUTHOR_NOTES: Final = 3
#: What share of a label in an author's other notes tells of the next one.
_HISTORY: Final = (
    ("sponsored", "paid_author", 0.6), ("merchant", "merchant_author", 0.6), ("suspected", "suspect_author", 0.6),
    ("organic", "honest_author", 0.8),
)  # fmt: skip
#: More likes than this share of the readers, from this many readers on, are strange.
LIKES, READERS = 0.5, 50


@dataclass(frozen=True)
class Verdict:
    """A note's label (None: nothing is known) and why: "paid_said: 品牌合作"."""

    label: str | None
    reasons: tuple[str, ...] = ()


@dataclass
class _Signs:
    """Signal -> what was seen, once for each time it counts."""

    seen: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, signal: str, what: str = "") -> None:
        self.seen[signal].append(what)

    def points(self) -> dict[str, float]:
        total: dict[str, float] = defaultdict(float)
        for signal, seen in self.seen.items():
            for label, each in _data()["points"][signal].items():
                total[label] += each * min(len(seen), _MOST.get(signal, 1))
        return total

    def reasons(self, label: str) -> tuple[str, ...]:
        told = [s for s in self.seen if label in _data()["points"].get(s, {})]
        return tuple(f"{s}: {', '.join(dict.fromkeys(w for w in self.seen[s] if w))}".rstrip(": ") for s in told)


def labelled(
    notes: Sequence[Row], links: Sequence[tuple[str, str, str, float]], known: Mapping[str, Counter[str]] | None = None
) -> list[Row]:
    """NOTES rows with `trust` and `trust_why` set. `links`: (note id, kind, item id, confidence)."""
    about: dict[str, list[str]] = defaultdict(list)
    for note, _, item, _ in links:
        about[note].append(item)
    verdicts = judge(notes, about, known)
    return [
        {**note, "trust": v.label or "organic", "trust_why": list(v.reasons or ("nothing speaks against it",))}
        for note, v in zip(notes, verdicts, strict=True)
    ]


def judge(notes: Sequence[Row], about: About, known: Mapping[str, Counter[str]] | None = None) -> list[Verdict]:
    """NOTES rows -> a verdict each. `known`: author -> labels of notes that are not among these."""
    signs = [_read(note) for note in notes]
    _copies(notes, about, signs)
    bursts = _bursts(notes, about, signs)
    _authors(notes, about, signs)
    first = [_verdict(note, each) for note, each in zip(notes, signs, strict=True)]
    _histories(notes, first, signs, known or {})
    _company(bursts, first, signs)
    return [_verdict(note, each) for note, each in zip(notes, signs, strict=True)]


def _verdict(note: Row, signs: _Signs) -> Verdict:
    declared = note.get("trust")
    if declared and declared != "organic":
        return Verdict(declared, ("declared",))
    points, needs = signs.points(), _data()["needs"]
    found = [label for label in _ORDER if points[label] >= needs[label] - 1e-9]
    if "suspected" in found and "paid_said" not in signs.seen and _HIDDEN & signs.seen.keys():
        found = ["suspected"]
    if found:
        return Verdict(found[0], signs.reasons(found[0]))
    return Verdict(declared, ("declared",) if declared else ())


def _read(note: Row) -> _Signs:
    """What the note's own words and numbers say."""
    signs = _Signs()
    text = fold(f"{note.get('title') or ''}\n{note.get('body') or ''}").text
    automaton, groups = _words()
    hits = [(groups[i], text[start:end]) for i, start, end in automaton.find_matches_as_indexes(text)]
    denied = any(group == "not_paid" for group, _ in hits)
    for group, what in hits:
        if group != "not_paid" and not (group == "paid_said" and denied):
            signs.add(group, what)
    readers, likes = note.get("impressions") or note.get("clicks"), note.get("likes")
    if readers and likes and readers >= READERS and likes > LIKES * readers:
        signs.add("strange_engagement", f"{likes:g} likes, {readers:g} readers")
    return signs


def _copies(notes: Sequence[Row], about: About, signs: Sequence[_Signs]) -> None:
    """The same text by several authors: nearly word for word anywhere, or much alike about one thing within days."""
    for at in _echoes(notes, about):
        signs[at].add("copied", "of one thing within days")
    for at, others in copied([str(n.get("body") or "") for n in notes], [n.get("author_id") for n in notes]).items():
        signs[at].add("copied", f"{others} other authors")


def _echoes(notes: Sequence[Row], about: About) -> list[int]:
    pairs = [(item, at) for at, note in enumerate(notes) for item in about.get(note["id"], ())]
    if not pairs:
        return []
    _, items = np.unique([item for item, _ in pairs], return_inverse=True)
    rows = np.array([at for _, at in pairs], np.int64)
    days = np.array([day if (day := _day(n.get("published_at"))) is not None else np.nan for n in notes])
    codes: dict[str, int] = {}
    authors = [codes.setdefault(a, len(codes)) if (a := n.get("author_id")) else -1 - i for i, n in enumerate(notes)]
    found = clusters(np.zeros(len(rows), np.int64), items.reshape(-1).astype(np.int64), rows, days[rows],
                     np.array(authors, np.int64)[rows], [str(n.get("body") or "") for n in notes])  # fmt: skip
    return sorted(set(rows[found >= 0].tolist()))


def _bursts(notes: Sequence[Row], about: About, signs: Sequence[_Signs]) -> dict[int, list[int]]:
    """Many notes of one thing within days, by different authors, where few are usual; -> note -> those beside it."""
    bursts: dict[int, list[int]] = {}
    days: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for at, note in enumerate(notes):
        day = _day(note.get("published_at"))
        for item in about.get(note["id"], ()) if day is not None else ():
            days[item].append((day or 0.0, at))
    for posts in days.values():
        posts.sort()
        span = max(90.0, posts[-1][0] - posts[0][0])
        usual = len(posts) * (2 * BURST_DAYS + 1) / span
        for day, at in posts:
            beside = [o for d, o in posts if abs(d - day) <= BURST_DAYS and o != at]
            near = {notes[o].get("author_id") for o in beside}
            if len(near) >= BURST_NOTES and len(near) >= BURST_TIMES * usual:
                signs[at].add("burst", f"{len(near)} others within {BURST_DAYS} days")
                bursts[at] = beside
    return bursts


def _company(bursts: Mapping[int, Sequence[int]], first: Sequence[Verdict], signs: Sequence[_Signs]) -> None:
    for at, beside in bursts.items():
        bad = sum(first[other].label == "suspected" for other in beside)
        if bad >= COMPANY * len(beside):
            signs[at].add("bad_company", f"{bad} of {len(beside)} notes beside it")


def _authors(notes: Sequence[Row], about: About, signs: Sequence[_Signs]) -> None:
    """Authors who write of one thing alone."""
    things: dict[str, Counter[str]] = defaultdict(Counter)
    for note in notes:
        if author := note.get("author_id"):
            things[author].update(about.get(note["id"], ())[:1])
    for at, note in enumerate(notes):
        wrote = things.get(note.get("author_id") or "", Counter())
        if len(wrote) == 1 and wrote.total() > AUTHOR_NOTES:
            signs[at].add("one_thing", f"{wrote.total()} notes of one thing")


def _histories(
    notes: Sequence[Row], first: Sequence[Verdict], signs: Sequence[_Signs], known: Mapping[str, Counter[str]]
) -> None:
    """What most of an author's other notes are says something of each."""
    wrote: dict[str, Counter[str]] = {author: Counter(labels) for author, labels in known.items()}
    for note, verdict in zip(notes, first, strict=True):
        if author := note.get("author_id"):
            wrote.setdefault(author, Counter())[verdict.label or "organic"] += 1
    for at, (note, verdict) in enumerate(zip(notes, first, strict=True)):
        others = Counter(wrote.get(note.get("author_id") or "", Counter()))
        others[verdict.label or "organic"] -= 1
        total = others.total()
        for label, signal, share in _HISTORY:
            if total >= AUTHOR_NOTES and others[label] >= share * total:
                signs[at].add(signal, f"{others[label]} of {total} other notes")


def labels_by_author(notes: Sequence[Row]) -> dict[str, Counter[str]]:
    """author -> how many notes of each label: what `judge` takes as `known`."""
    wrote: dict[str, Counter[str]] = defaultdict(Counter)
    for note in notes:
        if author := note.get("author_id"):
            wrote[author][note.get("trust") or "organic"] += 1
    return wrote


def _day(value: Any) -> float | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.timestamp() / 86400.0 if isinstance(value, datetime) else None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "trust.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _words() -> tuple[AhoCorasick, list[str]]:
    """Every phrase and the signal it gives; the longest at each place."""
    data, groups = _data(), {}
    signals = {"push": "pushes", "superlative": "superlatives", "merchant": "merchant_said", "machine": "machine_said"}
    for table, signal in {**signals, "paid": "paid_said"}.items():
        groups.update(dict.fromkeys((*data[table]["zh"], *data[table]["en"]), signal))
    groups.update(dict.fromkeys((*data["paid"]["not_zh"], *data["paid"]["not_en"]), "not_paid"))
    return AhoCorasick(list(groups), matchkind=MatchKind.LeftmostLongest), list(groups.values())
