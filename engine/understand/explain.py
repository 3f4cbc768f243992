"""Why is a constraint in the parse? The rule or the lexicon's line that made it, in words (rules.toml)."""

from engine.types import Constraint
from engine.understand.phrases import table


def explain(constraint: Constraint, query: str) -> dict[str, str]:
    """{"zh", "en"}: which words, by which rule; a rule that nobody described is named as it is."""
    rule = constraint.rule
    words = query[constraint.span[0] : constraint.span[1]] if constraint.span else ""
    file, _, name = rule.partition(": ")
    lexicon = file.endswith(".toml")
    said = {}
    for lang, rules in table("rules.toml").items():
        known = max((key for key in rules if rule.startswith(key)), key=len, default="")
        form = rules["lexicon"] if lexicon else rules.get(known, rule or "?")
        said[lang] = form.format(words=words, file=file, id=name)
    return said
