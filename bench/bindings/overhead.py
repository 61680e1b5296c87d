"""What a run of a small network costs from Python: write the input, run, read the output.

usage: overhead.py MODEL RUNS, prints nanoseconds per run
"""

import sys
import time

import lite
import numpy as np


def run(net, x, feeds, runs):
    total = 0.0
    for i in range(runs):
        x[0, 0] = i & 7
        total += net.run(feeds)["prob"][0, 0]
    return total


model, runs = sys.argv[1], int(sys.argv[2])
with lite.Network(model, threads=1) as net:
    x = np.zeros((1, 4), np.float32)
    run(net, x, {"x": x}, runs // 10)
    begin = time.perf_counter_ns()
    assert run(net, x, {"x": x}, runs) > 0
    print(f"{(time.perf_counter_ns() - begin) / runs:.1f}")
