"""This library as a backend of onnx_cases.py. LITE_CASE_OPTIONS="key=value ..." sets options of the network."""

import os

import numpy as np

import lite


def run(path, inputs):
    """One case: outputs in the graph's order."""
    options = dict(o.split("=", 1) for o in os.environ.get("LITE_CASE_OPTIONS", "").split())
    with lite.Network(path, threads=1, options=options) as net:
        feeds = {}
        for info, value in zip(net.inputs, inputs):
            feeds[info.name] = np.asarray(value) if info.kind == "tensor" else value
        return list(net.run(feeds).values())
