"""Why is this card here? One sentence in the asker's language, from its source and what brought it (reasons.toml)."""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.feed.book import Card
from engine.feed.learnt import called
from engine.feed.page import Laid, total_of
from engine.feed.placed import Rows
from engine.feed.pool import Pool
from engine.feed.settings import SOURCES, read
from engine.feed.sources import Sought
from engine.feed.worth import Worth

#: Characters of a title that a sentence takes.
TITLE = 24


def cards(sought: Sought, pool: Pool, worth: Worth, laid: Sequence[Laid]) -> tuple[Card, ...]:
    """The places of a page as they are remembered, with what their sentences say in both languages."""
    kinds, rows = (np.array([getattr(one, name) for one in laid], np.int64) for name in ("kind", "row"))
    items = Rows(sought.index, sought.tenant, kinds.astype(np.int8), rows)
    known = {one.key: one.words for one in sought.person.learnt if one.key in worth.suits and _shown(one.key)}
    found = []
    for one, item_id, city in zip(laid, items.texts("id"), items.texts("city"), strict=True):
        reason, said = _said(sought, pool, worth, one, city)
        if one.at is not None:
            suits = [words for key, words in known.items() if worth.suits[key][one.at]]
            said |= {f"suits_{n}{_suffix(lang)}": w[lang] for n, w in enumerate(suits[:2]) for lang in ("zh", "en")}
        score = round(total_of(worth, one.at), 6)
        found.append(Card(str(item_id), one.source, reason, said, one.propensity, score))
    return tuple(found)


def sentences(card: Card, lang: str) -> tuple[str, ...]:
    """Why it is here, then which learnt attributes it suits."""
    forms, said = read("reasons.toml")[card.reason], _in(card.said, lang)
    try:
        first = str(forms[lang]).format(**said)
    except KeyError:
        first = str(forms[f"plain_{lang}"])
    return (first, *(said[name] for name in sorted(said) if name.startswith("suits_")))


def _said(sought: Sought, pool: Pool, worth: Worth, laid: Laid, city: str | None) -> tuple[str, dict[str, str]]:
    """(table of reasons.toml, what fills its sentence)."""
    if laid.at is None or laid.source == "explore":
        return "explore", {}
    about = int(pool.about[SOURCES.index(laid.source), laid.at])
    if laid.source in ("session", "interest") and about >= 0:
        interest = sought.person.interests[about]
        filled = _both("topic", interest.words) | _same("title", interest.title)
        return interest.source, filled
    if laid.source == "covisited" and about >= 0:
        return laid.source, _same("title", sought.person.liked.take(np.array([about])).texts("title")[0])
    if laid.source == "nearby" and np.isfinite(worth.kilometres[laid.at]):
        return laid.source, {"km": f"{float(worth.kilometres[laid.at]):.1f}"}
    if laid.source in ("popular", "trending"):
        return laid.source, _both("city", called(city)) if city else {}
    return laid.source, {}


def _both(name: str, words: Mapping[str, str] | None) -> dict[str, str]:
    return {} if words is None else {f"{name}{_suffix(lang)}": words[lang] for lang in ("zh", "en")}


def _same(name: str, text: str | None) -> dict[str, str]:
    if not text:
        return {}
    short = text if len(text) <= TITLE else text[: TITLE - 1] + "…"
    return {name: short, f"{name}_en": short}


def _in(said: Mapping[str, str], lang: str) -> dict[str, str]:
    """What was said, in one language."""
    english = {name.removesuffix("_en"): text for name, text in said.items() if name.endswith("_en")}
    return {name: text for name, text in said.items() if not name.endswith("_en")} | (english if lang == "en" else {})


def _suffix(lang: str) -> str:
    return "_en" if lang == "en" else ""


def _shown(key: str) -> bool:
    """A city or a price is no reason that a card needs to say."""
    return not key.startswith(("city:", "price"))
