"""Which student may stand in for the encoder of a tenant's queries, and may it go first? As the settings say."""

import logging
from typing import Literal

from engine.errors import ModelError
from engine.ports import Encoder
from indexing.student.encoder import StudentEncoder
from indexing.student.registry import Students

_LOG = logging.getLogger(__name__)


class Pupils:
    """A tenant's current student, loaded once and again when another is distilled. Not thread-safe."""

    def __init__(self, students: Students, policy: Literal["auto", "teacher", "student"]) -> None:
        self._students, self._policy = students, policy
        self._known: tuple[int | None, StudentEncoder | None] = (None, None)

    def of(self, teacher: Encoder) -> StudentEncoder | None:
        """The student of this encoder; None when there is none, or it is another's, or damaged, or not wanted."""
        if self._policy == "teacher":
            return None
        try:
            number = self._students.current()
            if number != self._known[0]:
                self._known = (number, None)  # whatever happens next, it is not tried again
                found = self._students.load()
                if found is not None and found.teacher != teacher.fingerprint:
                    _LOG.warning("student %s learnt from another encoder: run 'lifestyle distill'", number)
                    found = None
                self._known = (number, found)
        except ModelError as error:
            _LOG.error("the student cannot be used: %s", error)
        return self._known[1]

    def first(self, student: StudentEncoder) -> bool:
        """Does it answer although there is time for its teacher?"""
        return self._policy == "student" or bool(student.card.get("first"))
