#!/usr/bin/env python3
"""Single operators beside ONNX Runtime, in turns in one process: operators.py [--threads N] [--rounds N] [--match REGEX] [--slow]

Each row is a model of one node at a shape that models have. Prints the median time of a run from bound inputs to bound outputs (with
one thread that of the processor, so that other programs do not count), the ratio, below 1 where this library is faster, and the largest
difference of the results, relative to the largest number. --slow leaves out rows up to 1.1.
"""

import argparse
import re
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import lite

F, I = np.float32, np.int64


def rand(*shape):
    return np.random.default_rng(sum(shape) + 7).normal(size=shape).astype(F)


def ints(high, *shape):
    return np.random.default_rng(high).integers(0, high, size=shape)


def boxes(batch, n):
    r = np.random.default_rng(n)
    corner = r.uniform(0, 600, size=(batch, n, 2))
    return np.concatenate([corner, corner + r.uniform(8, 80, size=(batch, n, 2))], -1).astype(F)


def const(v, dtype=I):
    return ("const", np.asarray(v, dtype))


def resize(shape, out, **attributes):
    return ("Resize", [rand(*shape), None, None, const(out)], attributes)


def pool_row(op, x, kernel, **attributes):
    return (op, [rand(*x)], {"kernel_shape": kernel, **attributes})


def conv(x, w, op="Conv", **attributes):
    return (op, [rand(*x), ("const", rand(*w) / 10)], attributes)


def shapes(op, list_of_shapes, **attributes):
    return [(op, [rand(*s)], attributes) for s in list_of_shapes]


IMAGES = [(1, 64, 56, 56), (1, 256, 14, 14), (8, 32, 28, 28)]
TOKENS = [(1, 128, 768), (8, 64, 512), (1, 1000)]


