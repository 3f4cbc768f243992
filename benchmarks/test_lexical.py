"""What does a lexical search cost under filters, over 100k recombined texts? (benchmarks.lexical goes to 1M.)"""

import numpy as np
import pytest

from benchmarks import lexical, roots
from benchmarks.conftest import Timed
from benchmarks.corpora.texts import texts
from indexing.text.highlight import Marker
from indexing.text.index import TextIndex

TEXTS = 100_000


@pytest.fixture(scope="session")
def index() -> TextIndex:
    return lexical.index(TEXTS)


@pytest.mark.parametrize("share", [1.0, 0.1, 0.01, 0.001])
@pytest.mark.benchmark(group="lexical, 100k texts")
def test_search(index: TextIndex, timed: Timed, share: float) -> None:
    allowed = np.random.default_rng(roots.SEED).random(TEXTS) < share
    timed(lambda text: index.search(text, allowed, lexical.K), [(text,) for text in lexical.queries()])


@pytest.mark.benchmark(group="lexical, a word that nobody wrote")
def test_search_for_an_unknown_word(index: TextIndex, timed: Timed) -> None:
    allowed = np.ones(TEXTS, bool)
    words = ["restaraunt", "kafeiguan", "headphnes", "卡飞馆", "zzzzyzx"]
    timed(lambda text: index.search(text, allowed, lexical.K), [(text,) for text in words])


@pytest.mark.benchmark(group="highlights of a page of 20")
def test_highlight(index: TextIndex, timed: Timed) -> None:
    bodies = [text["all"] for text in texts(20, roots.SEED)]

    def page(query: str) -> None:
        marker = Marker(index.words(query))
        for body in bodies:
            marker.mark({"body": body})

    timed(page, [(text,) for text in lexical.queries()])
