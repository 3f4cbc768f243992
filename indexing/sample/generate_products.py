"""Which products, product notes and truth does the sample hold? `python -m indexing.sample.generate_products`.

All of it is generated from the hand-written banks and a seed; every brand, product and person is invented.
"""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from indexing.sample.authors import Author, pick
from indexing.sample.product_banks import Line, Said, Whole, categories, lines, wholes
from indexing.sample.product_notes import Draft, Writer

Row = dict[str, Any]
SEED: Final = 20261122
LAST: Final = date(2026, 11, 21)
REVIEWS: Final = 420
FORMS: Final = {
    "review": 0.71,
    "sponsored": 0.06,
    "merchant": 0.03,
    "suspected": 0.04,
    "ai": 0.03,
    "compare": 0.06,
    "dupe": 0.03,
    "question": 0.04,
}
TRUST: Final = {"sponsored": "sponsored", "merchant": "merchant", "suspected": "suspected", "ai": "ai_assisted"}
PERSONAS: Final = {
    "beauty": ("beauty_fan", "student", "office_worker"),
    "men": ("tech_fan", "young_father", "sporty", "office_worker"),
    "baby": ("young_mother", "young_father"),
    "outdoor": ("sporty", "photographer", "traveller", "young_father"),
    "travel": ("traveller", "photographer", "office_worker", "expat"),
    "home": ("homemaker", "student", "dog_owner", "expat"),
    "kitchen": ("foodie", "homemaker", "student"),
    "digital": ("tech_fan", "student", "office_worker"),
    "seniors": ("retiree", "homemaker", "young_mother"),
}


def products(rng: Random) -> tuple[list[Row], dict[str, list[str]]]:
    """Every variant as a product, and the ids of each bank line."""
    rows: list[Row] = []
    ids: dict[str, list[str]] = {}
    for line in lines():
        base = min(4.9, max(3.2, rng.gauss(4.45, 0.28)))
        for variant, price in line.variants:
            rows.append(product(f"g-{len(rows) + 1:04d}", line, variant, price, base, rng))
            ids.setdefault(line.key, []).append(rows[-1]["id"])
    return rows, ids


def product(item: str, line: Line, variant: str, price: float, base: float, rng: Random) -> Row:
    """One product row; only what the merchant states is in attributes and tags."""
    node = categories()[line.category]
    stated = [f.attribute for f in line.facts if f.stated]
    several = len(line.variants) > 1
    return {
        "id": item,
        "title": " ".join([line.brand, line.name, *([variant] if several else []), line.tail]),
        "body": line.body,
        "lang": line.lang,
        "brand": line.brand,
        "category": line.category,
        "category_path": node[line.lang],
        "price": price,
        "currency": "CNY",
        "attributes": line.attributes | {"variant": variant},
        "tags": stated,
        "rating": round(min(5.0, base + rng.uniform(-0.1, 0.1)), 1),
        "rating_count": float(int(rng.lognormvariate(5, 1.3))),
        "availability": rng.choices(("in_stock", "low_stock", "out_of_stock"), (0.9, 0.06, 0.04))[0],
        "image": f"images/{item}.jpg",
    }


def drafts(writer: Writer, rng: Random) -> Iterable[tuple[Draft, str]]:
    """Every note with its day: the whole ones, then those put together, each product line in its turn."""
    for whole in wholes():
        yield from_whole(whole), day(rng, whole.form, whole.lines)
    order = list(lines())
    for n in range(REVIEWS):
        if n % len(order) == 0:
            rng.shuffle(order)
        line = order[n % len(order)]
        form = rng.choices(list(FORMS), list(FORMS.values()))[0]
        when = moment(line, rng)
        lang = spoken(line, rng)
        if form in ("compare", "dupe"):
            yield pair(writer, line, lang, when, form, rng), when
        elif form == "question":
            yield writer.question(line, lang, when), when
        else:
            yield writer.review(line, lang, when, form), when


def moment(line: Line, rng: Random) -> str:
    """A day, most of them recent; half of the notes on a product that changed come after the change."""
    until = next((f.until for f in line.facts if f.until), None)
    if until and rng.random() < 0.5:
        return str(LAST - timedelta(days=rng.randrange((LAST - date.fromisoformat(until)).days)))
    return str(LAST - timedelta(days=int(min(820, rng.expovariate(1 / 210)))))


def pair(writer: Writer, line: Line, lang: str, when: str, form: str, rng: Random) -> Draft:
    """Two lines of one category; a dupe is the cheaper."""
    other = rng.choice([o for o in lines() if o.category == line.category and o.key != line.key])
    one, two = sorted((line, other), key=lambda x: -x.price) if form == "dupe" else (line, other)
    return writer.pair(one, two, lang, when, form)


def spoken(line: Line, rng: Random) -> str:
    """The language of a note: mostly that of the product."""
    if line.lang == "zh":
        return "zh" if rng.random() < 0.93 else "en"
    return "en" if rng.random() < 0.82 else "zh"


def day(rng: Random, form: str, said: tuple[Said, ...]) -> str:
    """A day of the last year; notes that tell of a change are from the last four months."""
    reach = 110 if any(s.kind == "ended" for s in said) else 380
    return str(LAST - timedelta(days=rng.randrange(reach)))


