"""How does multilingual-e5-small look as ONNX? A BERT graph in int8, written node by node.

The word table keeps the file's own 4-bit blocks (lossless, an eighth of float32); the matrices of the layers are
requantised to int8 per channel, with 7 bits of range: with 8, CPUs without VNNI saturate (onnxruntime's U8S8 kernels
on AVX2), so that two machines would disagree about a vector. Activations are quantised per call (dynamic).

The nodes are the fastest that onnxruntime has for short texts on one thread: products take their bias along, and
Add with LayerNormalization costs a third of SkipLayerNormalization, so sessions must not fuse them back
(indexing.onnx_encoder optimises no further than "basic").
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from engine.types import F32, I8
from indexing.bundled.weights import BLOCK, Weights

_FUSED: Final = "com.microsoft"
_EPSILON: Final = 1e-12
_RANGE: Final = 64  # int8 weights lie within it, both ways


class _Graph:
    """Nodes and constants in the making; each method returns the name of what it adds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, op: str, inputs: Sequence[str], out: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, list(inputs), [out], name=out, domain=domain, **attributes))
        return out

    def several(self, op: str, inputs: Sequence[str], outs: list[str]) -> list[str]:
        """A node of several outputs."""
        self.nodes.append(helper.make_node(op, list(inputs), outs, name=outs[0]))
        return outs


def build(weights: Weights, keep: Sequence[int]) -> Any:
    """The ModelProto: input_ids, attention_mask int64 (batch, seq) ->
    token_embeddings float32 (batch, seq, hidden), sentence_embedding float32 (batch, hidden) of length 1."""
    graph, hidden = _Graph(), weights.shape.hidden
    x = _embed(graph, weights, np.asarray(keep))
    graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for layer in range(weights.shape.layers):
        x = _layer(graph, weights, f"l{layer}", x)
    graph.node("Identity", [x], "token_embeddings")
    _pool(graph, x)
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["b", "s"]) for n in ("input_ids", "attention_mask")]
    outputs = [
        helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, ["b", "s", hidden]),
        helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["b", hidden]),
    ]
    body = helper.make_graph(graph.nodes, "multilingual-e5-small", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=10)


def quantised(matrix: F32) -> tuple[I8, F32]:
    """(in, out) weights -> the same as int8 within +-64, and the scale of each column (out,) float32."""
    scale = np.maximum(np.abs(matrix).max(axis=0), np.finfo(np.float32).tiny) / np.float32(_RANGE)
    return np.rint(matrix / scale).astype(np.int8), scale


