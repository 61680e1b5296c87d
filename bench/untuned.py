#!/usr/bin/env python3
"""Small models of random shapes beside ONNX Runtime: untuned.py [--count N] [--seed N] [--match REGEX] [--above RATIO] [--threads N]
                                                            untuned.py --light [--above RATIO] [--threads N]

Nobody chose these shapes: odd numbers of channels, windows such as 1x7, groups, dilations, strides, sequence lengths. Each model has one
to three nodes. Both engines run in turns in one process, some milliseconds each. The ratio is the median of those of the rounds, which a
processor whose speed changes from second to second does not shift; the times are the shortest, with one thread in processor time. Prints
the models whose ratio to ONNX Runtime is above --above, the worst first, and for each class how many there are. --light: the light models
in the package onnx instead.
"""

import argparse
import math
import pathlib
import re
import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from operators import lite_runner, ort_runner

CHANNELS = [3, 8, 16, 17, 24, 33, 48, 64, 100, 128, 129, 192, 250, 256, 320]
SIDES = [7, 8, 13, 14, 19, 28, 31, 56, 57, 112]
WIDTHS = [10, 17, 33, 64, 100, 127, 128, 200, 256, 300, 512, 513, 768, 1000]


class Model:
    def __init__(self, r):
        self.r, self.nodes, self.weights, self.inputs, self.feed, self.text = r, [], [], [], {}, []

    def pick(self, options):
        return options[int(self.r.integers(len(options)))]

    def input(self, *shape):
        name = f"x{len(self.inputs)}"
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        self.feed[name] = self.r.normal(size=shape).astype(np.float32)
        self.text.append("x".join(map(str, shape)))
        return name

    def weight(self, *shape, value=None):
        name = f"w{len(self.weights)}"
        scale = 1 / math.sqrt(max(1, math.prod(shape[1:])))
        self.weights.append(numpy_helper.from_array((self.r.normal(size=shape) * scale).astype(np.float32) if value is None else value, name))
        return name

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [f"y{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        shapes = ["x".join(map(str, w.dims)) for w in self.weights if w.name in inputs and len(w.dims) > 1]
        shown = " ".join(f"{k}={v}".replace(" ", "") for k, v in attributes.items() if k != "kernel_shape")
        self.text.append(" ".join([kind, *shapes, shown]).strip())
        return names[0]

    def bytes(self, y):
        out = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
        nodes = [*self.nodes, helper.make_node("Identity", [y], ["y"])]
        graph = helper.make_graph(nodes, "g", self.inputs, [out], self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()

    def activation(self, y):
        kind = self.pick(["", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "HardSwish"])
        return self.op(kind, y) if kind else y


def conv(m, dims, kind="Conv", depthwise=False):
    """One convolution, by chance with an activation behind it."""
    kernels = {1: [[1], [3], [5], [7], [9]], 2: [[1, 1], [3, 3], [3, 3], [5, 5], [7, 7], [1, 7], [7, 1], [3, 5], [2, 2], [4, 4]], 3: [[1, 1, 1], [3, 3, 3], [1, 3, 3], [3, 1, 1]]}
    k = m.pick(kernels[dims])
    s = m.pick([1, 1, 2, 3]) if max(k) > 1 else m.pick([1, 1, 2])
    d = m.pick([1, 1, 1, 2, 3]) if max(k) > 1 and s == 1 else 1
    c = m.pick(CHANNELS)
    if depthwise:
        group, out = c, c * m.pick([1, 1, 2, 3])
    else:
        group = m.pick([1, 1, 1, *(g for g in (2, 4, 5, 8, 16) if c % g == 0)])
        out = math.ceil(m.pick(CHANNELS) / group) * group
    sides, tries = [0] * dims, 0
    while math.prod(sides) * out * c // group * math.prod(k) > 3e8 or any(n <= d * (j - 1) for n, j in zip(sides, k, strict=True)):
        sides = {1: [m.pick([50, 100, 127, 400, 1000])], 2: [m.pick(SIDES), m.pick(SIDES)], 3: [m.pick([4, 7, 9]), m.pick([7, 14, 19]), m.pick([7, 14, 28])]}[dims]
        tries += 1
        if tries > 1000:  # so many channels that no sides are few enough
            k, s, d = [1] * dims, 1, 1
    work = math.prod(sides) * out * c // group * math.prod(k)
    pads = [d * (j - 1) // 2 for j in k] if m.pick([True, True, False]) else [0] * dims
    x = m.input(m.pick([1, 1, 1, 2, 4]) if work < 5e7 else 1, c, *sides)
    shape = (c, out // group, *k) if kind == "ConvTranspose" else (out, c // group, *k)
    y = m.op(kind, x, m.weight(*shape), m.weight(out), kernel_shape=k, strides=[s] * dims, dilations=[d] * dims, pads=pads * 2, group=group)
    return m.activation(y)


def chain(m):
    """Pointwise, depthwise, pointwise, or two windows: what networks for phones repeat."""
    c, wide, out = m.pick(CHANNELS), m.pick(CHANNELS), m.pick(CHANNELS)
    h, w = m.pick(SIDES[:8]), m.pick(SIDES[:8])
    x = m.input(1, c, h, w)
    act = m.pick(["Relu", "HardSwish", "Sigmoid"])
    y = m.op(act, m.op("Conv", x, m.weight(wide, c, 1, 1), m.weight(wide)))
    k, s = m.pick([3, 5, 7]), m.pick([1, 1, 2])
    y = m.op(act, m.op("Conv", y, m.weight(wide, 1, k, k), m.weight(wide), pads=[k // 2] * 4, strides=[s, s], group=wide))
    return m.op("Conv", y, m.weight(out, wide, 1, 1), m.weight(out))


def matmul(m):
    rows, k, n = m.pick([1, 2, 3, 7, 16, 33, 100, 128, 197]), m.pick(WIDTHS), m.pick(WIDTHS)
    y = m.op("MatMul", m.input(rows, k), m.weight(k, n))
    return m.activation(m.op("Add", y, m.weight(n)) if m.pick([True, False]) else y)


def gemm(m):
    rows, k, n = m.pick([1, 2, 3, 7, 16, 33, 100, 128, 197]), m.pick(WIDTHS), m.pick(WIDTHS)
    t = m.pick([0, 1])
    return m.activation(m.op("Gemm", m.input(rows, k), m.weight(*((n, k) if t else (k, n))), m.weight(n), transB=t))


def batched(m):
    b, rows, k, n = m.pick([1, 3, 8, 12]), m.pick([1, 7, 33, 64, 100, 197]), m.pick([16, 33, 64, 100]), m.pick([7, 33, 64, 100, 197])
    return m.op("MatMul", m.input(b, rows, k), m.input(b, k, n))


def attention(m):
    heads, length, keys, d = m.pick([1, 2, 3, 8, 12]), m.pick([1, 7, 17, 50, 77, 100, 197, 333]), m.pick([0, 0, 50, 129]), m.pick([16, 32, 40, 64, 80])
    keys = keys or length
    q, k, v = m.input(1, heads, length, d), m.input(1, heads, d, keys), m.input(1, heads, keys, d)
    s = m.op("Mul", m.op("MatMul", q, k), m.weight(value=np.array(1 / math.sqrt(d), np.float32)))
    return m.op("MatMul", m.op("Softmax", s, axis=-1), v)


def recurrent(m, kind):
    gates = {"LSTM": 4, "GRU": 3}[kind]
    t, b, n, h = m.pick([1, 10, 33, 77]), m.pick([1, 2, 5, 8]), m.pick([10, 40, 64, 100, 129]), m.pick([16, 33, 64, 100, 128, 200])
    both = m.pick([1, 1, 2])
    more = {"linear_before_reset": 1} if kind == "GRU" and m.pick([True, False]) else {}
    return m.op(kind, m.input(t, b, n), m.weight(both, gates * h, n), m.weight(both, gates * h, h), m.weight(both, 2 * gates * h), hidden_size=h,
                direction="forward" if both == 1 else "bidirectional", **more)


def norm(m):
    x = m.input(m.pick([1, 3, 8]), m.pick([7, 50, 128]), m.pick(WIDTHS))
    n = m.feed[x].shape[-1]
    y = m.op("LayerNormalization", x, m.weight(n), m.weight(n), axis=-1)
    return m.op("MatMul", y, m.weight(n, m.pick(WIDTHS)))


CLASSES = {
    "conv1d": lambda m: conv(m, 1),
    "conv2d": lambda m: conv(m, 2),
    "conv3d": lambda m: conv(m, 3),
    "depthwise1d": lambda m: conv(m, 1, depthwise=True),
    "depthwise2d": lambda m: conv(m, 2, depthwise=True),
    "transposed": lambda m: conv(m, m.pick([1, 2, 2]), kind="ConvTranspose"),
    "chain": chain,
    "matmul": matmul,
    "gemm": gemm,
    "batched": batched,
    "attention": attention,
    "lstm": lambda m: recurrent(m, "LSTM"),
    "gru": lambda m: recurrent(m, "GRU"),
    "norm": norm,
}


def measure(text, feed, threads, rounds):
    clock = time.process_time if threads == 1 else time.perf_counter
    runners = [ort_runner(text, threads, feed), lite_runner(text, threads, feed)]
    best, pairs = [math.inf, math.inf], []
    runners[0][0]()
    begin = time.perf_counter()
    runners[0][0]()
    repeats = max(2, min(300, int(3e-3 / (time.perf_counter() - begin + 1e-6))))
    for _ in range(rounds):
        times = []
        for run, *_ in runners:
            run()
            begin = clock()
            for _ in range(repeats):
                run()
            times.append((clock() - begin) / repeats * 1e6)
        best = np.minimum(best, times)
        pairs.append(times[1] / times[0])
    x, y = (np.asarray(r[1], np.float64) for r in runners)
    difference = float(np.abs(x - y).max() / (np.abs(x).max() + 1e-30)) if x.shape == y.shape else math.inf
    return *best, np.median(pairs), difference


def light_models():
    folder = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
    for path in sorted(folder.glob("*.onnx")):
        model = onnx.load(path)
        weights = {w.name for w in model.graph.initializer}
        shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in model.graph.input if v.name not in weights}
        r = np.random.default_rng(0)
        yield path.stem, path.read_bytes(), {name: r.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20, help="models of each class")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--match", default="")
    parser.add_argument("--above", type=float, default=1.05)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--light", action="store_true")
    a = parser.parse_args()
    if a.light:
        print("| model | ONNX Runtime ms | Lite ms | ratio | largest difference |\n|---|---|---|---|---|")
        for name, text, feed in light_models():
            ort, own, ratio, difference = measure(text, feed, a.threads, a.rounds)
            print(f"| {name} | {ort / 1e3:.2f} | {own / 1e3:.2f} | {ratio:.2f} | {difference:.1e} |", flush=True)
        return
    slow = []
    print("| class | models | above | median ratio | worst | largest difference |\n|---|---|---|---|---|---|")
    for name, make in CLASSES.items():
        if not re.search(a.match, name):
            continue
        ratios, most = [], 0.0
        for i in range(a.count):
            m = Model(np.random.default_rng([a.seed, list(CLASSES).index(name), i]))
            text = m.bytes(make(m))
            ort, own, ratio, difference = measure(text, m.feed, a.threads, a.rounds)
            if ratio > a.above:  # once more: another program may have been in the way
                ort, own, ratio, difference = measure(text, m.feed, a.threads, 5 * a.rounds)
            ratios.append(ratio)
            most = max(most, difference)
            if ratio > a.above:
                slow.append((ratio, name, i, ort, own, " ".join(m.text)))
        print(f"| {name} | {a.count} | {sum(r > a.above for r in ratios)} | {np.median(ratios):.2f} | {max(ratios):.2f} | {most:.1e} |", flush=True)
    print("\n| ratio | class | model | ONNX Runtime us | Lite us | what |\n|---|---|---|---|---|---|")
    for ratio, name, i, ort, own, what in sorted(slow, reverse=True):
        print(f"| {ratio:.2f} | {name} | {i} | {ort:.1f} | {own:.1f} | {what} |")


if __name__ == "__main__":
    main()
