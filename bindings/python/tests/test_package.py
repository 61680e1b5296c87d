"""What a Python package is expected to do besides running models: asyncio, pickle, fork, notebooks, batches, types."""

import asyncio
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys

import numpy as np
import pytest
from onnx import TensorProto, helper

import lite

DIGITS = pathlib.Path(__file__).resolve().parents[3] / "examples" / "data" / "digits.onnx"
SCANS = np.random.default_rng(11).random((5, 1, 8, 8), np.float32)


@pytest.fixture
def digits():
    with lite.Network(DIGITS, threads=1) as net:
        yield net


def endless():
    """A loop that runs n times."""
    v = helper.make_tensor_value_info
    body = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["c2"]), helper.make_node("Add", ["s", "s"], ["s2"])],
        "body",
        [v("i", TensorProto.INT64, []), v("c", TensorProto.BOOL, []), v("s", TensorProto.FLOAT, [1])],
        [v("c2", TensorProto.BOOL, []), v("s2", TensorProto.FLOAT, [1])],
    )
    graph = helper.make_graph(
        [helper.make_node("Loop", ["n", "", "x"], ["y"], body=body)],
        "g",
        [v("n", TensorProto.INT64, []), v("x", TensorProto.FLOAT, [1])],
        [v("y", TensorProto.FLOAT, [1])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10).SerializeToString()


def test_runs_in_an_event_loop(digits):
    want = digits.run([SCANS])["prob"]

    async def both():
        with lite.Network(share_weights_with=digits) as other:
            return await asyncio.gather(digits.run_async([SCANS]), other.run_async({"data": SCANS}))

    for got in asyncio.run(both()):
        np.testing.assert_array_equal(got["prob"], want)


def test_an_error_comes_out_of_the_coroutine(digits):
    with pytest.raises(lite.Error, match="data"):
        asyncio.run(digits.run_async([SCANS.astype(np.float64)]))


def test_a_cancelled_task_stops_its_run():
    async def impatient(net):
        await asyncio.wait_for(net.run_async({"n": np.int64(2**62), "x": np.ones(1, np.float32)}), timeout=0.05)

    with lite.Network(endless()) as net:
        with pytest.raises(asyncio.TimeoutError):
            asyncio.run(impatient(net))
        # Nothing of it is left.
        assert net.run({"n": np.int64(3)})["y"].tolist() == [8.0]


def test_pickled_networks_load_again(digits):
    with lite.Network(DIGITS, threads=1, options={"copy_files": True}) as net:
        other = pickle.loads(pickle.dumps(net))
    with other:
        assert other.get_option("copy_files") == "1" and other.get_option("threads") == "1"
        np.testing.assert_array_equal(other.run([SCANS])["prob"], digits.run([SCANS])["prob"])
    with lite.Network(share_weights_with=digits) as shared, pickle.loads(pickle.dumps(shared)) as other:
        np.testing.assert_array_equal(other.run([SCANS])["prob"], digits.run([SCANS])["prob"])
    with lite.Network(DIGITS.read_bytes()) as net, pytest.raises(TypeError, match="file"):
        pickle.dumps(net)


def predict(net):
    return net.run([SCANS])["prob"]


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_other_processes(digits, method):
    with multiprocessing.get_context(method).Pool(2) as pool:
        for got in pool.map(predict, [digits] * 4):
            np.testing.assert_array_equal(got, predict(digits))


def test_a_network_from_before_the_fork_runs_in_the_child():
    lite.set_threads(3)
    try:
        with lite.Network(DIGITS, threads=3) as net:
            want = predict(net)
            child = os.fork()
            if child == 0:
                ok = False
                try:
                    ok = np.array_equal(predict(net), want)
                finally:
                    os._exit(0 if ok else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            np.testing.assert_array_equal(predict(net), want)
    finally:
        lite.set_threads(0)


def test_views_outlive_the_network():
    net = lite.Network(DIGITS)
    view = net.run([SCANS], copy=False)["prob"]
    want = view.copy()
    net.close()
    del net
    np.testing.assert_array_equal(view, want)


def test_small_inputs_are_copied_where_the_last_one_lay(digits):
    want = predict(digits)
    for feed, rows in ((SCANS, want), (SCANS[::-1], want[::-1]), (np.asfortranarray(SCANS), want)):
        np.testing.assert_array_equal(digits.run({"data": feed})["prob"], rows)
    mine = SCANS.copy()
    digits.run([mine])
    mine[:] = 0  # what was given keeps its value
    np.testing.assert_array_equal(digits.run()["prob"], want)
    digits.set_input("data", mine)  # used in place
    mine[:] = SCANS
    np.testing.assert_array_equal(digits.run()["prob"], want)
    digits.run([1 - SCANS])  # and not written over
    np.testing.assert_array_equal(mine, SCANS)
    with pytest.raises(lite.Error, match="float64"):
        digits.run([SCANS.astype(np.float64)])
    np.testing.assert_array_equal(digits.run([SCANS])["prob"], want)


def test_results_are_the_callers_own(digits):
    first = digits.run([SCANS])["prob"]
    kept = first.copy()
    view = digits.run([SCANS[:2]], copy=False)["prob"]
    second = digits.run([1 - SCANS])["prob"]
    np.testing.assert_array_equal(first, kept)
    assert not np.array_equal(second, first) and view.shape == (2, 10)
    np.testing.assert_array_equal(digits.run([SCANS])["prob"], kept)


@pytest.mark.parametrize("size", [1, 2, 5, 64])
def test_batches_are_joined(digits, size):
    got = lite.run_batches(digits, {"data": SCANS}, batch_size=size, progress=True)
    np.testing.assert_allclose(got["prob"], predict(digits), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("feeds, size", [({}, 1), ({"data": SCANS[:0]}, 1), ({"data": np.float32(1)}, 1), ({"data": SCANS, "b": SCANS[:2]}, 1), ({"data": SCANS}, 0)])
def test_batches_of_nothing_are_refused(digits, feeds, size):
    with pytest.raises(ValueError, match="wanted"):
        lite.run_batches(digits, feeds, batch_size=size)


def test_notebooks_see_a_table(digits):
    page = digits._repr_html_()
    assert "<td>data</td>" in page and "<code>float32[" in page and "<td>prob</td>" in page
    net = lite.Network(DIGITS)
    net.close()
    assert "closed" in net._repr_html_() and "&lt;" in net._repr_html_()


OTHER_LIBRARIES = {
    "too new": ("const char* LITE_get_last_error(void) { return \"the program is 1.0, the library 2.7.0\"; }"
                "int LITE_check_version(int major, int minor) { return -3; }", ["1.0", "2.7.0"]),
    "too old": ("int LITE_check_version(int major, int minor) { return 0; }", ["has no LITE_get_last_error, which liblite 1.0 has"]),
    "another": ("int decoy;", ["is not liblite: it has no LITE_check_version"]),
    "missing": (None, ["LITE_LIBRARY", "cannot open"]),
}


@pytest.mark.parametrize("source, words", OTHER_LIBRARIES.values(), ids=OTHER_LIBRARIES)
def test_a_library_that_cannot_be_used_is_named(tmp_path, source, words):
    library = tmp_path / "liblite.so"
    if source:
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=source, text=True, check=True)
    code = subprocess.run(
        [sys.executable, "-c", "import lite"],
        env={**os.environ, "LITE_LIBRARY": str(library), "PYTHONPATH": str(pathlib.Path(lite.__file__).parents[1])},
        capture_output=True,
        text=True,
    )
    assert code.returncode != 0 and code.stderr.splitlines()[-1].count(str(library)) == 1, code.stderr
    for word in ("ImportError", *words):
        assert word in code.stderr


def test_types_are_complete():
    pytest.importorskip("mypy")
    root = pathlib.Path(__file__).resolve().parents[3]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), "--cache-dir", os.devnull, str(root / "bindings/python/lite")],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout


def test_the_process():
    assert ".".join(map(str, lite.version())) == lite.__version__
    assert lite.device_count() == 1 and lite.device_count("cuda") >= 0
    assert lite.statistics()["cache_limit_bytes"] >= 0
    lite.release_memory()