def _embed(graph: _Graph, weights: Weights, rows: npt.NDArray[np.int64]) -> str:
    hidden, vocabulary = weights.shape.hidden, weights.shape.vocabulary
    nibbles, scales = weights.blocks("emb.word")
    nibbles = nibbles.reshape(vocabulary, hidden)[rows] ^ np.uint8(8)  # less 8, in two's complement
    packed = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).tobytes()
    graph.constants.append(helper.make_tensor("word", TensorProto.INT4, [len(rows), hidden], packed, raw=True))
    graph.constant("word.scale", scales.reshape(vocabulary, hidden // BLOCK)[rows])
    table = weights.tensor("emb.pos", weights.shape.positions, hidden)
    graph.constant("positions", table + weights.tensor("emb.type", weights.shape.types, hidden)[0])
    for name, value in (("0", 0), ("1", 1), ("2", 2)):
        graph.constant(name, np.array([value], np.int64))
    inputs = ["word", "input_ids", "word.scale"]
    graph.node("GatherBlockQuantized", inputs, "words", _FUSED, block_size=BLOCK, gather_axis=0, quantize_axis=1)
    graph.node("Shape", ["input_ids"], "shape")
    graph.node("Slice", ["shape", "1", "2"], "length")
    graph.node("Slice", ["positions", "0", "length"], "places")
    graph.node("Add", ["words", "places"], "embedded")
    norm = _norm(graph, weights, "emb.ln")
    return graph.node("LayerNormalization", ["embedded", *norm], "x", axis=-1, epsilon=_EPSILON)


def _layer(graph: _Graph, weights: Weights, at: str, x: str) -> str:
    hidden, wide = weights.shape.hidden, weights.shape.feed_forward
    seen = _attention(graph, weights, at, x)
    x = _add_norm(graph, weights, f"{at}.aln", (_product(graph, weights, f"{at}.ao", seen, (hidden, hidden)), x))
    grown = _product(graph, weights, f"{at}.fi", x, (wide, hidden))
    active = graph.node("Gelu", [grown], f"{at}.gelu")
    return _add_norm(graph, weights, f"{at}.oln", (_product(graph, weights, f"{at}.fo", active, (hidden, wide)), x))


def _attention(graph: _Graph, weights: Weights, at: str, x: str) -> str:
    hidden = weights.shape.hidden
    matrix = np.concatenate([weights.tensor(f"{at}.{k}.w", hidden, hidden).T for k in "qkv"], axis=1)
    bias = np.concatenate([weights.tensor(f"{at}.{k}.b", hidden) for k in "qkv"])
    part = graph.several("DynamicQuantizeLinear", [x], [f"{at}.in.{k}" for k in ("int8", "scale", "zero")])
    ints, scale, zero = _constants(graph, f"{at}.qkv", matrix)
    inputs = [part[0], ints, graph.constant(f"{at}.qkv.b", bias), part[1], scale, "mask", part[2], zero]
    return graph.node("QAttention", inputs, f"{at}.seen", _FUSED, num_heads=weights.shape.heads)


def _product(graph: _Graph, weights: Weights, name: str, x: str, shape: tuple[int, int]) -> str:
    """x times a matrix of the file ((out, in) there) plus its bias."""
    inputs = [x, *_constants(graph, name, weights.tensor(f"{name}.w", *shape).T)]
    bias = graph.constant(f"{name}.b", weights.tensor(f"{name}.b", shape[0]))
    return graph.node("DynamicQuantizeMatMul", [*inputs, bias], f"{name}.product", _FUSED)


def _constants(graph: _Graph, name: str, matrix: F32) -> tuple[str, str, str]:
    """A quantised matrix as constants: its integers, scales and zero points."""
    ints, scale = quantised(matrix)
    parts = (("w", ints), ("scale", scale), ("zero", np.zeros(len(scale), np.int8)))
    integers, scales, zeros = (graph.constant(f"{name}.{part}", value) for part, value in parts)
    return integers, scales, zeros


def _add_norm(graph: _Graph, weights: Weights, norm: str, terms: tuple[str, str]) -> str:
    total = graph.node("Add", list(terms), f"{norm}.sum")
    inputs = [total, *_norm(graph, weights, norm)]
    return graph.node("LayerNormalization", inputs, f"{norm}.out", axis=-1, epsilon=_EPSILON)


def _norm(graph: _Graph, weights: Weights, name: str) -> tuple[str, str]:
    scale, shift = (weights.tensor(f"{name}.{k}", weights.shape.hidden) for k in "wb")
    return graph.constant(f"{name}.w", scale), graph.constant(f"{name}.b", shift)


def _pool(graph: _Graph, x: str) -> None:
    graph.node("Cast", ["attention_mask"], "mask.f", to=TensorProto.FLOAT)
    graph.node("Unsqueeze", ["mask.f", "2"], "mask.3d")
    graph.node("Mul", [x, "mask.3d"], "masked")
    graph.node("ReduceSum", ["masked", "1"], "sum", keepdims=0)
    graph.node("ReduceSum", ["mask.3d", "1"], "count", keepdims=0)
    graph.node("Div", ["sum", "count"], "mean")
    graph.node("LpNormalization", ["mean"], "sentence_embedding", axis=1, p=2)
