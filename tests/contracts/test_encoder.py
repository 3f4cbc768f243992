"""Does every Encoder keep the promises of engine/ports.py?"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.ports import Encoder
from indexing.encode import CachedEncoder, HashEncoder, OnnxEncoder, bundled_folder
from indexing.st_encoder import SentenceTransformerEncoder
from tests.indexing.student.made import made

TEXTS = [
    "有草坪的咖啡店，适合带娃",
    "a quiet café with a lawn",
    "",
    "露营帐篷 4人",
    "a quiet café with a lawn",
    "🏕️\u200d 한국 \ud800",
]
MAKERS: dict[str, Callable[[Path], Encoder]] = {
    "hash": lambda _: HashEncoder(),
    "cached": lambda directory: CachedEncoder(HashEncoder(), directory),
    "onnx": lambda _: OnnxEncoder(bundled_folder()),
    "student": made,
    "sentence-transformers": lambda _: SentenceTransformerEncoder(str(bundled_folder())),
}


@pytest.fixture(scope="module", params=MAKERS)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return MAKERS[request.param](tmp_path_factory.mktemp("vectors"))


@pytest.mark.parametrize("role", ["query", "passage"])
def test_gives_one_unit_row_a_text(encoder: Encoder, role: str) -> None:
    vectors = encoder.encode(TEXTS, role)  # type: ignore[arg-type]
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([], "query").shape == (0, encoder.dim)


def test_a_vector_does_not_depend_on_its_batch_mates(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS, "passage")
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(encoder.encode([text], "passage")[0], together[row], atol=1e-6)


def test_is_deterministic_across_instances(encoder: Encoder, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    again = MAKERS[request.node.callspec.params["encoder"]](tmp_path)
    assert again.fingerprint == encoder.fingerprint
    np.testing.assert_array_equal(again.encode(TEXTS, "query"), encoder.encode(TEXTS, "query"))


def test_shared_words_are_nearer_than_strange_ones(encoder: Encoder) -> None:
    query = encoder.encode(["有草坪的咖啡店"], "query")[0]
    near, far = encoder.encode(["这家咖啡店有草坪", "跑步机电机保修三年"], "passage") @ query
    assert near > far + 0.02


def test_takes_any_sequence_and_very_long_texts(encoder: Encoder) -> None:
    vectors = encoder.encode(("草" * 100_000, "word " * 20_000), "passage")
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
