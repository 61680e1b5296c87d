"""Gradient of ai.onnx.preview.training, every rule against central differences."""

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

import lite

TRAINING = "ai.onnx.preview.training"
DOUBLE = TensorProto.DOUBLE


def build(nodes, xs, given, shapes, constants=(), y="y", zs=(), outputs=None):
    """A model of `nodes` with y and dy/dx for each of xs as outputs; `given`: what is fed to Gradient for xs and zs."""
    grads = [f"d_{x}" for x in xs]
    gradient = helper.make_node("Gradient", list(given), grads, domain=TRAINING, xs=list(xs), y=y, **({"zs": list(zs)} if zs else {}))
    inputs = [helper.make_tensor_value_info(n, DOUBLE, s) for n, s in shapes.items()]
    outs = [helper.make_empty_tensor_value_info(n) for n in (outputs or [y, *grads])]
    graph = helper.make_graph([*nodes, gradient], "g", inputs, outs, [numpy_helper.from_array(v, n) for n, v in constants])
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(TRAINING, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()


def check(nodes, feeds, constants=(), xs=None):
    """What Gradient says of the sum of y against (f(x + h) - f(x - h)) / 2h, element by element."""
    xs = list(feeds) if xs is None else xs
    zs = [n for n in feeds if n not in xs]
    text = build(nodes, xs, [*xs, *zs], {n: v.shape for n, v in feeds.items()}, constants, zs=zs)
    with lite.Network(text, threads=1) as net:
        got = net.run(feeds)
        for x in xs:
            want = np.zeros_like(feeds[x])
            for i in np.ndindex(want.shape):
                h = 1e-5
                up, down = feeds[x].copy(), feeds[x].copy()
                up[i] += h
                down[i] -= h
                f = [net.run({**feeds, x: v})["y"].sum() for v in (up, down)]
                want[i] = (f[0] - f[1]) / (2 * h)
            np.testing.assert_allclose(got[f"d_{x}"], want, rtol=1e-6, atol=1e-6, err_msg=f"dy/d{x}")


def rand(*shape, seed=1, low=-2.0, high=2.0):
    return np.random.default_rng(seed).uniform(low, high, shape)


node = helper.make_node
UNARY = ["Abs", "Atan", "Cos", "Cosh", "Elu", "Erf", "Exp", "Identity", "LeakyRelu", "Neg", "Reciprocal", "Relu", "Sigmoid", "Sin",
         "Sinh", "Softplus", "Softsign", "Tan", "Tanh", "Ceil", "Floor", "Round", "Sign"]


@pytest.mark.parametrize("op", UNARY)
def test_unary(op):
    # Multiplied by a weight, so that what comes back is not all ones; away from where a slope jumps.
    x = rand(2, 5)
    x = np.where(np.abs(x - np.round(x * 2) / 2) < 1e-2, x + 0.02, x)
    check([node(op, ["x"], ["u"]), node("Mul", ["u", "w"], ["y"])], {"x": x}, [("w", rand(2, 5, seed=2))])


@pytest.mark.parametrize("op", ["Log", "Sqrt"])
def test_unary_of_positive_numbers(op):
    check([node(op, ["x"], ["y"])], {"x": rand(2, 5, low=0.5)})


@pytest.mark.parametrize("op", ["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum", "Mean"])
@pytest.mark.parametrize("shapes", [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), (2, 1))])
def test_binary_with_broadcasting(op, shapes):
    a, b = rand(*shapes[0], low=0.5), rand(*shapes[1], seed=2, low=0.5)
    check([node(op, ["a", "b"], ["u"]), node("Mul", ["u", "u"], ["y"])], {"a": a, "b": b})


def test_power_by_a_constant():
    check([node("Pow", ["x", "three"], ["y"])], {"x": rand(4)}, [("three", np.array(3, np.int64))])


