"""How often was each item shown, opened, kept, until a moment? Counts of events in windows, and rates made of them.

One definition: the server counts what its store holds every hour, training counts what was known when a page was
shown, both by `count`. Nothing from the moment on is counted, so that no feature knows what came of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from engine.types import F32, F64, I64

DAY_S: Final = 86_400
HOUR_S: Final = 3600
#: Windows end with the hour before the request and reach back so many days.
WINDOWS: Final = (1, 7, 30)
#: What is counted together, under the names of the features.
COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    "impression": ("impression",),
    "click": ("click",),
    "save": ("save", "like"),
    "share": ("share",),
    "comment": ("comment",),
    "follow": ("follow",),
    "purchase": ("purchase", "book"),
}
NAMES: Final = tuple(COUNTED)
#: Rates start from that of all items and move with every impression; the prior weighs as much as 10 impressions.
PRIOR: Final = 10.0
#: What a deed adds to `decayed_score`, which halves in so many days.
WORTH: Final[Mapping[str, float]] = {"click": 1.0, "save": 3.0, "share": 4.0, "comment": 4.0, "follow": 8.0}
HALF_LIFE_DAYS: Final = 7.0
#: By what items are taken together: rates of all that share a text of the column.
GROUPS: Final = ("category", "brand", "author_id")
_OF: Final = {action: number for number, name in enumerate(NAMES) for action in COUNTED[name]}
_LONGEST: Final = WINDOWS[-1]

#: One event: (item id, action, seconds since 1970, the page's question or "" where it is not known, the page).
Event: TypeAlias = tuple[str, str, int, str, str]


class Pair(NamedTuple):
    """What was done with an item on the pages of one question within the longest window."""

    shown: int
    clicks: int


@dataclass(frozen=True)
class Counts:
    """`table`: (items + 1, columns) float32 by `columns`; the last row is for items with which nothing was done."""

    until: int  # seconds since 1970: no event of this second or later is counted
    rows: Mapping[str, int] = field(default_factory=dict)
    table: F32 = field(default_factory=lambda: np.zeros((1, 0), np.float32))
    pairs: Mapping[str, Mapping[str, Pair]] = field(default_factory=dict)  # question -> item -> what was done
    pages: Mapping[str, int] = field(default_factory=dict)  # question -> pages of it
    click_rate: float = 0.0  # of all items
    together: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # column -> its text -> click rate
    reports: Mapping[str, float] | None = None  # item -> share of those who saw it that complained; None: not known

    def of(self, ids: Sequence[str | None]) -> F32:
        """-> (columns, len(ids))."""
        find, none = self.rows.get, len(self.table) - 1
        at = np.fromiter((find(name, none) for name in ids), np.int64, len(ids))  # type: ignore[arg-type]
        found: F32 = self.table.take(at, axis=0).T
        return found


def window(name: str, days: int) -> int:
    """The column of log(1 + count) of a window."""
    return NAMES.index(name) * len(WINDOWS) + WINDOWS.index(days)


#: Behind the windows, in this order.
RATES: Final = (("click", 7), ("click", 30), ("save", 7), ("save", 30), ("purchase", 7), ("purchase", 30))
_FIRST_RATE: Final = len(NAMES) * len(WINDOWS)
TREND: Final = _FIRST_RATE + len(RATES)
DECAYED: Final = TREND + 1


def rate(name: str, days: int) -> int:
    """The column of a rate: of impressions, of purchases those of clicks."""
    return _FIRST_RATE + RATES.index((name, days))


def hour_before(at: float) -> int:
    """The beginning of the hour that a moment lies in: until then events count."""
    return int(at) // HOUR_S * HOUR_S


def count(events: Iterable[Event], until: int) -> Counts:
    """Events (any order, later ones too) -> what had been done until a moment."""
    since = until - _LONGEST * DAY_S
    known = [event for event in events if since <= event[2] < until and event[1] in _OF]
    rows: dict[str, int] = {}
    item = np.array([rows.setdefault(event[0], len(rows)) for event in known], np.int64)
    action = np.array([_OF[event[1]] for event in known], np.int64)
    age = (until - np.array([event[2] for event in known], np.int64)) / DAY_S
    windows = np.stack([_totals(item, action, age <= days, len(rows) + 1) for days in WINDOWS], axis=2)
    table = np.concatenate([_logs(windows), _rates(windows), _trend(windows), _decayed(item, action, age, len(rows))])
    asked = [event for event in known if event[3]]
    shown, clicks = windows[:-1, NAMES.index("impression"), -1].sum(), windows[:-1, NAMES.index("click"), -1].sum()
    return Counts(
        until, rows, np.ascontiguousarray(table.T, np.float32), _pairs(asked), _pages(asked),
        float(clicks / shown) if shown else 0.0,
    )  # fmt: skip


def grouped(counts: Counts, texts: Callable[[str, Sequence[str]], Sequence[str | None]]) -> dict[str, dict[str, float]]:
    """The click rate of all items that share a text, by column. `texts`: (column, ids) -> the text of each."""
    ids = list(counts.rows)
    shown, clicks = (np.expm1(counts.table[:-1, window(name, _LONGEST)].astype(np.float64)) for name in NAMES[:2])
    return {name: _rate_by(texts(name, ids), shown, clicks, counts.click_rate) for name in GROUPS}


def _rate_by(texts: Sequence[str | None], shown: F64, clicks: F64, prior: float) -> dict[str, float]:
    codes: dict[str, int] = {}
    known = [number for number, text in enumerate(texts) if text]
    of = np.array([codes.setdefault(str(texts[number]), len(codes)) for number in known], np.int64)
    seen, opened = (np.bincount(of, each[known], len(codes)) for each in (shown, clicks))
    rates = (opened + prior * PRIOR) / (seen + PRIOR)
    return dict(zip(codes, rates.tolist(), strict=True))


def _totals(item: I64, action: I64, inside: Any, items: int) -> F64:
    """(items, actions) counts of the events inside a window."""
    flat = np.bincount(item[inside] * len(NAMES) + action[inside], minlength=items * len(NAMES))
    return flat.reshape(items, len(NAMES)).astype(np.float64)


def _logs(windows: F64) -> F64:
    """(actions x windows, items)."""
    return np.asarray(np.log1p(windows).transpose(1, 2, 0).reshape(-1, len(windows)))


def _rates(windows: F64) -> F64:
    """(RATES, items)."""
    out = []
    for name, days in RATES:
        many = windows[:, :, WINDOWS.index(days)]
        base, done = (many[:, NAMES.index(each)] for each in ("click" if name == "purchase" else "impression", name))
        usual = done.sum() / base.sum() if base.sum() else 0.0
        out.append((done + usual * PRIOR) / (base + PRIOR))
    return np.stack(out)


def _trend(windows: F64) -> F64:
    """(1, items): log of clicks a day this week by clicks a day this month, a click added to both; 0 = as ever."""
    clicks = windows[:, NAMES.index("click")]
    week, month = (clicks[:, WINDOWS.index(days)] / days for days in (7, _LONGEST))
    return np.log((week + 1 / _LONGEST) / (month + 1 / _LONGEST))[np.newaxis]


def _decayed(item: I64, action: I64, age: F64, items: int) -> F64:
    """(1, items + 1): log(1 + sum of worth x 0.5 ** (age / half-life))."""
    worth = np.array([WORTH.get(name, 0.0) for name in NAMES])[action] * 0.5 ** (age / HALF_LIFE_DAYS)
    return np.log1p(np.bincount(item, worth, items + 1))[np.newaxis]


def _pairs(asked: Sequence[Event]) -> dict[str, dict[str, Pair]]:
    found: dict[str, dict[str, Pair]] = {}
    for item, action, _, question, _ in asked:
        if action in ("impression", "click"):
            shown, clicks = found.setdefault(question, {}).get(item, (0, 0))
            found[question][item] = Pair(shown + (action == "impression"), clicks + (action == "click"))
    return found


def _pages(asked: Sequence[Event]) -> dict[str, int]:
    pages: dict[str, set[str]] = {}
    for *_, question, page in asked:
        pages.setdefault(question, set()).add(page)
    return {question: len(of) for question, of in pages.items()}
