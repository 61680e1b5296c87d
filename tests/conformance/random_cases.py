#!/usr/bin/env python3
"""Random nodes against ONNX's reference implementation: random_cases.py [--cases N] [--seed N] [--op NAME] [--only K]

Draws operators, attributes, shapes and element types, also chains of nodes that passes fuse, runs each as a model through the Python binding (optimised and not, on two
thread counts) and through onnx.reference, and compares with a tolerance of the type. The seed is printed; case K of a seed is the same
each time, and --only K runs it alone and says all. The last line counts: passed, failed, skipped (the reference cannot do it).
"""

import argparse
import collections
import os
import sys
import warnings

import ml_dtypes
import numpy as np
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import lite

warnings.filterwarnings("ignore")

FLOATS = [np.float32, np.float32, np.float64, np.float16]
SIGNED = [np.int8, np.int16, np.int32, np.int64]
UNSIGNED = [np.uint8, np.uint16, np.uint32, np.uint64]
NUMBERS = FLOATS + SIGNED + UNSIGNED
MOVABLE = [*NUMBERS, np.bool_]

# `then`: nodes behind the first, each (operator, further inputs, attributes), the last of which gives the result. `constant`: inputs of
# all nodes are constants of the model but for the first one of the first node.
Case = collections.namedtuple("Case", "op inputs attrs outputs loose opset domain then constant", defaults=((), False))
GENERATORS = {}


def draws(*ops):
    """The decorated function draws cases of these operators: f(Random, op) to Case."""

    def register(f):
        for op in ops:
            GENERATORS[op] = f
        return f

    return register


def case(op, inputs, attrs=None, outputs=1, loose=1.0, opset=23, domain=""):
    """`loose`: how many times the tolerance of its type a result may be off."""
    return Case(op, inputs, {k: v for k, v in (attrs or {}).items() if v is not None}, outputs, loose, opset, domain)


class Random:
    """Draws of one case."""

    def __init__(self, seed, number):
        self.rng = np.random.default_rng([seed, number])

    def int(self, low, high):
        """In [low, high]."""
        return int(self.rng.integers(low, high + 1))

    def chance(self, p=0.5):
        return bool(self.rng.random() < p)

    def pick(self, options):
        return options[self.int(0, len(options) - 1)]

    def some(self, options, least=0):
        """Some of them, in any order."""
        n = self.int(least, len(options))
        return [options[i] for i in self.rng.permutation(len(options))[:n]]

    def shape(self, least=0, most=4, longest=6, empty=0.03):
        return [0 if self.chance(empty) else self.int(1, longest) for _ in range(self.int(least, most))]

    def array(self, shape, dtype=np.float32, low=-3, high=3):
        dtype = np.dtype(dtype)
        if dtype == np.bool_:
            return self.rng.random(shape) < 0.5
        if dtype.kind in "iu":
            low = max(low, 0) if dtype.kind == "u" else low
            return self.rng.integers(low, high + 1, shape).astype(dtype)
        return self.rng.uniform(low, high, shape).astype(dtype)

    def axis(self, rank):
        return self.int(-rank, rank - 1)

    def axes(self, rank, least=0):
        """Different axes, some counted from the end."""
        return [a - rank if self.chance(0.3) else a for a in self.some(range(rank), least)]

    def broadcastable(self, shape):
        """A shape that can be broadcast together with it."""
        other = [1 if self.chance(0.3) else d for d in shape]
        return other[self.int(0, len(other)) :] if self.chance(0.4) else other


def ints(values):
    return np.array(values, np.int64)


# ---- elementwise

UNARY = ["Abs", "Acosh", "Asinh", "Atan", "Ceil", "Cos", "Erf", "Exp", "Floor", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "Mish",
         "Neg", "Reciprocal", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Tanh", "Elu", "Celu",
         "ThresholdedRelu", "Gelu", "Swish"]
POSITIVE = {"Log", "Sqrt", "Reciprocal"}


@draws(*UNARY)
def unary(r, op):
    # The reference calculates some in float32 whatever the type.
    types = [np.float32] if op in ("Celu", "Erf", "Gelu", "HardSwish") else FLOATS
    if op in ("Abs", "Neg", "Sign", "Relu", "Identity"):
        types = types + SIGNED
    low = 0.1 if op in POSITIVE else 1.1 if op == "Acosh" else -3
    attrs = {"alpha": round(float(r.rng.uniform(0.1, 2)), 3)} if op in ("Elu", "Celu", "LeakyRelu", "ThresholdedRelu", "HardSigmoid", "Swish") and r.chance() else {}
    if op == "Gelu" and r.chance():
        attrs = {"approximate": "tanh"}
    dtype = r.pick(types)
    # Without dimensions the reference makes no array of some.
    return case(op, [r.array(r.shape(1 if op == "Softsign" else 0), dtype, int(low) if np.dtype(dtype).kind == "i" else low)], attrs, loose=4, opset=24)


@draws("Add", "Sub", "Mul", "Div", "Max", "Min", "Mod", "Pow", "PRelu")
def arithmetic(r, op):
    dtype = r.pick(FLOATS if op in ("Pow", "PRelu") else NUMBERS)
    shape = r.shape()
    a = r.array(shape, dtype, low=1 if op in ("Div", "Mod", "Pow") else -3)
    if op == "PRelu":
        slope = [d if r.chance() else 1 for d in shape][r.int(0, len(shape)) :]
        return case(op, [r.array(shape, dtype), r.array(slope, dtype)])
    b = r.array(r.broadcastable(shape), dtype, low=1 if op in ("Div", "Mod") else -3)
    if op in ("Add", "Sub", "Mul", "Max", "Min") and r.chance():
        a, b = b, a
    fmod = {"fmod": 1} if op == "Mod" and np.dtype(dtype).kind == "f" else {}
    return case(op, [a, b], fmod, loose=4)


