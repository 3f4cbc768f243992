"""In which language must one be served? "会说英语的牙医", "English-speaking dentist", "staff who speak German"."""

from functools import lru_cache
from typing import Final

from engine.understand.patterns import Pattern, gated
from engine.understand.phrases import table
from engine.understand.pieces import Piece, Reading

GATE: Final = gated(r"[语文话]|speak|spoken|service|serve|language").bit


@lru_cache(maxsize=1)
def _compiled() -> tuple[Pattern, dict[str, str], dict[str, dict[str, str]]]:
    """The pattern, language word -> code, and code -> what a chip says."""
    data = table("languages.toml")
    codes = {word: code for code, names in data.items() for word in (*names["zh"], *names["en"])}
    zh = "|".join(word for names in data.values() for word in names["zh"])
    en = "|".join(word for names in data.values() for word in names["en"])
    pattern = gated(
        rf"(?:会|能|可以?|懂|用|需要?)(?:说|讲|用|提供)?(?P<a>{zh})(?:服务|沟通|交流|接待|讲解)?"
        rf"|(?:说|讲)(?P<b>{zh})|(?P<c>{zh})(?:服务|沟通|交流|接待|讲解|导游|导览|客服|speaking)"
        rf"|\b(?P<d>{en})[ -](?:speaking|spoken|language service|service)\b"
        rf"|\b(?:speaks?|speaking|service in|served in|fluent in|that speaks?)(?: good| fluent)? (?P<e>{en})\b"
        rf"|\b(?P<f>{en}) (?:is )?(?:spoken|speakers?)\b"
    )
    labels = {c: {"zh": f"会说{n['zh'][0]}", "en": f"{n['en'][0].capitalize()} spoken"} for c, n in data.items()}
    return pattern, codes, labels


def spoken(reading: Reading) -> list[Piece]:
    """language pieces: whom one cannot talk to, one cannot be helped by, so they are hard."""
    pattern, codes, labels = _compiled()
    return [
        Piece(m.start(), m.end(), "language", "has", code, confidence=0.9, rule="spoken", label=labels[code], rank=5)
        for m in pattern.finditer(reading.text)
        if (code := codes[m[m.lastgroup or "a"]])
    ]
