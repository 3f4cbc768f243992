"""How is a hit explained in plain words? Sentences from its evidence, in the language of the request."""

from collections.abc import Mapping
from typing import Any, Final

from engine.types import Constraint, Evidence, Intent, Verdict

_UNKNOWN: Final = Verdict.UNKNOWN  # looked up once: an enumeration takes long over it, and a page asks a hundred times
_SAID = {
    "zh": {
        Verdict.MET: "{label}：{n} 条笔记这么说",
        Verdict.LIKELY: "{label}：很可能（{n} 条笔记提到）",
        Verdict.CONTRADICTED: "{label}：不符合（{against} 条笔记说没有）",
    },
    "en": {
        Verdict.MET: "{label}: said by {n} {notes}",
        Verdict.LIKELY: "{label}: likely (mentioned by {n} {notes})",
        Verdict.CONTRADICTED: "{label}: not so (denied by {against})",
    },
}
_PLAIN = {
    "zh": {
        Verdict.MET: "{label}：{fact}",
        Verdict.LIKELY: "{label}：{fact}",
        Verdict.CONTRADICTED: "{label}不符：{fact}",
    },
    "en": {
        Verdict.MET: "{label}: {fact}",
        Verdict.LIKELY: "{label}: {fact}",
        Verdict.CONTRADICTED: "{label} not kept: {fact}",
    },
}


def reasons(intent: Intent, item: Mapping[str, Any], evidence: tuple[Evidence, ...], lang: str) -> tuple[str, ...]:
    """One sentence for each constraint that something is known about; its rating or saves when nothing was asked."""
    said = [_reason(intent.constraints[e.constraint], e, lang) for e in evidence if e.verdict is not _UNKNOWN]
    return tuple([reason for reason in said if reason]) or liked(item, lang)


def _reason(constraint: Constraint, evidence: Evidence, lang: str) -> str:
    label = (constraint.label or {}).get(lang) or _named(constraint.value)
    if constraint.polarity < 0:
        label = f"不要{label}" if lang == "zh" else f"no {label}"
    if evidence.support or evidence.contradictions:
        notes = "note" if evidence.support == 1 else "notes"
        form = _SAID[lang][evidence.verdict]
        return form.format(label=label, n=evidence.support, notes=notes, against=evidence.contradictions)
    if evidence.measured is None:
        return label
    if evidence.verdict is Verdict.MET and evidence.measured.startswith(label):  # the fact says what is kept by itself
        return evidence.measured
    return _PLAIN[lang][evidence.verdict].format(label=label, fact=evidence.measured)


def _named(value: Any) -> str:
    """A value that has no words of its own: a place has its name."""
    return str(value["name"]) if isinstance(value, Mapping) and "name" in value else str(value)


def liked(item: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """Its rating, or how many saved it."""
    rating, saves = item.get("rating"), item.get("saves")
    if rating:
        return (f"评分 {rating:.1f}" if lang == "zh" else f"rated {rating:.1f}",)
    if saves:
        return (f"{int(saves)} 人收藏" if lang == "zh" else f"saved by {int(saves)} people",)
    return ()
