#!/usr/bin/env python3
"""MatMulNBits beside ONNX Runtime, in turns in one process, one thread: block_matmul.py [--rounds N]

Prints the median processor time of a run in microseconds, the ratio, below 1 where this library is faster, and the largest difference,
relative to the largest number.
"""

import argparse
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

import lite

# Rows, K, N, block, bits, zero points.
ROWS = [(1, 2048, 2048, 32, 4, True), (1, 4096, 4096, 32, 4, False), (1, 4096, 4096, 128, 8, True), (16, 2048, 2048, 32, 4, True), (128, 2048, 2048, 32, 4, True)]


def model(m, k, n, block, bits, zeros):
    r = np.random.default_rng(1)
    blocks = k // block
    constants = [numpy_helper.from_array(r.integers(0, 256, size=(n, blocks, block * bits // 8)).astype(np.uint8), "b"),
                 numpy_helper.from_array(r.uniform(0.001, 0.02, size=n * blocks).astype(np.float32), "s")]
    if zeros:
        constants.append(numpy_helper.from_array(r.integers(0, 256, size=n * ((blocks * bits + 7) // 8)).astype(np.uint8), "z"))
    node = helper.make_node("MatMulNBits", ["a"] + [c.name for c in constants], ["y"], domain="com.microsoft", K=k, N=n, bits=bits, block_size=block,
                            accuracy_level=1)
    a, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("a", [m, k]), ("y", [m, n])))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(helper.make_graph([node], "g", [a], [y], constants), opset_imports=opsets, ir_version=8).SerializeToString()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print("| A | B | bits, block, zero points | ONNX Runtime us | Lite us | ratio | difference |\n|---|---|---|---|---|---|---|")
    for m, k, n, block, bits, zeros in ROWS:
        text = model(m, k, n, block, bits, zeros)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        session = onnxruntime.InferenceSession(text, options, providers=["CPUExecutionProvider"])
        network = lite.Network(text, threads=1)
        x = np.random.default_rng(2).normal(size=(m, k)).astype(np.float32)
        runners = [lambda s=session, x=x: s.run(None, {"a": x})[0], lambda w=network, x=x: w.run({"a": x})["y"]]
        a, b = (np.array(run()) for run in runners)
        times = [[], []]
        repeats = max(1, 20 // m)
        for _ in range(rounds):
            for run, seen in zip(runners, times, strict=True):
                begin = time.process_time()
                for _ in range(repeats):
                    run()
                seen.append((time.process_time() - begin) / repeats * 1e6)
        ort, own = (float(np.median(t)) for t in times)
        print(f"| {m}x{k} | {k}x{n} | {bits}, {block}, {'yes' if zeros else 'no'} | {ort:.0f} | {own:.0f} | {own / ort:.2f} | {np.abs(a - b).max() / np.abs(a).max():.1e} |",
              flush=True)


main()
