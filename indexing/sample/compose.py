"""How does a person write about a place? One note from its truth, a voice and the banks."""

import random
from dataclasses import dataclass, field
from datetime import date

from indexing.sample.authors import Author
from indexing.sample.bank import NO_MEND, Claim, Line, Mend, Picker, claimed, load, render
from indexing.sample.world import Spot, facts_of, toml

#: Matters of taste, on which honest people differ.
TASTE = ("quiet", "low_crowd", "good_service", "good_value", "long_queue", "photogenic", "work_friendly")
NEVER_KIDS = frozenset({"bar"})
PARENTS = ("young_mother", "young_father")
EMOJI = ["🌿", "☕", "😂", "✨", "🥹", "👍", "😋", "🌞", "🙈", "❤️", "📷", "🐶", "🍃", "😴"]


@dataclass(slots=True)
class Draft:
    """A note's words, what its sentences claim while it is written, and what they truly state."""

    title: str
    sentences: list[str] = field(default_factory=list)
    claims: list[tuple[str, Claim]] = field(default_factory=list)
    truth: list[tuple[str, Claim]] = field(default_factory=list)
    asked: list[tuple[str, tuple[Claim, ...], Mend]] = field(default_factory=list)  # questions stand at the end

    def add(self, text: str, claims: tuple[Claim, ...] = (), mend: Mend = NO_MEND) -> None:
        """One more sentence."""
        self.sentences.append(text)
        self.claims += [(text, claim) for claim in claims]
        self.truth += [(text, label) for label in mend.labels(claims)]


def by_hand(text: str) -> Draft:
    """A draft from a block of banks/flagship_notes.txt (its lines without the heading)."""
    lines = text.strip().splitlines()
    draft = Draft(lines[0].removeprefix("# "))
    for line in lines[1:]:
        if not line.startswith("topics:"):
            draft.add(*claimed(line))
    return draft


