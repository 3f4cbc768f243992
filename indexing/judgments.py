"""What did somebody judge by hand? Grades 0..3 of items for a question, in the form that training and evaluation read.

A table of the live store. A grade that is given again replaces the one before; what is erased takes its grades along.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from engine.errors import BadQuery
from indexing.places import Place
from indexing.store_schema import read, write
from indexing.tenants import check_tenant

#: Grades of one tenant.
MOST: Final = 200_000


class Judgments:
    """Over the file of a live store that is open already (its tables are there). Safe for many threads."""

    def __init__(self, path: Place, clock: Callable[[], datetime]) -> None:
        self._path, self._clock = path, clock

    def put(self, tenant: str, question: Mapping[str, Any], grades: Mapping[str, int | None], who: str) -> int:
        """Grade items for a question ({query, lang} and what else belongs to the request); None takes a grade away.

        -> how many grades the question has now. Raises BadQuery when there are too many.
        """
        key, now = (check_tenant(tenant), _key(question)), int(self._clock().timestamp())

        def work(base: sqlite3.Connection) -> int:
            base.executemany("DELETE FROM judgments WHERE tenant = ? AND question = ? AND item = ?",
                             [(*key, item) for item in grades])  # fmt: skip
            rows = [(*key, item, grade, who, now) for item, grade in grades.items() if grade is not None]
            base.executemany("INSERT INTO judgments VALUES (?, ?, ?, ?, ?, ?)", rows)
            if base.execute("SELECT count(*) FROM judgments WHERE tenant = ?", key[:1]).fetchone()[0] > MOST:
                raise BadQuery("grades", f"there are {MOST} already, as many as may be; take some away first")
            kept = base.execute("SELECT count(*) FROM judgments WHERE tenant = ? AND question = ?", key)
            return int(kept.fetchone()[0])

        return write(self._path, work)

    def grades(self, tenant: str, question: Mapping[str, Any]) -> dict[str, int]:
        """Item -> the grade it has for a question."""
        statement = "SELECT item, grade FROM judgments WHERE tenant = ? AND question = ?"
        return dict(read(self._path, statement, (check_tenant(tenant), _key(question))))

    def all(self, tenant: str) -> list[dict[str, Any]]:
        """Every judged question with its grades, a row as a line of `lifestyle train --judgments`; the newest last."""
        rows = read(
            self._path,
            "SELECT question, json_group_object(item, grade) FROM judgments WHERE tenant = ? "
            "GROUP BY question ORDER BY max(at), question",
            (check_tenant(tenant),),
        )
        return [
            {"id": _name(question), **msgspec.json.decode(question), "grades": msgspec.json.decode(grades)}
            for question, grades in rows
        ]


def _key(question: Mapping[str, Any]) -> str:
    """Equal for equal questions: what says nothing is left out."""
    said = {name: question[name] for name in sorted(question) if question[name] not in (None, [], (), {})}
    return msgspec.json.encode(said).decode()


def _name(question: str) -> str:
    return f"judged-{hashlib.sha256(question.encode()).hexdigest()[:12]}"
