"""Decodes a picture with the package lite, which needs the add-on for that."""

import pathlib

import lite
import numpy as np

pictures = pathlib.Path(__file__).resolve().parents[2] / "tests/data/images"
with lite.Network(pictures / "decoder.onnx") as network:
    y = network.run([np.fromfile(pictures / "rgb.png", np.uint8)])["y"]
assert y.shape == (5, 7, 3) and (y[4, 6] == [216, 240, 200]).all(), y
