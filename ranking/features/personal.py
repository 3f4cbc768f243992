"""What has the person who asks to do with it? NaN unless the answer may be personal: then nothing of them was read."""

import math

import numpy as np

from engine.geo import distance_km
from engine.types import F32
from ranking.batch import NAN, Batch, f32


def n_user_events(batch: Batch) -> float:
    """log(1 + events of the person that are looked at)."""
    return math.log1p(batch.person.events)


def interacted_with_category(batch: Batch) -> F32:
    """log(1 + gains of what the person did with its category), halved every month."""
    return _gains(batch, "category")


def interacted_with_brand(batch: Batch) -> F32:
    """The same of its brand."""
    return _gains(batch, "brand")


def interacted_with_author(batch: Batch) -> F32:
    """The same of its author."""
    return _gains(batch, "author_id")


def interacted_with_tag(batch: Batch) -> F32 | float:
    """Sum of the shares of the person's gains that lie on tags which it has; NaN for one without tags."""
    tags = batch.person.tags()
    if not tags:
        return NAN
    return f32(np.array([share for _, share in tags]) @ batch.carried("has", [tag for tag, _ in tags]))


def interacted_with_poi(batch: Batch) -> F32:
    """log(1 + gains of what the person did with the place that it is, or with those that it talks about)."""
    rows, gains = batch.person.of_kind("poi")
    out = np.full(len(batch), np.nan, np.float32)
    known = dict(zip(rows.tolist(), gains.tolist(), strict=True))
    for kind, where, mine in batch.parts:
        if kind == "poi":
            out[where] = [known.get(row, 0.0) for row in mine.tolist()]
        elif kind == "note":
            out[where] = _talked_of(batch, mine.tolist(), known)
    return f32(np.log1p(out))


def _talked_of(batch: Batch, notes: list[int], known: dict[int, float]) -> list[float]:
    if not known:
        return [0.0] * len(notes)
    links = batch.index.linked(batch.query.tenant, np.array(notes, np.int64), "poi")
    found: dict[int, float] = {}
    for note, row in zip(links.note.tolist(), links.row.tolist(), strict=True):
        if row in known:
            found[note] = found.get(note, 0.0) + known[row]
    return [found.get(note, 0.0) for note in notes]


def user_category_share(batch: Batch) -> F32 | float:
    """Share of the person's gains that lies on its category; NaN without a category or without gains."""
    gains = batch.person.by("category")
    whole = sum(batch.person.gains.values())
    return batch.valued("category", lambda text: gains.get(text, 0.0) / whole if text else NAN) if whole > 0 else NAN


def user_lang_match(batch: Batch) -> F32 | float:
    """Share of the person's gains that lies on items of its language; NaN where neither is known."""
    gains = batch.person.by("lang")
    whole = sum(gains.values())
    return batch.valued("lang", lambda text: gains.get(text, 0.0) / whole if text else NAN) if whole > 0 else NAN


def cos_user_longterm(batch: Batch) -> F32 | float:
    """Inner product with the direction of all that the person liked, -1..1."""
    return _cosine(batch, batch.person.longterm())


def cos_user_session(batch: Batch) -> F32 | float:
    """Inner product with the direction of what the person did since the last rest of half an hour."""
    return _cosine(batch, batch.person.session())


def user_price_affinity_diff(batch: Batch) -> F32:
    """log of its price less the mean log price of what the person liked of its kind."""
    usual = np.full(len(batch), np.nan)
    for kind, where, _ in batch.parts:
        usual[where] = batch.person.log_price(kind) if kind != "note" else np.nan
    return f32(np.log(batch.price) - usual)


def user_distance_tolerance_ratio(batch: Batch) -> F32 | float:
    """Its distance from the middle of the places that the person liked, by their usual distance from there."""
    reach = batch.person.reach()
    if reach is None:
        return NAN
    lat, lon, usual = reach
    return f32(distance_km(batch.exactly("lat"), batch.exactly("lon"), lat, lon) / usual)


def seen_count(batch: Batch) -> F32:
    """Times that it was shown to the person."""
    seen = batch.person.seen
    if not seen:
        return np.zeros(len(batch), np.float32)
    return f32([len(seen.get(item or "", ())) for item in batch.ids])


def last_seen_hours(batch: Batch) -> F32 | float:
    """Hours since it was last shown to the person; NaN when it never was."""
    since = batch.person.hours_since
    return f32([since(item) for item in batch.ids]) if batch.person.seen else NAN


def negative_feedback_author(batch: Batch) -> F32:
    """Items by its author that the person hid or reported; NaN without an author."""
    return _refused(batch, "author_id")


def negative_feedback_category(batch: Batch) -> F32:
    """Items of its category that the person hid or reported; NaN without a category."""
    return _refused(batch, "category")


def follows_author(batch: Batch) -> F32:
    """1 when the person follows its author; NaN without an author."""
    followed = batch.person.follows()
    return batch.valued("author_id", lambda author: float(author in followed) if author else NAN)


def _gains(batch: Batch, column: str) -> F32:
    gains = batch.person.by(column)
    return batch.valued(column, lambda text: math.log1p(gains.get(text, 0.0)) if text else NAN)


def _refused(batch: Batch, column: str) -> F32:
    refused = batch.person.refusals_by(column)
    return batch.valued(column, lambda text: refused.get(text, 0.0) if text else NAN)


def _cosine(batch: Batch, direction: F32 | None) -> F32 | float:
    return NAN if direction is None or not len(batch) else f32(batch.vectors @ direction)
