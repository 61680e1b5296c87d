"""Scans come one by one, from several threads, and are run as one batch.

usage: batch_collector.py MODEL SCAN.png...
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import lite
import numpy as np
from PIL import Image

lite.install_as_megenginelite()

from megenginelite import *  # noqa: E402

paths = sys.argv[2:]
batch = TensorBatchCollector([len(paths), 1, 8, 8], dtype=LiteDataType.LITE_FLOAT, device_type=LiteDeviceType.LITE_CPU)


def read(path):
    """Returns at which place of the batch the scan is."""
    return batch.collect(np.asarray(Image.open(path).convert("L"), np.float32)[None] / 255)


with ThreadPoolExecutor(4) as readers:
    places = list(readers.map(read, paths))

network = LiteNetwork()
network.load(sys.argv[1])
network.get_io_tensor("data").share_memory_with(batch.get())
network.forward()
network.wait()
digits = network.get_io_tensor("prob").to_numpy().argmax(axis=1)
for path, place in zip(paths, places):
    print(f"{path}: a {digits[place]}")
