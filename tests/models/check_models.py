#!/usr/bin/env python3
"""check_models.py DIR [--only NAME...]: every model of bench/models.py against ONNX Runtime.

float32 within 1e-4 of the output's range, int8 within one quantum on 99.9 % of outputs; the same bits for 1, 2, 3, 4 and
7 threads; a second batch size on the loaded network equal to a fresh one. Prints a line per model; the last one counts.
"""

import argparse
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import models  # noqa: E402

import lite  # noqa: E402


def feeds(path: pathlib.Path, batch: int) -> dict:
    model = models.fix_batch(onnx.load(path, load_external_data=False), batch)
    return models.example_inputs(model)


def quantum(path: pathlib.Path) -> float:
    """The scale of the last DequantizeLinear."""
    model = onnx.load(path)
    constants = {i.name: onnx.numpy_helper.to_array(i) for i in model.graph.initializer}
    last = [n for n in model.graph.node if n.op_type == "DequantizeLinear" and n.input[1] in constants][-1]
    return float(constants[last.input[1]])


def compare(path: pathlib.Path, got: list, want: list) -> str:
    """"" when they agree, else why not."""
    for g, w in zip(got, want):
        if g.shape != w.shape:
            return f"shape {g.shape}, {w.shape} wanted"
        if not np.isfinite(g).all():
            return "not finite"
        error = np.abs(g.astype(np.float64) - w)
        if "int8" in path.stem:
            close = (error <= 1.01 * quantum(path)).mean()
            if close < 0.999:
                return f"only {100 * close:.2f} % within one quantum"
        elif error.max() > 1e-4 * np.abs(w).max():
            return f"error {error.max() / np.abs(w).max():.2e} of the range"
    return ""


def check(path: pathlib.Path) -> str:
    options = ort.SessionOptions()
    options.log_severity_level = 3
    peer = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    with lite.Network(path, threads=2) as net:
        for batch in (1, 2, 1):
            x = feeds(path, batch)
            got = list(net.run(x).values())
            why = compare(path, got, peer.run(None, x))
            if why:
                return f"batch {batch}: {why}"
        bits = [g.tobytes() for g in got]
    del peer
    for threads in (1, 3, 4, 7):
        with lite.Network(path, threads=threads) as fresh:
            if [g.tobytes() for g in fresh.run(x).values()] != bits:
                return f"other bits with {threads} threads than with 2"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dir", type=pathlib.Path)
    parser.add_argument("--only", nargs="*")
    a = parser.parse_args()
    lite.set_threads(7)
    passed = failed = 0
    for path in sorted(a.dir.glob("*.onnx")):
        if a.only and path.stem not in a.only:
            continue
        try:
            why = check(path)
        except Exception as e:  # one model's failure must not hide the others
            why = f"{type(e).__name__}: {e}"
        print(f"{'FAILED' if why else 'ok    '}  {path.stem}  {why}", flush=True)
        passed, failed = passed + (not why), failed + bool(why)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