@draws("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")
def comparison(r, op):
    dtype = r.pick(NUMBERS + [np.bool_] if op == "Equal" else NUMBERS)
    shape = r.shape()
    return case(op, [np.round(r.array(shape, dtype)) if np.dtype(dtype).kind == "f" else r.array(shape, dtype), r.array(r.broadcastable(shape), dtype)])


@draws("And", "Or", "Xor", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitShift")
def bits(r, op):
    dtype = np.bool_ if op in ("And", "Or", "Xor") else r.pick(UNSIGNED if op == "BitShift" else SIGNED + UNSIGNED)
    shape = r.shape()
    attrs = {"direction": r.pick(["LEFT", "RIGHT"])} if op == "BitShift" else {}
    return case(op, [r.array(shape, dtype, 0, 100), r.array(r.broadcastable(shape), dtype, 0, 7)], attrs)


@draws("Sum", "Mean")
def variadic(r, op):
    dtype, shape = r.pick(FLOATS), r.shape()
    # The reference broadcasts to the first.
    return case(op, [r.array(shape, dtype), *(r.array(r.broadcastable(shape), dtype) for _ in range(r.int(0, 3)))], loose=4)


@draws("Where")
def where(r, op):
    shape = r.shape()
    dtype = r.pick(MOVABLE)
    return case(op, [r.array(r.broadcastable(shape), np.bool_), r.array(shape, dtype), r.array(r.broadcastable(shape), dtype)])


@draws("Clip")
def clip(r, op):
    dtype = r.pick(NUMBERS)
    low, high = (r.array([], dtype, *span) if r.chance(0.7) else None for span in ((-2, 0), (1, 2)))
    return case(op, [r.array(r.shape(), dtype), low, high])


@draws("Cast")
def cast(r, op):
    kinds = [*MOVABLE, ml_dtypes.bfloat16]
    to = np.dtype(r.pick(kinds))
    x = r.array(r.shape(), r.pick(MOVABLE), 0 if to.kind == "u" else -3)
    return case(op, [x], {"to": int(helper.np_dtype_to_tensor_dtype(to))})


# ---- reductions and orders

REDUCTIONS = ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
              "ReduceSumSquare"]


@draws(*REDUCTIONS)
def reduction(r, op):
    shape = r.shape(1, empty=0)
    dtype = r.pick([np.float32, np.float64] + ([np.int32, np.int64] if op in ("ReduceMax", "ReduceMin", "ReduceSum") else []))
    axes = [ints(r.axes(len(shape)))] if r.chance(0.8) else []
    attrs = {"keepdims": r.int(0, 1), "noop_with_empty_axes": r.int(0, 1)}
    return case(op, [r.array(shape, dtype, low=1 if "Log" in op or op == "ReduceProd" else -3), *axes], attrs, loose=8)


@draws("ArgMax", "ArgMin")
def arg(r, op):
    shape = r.shape(1, empty=0)
    x = np.round(r.array(shape, r.pick([np.float32, np.int32, np.int64])))
    return case(op, [x], {"axis": r.axis(len(shape)), "keepdims": r.int(0, 1), "select_last_index": r.int(0, 1)})


@draws("Softmax", "LogSoftmax", "Hardmax")
def softmax(r, op):
    shape = r.shape(1, empty=0)
    return case(op, [r.array(shape, r.pick([np.float32, np.float64]))], {"axis": r.axis(len(shape))}, loose=8)


@draws("CumSum")
def cumulative(r, op):
    shape = r.shape(1, empty=0)
    attrs = {"exclusive": r.int(0, 1), "reverse": r.int(0, 1)}
    return case(op, [r.array(shape, r.pick([np.float32, np.float64, np.int32, np.int64])), np.array(r.axis(len(shape)), np.int64)], attrs, loose=8)


@draws("TopK")
def topk(r, op):
    shape = r.shape(1, empty=0)
    axis = r.axis(len(shape))
    # All different, so that there is one answer.
    x = r.rng.permutation(int(np.prod(shape))).reshape(shape).astype(r.pick([np.float32, np.int64, np.float64]))
    return case(op, [x, ints([r.int(1, shape[axis])])], {"axis": axis, "largest": r.int(0, 1), "sorted": 1}, outputs=2)


@draws("Unique")
def unique(r, op):
    shape = r.shape(1, 3, empty=0)
    axis = r.axis(len(shape)) if r.chance() else None
    return case(op, [r.array(shape, r.pick([np.int64, np.int32, np.uint8]), 0, 3)], {"axis": axis, "sorted": 1}, outputs=4)


@draws("NonZero")
def nonzero(r, op):
    return case(op, [r.array(r.shape(1), r.pick([np.bool_, np.int32, np.float32]), 0, 1)])


# ---- movement


@draws("Transpose")
def transpose(r, op):
    shape = r.shape()
    perm = [int(p) for p in r.rng.permutation(len(shape))] if r.chance(0.9) and shape else None
    return case(op, [r.array(shape, r.pick(MOVABLE))], {"perm": perm})


