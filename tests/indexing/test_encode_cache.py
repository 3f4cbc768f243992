"""Does the vector cache remember, resume and share?"""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from engine.types import F32
from indexing.encode import CachedEncoder, HashEncoder


class Counting(HashEncoder):
    """A HashEncoder that remembers what it was asked, and dies after `patience` calls."""

    def __init__(self, patience: int = 1000) -> None:
        super().__init__()
        self.plain: Callable[[str], str] = str
        self.asked: list[str] = []
        self.patience = patience

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        if self.patience == 0:
            raise KeyboardInterrupt
        self.patience -= 1
        self.asked += texts
        return super().encode(texts, role)


def test_asks_once_for_a_text_and_gives_equal_vectors(tmp_path: Path) -> None:
    inner = Counting()
    cached = CachedEncoder(inner, tmp_path)
    first = cached.encode(["a", "b", "a"], "passage")
    np.testing.assert_array_equal(first, HashEncoder().encode(["a", "b", "a"], "passage"))
    np.testing.assert_array_equal(CachedEncoder(inner, tmp_path).encode(["a", "b", "a"], "passage"), first)
    assert inner.asked == ["a", "b"]


def test_role_and_fingerprint_are_part_of_the_key(tmp_path: Path) -> None:
    inner, other = Counting(), HashEncoder(16)
    CachedEncoder(inner, tmp_path).encode(["a"], "passage")
    CachedEncoder(inner, tmp_path).encode(["a"], "query")
    assert inner.asked == ["a", "a"]
    assert CachedEncoder(other, tmp_path).encode(["a"], "query").shape == (1, 16)


def test_encodes_once_what_the_model_cannot_tell_apart(tmp_path: Path) -> None:
    inner = Counting()
    inner.plain = lambda text: " ".join(text.split())
    vectors = CachedEncoder(inner, tmp_path).encode(["a b", "a  b", " a b\n", "a c"], "passage")
    assert [" ".join(text.split()) for text in inner.asked] == ["a b", "a c"]
    np.testing.assert_array_equal(vectors[1:3], vectors[[0, 0]])


def test_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(1200)]
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(Counting(patience=3), tmp_path, batch=100).encode(texts, "passage")
    inner, seen = Counting(), []
    cached = CachedEncoder(inner, tmp_path, batch=100, progress=lambda done, todo: seen.append((done, todo)))
    vectors = cached.encode(texts, "passage")
    assert inner.asked == texts[300:]
    assert seen == [(100 * i, 900) for i in range(1, 10)]
    np.testing.assert_array_equal(vectors, HashEncoder().encode(texts, "passage"))


_JOB = """
import sys
from pathlib import Path
from indexing.encode import CachedEncoder, HashEncoder

class Telling(HashEncoder):
    def encode(self, texts, role):
        print(*texts, sep="\\n", flush=True)
        return super().encode(texts, role)

cached = CachedEncoder(Telling(), Path(sys.argv[1]), batch=50)
cached.encode([f"text{i}" for i in range(int(sys.argv[2]))], "passage")
"""


def test_a_killed_job_encodes_nothing_twice_but_the_batch_it_died_in(tmp_path: Path) -> None:
    first = subprocess.Popen([sys.executable, "-c", _JOB, str(tmp_path), "100000"], stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    begun = [line.strip() for line, _ in zip(first.stdout, range(500), strict=False)]
    first.kill()
    begun += [line.strip() for line in first.stdout.read().splitlines() if line.strip()]
    assert first.wait() == -signal.SIGKILL
    first.stdout.close()
    again = subprocess.run(
        [sys.executable, "-c", _JOB, str(tmp_path), str(len(begun) + 100)], capture_output=True, text=True, check=True
    )
    twice = set(begun) & set(again.stdout.split())
    assert len(twice) <= 50
    assert len(set(begun) | set(again.stdout.split())) == len(begun) + 100


def test_a_vector_of_a_wrong_length_is_made_again(tmp_path: Path) -> None:
    inner = Counting()
    cached = CachedEncoder(inner, tmp_path)
    cached.encode(["a"], "query")
    with sqlite3.connect(next(tmp_path.glob("*.sqlite"))) as db:
        db.execute("UPDATE vectors SET vector = x'00'")
    db.close()
    np.testing.assert_array_equal(cached.encode(["a"], "query"), HashEncoder().encode(["a"], "query"))
