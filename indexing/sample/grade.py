"""Which items answer each of the 150 queries? `python -m indexing.sample.grade` reads it off the truth alone.

truth/dev_predicates.txt and truth/sealed_predicates.txt hold a query a line: `lang|kinds|near|query|conditions`.
Grades: 3 = every condition holds; 2 = every hard one holds, a soft one (`?`) does not; 1 = one hard condition is almost
kept (10% over the price, just outside the radius, true but nowhere said) and the rest hold. Others are not listed,
nor is a place that bans children when the query comes with children, be the wish hard or soft.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexing.sample.conditions import YES, Condition, Subject, judge, parsed
from indexing.sample.generate_places import HERE
from indexing.sample.world import anchors

NOW: Final = "2026-11-22T10:00:00+08:00"
SETS: Final = {"dev_predicates": "queries_dev", "sealed_predicates": "sealed_queries"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of a predicate file."""

    lang: str
    kinds: list[str]
    near: dict[str, float] | None
    query: str
    conditions: list[Condition]


def rows(name: str, folder: Path = HERE) -> list[dict[str, Any]]:
    """The objects of NAME.jsonl."""
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()]


def asked(name: str) -> Iterator[Asked]:
    """The queries of truth/NAME.txt."""
    for line in (HERE / "truth" / f"{name}.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            lang, kinds, near, query, conditions = line.split("|")
            where = {"lat": anchors()[near].lat, "lon": anchors()[near].lon} if near != "-" else None
            yield Asked(lang, kinds.split(","), where, query, [parsed(c) for c in conditions.split(";")])


def subjects() -> dict[str, list[Subject]]:
    """Kind -> every item with what is true of it."""
    pois, products = rows("pois"), rows("products")
    said: dict[str, set[tuple[str, int]]] = {}
    spoken: dict[str, set[tuple[str, int]]] = {}
    for s in rows("truth/sentences_places") + rows("truth/sentences_products"):
        if s["kind"] not in ("question", "hearsay"):
            said.setdefault(s["item_id"], set()).add((s["attribute"], s["polarity"]))
            spoken.setdefault(s["note_id"], set()).add((s["attribute"], s["polarity"]))
    world = {w["id"]: w for w in rows("truth/places_world") + rows("truth/products_world")}
    found = {
        "poi": [Subject.of(p, world[p["id"]], said.get(p["id"], set())) for p in pois],
        "product": [Subject.of(p, world[p["id"]], _of_line(world, said, p["id"])) for p in products],
    }
    found["note"] = _notes(spoken, {s.row["id"]: s for kind in found.values() for s in kind})
    return found


def _of_line(world: dict[str, Any], said: dict[str, set[tuple[str, int]]], product: str) -> set[tuple[str, int]]:
    """What notes say of a product or of its sisters: same brand, category and truth, another size or colour."""
    mine = {k: world[product][k] for k in ("brand", "category", "attributes")}
    sisters = [w["id"] for w in world.values() if w["category"] == mine["category"] and mine.items() <= w.items()]
    return set().union(*(said.get(sister, set()) for sister in sisters))


def _notes(spoken: dict[str, set[tuple[str, int]]], items: dict[str, Subject]) -> list[Subject]:
    trust = {t["note_id"]: t["label"] for t in rows("truth/trust_places") + rows("truth/trust_products")}
    links = {x["note_id"]: x["item_id"] for x in rows("truth/links_places") + rows("truth/links_products")}
    notes = []
    for note in rows("notes_places") + rows("notes_products"):
        about = items.get(links.get(note["id"], ""))
        place = {k: about.row.get(k) for k in ("city", "district", "area", "name")} if about else {}
        category = about.row["category"] if about else note["category"]
        row = note | place | {"category": category, "trust": trust[note["id"]]}
        notes.append(
            Subject(row, {a: p > 0 for a, p in spoken.get(note["id"], set())}, frozenset(), about.km if about else None)
        )
    return notes


def grade(query: Asked, subject: Subject) -> int:
    """0 to 3, by the rule above."""
    if subject.true.get("no_kids") and any(c.name == "has" and c.value == "family_with_kids" for c in query.conditions):
        return 0
    hard = [judge(c, subject, query.near) for c in query.conditions if not c.soft]
    if min(hard) == YES:
        return 3 if all(judge(c, subject, query.near) == YES for c in query.conditions if c.soft) else 2
    return 1 if min(hard) > 0 and sum(v < YES for v in hard) == 1 else 0


def graded(name: str, prefix: str, world: dict[str, list[Subject]]) -> list[dict[str, Any]]:
    """The lines of a query file."""
    lines = []
    for number, query in enumerate(asked(name), 1):
        grades = {s.row["id"]: g for kind in query.kinds for s in world[kind] if (g := grade(query, s))}
        lines.append(
            {
                "id": f"{prefix}-{number:03d}",
                "query": query.query,
                "lang": query.lang,
                "kinds": query.kinds,
                "now": NOW,
                "near": query.near,
                "grades": dict(sorted(grades.items())),
                "constraints": [c.out() for c in query.conditions],
            }
        )
    return lines


def main() -> None:
    """Write both query files."""
    world = subjects()
    for source, target in SETS.items():
        lines = graded(source, "q-dev" if source.startswith("dev") else "q-sealed", world)
        text = "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines)
        (HERE / "truth" / f"{target}.jsonl").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
