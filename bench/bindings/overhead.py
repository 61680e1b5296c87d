"""What a run of a small network costs from Python: write the input, run, read the output.

usage: overhead.py [onnxruntime] MODEL RUNS, prints nanoseconds per run; of the package onnxruntime if that is named
"""

import sys
import time

import numpy as np


def repeat(run, arguments, prob, x, runs):
    total = 0.0
    for i in range(runs):
        x[0, 0] = i & 7
        total += run(*arguments)[prob][0, 0]
    return total


*other, model, times = sys.argv[1:]
runs = int(times)
x = np.zeros((1, 4), np.float32)
if other:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    net = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    call = net.run, (None, {"x": x}), 0
else:
    import lite

    net = lite.Network(model, threads=1)
    call = net.run, ({"x": x},), "prob"
repeat(*call, x, runs // 10)
begin = time.perf_counter_ns()
assert repeat(*call, x, runs) > 0
print(f"{(time.perf_counter_ns() - begin) / runs:.1f}")
