#!/usr/bin/env python3
"""Ensembles of decision trees beside ONNX Runtime, in turns in one process: trees.py [--threads N] [--rounds N]

Random complete trees of 30 features with one vote a leaf, as gradient boosting makes them. Prints the median microseconds of a run
from bound inputs to bound outputs (with one thread those of the processor, so that other programs do not count), and the largest
difference of the results.
"""

import argparse
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

import lite

FEATURES = 30


def ensemble(trees, depth, seed=1):
    rng = np.random.default_rng(seed)
    inner, size = 2**depth - 1, 2 ** (depth + 1) - 1
    leaf = np.arange(size) >= inner
    node = np.tile(np.arange(size), trees)
    leaves = np.tile(np.nonzero(leaf)[0], trees)
    attributes = {
        "nodes_treeids": np.repeat(np.arange(trees), size),
        "nodes_nodeids": node,
        "nodes_featureids": np.where(np.tile(leaf, trees), 0, rng.integers(FEATURES, size=trees * size)),
        "nodes_modes": ["LEAF" if v else "BRANCH_LEQ" for v in np.tile(leaf, trees)],
        "nodes_values": rng.normal(size=trees * size).astype(np.float32),
        "nodes_truenodeids": np.where(np.tile(leaf, trees), 0, 2 * node + 1),
        "nodes_falsenodeids": np.where(np.tile(leaf, trees), 0, 2 * node + 2),
        "target_treeids": np.repeat(np.arange(trees), inner + 1),
        "target_nodeids": leaves,
        "target_ids": np.zeros(len(leaves), np.int64),
        "target_weights": (rng.normal(size=len(leaves)) / 100).astype(np.float32),
    }
    attributes = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in attributes.items()}
    regressor = helper.make_node("TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml", n_targets=1, **attributes)
    graph = helper.make_graph([regressor], "trees", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", FEATURES])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 1])])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def ort_runner(text, threads, x):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input("x", x)
    y = np.empty((len(x), 1), np.float32)
    binding.bind_output("y", "cpu", 0, np.float32, y.shape, y.ctypes.data)
    return lambda: session.run_with_iobinding(binding), lambda: y


def lite_runner(text, threads, x):
    network = lite.Network(text, threads=threads)
    network.set_input("x", x)
    forward, handle, check = lite.network.lib.LITE_forward, network._handle, lite.network.check
    return lambda: check(forward(handle)), lambda: network.run()["y"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    a = parser.parse_args()
    clock = time.process_time if a.threads == 1 else time.perf_counter
    print("| trees | depth | batch | threads | ONNX Runtime us | Lite us | ratio | difference |\n|---|---|---|---|---|---|---|---|")
    for trees, depth in ((100, 6), (1000, 6), (1000, 8)):
        text = ensemble(trees, depth)
        for batch in (1, 8, 1000):
            x = np.random.default_rng(2).normal(size=(batch, FEATURES)).astype(np.float32)
            runners = [ort_runner(text, a.threads, x), lite_runner(text, a.threads, x)]
            times = [[], []]
            repeats = max(2, 40000 // (batch * trees + 400))
            for _ in range(a.rounds):
                for (run, _), seen in zip(runners, times, strict=True):
                    run()
                    begin = clock()
                    for _ in range(repeats):
                        run()
                    seen.append((clock() - begin) / repeats * 1e6)
            ort, own = (float(np.median(t)) for t in times)
            difference = float(np.abs(np.asarray(runners[0][1]()) - np.asarray(runners[1][1]())).max())
            print(f"| {trees} | {depth} | {batch} | {a.threads} | {ort:.1f} | {own:.1f} | {own / ort:.2f} | {difference:.1e} |", flush=True)


main()
