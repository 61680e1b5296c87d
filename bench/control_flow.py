#!/usr/bin/env python3
"""What an iteration of Loop and Scan costs beside ONNX Runtime, in turns in one process: control_flow.py [--rounds N] [--match REGEX]

Prints the median processor time of a run on one thread, that of an iteration, the ratio, below 1 where this library is faster, and
whether both give the same.
"""

import argparse
import re
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import lite

FLOAT, INT, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def value(name, shape=None, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def sequence(name):
    return helper.make_tensor_sequence_value_info(name, FLOAT, None)


def weight(name, *shape):
    return numpy_helper.from_array(np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32) / 16, name)


def loop(nodes, states, made, scans=(), captured=(), initializers=()):
    """A model of one Loop. states: value infos of the body's inputs; made: names of their next values."""
    body_in = [value("i", [], INT), value("go", [], BOOL), *states]
    infos = [value("keep", [], BOOL)] + [sequence(n) if s.type.HasField("sequence_type") else value(n) for s, n in zip(states, made, strict=True)]
    body = helper.make_graph([helper.make_node("Identity", ["go"], ["keep"]), *nodes], "body", body_in, infos + [value(n) for n in scans])
    initial = [f"{s.name}_0" for s in states]
    results = [f"{s.name}_n" for s in states] + [f"{n}_all" for n in scans]
    node = helper.make_node("Loop", ["trips", "", *initial], results, body=body)
    given = [value("trips", [], INT)]
    for s, name in zip(states, initial, strict=True):
        info = type(s)()
        info.CopyFrom(s)
        info.name = name
        given.append(info)
    return helper.make_graph([node], "g", [*given, *captured],
                             [sequence(f"{s.name}_n") if s.type.HasField("sequence_type") else value(f"{s.name}_n") for s in states]
                             + [value(f"{n}_all") for n in scans], list(initializers))


def add_loop(n):
    graph = loop([helper.make_node("Add", ["x", "step"], ["y"])], [value("x", [1])], ["y"], captured=[value("step", [1])])
    return graph, {"trips": np.int64(n), "x_0": np.zeros(1, np.float32), "step": np.ones(1, np.float32)}


def collecting_loop(n):
    graph = loop([helper.make_node("Add", ["x", "step"], ["y"]), helper.make_node("Mul", ["y", "y"], ["z"])], [value("x", [256])], ["y"], scans=["z"],
                 captured=[value("step", [256])])
    return graph, {"trips": np.int64(n), "x_0": np.zeros(256, np.float32), "step": np.full(256, 0.01, np.float32)}


def layer_loop(n):
    nodes = [helper.make_node("Gemm", ["x", "w", "b"], ["h"]), helper.make_node("Tanh", ["h"], ["y"])]
    graph = loop(nodes, [value("x", [1, 256])], ["y"], initializers=[weight("w", 256, 256), weight("b", 256)])
    return graph, {"trips": np.int64(n), "x_0": np.ones((1, 256), np.float32)}


def appending_loop(n):
    nodes = [helper.make_node("Add", ["x", "step"], ["y"]), helper.make_node("SequenceInsert", ["s", "y"], ["t"])]
    graph = loop(nodes, [sequence("s"), value("x", [4])], ["t", "y"], captured=[value("step", [4])])
    # The list begins empty inside the model, as exporters write it.
    del graph.input[1]
    graph.node.insert(0, helper.make_node("SequenceEmpty", [], ["s_0"]))
    graph.node.append(helper.make_node("SequenceLength", ["s_n"], ["length"]))
    del graph.output[0]
    graph.output.append(value("length", [], INT))
    return graph, {"trips": np.int64(n), "x_0": np.zeros(4, np.float32), "step": np.ones(4, np.float32)}


def growing_loop(n):
    last = [helper.make_node("Constant", [], [name], value=numpy_helper.from_array(np.array([v], np.int64)))
            for name, v in (("from", -1), ("to", 2**62), ("axis", 1))]
    nodes = [*last, helper.make_node("Slice", ["x", "from", "to", "axis"], ["last"]), helper.make_node("MatMul", ["last", "w"], ["h"]),
             helper.make_node("Tanh", ["h"], ["next"]), helper.make_node("MatMul", ["next", "xt"], ["scores"]), helper.make_node("Softmax", ["scores"], ["p"], axis=-1),
             helper.make_node("MatMul", ["p", "x"], ["mixed"]), helper.make_node("Concat", ["x", "mixed"], ["y"], axis=1)]
    nodes.insert(3, helper.make_node("Transpose", ["x"], ["xt"], perm=[0, 2, 1]))
    graph = loop(nodes, [value("x", [1, None, 64])], ["y"], initializers=[weight("w", 64, 64)])
    return graph, {"trips": np.int64(n), "x_0": np.ones((1, 1, 64), np.float32)}


def gemm_scan(n):
    nodes = [helper.make_node("Gemm", ["h", "w", "x"], ["g"]), helper.make_node("Tanh", ["g"], ["h2"]), helper.make_node("Identity", ["h2"], ["out"])]
    body = helper.make_graph(nodes, "body", [value("h", [1, 128]), value("x", [1, 128])], [value("h2"), value("out")])
    node = helper.make_node("Scan", ["h0", "xs"], ["hn", "outs"], body=body, num_scan_inputs=1)
    graph = helper.make_graph([node], "g", [value("h0", [1, 128]), value("xs", [n, 1, 128])], [value("hn"), value("outs")], [weight("w", 128, 128)])
    return graph, {"h0": np.zeros((1, 128), np.float32), "xs": np.random.default_rng(1).normal(size=(n, 1, 128)).astype(np.float32)}


ROWS = [
    ("Loop of 10000, Add of 1 number", add_loop, 10000),
    ("Loop of 10000, Add and Mul of 256, stacked", collecting_loop, 10000),
    ("Loop of 1000, Gemm 256x256 and Tanh", layer_loop, 1000),
    ("Loop of 10000, appends to a sequence", appending_loop, 10000),
    ("Loop of 200, appends to a tensor and attends to it", growing_loop, 200),
    ("Scan over 1000, Gemm 128x128 and Tanh, stacked", gemm_scan, 1000),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--match", default="")
    a = parser.parse_args()
    print("| body | ONNX Runtime us an iteration | Lite us an iteration | ratio | difference |\n|---|---|---|---|---|")
    for name, make, n in ROWS:
        if not re.search(a.match, name):
            continue
        graph, feed = make(n)
        text = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
        feed = {k: np.asarray(v) for k, v in feed.items()}
        network = lite.Network(text, threads=1)
        runners = [lambda s=session, f=feed: s.run(None, f), lambda w=network, f=feed: list(w.run(f).values())]
        results = [r() for r in runners]
        times = [[], []]
        for _ in range(a.rounds):
            for run, seen in zip(runners, times, strict=True):
                begin = time.process_time()
                run()
                seen.append((time.process_time() - begin) / n * 1e6)
        ort, own = (float(np.median(t)) for t in times)
        difference = max(float(np.abs(np.asarray(x, np.float64) - np.asarray(y, np.float64)).max(initial=0)) for x, y in zip(*results, strict=True))
        print(f"| {name} | {ort:.3f} | {own:.3f} | {own / ort:.2f} | {difference:.1e} |", flush=True)


main()
