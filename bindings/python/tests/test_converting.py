"""Writing models as ONNX from Python: bodies, names, refusals, and ONNX Runtime's results beside ours."""

import pathlib

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

import lite

ROOT = pathlib.Path(__file__).resolve().parents[3]
DIGITS = ROOT / "tests" / "data" / "mge" / "digits" / "model.mge"
SCAN = {"data": np.linspace(0, 1, 64, dtype=np.float32).reshape(1, 1, 8, 8)}


def run(model, feeds):
    with lite.Network(model, threads=1) as net:
        return net.run(feeds)


def in_onnx_runtime(model, feeds):
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))


def checked(converted):
    model = onnx.load_model_from_string(converted)
    onnx.checker.check_model(model, full_check=True)
    return model


def expect_same(original, feeds, **options):
    """The model that was written; it, here and in ONNX Runtime, does what the original did."""
    converted = lite.convert(original, **options)
    model, want = checked(converted), run(original, feeds)
    for got in (run(converted, feeds), in_onnx_runtime(converted, feeds)):
        assert list(got) == list(want)
        for name in want:
            np.testing.assert_allclose(got[name], want[name], rtol=1e-5, atol=1e-6)
    return model


def test_paths_and_bytes(tmp_path):
    path = tmp_path / "digits.onnx"
    report = lite.convert(DIGITS, path)
    assert report["opset"] == 14 and report["bytes"] == path.stat().st_size and report["external_data"] == ""
    assert lite.convert(DIGITS) == lite.convert(DIGITS.read_bytes()) == path.read_bytes()
    assert lite.convert(DIGITS.read_bytes(), tmp_path / "again.onnx") == report
    np.testing.assert_allclose(run(path, SCAN)["prob"], run(DIGITS, SCAN)["prob"], atol=1e-6)


def test_external_data(tmp_path):
    path = tmp_path / "digits.onnx"
    report = lite.convert(DIGITS, path, external_data=True)
    assert report["external_data"] == "digits.onnx.data"
    assert (tmp_path / "digits.onnx.data").stat().st_size == report["external_bytes"] > 100 * 1024 > path.stat().st_size
    onnx.checker.check_model(str(path), full_check=True)
    want = run(DIGITS, SCAN)["prob"]
    np.testing.assert_allclose(in_onnx_runtime(str(path), SCAN)["prob"], want, atol=1e-6)
    # What lies beside a model is found when it is read to be written elsewhere, without external data.
    np.testing.assert_allclose(run(lite.convert(path), SCAN)["prob"], want, atol=1e-6)
    lite.convert(DIGITS, path, external_data="weights.bin")
    np.testing.assert_allclose(run(path, SCAN)["prob"], want, atol=1e-6)
    with pytest.raises(ValueError, match="external data lies beside a file"):
        lite.convert(DIGITS, external_data=True)


def test_shapes():
    def input_shape(**options):
        dims = checked(lite.convert(DIGITS, **options)).graph.input[0].type.tensor_type.shape.dim
        return [d.dim_value if d.HasField("dim_value") else None for d in dims]

    assert input_shape() == [None] * 4
    assert input_shape(fixed_shapes=True) == [1, 1, 8, 8]
    assert input_shape(shapes={"data": (3, 1, 8, 8)}) == [3, 1, 8, 8]
    assert input_shape(shapes={"data": (3, 1, 8, 8)}, fixed_shapes=True) == [3, 1, 8, 8]
    fixed, free = (lite.convert(DIGITS, fixed_shapes=f) for f in (True, False))
    assert len(checked(fixed).graph.node) < len(checked(free).graph.node)
    with pytest.raises(lite.Error, match="cannot have the shape"):
        lite.convert(DIGITS, shapes={"data": (3, 8, 8)})


