"""MegEngine Lite's quick start: a picture to the likeliest class.

usage: quick_start.py MODEL SCAN.png
"""

import sys

import lite
import numpy as np
from PIL import Image

lite.install_as_megenginelite()  # programs written for megenginelite need no other line

from megenginelite import *  # noqa: E402

network = LiteNetwork()
network.load(sys.argv[1])
input_tensor = network.get_io_tensor(network.get_input_name(0))
output_tensor = network.get_io_tensor(network.get_output_name(0))

height, width = input_tensor.layout.shapes[2:]
scan = np.asarray(Image.open(sys.argv[2]).convert("L").resize((width, height)), np.float32) / 255
input_tensor.set_data_by_copy(np.ascontiguousarray(scan[None, None]))

network.forward()
network.wait()
prob = output_tensor.to_numpy()[0]
print(f"{sys.argv[2]}: a {prob.argmax()} ({prob.max():.1%})")