def rows():
    for op in ("Relu", "Sigmoid", "Tanh", "Exp", "Erf", "Gelu", "HardSwish", "Elu", "Selu", "Celu", "Softsign", "Mish", "Sqrt", "Floor", "Sin", "Atan",
               "ThresholdedRelu", "Tan", "Not", "IsNaN", "Shrink"):
        for s in TOKENS:
            yield (op, [rand(*s) > 0 if op == "Not" else np.abs(rand(*s))], {})
    for op in ("Add", "Div", "Pow", "Max", "Sum", "Mean", "Mod"):
        for s in TOKENS:
            yield (op, [np.abs(rand(*s)), np.abs(rand(s[-1]))], {"fmod": 1} if op == "Mod" else {})
    yield ("Where", [rand(8, 64, 512) > 0, rand(8, 64, 512), rand(1)], {})
    for op in ("Softmax", "LogSoftmax", "Hardmax"):
        for s in [(1, 12, 128, 128), (1, 1000), (64, 1000)]:
            yield (op, [rand(*s)], {"axis": -1})
    for op in ("ReduceMean", "ReduceSum", "ReduceMax", "ReduceL2", "ReduceLogSumExp"):
        for s, axes in [((1, 128, 768), [2]), ((1, 256, 14, 14), [2, 3]), ((64, 1000), [0])]:
            yield (op, [rand(*s), const(axes)], {})
    for s in [(1, 128, 768), (8, 64, 512), (1, 32, 4096)]:
        yield ("LayerNormalization", [rand(*s), ("const", rand(s[-1])), ("const", rand(s[-1]))], {})
        yield ("RMSNormalization", [rand(*s), ("const", rand(s[-1]))], {})
    for s in IMAGES:
        yield ("InstanceNormalization", [rand(*s), ("const", rand(s[1])), ("const", rand(s[1]))], {})
        yield ("GroupNormalization", [rand(*s), ("const", rand(s[1])), ("const", rand(s[1]))], {"num_groups": 32})
        yield ("LRN", [rand(*s)], {"size": 5})
        yield ("LpNormalization", [rand(*s)], {"axis": 1})
        yield ("MeanVarianceNormalization", [rand(*s)], {})
    for op in ("ArgMax", "ArgMin"):
        for s, axis in [((1, 1000), 1), ((1, 21, 128, 128), 1), ((64, 1000), -1)]:
            yield (op, [rand(*s)], {"axis": axis, "keepdims": 0})
    for s, k in [((1, 1000), 5), ((1, 50257), 50), ((1, 8400), 300), ((64, 1000), 5)]:
        yield ("TopK", [rand(*s), const([k])], {})
    for n, classes in [(1000, 1), (8400, 1), (2000, 20)]:
        yield ("NonMaxSuppression", [boxes(1, n), np.random.default_rng(n).uniform(size=(1, classes, n)).astype(F), const(200), const(0.5, F),
                                     const(0.25, F)], {})
    for s, axis in [((1, 1000), 1), ((8, 64, 512), 1), ((8, 64, 512), 2)]:
        yield ("CumSum", [rand(*s), const(axis)], {})
    for mode in ({"mode": "nearest"}, {"mode": "linear"}, {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, {"mode": "cubic"},
                 {"mode": "linear", "antialias": 1}, {"mode": "cubic", "antialias": 1}):
        yield resize((1, 3, 480, 640), [1, 3, 224, 224], **mode)
        yield resize((1, 64, 28, 28), [1, 64, 56, 56], **mode)
        yield resize((1, 256, 16, 16), [1, 256, 33, 33], **mode)
    yield resize((1, 8, 16, 32, 32), [1, 8, 32, 64, 64], mode="linear")
    yield resize((1, 64, 128), [1, 64, 256], mode="linear")
    yield resize((1, 64, 128), [1, 64, 256], mode="nearest")
    for x, k in [((1, 64, 56, 56), [3, 3]), ((1, 64, 1000), [3]), ((1, 16, 16, 28, 28), [2, 2, 2])]:
        yield pool_row("MaxPool", x, k, strides=k)
        yield pool_row("AveragePool", x, k, strides=k)
        yield pool_row("LpPool", x, k, strides=k)
    yield pool_row("MaxPool", (1, 64, 56, 56), [3, 3], dilations=[2, 2])
    for x, w, more in [((1, 64, 1000), (64, 64, 3), {}), ((1, 80, 3000), (384, 80, 3), {"pads": [1, 1]}), ((1, 256, 100), (256, 1, 7), {"group": 256}),
                       ((1, 3, 16, 56, 56), (32, 3, 3, 3, 3), {}), ((1, 32, 8, 28, 28), (32, 32, 3, 3, 3), {}),
                       ((1, 64, 56, 56), (64, 64, 3, 3), {"dilations": [2, 2]}), ((1, 64, 56, 56), (64, 2, 3, 3), {"group": 32})]:
        yield conv(x, w, **more)
    for x, w, more in [((1, 64, 500), (64, 32, 4), {"strides": [2]}), ((1, 64, 28, 28), (64, 32, 4, 4), {"strides": [2, 2]}),
                       ((1, 32, 8, 14, 14), (32, 16, 2, 2, 2), {"strides": [2, 2, 2]}), ((1, 64, 28, 28), (64, 1, 4, 4), {"strides": [2, 2], "group": 64})]:
        yield conv(x, w, op="ConvTranspose", **more)
    for table, index, axis in [((30522, 768), (1, 128), 0), ((1000, 64), (10000,), 0), ((8, 64, 512), (32,), 1)]:
        yield ("Gather", [rand(*table), ints(table[axis], *index)], {"axis": axis})
    for s, axis in [((8, 64, 512), 2), ((8, 64, 512), 1), ((1000, 1000), 1)]:
        half = tuple(n // 2 if i == axis else n for i, n in enumerate(s))
        yield ("GatherElements", [rand(*s), ints(s[axis], *half)], {"axis": axis})
        yield ("ScatterElements", [rand(*s), np.argsort(rand(*s), axis).take(range(s[axis] // 2), axis), rand(*half)], {"axis": axis})
    for s, index in [((1000, 256), (300, 1)), ((1, 64, 56, 56), (500, 3)), ((64, 64, 64), (20000, 3))]:
        at = np.stack([ints(n, *index[:-1]) for n in s[: index[-1]]], -1)
        yield ("GatherND", [rand(*s), at], {})
        yield ("ScatterND", [rand(*s), np.unique(at.reshape(-1, index[-1]), axis=0), rand(len(np.unique(at.reshape(-1, index[-1]), axis=0)), *s[index[-1]:])], {})
    for s, repeats in [((1, 64, 28, 28), [1, 1, 2, 2]), ((1, 1, 768), [1, 128, 1]), ((64, 64), [1, 16])]:
        yield ("Tile", [rand(*s), const(repeats)], {})
    for s, to in [((1, 1, 768), [8, 128, 768]), ((64, 1), [64, 1000]), ((8, 1, 64, 64), [8, 12, 64, 64])]:
        yield ("Expand", [rand(*s), const(to)], {})
    for mode in ("constant", "reflect", "edge", "wrap"):
        for s, pads in [((1, 64, 56, 56), [0, 0, 1, 1, 0, 0, 1, 1]), ((1, 3, 224, 224), [0, 0, 3, 3, 0, 0, 3, 3]), ((1, 80, 3000), [0, 0, 8, 0, 0, 8])]:
            yield ("Pad", [rand(*s), const(pads)], {"mode": mode})
    for s, p in [((1, 128, 12, 64), [0, 2, 1, 3]), ((1, 64, 56, 56), [0, 2, 3, 1]), ((1000, 768), [1, 0])]:
        yield ("Transpose", [rand(*s)], {"perm": p})
    for equation, a, b in [("bij,bjk->bik", (8, 64, 64), (8, 64, 64)), ("bhqd,bhkd->bhqk", (1, 8, 128, 64), (1, 8, 128, 64)), ("nchw,kc->nkhw", (1, 64, 28, 28), (64, 64)),
                           ("bhwc,hkc->bhwk", (4, 14, 14, 64), (14, 14, 64))]:
        yield ("Einsum", [rand(*a), rand(*b)], {"equation": equation})
    for s, g in [((1, 32, 56, 56), (1, 56, 56, 2)), ((1, 3, 224, 224), (1, 224, 224, 2)), ((8, 16, 28, 28), (8, 28, 28, 2))]:
        yield ("GridSample", [rand(*s), np.clip(rand(*g), -1, 1)], {})
    for n, s in [(100, (1, 256, 50, 50)), (10, (1, 64, 100, 100)), (300, (1, 64, 25, 25))]:
        yield ("RoiAlign", [rand(*s), boxes(1, n)[0] / 16, np.zeros(n, I)], {"output_height": 7, "output_width": 7, "sampling_ratio": 2})
    for s in [(1, 1000), (64, 64, 64), (1, 128, 768)]:
        yield ("Trilu", [rand(*(s if s[0] > 1 else (1, *s)))], {})
        yield ("NonZero", [rand(*s) > 1], {})
        yield ("Cast", [rand(*s)], {"to": TensorProto.INT64})
    for n, depth in [(128, 1000), (1000, 10), (4096, 64)]:
        yield ("OneHot", [ints(depth, n), const([depth]), const([0, 1], F)], {})
    for s, block in [((1, 64, 28, 28), 2), ((1, 48, 64, 64), 4), ((8, 16, 14, 14), 2)]:
        yield ("DepthToSpace", [rand(*s)], {"blocksize": block})
        yield ("SpaceToDepth", [rand(*s[:2], s[2] * block, s[3] * block)], {"blocksize": block})
    for t, b, n in [(50, 1, 128), (20, 8, 256), (100, 1, 64)]:
        for op, gates in (("LSTM", 4), ("GRU", 3), ("RNN", 1)):
            yield (op, [rand(t, b, n), ("const", rand(1, gates * n, n) / 10), ("const", rand(1, gates * n, n) / 10)], {"hidden_size": n})
    for n, axis in [((1, 512, 512, 2), 1), ((64, 512, 1), 1), ((1, 512, 512, 2), 2)]:
        yield ("DFT", [rand(*n), None, const(axis)], {})
    for length, frame, step in [(480000, 400, 160), (16000, 512, 256), (160000, 400, 160)]:
        yield ("STFT", [rand(1, length, 1), const(step), ("const", np.hanning(frame).astype(F))], {"onesided": 1})


def model(op, inputs, attributes):
    names, given, initializers, feed = [], [], [], {}
    for i, v in enumerate(inputs):
        if v is None:
            names.append("")
            continue
        name = f"x{i}"
        names.append(name)
        if isinstance(v, tuple):
            initializers.append(numpy_helper.from_array(v[1], name))
        else:
            given.append(helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape))
            feed[name] = np.ascontiguousarray(v)
    outputs = ["y", "i"] if op == "TopK" else ["y"]
    node = helper.make_node(op, names, outputs, **attributes)
    infos = [helper.make_tensor_value_info(o, TensorProto.INT64 if o == "i" else TensorProto.UNDEFINED, None) for o in outputs]
    for info in infos:
        if info.type.tensor_type.elem_type == TensorProto.UNDEFINED:
            info.ClearField("type")
    graph = helper.make_graph([node], "g", given, infos, initializers)
    opset = {"RMSNormalization": 24, "RoiAlign": 16}.get(op, 22)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10).SerializeToString(), feed


def ort_runner(text, threads, feed):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
    first = session.run(None, feed)
    binding = session.io_binding()
    for name, x in feed.items():
        binding.bind_cpu_input(name, x)
    keep = []
    for o, y in zip(session.get_outputs(), first, strict=True):
        room = np.empty_like(y)
        keep.append(room)
        binding.bind_output(o.name, "cpu", 0, y.dtype, y.shape, room.ctypes.data)
    return lambda: session.run_with_iobinding(binding), first[0], keep


def lite_runner(text, threads, feed):
    network = lite.Network(text, threads=threads)
    for name, x in feed.items():
        network.set_input(name, x)
    forward, handle, check = lite.network.lib.LITE_forward, network._handle, lite.network.check
    return lambda: check(forward(handle)), next(iter(network.run().values())), network


def describe(op, inputs, attributes):
    parts = []
    for v in inputs:
        if v is not None:
            a = v[1] if isinstance(v, tuple) else v
            small = isinstance(v, tuple) and a.size <= 6
            parts.append(str(a.tolist()).replace(" ", "") if small else "x".join(map(str, a.shape)))
    return f"{op} {' '.join(parts)}" + "".join(f" {k}={v}".replace(", ", ",") for k, v in attributes.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--match", default="")
    parser.add_argument("--slow", action="store_true")
    a = parser.parse_args()
    clock = time.process_time if a.threads == 1 else time.perf_counter
    print("| operator | threads | ONNX Runtime us | Lite us | ratio | difference |\n|---|---|---|---|---|---|")
    for op, inputs, attributes in rows():
        name = describe(op, inputs, attributes)
        if not re.search(a.match, name):
            continue
        text, feed = model(op, inputs, attributes)
        try:
            runners = [ort_runner(text, a.threads, feed), lite_runner(text, a.threads, feed)]
        except Exception as e:
            print(f"| {name} | {a.threads} | {type(e).__name__}: {str(e)[:60]!r} |", flush=True)
            continue
        times = [[], []]
        runners[0][0]()
        begin = time.perf_counter()
        runners[0][0]()
        repeats = max(2, min(200, int(2e-3 / (time.perf_counter() - begin + 1e-6))))
        for _ in range(a.rounds):
            for (run, *_), seen in zip(runners, times, strict=True):
                run()
                begin = clock()
                for _ in range(repeats):
                    run()
                seen.append((clock() - begin) / repeats * 1e6)
        ort, own = (float(np.median(t)) for t in times)
        x, y = (np.asarray(r[1]).astype(np.float64) for r in runners)
        difference = float(np.abs(x - y).max() / (np.abs(x).max() + 1e-30)) if x.shape == y.shape and x.size else float(x.shape != y.shape)
        if not a.slow or own > 1.1 * ort:
            print(f"| {name} | {a.threads} | {ort:.1f} | {own:.1f} | {own / ort:.2f} | {difference:.1e} |", flush=True)


if __name__ == "__main__":
    main()