class Writer:
    """Writes notes in one language; the pickers remember what has been said."""

    def __init__(self, lang: str, seed: int) -> None:
        self.lang = lang
        self.rng = random.Random(f"{seed}:writer:{lang}")
        self.picker = Picker(self.rng)
        self.attributes = load(f"attributes_{lang}")
        self.colour = load(f"colour_{lang}")
        self.voices = load(f"voices_{lang}")

    def write(self, spot: Spot, author: Author, day: date, trust: str, *, named: bool) -> Draft:
        """A note of `author` about `spot` as it was on `day`; `named`: the name must stand in the text."""
        facts = facts_of(spot.row)
        if spot.row["lang"] != self.lang:  # a dish is named in the language of its own menu
            facts = {k: v for k, v in facts.items() if not k.startswith("dish")}
        taken: set[str] = set()
        draft = Draft(self._one("title", spot, facts, taken, trust=trust) or spot.row["name"])
        if named and spot.row["name"] not in draft.title:
            draft.title = (
                f"{spot.row['name']}｜{draft.title}" if self.lang == "zh" else f"{spot.row['name']} – {draft.title}"
            )
        self._open(draft, spot, author, facts, taken, trust)
        self._middle(draft, spot, day, facts, taken, trust)
        for told in draft.asked:
            draft.add(*told)
        if not draft.asked and self.rng.random() < (0.9 if trust in ("sponsored", "merchant") else 0.55):
            self._say(draft, "close", spot, facts, taken, author.persona, trust)
        return draft

    def body(self, draft: Draft) -> str:
        """The sentences as one text: paragraphs and an emoji now and then."""
        parts: list[str] = []
        for number, sentence in enumerate(draft.sentences):
            emoji = self.rng.choice(EMOJI) if self.rng.random() < 0.07 else ""
            gap = "\n" if number and self.rng.random() < 0.25 else ("" if self.lang == "zh" else " ")
            parts.append(("" if number == 0 else gap) + sentence + emoji)
        return "".join(parts)

    def _middle(self, draft: Draft, spot: Spot, day: date, facts: dict[str, str], taken: set[str], trust: str) -> None:
        steps = ["colour"] * self.rng.choice([1, 1, 2, 2, 3])
        steps += ["claim"] * (0 if trust == "merchant" else self.rng.choice([1, 2, 2, 3, 3, 4]))
        self.rng.shuffle(steps)
        said: set[str] = {f"{c.attribute}{'+' if c.polarity > 0 else '-'}" for _, c in draft.claims}
        for step in steps:
            if step == "colour":
                self._say(draft, "colour", spot, facts, taken, "", trust)
            else:
                self._claim(draft, spot, day, facts, taken, said, trust)

    def _open(
        self, draft: Draft, spot: Spot, author: Author, facts: dict[str, str], taken: set[str], trust: str
    ) -> None:
        self._say(draft, "open", spot, facts, taken, author.persona, trust)

    def _say(
        self, draft: Draft, part: str, spot: Spot, facts: dict[str, str], taken: set[str], persona: str, trust: str
    ) -> None:
        line = self._choose(part, spot, facts, taken, persona, trust)
        if line is not None:
            draft.add(render(line.text, facts, self.rng), line.claims, line.mend)

    def _one(self, part: str, spot: Spot, facts: dict[str, str], taken: set[str], *, trust: str) -> str | None:
        line = self._choose(part, spot, facts, taken, "", trust)
        return render(line.text, facts, self.rng) if line else None

    def _choose(
        self, part: str, spot: Spot, facts: dict[str, str], taken: set[str], persona: str, trust: str
    ) -> Line | None:
        """Headings: `open|close VOICE`, `title|colour CATEGORY`, with `ad` or `merchant` as voices of their own."""
        if persona in PARENTS and not _true(spot, "family_with_kids"):
            persona = "any"
        if persona == "expat" and spot.row["lang"] == "en":  # their lines are about China
            persona = "any"
        if persona == "dog_owner" and "dog_friendly" not in spot.truth:
            persona = "any"
        voice = {"sponsored": "ad", "merchant": "merchant"}.get(trust, persona)
        wanted = {voice, "any"} if trust == "organic" else {voice}
        if part in ("title", "colour") and trust in ("organic", "suspected"):
            wanted = {spot.category}
        bank = self.colour if part in ("title", "colour") else self.voices
        fits = [x for x in bank if x.head[0] == part and wanted & set(x.head[1:]) and _suits(x, spot)]
        own = [x for x in fits if voice in x.head]
        return self.picker.pick(own if own and self.rng.random() < 0.75 else fits, facts, taken)

    def _claim(
        self, draft: Draft, spot: Spot, day: date, facts: dict[str, str], taken: set[str], said: set[str], trust: str
    ) -> None:
        """One sentence on one attribute that nobody in this note has spoken of yet."""
        spoken = {x[:-1] for x in said}
        open_attributes = [a for a in spot.truth if a not in spoken]
        self.rng.shuffle(open_attributes)
        open_attributes.sort(key=lambda a: self._reluctance(spot, a))
        for attribute in open_attributes:
            sign, how = self._stance(spot, attribute, day, trust)
            mark = f"{attribute}{'+' if sign > 0 else '-'}"
            line = None if _clashes(mark, said) else self._attribute(attribute, sign, how, spot, facts, taken)
            if line is not None:
                said.add(mark)
                claims: tuple[Claim, ...] = (Claim(attribute, sign, how), *line.claims)
                said.update(c.attribute + ("+" if c.polarity > 0 else "-") for c in line.claims)
                if attribute == "no_kids" and sign > 0:
                    claims += (Claim("family_with_kids", -1, how),)
                    said.add("family_with_kids-")
                told = (render(line.text, facts, self.rng), claims, line.mend)
                if how == "question":
                    draft.asked.append(told)
                else:
                    draft.add(*told)
                if how in ("plain", "negated", "ended"):
                    spot.shown.add(attribute)
                return

    def _reluctance(self, spot: Spot, attribute: str) -> float:
        """Lower is said first: what is rare and there; last what is missing and was not to be expected."""
        value = spot.truth[attribute].value
        weight = 0.45 * (attribute in spot.shown) + self.rng.random() - 0.9 * bool(spot.truth[attribute].since)
        if attribute in _RARE:
            return weight + (-0.5 if value else 0.3 if attribute == "lawn" else 0.75)
        return weight + (0.0 if value else 0.25)

    def _stance(self, spot: Spot, attribute: str, day: date, trust: str) -> tuple[int, str]:
        """What this note says of an attribute: as it was that day, but for taste, hearsay, questions and adverts."""
        truth = spot.truth[attribute]
        value = truth.at(day)
        chance = self.rng.random()
        if trust in ("sponsored", "suspected"):
            praised = attribute not in _UNPRAISED and (value or chance < 0.12)
            return (1, "plain") if praised else (0, "plain")
        if chance < 0.08:
            return 1, "question"
        if chance < 0.13:
            return 1, "hearsay"
        if attribute in TASTE and chance > 0.93:
            value = not value
        if truth.since and not truth.value and not value and attribute not in TASTE:
            return -1, "ended"
        return (1, "plain") if value else (-1, "negated")

    def _attribute(
        self, attribute: str, sign: int, how: str, spot: Spot, facts: dict[str, str], taken: set[str]
    ) -> Line | None:
        mark = {"question": "?", "hearsay": "^", "ended": "~", "plain": "+", "negated": "-"}[how] if sign else ""
        fits = [
            x
            for x in self.attributes
            if x.head[:2] == (attribute, mark) and spot.category in (x.only or x.head[2:]) and _suits(x, spot)
        ]
        return self.picker.pick(fits, facts, taken)


_UNPRAISED = ("long_queue", "no_kids")
_RARE = ("playground", "lawn", "no_kids", "swing", "fireplace", "cat", "vinyl", "live_music", "romantic", "group")


def _true(spot: Spot, attribute: str) -> bool:
    return attribute in spot.truth and spot.truth[attribute].value


def _suits(line: Line, spot: Spot) -> bool:
    """Is every claim of the line true of the place, and the category one of its own?"""
    if line.only and spot.category not in line.only:
        return False
    return all(_true(spot, c.attribute) == (c.polarity > 0) for c in line.claims)


def _clashes(mark: str, said: set[str]) -> bool:
    pairs = (frozenset(x.split()) for x in toml("world")["conflicts"]["pairs"])
    return any(mark in pair and pair & said - {mark} for pair in pairs)
