"""MovieLens (small): films as items with words, ratings as deeds, in the order of time. Found, never copied."""

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from benchmarks.feed.cases import Deed
from benchmarks.quality.data import need

_YEAR: Final = re.compile(r"\((\d{4})\)\s*$")


def deeds() -> list[Deed]:
    """4 stars and more: like; 3 and 3.5: seen, no more; fewer: hide."""
    return [
        Deed(f"u{row['userId']}", f"m{row['movieId']}", _action(float(row["rating"])), int(row["timestamp"]))
        for row in _rows("ratings")
    ]


def films(before: int, counts: Mapping[str, int], year: int) -> list[dict[str, Any]]:
    """Products with title, genres, the tags given before a moment, and how many had chosen them by then.

    Films of later years (by their title) had not come out.
    """
    tags: dict[str, set[str]] = defaultdict(set)
    for row in _rows("tags"):
        if int(row["timestamp"]) < before:
            tags[f"m{row['movieId']}"].add(row["tag"].strip().lower())
    found = []
    for row in _rows("movies"):
        item, named = f"m{row['movieId']}", _YEAR.search(row["title"])
        if named is not None and int(named[1]) <= year:
            genres = [] if row["genres"].startswith("(") else row["genres"].split("|")
            words = [f"Genres: {', '.join(genres)}."] if genres else []
            words += [f"Tags: {', '.join(sorted(tags[item]))}."] if tags[item] else []
            words += [f"A film of the {named[1][:3]}0s."]
            found.append(
                {"id": item, "title": row["title"], "body": " ".join(words), "lang": "en",
                 "rating_count": float(counts.get(item, 0))}
            )  # fmt: skip
    return found


def _action(stars: float) -> str:
    return "like" if stars >= 4 else "impression" if stars >= 3 else "hide"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(need(f"movielens/{name}.csv.gz")[0], "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
