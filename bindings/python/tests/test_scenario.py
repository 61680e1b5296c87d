"""tests/conformance/scenario, which every language's package executes."""

import json
import pathlib
import subprocess
import sys
import threading

import numpy as np
import pytest

import lite

FOLDER = pathlib.Path(__file__).parents[3] / "tests/conformance/scenario"
CASES = json.loads((FOLDER / "scenario.json").read_text("utf-8"))["cases"]
BITS = {"float16": np.uint16, "bfloat16": np.uint16}


def array(t):
    keys(t, "dtype shape data atol")
    dtype = np.dtype(lite.dtypes.to_numpy(lite.dtypes.CODES[t["dtype"]]))
    return np.array(t["data"], BITS.get(t["dtype"], dtype)).view(dtype).reshape(t["shape"])


def value(v):
    """A list for a sequence, what is held or None for an optional, a dict for a map, an array for a tensor."""
    if "sequence" in v:
        keys(v, "dtype sequence")
        return [value(e) for e in v["sequence"]]
    if "optional" in v:
        keys(v, "dtype optional")
        return None if v["optional"] is None else value(v["optional"])
    if "keys" in v:
        keys(v, "keys values")
        return dict(zip(array(v["keys"]).tolist(), value(v["values"])))
    return array(v)


def keys(step, known):
    assert set(step) <= set(known.split()), f"a key that this reader does not know: {step}"


def same(got, wanted):
    if "shape" not in wanted:
        same_value(got, value(wanted))
        return
    want = array(wanted)
    assert got.dtype == want.dtype and list(got.shape) == wanted["shape"]
    if "atol" in wanted:
        np.testing.assert_allclose(got, want, rtol=0, atol=wanted["atol"])
    elif wanted["dtype"] in BITS:
        np.testing.assert_array_equal(got.view(np.uint16), want.view(np.uint16))
    else:
        np.testing.assert_array_equal(got, want)


def same_value(got, want):
    assert type(got) is type(want)
    if isinstance(want, list):
        assert len(got) == len(want)
        for g, w in zip(got, want):
            same_value(g, w)
    elif isinstance(want, dict):
        assert got == want
    elif want is not None:
        assert got.dtype == want.dtype and got.shape == want.shape
        np.testing.assert_array_equal(got, want)


def fails(error, call):
    with pytest.raises(lite.Error) as caught:
        call()
    assert caught.value.code == error["code"], f"{caught.value} is not {error['name']}"
    assert error["text"] in str(caught.value)


def open_network(case):
    path = FOLDER / case["model"]
    key = bytes.fromhex(case["key"]) if "key" in case else None
    model = path.read_bytes() if case.get("from") == "memory" else path
    return lite.Network(model, options=case.get("options"), threads=1, key=key)


def info(net, step):
    keys(step, "do inputs outputs metadata")
    for got, wanted in ((net.inputs, step["inputs"]), (net.outputs, step["outputs"])):
        assert [{"name": i.name, "dtype": i.dtype, "shape": list(i.shape)} for i in got] == wanted
    assert step.get("metadata", {}).items() <= net.metadata.items()


def cancel_later(net, milliseconds, over):
    if not over.wait(milliseconds / 1000):
        net.cancel()
        cancel_later(net, 1, over)


def run(net, step):
    keys(step, "do inputs outputs error asynchronous timeout_ms cancel_after_ms")
    feeds = {name: value(v) for name, v in step["inputs"].items()}
    if "timeout_ms" in step:
        net.set_timeout(step["timeout_ms"] / 1000)
    over = threading.Event()
    canceller = None
    if "cancel_after_ms" in step:
        canceller = threading.Thread(target=cancel_later, args=(net, step["cancel_after_ms"], over))
        canceller.start()
    try:
        if "error" in step:
            fails(step["error"], lambda: net.run(feeds))
            return
        if step.get("asynchronous"):
            results = []
            runner = threading.Thread(target=lambda: results.append(net.run(feeds)))
            runner.start()
            runner.join()
            got = results[0]
        else:
            got = net.run(feeds)
    finally:
        over.set()
        if canceller:
            canceller.join()
        if "timeout_ms" in step:
            net.set_timeout(None)
    assert list(got) == list(step["outputs"])
    for name, wanted in step["outputs"].items():
        same(got[name], wanted)


def option(net, step):
    keys(step, "do key value read error")
    if "error" in step:
        fails(step["error"], lambda: net.set_option(step["key"], step["value"]))
    else:
        net.set_option(step["key"], step["value"])
        assert net.get_option(step["key"]) == step.get("read", step["value"])


def statistics(net, step):
    keys(step, "do exactly at_least")
    counters = net.statistics()
    assert {k: counters[k] for k in step["exactly"]} == step["exactly"]
    for name, least in step["at_least"].items():
        assert counters[name] >= least, name


def profile(net, step):
    keys(step, "do text")
    if step["text"]:
        assert step["text"] in net.get_profile("table")
    else:
        net.profile()


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(case):
    keys(case, "name model from options key error steps")
    if "error" in case:
        fails(case["error"], lambda: open_network(case))
        return
    networks = [open_network(case)]
    for step in case["steps"]:
        net = networks[-1]
        if step["do"] == "share":
            keys(step, "do")
            networks.append(lite.Network(share_weights_with=net))
        elif step["do"] == "close":
            keys(step, "do")
            net.close()
        else:
            {"info": info, "run": run, "option": option, "statistics": statistics, "profile": profile}[step["do"]](net, step)
    for net in networks:
        net.close()


def test_options_are_listed():
    threads = next(o for o in lite.options() if o["scope"] == "network" and o["key"] == "threads")
    assert threads["type"] == "int" and threads["default"] == "1" and "threads" in threads["description"].lower()


def test_files_are_what_the_generator_writes(tmp_path):
    subprocess.run([sys.executable, FOLDER / "generate.py", tmp_path], check=True)
    for written in sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()):
        assert (tmp_path / written).read_bytes() == (FOLDER / written).read_bytes(), f"run generate.py: {written} is not current"
    assert {p.name for p in (FOLDER / "models").iterdir()} == {p.name for p in (tmp_path / "models").iterdir()} | {"locked.lite"}


def test_the_encrypted_model_is_the_classifier():
    key = next(bytes.fromhex(c["key"]) for c in CASES if c["name"] == "encrypted")
    assert lite.unpack(FOLDER / "models/locked.lite", key=key) == (FOLDER / "models/classifier.onnx").read_bytes()
