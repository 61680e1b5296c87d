"""The Python binding, on the digits model and on models made on the spot."""

import gc
import os
import pathlib
import pickle
import threading

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import lite

DIGITS = pathlib.Path(__file__).resolve().parents[3] / "examples" / "data" / "digits.onnx"


def model(nodes, inputs, outputs, initializers=(), opset=21):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10).SerializeToString()


def value(name, dtype, shape):
    return helper.make_tensor_value_info(name, dtype, shape)


def unary(op, dtype=TensorProto.FLOAT, shape=("N", 3), **attrs):
    return model([helper.make_node(op, ["x"], ["y"], **attrs)], [value("x", dtype, shape)], [value("y", dtype, shape)])


@pytest.fixture
def digits():
    with lite.Network(DIGITS, threads=1) as net:
        yield net


def test_facts(digits):
    assert [i.name for i in digits.inputs] == ["data"]
    assert digits.inputs[0].dtype == "float32"
    assert digits.inputs[0].shape[1:] == (1, 8, 8) and not isinstance(digits.inputs[0].shape[0], int)
    assert digits.outputs[0].name == "prob"
    assert "data" in repr(digits)
    assert isinstance(digits.metadata, dict)


def test_operators():
    by_name = {(o["domain"], o["name"]): o for o in lite.operators()}
    conv = by_name["", "Conv"]
    assert conv["inputs"][0]["name"] == "X" and "float32" in conv["inputs"][0]["types"]
    assert conv["inputs"][2]["arity"] == "optional" and conv["kernels"] and "pads" in conv["attributes"]
    assert by_name["", "Upsample"] == {"name": "Upsample", "domain": "", "replaced": True}


