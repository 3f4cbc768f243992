"""Are other sentence-transformers models loaded, and unsafe ones refused?"""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from engine.errors import ModelError
from indexing.encode import load_encoder
from indexing.st_encoder import SentenceTransformerEncoder

WORDS = ["[UNK]", "cafe", "lawn", "tent", "find:", "text:"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    tokens = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokens.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    table = np.random.default_rng(7).normal(size=(len(WORDS), 16)).astype(np.float32)
    made = SentenceTransformer(
        modules=[StaticEmbedding(tokens, embedding_weights=table)],
        prompts={"query": "find: ", "document": "text: "},
        device="cpu",
    )
    made.save(str(tmp_path / "model"), create_model_card=False)
    return tmp_path / "model"


def test_any_model_folder_encodes_with_its_own_prompts(model: Path) -> None:
    encoder = load_encoder(str(model), offline=True)
    assert encoder.dim == 16
    plain = SentenceTransformerEncoder(str(model), prompts={})
    np.testing.assert_allclose(encoder.encode(["cafe"], "query"), plain.encode(["find: cafe"], "query"), atol=1e-6)
    np.testing.assert_allclose(encoder.encode(["cafe"], "passage"), plain.encode(["text: cafe"], "query"), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(["cafe", "lawn tent"], "query"), axis=1), 1, atol=1e-6)


def test_fingerprint_names_weights_and_prompts(model: Path) -> None:
    first = SentenceTransformerEncoder(str(model)).fingerprint
    assert SentenceTransformerEncoder(str(model)).fingerprint == first
    assert SentenceTransformerEncoder(str(model), prompts={"query": "q: "}).fingerprint != first
    weights = next(model.rglob("*.safetensors"))
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    assert SentenceTransformerEncoder(str(model)).fingerprint != first


@pytest.mark.parametrize("name", ["pytorch_model.bin", "0_Sub/x.pt", "old.pkl", "w.CKPT"])
def test_weights_that_can_run_code_are_refused(model: Path, name: str) -> None:
    (model / name).parent.mkdir(exist_ok=True)
    (model / name).write_bytes(b"")
    with pytest.raises(ModelError, match="pickled code"):
        SentenceTransformerEncoder(str(model))


def test_code_of_a_model_is_never_run(model: Path) -> None:
    (model / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]')
    (model / "evil.py").write_text("raise SystemExit('ran')")
    with pytest.raises(ModelError, match="cannot be loaded"):
        SentenceTransformerEncoder(str(model))


def test_an_unknown_name_is_refused_without_the_hub() -> None:
    with pytest.raises(ModelError, match=r"neither a folder nor in the hub's cache.*allow the hub"):
        SentenceTransformerEncoder("nobody/no-such-model")