@draws("Reshape")
def reshape(r, op):
    shape = r.shape(empty=0)
    to, rest = [], int(np.prod(shape))
    while rest > 1 and r.chance(0.8):
        d = r.pick([k for k in range(1, rest + 1) if rest % k == 0])
        to.append(d)
        rest //= d
    to.append(rest)
    if r.chance(0.4):
        to[r.int(0, len(to) - 1)] = -1
    elif len(to) <= len(shape) and r.chance(0.3):
        to = [0 if a == b else a for a, b in zip(to, shape)] + to[len(shape) :]
    return case(op, [r.array(shape, r.pick(MOVABLE)), ints(to)])


@draws("Flatten")
def flatten(r, op):
    shape = r.shape()
    return case(op, [r.array(shape, r.pick(MOVABLE))], {"axis": r.int(-len(shape), len(shape))})


@draws("Squeeze")
def squeeze(r, op):
    shape = [1 if r.chance() else d for d in r.shape(1)]
    ones = [i - len(shape) if r.chance(0.3) else i for i, d in enumerate(shape) if d == 1]
    return case(op, [r.array(shape, r.pick(MOVABLE))] + ([ints(r.some(ones, 1))] if ones and r.chance(0.7) else []))


@draws("Unsqueeze")
def unsqueeze(r, op):
    shape = r.shape(0, 3)
    n = r.int(1, 2)
    return case(op, [r.array(shape, r.pick(MOVABLE)), ints(r.axes(len(shape) + n, 1)[:n])])


@draws("Concat")
def concat(r, op):
    shape = r.shape(1)
    axis, dtype = r.axis(len(shape)), r.pick(MOVABLE)
    parts = []
    for _ in range(r.int(1, 4)):
        shape[axis] = r.int(0, 4)
        parts.append(r.array(shape, dtype))
    return case(op, parts, {"axis": axis})


@draws("Split")
def split(r, op):
    shape = r.shape(1, empty=0)
    axis = r.axis(len(shape))
    if r.chance():
        n = r.int(1, shape[axis])
        return case(op, [r.array(shape, r.pick(MOVABLE))], {"axis": axis, "num_outputs": n}, outputs=n)
    sizes = [r.int(0, 4) for _ in range(r.int(1, 4))]
    shape[axis] = sum(sizes)
    return case(op, [r.array(shape, r.pick(MOVABLE)), ints(sizes)], {"axis": axis}, outputs=len(sizes))


@draws("Slice")
def slicing(r, op):
    shape = r.shape(1)
    axes = r.axes(len(shape), 1)
    n = len(axes)
    steps = [r.pick([1, 1, 2, 3, -1, -2]) for _ in range(n)]
    far = [np.iinfo(np.int64).max, np.iinfo(np.int64).min, 100, -100]
    bounds = [[r.pick(far) if r.chance(0.1) else r.int(-8, 8) for _ in range(n)] for _ in range(2)]
    return case(op, [r.array(shape, r.pick(MOVABLE)), *(ints(b) for b in bounds), ints(axes), ints(steps)])


@draws("Pad")
def pad(r, op):
    shape = r.shape(1, empty=0)
    mode = r.pick(["constant", "edge", "reflect", "wrap"])
    axes = r.axes(len(shape), 1)
    least = -1 if mode == "constant" else 0
    # Reflecting needs as many elements.
    most = [max(0, shape[a] - 1) if mode in ("reflect", "wrap") else 3 for a in axes]
    pads = [r.int(max(least, 1 - shape[a]) if least else 0, m) for _ in range(2) for a, m in zip(axes, most)]
    if least and any(shape[a] + pads[i] + pads[i + len(axes)] < 0 for i, a in enumerate(axes)):
        pads = [abs(p) for p in pads]
    dtype = r.pick([np.float32, np.float64, np.int32, np.int64])
    value = [r.array([], dtype)] if mode == "constant" else [None]
    return case(op, [r.array(shape, dtype), ints(pads), *value, ints(axes)], {"mode": mode})


@draws("Tile")
def tile(r, op):
    shape = r.shape(1)
    return case(op, [r.array(shape, r.pick(MOVABLE)), ints([r.int(0, 3) for _ in shape])])


@draws("Expand")
def expand(r, op):
    shape = r.shape()
    return case(op, [r.array(r.broadcastable(shape), r.pick(MOVABLE)), ints(r.broadcastable(shape))])


@draws("Gather")
def gather(r, op):
    shape = r.shape(1, empty=0)
    axis = r.axis(len(shape))
    n = shape[axis]
    return case(op, [r.array(shape, r.pick(MOVABLE)), r.array(r.shape(0, 2), r.pick([np.int32, np.int64]), -n, n - 1)], {"axis": axis})


@draws("GatherElements")
def gather_elements(r, op):
    shape = r.shape(1, empty=0)
    axis = r.int(0, len(shape) - 1)  # the reference wants it so, and all of the other axes
    n = shape[axis]
    where = list(shape)
    where[axis] = r.int(1, 5)
    return case(op, [r.array(shape, r.pick(MOVABLE)), r.array(where, np.int64, -n, n - 1)], {"axis": axis})


@draws("GatherND")
def gather_nd(r, op):
    shape = r.shape(1, empty=0)
    batch = r.int(0, len(shape) - 1) if r.chance(0.4) else 0
    depth = r.int(1, len(shape) - batch)
    index = np.stack([r.array(shape[:batch] + [3], np.int64, -shape[batch + k], shape[batch + k] - 1) for k in range(depth)], -1)
    return case(op, [r.array(shape, r.pick(MOVABLE)), index], {"batch_dims": batch})