def test_runs_every_batch_size_like_onnxruntime(digits):
    ort = pytest.importorskip("onnxruntime")
    peer = ort.InferenceSession(str(DIGITS), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    for n in (1, 5, 1, 32):
        x = rng.random((n, 1, 8, 8), np.float32)
        got = digits.run({"data": x})["prob"]
        np.testing.assert_allclose(got, peer.run(None, {"data": x})[0], rtol=1e-4, atol=1e-6)
        np.testing.assert_array_equal(digits.run([x])["prob"], got)


def test_from_bytes_and_path_are_the_same(digits):
    x = np.random.default_rng(2).random((2, 1, 8, 8), np.float32)
    with lite.Network(DIGITS.read_bytes()) as other:
        np.testing.assert_array_equal(other.run([x])["prob"], digits.run([x])["prob"])


def test_shares_weights(digits):
    x = np.random.default_rng(3).random((2, 1, 8, 8), np.float32)
    with lite.Network(share_weights_with=digits) as other:
        np.testing.assert_array_equal(other.run([x])["prob"], digits.run([x])["prob"])


def test_views_are_written_over_copies_are_not(digits):
    rng = np.random.default_rng(4)
    first = digits.run([rng.random((1, 1, 8, 8), np.float32)], copy=False)["prob"]
    before = first.copy()
    kept = digits.run([rng.random((1, 1, 8, 8), np.float32)])["prob"]
    assert not np.array_equal(first, before)
    np.testing.assert_array_equal(first, kept)


def test_views_when_shapes_change_and_when_not(digits):
    rng = np.random.default_rng(5)
    batches = [rng.random((n, 1, 8, 8), np.float32) for n in (1, 1, 3, 1, 2, 2)]
    wanted = [digits.run([x])["prob"] for x in batches]
    for x, want in zip(batches, wanted):
        view = digits.run([x], copy=False)["prob"]
        np.testing.assert_array_equal(view, want)
        view.shape = (-1,)  # his, not the next one's
    digits.trim()
    np.testing.assert_array_equal(digits.run([batches[2]], copy=False)["prob"], wanted[2])
    with lite.Network(share_weights_with=digits) as other:
        views = [other.run([batches[i]], copy=False)["prob"] for i in (0, 1)]
        assert np.shares_memory(*views)
    np.testing.assert_array_equal(views[0], wanted[1])  # the network is closed


def test_inputs_that_change_their_looks():
    """What is copied to where the last one lay is noticed to be another: its shape, its type, what it is."""
    with lite.Network(unary("Identity", TensorProto.FLOAT, (None, None))) as net:
        x = np.arange(6, dtype=np.float32).reshape(2, 3)
        for given in (x, x[:, ::2], x.T, x, x.tolist(), np.zeros((0, 3), np.float32), x):
            for key in ("x", None):
                feeds = {"x": given} if key else [given]
                np.testing.assert_array_equal(net.run(feeds)["y"], np.asarray(given, np.float32))
        with pytest.raises(lite.Error, match="float64 is given"):
            net.run({"x": x.astype(np.float64)})
        np.testing.assert_array_equal(net.run({"x": x + 1})["y"], x + 1)
        net.set_input("x", x)
        x[:] = 7  # in place
        assert (net.run()["y"] == 7).all()
        assert (net.run({"x": x + 1})["y"] == 8).all() and (x == 7).all()


def test_outputs_that_stay_where_they_are(digits):
    """From the third of runs with the same shapes on they are not asked where they are: until something may move them."""
    rng = np.random.default_rng(8)
    with lite.Network(share_weights_with=digits) as other:

        def check(n, times, **how):
            for _ in range(times):
                x = rng.random((n, 1, 8, 8), np.float32)
                got = digits.run({"data": x}, **how)["prob"]
                other._change()  # which therefore asks
                np.testing.assert_array_equal(got, other.run([x])["prob"])
            return got

        check(1, 4)
        assert digits._still is not None
        kept = check(1, 1)
        copy, view = kept.copy(), check(1, 1, copy=False)
        assert np.shares_memory(view, check(1, 1, copy=False)) and not np.shares_memory(view, kept)
        np.testing.assert_array_equal(kept, copy)
        check(3, 2)
        check(1, 4)
        with pytest.raises(lite.Error, match="9"):
            digits.run([np.zeros((1, 1, 8, 9), np.float32)])
        assert digits._still is None
        check(2, 5)
        digits.set_option("optimize", False)
        x = rng.random((2, 1, 8, 8), np.float32)
        np.testing.assert_allclose(digits.run([x])["prob"], other.run([x])["prob"], rtol=1e-4)
        digits.set_option("optimize", True)
        check(2, 5)
        digits.trim()
        lite.release_memory()
        check(2, 4)
        view = check(2, 1, copy=False)
        before = view.copy()
    digits.close()
    np.testing.assert_array_equal(view, before)


def test_outputs_whose_shapes_depend_on_data_are_always_asked_for():
    data = model([helper.make_node("NonZero", ["x"], ["y"])], [value("x", TensorProto.FLOAT, [4])], [value("y", TensorProto.INT64, [1, None])])
    with lite.Network(data) as net:
        for x in ([1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0], [0, 1, 0, 1]):
            assert net.run({"x": np.float32(x)})["y"].tolist() == np.nonzero(x)[0][None].tolist()
    # Constants of the model's, each always in the same place.
    branches = {}
    for name, numbers in (("then_branch", [1.0, 2.0]), ("else_branch", [3.0, 4.0, 5.0])):
        constant = helper.make_node("Constant", [], ["c"], value_floats=numbers)
        branches[name] = helper.make_graph([constant], name, [], [value("c", TensorProto.FLOAT, [len(numbers)])])
    data = model([helper.make_node("If", ["x"], ["y"], **branches)], [value("x", TensorProto.BOOL, [])], [value("y", TensorProto.FLOAT, [None])])
    with lite.Network(data) as net:
        for x in (True, True, True, True, False, False, True):
            assert net.run({"x": np.array(x)})["y"].tolist() == ([1, 2] if x else [3, 4, 5])


@pytest.mark.parametrize(
    "dtype",
    ["float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "bfloat16"],
)
def test_element_types(dtype):
    np_dtype = np.dtype(getattr(ml_dtypes, dtype)) if dtype == "bfloat16" else np.dtype(dtype)
    x = np.arange(6).reshape(2, 3).astype(np_dtype)
    with lite.Network(unary("Identity", helper.np_dtype_to_tensor_dtype(np_dtype))) as net:
        y = net.run({"x": x})["y"]
    assert y.dtype == x.dtype
    np.testing.assert_array_equal(y, x)


def test_strings():
    x = np.array([["a", "", "größer"]], dtype=object)
    with lite.Network(unary("Identity", TensorProto.STRING)) as net:
        assert net.run([x])["y"].tolist() == x.tolist()


def test_rank_above_seven_and_rank_zero():
    x = np.arange(8, dtype=np.float32).reshape((2, 1, 2, 1, 1, 1, 2, 1, 1))
    with lite.Network(unary("Neg", shape=x.shape)) as net:
        np.testing.assert_array_equal(net.run([x])["y"], -x)
    with lite.Network(unary("Neg", shape=())) as net:
        assert net.run([np.float32(3)])["y"].shape == ()


def test_empty_tensors():
    with lite.Network(unary("Neg")) as net:
        assert net.run([np.zeros((0, 3), np.float32)])["y"].shape == (0, 3)


def test_inputs_that_are_not_contiguous():
    x = np.arange(12, dtype=np.float32).reshape(3, 4).T[::2]
    with lite.Network(unary("Neg")) as net:
        np.testing.assert_array_equal(net.run([x])["y"], -x)


@pytest.mark.parametrize(
    "feeds, words",
    [
        ({"data": np.zeros((1, 1, 8, 9), np.float32)}, ["data", "9"]),
        ({"data": np.zeros((1, 8, 8), np.float32)}, ["data"]),
        ({"data": np.zeros((1, 1, 8, 8), np.float64)}, ["data", "float64", "float32"]),
        ({"dta": np.zeros((1, 1, 8, 8), np.float32)}, ["dta", "data"]),
    ],
)
def test_wrong_inputs_are_named_and_the_network_lives(digits, feeds, words):
    with pytest.raises(TypeError, match="in a dict or a list, not as ndarray"):
        digits.run(np.zeros((1, 1, 8, 8), np.float32))
    with pytest.raises(lite.Error) as e:
        digits.run(feeds)
    for word in words:
        assert word in str(e.value)
    assert e.value.code != 0
    digits.run([np.zeros((1, 1, 8, 8), np.float32)])


@pytest.mark.parametrize("data", [b"", b"not a model", b"\x08\x07\x3a\xff\xff\xff\xff\x0f", DIGITS.read_bytes()[:1000]])
def test_what_is_no_model_is_refused(data):
    with pytest.raises(lite.Error):
        lite.Network(data)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(lite.Error, match="nowhere.onnx"):
        lite.Network(tmp_path / "nowhere.onnx")


def test_unsupported_nodes_are_all_listed():
    nodes = [helper.make_node(f"Nothing{i}", ["x"], [f"y{i}"], domain="my.domain") for i in range(3)]
    graph = helper.make_graph(nodes, "g", [value("x", TensorProto.FLOAT, [1])], [value(f"y{i}", TensorProto.FLOAT, [1]) for i in range(3)])
    ids = [helper.make_opsetid("", 21), helper.make_opsetid("my.domain", 1)]
    with pytest.raises(lite.Error) as e:
        lite.Network(helper.make_model(graph, opset_imports=ids, ir_version=10).SerializeToString())
    assert [n.op_type for n in e.value.unsupported] == ["Nothing0", "Nothing1", "Nothing2"]
    assert all(f"Nothing{i}" in str(e.value) for i in range(3))


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_time_limits_that_are_none(digits, seconds):
    with pytest.raises(ValueError, match="None is no limit"):
        digits.set_timeout(seconds)


def test_closed_tensors():
    tensor = lite.Tensor(np.zeros(2))
    tensor.close()
    tensor.close()
    for use in (tensor.numpy, tensor.__dlpack__, lambda: tensor.shape, lambda: tensor.dtype):
        with pytest.raises(lite.Error, match="the tensor is closed"):
            use()
    assert "closed" in repr(tensor)


def test_texts_do_not_end_at_a_nul(digits):
    with pytest.raises(ValueError, match="NUL"):
        lite.Network(f"{DIGITS}\0.txt")
    with pytest.raises(ValueError, match="NUL"):
        digits.set_option("threads", "1\0x")


def test_use_after_close():
    net = lite.Network(DIGITS)
    net.close()
    net.close()
    with pytest.raises(lite.Error, match="the network is closed"):
        lite.Network(share_weights_with=net)
    with pytest.raises(lite.Error, match="closed"):
        net.run([np.zeros((1, 1, 8, 8), np.float32)])


def test_threads_run_networks_of_their_own(digits):
    x = np.random.default_rng(5).random((4, 1, 8, 8), np.float32)
    want = digits.run([x])["prob"]
    wrong = []

    def work():
        with lite.Network(share_weights_with=digits) as net:
            for _ in range(20):
                if not np.array_equal(net.run([x])["prob"], want):
                    wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_timeout_and_after():
    loop = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["c2"]), helper.make_node("Add", ["s", "s"], ["s2"])],
        "body",
        [value("i", TensorProto.INT64, []), value("c", TensorProto.BOOL, []), value("s", TensorProto.FLOAT, [1])],
        [value("c2", TensorProto.BOOL, []), value("s2", TensorProto.FLOAT, [1])],
    )
    endless = model(
        [helper.make_node("Loop", ["n", "", "x"], ["y"], body=loop)],
        [value("n", TensorProto.INT64, []), value("x", TensorProto.FLOAT, [1])],
        [value("y", TensorProto.FLOAT, [1])],
    )
    x = np.ones(1, np.float32)
    with lite.Network(endless) as net:
        net.set_timeout(0.05)
        with pytest.raises(lite.Error) as e:
            net.run({"n": np.int64(2**62), "x": x})
        assert "time" in e.value.name.lower() or "time" in str(e.value).lower()
        timer = threading.Timer(0.05, net.cancel)
        net.set_timeout(None)
        timer.start()
        with pytest.raises(lite.Error, match="cancel"):
            net.run({"n": np.int64(2**62), "x": x})
        assert net.run({"n": np.int64(3), "x": x})["y"].tolist() == [8.0]