@pytest.mark.parametrize("op", ["ReduceSum", "ReduceMean", "ReduceSumSquare", "ReduceL2", "ReduceLogSumExp"])
@pytest.mark.parametrize("axes", [None, [1], [0, 2], [-1]])
@pytest.mark.parametrize("keepdims", [0, 1])
def test_reductions(op, axes, keepdims):
    constants = [] if axes is None else [("axes", np.array(axes, np.int64))]
    reduce = node(op, ["x"] + [n for n, _ in constants], ["u"], keepdims=keepdims)
    check([reduce, node("Exp", ["u"], ["y"])], {"x": rand(2, 3, 4) / 4}, constants)


@pytest.mark.parametrize("op", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax(op, axis):
    check([node(op, ["x"], ["u"], axis=axis), node("Mul", ["u", "w"], ["y"])], {"x": rand(3, 4)}, [("w", rand(3, 4, seed=2))])


def test_shapes():
    nodes = [
        node("Transpose", ["x"], ["a"], perm=[2, 0, 1]),
        node("Reshape", ["a", "shape"], ["b"]),
        node("Unsqueeze", ["b", "one"], ["c"]),
        node("Expand", ["c", "wide"], ["d"]),
        node("Squeeze", ["b2", "one"], ["e"]),
        node("Unsqueeze", ["b", "one"], ["b2"]),
        node("Flatten", ["d"], ["f"]),
        node("Concat", ["f", "f2"], ["g"], axis=1),
        node("Flatten", ["e"], ["f2"]),
        node("Split", ["g", "parts"], ["h", "i"], axis=1),
        node("Exp", ["h"], ["j"]),
        node("Transpose", ["j"], ["k"]),
        node("ReduceSum", ["k"], ["m"], keepdims=0),
        node("Mul", ["m", "i"], ["y"]),
    ]
    constants = [("shape", np.array([4, 6], np.int64)), ("one", np.array([1], np.int64)), ("wide", np.array([4, 2, 6], np.int64)),
                 ("parts", np.array([5, 13], np.int64))]
    check(nodes, {"x": rand(2, 3, 4) / 2}, constants)


def test_gather_adds_up_what_it_takes_twice():
    constants = [("rows", np.array([[2, 0], [2, 1]], np.int64))]
    check([node("Gather", ["x", "rows"], ["u"]), node("Mul", ["u", "u"], ["y"])], {"x": rand(3, 2)}, constants)


def test_where_and_clip_choose():
    nodes = [node("Greater", ["x", "z"], ["c"]), node("Where", ["c", "x", "z"], ["u"]), node("Clip", ["u", "lo", "hi"], ["v"]),
             node("Mul", ["v", "v"], ["y"])]
    check(nodes, {"x": rand(6), "z": rand(6, seed=2)}, [("lo", np.array(-1.0)), ("hi", np.array(1.5))])


@pytest.mark.parametrize("shapes", [((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((5, 2, 3), (5, 3, 4)), ((2, 3), (5, 3, 4))])
def test_matmul(shapes):
    check([node("MatMul", ["a", "b"], ["u"]), node("Tanh", ["u"], ["y"])], {"a": rand(*shapes[0]), "b": rand(*shapes[1], seed=2)})


@pytest.mark.parametrize("trans_a", [0, 1])
@pytest.mark.parametrize("trans_b", [0, 1])
def test_gemm(trans_a, trans_b):
    a = rand(*((3, 2) if trans_a else (2, 3)))
    b = rand(*((4, 3) if trans_b else (3, 4)), seed=2)
    gemm = node("Gemm", ["a", "b", "c"], ["u"], transA=trans_a, transB=trans_b, alpha=0.5, beta=2.0)
    check([gemm, node("Tanh", ["u"], ["y"])], {"a": a, "b": b, "c": rand(4, seed=3)})


def test_a_perceptron_learns():
    """Gradient and Momentum in one model, run until the loss has fallen."""
    nodes = [
        node("MatMul", ["x", "w"], ["h"]),
        node("Tanh", ["h"], ["t"]),
        node("MatMul", ["t", "v"], ["p"]),
        node("Sub", ["p", "z"], ["e"]),
        node("ReduceSumSquare", ["e"], ["loss"], keepdims=0),
        node("Gradient", ["w", "v", "x", "z"], ["gw", "gv"], domain=TRAINING, xs=["w", "v"], zs=["x", "z"], y="loss"),
        node("Momentum", ["rate", "count", "w", "v", "gw", "gv", "mw", "mv"], ["w1", "v1", "mw1", "mv1"], domain=TRAINING,
             alpha=0.9, beta=1.0, mode="standard", norm_coefficient=0.0),
    ]
    feeds = {"x": rand(8, 2), "w": rand(2, 6, seed=2), "v": rand(6, 1, seed=3), "mw": np.zeros((2, 6)), "mv": np.zeros((6, 1)),
             "rate": np.array(0.002), "count": np.array(1, np.int64)}
    feeds["z"] = np.sin(feeds["x"][:, :1]) * feeds["x"][:, 1:]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64 if n == "count" else DOUBLE, v.shape) for n, v in feeds.items()]
    outputs = [helper.make_empty_tensor_value_info(n) for n in ("loss", "w1", "v1", "mw1", "mv1")]
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(TRAINING, 1)]
    made = helper.make_model(helper.make_graph(nodes, "g", inputs, outputs), opset_imports=opsets, ir_version=10)
    losses = []
    with lite.Network(made.SerializeToString(), threads=1) as net:
        for _ in range(200):
            out = net.run(feeds)
            losses.append(float(out["loss"]))
            feeds.update({n: out[n + "1"].copy() for n in ("w", "v", "mw", "mv")})
    assert losses[-1] < losses[0] / 10