@draws("ScatterElements")
def scatter_elements(r, op):
    shape = r.shape(1, 3, empty=0)
    axis = r.axis(len(shape))
    n = shape[axis]
    how = r.pick(["none", "add", "mul", "max", "min"])
    where = list(shape)
    where[axis] = r.int(1, n)
    index = np.argsort(r.rng.random(shape), axis)[tuple(slice(0, w) for w in where)].astype(np.int64)  # no place twice
    if how != "none" and r.chance():
        index = r.array(where, np.int64, -n, n - 1)
    dtype = r.pick([np.float32, np.float64, np.int32, np.int64])
    return case(op, [r.array(shape, dtype), index, r.array(where, dtype)], {"axis": axis, "reduction": how}, loose=8)


@draws("ScatterND")
def scatter_nd(r, op):
    shape = r.shape(1, 3, empty=0)
    depth = r.int(1, len(shape))
    how = r.pick(["none", "add", "mul", "max", "min"])
    places = r.rng.permutation(int(np.prod(shape[:depth])))[: r.int(1, 4)]
    index = np.stack(np.unravel_index(places, shape[:depth]), -1).astype(np.int64)
    dtype = r.pick([np.float32, np.float64, np.int32, np.int64])
    return case(op, [r.array(shape, dtype), index, r.array([len(places), *shape[depth:]], dtype)], {"reduction": how}, loose=8)


@draws("DepthToSpace", "SpaceToDepth")
def depth_space(r, op):
    block = r.int(1, 3)
    n, c, h, w = (r.int(1, 3) for _ in range(4))
    if op == "DepthToSpace":
        return case(op, [r.array([n, c * block * block, h, w])], {"blocksize": block, "mode": r.pick(["DCR", "CRD"])})
    return case(op, [r.array([n, c, h * block, w * block])], {"blocksize": block})


@draws("Trilu")
def trilu(r, op):
    k = [np.array(r.int(-5, 5), np.int64)] if r.chance(0.8) else []
    return case(op, [r.array(r.shape(2), r.pick(MOVABLE)), *k], {"upper": r.int(0, 1)})


@draws("OneHot")
def one_hot(r, op):
    shape, depth = r.shape(0, 3, empty=0), r.int(1, 5)
    values = r.array([2], r.pick([np.float32, np.int64]))
    return case(op, [r.array(shape, np.int64, -depth, depth - 1), np.array(depth, np.int64), values], {"axis": r.int(-len(shape) - 1, len(shape))})


@draws("Compress")
def compress(r, op):
    shape = r.shape(1, empty=0)
    axis = r.axis(len(shape)) if r.chance() else None
    n = int(np.prod(shape)) if axis is None else shape[axis]
    return case(op, [r.array(shape, r.pick(MOVABLE)), r.array([n], np.bool_)], {"axis": axis})


@draws("ReverseSequence")
def reverse_sequence(r, op):
    shape = r.shape(2, empty=0)
    time = r.int(0, 1)
    return case(op, [r.array(shape, r.pick(MOVABLE)), r.array([shape[1 - time]], np.int64, 1, shape[time])], {"time_axis": time, "batch_axis": 1 - time})


@draws("Range")
def range_of(r, op):
    dtype = r.pick([np.int32, np.int64, np.float32])
    return case(op, [np.array(r.int(-5, 5), dtype), np.array(r.int(-5, 10), dtype), np.array(r.pick([1, 2, 3, -1, -2]), dtype)])


@draws("EyeLike")
def eye_like(r, op):
    return case(op, [r.array([r.int(1, 5), r.int(1, 5)], r.pick([np.float32, np.int32]))], {"k": r.int(-4, 4)})


@draws("Shape")
def shape_of(r, op):
    shape = r.shape()
    # Further from the end the reference counts on from the other side.
    start, end = (r.int(-len(shape), 5) if r.chance(0.7) else None for _ in range(2))
    return case(op, [r.array(shape)], {"start": start, "end": end})


# ---- products


@draws("MatMul")
def matmul(r, op):
    m, k, n = (r.int(1, 20) for _ in range(3))
    batch = r.shape(0, 2, empty=0)
    dtype = r.pick([np.float32, np.float32, np.float64, np.int32, np.int64])
    a, b = r.array(r.broadcastable(batch) + [m, k], dtype), r.array(r.broadcastable(batch) + [k, n], dtype)
    if r.chance(0.1):
        a = r.array([k], dtype)
    elif r.chance(0.1):
        b = r.array([k], dtype)
    return case(op, [a, b], loose=30)


@draws("Gemm")
def gemm(r, op):
    m, k, n = (r.int(1, 20) for _ in range(3))
    ta, tb = r.int(0, 1), r.int(0, 1)
    dtype = r.pick([np.float32, np.float64])
    c = [r.array(r.broadcastable([m, n]), dtype)] if r.chance(0.7) else []
    attrs = {"transA": ta, "transB": tb, "alpha": 0.5 if r.chance(0.3) else None, "beta": 2.0 if r.chance(0.3) else None}
    return case(op, [r.array([k, m] if ta else [m, k], dtype), r.array([n, k] if tb else [k, n], dtype), *c], attrs, loose=30)


@draws("Einsum")
def einsum(r, op):
    equation = r.pick(["ij,jk->ik", "bij,bjk->bik", "ij->ji", "ij->", "i,j->ij", "bij,bkj->bik", "ii->i", "...ij,...jk->...ik", "bhwc,hkc->bhwk"])
    size = collections.defaultdict(lambda: r.int(1, 4))
    size["i"]
    inputs = [r.array([size[c] for c in term.replace("...", "b")], np.float32) for term in equation.split("->")[0].split(",")]
    return case(op, inputs, {"equation": equation}, loose=30)


