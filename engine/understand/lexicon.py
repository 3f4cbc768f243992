"""Which words stand for which constraint, in Chinese and English? The vocabulary (data/*.toml), compiled once."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final, TypeAlias

from msgspec.structs import asdict

from engine.understand.compiled import table
from engine.understand.entries import SHADOW, Entry, data_files, entry_of, read_entries
from engine.understand.fold import fold
from engine.understand.patterns import Lazy
from engine.understand.scan import Mention, Scanner, Target, gather, longest, plain, spelled

__all__ = ["Entry", "Lexicon", "Mention", "load", "longest"]

Tables: TypeAlias = Mapping[str, Any]

_SPLIT: Final = Lazy(r"[>/|;,、，；]+|\s[-–]\s")
_VALUE: Final = Lazy(r"[=:]\s*(yes|true|only|designated|customers|free|wlan|1)$")


def canonical(raw: str) -> str:
    """A raw string as it is looked up: folded, single spaces, hyphens and underscores as spaces."""
    return " ".join(plain(fold(raw).text).split())


class Lexicon:
    """All entries, searchable by id, by word and by tree. Immutable, safe to share between threads."""

    def __init__(self, entries: Iterable[Entry], fingerprint: str = "", tables: Tables | None = None) -> None:
        """`tables`: what tables_of() makes of the entries, where that is known already."""
        self.entries: Mapping[str, Entry] = {e.id: e for e in entries}
        self.fingerprint = fingerprint
        #: The rule that an entry is ("lexicon.lawn") -> where it stands ("attributes_amenity.toml: lawn"), for explain.
        self.lines = {f"lexicon.{e.id}": f"{e.file}: {e.id}" for e in self.entries.values() if e.file}
        self.categories = self._of("category")
        #: Categories that only notes have.
        self.topics = frozenset(k for k, e in self.categories.items() if e.kinds == ("note",))
        self.cuisines = self._of("cuisine")
        self.brands = self._of("brand")
        others = {"category", "cuisine", "brand", SHADOW}
        self.attributes = {k: e for k, e in self.entries.items() if e.slot not in others}
        self._above: dict[str, tuple[str, ...]] = {}  # what ancestors() has answered
        self._labels: dict[str, Mapping[str, str]] = {}  # what labels() has answered
        self._children: dict[str, list[str]] = {}
        for entry in self.entries.values():
            if entry.parent:
                self._children.setdefault(entry.parent, []).append(entry.id)
        known = tables_of(self.entries.values()) if tables is None else tables
        made = {(e.id, sign): Target(e.id, e.slot, sign) for e in self.entries.values() for sign in (1, -1)}
        #: What is looked for in a text (scan.spelled), with all that it stands for.
        self.forms: Mapping[str, Sequence[Target]] = {
            form: [made[i, s] for i, s in targets] for form, targets in known["forms"].items()
        }
        self._words: Mapping[str, Sequence[str]] = known["words"]
        self._denials: Mapping[str, str] = known["denials"]
        self._loose = {
            (e.id, form) for e in self.entries.values() for w in (*e.told, *e.told_no) for form in spelled(w)
        }

    @cached_property
    def _scanner(self) -> Scanner:
        """Who reads queries alone finds these words in another pass (engine.understand.sweep)."""
        return Scanner(self.forms)

    @cached_property
    def _teller(self) -> Scanner:
        """Notes are read where an index is built, so a process that only answers never compiles it."""
        return Scanner(_surfaces(self.entries.values(), told=True))

    def _of(self, slot: str) -> dict[str, Entry]:
        return {k: e for k, e in self.entries.items() if e.slot == slot}

    def scan(self, folded: str) -> list[Mention]:
        """Every entry named in a folded (lower-case, simplified) text, overlaps and shadows included."""
        return self._scanner.scan(folded)

    def scan_notes(self, folded: str) -> list[Mention]:
        """As scan(), with the looser ways in which notes tell of things."""
        return self._teller.scan(folded)

    def loose(self, mention: Mention) -> bool:
        """Does the mention only tell of the thing, without naming it?"""
        return (mention.id, plain(mention.surface)) in self._loose

    def denied(self, raw: str) -> str | None:
        """The id that a raw value denies ("alcohol_free", "无香精"), or None."""
        return self._denials.get(canonical(raw))

    def mentions(self, folded: str) -> list[Mention]:
        """What a reader would take the text to name: longest() of scan(), shadows left out."""
        return [m for m in longest(self._scanner.scan(folded)) if m.slot != SHADOW]

    def normalise(self, slot: str | None, raw: str) -> str | None:
        """The id that a raw value stands for within a slot (None = any slot), or None.

        Reads ids, surfaces and data sources' spellings: "wheelchair=yes", "diet:vegan", "outdoor_seating", "免费停车".
        A cuisine may also be a kind of restaurant: normalise("cuisine", "pizza") gives the category.
        """
        key = canonical(raw)
        tails = (_VALUE.sub("", key).strip(), key.partition(":")[2] or key, key.partition("=")[2] or key)
        for form in (key, f"{slot}={key}", *tails):
            for entry in map(self.entries.__getitem__, self._words.get(form, ())):
                if slot is None or entry.slot == slot or (slot == "cuisine" and self._is_food(entry)):
                    return entry.id
        return None

    def category(self, raw: str) -> str | None:
        """The taxonomy node for a raw category name or path ("Food > Cafes", "amenity=cafe", "网红咖啡店"), or None.

        The whole string first, then the parts of a path from the last, then the longest node named inside.
        """
        for part in (raw, *reversed(_SPLIT.split(raw))):
            if node := self.normalise("category", part):
                return node
        named = [m for m in self.mentions(canonical(raw)) if m.slot == "category" and m.sign > 0]
        return max(named, key=lambda m: (m.end - m.start, m.end)).id if named else None

    def descendants(self, node: str) -> frozenset[str]:
        """The node and everything below it."""
        found, queue = {node}, [node]
        while queue:
            below = self._children.get(queue.pop(), ())
            queue += below
            found.update(below)
        return frozenset(found)

    def ancestors(self, node: str) -> tuple[str, ...]:
        """The nodes above, nearest first; the node itself is not among them."""
        if (known := self._above.get(node)) is not None:
            return known
        path: list[str] = []
        entry = self.entries.get(node)
        if entry is None:
            return ()
        while entry and entry.parent and entry.parent not in path:
            path.append(entry.parent)
            entry = self.entries.get(entry.parent)
        self._above[node] = tuple(path)
        return self._above[node]

    def implied(self, name: str) -> frozenset[str]:
        """The id and everything that having it implies."""
        found, queue = {name}, [name]
        while queue:
            entry = self.entries.get(queue.pop())
            fresh = [i for i in (entry.implies if entry else ()) if i not in found]
            queue += fresh
            found.update(fresh)
        return frozenset(found)

    def label(self, name: str, lang: str) -> str:
        """What to show for an id, in "zh" or "en"; an unknown id is shown as it is."""
        entry = self.entries.get(name)
        return entry.name(lang) if entry else name

    def labels(self, name: str) -> Mapping[str, str]:
        """label() in both languages. Shared: do not change it."""
        known = self._labels.get(name)
        if known is None:
            known = {lang: self.label(name, lang) for lang in ("zh", "en")}
            if name in self.entries:
                self._labels[name] = known
        return known

    def _is_food(self, entry: Entry) -> bool:
        return entry.slot == "category" and "restaurant" in self.ancestors(entry.id)


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The lexicon of this installation, at the first call read from what an earlier start compiled. LexiconError."""
    digest = hashlib.sha256()
    for file in data_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    known = table("lexicon", _compiled)
    return Lexicon(map(entry_of, known["entries"]), digest.hexdigest()[:16], known)