def test_encrypted(tmp_path):
    key = bytes(range(32))
    lite.pack(DIGITS, tmp_path / "digits.lite", encrypt="AES_256_GCM", key=key)
    assert lite.convert(tmp_path / "digits.lite", key=key) == lite.convert(DIGITS)
    with pytest.raises(lite.Error, match="AES_256_GCM"):
        lite.convert(tmp_path / "digits.lite")


def test_quantised_models_stay_quantised():
    model = checked(lite.convert(ROOT / "tests" / "data" / "mge" / "qint8_net" / "model.mge"))
    ops = [n.op_type for n in model.graph.node]
    assert "DequantizeLinear" in ops and "QuantizeLinear" in ops
    weights = {t.name: t.data_type for t in model.graph.initializer}
    assert [weights[n.input[0]] for n in model.graph.node if n.op_type == "DequantizeLinear" and n.input[0] in weights]
    large = [t for t in model.graph.initializer if np.prod(t.dims) > 256]
    assert large and all(t.data_type in (TensorProto.INT8, TensorProto.INT32) for t in large)


def graph_of_bodies():
    """An If and a Loop whose bodies use what is outside, hand on what they get, and call things by the same names."""
    f, i, b = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
    value = helper.make_tensor_value_info
    big = numpy_helper.from_array(np.arange(1024, dtype=np.float32), "big")
    then = helper.make_graph(
        [helper.make_node("Add", ["x", "big"], ["t"])], "then", [], [value("t", f, [1024])]
    )
    other = helper.make_graph([helper.make_node("Identity", ["x"], ["t"])], "else", [], [value("t", f, [1024])])
    step = helper.make_graph(
        [
            helper.make_node("Mul", ["state", "big"], ["t"]),
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Identity", ["chosen"], ["scanned"]),
        ],
        "step",
        [value("n", i, []), value("go", b, []), value("state", f, [1024])],
        [value("go_on", b, []), value("t", f, [1024]), value("scanned", f, [1024])],
    )
    graph = helper.make_graph(
        [
            helper.make_node("If", ["condition"], ["chosen"], then_branch=then, else_branch=other),
            helper.make_node("Loop", ["count", "", "chosen"], ["y", "all"], body=step),
        ],
        "bodies",
        [value("condition", b, []), value("count", i, []), value("x", f, [1024])],
        [value("y", f, [1024]), value("all", f, None)],
        [big],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.mark.parametrize("as_is", (False, True))
def test_bodies(as_is):
    original = graph_of_bodies().SerializeToString()
    for condition in (True, False):
        feeds = {
            "condition": np.array(condition),
            "count": np.array(3),
            "x": np.linspace(-1, 1, 1024, dtype=np.float32),
        }
        want, converted = run(original, feeds), lite.convert(original, as_is=as_is)
        for got in (run(converted, feeds), in_onnx_runtime(converted, feeds)):
            for name in want:
                np.testing.assert_allclose(got[name], want[name], rtol=1e-6)
    assert len(converted) < 2 * 4096, "the constant that three graphs use is there more than once"
    names = []

    def collect(graph):
        names.extend([i.name for i in graph.input] + [o for n in graph.node for o in n.output if o])
        names.extend(t.name for t in graph.initializer)
        for attribute in (a for n in graph.node for a in n.attribute if a.HasField("g")):
            collect(attribute.g)

    collect(onnx.load_model_from_string(converted).graph)
    assert len(names) == len(set(names))


def test_values_that_are_no_tensors():
    seq = helper.make_tensor_sequence_value_info
    graph = helper.make_graph(
        [
            helper.make_node("SplitToSequence", ["x", "two"], ["parts"], axis=0),
            helper.make_node("SequenceAt", ["parts", "last"], ["y"]),
        ],
        "sequences",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 3])],
        [seq("parts", TensorProto.FLOAT, None), helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 3])],
        [numpy_helper.from_array(np.array(2), "two"), numpy_helper.from_array(np.array(-1), "last")],
    )
    original = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    converted = lite.convert(original)
    model = checked(converted)
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "N"
    feeds = {"x": np.arange(15, dtype=np.float32).reshape(5, 3)}
    for got in (run(converted, feeds), in_onnx_runtime(converted, feeds)):
        assert [len(p) for p in got["parts"]] == [2, 2, 1]
        np.testing.assert_array_equal(got["y"], feeds["x"][4:])