@draws("MatMulInteger")
def matmul_integer(r, op):
    m, k, n = (r.int(1, 20) for _ in range(3))
    ta, tb = (r.pick([np.int8, np.uint8]) for _ in range(2))
    zeros = [np.array(r.int(0, 5), ta), np.array(r.int(0, 5), tb)] if r.chance() else []
    return case(op, [r.array([m, k], ta, -100, 100), r.array([k, n], tb, -100, 100), *zeros])


# ---- windows


def window(r, spatial, kernel, strides=True):
    """Attributes of a window, and the least size of the image along each axis."""
    dilations = [r.int(1, 2) for _ in range(spatial)]
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    pads = [r.int(0, k - 1) for k in kernel] * 2
    attrs = {"dilations": dilations, "pads": pads, "strides": [r.int(1, 3) for _ in range(spatial)] if strides else None}
    return attrs, reach


@draws("Conv")
def conv(r, op):
    spatial = r.int(1, 3)
    kernel = [r.int(1, 3) for _ in range(spatial)]
    attrs, reach = window(r, spatial, kernel)
    group = r.pick([1, 1, 2, 4])
    inner, outer = r.int(1, 4), r.int(1, 4)
    image = [k + r.int(0, 8) for k in reach]
    bias = [r.array([outer * group])] if r.chance() else []
    attrs |= {"group": group, "kernel_shape": kernel}
    return case(op, [r.array([r.int(1, 2), inner * group, *image]), r.array([outer * group, inner, *kernel]), *bias], attrs, loose=60)


@draws("ConvTranspose")
def conv_transpose(r, op):
    spatial = r.int(1, 2)
    kernel = [r.int(2, 3) for _ in range(spatial)]
    strides = [r.int(1, 3) for _ in range(spatial)]
    group = r.pick([1, 1, 2])
    inner, outer = r.int(1, 4), r.int(1, 4)
    image = [r.int(3, 7) for _ in range(spatial)]
    attrs = {"group": group, "kernel_shape": kernel, "strides": strides, "pads": [r.int(0, k - 1) for k in kernel] * 2,
             "output_padding": [r.int(0, s - 1) for s in strides] if r.chance() else None}
    bias = [r.array([outer])] if group == 1 and r.chance() else []  # the reference gives all groups that of the first
    return case(op, [r.array([r.int(1, 2), inner * group, *image]), r.array([inner * group, outer, *kernel]), *bias], attrs, loose=60)


@draws("MaxPool", "AveragePool", "LpPool")
def pool(r, op):
    spatial = r.int(1, 3)
    kernel = [r.int(1, 3) for _ in range(spatial)]
    attrs, reach = window(r, spatial, kernel)
    attrs["kernel_shape"] = kernel
    if op == "MaxPool" and set(attrs["dilations"] + attrs["strides"]) == {1}:
        attrs["pads"] = [min(attrs["pads"])] * (2 * spatial)  # the reference takes them in another order
    if op == "AveragePool":
        attrs["count_include_pad"] = r.int(0, 1)
    if op == "LpPool":
        attrs["p"] = r.int(1, 3)
    return case(op, [r.array([r.int(1, 2), r.int(1, 9), *(k + r.int(0, 8) for k in reach)])], attrs, loose=16)


@draws("GlobalAveragePool", "GlobalMaxPool")
def global_pool(r, op):
    least, most = (4, 4) if op == "GlobalMaxPool" else (3, 5)  # the reference knows no other
    return case(op, [r.array(r.shape(least, most, empty=0), r.pick([np.float32, np.float64]))], loose=16)


@draws("Resize")
def resize(r, op):
    shape = [1, r.int(1, 2), r.int(2, 6), r.int(2, 6)]
    mode = r.pick(["nearest", "linear", "cubic"])
    attrs = {"mode": mode, "coordinate_transformation_mode": r.pick(["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"])}
    if mode == "nearest":
        attrs["nearest_mode"] = r.pick(["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"])
    if mode == "cubic":
        attrs |= {"cubic_coeff_a": -0.5 if r.chance() else None, "exclude_outside": r.int(0, 1)}
    # Sizes that make the scales exact, so that halves are halves in any precision.
    sizes = [d * r.pick([1, 2, 4]) if r.chance() else d for d in shape[2:]]
    return case(op, [r.array(shape), None, None, ints(shape[:2] + sizes)], attrs, loose=32)


@draws("CenterCropPad")
def center_crop_pad(r, op):
    shape = r.shape(1, empty=0)
    axes = [a % len(shape) for a in r.axes(len(shape), 1)]
    return case(op, [r.array(shape, r.pick(NUMBERS)), ints([r.int(1, 8) for _ in axes])], {"axes": axes})


# ---- recurrent


@draws("LSTM", "GRU", "RNN")
def recurrent(r, op):
    steps, batch, size, hidden = r.int(1, 5), r.int(1, 3), r.int(1, 5), r.int(1, 9)
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    attrs = {"hidden_size": hidden, "linear_before_reset": r.int(0, 1) if op == "GRU" else None}
    bias = [r.array([1, 2 * gates * hidden])] if r.chance() else [None]
    inputs = [r.array([steps, batch, size]), r.array([1, gates * hidden, size]), r.array([1, gates * hidden, hidden]), *bias]
    if r.chance():
        inputs += [None, r.array([1, batch, hidden])] + ([r.array([1, batch, hidden])] if op == "LSTM" else [])
    return case(op, inputs, attrs, outputs=2, loose=32)


# ---- normalisations


@draws("BatchNormalization")
def batch_normalization(r, op):
    shape = r.shape(2, 5, empty=0)
    c = shape[1]
    attrs = {"epsilon": 0.01 if r.chance() else None}
    return case(op, [r.array(shape), r.array([c]), r.array([c]), r.array([c]), r.array([c], low=0.5)], attrs, loose=16)