def _compiled() -> Tables:
    entries = read_entries()
    return {"entries": list(map(asdict, entries)), **tables_of(entries)}


def tables_of(entries: Collection[Entry]) -> Tables:
    """Forms to look for -> (id, sign) of all they stand for; whole strings -> ids; denials -> id. JSON values."""
    forms = gather(_surfaces(entries))
    return {
        "forms": {form: [(t.id, t.sign) for t in targets] for form, targets in forms.items()},
        "words": _words(entries),
        "denials": {canonical(word): entry.id for entry in entries for word in entry.no},
    }


def _surfaces(entries: Iterable[Entry], *, told: bool = False) -> Iterable[tuple[str, Target]]:
    for entry in entries:
        for surface in entry.told if told else ():
            yield canonical(surface), Target(entry.id, entry.slot)
        for surface in entry.told_no if told else ():
            yield canonical(surface), Target(entry.id, entry.slot, -1)
        for surface in (*entry.zh, *entry.en):
            yield canonical(surface), Target(entry.id, entry.slot)
        for surface in entry.no:
            yield canonical(surface), Target(entry.id, entry.slot, -1)


def _words(entries: Collection[Entry]) -> dict[str, list[str]]:
    """Whole strings -> ids of entries: ids, raw spellings, then surfaces (with English plurals)."""
    words: dict[str, list[str]] = {}
    for pick in (lambda e: (e.id,), lambda e: e.raw, lambda e: (*e.zh, *e.en, *(w + "s" for w in e.en))):
        for entry in entries:
            for surface in pick(entry):
                known = words.setdefault(canonical(surface), [])
                if entry.id not in known:
                    known.append(entry.id)
    return words
