"""What is one line of the lexicon, and is it well formed? TOML files -> Entry objects, checked."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec

from engine.types import KINDS, Hardness, Kind
from engine.understand.phrases import LexiconError, read
from engine.vocabulary import MINED, SLOTS

#: Slots whose entries a person will not compromise on unless they say so. Safety entries elsewhere say it themselves.
HARD: Final = frozenset(
    {"amenity", "diet", "ingredient", "category", "cuisine", "brand", "hotel_class", "trust", "language", "attr.skin"}
)
#: Shadows: longer words that only look as if they held a term ("热狗" holds no dog). They name nothing themselves.
SHADOW: Final = "shadow"
#: Data that others read: the map (gazetteer, landmarks), the English names of dishes (menu).
_MAPS: Final = frozenset({"places.toml", "countries.toml", "landmarks.toml", "dishes.toml"})
_FIELDS: Final = frozenset(
    {
        "zh",
        "en",
        "no",
        "told",
        "told_no",
        "raw",
        "implies",
        "opposite",
        "parent",
        "kinds",
        "hardness",
        "label",
        "country",
    }
)


class Entry(msgspec.Struct, frozen=True):
    """One thing that people name: an attribute, a category, a cuisine or a brand."""

    id: str
    slot: str
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    no: tuple[str, ...] = ()  # surfaces that deny it: "吵" for quiet
    told: tuple[str, ...] = ()  # how notes tell of it; too loose to be a wish, so queries are not searched for them
    told_no: tuple[str, ...] = ()  # how notes tell that it is missing
    raw: tuple[str, ...] = ()  # how data sources write it; looked up whole, never searched for in a text
    implies: tuple[str, ...] = ()  # whoever has this has those too
    opposite: str | None = None
    parent: str | None = None
    kinds: tuple[Kind, ...] = KINDS
    hardness: Hardness = "soft"
    label: Mapping[str, str] | None = None
    file: str = ""  # where its line stands, for explain

    @property
    def mined(self) -> bool:
        """Can notes prove it?"""
        return self.slot in MINED

    def name(self, lang: str) -> str:
        """The label to show: the first surface of the language unless the file says otherwise."""
        if self.label and lang in self.label:
            return self.label[lang]
        first = self.zh if lang == "zh" else self.en
        words = (first or self.en or self.zh or (self.id,))[0]
        return words[:1].upper() + words[1:]


def entry_of(row: Mapping[str, Any]) -> Entry:
    """An entry whose fields (msgspec.structs.asdict) were JSON."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Entry(**values)


def read_entries() -> list[Entry]:
    """Every entry of every data file, in file order. Raises LexiconError."""
    entries = [entry for file in data_files() for entry in _read_file(file)]
    _check_references(entries)
    return entries


def data_files() -> list[Traversable]:
    """The lexicon's TOML files, by name."""
    found = [f for f in (files(__package__) / "data").iterdir() if f.name.endswith(".toml") and f.name not in _MAPS]
    return sorted(found, key=lambda f: f.name)


def _read_file(file: Traversable) -> Iterable[Entry]:
    for slot, entries in read(f"data/{file.name}").items():
        if slot not in SLOTS and slot != SHADOW:
            raise LexiconError(f"{file.name}: unknown slot '{slot}'; see engine/vocabulary.py")
        for name, fields in entries.items():
            yield _entry(file.name, slot, name, fields)


def _entry(file: str, slot: str, name: str, fields: Mapping[str, Any]) -> Entry:
    def refuse(reason: str) -> LexiconError:
        return LexiconError(f"{file}: [{slot}] {name}: {reason}")

    if not isinstance(fields, dict):
        raise refuse("an entry is a table such as { zh = [...], en = [...] }")
    if unknown := fields.keys() - _FIELDS:
        raise refuse(f"unknown fields {sorted(unknown)}")
    values: dict[str, Any] = {"id": name, "slot": slot, "file": file, "hardness": "hard" if slot in HARD else "soft"}
    for key in ("zh", "en", "no", "told", "told_no", "raw", "implies", "kinds"):
        if key in fields:
            values[key] = _texts(fields[key], key, refuse)
    values.update({k: fields[k] for k in ("opposite", "parent", "hardness", "label") if k in fields})
    if values["hardness"] not in ("hard", "soft"):
        raise refuse(f"hardness is hard or soft, not '{values['hardness']}'")
    if not set(values.get("kinds", ())) <= set(KINDS):
        raise refuse(f"kinds are of {KINDS}")
    if not (values.get("zh") or values.get("en")):
        raise refuse("needs at least one surface in zh or en")
    return Entry(**values)


def _texts(value: Any, key: str, refuse: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() == v and v for v in value):
        raise refuse(f"'{key}' is a list of non-empty strings without spaces around them")
    if len(set(value)) != len(value):
        raise refuse(f"'{key}' repeats a word")
    return tuple(value)


def _check_references(entries: list[Entry]) -> None:
    known: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in known:
            raise LexiconError(f"[{entry.slot}] {entry.id}: already an entry of [{known[entry.id].slot}]")
        known[entry.id] = entry
    for entry in entries:
        for other in (*entry.implies, *filter(None, (entry.opposite, entry.parent))):
            if other not in known:
                raise LexiconError(f"[{entry.slot}] {entry.id}: refers to '{other}', which is no entry")
        if entry.parent and known[entry.parent].slot != entry.slot:
            raise LexiconError(f"[{entry.slot}] {entry.id}: its parent '{entry.parent}' is of another slot")