@draws("InstanceNormalization")
def instance_normalization(r, op):
    shape = r.shape(3, 5, empty=0)
    shape[-1] += 2
    return case(op, [r.array(shape), r.array([shape[1]]), r.array([shape[1]])], loose=64)


@draws("LayerNormalization", "RMSNormalization")
def layer_normalization(r, op):
    shape = r.shape(1, 4, longest=20, empty=0)
    shape[-1] += 3
    axis = r.axis(len(shape))
    bias = [r.array(shape[axis:])] if op == "LayerNormalization" and r.chance() else []
    return case(op, [r.array(shape), r.array(shape[axis:]), *bias], {"axis": axis}, loose=64)


@draws("GroupNormalization")
def group_normalization(r, op):
    groups, each = r.int(1, 3), r.int(1, 3)
    shape = [r.int(1, 2), groups * each, r.int(2, 6), r.int(2, 6)]
    return case(op, [r.array(shape), r.array([shape[1]]), r.array([shape[1]])], {"num_groups": groups}, loose=64)


@draws("LRN")
def lrn(r, op):
    n = r.int(1, 6)  # the reference does as many channels as there are images
    return case(op, [r.array([n, n, r.int(1, 5), r.int(1, 5)])], {"size": r.pick([1, 3, 5]), "alpha": 0.01, "bias": 1.5}, loose=16)


@draws("LpNormalization")
def lp_normalization(r, op):
    shape = r.shape(1, empty=0)
    return case(op, [r.array(shape, low=0.5)], {"axis": r.axis(len(shape)), "p": r.int(1, 2)}, loose=16)


# ---- quantised


@draws("QuantizeLinear")
def quantize(r, op):
    shape = r.shape(1, empty=0)
    dtype = r.pick([np.uint8, np.int8, np.uint16, np.int16])
    axis = r.axis(len(shape)) if r.chance() else None
    scales = [] if axis is None else [shape[axis]]
    x = r.array(shape, np.float32, -10, 10)
    return case(op, [x, r.array(scales, low=0.05, high=1), r.array(scales, dtype, 0, 5)], {"axis": axis})


@draws("DequantizeLinear")
def dequantize(r, op):
    shape = r.shape(1, empty=0)
    dtype = r.pick([np.uint8, np.int8, np.uint16, np.int16])
    axis = r.axis(len(shape)) if r.chance() else None
    scales = [] if axis is None else [shape[axis]]
    return case(op, [r.array(shape, dtype, -100, 100), r.array(scales, low=0.05, high=1), r.array(scales, dtype, 0, 5)], {"axis": axis})


@draws("DynamicQuantizeLinear")
def dynamic_quantize(r, op):
    return case(op, [r.array(r.shape(1, empty=0), low=r.pick([-10, 0.5]), high=10)], outputs=3)


@draws("QLinearMatMul")
def qlinear_matmul(r, op):
    m, k, n = (r.int(1, 9) for _ in range(3))
    types = [r.pick([np.int8, np.uint8])] * 3
    operand = lambda shape, t: [r.array(shape, t, -100, 100), np.float32(r.rng.uniform(0.01, 0.1)).reshape([]), np.array(r.int(0, 5), t)]  # noqa: E731
    a, b = operand([m, k], types[0]), operand([k, n], types[1])
    return case(op, [*a, *b, np.array(4.0, np.float32), np.array(r.int(0, 5), types[2])])


# ---- ai.onnx.ml

ML = {"opset": 21, "domain": "ai.onnx.ml"}


@draws("Binarizer", "Scaler", "Normalizer", "Imputer")
def ml_features(r, op):
    n, f = r.int(1, 9), r.int(1, 5)
    x = r.array([n, f])
    if op == "Binarizer":
        return case(op, [x], {"threshold": 0.5}, **ML)
    if op == "Scaler":
        return case(op, [x], {"offset": r.array([f]).tolist(), "scale": r.array([f]).tolist()}, loose=4, **ML)
    if op == "Normalizer":
        return case(op, [x], {"norm": r.pick(["MAX", "L1", "L2"])}, loose=8, **ML)
    x[r.rng.random(x.shape) < 0.2] = np.nan
    return case(op, [x], {"imputed_value_floats": r.array([r.pick([1, f])]).tolist(), "replaced_value_float": float("nan")}, **ML)


@draws("LabelEncoder")
def label_encoder(r, op):
    keys = r.rng.permutation(9)[:5].tolist()
    return case(op, [r.array(r.shape(1, empty=0), np.int64, 0, 9)], {"keys_int64s": keys, "values_floats": r.array([5]).tolist(), "default_float": 7.0}, **ML)


@draws("LinearRegressor", "SVMRegressor")
def ml_regressor(r, op):
    n, f = r.int(1, 9), r.int(1, 5)
    if op == "LinearRegressor":
        t = r.int(1, 3)
        return case(op, [r.array([n, f])], {"targets": t, "coefficients": r.array([t * f]).tolist(), "intercepts": r.array([t]).tolist()}, loose=30, **ML)
    s = r.int(1, 6)
    attrs = {"kernel_type": r.pick(["LINEAR", "POLY", "RBF", "SIGMOID"]), "kernel_params": [0.25, 0.5, 2.0], "n_supports": s,
             "support_vectors": r.array([s * f], low=-1, high=1).tolist(), "coefficients": r.array([s]).tolist(), "rho": [0.5]}
    return case(op, [r.array([n, f], low=-1, high=1)], attrs, loose=60, **ML)


