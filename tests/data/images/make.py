#!/usr/bin/env python3
"""Writes the pictures of this folder, with Pillow, and a model that decodes them."""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper
from PIL import Image

HERE = pathlib.Path(__file__).parent
y, x = np.mgrid[0:5, 0:7]
rgb = Image.fromarray(np.stack([36 * x, 60 * y, 20 * (x + y)], -1).astype(np.uint8))
grey = rgb.convert("L")
wide = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
alpha = rgb.copy()
alpha.putalpha(Image.fromarray((40 * x).astype(np.uint8)))
bits = Image.fromarray((x + y) % 2 == 0)

for name, picture, options in [
    ("rgb.jpg", rgb, {"quality": 100, "subsampling": 0}),
    ("progressive.jpg", rgb, {"quality": 100, "subsampling": 0, "progressive": True}),
    ("grey.jpg", grey, {"quality": 100}),
    ("cmyk.jpg", rgb.convert("CMYK"), {"quality": 100, "subsampling": 0}),
    ("rgb.png", rgb, {}),
    ("grey.png", grey, {}),
    ("wide_grey.png", wide, {}),
    ("alpha.png", alpha, {}),
    ("palette.png", rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=64), {}),
    ("bits.png", bits, {}),
    ("rgb.tiff", rgb, {}),
    ("lzw.tiff", rgb, {"compression": "tiff_lzw"}),
    ("grey.tiff", grey, {}),
    ("wide_grey.tiff", wide, {}),
    ("bits.tiff", bits, {"compression": "group4"}),
    ("rgb.webp", rgb, {"lossless": True}),
    ("alpha.webp", alpha, {"lossless": True, "exact": True}),
    ("lossy.webp", rgb, {"quality": 100}),
    ("rgb.jp2", rgb, {}),
    ("rgb.j2k", rgb, {}),
    ("grey.jp2", grey, {}),
    ("rgb.bmp", rgb, {}),
    ("grey.bmp", grey, {}),
    ("bits.bmp", bits, {}),
    ("palette.bmp", rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=64), {}),
    ("rgb.ppm", rgb, {}),
    ("grey.pgm", grey, {}),
    ("wide_grey.pgm", wide, {}),
    ("bits.pbm", bits, {}),
]:
    picture.save(HERE / name, **options)

graph = helper.make_graph(
    [helper.make_node("ImageDecoder", ["x"], ["y"])],
    "g",
    [helper.make_tensor_value_info("x", TensorProto.UINT8, ["n"])],
    [helper.make_tensor_value_info("y", TensorProto.UINT8, None)],
)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10), HERE / "decoder.onnx")
