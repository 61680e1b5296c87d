"""Compiled models from Python: the same bits as the source model, for all of MegEngine's cases, and other shapes."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import lite

ROOT = pathlib.Path(__file__).resolve().parents[3]
CASES = sorted((ROOT / "tests" / "data" / "mge").glob("*/model*.mge"))
DIGITS = ROOT / "tests" / "data" / "mge" / "digits" / "model.mge"


def run(model, feeds, options=None):
    with lite.Network(model, threads=1, options=options or {}) as net:
        return {name: value.tobytes() for name, value in net.run(feeds).items()}


@pytest.mark.parametrize("model", CASES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_megengine_cases(model, tmp_path):
    meta = json.loads((model.parent / "meta.json").read_text())
    feeds = {x["name"]: np.load(model.parent / f"input_{i}.npy") for i, x in enumerate(meta["inputs"])}
    compiled = tmp_path / "model.lite"
    shapes = {name: value.shape for name, value in feeds.items()}
    assert lite.compile(model, compiled, shapes=[shapes])["shapes"] == [{k: list(v) for k, v in shapes.items()}]
    assert run(compiled, feeds) == run(model, feeds)


def network(path, batch):
    """Convolutions that are packed in several ways, normalised, and a recurrent layer."""
    random = np.random.default_rng(5)

    def weights(name, *shape):
        return numpy_helper.from_array(random.standard_normal(shape).astype(np.float32) * 0.2, name)

    nodes = [
        helper.make_node("Conv", ["x", "w1"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["a", "scale", "shift", "mean", "variance"], ["b"]),
        helper.make_node("Relu", ["b"], ["c"]),
        helper.make_node("Conv", ["c", "w2"], ["d"], pads=[1, 1, 1, 1], group=64),
        helper.make_node("Conv", ["d", "w3"], ["e"]),
        helper.make_node("Reshape", ["e", "steps"], ["f"]),
        helper.make_node("LSTM", ["f", "w", "r"], ["y"], hidden_size=16),
    ]
    initializers = [
        weights("w1", 64, 32, 3, 3), weights("w2", 64, 1, 3, 3), weights("w3", 32, 64, 1, 1), weights("scale", 64),
        weights("shift", 64), weights("mean", 64), weights("w", 1, 64, 32), weights("r", 1, 64, 16),
        numpy_helper.from_array(np.ones(64, np.float32), "variance"),
        numpy_helper.from_array(np.array([-1, 1, 32], np.int64), "steps"),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes, "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [batch, 32, 14, 14])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], initializers,
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def picture(batch):
    return {"x": np.linspace(-1, 1, batch * 32 * 14 * 14, dtype=np.float32).reshape(batch, 32, 14, 14)}


@pytest.mark.parametrize("options", [{}, {"winograd": "off"}, {"reproducible": "on"}], ids=str)
def test_shapes_and_options(tmp_path, options):
    source, compiled = network(tmp_path / "n.onnx", "batch"), tmp_path / "n.lite"
    report = lite.compile(source, compiled, shapes=[{"x": [1, 32, 14, 14]}, {"x": [4, 32, 14, 14]}])
    assert report["bytes"] == compiled.stat().st_size > report["constants"] + report["packed"] - 1
    assert report["packings"] >= 4
    for batch in (1, 2, 4):
        assert run(compiled, picture(batch), options) == run(source, picture(batch), options)


def test_open_dimensions_without_shapes(tmp_path):
    source, compiled = network(tmp_path / "n.onnx", "batch"), tmp_path / "n.lite"
    assert lite.compile(source, compiled)["shapes"] == []
    assert run(compiled, picture(3)) == run(source, picture(3))
    with pytest.raises(lite.Error, match="shape"):
        lite.compile(source, compiled, shapes=[{"x": [1, 31, 14, 14]}])


def in_another_process(code, **environment):
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path), **environment)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def test_another_processor_refuses(tmp_path):
    compiled = tmp_path / "n.lite"
    lite.compile(DIGITS, compiled)
    ran = in_another_process(f"import lite; lite.Network({str(compiled)!r})", LITE_CPU_MASK="none")
    assert ran.returncode != 0 and "compile it again from the source model" in ran.stderr


LARGE = """
import numpy, pathlib, lite
def own_memory():
    return int(pathlib.Path("/proc/self/status").read_text().split("RssAnon:")[1].split()[0]) * 1024
feeds = {"x": numpy.ones((1, 2048, 7, 7), numpy.float32)}
before = own_memory()
net = lite.Network(MODEL, threads=1)
net.run(feeds)
print(own_memory() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_another_process_packs_nothing(tmp_path):
    weights = numpy_helper.from_array(np.ones((2048, 2048, 1, 1), np.float32), "w")  # 16 MB
    graph = helper.make_graph(
        [helper.make_node("Conv", ["x", "w"], ["y"])], "large",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2048, 7, 7])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], [weights],
    )  # fmt: skip
    source, compiled = str(tmp_path / "large.onnx"), str(tmp_path / "large.lite")
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), source)
    assert lite.compile(source, compiled)["packings"] == 1
    taken = {model: int(in_another_process(f"MODEL = {model!r}" + LARGE).stdout) for model in (source, compiled)}
    assert taken[compiled] < (8 << 20) < (16 << 20) < taken[source], taken


def test_is_converted_like_other_models(tmp_path):
    compiled = tmp_path / "n.lite"
    lite.compile(DIGITS, compiled)
    feeds = {"data": np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 1, 8, 8)}
    onnx_model = lite.convert(compiled)
    onnx.checker.check_model(onnx.load_model_from_string(onnx_model), full_check=True)
    assert run(onnx_model, feeds) == run(compiled, feeds)


def test_a_split_batch(tmp_path):
    """Images of 2 MB run a few at a time, from a compiled model, too; what is alive at once lies apart."""
    shape = [6, 4, 2048, 64]
    nodes = [helper.make_node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]),
             helper.make_node("Relu", ["a"], ["b"]),
             helper.make_node("MaxPool", ["b"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
             helper.make_node("Add", ["c", "x"], ["y"])]
    weights = np.random.default_rng(1).standard_normal([4, 4, 3, 3]).astype(np.float32)
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)],
                              [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path, container = tmp_path / "batch.onnx", tmp_path / "batch.lite"
    onnx.save(model, path)
    x = np.random.default_rng(2).standard_normal(shape).astype(np.float32)
    network = lite.Network(path)
    y = network.run({"x": x})["y"]
    lite.compile(path, container)
    assert np.array_equal(lite.Network(container).run({"x": x})["y"], y)

    lite.network.check(lite.network.lib.LITE_get_static_memory_alloc_info(network._handle, bytes(tmp_path)))
    plan = json.loads((tmp_path / "static_memory.json").read_text())
    assert 0 < plan["arena_bytes"] < x.nbytes * 2
    values = plan["values"]
    assert values
    for i, a in enumerate(values):
        assert a["offset"] + a["bytes"] <= plan["arena_bytes"]
        for b in values[:i]:
            if a["first_step"] < b["last_step"] and b["first_step"] < a["last_step"]:
                assert a["offset"] + a["bytes"] <= b["offset"] or b["offset"] + b["bytes"] <= a["offset"], (a, b)
