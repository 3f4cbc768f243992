"""Which praise was bought? Bursts of near-copies for one merchant by several fresh accounts within two days."""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from indexing.sample.authors import pick
from indexing.sample.bank import claimed, load, render
from indexing.sample.compose import Draft
from indexing.sample.world import TODAY, Spot, facts_of


def bursts(spots: list[Spot], rng: random.Random, post: Callable[..., Any]) -> Iterable[Any]:
    """Seven merchants, three to five near-copies each, as `post`(draft, spot, author, day, trust, lang)."""
    shady = [s for s in spots if s.category in ("restaurant", "cafe", "guesthouse", "playground") and not s.key]
    templates = load("bursts")
    for number, spot in enumerate(rng.sample(shady, 14)):
        lang = "en" if spot.row["lang"] == "en" else "zh"
        fits = [x for x in templates if x.head == (lang,)]
        start = date(2024, 1, 5) + timedelta(days=rng.randint(0, (TODAY - date(2024, 1, 5)).days - 10))
        base = fits[number % len(fits)]
        crowd = list(pick(lang, trust="suspected"))
        rng.shuffle(crowd)
        for author in crowd[: rng.randint(3, 5)]:
            title, *parts = (claimed(x) for x in base.text.split(" / "))
            draft = Draft(render(title[0], facts_of(spot.row), rng))
            for text, claims, mend in parts:
                draft.add(render(text, facts_of(spot.row), rng), claims, mend)
            yield post(draft, spot, author, start + timedelta(days=rng.randint(0, 2)), "suspected", lang)
