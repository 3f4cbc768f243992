"""How are texts encoded offline? By any sentence-transformers model; the bundled folder's first module is here too.

The only module that imports sentence-transformers (seconds, half a gigabyte): import it late, never while serving.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
import torch
from huggingface_hub import snapshot_download
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize
from sentence_transformers.sentence_transformer.modules import Pooling

from engine.errors import ModelError
from engine.types import F32
from indexing.bundled.folder import DIGESTS, sha256
from indexing.onnx_encoder import OnnxEncoder

#: Formats that may hold pickled code. Weights are taken from safetensors or ONNX files only.
_REFUSED: Final = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt")
#: Not fetched from the hub: refused above, or copies of the weights in formats that are not used.
_NOT_FETCHED: Final = [*(f"*{s}" for s in _REFUSED), "*.h5", "*.msgpack", "onnx/*", "openvino/*"]


class OnnxTransformer(InputModule):
    """First module of the bundled folder: texts -> token vectors, by the same session as OnnxEncoder.

    Rows are run one by one without their padding, so that batch mates do not change a vector.
    """

    def __init__(self, encoder: OnnxEncoder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.encoder = encoder
        self.max_seq_length = encoder.max_tokens

    @classmethod
    def load(cls, model_name_or_path: str, *_: Any, **kwargs: Any) -> Self:
        """Load from a local bundled folder; its bytes are verified first. Loading options are not used."""
        return cls(OnnxEncoder(Path(model_name_or_path), threads=torch.get_num_threads()))

    def get_embedding_dimension(self) -> int:
        """Length of a token vector."""
        return self.encoder.dim

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: Any) -> dict[str, Any]:
        """Texts -> padded input_ids and attention_mask, int64 (batch, longest)."""
        ids = [self.encoder.token_ids(text, prompt or "") for text in inputs]
        shape = (len(ids), max(map(len, ids)))
        batch, mask = np.ones(shape, np.int64), np.zeros(shape, np.int64)
        for row, one in enumerate(ids):
            batch[row, : len(one)], mask[row, : len(one)] = one, 1
        return {"input_ids": torch.from_numpy(batch), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Adds token_embeddings float32 (batch, longest, dim), zero where padded."""
        batch, lengths = features["input_ids"].cpu().numpy(), features["attention_mask"].sum(1).tolist()
        out = np.zeros((*batch.shape, self.encoder.dim), np.float32)
        for row, length in enumerate(lengths):
            out[row, :length] = self.encoder.token_vectors(batch[row, :length])
        features["token_embeddings"] = torch.from_numpy(out)
        return features

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Not possible: the bundled folder is built by indexing.bundled.folder."""
        raise ModelError("The bundled encoder is not trainable, so there is nothing to save: copy its folder instead.")


class SentenceTransformerEncoder:
    """Any sentence-transformers model by folder or hub name; the bundled folder too, with OnnxEncoder's vectors.

    The hub is not asked unless `hub` is True; code that comes with a model is never run. `prompts` replaces the
    model's own {"query": ..., "passage": ...}. `progress` shows the library's bar. Raises ModelError when the model
    is not there, holds weights in a format that can run code, or needs code of its own.
    """

    def __init__(
        self,
        name_or_path: str,
        *,
        hub: bool = False,
        prompts: Mapping[str, str] | None = None,
        progress: bool = False,
        batch_size: int = 32,
    ) -> None:
        folder = _folder(name_or_path, hub)
        _refuse_pickles(folder)
        bundled = OnnxTransformer.load(str(folder)) if (folder / DIGESTS).exists() else None
        self._model = _load(folder, bundled)
        declared = {k: v for k, v in self._model.prompts.items() if v}
        self._prompts = dict(prompts) if prompts is not None else _prompts(declared)
        self._progress, self._batch_size = progress, batch_size
        own = bundled is not None and prompts is None
        self._fingerprint = bundled.encoder.fingerprint if bundled and own else self._digest(folder)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the model's files, prompts and truncation; the bundled folder has OnnxEncoder's own."""
        return self._fingerprint

    @property
    def dim(self) -> int:
        size = self._model.get_embedding_dimension()
        if size is None:
            raise ModelError("The model does not say how long its vectors are: it has no pooling module.")
        return int(size)

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows; texts are sorted by length inside, so give many at once."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._model.encode(
            [text.encode("utf-8", "replace").decode("utf-8") for text in texts],
            prompt=self._prompts.get(role, ""),
            batch_size=self._batch_size,
            show_progress_bar=self._progress,
            normalize_embeddings=True,
        )
        return np.asarray(vectors, np.float32)

    def _digest(self, folder: Path) -> str:
        files = sorted(p for p in folder.rglob("*") if p.suffix in {".safetensors", ".json", ".model", ".txt", ".onnx"})
        parts = [f"{p.relative_to(folder).as_posix()}:{sha256(p)}" for p in files]
        parts += [json.dumps(self._prompts, sort_keys=True), str(self._model.max_seq_length), "unit"]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _folder(name_or_path: str, hub: bool) -> Path:
    """The model's folder: itself, or where the hub's cache keeps it."""
    if Path(name_or_path).is_dir():
        return Path(name_or_path)
    try:
        return Path(snapshot_download(name_or_path, local_files_only=not hub, ignore_patterns=_NOT_FETCHED))
    except Exception as error:  # the hub's client raises many kinds: bad name, not cached, no network, no access
        advice = "check the name and the network" if hub else "give a folder, or allow the hub in the settings"
        raise ModelError(f"Encoder '{name_or_path}' is neither a folder nor in the hub's cache: {advice}.") from error


def _refuse_pickles(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _REFUSED:
            raise ModelError(
                f"{path} may hold pickled code and is not loaded: convert the weights to safetensors and delete it."
            )


def _load(folder: Path, bundled: OnnxTransformer | None) -> SentenceTransformer:
    if bundled is not None:
        config = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        modules = [bundled, Pooling.load(str(folder), subfolder="1_Pooling"), Normalize()]
        return SentenceTransformer(modules=modules, prompts=config["prompts"], device="cpu")
    try:
        return SentenceTransformer(str(folder), local_files_only=True, trust_remote_code=False)
    except (ValueError, OSError) as error:
        raise ModelError(f"{folder} cannot be loaded by sentence-transformers: {error}") from error


def _prompts(declared: Mapping[str, str]) -> dict[str, str]:
    """The model's own prompts, under the names of our roles."""
    passage = next((declared[k] for k in ("document", "passage", "corpus") if k in declared), "")
    return {"query": declared.get("query", ""), "passage": passage}
