"""What kind of question is it? Constant within a list: of use to trees only together with the others."""

from engine.types import F32
from engine.vocabulary import INTENTS
from ranking.batch import Batch

_LANGS = ("zh", "en", "mixed")


def query_n_constraints(batch: Batch) -> F32:
    """How many constraints the query states."""
    return batch.constant(len(batch.intent.constraints))


def query_n_hard(batch: Batch) -> F32:
    """How many of them are hard."""
    return batch.constant(int(batch.hard.sum()))


def query_has_geo(batch: Batch) -> F32:
    """1 when a place or a distance is asked for."""
    return batch.constant(bool(batch.of_slots("place", "distance", "travel_time").any()))


def query_has_time(batch: Batch) -> F32:
    """1 when hours, a date or a season is asked for."""
    return batch.constant(bool(batch.of_slots("time").any()))


def query_has_negation(batch: Batch) -> F32:
    """1 when something is unwanted."""
    return batch.constant(bool(batch.unwanted.any()))


def query_lang(batch: Batch) -> F32:
    """0 Chinese, 1 English, 2 mixed, NaN another."""
    lang = batch.intent.lang
    return batch.constant(_LANGS.index(lang) if lang in _LANGS else float("nan"))


def query_intent(batch: Batch) -> F32:
    """Number of the intent in engine.vocabulary.INTENTS; NaN for another."""
    name = batch.intent.name
    return batch.constant(INTENTS.index(name) if name in INTENTS else float("nan"))


def parse_confidence(batch: Batch) -> F32:
    """How sure the parser is of its reading, 0..1."""
    return batch.constant(batch.intent.confidence)


def query_term_count(batch: Batch) -> F32:
    """Words that the lexical index was asked for."""
    return batch.constant(len(batch.intent.terms.split()))


def query_char_len(batch: Batch) -> F32:
    """Characters of the query."""
    return batch.constant(len(batch.words))


def query_residual_share(batch: Batch) -> F32:
    """Share of the query's characters that no lexicon knew; NaN for an empty query."""
    words = len(batch.words)
    return batch.constant(len(batch.intent.residual) / words if words else float("nan"))
