"""What kind of question is it? Constant within a list: of use to trees only together with the others."""

from engine.vocabulary import INTENTS
from ranking.batch import NAN, Batch

_LANGS = ("zh", "en", "mixed")


def query_n_constraints(batch: Batch) -> float:
    """How many constraints the query states."""
    return len(batch.intent.constraints)


def query_n_hard(batch: Batch) -> float:
    """How many of them are hard."""
    return sum(c.hardness == "hard" for c in batch.intent.constraints)


def query_has_geo(batch: Batch) -> float:
    """1 when a place or a distance is asked for."""
    return batch.asks("place", "distance", "travel_time")


def query_has_time(batch: Batch) -> float:
    """1 when hours, a date or a season is asked for."""
    return batch.asks("time")


def query_has_negation(batch: Batch) -> float:
    """1 when something is unwanted."""
    return any(c.polarity < 0 for c in batch.intent.constraints)


def query_lang(batch: Batch) -> float:
    """0 Chinese, 1 English, 2 mixed, NaN another."""
    lang = batch.intent.lang
    return _LANGS.index(lang) if lang in _LANGS else NAN


def query_intent(batch: Batch) -> float:
    """Number of the intent in engine.vocabulary.INTENTS; NaN for another."""
    name = batch.intent.name
    return INTENTS.index(name) if name in INTENTS else NAN


def parse_confidence(batch: Batch) -> float:
    """How sure the parser is of its reading, 0..1."""
    return batch.intent.confidence


def query_term_count(batch: Batch) -> float:
    """Words that the lexical index was asked for."""
    return len(batch.intent.terms.split())


def query_char_len(batch: Batch) -> float:
    """Characters of the query."""
    return len(batch.words)


def query_residual_share(batch: Batch) -> float:
    """Share of the query's characters that no lexicon knew; NaN for an empty query."""
    words = len(batch.words)
    return len(batch.intent.residual) / words if words else NAN
