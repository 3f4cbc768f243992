"""Which encoder turns texts into vectors? The bundled one by default; any sentence-transformers model by setting."""

from pathlib import Path
from typing import Final

from engine.ports import Encoder
from indexing.bundled.folder import bundled_folder
from indexing.hash_encoder import HashEncoder
from indexing.onnx_encoder import OnnxEncoder

__all__ = ["HashEncoder", "OnnxEncoder", "bundled_folder", "load_encoder"]

BUNDLED: Final = "bundled"
HASH: Final = "hash"


def load_encoder(setting: str, *, offline: bool, cache: Path | None = None) -> Encoder:
    """The encoder that a setting names: "bundled", "hash", or a model's folder.

    Raises ModelError when it cannot be had.
    """
    if setting == HASH:
        return HashEncoder()
    folder = bundled_folder(cache) if setting == BUNDLED else Path(setting)
    return OnnxEncoder(folder)
