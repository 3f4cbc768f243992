"""Which encoder turns texts into vectors? The bundled one by default; any sentence-transformers model by setting."""

import os
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Final

from engine.errors import ModelError
from engine.ports import Encoder
from indexing.bundled.folder import DIGESTS, bundled_folder
from indexing.hash_encoder import HashEncoder
from indexing.onnx_encoder import OnnxEncoder
from indexing.vector_cache import CachedEncoder

__all__ = [
    "CachedEncoder",
    "HashEncoder",
    "OnnxEncoder",
    "bundled_folder",
    "load_encoder",
    "servable_folder",
    "start_loading",
]

BUNDLED: Final = "bundled"
HASH: Final = "hash"


def load_encoder(
    setting: str,
    *,
    offline: bool,
    cache: Path | None = None,
    hub: bool = False,
    progress: bool = False,
    workers: int | None = None,
) -> Encoder:
    """The encoder that a setting names: "bundled", "hash", or a model's name or folder.

    offline (jobs): folders of the bundled format run on onnxruntime, a text on each core; other models through
    sentence-transformers, which takes a GPU when there is one.
    Serving: always onnxruntime alone, so only "hash", "bundled" and copies of the bundled folder can serve.
    `workers`: texts encoded at once, where a job has not all cores.
    `hub` allows downloads by name, `progress` shows a bar (both offline only). Raises ModelError that says what to do.
    """
    if setting == HASH:
        return HashEncoder()
    if not offline:
        return OnnxEncoder(servable_folder(setting, cache))
    folder = bundled_folder(cache) if setting == BUNDLED else Path(setting)
    if (folder / DIGESTS).exists():
        return OnnxEncoder(folder, workers=workers or len(os.sched_getaffinity(0)))
    if find_spec("sentence_transformers") is None:
        raise ModelError(
            f"Encoder '{setting}' needs sentence-transformers: pip install 'lifestyle-search[indexing]', "
            f"or set the encoder to 'bundled'."
        )
    from indexing.st_encoder import SentenceTransformerEncoder  # noqa: PLC0415  # seconds to import, jobs only

    return SentenceTransformerEncoder(setting, hub=hub, progress=progress)


def start_loading(setting: str) -> Future[Encoder]:
    """The serving encoder, read and verified beside whatever else a start does: most of it is native code.

    Raises ModelError at once for an encoder that cannot serve; damaged bytes raise it from the future.
    """
    loading: Future[Encoder] = Future()
    if setting == HASH:
        loading.set_result(HashEncoder())
        return loading
    folder = servable_folder(setting)

    def load() -> None:
        try:
            loading.set_result(OnnxEncoder(folder))
        except BaseException as error:
            loading.set_exception(error)

    Thread(target=load, name="encoder", daemon=True).start()
    return loading


def servable_folder(setting: str, cache: Path | None = None) -> Path:
    """The folder of an encoder that can serve. Raises ModelError that says what to do."""
    folder = bundled_folder(cache) if setting == BUNDLED else Path(setting)
    if not (folder / DIGESTS).exists():
        raise ModelError(
            f"Encoder '{setting}' cannot serve: serving runs without torch and takes the bundled folder format only "
            f"(model.onnx, sentencepiece.model, encoder.json, {DIGESTS}). Set the encoder to 'bundled'."
        )
    return folder