def test_at_other_values_than_those_of_the_graph():
    text = build([node("Mul", ["a", "b"], ["y"])], ["a"], ["c", "b"], {"a": (2,), "b": (2,), "c": (2,)}, zs=["b"])
    with lite.Network(text, threads=1) as net:
        out = net.run({"a": np.array([1.0, 2]), "b": np.array([3.0, 4]), "c": np.array([5.0, 6])})
    np.testing.assert_array_equal(out["d_a"], [3, 4])
    nodes = [node("Mul", ["a", "a"], ["u"]), node("Mul", ["u", "a"], ["y"])]
    with lite.Network(build(nodes, ["a"], ["c"], {"a": (2,), "c": (2,)}), threads=1) as net:
        out = net.run({"a": np.array([1.0, 2]), "c": np.array([2.0, 3])})
    np.testing.assert_array_equal(out["y"], [1, 8])
    np.testing.assert_array_equal(out["d_a"], [12, 27])


def test_second_order():
    nodes = [
        node("Mul", ["x", "x"], ["u"]),
        node("Mul", ["u", "x"], ["y"]),
        node("Gradient", ["x"], ["d"], domain=TRAINING, xs=["x"], y="y"),
    ]
    with lite.Network(build(nodes, ["x"], ["x"], {"x": (3,)}, y="d", outputs=["d", "d_x"]), threads=1) as net:
        out = net.run({"x": np.array([1.0, 2, -1])})
    np.testing.assert_array_equal(out["d"], [3, 12, 3])
    np.testing.assert_array_equal(out["d_x"], [6, 12, -6])


def test_independent_of_a_variable():
    nodes = [node("Neg", ["a"], ["y"])]
    text = build(nodes, ["a", "b"], ["a", "b"], {"a": (2,), "b": (3,)})
    with lite.Network(text, threads=1) as net:
        out = net.run({"a": np.array([1.0, 2]), "b": np.array([1.0, 2, 3])})
    np.testing.assert_array_equal(out["d_a"], [-1, -1])
    np.testing.assert_array_equal(out["d_b"], [0, 0, 0])


@pytest.mark.parametrize(
    "nodes, xs, message",
    [
        ([node("CumSum", ["x", "axis"], ["y"])], ["x"], "CumSum"),
        ([node("Mul", ["x", "w"], ["y"])], ["x"], "'w'"),
        ([node("Neg", ["x"], ["y"])], ["q"], "'q'"),
        ([node("Gather", ["x", "axis"], ["y"], axis=1)], ["x"], "axis is 1"),
    ],
)
def test_says_what_it_cannot_do(nodes, xs, message):
    text = build(nodes, xs, ["x"], {"x": (2, 2), "w": (2, 2)}, [("axis", np.array(0, np.int64))])
    with pytest.raises(lite.Error, match=message):
        lite.Network(text)
