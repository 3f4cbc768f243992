"""Where do pois.jsonl, notes_places.jsonl and their truth come from? `python -m indexing.sample.generate_places`."""

import json
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from indexing.sample.authors import BANKS, Author, authors, pick
from indexing.sample.bank import Claim
from indexing.sample.bursts import bursts
from indexing.sample.compose import NEVER_KIDS, PARENTS, Draft, Writer, by_hand
from indexing.sample.places import all_spots
from indexing.sample.world import TODAY, Spot, toml

SEED: Final = 20261122
HERE: Final = Path(__file__).parent
FIRST: Final = date(2022, 3, 1)


@dataclass(slots=True)
class Post:
    """A draft with who, when and about what."""

    draft: Draft
    spot: Spot
    author: Author
    day: date
    trust: str
    lang: str
    linked: bool = True  # the note carries the place's id; otherwise its name must be read


def generate(seed: int = SEED) -> dict[str, list[dict[str, Any]]]:
    """File name -> rows: the same for the same seed."""
    rng = random.Random(f"{seed}:notes")
    spots = all_spots(seed)
    writers = {lang: Writer(lang, seed) for lang in ("zh", "en")}
    posts = [*_hand_written(spots), *_written(spots, writers, rng), *bursts(spots, rng, Post)]
    posts.sort(key=lambda p: (p.day, p.spot.row["id"], p.author.id, p.draft.title))
    files: dict[str, list[dict[str, Any]]] = {"notes_places": [], "truth/sentences_places": []}
    files["truth/links_places"], files["truth/trust_places"] = [], []
    for number, post in enumerate(posts, 1):
        _emit(files, f"n-p-{number:04d}", post, writers[post.lang], rng)
    files["pois"] = [spot.row for spot in spots]
    files["truth/places_world"] = [_world(spot) for spot in spots]
    return files


def write(files: dict[str, list[dict[str, Any]]], folder: Path = HERE) -> None:
    """Each list as a .jsonl file below `folder`."""
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")


def _hand_written(spots: list[Spot]) -> Iterable[Post]:
    by_key = {spot.key: spot for spot in spots if spot.key}
    people = {a.id: a for a in authors()}
    for block in (BANKS / "flagship_notes.txt").read_text("utf-8").split("=== ")[1:]:
        head, text = block.split("\n", 1)
        key, who, day = head.split()
        author, spot = people[who], by_key[key]
        draft = by_hand(text)
        spot.shown.update(c.attribute for _, c in draft.claims if c.kind in ("plain", "negated", "ended"))
        yield Post(draft, spot, author, date.fromisoformat(day), author.trust, author.lang)


def _written(spots: list[Spot], writers: dict[str, Writer], rng: random.Random) -> Iterable[Post]:
    for spot in spots:
        if spot.key:
            continue
        for _ in range(rng.choice([1, 2, 2, 3, 3, 3, 4, 5])):
            lang = "zh" if rng.random() < (0.88 if spot.row["lang"] == "zh" else 0.24) else "en"
            trust = rng.choices(["organic", "sponsored", "merchant"], [90, 6, 4])[0]
            author = _author(spot, lang, trust, rng)
            day = FIRST + timedelta(days=int((TODAY - FIRST).days * rng.random() ** 0.6) - 1)
            linked = trust == "merchant" or rng.random() < 0.7
            draft = writers[lang].write(spot, author, day, trust, named=not linked)
            yield Post(draft, spot, author, day, trust, lang, linked)


def _author(spot: Spot, lang: str, trust: str, rng: random.Random) -> Author:
    shy = spot.category in NEVER_KIDS or ((t := spot.truth.get("no_kids")) is not None and t.value)
    people = [a for a in pick(lang, trust=trust) if a.persona != "beauty_fan" and not (shy and a.persona in PARENTS)]
    if spot.category == "playground" and trust == "organic":
        people = [a for a in people if a.persona in PARENTS or a.persona == "retiree"]
    return rng.choice(people)


def _emit(files: dict[str, list[dict[str, Any]]], note: str, post: Post, writer: Writer, rng: random.Random) -> None:
    row = post.spot.row
    published = datetime(
        post.day.year, post.day.month, post.day.day, rng.randint(6, 22), rng.randint(0, 59), tzinfo=UTC
    )
    files["notes_places"].append(
        {
            "id": note,
            "title": post.draft.title,
            "body": writer.body(post.draft),
            "lang": post.lang,
            "author_id": post.author.id,
            "published_at": published.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "topics": _topics(row, post.lang, rng),
            "category": row["category"],
            "poi_ids": [row["id"]] if post.linked else [],
            "product_ids": [],
            "media": [
                {"kind": "image", "url": f"https://img.example.org/{note}-{i}.jpg"} for i in range(rng.randint(0, 5))
            ],
            **_engagement(post.trust, rng),
            "trust": post.trust if rng.random() < 0.45 else None,
            "lat": row["lat"] if rng.random() < 0.3 else None,
            "lon": None,
            "city": row["city"],
        }
    )
    last = files["notes_places"][-1]
    last["lon"] = row["lon"] if last["lat"] is not None else None
    files["truth/links_places"].append({"note_id": note, "item_id": row["id"], "explicit": post.linked})
    files["truth/trust_places"].append({"note_id": note, "label": post.trust})
    files["truth/sentences_places"] += [
        _sentence(note, row["id"], text, claim, post.day) for text, claim in post.draft.truth
    ]


def _sentence(note: str, item: str, text: str, claim: Claim, day: date) -> dict[str, Any]:
    return {
        "note_id": note,
        "item_id": item,
        "sentence": text,
        "attribute": claim.attribute,
        "polarity": claim.polarity,
        "date": day.isoformat(),
        "kind": claim.kind,
    }


def _topics(row: dict[str, Any], lang: str, rng: random.Random) -> list[str]:
    words = toml("topics")[lang]
    pool = [f"{row['city']}{words['trip']}", row["area"], *words[row["category"]]]
    return rng.sample(pool, rng.randint(0, 3))


def _engagement(trust: str, rng: random.Random) -> dict[str, float]:
    seen = math.exp(rng.gauss(6.6, 1.1)) * (2.5 if trust == "sponsored" else 1)
    clicks = seen * rng.uniform(0.03, 0.16)
    likes = clicks * rng.uniform(0.05, 0.35)
    parts = {"impressions": seen, "clicks": clicks, "likes": likes, "saves": likes * rng.uniform(0.1, 0.9)}
    parts |= {"comments": likes * rng.uniform(0.02, 0.2), "shares": likes * rng.uniform(0.01, 0.15)}
    return {k: float(int(v)) for k, v in parts.items()}


def _world(spot: Spot) -> dict[str, Any]:
    """The truth of a place: what holds from `since` until `until`; `shown`: a text or a field says it."""
    attributes: list[dict[str, Any]] = []
    for name, t in sorted(spot.truth.items()):
        entry: dict[str, Any] = {"id": name, "polarity": 1 if t.value else -1, "since": t.since, "until": None}
        attributes.append(entry | {"shown": name in spot.shown})
        if t.since:
            attributes.append(entry | {"polarity": -entry["polarity"], "since": None, "until": t.since, "shown": True})
    zone = "center" if spot.km <= 5 else "suburb_near" if 10 <= spot.km <= 40 else "suburb" if spot.km > 40 else "city"
    return {
        "id": spot.row["id"],
        "category": spot.category,
        "km_from_center": round(spot.km, 2),
        "zone": zone,
        "role": spot.role,
        "attributes": attributes,
    }


if __name__ == "__main__":
    write(generate())
