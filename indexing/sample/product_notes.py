"""How is a note about products put together from the banks, and what does it truly say?"""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from indexing.sample.product_banks import Fact, Line, Said, categories, frames, said, sayings

CAP = 5  # no bank sentence stands in more notes than this
OPPOSED = ({"oily_skin", "dry_skin"}, {"oily_scalp", "dry_hair"}, {"dry_skin", "non_greasy"})
SHORT, LONG = 2, 4
PROMO = ("sponsored", "merchant", "suspected", "ai")


@dataclass(slots=True)
class Draft:
    """A note in the making: sentences in order, each with the product line that it speaks of."""

    title: str
    form: str
    lang: str
    lines: list[tuple[Said, Line | None]] = field(default_factory=list)

    def say(self, text: str | None, about: Line | None = None) -> None:
        """Add a sentence that was not picked for an attribute."""
        if text:
            self.lines.append((said(text), about))


def state(fact: Fact, day: str) -> int:
    """Polarity of a fact on a day: it turns once `until` has passed."""
    return -fact.polarity if fact.until and day >= fact.until else fact.polarity


class Writer:
    """Draws sentences so that all of a bank are used before one is used again."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.used: Counter[str] = Counter()

    def least_used(self, texts: list[str], cap: int = CAP) -> str | None:
        """One of the least used, or None when all are worn out."""
        fresh = [t for t in texts if self.used[t] < cap]
        if not fresh:
            return None
        low = min(self.used[t] for t in fresh)
        text = self.rng.choice([t for t in fresh if self.used[t] == low])
        self.used[text] += 1
        return text

    def frame(self, domain: str, part: str, lang: str, p: str = "", q: str = "") -> str | None:
        """A frame line with the names filled in."""
        text = self.least_used(list(frames().get((domain, part, lang), ())), cap=40)
        return text.replace("{p}", p).replace("{q}", q) if text else None

    def options(self, line: Line, lang: str, day: str, contrary: float) -> list[tuple[str, list[Said]]]:
        """Attributes of a product that the bank can speak of, each with the sentences that fit the truth of the day."""
        found = []
        for fact in line.facts:
            ended = fact.until is not None and day >= fact.until
            wanted = -state(fact, day) if self.rng.random() < contrary else state(fact, day)
            pool = [
                s
                for scope in categories()[line.category]["scopes"]
                for s in sayings().get((scope, fact.attribute, lang), ())
                if s.polarity == wanted and (s.kind == "ended") == ended
            ]
            pool = [s for s in pool if self.used[s.text] < CAP]
            if pool:
                found.append((fact.attribute, pool))
        self.rng.shuffle(found)
        return sorted(found, key=lambda option: option[1][0].kind != "ended")

    def opinions(
        self, line: Line, lang: str, day: str, count: int, contrary: float = 0.12, promo: bool = False
    ) -> list[Said]:
        """Up to `count` sentences on different attributes that one person could say together; promo: praise only."""
        chosen: list[Said] = []
        for attribute, found in self.options(line, lang, day, 0.0 if promo else contrary):
            pool = [s for s in found if not promo or (s.polarity > 0 and s.kind in ("plain", "negated"))]
            names = {s.attribute for s in chosen} | {attribute}
            if not pool or len(chosen) == count or any(pair <= names for pair in OPPOSED):
                continue
            text = self.least_used(sorted({s.text for s in pool}))
            chosen += [s for s in pool if s.text == text][:1]
        return chosen

    def review(self, line: Line, lang: str, day: str, form: str) -> Draft:
        """One product, from whichever side its facts fall."""
        domain = str(categories()[line.category]["domain"])
        promo = form in PROMO
        views = self.opinions(line, lang, day, self.rng.randint(SHORT, LONG), promo=promo)
        mood = self.mood(views)
        draft = Draft(
            self.frame("any", "title_promo" if promo else f"title_{mood}", lang, line.said) or line.said, form, lang
        )
        part = form if promo else "old" if mood == "old" else ""
        opening = ("any", f"{part}_open") if part else (domain, "open")
        draft.say(self.frame(*opening, lang, line.said))
        if not part and self.rng.random() < 0.3:
            draft.say(self.least_used(list(frames()[("any", "buy", lang)]), 12))
        draft.lines += [(view, line) for view in views]
        if self.rng.random() < 0.5:
            filler = self.least_used(list(frames().get((domain, "fill", lang), ())), 10)
            spot = self.rng.randint(1, len(draft.lines))
            draft.lines.insert(spot, (said(filler), line)) if filler else None
        if part and part != "old":
            draft.say(self.frame("any", f"{part}_close", lang))
        elif self.rng.random() < 0.6:
            draft.say(self.frame("any", f"close_{'bad' if mood == 'old' else mood}", lang))
        return draft

    def mood(self, views: list[Said]) -> str:
        """good | bad | mixed | old, from what is said."""
        if any(v.kind == "ended" for v in views):
            return "old"
        total = sum(v.polarity for v in views if v.kind != "question")
        return "good" if total >= 2 or (total == 1 and len(views) == 1) else "bad" if total < 0 else "mixed"

    def pair(self, one: Line, two: Line, lang: str, day: str, form: str) -> Draft:
        """Two products of one category: a comparison, or the cheaper one as a dupe."""
        title = self.frame("any", f"title_{form}", lang, one.said, two.said)
        draft = Draft(title or one.said, form, lang)
        draft.say(self.frame("any", f"{form}_open", lang, one.said, two.said))
        for line in (one, two):
            views = self.opinions(line, lang, day, 2, contrary=0.05)
            spoken = {view.text for view, _ in draft.lines}
            views = [view for view in views if view.text not in spoken]
            if views:
                heads = ("{}：", "先看{}。", "再说{}。") if lang == "zh" else ("{}:", "First {}.", "Now {}.")
                draft.say(heads[1 if line is one else 2].format(line.said))
            draft.lines += [(view, line) for view in views]
        draft.say(self.frame("any", "close_compare", lang))
        return draft

    def question(self, line: Line, lang: str, day: str) -> Draft:
        """Someone asks before buying; what they heard is hearsay at best."""
        draft = Draft(self.frame("any", "title_question", lang, line.said) or line.said, "question", lang)
        draft.say(self.frame("any", "question_open", lang, line.said))
        domain = str(categories()[line.category]["domain"])
        for attribute, ask in self.asked(line, lang)[:2]:
            draft.lines.append((Said(ask, attribute, 1, "question"), line))
        draft.say(self.frame(domain, "fill", lang) if self.rng.random() < 0.2 else None, line)
        draft.say(self.frame("any", "close_question", lang))
        return draft

    def asked(self, line: Line, lang: str) -> list[tuple[str, str]]:
        """(attribute, question) the bank can ask about a product."""
        found = []
        for fact in line.facts:
            text = self.least_used(list(frames().get(("ask", fact.attribute, lang), ())), 6)
            if text:
                found.append((fact.attribute, text))
        self.rng.shuffle(found)
        return found
