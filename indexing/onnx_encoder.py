"""How does a text become a vector while serving? SentencePiece, one ONNX call on one thread, no torch."""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime
import sentencepiece

from engine.errors import ModelError
from engine.types import F32, I64
from indexing.bundled.folder import CONFIG, MODEL, PIECES, verify

#: No piece of the vocabulary is longer (characters), so this many characters always fill the tokens allowed.
_LONGEST_PIECE = 16
#: Chinese writes no spaces. A query that was put together of words has some, each a token: a fifth of its time.
_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")

#: How a piece shows the space before it.
_SPACE = "\u2581"


class OnnxEncoder:
    """The bundled encoder folder, run by onnxruntime.

    One text a call: the int8 graph picks its activation scale per call, so batch mates would change a vector; it is
    also the faster way on a CPU. Thread-safe: session and tokenizer are only read. `workers` texts of one `encode`
    run at once (jobs: a core each; the model lets go of the interpreter). `max_tokens` (specials included) cuts
    longer texts; default as the folder says, at most 512. Raises ModelError when the folder's bytes are wrong.
    """

    def __init__(self, folder: Path, threads: int = 1, max_tokens: int | None = None, workers: int = 1) -> None:
        digests = verify(folder)
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        self._prefix = {"query": str(config["query"]), "passage": str(config["passage"])}
        self._dim = int(config["dim"])
        self.max_tokens = int(max_tokens or config["max_tokens"])
        if not 8 <= self.max_tokens <= 512:
            raise ModelError(f"max_tokens is {self.max_tokens}: the model takes 8 to 512 tokens.")
        parts = (digests[MODEL], digests[PIECES], *self._prefix.values(), "mean", "unit", "nfc", "closed-queries")
        parts = (*parts, str(self.max_tokens))
        self._fingerprint = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        self._tokens = sentencepiece.SentencePieceProcessor(model_file=str(folder / PIECES))
        self._session, self._workers = _session(folder / MODEL, threads), workers

    @property
    def fingerprint(self) -> str:
        """SHA-256 over weights, pieces, prefixes, pooling, normalisation and truncation."""
        return self._fingerprint

    @property
    def dim(self) -> int:
        return self._dim

    def encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> F32:
        """-> (len(texts), dim) float32 unit rows. An empty text is encoded as its bare prefix."""
        out = np.empty((len(texts), self._dim), np.float32)

        def one(row: int) -> None:
            (out[row],) = self._run(["sentence_embedding"], self.token_ids(texts[row], self._prefix[role]))

        if self._workers == 1 or len(texts) == 1:
            for row in range(len(texts)):
                one(row)
        else:
            with ThreadPoolExecutor(self._workers, "encode") as pool:
                list(pool.map(one, range(len(texts))))
        return out

    def within(self, text: str, parts: Sequence[str]) -> tuple[F32, list[F32 | None]]:
        """The vector of a query, and of each part of it the mean of its own tokens as they are read in the query.

        What frames every query (its prefix, begin and end) belongs to each part, too. None: no half of it stands there.
        """
        ids, frame = self.token_ids(text, self._prefix["query"]), len(self.token_ids("", self._prefix["query"])) - 1
        whole, tokens = self._run(["sentence_embedding", "token_embeddings"], ids)
        pieces = [self._tokens.id_to_piece(piece) for piece in ids[frame:-1].tolist()]
        return whole, [_mean_of(tokens, frame, among(part, pieces)) for part in parts]

    def plain(self, text: str) -> str:
        """What the model reads of a text: texts that are equal so have equal vectors."""
        normal: str = self._tokens.normalize(tidy(text))
        return normal

    def token_ids(self, text: str, prefix: str = "") -> I64:
        """-> the ids of prefix and text (tokens,), begin and end included, cut to max_tokens."""
        room = self.max_tokens - 2
        plain = tidy(prefix + text)
        if prefix == self._prefix["query"]:
            plain = _GAP.sub("", plain)
        ids = self._tokens.encode(plain[: room * _LONGEST_PIECE])[:room]
        return np.array([self._tokens.bos_id(), *ids, self._tokens.eos_id()], np.int64)

    def token_vectors(self, ids: I64) -> F32:
        """Ids of one text (tokens,) -> the last layer (tokens, dim), before pooling."""
        (found,) = self._run(["token_embeddings"], ids)
        return found

    def _run(self, outputs: list[str], ids: I64) -> list[F32]:
        batch = ids[None]
        found = self._session.run(outputs, {"input_ids": batch, "attention_mask": np.ones_like(batch)})
        return [each[0] for each in found]


def among(part: str, pieces: Sequence[str]) -> range | None:
    """Which pieces of a text (as sentencepiece spells them) are those of a part of it, or of more than half of it?"""
    begun, said = [0], "".join(part.split()).lower()
    for piece in pieces:
        begun.append(begun[-1] + len(piece.replace(_SPACE, "")))
    text = "".join(pieces).replace(_SPACE, "").lower()
    match = SequenceMatcher(None, text, said, autojunk=False).find_longest_match()
    if 2 * match.size <= len(said) or len(text) != begun[-1]:
        return None
    first = bisect_right(begun, match.a) - 1
    return range(first, bisect_left(begun, match.a + match.size))


def _mean_of(tokens: F32, frame: int, pieces: range | None) -> F32 | None:
    """The unit mean of some pieces, and of the tokens that frame them all: `frame` before them, one behind."""
    if pieces is None:
        return None
    rows = [*range(frame), *(frame + piece for piece in pieces), len(tokens) - 1]
    mean = tokens[rows].mean(axis=0)
    found: F32 = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return found


def tidy(text: str) -> str:
    """NFC (the model's normaliser does not compose accents), single spaces, lone surrogates replaced."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    return " ".join(composed.split())


def _session(model: Path, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC  # why: bundled/graph.py
    # A spinning pool would burn the core that the next request needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
