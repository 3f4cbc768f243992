"""How does multilingual-e5-small look as ONNX? A fused BERT graph, written node by node, layers then int8.

The word table keeps the file's own 4-bit blocks (lossless, an eighth of float32); the matrices of the layers are
requantised to int8 per channel, with 7 bits of range: with 8, CPUs without VNNI saturate (onnxruntime's U8S8 kernels
on AVX2), so that two machines would disagree about a vector.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from indexing.bundled.weights import BLOCK, Weights

_FUSED: Final = "com.microsoft"
_EPSILON: Final = 1e-12


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


def build(weights: Weights, keep: Sequence[int]) -> Any:
    """The float32 ModelProto: input_ids, attention_mask int64 (batch, seq) ->
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
    model = helper.make_model(body, opset_imports=opsets, ir_version=10)
    # The nodes are fused by hand: the quantiser need not ask for a preparing pass.
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})
    return model


def quantize(model: Any, target: Path) -> None:
    """Write the model with int8 weights per channel and activations quantised per call (dynamic)."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        source = Path(folder) / "float32.onnx"
        onnx.save(model, str(source))
        quantize_dynamic(
            str(source),
            str(target),
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )


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
    qkv = np.concatenate([weights.tensor(f"{at}.{k}.w", hidden, hidden).T for k in "qkv"], axis=1)
    bias = np.concatenate([weights.tensor(f"{at}.{k}.b", hidden) for k in "qkv"])
    inputs = [x, graph.constant(f"{at}.qkv.w", qkv), graph.constant(f"{at}.qkv.b", bias), "mask"]
    seen = graph.node("Attention", inputs, f"{at}.seen", _FUSED, num_heads=weights.shape.heads)
    x = _add_norm(graph, weights, at, ("ao", "aln"), (_matmul(graph, weights, f"{at}.ao", seen, (hidden, hidden)), x))
    grown = _matmul(graph, weights, f"{at}.fi", x, (wide, hidden))
    bias_in = graph.constant(f"{at}.fi.b", weights.tensor(f"{at}.fi.b", wide))
    active = graph.node("BiasGelu", [grown, bias_in], f"{at}.gelu", _FUSED)
    return _add_norm(
        graph, weights, at, ("fo", "oln"), (_matmul(graph, weights, f"{at}.fo", active, (hidden, wide)), x)
    )


def _matmul(graph: _Graph, weights: Weights, name: str, x: str, shape: tuple[int, int]) -> str:
    matrix = graph.constant(f"{name}.w", weights.tensor(f"{name}.w", *shape).T)
    return graph.node("MatMul", [x, matrix], f"{name}.product")


def _add_norm(graph: _Graph, weights: Weights, at: str, names: tuple[str, str], inputs: tuple[str, str]) -> str:
    product, norm = names
    scale, shift = _norm(graph, weights, f"{at}.{norm}")
    bias = graph.constant(f"{at}.{product}.b", weights.tensor(f"{at}.{product}.b", weights.shape.hidden))
    ins = [*inputs, scale, shift, bias]
    return graph.node("SkipLayerNormalization", ins, f"{at}.{norm}.out", _FUSED, epsilon=_EPSILON)


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