def from_whole(whole: Whole) -> Draft:
    """A whole note as a draft; a sentence is about the last product named up to it."""
    known = {line.key: line for line in lines()}
    named = [known[key] for key in whole.keys]
    draft = Draft(whole.title, whole.form, whole.lang)
    about = named[0] if named else None
    for said in whole.lines:
        about = next((line for line in named if bare(line.said) in bare(said.text)), about)
        draft.lines.append((said, about))
    return draft


def bare(text: str) -> str:
    """Text without blanks, to find names."""
    return text.replace(" ", "")


def author(draft: Draft, domain: str, rng: Random) -> Author:
    """Someone who would write this."""
    label = TRUST.get(draft.form, "organic")
    if label in ("organic", "ai_assisted"):
        wanted = [a for persona in PERSONAS[domain] for a in pick(draft.lang, persona, "organic")]
    else:
        wanted = list(pick(draft.lang, trust=label))
    return rng.choice(wanted)


def note(item: str, draft: Draft, when: str, about: list[Line], ids: dict[str, list[str]], rng: Random) -> Row:
    """One note row; a third of the notes name their product without an id."""
    domain = str(categories()[about[0].category]["domain"]) if about else "kitchen"
    shown = rng.lognormvariate(7, 1.1)
    clicks = shown * rng.uniform(0.03, 0.16)
    label = TRUST.get(draft.form, "organic")
    hidden = label in ("suspected", "ai_assisted") and rng.random() < 0.4
    topics = sorted({str(categories()[line.category]["zh" if draft.lang == "zh" else "en"][-1]) for line in about})
    linked = [ids[line.key][0] for line in about] if rng.random() < 0.66 else []
    return {
        "id": item,
        "title": draft.title,
        "body": text(draft, rng),
        "lang": draft.lang,
        "author_id": author(draft, domain, rng).id,
        "published_at": f"{when}T{rng.randrange(7, 24):02d}:{rng.randrange(60):02d}:00Z",
        "topics": topics,
        "category": about[0].category if about else None,
        "poi_ids": [],
        "product_ids": linked,
        "media": [{"kind": "image", "url": f"images/{item}-{k + 1}.jpg"} for k in range(rng.randint(0, 6))],
        "impressions": float(int(shown)),
        "clicks": float(int(clicks)),
        "likes": float(int(clicks * rng.uniform(0.05, 0.4))),
        "saves": float(int(clicks * rng.uniform(0.02, 0.35))),
        "comments": float(int(clicks * rng.uniform(0, 0.08))),
        "shares": float(int(clicks * rng.uniform(0, 0.05))),
        "trust": "organic" if hidden else label,
    }


def text(draft: Draft, rng: Random) -> str:
    """Sentences as a body: paragraphs, or one breath."""
    parts = [said.text for said, _ in draft.lines]
    if draft.form in ("list", "howto", "recipe", "makeover", "gift") or rng.random() < 0.3:
        return "\n".join(parts)
    return ("" if draft.lang == "zh" else " ").join(parts)


def named(draft: Draft) -> list[Line]:
    """The product lines that a draft truly speaks of: named in title or text."""
    whole = bare(draft.title + "".join(s.text for s, _ in draft.lines))
    found = [line for line in lines() if bare(line.said) in whole]
    return sorted(found, key=lambda line: whole.index(bare(line.said)))


def world(rows: list[Row], ids: dict[str, list[str]]) -> list[Row]:
    """What is true of each product, with since and until."""
    facts = {key: line.facts for line in lines() for key in ids[line.key]}
    return [
        {
            "id": r["id"],
            "category": r["category"],
            "brand": r["brand"],
            "price": r["price"],
            "attributes": [
                {"id": f.attribute, "polarity": f.polarity, "since": None, "until": f.until} for f in facts[r["id"]]
            ],
        }
        for r in rows
    ]


def build(seed: int = SEED) -> dict[str, list[Row]]:
    """Every file of the products half: name -> rows."""
    rng = Random(seed)
    rows, ids = products(rng)
    tables: dict[str, list[Row]] = {"products.jsonl": rows, "truth/products_world.jsonl": world(rows, ids)}
    notes, sentences, links, trust = (
        tables.setdefault(name, [])
        for name in (
            "notes_products.jsonl",
            "truth/sentences_products.jsonl",
            "truth/links_products.jsonl",
            "truth/trust_products.jsonl",
        )
    )
    for draft, when in drafts(Writer(rng), rng):
        about, item = named(draft), f"n-g-{len(notes) + 1:04d}"
        notes.append(note(item, draft, when, about, ids, rng))
        trust.append({"note_id": item, "label": TRUST.get(draft.form, "organic")})
        explicit = bool(notes[-1]["product_ids"])
        links += [{"note_id": item, "item_id": ids[line.key][0], "explicit": explicit} for line in about]
        sentences += [
            {
                "note_id": item,
                "item_id": ids[line.key][0] if line else None,
                "sentence": s.text,
                "attribute": s.attribute,
                "polarity": s.polarity,
                "date": when,
                "kind": s.kind,
            }
            for told, line in draft.lines
            for s in told.labels()
        ]
    return tables


def write(folder: Path, tables: dict[str, list[Row]]) -> None:
    """One JSON object a line, UTF-8."""
    for name, rows in tables.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent, build())