def test_dlpack_shares_memory():
    t = lite.Tensor(np.arange(6, dtype=np.float32).reshape(2, 3))
    view = np.from_dlpack(t)
    np.testing.assert_array_equal(view, [[0, 1, 2], [3, 4, 5]])
    del t
    gc.collect()
    np.testing.assert_array_equal(view, [[0, 1, 2], [3, 4, 5]])
    t = lite.Tensor(np.zeros(3, np.float32))
    shared = np.from_dlpack(t)
    copied = np.from_dlpack(t, copy=True)
    copied[:] = 5
    assert (shared == 0).all() and (t.numpy() == 0).all()
    shared[:] = 6
    assert (t.numpy() == 6).all()
    for version in (None, (0, 8), (1, 0)):
        t.__dlpack__(max_version=version)  # nobody takes it
    with pytest.raises(BufferError, match="CPU"):
        t.__dlpack__(dl_device=(2, 0))
    source = np.arange(4, dtype=np.int32)
    borrowed = lite.Tensor.from_dlpack(source)
    source[0] = 9
    assert borrowed.numpy()[0] == 9


def test_statistics_profile_graph(digits):
    digits.profile()
    digits.run([np.zeros((1, 1, 8, 8), np.float32)])
    s = digits.statistics()
    assert s["programs"] >= 1 and s["runs"] >= 1 and s["arena_bytes"] > 0
    assert "Conv" in digits.get_profile("table")
    assert "traceEvents" in digits.get_profile("trace")
    assert digits.get_profile("json")
    assert "Conv" in digits.dump_graph("imported")
    assert digits.dump_graph("optimized", "dot").startswith("digraph")