@draws("TreeEnsembleRegressor")
def ml_trees(r, op):
    trees, depth, features, targets = r.int(1, 20), r.int(1, 4), r.int(1, 4), r.int(1, 3)
    inner, size = 2**depth - 1, 2 ** (depth + 1) - 1
    leaf = np.arange(size) >= inner
    node = np.tile(np.arange(size), trees)
    attrs = {
        "n_targets": targets,
        "nodes_treeids": np.repeat(np.arange(trees), size).tolist(),
        "nodes_nodeids": node.tolist(),
        "nodes_featureids": r.rng.integers(0, features, trees * size).tolist(),
        "nodes_modes": ["LEAF" if v else r.pick(["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE", "BRANCH_EQ", "BRANCH_NEQ"]) for v in np.tile(leaf, trees)],
        # Halves, so that features and thresholds are equal now and then.
        "nodes_values": (r.rng.integers(-4, 5, trees * size) / 2).tolist(),
        "nodes_missing_value_tracks_true": r.rng.integers(0, 2, trees * size).tolist(),
        "nodes_truenodeids": np.where(np.tile(leaf, trees), 0, 2 * node + 1).tolist(),
        "nodes_falsenodeids": np.where(np.tile(leaf, trees), 0, 2 * node + 2).tolist(),
        "target_treeids": np.repeat(np.arange(trees), inner + 1).tolist(),
        "target_nodeids": np.tile(np.nonzero(leaf)[0], trees).tolist(),
        "target_ids": r.rng.integers(0, targets, trees * (inner + 1)).tolist(),
        "target_weights": r.array([trees * (inner + 1)]).tolist(),
        "aggregate_function": r.pick(["SUM", "AVERAGE"]),
    }
    x = r.rng.integers(-5, 6, [r.int(1, 40), features]).astype(np.float32) / 2
    x[r.rng.random(x.shape) < 0.1] = np.nan
    return case(op, [x], attrs, loose=16, **ML)


# ---- chains


@draws("MatMul, ...", "Gemm, ...", "Conv, ...", "Add, ...")
def chain(r, op):
    first = op.split(",")[0]
    dtype = r.pick([np.float32, np.float32, np.float64, np.float16] if first in ("MatMul", "Add") else [np.float32, np.float32, np.float64])
    if first == "Conv":
        c = GENERATORS["Conv"](r, "Conv")
        c = c._replace(inputs=[x.astype(dtype) for x in c.inputs])
    elif first == "Gemm":
        m, k, n = (r.int(1, 12) for _ in range(3))
        c = case("Gemm", [r.array(s, dtype) for s in ([m, k], [k, n], [n])[: r.int(2, 3)]])
    elif first == "MatMul":
        batch, m, k, n = r.shape(0, 2, 3, empty=0), r.int(1, 12), r.int(1, 12), r.int(1, 12)
        c = case("MatMul", [r.array(batch + [m, k], dtype), r.array(r.pick([batch, []]) + [k, n], dtype)])
    else:
        shape = r.shape(1, empty=0)
        c = case("Add", [r.array(shape, dtype), r.array(r.broadcastable(shape), dtype)])
    made, feeds = model_of(c)
    shape = ReferenceEvaluator(made).run(None, feeds)[0].shape
    then = []
    for _ in range(r.int(1, 5)):
        step, shape = next_of_chain(r, list(shape), dtype, first)
        then.append(step)
    return c._replace(then=tuple(then), constant=r.chance(0.7), loose=400 if dtype != np.float16 else 8)


def next_of_chain(r, shape, dtype, first):
    """A node and the shape of what it makes."""
    rank = len(shape)
    plain = ["Relu", "Sigmoid", "Tanh", "LeakyRelu", "Elu", "Clip", "Add", "Mul", "Sub", "Softplus", "Swish", "Abs", "Neg"]
    wide = ["Erf", "Gelu", "HardSwish", "HardSigmoid", "Mish"] if dtype == np.float32 else []  # the reference has these in float32 only
    shaped = ["Transpose", "Reshape", "Unsqueeze", "Slice", "Softmax", "ReduceMean", "LayerNormalization"] if rank > 1 and shape[-1] > 1 else []
    op = r.pick(plain + plain + wide + shaped + (["BatchNormalization"] * 4 if first == "Conv" and rank > 2 else []))
    number = lambda *span: r.array([], dtype, *span)  # noqa: E731
    if op in ("Add", "Mul", "Sub"):
        other = r.pick([[], [shape[-1]] if shape else [], [1] * rank, shape, [shape[1]] + [1] * (rank - 2) if rank > 2 else []])
        return (op, [r.array(other, dtype, -1, 1)], {}), shape
    if op == "Clip":
        low, high = r.pick([(-1, 1), (0, 2), (0, 6)])
        return (op, [number(low, low), number(high, high)], {}), shape
    if op == "BatchNormalization":
        ch = [shape[1]]
        return (op, [r.array(ch, dtype), r.array(ch, dtype), r.array(ch, dtype), r.array(ch, dtype, 0.5)], {}), shape
    if op == "Transpose":
        perm = [int(p) for p in r.rng.permutation(rank)]
        return (op, [], {"perm": perm}), [shape[p] for p in perm]
    if op == "Reshape":
        to = r.pick([[int(np.prod(shape[:-1])), shape[-1]], [int(np.prod(shape))], [*shape, 1]])
        return (op, [ints(to)], {}), to
    if op == "Unsqueeze":
        return (op, [ints([0])], {}), [1, *shape]
    if op == "Slice":
        return (op, [ints([0]), ints([shape[-1] - 1]), ints([rank - 1])], {}), [*shape[:-1], shape[-1] - 1]
    if op == "ReduceMean":
        return (op, [ints([-1])], {"keepdims": 1}), [*shape[:-1], 1]
    if op == "LayerNormalization":
        # Rows of nearly equal numbers would have all digits of their differences lost, by whichever order of sums.
        return (op, [r.array([shape[-1]], dtype), r.array([shape[-1]], dtype)], {"axis": -1, "epsilon": 0.1}), shape
    return (op, [], {"axis": -1} if op == "Softmax" else {}), shape


