"""Does centring find items across languages, and does the check switch it on only where it helps?"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pytest

from engine.types import F32
from indexing import centre
from indexing.encode import HashEncoder


class Tilted(HashEncoder):
    """Meaning is the last character; a language adds a large common vector, as e5 does."""

    def __init__(self, tilt: float) -> None:
        super().__init__(32)
        self._tilt = tilt * np.eye(3, 32, dtype=np.float32)

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        meaning = super().encode([text[-1:] for text in texts], role)
        zh = np.array([text > "\u3400" for text in texts], dtype=bool)
        out = meaning + np.where(zh[:, None], self._tilt[0], self._tilt[1]) + (role == "query") * self._tilt[2]
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True), np.float32)


def corpus(tilt: float) -> tuple[Tilted, list[str], list[str]]:
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return Tilted(tilt), [f"中{c}" for c in letters] + [f"x{c}" for c in letters], ["zh"] * 36 + ["en"] * 36


def test_centring_finds_the_other_language() -> None:
    encoder, texts, langs = corpus(3.0)
    raw = encoder.encode(texts, "passage")
    means = centre.fit(raw, langs, texts, encoder)
    assert means.on
    english = encoder.encode([t for t, lang in zip(texts, langs, strict=True) if lang == "en"], "query")
    documents = centre.apply(raw, langs, means, "document")
    moved = centre.apply(english, ["en"] * 36, means, "query")
    chinese = np.arange(36)
    raw_rank = ((english @ raw.T) > (english @ raw.T)[chinese, chinese][:, None]).sum(1).mean()
    rank = ((moved @ documents.T) > (moved @ documents.T)[chinese, chinese][:, None]).sum(1).mean()
    assert raw_rank > 20
    assert rank < 5


def test_rows_stay_unit_vectors() -> None:
    encoder, texts, langs = corpus(3.0)
    raw = encoder.encode(texts, "passage")
    means = centre.fit(raw, langs, texts, encoder)
    out = centre.apply(raw, langs, means, "document")
    np.testing.assert_allclose(np.linalg.norm(out, axis=1), 1, atol=1e-5)
    assert out.dtype == np.float32


def test_a_row_equal_to_the_mean_keeps_its_own_direction() -> None:
    row = np.eye(1, 8, dtype=np.float32)
    means = centre.Means({"zh": row[0], "en": row[0]}, {"zh": row[0], "en": row[0]}, on=True)
    np.testing.assert_array_equal(centre.apply(row, ["zh"], means, "document"), row)


def test_one_document_of_a_language_does_not_become_its_mean() -> None:
    encoder, texts, langs = corpus(3.0)
    texts, langs = texts[:37], langs[:37]
    means = centre.fit(encoder.encode(texts, "passage"), langs, texts, encoder)
    assert float(means.document["en"] @ encoder.encode(texts[36:], "passage")[0]) < 0.99


@pytest.mark.parametrize("titles", [[], ["", " "]])
def test_nothing_to_check_means_off(titles: list[str]) -> None:
    encoder = HashEncoder()
    means = centre.fit(encoder.encode(titles, "passage"), ["zh"] * len(titles), titles, encoder)
    assert not means.on
    vectors = encoder.encode(["a"], "query")
    assert centre.apply(vectors, ["en"], means, "query") is vectors


def test_the_check_is_off_when_centring_hurts() -> None:
    encoder, texts, _ = corpus(0.0)
    raw = encoder.encode(texts[36:], "passage")
    shifted = {lang: raw[0] * 0.9 for lang in centre.LANGUAGES}
    wrong = centre.Means(shifted, {lang: -mean for lang, mean in shifted.items()}, on=True)
    asked = centre.Asked(np.arange(36), encoder.encode(texts[36:], "query"), ["en"] * 36, {})
    check = centre.decide(raw, ["en"] * 36, asked, wrong)
    assert check["mrr_raw"] == 1.0
    assert check["gain"] < 0
    assert "agreement_raw" not in check


def test_round_trip_through_arrays() -> None:
    encoder, texts, langs = corpus(3.0)
    means = centre.fit(encoder.encode(texts, "passage"), langs, texts, encoder)
    again = centre.Means.of(means.arrays(), means.on, means.check)
    assert again.check == means.check
    for name, array in means.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)
