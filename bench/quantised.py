#!/usr/bin/env python3
"""Models as ONNX Runtime's tools quantise them, beside ONNX Runtime: quantised.py [--models NAMES] [--kinds NAMES] [--threads N] [--rounds N] [--keep DIR]

The models of models.py, and a BERT of 4 layers ("bert"): static with uint8 or int8 activations (QDQ), of QLinear operators, and dynamic.
BatchNormalization is not folded first, as tools without their preprocessing leave it. Both engines run in turns in one process; of the
rounds the shortest counts, with one thread in processor time. Prints for each model both times, the ratio, and by how much the results differ.
"""

import argparse
import logging
import pathlib
import tempfile
import time

import models
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static
from operators import lite_runner, ort_runner

# activations, weights by channel, format
STATIC = {
    "u8s8": (QuantType.QUInt8, False, QuantFormat.QDQ),
    "s8s8": (QuantType.QInt8, True, QuantFormat.QDQ),
    "qlinear": (QuantType.QUInt8, False, QuantFormat.QOperator),
}
ALL = ["mobilenet_v3_large", "shufflenet_v2_x1_0", "efficientnet_b0", "yolov8n", "resnet50", "unet", "speech_rnn", "mlp", "bert"]


class Samples(CalibrationDataReader):
    def __init__(self, model):
        self.left = iter([models.example_inputs(model, 1, 0)])

    def get_next(self):
        return next(self.left, None)


def quantise(source, kind, to):
    if kind == "dynamic":
        quantize_dynamic(source, to, weight_type=QuantType.QInt8)
    else:
        activations, by_channel, form = STATIC[kind]
        reader = Samples(onnx.load(source))
        quantize_static(source, to, reader, quant_format=form, per_channel=by_channel, activation_type=activations, weight_type=QuantType.QInt8)


def compare(path, threads, rounds):
    feed = models.example_inputs(onnx.load(path), 1, 1)
    runs = [make(str(path), threads, feed) for make in (ort_runner, lite_runner)]
    clock = time.process_time if threads == 1 else time.perf_counter
    best = [float("inf")] * 2
    for _ in range(rounds):
        for i, (run, *_) in enumerate(runs):
            begin = clock()
            run()
            best[i] = min(best[i], clock() - begin)
    want, got = (np.asarray(r[1], np.float64) for r in runs)
    return best, np.abs(want - got).max(), np.abs(want).max()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default=",".join(ALL))
    parser.add_argument("--kinds", default=",".join([*STATIC, "dynamic"]))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--keep", type=pathlib.Path, help="folder for the quantised models, which are not made again where they are")
    a = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as temporary:
        folder = a.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for name in a.models.split(","):
            source = pathlib.Path(temporary) / f"{name}.onnx"
            model = models.bert_base(d=256, heads=4, layers=4) if name == "bert" else models.MODELS[name]()
            onnx.save(models.fix_batch(model, 1), source)
            for kind in a.kinds.split(","):
                path = folder / f"{name}_{kind}.onnx"
                try:
                    if not path.exists():
                        quantise(source, kind, path)
                    (theirs, ours), difference, largest = compare(path, a.threads, a.rounds)
                except Exception as e:
                    print(f"{name:20} {kind:8} {str(e).splitlines()[0][:120]}", flush=True)
                    continue
                print(f"{name:20} {kind:8} ONNX Runtime {theirs * 1e3:9.3f} ms  lite {ours * 1e3:9.3f} ms  {ours / theirs:5.2f}  differ by {difference:.2g} of {largest:.2g}", flush=True)


main()
