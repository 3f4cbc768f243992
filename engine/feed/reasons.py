"""Why is this card here? One sentence in the asker's language, from its source and what brought it (reasons.toml)."""

from collections.abc import Mapping

import numpy as np

from engine.feed.book import Card
from engine.feed.learnt import called
from engine.feed.page import Laid, total_of
from engine.feed.pool import Pool
from engine.feed.settings import SOURCES, read
from engine.feed.sources import Sought
from engine.feed.worth import Worth
from engine.types import KINDS

#: Characters of a title that a sentence takes.
TITLE = 24


def card(sought: Sought, pool: Pool, worth: Worth, laid: Laid) -> Card:
    """A place of a page as it is remembered, with what its sentence says in both languages."""
    item_id = str(sought.index.column(sought.tenant, KINDS[laid.kind], "id", _one(laid))[0])
    reason, said = _said(sought, pool, worth, laid)
    if laid.at is not None:
        known = {one.key: one.words for one in sought.person.learnt if _shown(one.key)}
        suits = [words for key, words in known.items() if key in worth.suits and worth.suits[key][laid.at]]
        said |= {f"suits_{n}{_suffix(lang)}": w[lang] for n, w in enumerate(suits[:2]) for lang in ("zh", "en")}
    return Card(item_id, laid.source, reason, said, laid.propensity, round(total_of(worth, laid.at), 6))


def sentences(card: Card, lang: str) -> tuple[str, ...]:
    """Why it is here, then which learnt attributes it suits."""
    forms, said = read("reasons.toml")[card.reason], _in(card.said, lang)
    try:
        first = str(forms[lang]).format(**said)
    except KeyError:
        first = str(forms[f"plain_{lang}"])
    return (first, *(said[name] for name in sorted(said) if name.startswith("suits_")))


def _said(sought: Sought, pool: Pool, worth: Worth, laid: Laid) -> tuple[str, dict[str, str]]:
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
        return laid.source, _city(sought, laid)
    return laid.source, {}


def _city(sought: Sought, laid: Laid) -> dict[str, str]:
    """The city of a place or a note, in both languages where the lexicon knows them."""
    column = np.asarray(sought.index.column(sought.tenant, KINDS[laid.kind], "city", _one(laid)), object)
    city = column[0]
    return _both("city", called(city)) if isinstance(city, str) and city else {}


def _one(laid: Laid) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array([laid.row], np.int64)


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
