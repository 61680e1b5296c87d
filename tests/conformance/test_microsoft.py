"""Operators of com.microsoft, and those that early ONNX dropped, against ONNX Runtime on random numbers.

Each test draws its numbers from a seed of its own, which it prints; LITE_TEST_SEED repeats one.
"""

import os
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper, numpy_helper

import lite

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import models  # noqa: E402

MS = "com.microsoft"

# On x86 processors without 8-bit dot products ONNX Runtime adds products of bytes in pairs of 16 bits, which are cut off. Weights of 7 bits
# never are.
FLAGS = pathlib.Path("/proc/cpuinfo").read_text().split()
PEER_CUTS_OFF = "avx2" in FLAGS and not {"avx512_vnni", "avx_vnni"} & set(FLAGS)


class Numbers:
    """Random tensors."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def f32(self, *shape, scale=1.0):
        return (self.rng.standard_normal(shape) * scale).astype(np.float32)

    def ints(self, low, high, *shape, dtype=np.int64):
        return np.asarray(self.rng.integers(low, high, shape, dtype=dtype), dtype)

    def u8(self, *shape):
        return self.ints(0, 256, *shape, dtype=np.uint8)

    def i8(self, *shape):
        end = 64 if PEER_CUTS_OFF else 128
        return self.ints(-end, end, *shape, dtype=np.int8)

    def scale(self, *shape):
        return np.asarray(self.rng.uniform(0.01, 0.1, shape), np.float32)


@pytest.fixture
def r(request):
    seed = int(os.environ.get("LITE_TEST_SEED", 0)) or int(np.random.SeedSequence().entropy % 2**31)
    print(f"LITE_TEST_SEED={seed}")
    return Numbers(seed)


def build(op, inputs, outputs, attrs, constants, opset, domain):
    """One node. Inputs that are None are left out; those whose index is in `constants` are initializers."""
    names = ["" if v is None else f"x{i}" for i, v in enumerate(inputs)]
    out = [f"y{i}" if wanted else "" for i, wanted in enumerate(outputs)]
    node = helper.make_node(op, names, out, domain=domain, **{k: v for k, v in attrs.items() if v is not None})
    graph = helper.make_graph(
        [node], "g",
        [helper.make_tensor_value_info(n, TensorProto.STRING if v.dtype == object else helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
         for i, (n, v) in enumerate(zip(names, inputs)) if n and i not in constants],
        [helper.make_value_info(n, onnx.TypeProto()) for n in out if n],
        [numpy_helper.from_array(inputs[i], names[i]) for i in constants if inputs[i] is not None])
    imports = [helper.make_opsetid("", opset), helper.make_opsetid(MS, 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=10 if opset > 8 else 3)


def peer(model, feeds):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return session.run(None, feeds)


def ours(model, feeds, **options):
    with lite.Network(model, threads=2, options=options) as net:
        return list(net.run(feeds).values())


def close(got, want, rtol, atol, off_by=0):
    assert len(got) == len(want)
    for i, (g, w) in enumerate(zip(got, want)):
        assert g.dtype == w.dtype, f"output {i}"
        assert g.shape == w.shape, f"output {i}"
        if w.dtype.kind in "iub":
            assert np.abs(g.astype(np.int64) - w.astype(np.int64)).max(initial=0) <= off_by, f"output {i}"
        else:
            np.testing.assert_allclose(g.astype(np.float64), w.astype(np.float64), rtol, atol, err_msg=f"output {i}")


def agree(op, inputs, outputs=1, constants=(), version=17, rtol=1e-4, atol=1e-5, off_by=0, domain=MS, want=None, **attrs):
    """Both give the same, optimised or not. `want` replaces ONNX Runtime where it has no kernel."""
    outputs = [True] * outputs if isinstance(outputs, int) else outputs
    model = build(op, inputs, outputs, attrs, constants, version, domain).SerializeToString()
    feeds = {f"x{i}": v for i, v in enumerate(inputs) if v is not None and i not in constants}
    want = peer(model, feeds) if want is None else want
    for options in ({}, {"optimize": "off"}):
        close(ours(model, feeds, **options), want, rtol, atol, off_by)
    return want


def refused(op, inputs, match, outputs=1, constants=(), **attrs):
    model = build(op, inputs, [True] * outputs, attrs, constants, 17, MS).SerializeToString()
    with pytest.raises(lite.Error, match=match) as e:
        lite.Network(model)
    assert [n.op_type for n in e.value.unsupported] == [op]


# ---- other names, short formulas


@pytest.mark.parametrize("shape", [(2, 3, 8), (5,), (1, 1, 4)])
def test_gelu_family(r, shape):
    x, bias = r.f32(*shape, scale=3), r.f32(shape[-1])
    agree("Gelu", [x])
    agree("FastGelu", [x])
    agree("FastGelu", [x, bias])
    agree("BiasGelu", [x, bias])
    agree("QuickGelu", [x])
    agree("QuickGelu", [x], alpha=0.7)


def erf_gelu(x):
    import math

    return (x / 2 * (1 + np.vectorize(math.erf)(x / np.sqrt(2)))).astype(np.float32)


def test_biased(r):
    x, bias, skip = r.f32(2, 3, 8), r.f32(8), r.f32(2, 3, 8)
    agree("BiasAdd", [x, bias, skip], want=[x + bias + skip])
    s = x + bias
    agree("BiasSplitGelu", [x, bias], want=[s[..., :4] * erf_gelu(s[..., 4:])])
    agree("BiasDropout", [x, bias, skip], want=[x + bias + skip])
    agree("BiasDropout", [x, bias, None, np.array(0.5, np.float32)], outputs=2, want=[x + bias, np.ones(x.shape, bool)])
    mask = r.f32(2, 1, 8)
    e = np.exp(x + mask - (x + mask).max(-1, keepdims=True))
    agree("BiasSoftmax", [x, mask], axis=2, is_inner_broadcast=1, want=[e / e.sum(-1, keepdims=True)])
    e = np.exp(s)
    agree("BiasSoftmax", [x, bias], axis=1, is_inner_broadcast=0, want=[e / e.sum((1, 2), keepdims=True)])
    w = r.f32(8, 4)
    p = x @ w + bias[:4]
    agree("GemmFastGelu", [x, w, bias[:4]],
          want=[(p / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (p + 0.044715 * p**3)))).astype(np.float32)])


def test_moved(r):
    x = r.f32(3, 4, 5)
    agree("Trilu", [x])
    agree("Trilu", [x, np.array(-1, np.int64)], upper=0)
    agree("GatherND", [x, r.ints(0, 3, 2, 2)])
    agree("Pad", [x, np.array([1, 0, 2, 0, 1, 0], np.int64), np.array([7], np.float32)], constants=[1])
    agree("Pad", [x, np.array([1, 0, 2, 0, 1, 0], np.int64)], constants=[1], mode="reflect")
    agree("ExpandDims", [x, np.array(1, np.int32)], constants=[1])
    agree("ExpandDims", [x, np.array(-1, np.int32)], constants=[1])
    for dim, size, step in ((0, 2, 1), (-1, 3, 2), (1, 4, 1)):
        agree("UnfoldTensor", [x], dim=dim, size=size, step=step)
    grid = r.rng.uniform(-1.2, 1.2, (2, 3, 4, 2)).astype(np.float32)
    for mode in ("bilinear", "nearest", "bicubic"):
        agree("GridSample", [r.f32(2, 3, 5, 6), grid], mode=mode, align_corners=1)
    at = r.ints(0, 3, 2, 2)
    agree("TorchEmbedding", [x, at], want=[x[at]])


def test_range_and_unique(r):
    agree("Range", [np.array(v, np.int64) for v in (1, 9, 3)], constants=[0, 1, 2])
    agree("Range", [np.array(v, np.float32) for v in (1, 4)], constants=[0, 1])
    agree("Range", [np.array([v], np.int32) for v in (5, -2, -2)], constants=[0, 1, 2])
    agree("Unique", [r.ints(0, 5, 20).astype(np.float32)], outputs=3)


def test_distances(r):
    a, b = r.f32(5, 7), r.f32(3, 7)
    agree("CDist", [a, b], rtol=1e-3)
    agree("CDist", [a, b], metric="euclidean", rtol=1e-3)


def test_swiglu(r):
    gate, up = r.f32(2, 8, scale=3), r.f32(2, 8, scale=3)
    silu = lambda x, a: x / (1 + np.exp(-a * x))
    agree("SwiGLU", [gate, up], want=[silu(gate, 1) * up])
    agree("SwiGLU", [gate], want=[silu(gate[:, :4], 1) * gate[:, 4:]])
    g, u = np.minimum(gate, 2), np.clip(up, -2, 2)
    agree("SwiGLU", [gate, up], limit=2.0, activation_alpha=1.7, activation_beta=1.0, want=[silu(g, np.float32(1.7)) * (u + 1)])


def test_transposed_convolution_with_pads(r):
    x, w, b = r.f32(1, 3, 5, 5), r.f32(3, 2, 3, 3), r.f32(2)
    pads = np.array([1, 0, 1, 1], np.int64)
    agree("ConvTransposeWithDynamicPads", [x, w, pads, b], constants=[1, 2, 3], strides=[2, 2])
    agree("ConvTransposeWithDynamicPads", [x, w, np.zeros(4, np.int64)], constants=[1, 2], kernel_shape=[3, 3])
    refused("ConvTransposeWithDynamicPads", [x, w, pads], "Pads")


def test_integer_products(r):
    a, b = r.ints(-99, 99, 2, 3, 4, dtype=np.int16), r.ints(-99, 99, 4, 5, dtype=np.int16)
    agree("MatMulInteger16", [a, b])


# ---- fused products


@pytest.mark.parametrize("a,b", [((3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((2, 2, 3, 4), (4, 5))])
@pytest.mark.parametrize("trans_a,trans_b", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_fused_mat_mul(r, a, b, trans_a, trans_b):
    swap = lambda s, t: (*s[:-2], s[-1], s[-2]) if t and len(s) > 1 else s
    inputs = [r.f32(*swap(a, trans_a)), r.f32(*swap(b, trans_b))]
    agree("FusedMatMul", inputs, transA=trans_a, transB=trans_b, alpha=0.5)
    agree("TransposeMatMul", inputs, transA=trans_a, transB=trans_b, alpha=-2.0)


def test_fused_mat_mul_vectors(r):
    agree("FusedMatMul", [r.f32(4), r.f32(4, 5)], alpha=0.5)
    agree("FusedMatMul", [r.f32(2, 3, 4), r.f32(4)])
    refused("FusedMatMul", [r.f32(2, 4, 3), r.f32(4)], "vector", transA=1)


def test_fused_mat_mul_batches(r):
    a, b = r.f32(3, 2, 4), r.f32(2, 4, 5)
    agree("FusedMatMul", [a, b], transBatchA=1)
    agree("FusedMatMul", [r.f32(2, 3, 4), r.f32(4, 2, 5)], transBatchB=1)
    agree("FusedMatMul", [r.f32(4, 2, 3), r.f32(4, 2, 5)], transBatchA=1, transBatchB=1, transA=1)
    agree("FusedMatMul", [r.f32(4, 2, 3, 5), r.f32(4, 2, 3, 6)], transBatchA=1, transBatchB=1, transA=1)


def test_fused_mat_mul_activation(r):
    a, b = r.f32(3, 4), r.f32(4, 5)
    agree("FusedMatMulActivation", [a, b], activation="Relu", want=[np.maximum(a @ b, 0)])
    agree("FusedMatMulActivation", [a, b], activation="LeakyRelu", activation_alpha=0.3, alpha=2.0,
          want=[np.where(a @ b > 0, 2 * (a @ b), np.float32(0.3) * 2 * (a @ b))])
    refused("FusedMatMulActivation", [a, b], "activation", activation="Nothing")


@pytest.mark.parametrize("activation,params", [("Relu", {}), ("Tanh", {}), ("Sigmoid", {}), ("Softplus", {}), ("Softsign", {}),
                                               ("LeakyRelu", {"activation_alpha": 0.2}), ("Elu", {"activation_alpha": 0.5}),
                                               ("ThresholdedRelu", {"activation_alpha": 0.5}),
                                               ("HardSigmoid", {"activation_alpha": 0.3, "activation_beta": 0.4})])
def test_fused_gemm(r, activation, params):
    a, b, c = r.f32(3, 4), r.f32(5, 4), r.f32(5)
    agree("FusedGemm", [a, b, c], constants=[1, 2], transB=1, alpha=0.7, beta=0.3, activation=activation, **params)
    agree("FusedGemm", [a, b], transB=1, activation=activation, **params)


@pytest.mark.parametrize("activation,params", [(None, None), ("Relu", None), ("Sigmoid", None), ("Tanh", None), ("LeakyRelu", [0.1]),
                                               ("Clip", [-0.5, 0.5]), ("HardSigmoid", [0.2, 0.5])])
@pytest.mark.parametrize("z", [False, True])
def test_fused_conv(r, activation, params, z):
    x, w, b = r.f32(2, 4, 7, 6), r.f32(6, 2, 3, 3), r.f32(6)
    more = [r.f32(2, 6, 7, 6)] if z else []
    agree("FusedConv", [x, w, b, *more], constants=[1, 2], group=2, pads=[1] * 4, activation=activation, activation_params=params)


# ---- norms


@pytest.mark.parametrize("skip", [(2, 3, 8), (1, 3, 8), (3, 8)])
@pytest.mark.parametrize("beta,bias", [(True, True), (True, False), (False, True), (False, False)])
def test_skip_layer_norm(r, skip, beta, bias):
    inputs = [r.f32(2, 3, 8), r.f32(*skip), r.f32(8), r.f32(8) if beta else None, r.f32(8) if bias else None]
    agree("SkipLayerNormalization", inputs, epsilon=1e-5)
    agree("SkipLayerNormalization", inputs, outputs=[True, False, False, True])


@pytest.mark.parametrize("bias", [True, False])
def test_skip_rms_norm(r, bias):
    inputs = [r.f32(2, 3, 8), r.f32(2, 3, 8), r.f32(8), r.f32(8) if bias else None]
    agree("SkipSimplifiedLayerNormalization", inputs, epsilon=1e-6)
    agree("SkipSimplifiedLayerNormalization", inputs, outputs=[True, False, False, True])


def test_simplified_layer_norm(r):
    x, scale = r.f32(2, 3, 8), r.f32(8)
    agree("SimplifiedLayerNormalization", [x, scale], domain="", epsilon=1e-6, axis=-1)
    agree("SimplifiedLayerNormalization", [x, scale], domain="", outputs=2)
    agree("SimplifiedLayerNormalization", [x, r.f32(3, 8)], domain="", axis=1)


@pytest.mark.parametrize("segments", [True, False])
@pytest.mark.parametrize("mask", [True, False])
@pytest.mark.parametrize("positions", [True, False])
def test_embed_layer_norm(r, segments, mask, positions):
    ids = r.ints(0, 20, 2, 5, dtype=np.int32)
    inputs = [ids, r.ints(0, 2, 2, 5, dtype=np.int32) if segments else None, r.f32(20, 8), r.f32(10, 8),
              r.f32(2, 8) if segments else None, r.f32(8), r.f32(8),
              (np.arange(5) < r.ints(1, 6, 2, 1)).astype(np.int32) if mask else None,
              r.ints(0, 10, 2, 5, dtype=np.int32) if positions else None]
    agree("EmbedLayerNormalization", inputs, outputs=2, epsilon=1e-6)
    agree("EmbedLayerNormalization", inputs, outputs=3)


@pytest.mark.parametrize("segments", [True, False])
def test_quantized_embed_layer_norm(r, segments):
    tables = [r.u8(20, 8), r.u8(10, 8), r.u8(2, 8) if segments else None, r.u8(8), r.u8(8)]
    scales = [None if t is None else np.asarray(r.scale()) for t in tables]
    zeros = [None if t is None else r.u8() for t in tables]
    ids = r.ints(0, 20, 2, 5, dtype=np.int32)
    mask = (np.arange(5) < r.ints(1, 6, 2, 1)).astype(np.int32)
    inputs = [ids, r.ints(0, 2, 2, 5, dtype=np.int32) if segments else None, *tables, mask, *scales, *zeros]
    agree("QEmbedLayerNormalization", inputs, outputs=2, constants=range(2, 7), rtol=1e-3, atol=1e-4)


def test_group_norm(r):
    x, gamma, beta, skip, bias = r.f32(2, 3, 4, 8), r.f32(8), r.f32(8), r.f32(2, 8), r.f32(8)

    def norm(x, silu):
        g = np.moveaxis(x, -1, 1).reshape(2, 4, -1).astype(np.float64)
        g = (g - g.mean(-1, keepdims=True)) / np.sqrt(g.var(-1, keepdims=True) + 1e-5)
        y = np.moveaxis(g.reshape(2, 8, 3, 4), 1, -1) * gamma + beta
        return (y / (1 + np.exp(-y)) if silu else y).astype(np.float32)

    for silu in (0, 1):
        agree("GroupNorm", [x, gamma, beta], groups=4, activation=silu, want=[norm(x, silu)])
        s = x + skip[:, None, None] + bias
        agree("SkipGroupNorm", [x, gamma, beta, skip, bias], outputs=2, groups=4, activation=silu, want=[norm(s, silu), s])
    first = np.ascontiguousarray(np.moveaxis(x, -1, 1))
    agree("GroupNorm", [first, gamma, beta], groups=4, activation=0, channels_last=0,
          want=[np.ascontiguousarray(np.moveaxis(norm(x, 0), -1, 1))])


def test_branchwise_and_gated_rms_norm(r):
    x = r.f32(2, 3, 4, 8)
    agree("BranchwiseRMSNorm", [x])
    agree("BranchwiseRMSNorm", [x, r.f32(8)], epsilon=1e-3)
    agree("BranchwiseRMSNorm", [x.reshape(2, 3, 32), r.f32(32)], num_branches=4)
    gate = r.f32(2, 3, 32)
    for activation in ("silu", "sigmoid"):
        agree("GatedRMSNorm", [x.reshape(2, 3, 32), r.f32(8), gate], activation=activation)


# ---- attention


def additive(r, *shape):
    return r.f32(*shape)


@pytest.mark.parametrize("causal", [0, 1])
@pytest.mark.parametrize("mask", [None, "ends", "starts", "keys", "queries"])
def test_attention(r, causal, mask):
    batch, seq, width, heads = 2, 5, 16, 4
    x, w, b = r.f32(batch, seq, 12), r.f32(12, 3 * width, scale=0.3), r.f32(3 * width)
    ends = r.ints(3, seq + 1, batch, dtype=np.int32)
    tables = {
        None: None,
        "ends": ends,
        "starts": np.concatenate([ends, np.zeros(batch, np.int32)]),
        "keys": (np.arange(seq) < ends[:, None]).astype(np.int32),
        "queries": np.maximum(r.ints(0, 2, batch, seq, seq, dtype=np.int32), np.eye(seq, dtype=np.int32)),
    }
    agree("Attention", [x, w, b, tables[mask]], constants=[1, 2], num_heads=heads, unidirectional=causal)
    agree("Attention", [x, w, None, tables[mask], None, r.f32(batch, heads, seq, seq)], num_heads=heads,
          unidirectional=causal, scale=0.3)


def test_attention_sizes_and_past(r):
    x, w, b = r.f32(2, 3, 12), r.f32(12, 8 + 8 + 20, scale=0.3), r.f32(36)
    agree("Attention", [x, w, b], num_heads=4, qkv_hidden_sizes=[8, 8, 20])
    w, b, past = r.f32(12, 48, scale=0.3), r.f32(48), r.f32(2, 2, 4, 6, 4)
    for causal in (0, 1):
        agree("Attention", [x, w, b, None, past], outputs=2, num_heads=4, unidirectional=causal)
    agree("Attention", [x, w, b, np.ones((2, 9), np.int32), past], outputs=2, num_heads=4, unidirectional=1)
    agree("Attention", [x, w, b], outputs=2, num_heads=4)
    refused("Attention", [x, w, b], "do_rotary", num_heads=4, do_rotary=1)


@pytest.mark.parametrize("causal", [0, 1])
@pytest.mark.parametrize("mask", [None, "lengths", "keys", "queries"])
@pytest.mark.parametrize("bias", [False, True])
def test_multi_head_attention(r, causal, mask, bias):
    batch, q_seq, seq, heads, head, v_head = 2, 4, 6, 3, 4, 8
    q, k, v = r.f32(batch, q_seq, heads * head), r.f32(batch, seq, heads * head), r.f32(batch, seq, heads * v_head)
    if causal:
        q = r.f32(batch, seq, heads * head)
    lengths = r.ints(1, seq + 1, batch, dtype=np.int32)
    tables = {None: None, "lengths": lengths, "keys": (np.arange(seq) < lengths[:, None]).astype(np.int32),
              "queries": np.maximum(r.ints(0, 2, batch, q.shape[1], seq, dtype=np.int32),
                                    np.eye(q.shape[1], seq, dtype=np.int32))}
    b = r.f32(heads * (2 * head + v_head)) if bias else None
    agree("MultiHeadAttention", [q, k, v, b, tables[mask]], num_heads=heads, unidirectional=causal)
    agree("MultiHeadAttention", [q, k, v, b, tables[mask], r.f32(1, heads, q.shape[1], seq)], num_heads=heads,
          unidirectional=causal, scale=0.7)


def test_multi_head_attention_forms(r):
    batch, seq, heads, head = 2, 5, 3, 4
    q = r.f32(batch, seq, heads * head)
    packed = r.f32(batch, seq, heads, 3, head)
    alone = [packed[..., i, :].reshape(batch, seq, -1) for i in range(3)]
    want = agree("MultiHeadAttention", alone, num_heads=heads)
    agree("MultiHeadAttention", [packed], num_heads=heads, want=want)
    packed = r.f32(batch, 6, heads, 2, head)
    want = agree("MultiHeadAttention", [q, *(packed[..., i, :].reshape(batch, 6, -1) for i in range(2))], num_heads=heads)
    agree("MultiHeadAttention", [q, packed], num_heads=heads, want=want)
    cached = [r.f32(batch, heads, 7, head), r.f32(batch, heads, 7, head)]
    agree("MultiHeadAttention", [q, *cached], num_heads=heads)
    agree("MultiHeadAttention", [q, *cached, r.f32(3 * heads * head)], num_heads=heads)
    k, v, past_k, past_v = (r.f32(batch, seq, heads * head), r.f32(batch, seq, heads * head),
                            r.f32(batch, heads, 3, head), r.f32(batch, heads, 3, head))
    for causal in (0, 1):
        agree("MultiHeadAttention", [q, k, v, None, None, None, past_k, past_v], outputs=3, num_heads=heads, unidirectional=causal)
    agree("MultiHeadAttention", [q, k, v], outputs=3, num_heads=heads)


@pytest.mark.parametrize("interleaved", [0, 1])
def test_rotary_embedding(r, interleaved):
    batch, seq, heads, head, most = 2, 4, 3, 8, 16
    cos, sin = r.f32(most, head // 2), r.f32(most, head // 2)
    x = r.f32(batch, seq, heads * head)
    for positions in (r.ints(0, most, batch, seq), np.array([3], np.int64)):
        agree("RotaryEmbedding", [x, positions, cos, sin], constants=[2, 3], interleaved=interleaved)
        agree("RotaryEmbedding", [r.f32(batch, heads, seq, head), positions, cos, sin], interleaved=interleaved)
    agree("RotaryEmbedding", [x, r.ints(0, most, batch, seq), cos[:, :2], sin[:, :2]], interleaved=interleaved,
          num_heads=heads, rotary_embedding_dim=4)


def gqa_inputs(r, batch, seq, past, heads, kv_heads, head, capacity=None, lengths=None, packed=False):
    """Inputs 0 to 6. Without a capacity the cache is as long as what is in it."""
    q, k, v = r.f32(batch, seq, heads * head), r.f32(batch, seq, kv_heads * head), r.f32(batch, seq, kv_heads * head)
    cache = [r.f32(batch, kv_heads, past if capacity is None else capacity, head) for _ in range(2)]
    lengths = np.full(batch, past + seq, np.int32) if lengths is None else np.asarray(lengths, np.int32)
    head_inputs = [np.concatenate([q, k, v], -1), None, None] if packed else [q, k, v]
    return [*head_inputs, *cache, lengths - 1, np.array(lengths.max(), np.int32)]


@pytest.mark.parametrize("seq,past", [(1, 5), (4, 0), (1, 0), (3, 2)])
@pytest.mark.parametrize("rotary", [None, 0, 1])
@pytest.mark.parametrize("packed", [False, True])
def test_group_query_attention(r, seq, past, rotary, packed):
    heads, kv_heads, head = 4, 2, 16
    inputs = gqa_inputs(r, 1 if seq > 1 and past else 2, seq, past, heads, kv_heads, head, packed=packed)
    attrs = {"num_heads": heads, "kv_num_heads": kv_heads}
    if rotary is not None:
        inputs += [r.f32(32, head // 2), r.f32(32, head // 2)]
        attrs |= {"do_rotary": 1, "rotary_interleaved": rotary}
    agree("GroupQueryAttention", inputs, outputs=3, constants=[6], **attrs)


def test_group_query_attention_buffers(r):
    heads, kv_heads, head = 4, 2, 16
    attrs = {"num_heads": heads, "kv_num_heads": kv_heads}

    def check(inputs, lengths, **more):
        """Rows of the cache behind an example's tokens hold anything."""
        model = build("GroupQueryAttention", inputs, [True] * 3, attrs | more, [], 17, MS).SerializeToString()
        feeds = {f"x{i}": v for i, v in enumerate(inputs) if v is not None}
        want, got = peer(model, feeds), ours(model, feeds)
        seq = inputs[0].shape[1]
        for b, n in enumerate(lengths):
            valid = min(seq, n)
            np.testing.assert_allclose(got[0][b, :valid], want[0][b, :valid], 1e-4, 1e-5)
            for g, w in zip(got[1:], want[1:]):
                assert g.shape == w.shape
                np.testing.assert_allclose(g[b, :, :n], w[b, :, :n], 1e-4, 1e-5)

    # One new token each, behind caches of different fill.
    check(gqa_inputs(r, 3, 1, 0, heads, kv_heads, head, capacity=12, lengths=[3, 12, 7]), [3, 12, 7])
    # A prompt padded at the end.
    check(gqa_inputs(r, 2, 5, 0, heads, kv_heads, head, capacity=8, lengths=[5, 3]), [5, 3])
    for window in (1, 3, 20):
        check(gqa_inputs(r, 2, 1, 0, heads, kv_heads, head, capacity=12, lengths=[9, 4]), [9, 4], local_window_size=window)
        check(gqa_inputs(r, 1, 6, 0, heads, kv_heads, head, capacity=12, lengths=[6]), [6], local_window_size=window)
    check(gqa_inputs(r, 2, 1, 0, heads, kv_heads, head, capacity=12, lengths=[9, 4]), [9, 4], softcap=2.0, scale=0.5)