# ---- running

# Relative to the largest magnitude of what is wanted.
TOLERANCE = {np.float16: 2e-3, np.float32: 1e-6, np.float64: 1e-14, ml_dtypes.bfloat16: 1e-2}


def model_of(c):
    nodes, feeds, constants = [], {}, {}
    outputs = [f"y{i}" for i in range(c.outputs)]
    for k, (op, inputs, attrs) in enumerate([(c.op, c.inputs, c.attrs), *c.then]):
        names = [f"x{k}_{i}" if x is not None else "" for i, x in enumerate(inputs)]
        for i, (name, x) in enumerate(zip(names, inputs)):
            if x is not None:
                (constants if c.constant and (k, i) != (0, 0) else feeds)[name] = x
        while names and not names[-1]:
            names.pop()
        if k > 0:
            names, outputs = outputs + names, [f"y{k}"]
        nodes.append(helper.make_node(op, names, outputs, domain=c.domain, **attrs))
    inputs = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape) for n, x in feeds.items()]
    graph = helper.make_graph(nodes, "g", inputs, [helper.make_empty_tensor_value_info(n) for n in outputs],
                              [numpy_helper.from_array(x, n) for n, x in constants.items()])
    opsets = [helper.make_opsetid("", 24 if c.then else c.opset)] + ([helper.make_opsetid(c.domain, 3)] if c.domain else [])
    return helper.make_model(graph, opset_imports=opsets, ir_version=10), feeds


def differs(got, want, loose):
    """What is wrong with a result; None when it is right."""
    want = np.asarray(want)
    if got.shape != want.shape:
        return f"shape {got.shape}, wanted {want.shape}"
    if got.dtype != want.dtype:
        return f"type {got.dtype}, wanted {want.dtype}"
    if want.size == 0:
        return None
    tolerance = TOLERANCE.get(want.dtype.type)
    if tolerance is None:
        return None if np.array_equal(got, want) else f"{(got != want).sum()} of {want.size} elements differ"
    g, w = got.astype(np.float64), want.astype(np.float64)
    finite = np.isfinite(w)
    if not np.array_equal(np.isnan(g), np.isnan(w)) or not np.array_equal(g[~finite & ~np.isnan(w)], w[~finite & ~np.isnan(w)]):
        return "NaN or infinity at other places"
    worst = np.abs(g - w)[finite].max(initial=0)
    limit = tolerance * loose * max(1.0, np.abs(w[finite]).max(initial=0))
    return None if worst <= limit else f"off by {worst:.3g}, at most {limit:.3g} wanted"


def run(c):
    """None when all is well, "skip ..." when the reference gives no answer, else what is wrong."""
    made, feeds = model_of(c)
    try:
        want = ReferenceEvaluator(made).run(None, feeds)
    except Exception as e:  # noqa: BLE001  (whatever it raises, it has no answer)
        return f"skip: {type(e).__name__}: {e}"
    text = made.SerializeToString()
    for threads, optimise in ((1, "on"), (2, "off")):
        try:
            with lite.Network(text, threads=threads, options={"optimize": optimise}) as network:
                got = list(network.run(feeds).values())
        except lite.Error as e:
            return f"error: {e}"
        for i, (g, w) in enumerate(zip(got, want)):
            wrong = differs(np.asarray(g), w, c.loose)
            if wrong:
                return f"output {i}, optimize={optimise}: {wrong}"
    return None


def text_of(c):
    def one(op, inputs, attrs):
        return f"{op}({', '.join('none' if x is None else f'{x.dtype}{list(x.shape)}' for x in inputs)}) {attrs or ''}".rstrip()

    return " -> ".join(one(*n) for n in [(c.op, c.inputs, c.attrs), *c.then]) + (" constant" if c.constant else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("LITE_TEST_SEED", "1")))
    parser.add_argument("--op", action="append", choices=sorted(GENERATORS), metavar="NAME")
    parser.add_argument("--only", type=int, metavar="K")
    a = parser.parse_args()
    ops = sorted(a.op or GENERATORS)
    print(f"seed {a.seed}, {len(ops)} operators and chains")
    # There is more to draw in a chain.
    ops += [op for op in ops if op.endswith("...")] * 11
    counts = collections.Counter()
    for k in range(a.cases) if a.only is None else [a.only]:
        op = ops[k % len(ops)]
        c = GENERATORS[op](Random(a.seed, k), op)
        wrong = run(c)
        outcome = "passed" if wrong is None else "skipped" if wrong.startswith("skip") else "failed"
        counts[outcome] += 1
        if outcome == "failed" or a.only is not None:
            print(f"{outcome.upper()} --seed {a.seed} --only {k}: {text_of(c)}: {wrong}")
    # A reference that refuses most of what is drawn would make this a test of nothing.
    if counts["skipped"] > (counts["passed"] + counts["failed"]) // 4:
        print(f"FAILED: the reference gave no answer to {counts['skipped']} cases")
        counts["failed"] += 1
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