def test_copied_files_may_change(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(DIGITS.read_bytes())
    x = np.random.default_rng(7).random((1, 1, 8, 8), np.float32)
    with lite.Network(path, options={"copy_files": True}) as net:
        want = net.run([x])["prob"]
        path.write_bytes(b"")
        np.testing.assert_array_equal(net.run([x])["prob"], want)


def test_same_bits_for_any_number_of_threads():
    x = np.random.default_rng(6).random((3, 1, 8, 8), np.float32)
    lite.set_threads(7)
    try:
        results = set()
        for n in (1, 2, 3, 4, 7):
            with lite.Network(DIGITS, threads=n) as net:
                results.update(net.run([x])["prob"].tobytes() for _ in range(5))
        assert len(results) == 1
    finally:
        lite.set_threads(0)


def test_log_callback():
    messages = []
    lite.set_log_callback(lambda level, text: messages.append((level, text)), level=0)
    lite.set_log_callback(None)
    assert lite.threads() >= 1
    assert lite.build_info()


def typed(name, *kinds, element=TensorProto.FLOAT, shape=None):
    """The value info of a tensor inside the kinds, the outermost first: "sequence", "optional"."""
    t = helper.make_tensor_type_proto(element, shape)
    for kind in reversed(kinds):
        t = {"sequence": helper.make_sequence_type_proto, "optional": helper.make_optional_type_proto}[kind](t)
    return helper.make_value_info(name, t)


def test_sequences_are_lists():
    data = model(
        [helper.make_node("SequenceInsert", ["x", "new", "at"], ["y"]), helper.make_node("SequenceLength", ["y"], ["n"])],
        [typed("x", "sequence"), value("new", TensorProto.FLOAT, [None]), value("at", TensorProto.INT64, [])],
        [typed("y", "sequence"), value("n", TensorProto.INT64, [])],
    )
    with lite.Network(data) as net:
        assert net.inputs[0].kind == "sequence" and net.inputs[0].dtype == "float32" and net.inputs[0].shape is None
        assert net.inputs[0].type == "seq(tensor(float))" and net.inputs[0].element.kind == "tensor"
        assert net.inputs[1].element is None and "seq(tensor(float))" in repr(net)
        first = [np.arange(3, dtype=np.float32), np.ones((2, 2), np.float32)]
        got = net.run({"x": first, "new": np.float32([7]), "at": np.int64(-1)})
        assert got["n"] == 3 and [a.tolist() for a in got["y"]] == [[0, 1, 2], [7], [[1, 1], [1, 1]]]
        # It stays; plain numbers have the sequence's type; a result is an input.
        assert len(net.run({"new": np.float32([])})["y"]) == 3
        assert [a.tolist() for a in net.run({"x": [1.5, [2, 3]], "at": np.int64(0)})["y"]] == [[], 1.5, [2, 3]]
        assert net.run({"x": got["y"]})["n"] == 4
        assert net.run({"x": []})["n"] == 1
        for wrong, text in ((np.zeros(2, np.float32), "a list is wanted"), (None, "a list is wanted"), ([np.zeros(2)], "float64")):
            with pytest.raises(lite.Error, match=text):
                net.run({"x": wrong})
        with pytest.raises(lite.Error, match="position 9"):
            net.run({"at": np.int64(9)})


def test_sequences_of_strings():
    data = model([helper.make_node("Identity", ["x"], ["y"])],
                 [typed("x", "sequence", element=TensorProto.STRING)], [typed("y", "sequence", element=TensorProto.STRING)])
    with lite.Network(data) as net:
        x = [np.array(["a", "größer"], dtype=object), np.array(["", "b"])]
        assert [a.tolist() for a in net.run([x])["y"]] == [["a", "größer"], ["", "b"]]


def test_optionals_are_none_or_what_they_hold():
    nodes = [helper.make_node("OptionalHasElement", ["x"], ["has"]), helper.make_node("Identity", ["x"], ["y"])]
    for kinds, full in ((("optional",), np.float32([1, 2])), (("optional", "sequence"), [np.float32([1]), np.float32([2])])):
        data = model(nodes, [typed("x", *kinds)], [value("has", TensorProto.BOOL, []), typed("y", *kinds)])
        with lite.Network(data) as net:
            assert net.inputs[0].element.kind == ("tensor" if len(kinds) == 1 else "sequence")
            got = net.run({"x": full})
            assert got["has"] and np.concatenate([np.atleast_1d(a) for a in got["y"]]).tolist() == [1, 2]
            got = net.run({"x": None})
            assert not got["has"] and got["y"] is None


def test_maps_are_dicts():
    def of_map(name):
        info = helper.make_value_info(name, helper.make_map_type_proto(TensorProto.STRING, helper.make_tensor_type_proto(TensorProto.FLOAT, [])))
        return info

    with lite.Network(model([helper.make_node("Identity", ["x"], ["y"])], [of_map("x")], [of_map("y")])) as net:
        assert net.inputs[0].kind == "map" and net.inputs[0].dtype == "float32" and net.inputs[0].element.dtype == "float32"
        assert net.run({"x": {"cat": 0.75, "dog": 0.25}})["y"] == {"cat": 0.75, "dog": 0.25}
        with pytest.raises(lite.Error, match="a dict is wanted"):
            net.run({"x": [1]})
        with pytest.raises(lite.Error, match="is a map"):
            net.run({"x": {1: 2.0}})


def test_devices():
    x = np.zeros((1, 1, 8, 8), np.float32)
    for device in ("cpu", "default"):
        with lite.Network(DIGITS, device=device) as net:
            assert pickle.loads(pickle.dumps(net)).run([x])["prob"].shape == (1, 10)
    with pytest.raises(ValueError, match="'tpu', not one of cpu, cuda, default"):
        lite.Network(DIGITS, device="tpu")
    with pytest.raises(lite.Error, match="device"):
        lite.Network(DIGITS, device="cuda", device_id=lite.device_count("cuda"))


def test_networks_that_nobody_closes():
    """Part of a cycle, so that it is the collector that finds them."""
    gc.collect()
    before = lite.statistics()["weight_bytes"]
    cycles, most, half = int(os.environ.get("LITE_CYCLES", "1000")), 0, 0
    x = np.zeros((1, 1, 8, 8), np.float32)
    for i in range(cycles):
        net = lite.Network(DIGITS, threads=1)
        net.run([x])
        net.itself = net, net.run([x], copy=False)
        most = max(most, lite.statistics()["weight_bytes"])
        if i == cycles // 2:
            half = resident()
    grown = resident() - half
    del net
    gc.collect()
    assert lite.statistics()["weight_bytes"] == before
    assert most - before < 300 * DIGITS.stat().st_size and grown < 64 << 20, (most, grown)


def resident():
    statm = pathlib.Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0