def test_strings_and_facts():
    words = helper.make_tensor("words", TensorProto.STRING, [2], ["süß".encode(), b"\xff\x00a"])
    graph = helper.make_graph(
        [helper.make_node("StringConcat", ["x", "words"], ["y"])],
        "strings",
        [helper.make_tensor_value_info("x", TensorProto.STRING, [2])],
        [helper.make_tensor_value_info("y", TensorProto.STRING, [2])],
        [words],
    )
    original = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    original.doc_string, original.domain, original.model_version = "what it is for", "com.example", 7
    helper.set_model_props(original, {"author": "somebody"})
    model = onnx.load_model_from_string(lite.convert(original.SerializeToString()))
    assert list(model.graph.initializer[0].string_data) == ["süß".encode(), b"\xff\x00a"]
    assert (model.doc_string, model.domain, model.model_version) == ("what it is for", "com.example", 7)
    assert {p.key: p.value for p in model.metadata_props} == {"author": "somebody"}
    assert model.producer_name == "lite" and model.producer_version == lite.__version__


def test_microsofts_operators_stay():
    graph = helper.make_graph(
        [helper.make_node("Inverse", ["x"], ["y"], domain="com.microsoft")],
        "inverse",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2, 2])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    original = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    x = np.array([[2, 1], [1, 1]], np.float32)
    model = expect_same(original, {"x": x})
    assert {o.domain: o.version for o in model.opset_import} == {"": 13, "com.microsoft": 1}


def test_what_cannot_be_said_is_listed():
    graph = helper.make_graph(
        [helper.make_node("ErfInv", ["x"], ["y"], domain="megengine")],
        "inverse",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("megengine", 1)]
    inverse = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    refusal = r"1 node cannot be written as ONNX:\n  ErfInv .*ONNX has no word for it"
    with pytest.raises(lite.Error, match=refusal) as e:
        lite.convert(inverse)
    assert e.value.name == "LITE_UNSUPPORTED"
    model = onnx.load_model_from_string(lite.convert(inverse, own_domain=True))
    assert "megengine" in [o.domain for o in model.opset_import]
    with pytest.raises(lite.Error, match="opset is 12, one of 13 to "):
        lite.convert(DIGITS, opset=12)
    with pytest.raises(lite.Error, match=r"(?s)BatchNormalization.*BatchNormalization.*opset 13 says it otherwise"):
        lite.convert(DIGITS, opset=13)


@pytest.mark.parametrize("opset", (14, 18, 21, 25))
def test_any_opset_that_says_it(opset):
    model = expect_same(DIGITS, SCAN, opset=opset)
    assert model.opset_import[0].version == opset


def test_hostile_files_give_errors_alone(tmp_path):
    path = tmp_path / "x.onnx"
    data = DIGITS.read_bytes()
    for size in range(0, len(data), len(data) // 40):
        with pytest.raises(lite.Error):
            lite.convert(data[:size])
    random = np.random.default_rng(7)
    for _ in range(200):
        broken = bytearray(data)
        for place in random.integers(0, len(data), 8):
            broken[place] ^= 1 << int(random.integers(8))
        try:
            checked(lite.convert(bytes(broken)))  # or it is another model
        except lite.Error as e:
            assert e.name in ("LITE_INVALID_MODEL", "LITE_UNSUPPORTED", "LITE_LIMIT_EXCEEDED", "LITE_SHAPE_MISMATCH"), e
    with pytest.raises(lite.Error):
        lite.convert(ROOT / "README.md", path)
    assert not list(tmp_path.iterdir())
