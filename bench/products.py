#!/usr/bin/env python3
"""Compares our matrix product with oneDNN's, node by node: MatMul by constant matrices, or with --conv pointwise convolutions.

Each model holds nodes of many sizes. `lite tune` writes which kernels there are to choose from; two copies of its file, one of which
names our kernels and the other oneDNN's, are then run in turns, and the least time of each node counts.
Prints for each size the milliseconds of both and the ratio, ours to oneDNN's.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

PRODUCTS = [(64, 64), (256, 256), (512, 1000), (768, 768), (768, 3072), (3072, 768), (1024, 4096)]
ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 197, 512, 1024]
# Height and width, channels, filters.
CONVOLUTIONS = [(7, 160, 960), (7, 960, 160), (7, 512, 2048), (14, 64, 384), (14, 384, 64), (14, 256, 1024), (14, 1024, 256),
                (28, 32, 192), (28, 192, 32), (28, 128, 512), (28, 512, 128), (56, 24, 144), (56, 144, 24), (56, 64, 256),
                (56, 256, 64), (112, 16, 64), (112, 16, 96), (112, 32, 16)]
OURS = {"matmul": "matmul_packed:simd", "gemm": "gemm_packed:simd", "conv": "conv_pixels:simd"}


def save(path, inputs, outputs, constants, nodes):
    graph = helper.make_graph(nodes, "products", inputs, outputs, constants)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def tensor(name, dims):
    return helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, dims)


def products(path, rows, rng):
    inputs, outputs, constants, nodes = [], [], [], []
    for i, (k, n) in enumerate(PRODUCTS):
        inputs.append(tensor(f"a{i}", [rows, k]))
        outputs.append(tensor(f"y{i}", [rows, n]))
        constants.append(numpy_helper.from_array(rng.standard_normal((k, n), dtype=np.float32), f"b{i}"))
        nodes.append(helper.make_node("MatMul", [f"a{i}", f"b{i}"], [f"y{i}"]))
    save(path, inputs, outputs, constants, nodes)


def convolutions(path, rng):
    inputs, outputs, constants, nodes = [], [], [], []
    for i, (side, channels, filters) in enumerate(CONVOLUTIONS):
        inputs.append(tensor(f"x{i}", [1, channels, side, side]))
        outputs.append(tensor(f"y{i}", [1, filters, 1, 1]))
        weights = rng.standard_normal((filters, channels, 1, 1), dtype=np.float32)
        constants += [numpy_helper.from_array(weights, f"w{i}"), numpy_helper.from_array(weights[:, 0, 0, 0], f"b{i}")]
        nodes += [helper.make_node("Conv", [f"x{i}", f"w{i}", f"b{i}"], [f"c{i}"]), helper.make_node("Relu", [f"c{i}"], [f"r{i}"]),
                  helper.make_node("GlobalAveragePool", [f"r{i}"], [f"y{i}"])]
    save(path, inputs, outputs, constants, nodes)


def measure(lite, model, threads, rounds, seconds):
    """Milliseconds by node and kernel: {node: {"ours": ms, "onednn": ms}}."""
    tuned = model.with_suffix(".tuned")
    subprocess.run([lite, "tune", model, "--threads", str(threads), "--to", tuned, "--seconds", "0.1"], check=True, capture_output=True)
    text = tuned.read_text()
    for whose in ("ours", "onednn"):
        def named(m, whose=whose):
            return f"{m[1] or ''}{OURS[m[2]] if whose == 'ours' else m[2] + ':onednn'}"
        tuned.with_suffix("." + whose).write_text(re.sub(r"^(fused_)?(matmul|gemm|conv)\w*:\w+", named, text, flags=re.M))
    best = {}
    for _ in range(rounds):
        for whose in ("ours", "onednn"):
            table = subprocess.run([lite, "bench", model, "--threads", str(threads), "--seconds", str(seconds), "--table", "--tuned",
                                    tuned.with_suffix("." + whose)], check=True, capture_output=True, text=True).stdout
            for line in table.splitlines():
                m = re.match(r"\s*[\d.]+%\s+[\d.]+\s+([\d.]+)\s+\S+\s+\S+\s+\S*(?:MatMul|Gemm|Conv)\s+(\S+)\s+\S+ (\[.*)", line)
                if m and ("onednn" in m[2]) == (whose == "onednn"):
                    node = best.setdefault(m[3], {})
                    node[whose] = min(node.get(whose, float("inf")), float(m[1]))
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lite", default="build/release/lite", help="the command, of the build to measure")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each turn")
    parser.add_argument("--conv", action="store_true", help="pointwise convolutions")
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    print("| shapes | oneDNN ms | ours ms | ratio |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        models = []
        for rows in [None] if args.conv else ROWS:
            models.append(Path(folder) / f"m{rows}.onnx")
            if args.conv:
                convolutions(models[-1], rng)
            else:
                products(models[-1], rows, rng)
        for model in models:
            for node, ms in measure(args.lite, model, args.threads, args.rounds, args.seconds).items():
                if len(ms) == 2:
                    print(f"| {node} | {ms['onednn']:.4f} | {ms['ours']:.4f} | {ms['ours'] / ms['onednn']:.2f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