def test_group_query_attention_bias_and_positions(r):
    heads, kv_heads, head = 4, 2, 16
    inputs = gqa_inputs(r, 1, 4, 0, heads, kv_heads, head)
    tables = [r.f32(32, head // 2), r.f32(32, head // 2)]
    positions = np.arange(4)[None].astype(np.int64)
    agree("GroupQueryAttention", [*inputs, *tables, positions], outputs=3, constants=[6], num_heads=heads, kv_num_heads=kv_heads, do_rotary=1)
    agree("GroupQueryAttention", [*inputs, None, None, None, r.f32(1, heads, 4, 4)], outputs=3, constants=[6],
          num_heads=heads, kv_num_heads=kv_heads)
    refused("GroupQueryAttention", [*inputs, None, None, None, None, r.f32(heads)], "head_sink", num_heads=heads, kv_num_heads=kv_heads)


def test_quantized_attention(r):
    batch, seq, width, heads = 2, 4, 16, 4
    x, w = r.u8(batch, seq, 12), r.i8(12, 3 * width)
    inputs = [x, w, r.f32(3 * width), np.array(0.01, np.float32), np.array(0.01, np.float32), None, np.array(120, np.uint8), np.array(3, np.int8)]
    agree("QAttention", inputs, constants=[1, 2], num_heads=heads, rtol=1e-3)
    inputs[5] = np.array([4, 2], np.int32)
    inputs[4] = r.scale(3 * width) * 0.1
    inputs[7] = np.zeros(3 * width, np.int8)
    agree("QAttention", inputs, constants=[1, 2], num_heads=heads, rtol=1e-3)


@pytest.mark.parametrize("rule", ["linear", "gated", "delta", "gated_delta"])
def test_linear_attention(r, rule):
    batch, seq, heads, head = 2, 5, 2, 4
    q, k, v = r.f32(batch, seq, heads * head), r.f32(batch, seq, heads * head), r.f32(batch, seq, heads * head)
    decay = -np.abs(r.f32(batch, seq, heads)) if "gated" in rule else None
    beta = np.abs(r.f32(batch, seq, heads)) * 0.5 if "delta" in rule else None
    agree("LinearAttention", [q, k, v, r.f32(batch, heads, head, head), decay, beta], outputs=2, q_num_heads=heads, kv_num_heads=heads,
          update_rule=rule, scale=0.5, rtol=1e-3)


def test_causal_convolution(r):
    x, w, b, past = r.f32(2, 6, 5), r.f32(6, 1, 4), r.f32(6), r.f32(2, 6, 3)
    agree("CausalConvWithState", [x, w, b, past], outputs=2)
    agree("CausalConvWithState", [x, w], outputs=2, activation="silu")


# ---- quantised


def test_quantize_and_dequantize(r):
    x, scale = r.f32(3, 4, scale=5), np.array(0.05, np.float32)
    agree("QuantizeLinear", [x, scale, np.array(100, np.uint8)])
    agree("QuantizeLinear", [x, r.scale(4), r.u8(4)], axis=1)
    agree("DequantizeLinear", [r.i8(3, 4), scale, np.array(-3, np.int8)])
    agree("DequantizeLinear", [r.ints(-9, 9, 3, 4, dtype=np.int32), scale])
    agree("DequantizeLinear", [r.ints(0, 60000, 3, 4, dtype=np.uint16), r.scale(3), r.ints(0, 60000, 3, dtype=np.uint16)], axis=0)


@pytest.mark.parametrize("kind", ["u8", "i8"])
def test_q_linear_binary(r, kind):
    a, b = getattr(r, kind)(2, 3, 4), getattr(r, kind)(3, 1)
    zero = lambda: getattr(r, kind)()
    scale = lambda times=1: np.asarray(r.scale() * np.float32(times))
    for op in ("QLinearAdd", "QLinearMul"):
        agree(op, [a, scale(), zero(), b, scale(), zero(), scale(9), zero()], off_by=1)


@pytest.mark.parametrize("kind", ["u8", "i8"])
def test_q_linear_unary(r, kind):
    x = getattr(r, kind)(2, 8, 6, 6)
    zero = lambda: getattr(r, kind)()
    scale = lambda times=1: np.asarray(r.scale() * np.float32(times))
    agree("QLinearSigmoid", [x, scale(), zero(), np.array(1 / 256, np.float32), zero()], off_by=1)
    agree("QLinearLeakyRelu", [x, scale(), zero(), scale(), zero()], alpha=0.1, off_by=1)
    agree("QLinearGlobalAveragePool", [x, scale(), zero(), scale(), zero()], off_by=1)
    agree("QLinearAveragePool", [x, scale(), zero(), scale(), zero()], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4, off_by=1)
    last = np.ascontiguousarray(np.moveaxis(x, 1, -1))
    agree("QLinearGlobalAveragePool", [last, scale(), zero(), scale(), zero()], channels_last=1, off_by=1)
    agree("QLinearAveragePool", [last, scale(), zero(), scale(), zero()], kernel_shape=[2, 2], channels_last=1, off_by=1)
    agree("NhwcMaxPool", [last], kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    where = r.ints(0, 2, 2, 8, 6, 6).astype(bool)
    agree("QLinearWhere", [where, x, scale(), zero(), getattr(r, kind)(8, 1, 1), scale(), zero(), scale(), zero()], off_by=1)
    agree("QLinearConcat", [scale(), zero(), x, scale(), zero(), x[:, :3], scale(), zero()], axis=1, off_by=1)


@pytest.mark.parametrize("opset,axis", [(11, 1), (13, -1), (13, 1)])
def test_q_linear_softmax(r, opset, axis):
    x = r.u8(2, 3, 8)
    agree("QLinearSoftmax", [x, np.asarray(r.scale()), r.u8(), np.array(1 / 256, np.float32), np.array(0, np.uint8)], axis=axis, opset=opset,
          off_by=1)


def test_q_linear_reduce_mean(r):
    x = r.u8(2, 3, 8)
    real = ((x.astype(np.int32) - 100) * np.float32(0.1)).mean((1,), dtype=np.float32)
    agree("QLinearReduceMean", [x, np.array(0.1, np.float32), np.array(100, np.uint8), np.array(0.05, np.float32), np.array(128, np.uint8)],
          axes=[1], keepdims=0, want=[np.clip(np.rint(real / np.float32(0.05)) + 128, 0, 255).astype(np.uint8)], off_by=1)


def test_q_linear_conv(r):
    x, w, b = r.u8(1, 4, 7, 6), r.i8(6, 4, 3, 3), r.ints(-999, 999, 6, dtype=np.int32)
    rest = [r.scale(6) * 0.1, np.zeros(6, np.int8), np.array(0.1, np.float32), np.array(128, np.uint8), b]
    head = [np.array(0.05, np.float32), np.array(120, np.uint8), w]
    agree("QLinearConv", [np.ascontiguousarray(np.moveaxis(x, 1, -1)), *head, *rest], constants=[3, 4, 5, 8], channels_last=1,
          pads=[1] * 4, off_by=1)
    agree("QLinearConv", [x, *head, *rest], constants=[3, 4, 5, 8], pads=[1] * 4, off_by=1)


@pytest.mark.parametrize("trans_a,trans_b", [(0, 0), (1, 1)])
def test_q_gemm(r, trans_a, trans_b):
    a, b = r.u8(3, 4), r.i8(4, 5)
    inputs = [a.T.copy() if trans_a else a, np.array(0.05, np.float32), np.array(99, np.uint8),
              b.T.copy() if trans_b else b, r.scale(5), np.zeros(5, np.int8), r.ints(-500, 500, 5, dtype=np.int32)]
    agree("QGemm", inputs, constants=[3, 4, 5, 6], transA=trans_a, transB=trans_b, alpha=0.5)
    inputs += [np.array(0.5, np.float32), np.array(100, np.uint8)]
    agree("QGemm", inputs, constants=[3, 4, 5, 6], transA=trans_a, transB=trans_b, off_by=1)
    inputs[6] = None
    agree("QGemm", inputs, transA=trans_a, transB=trans_b, off_by=1)


def test_integer_products_to_float(r):
    a, b = r.f32(2, 3, 4), r.i8(4, 5)
    for scale, zero in ((np.array(0.1, np.float32), np.array(3, np.int8)), (r.scale(5), r.i8(5)), (r.scale(5), None)):
        agree("DynamicQuantizeMatMul", [a, b, scale, zero, r.f32(5)], constants=[1, 2, 3, 4])
        agree("DynamicQuantizeMatMul", [a, b, scale, zero])
        agree("MatMulIntegerToFloat", [r.u8(2, 3, 4), b, np.array(0.2, np.float32), scale, np.array(7, np.uint8), zero, r.f32(5)])
        agree("MatMulIntegerToFloat", [r.i8(3, 4), b, np.array(0.2, np.float32), scale, None, zero])


@pytest.mark.parametrize("direction", ["forward", "bidirectional"])
@pytest.mark.parametrize("columns", [False, True])
def test_dynamic_quantize_lstm(r, direction, columns):
    d, hidden, width, seq, batch = 2 if direction == "bidirectional" else 1, 8, 6, 4, 3
    shape = (d, 4 * hidden) if columns else (d,)
    scale = lambda: np.full(shape, 0.004, np.float32)
    inputs = [r.f32(seq, batch, width), r.i8(d, width, 4 * hidden), r.i8(d, hidden, 4 * hidden), r.f32(d, 8 * hidden),
              None, r.f32(d, batch, hidden), r.f32(d, batch, hidden), None, scale(), np.zeros(shape, np.int8), scale(), np.zeros(shape, np.int8)]
    # ONNX Runtime rounds inputs and states to 8 bits in each step.
    agree("DynamicQuantizeLSTM", inputs, outputs=3, constants=[1, 2, 8, 9, 10, 11], hidden_size=hidden, direction=direction,
          rtol=0.05, atol=0.05)


# ---- weights of a few bits


def pack(q, bits):
    """Rows of numbers to bytes, the first in the lowest bits."""
    per = 8 // bits
    q = np.pad(q, [(0, 0)] * (q.ndim - 1) + [(0, -q.shape[-1] % per)])
    q = q.reshape(*q.shape[:-1], -1, per).astype(np.uint32)
    return (q << (np.arange(per) * bits)).sum(-1).astype(np.uint8)


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("k,block", [(64, 32), (80, 32), (48, 16)])
@pytest.mark.parametrize("zeros", [None, "packed", "real"])
def test_mat_mul_n_bits(r, bits, k, block, zeros):
    n, blocks = 24, -(-k // block)
    q = r.ints(0, 2**bits, n, blocks, block, dtype=np.uint8)
    zero = r.ints(0, 2**bits, n, blocks, dtype=np.uint8)
    scale = r.scale(n, blocks)
    a = r.f32(2, 3, k)
    inputs = [a, pack(q, bits), scale, {None: None, "packed": pack(zero, bits), "real": zero.astype(np.float32)}[zeros]]
    shift = 2.0 ** (bits - 1) if zeros is None else zero.astype(np.float32)[..., None]
    w = ((q.astype(np.float32) - shift) * scale[..., None]).reshape(n, -1)[:, :k]
    attrs = {"K": k, "N": n, "bits": bits, "block_size": block}
    agree("MatMulNBits", inputs, constants=[1, 2, 3], want=[(a @ w.T).astype(np.float32)], rtol=1e-3, atol=1e-4, **attrs)
    # Its own kernel says the same where it has one for these.
    if bits != 2 and zeros != "real":
        agree("MatMulNBits", inputs, constants=[1, 2, 3], rtol=1e-3, atol=1e-3, **attrs)
    bias = r.f32(n)
    agree("MatMulNBits", [*inputs, None, bias], constants=[1, 2, 3], want=[(a @ w.T + bias).astype(np.float32)], rtol=1e-3, atol=1e-4, **attrs)


def test_mat_mul_n_bits_refused(r):
    q, scale, a = r.u8(24, 2, 16), r.scale(24, 2), r.f32(3, 64)
    refused("MatMulNBits", [a, q, scale], "constant", K=64, N=24, bits=4, block_size=32)
    refused("MatMulNBits", [a, q, scale], "packed", constants=[1, 2], K=64, N=24, bits=4, block_size=32, weight_prepacked=1)
    refused("MatMulNBits", [a, q, scale], "bits", constants=[1, 2], K=64, N=24, bits=5, block_size=32)
    model = build("MatMulNBits", [a, q, scale], [True], {"K": 64, "N": 25, "bits": 4, "block_size": 32}, [1, 2], 17, MS)
    with pytest.raises(lite.Error, match="bytes"):
        lite.Network(model.SerializeToString())


@pytest.mark.parametrize("kind", [0, 1])
def test_mat_mul_bnb4(r, kind):
    n, k, block = 16, 32, 16
    agree("MatMulBnb4", [r.f32(3, k), r.u8(n * k // 2), r.scale(n * k // block)], constants=[1, 2], K=k, N=n, block_size=block, quant_type=kind)


@pytest.mark.parametrize("bits", [2, 4, 8])
@pytest.mark.parametrize("zeros", [False, True])
def test_gather_block_quantized(r, bits, zeros):
    rows, k, block = 10, 96, 32
    q, zero = r.ints(0, 2**bits, rows, k, dtype=np.uint8), r.ints(0, 2**bits, rows, k // block, dtype=np.uint8)
    inputs = [pack(q, bits), r.ints(0, rows, 2, 3), r.scale(rows, k // block), pack(zero, bits) if zeros else None]
    agree("GatherBlockQuantized", inputs, constants=[0, 2, 3], bits=bits, block_size=block, quantize_axis=1)


# ---- what ONNX has no words for


@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 5, 5), (1, 1)])
def test_inverse(r, shape):
    agree("Inverse", [r.f32(*shape) + 3 * np.eye(shape[-1], dtype=np.float32)], rtol=1e-3)


@pytest.mark.parametrize("mode", ["bilinear", "nearest"])
def test_crop_and_resize(r, mode):
    x, images = r.f32(2, 3, 7, 5), r.ints(0, 2, 6, dtype=np.int32)
    boxes = r.rng.uniform(-0.3, 1.3, (6, 4)).astype(np.float32)
    for size in ((3, 4), (1, 1), (9, 2)):
        agree("CropAndResize", [x, boxes, images, np.array(size, np.int32)], constants=[3], mode=mode, extrapolation_value=0.5)


def test_murmur_hash(r):
    words = np.array(["", "a", "ab", "abc", "abcd", "a longer text"], object)
    for x in (r.ints(-(2**31), 2**31, 3, 4, dtype=np.int32), r.f32(5), r.ints(-(2**62), 2**62, 4), words):
        agree("MurmurHash3", [x])
        agree("MurmurHash3", [x], positive=0, seed=7)


def test_ngram_repeat_block(r):
    ids, scores = r.ints(0, 4, 3, 12), r.f32(3, 4)
    for n in (1, 2, 3, 20):
        agree("NGramRepeatBlock", [ids, scores], ngram_size=n)


# ---- whole models


def small_bert():
    return models.bert_base(d=96, heads=4, seq=32, layers=2)


@pytest.mark.parametrize("quantised", [False, True])
@pytest.mark.parametrize("name", ["mlp", "speech_rnn", "bert"])
def test_what_optimiser_and_quantiser_leave(tmp_path, name, quantised):
    model = small_bert() if name == "bert" else getattr(models, name)()
    feeds = models.example_inputs(model)
    path = str(tmp_path / "model.onnx")
    onnx.save(model, path)
    if quantised:
        quantization = pytest.importorskip("onnxruntime.quantization")
        quantization.quantize_dynamic(path, path, weight_type=quantization.QuantType.QInt8, reduce_range=PEER_CUTS_OFF)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 4
    want = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"]).run(None, feeds)
    optimised = (tmp_path / "optimised.onnx").read_bytes()
    assert any(n.domain == MS for n in onnx.load_from_string(optimised).graph.node)
    for got, w in zip(ours(optimised, feeds), want):
        # One step of 8 bits, rounded the other way, travels on.
        np.testing.assert_allclose(got, w, 0, np.abs(w).max() * (1e-2 if quantised else 1e-5))


# ---- what early ONNX dropped


def test_experimental(r):
    x = r.f32(1, 3, 6, 7)
    agree("Affine", [x], domain="", version=1, alpha=2.0, beta=0.5)
    agree("Scale", [x], domain="", version=1, scale=3.0)
    agree("ScaledTanh", [x], domain="", version=1, alpha=2.0, beta=0.5)
    agree("ParametricSoftplus", [x], domain="", version=1, alpha=2.0, beta=0.5)
    agree("ImageScaler", [x], domain="", version=1, scale=2.0, bias=[0.1, 0.2, 0.3])
    agree("Crop", [x], domain="", version=1, border=[1, 2, 2, 1])
    agree("Crop", [x], domain="", version=1, border=[1, 2, 0, 0], scale=[3, 4])
    agree("DynamicSlice", [x, np.array([1, 2], np.int64), np.array([3, 5], np.int64), np.array([1, 3], np.int64)], domain="", version=1,
          constants=[1, 2, 3])
    agree("ThresholdedRelu", [x], domain="", version=1, alpha=0.3)
    agree("MeanVarianceNormalization", [x], domain="", version=8, across_channels=0, normalize_variance=1)
    agree("MeanVarianceNormalization", [x], domain="", version=8, across_channels=1, normalize_variance=0)


def test_layouts_of_one_machine_are_refused(r):
    node = helper.make_node("ReorderInput", ["x"], ["y"], domain="com.microsoft.nchwc")
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 8, 4, 4])],
                              [helper.make_value_info("y", onnx.TypeProto())])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft.nchwc", 1)], ir_version=8)
    with pytest.raises(lite.Error, match="made for one machine"):
        lite.Network(model.SerializeToString())


def test_unknown_attributes_are_refused(r):
    refused("Gelu", [r.f32(3)], "attribute 'novel'", novel=1)
