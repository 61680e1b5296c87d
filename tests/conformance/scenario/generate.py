#!/usr/bin/env python3
"""usage: generate.py [DIRECTORY]

Writes scenario.json and models/ into DIRECTORY, this one unless given. The expected numbers are NumPy's. Both are
checked in, so that no binding's tests need this script's packages; the Python suite compares them with what it writes.
"""

import json
import pathlib
import sys

import numpy as np
from onnx import TensorProto as T
from onnx import helper, numpy_helper
from onnx.helper import make_node as node
from onnx.helper import make_tensor_value_info as value_info

# The names of LiteDataType's elements, and ONNX's numbers.
DTYPES = {
    "float32": T.FLOAT, "float64": T.DOUBLE, "float16": T.FLOAT16, "bfloat16": T.BFLOAT16,
    "int8": T.INT8, "int16": T.INT16, "int32": T.INT32, "int64": T.INT64,
    "uint8": T.UINT8, "uint16": T.UINT16, "uint32": T.UINT32, "uint64": T.UINT64,
    "bool": T.BOOL, "string": T.STRING,
}  # fmt: skip
CODES = {
    "INVALID_ARGUMENT": -1, "INVALID_MODEL": -2, "UNSUPPORTED": -3, "NOT_FOUND": -4, "CANCELLED": -8, "TIMED_OUT": -9,
    "SHAPE_MISMATCH": -11, "CLOSED": -13, "ALREADY_LOADED": -16,
}  # fmt: skip
FOREVER = 10**12  # iterations; some hours

models, cases = {}, []


# ---- models ----


def model(name, nodes, inputs, outputs, initializers=(), metadata=None):
    """Inputs and outputs are (name, dtype, dims)."""
    infos = [[value_info(n, DTYPES[t], dims) for n, t, dims in side] for side in (inputs, outputs)]
    save(name, helper.make_graph(nodes, name, *infos, initializer=list(initializers)), metadata)


def save(name, graph, metadata=None, domains=()):
    opsets = [helper.make_opsetid("", 21), *(helper.make_opsetid(d, 1) for d in domains)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="scenario", producer_version="1")
    helper.set_model_props(made, metadata or {})
    models[name] = made.SerializeToString(deterministic=True)


WEIGHT = np.array([[0.5, -1, 0.25], [1, 0.75, -0.5], [-0.25, 0.5, 1], [2, -0.125, 0.75]], np.float32)
BIAS = np.array([0.125, -0.25, 0.5], np.float32)
model(
    "classifier",
    [
        node("Gemm", ["x", "weight", "bias"], ["scores"]),
        node("Softmax", ["scores"], ["prob"], axis=1),
        node("ArgMax", ["scores"], ["label"], axis=1, keepdims=0),
    ],
    [("x", "float32", ["batch", 4])],
    [("prob", "float32", ["batch", 3]), ("label", "int64", ["batch"])],
    [numpy_helper.from_array(WEIGHT, "weight"), numpy_helper.from_array(BIAS, "bias")],
    {"author": "Zoë", "labels": "low,middle,high"},
)
for name in DTYPES:
    operator = {"bool": "Not", "string": "Identity", "bfloat16": "Neg", "float16": "Neg"}.get(name)
    nodes = [node(operator, ["x"], ["y"]) if operator else node("Add", ["x", "x"], ["y"])]
    model(f"dtype_{name}", nodes, [("x", name, ["n"])], [("y", name, ["n"])])
model("scalar", [node("Mul", ["x", "x"], ["y"])], [("x", "float32", [])], [("y", "float32", [])])
model("identity", [node("Identity", ["x"], ["y"])], [("x", "float32", ["n"])], [("y", "float32", ["n"])])
RANK8 = [1, 2, 1, 3, 1, 2, 1, 1]
model(
    "rank8",
    [node("Transpose", ["x"], ["y"], perm=list(range(7, -1, -1)))],
    [("x", "int32", RANK8)],
    [("y", "int32", RANK8[::-1])],
)
model(
    "two_inputs",
    [node("Sub", ["left", "right"], ["difference"])],
    [("left", "float32", ["rows", 2]), ("right", "float32", ["rows", 2])],
    [("difference", "float32", ["rows", 2])],
)
model(
    "positive",
    [
        node("Greater", ["x", "zero"], ["mask"]),
        node("Compress", ["x", "mask"], ["y"], axis=0),
    ],
    [("x", "float32", ["n"])],
    [("y", "float32", ["kept"])],
    [numpy_helper.from_array(np.zeros((), np.float32), "zero")],
)
body = helper.make_graph(
    [node("Identity", ["go"], ["go_on"]), node("Add", ["sum", "one"], ["next"])],
    "body",
    [value_info("i", T.INT64, []), value_info("go", T.BOOL, []), value_info("sum", T.FLOAT, [])],
    [value_info("go_on", T.BOOL, []), value_info("next", T.FLOAT, [])],
    initializer=[numpy_helper.from_array(np.ones((), np.float32), "one")],
)
model(
    "count",
    [node("Loop", ["times", "", "start"], ["total"], body=body)],
    [("times", "int64", []), ("start", "float32", [])],
    [("total", "float32", [])],
)
model("not_an_operator", [node("Frobnicate", ["x"], ["y"], name="f")], [("x", "float32", [1])], [("y", "float32", [1])])
# Values of all kinds; and, for tests that languages have besides the scenario, operators of the program's own.
VALUES_OF_KINDS = {
    "frames": helper.make_sequence_type_proto(helper.make_tensor_type_proto(T.FLOAT, None)),
    "maybe": helper.make_optional_type_proto(helper.make_tensor_type_proto(T.FLOAT, [])),
    "scores": helper.make_map_type_proto(T.STRING, helper.make_tensor_type_proto(T.FLOAT, [])),
    "names": helper.make_tensor_type_proto(T.STRING, ["n"]),
}
sides = [[helper.make_value_info(n + end, t) for n, t in VALUES_OF_KINDS.items()] for end in ("", "_out")]
save("values", helper.make_graph([node("Identity", [n], [n + "_out"]) for n in VALUES_OF_KINDS], "values", *sides))
save("custom", helper.make_graph(
    [node("Shift", ["x"], ["y"], domain="scenario.test", name="shift", by=2.5, order=[1, 0, 2], label="up", names=["a", "b"])],
    "custom", [value_info("x", T.FLOAT, ["n"])], [value_info("y", T.FLOAT, ["n"])],
), domains=["scenario.test"])  # fmt: skip
save("texts", helper.make_graph(
    [node("Repeat", ["x"], ["y"], domain="scenario.test", name="repeat",
          times=numpy_helper.from_array(np.array([2, 0, 1], np.int64)))],
    "texts", [value_info("x", T.STRING, ["n"])], [value_info("y", T.STRING, ["n"])],
), domains=["scenario.test"])  # fmt: skip
models["not_a_model"] = b"These bytes are no model.\n"


# ---- cases ----


def tensor(array, dtype=None, **tolerance):
    array = np.asarray(array)
    return {"dtype": dtype or array.dtype.name, "shape": list(array.shape), "data": array.reshape(-1).tolist(), **tolerance}


def error(code, text=""):
    return {"code": CODES[code], "name": "LITE_" + code, "text": text}


def info(name, dtype, shape):
    return {"name": name, "dtype": dtype, "shape": shape}


def run(inputs, outputs, **more):
    return {"do": "run", "inputs": inputs, "outputs": outputs, **more}


def fails(inputs, code, text="", **more):
    return {"do": "run", "inputs": inputs, "error": error(code, text), **more}


def sequence(dtype, *elements):
    return {"dtype": dtype, "sequence": list(elements)}


def optional(dtype, element=None):
    return {"dtype": dtype, "optional": element}


def mapping(keys, values):
    return {"keys": keys, "values": values}


def model_file(name):
    return f"models/{name}" if "." in name else f"models/{name}.onnx"


def case(name, model_name, *steps, **more):
    cases.append({"name": name, "model": model_file(model_name), **more, "steps": list(steps)})


def refused(name, model_name, code, text, **more):
    cases.append({"name": name, "model": model_file(model_name), **more, "error": error(code, text)})


def classify(x, **more):
    x = np.asarray(x, np.float32).reshape(-1, 4)
    scores = x.astype(np.float64) @ WEIGHT + BIAS
    e = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    prob = (e / e.sum(axis=1, keepdims=True)).round(9)
    label = scores.argmax(axis=1).astype(np.int64) if len(x) else np.zeros(0, np.int64)
    return run({"x": tensor(x)}, {"prob": tensor(prob, "float32", atol=1e-5), "label": tensor(label)}, **more)


ONE, TWO = [[1, 0, -1, 0.5]], [[0.25, 0.5, 0.75, 1], [-2, 1, 0, 0.125]]
FACTS = {
    "do": "info",
    "inputs": [info("x", "float32", ["batch", 4])],
    "outputs": [info("prob", "float32", ["batch", 3]), info("label", "int64", ["batch"])],
    "metadata": {"author": "Zoë", "labels": "low,middle,high", "producer": "scenario 1", "graph_name": "classifier"},
}
case("from a file", "classifier", FACTS, classify(ONE))
case("from memory", "classifier", FACTS, classify(ONE), **{"from": "memory"})
case("shapes that change", "classifier", classify(ONE), classify(TWO), classify(ONE))
case("no rows", "classifier", classify([]), classify(TWO))
case("on two threads", "classifier", classify(TWO), options={"threads": "2"})
case("in order", "two_inputs", run(
    {"right": tensor(np.array([[1, 2]], np.float32)), "left": tensor(np.array([[5, 5]], np.float32))},
    {"difference": tensor(np.array([[4, 3]], np.float32))},
))  # fmt: skip
case("a shape that depends on data", "positive", *(
    run({"x": tensor(np.array(x, np.float32))}, {"y": tensor(np.array([v for v in x if v > 0], np.float32))})
    for x in ([1, -1, 2.5, 0], [-1, -2], [3])
))  # fmt: skip
case("rank 0", "scalar", {"do": "info", "inputs": [info("x", "float32", [])], "outputs": [info("y", "float32", [])]},
     run({"x": tensor(np.float32(-1.5))}, {"y": tensor(np.float32(2.25))}))  # fmt: skip
case("an output that is an input", "identity", *(run({"x": tensor(x)}, {"y": tensor(x)}) for x in np.float32([[1, 2], [3, 4]])))
x = np.arange(12, dtype=np.int32).reshape(RANK8)
case("rank 8", "rank8", {"do": "info", "inputs": [info("x", "int32", RANK8)], "outputs": [info("y", "int32", RANK8[::-1])]},
     run({"x": tensor(x)}, {"y": tensor(x.transpose())}))  # fmt: skip

VALUES = {
    "float32": ([1.5, -0.25, 3e38 / 2], [3, -0.5, 3e38]), "float64": ([0.1, -1e300], [0.2, -2e300]),
    "int8": ([1, -64], [2, -128]), "int16": ([300, -16384], [600, -32768]), "int32": ([70000, -(2**30)], [140000, -(2**31)]),
    "int64": ([2**40, -(2**52)], [2**41, -(2**53)]), "uint8": ([3, 127], [6, 254]), "uint16": ([5, 32767], [10, 65534]),
    "uint32": ([7, 2**31 - 1], [14, 2**32 - 2]), "uint64": ([9, 2**52], [18, 2**53]), "bool": ([True, False], [False, True]),
    # As bits: 1, -2, the smallest subnormal, infinity.
    "float16": ([0x3C00, 0xC000, 0x0001, 0x7C00], [0xBC00, 0x4000, 0x8001, 0xFC00]),
    "bfloat16": ([0x3F80, 0xC000, 0x0080, 0x7F80], [0xBF80, 0x4000, 0x8080, 0xFF80]),
    "string": (["", "Zoë", "two words", "日本"],) * 2,
}  # fmt: skip
for name, (given, wanted) in VALUES.items():
    case(
        f"elements: {name}",
        f"dtype_{name}",
        {"do": "info", "inputs": [info("x", name, ["n"])], "outputs": [info("y", name, ["n"])]},
        *(
            run({"x": {"dtype": name, "shape": [len(x)], "data": x}}, {"y": {"dtype": name, "shape": [len(y)], "data": y}})
            for x, y in ((given, wanted), ([], []))
        ),
    )

refused("no such file", "missing", "NOT_FOUND", "missing.onnx")
refused("not a model", "not_a_model", "INVALID_MODEL", "neither ONNX nor MegEngine")
refused("not a model, in memory", "not_a_model", "INVALID_MODEL", "neither ONNX nor MegEngine", **{"from": "memory"})
refused("an operator that does not exist", "not_an_operator", "UNSUPPORTED", "Frobnicate")
refused("no such option", "classifier", "INVALID_ARGUMENT", "there is no option 'colour'", options={"colour": "red"})
refused("no such value", "classifier", "INVALID_ARGUMENT", "'maybe' is not one of", options={"optimize": "maybe"})

good = tensor(np.array(ONE, np.float32))
case("a name that is wrong", "classifier", fails({"nobody": good}, "NOT_FOUND", "nobody"), classify(ONE))
case("an input that is missing", "two_inputs", fails({"left": tensor(np.zeros((1, 2), np.float32))}, "INVALID_ARGUMENT", "right"))
case("an element type that is wrong", "classifier",
     fails({"x": tensor(np.zeros((1, 4), np.int64))}, "SHAPE_MISMATCH", "element type int64 is given, float32 is wanted"), classify(ONE))  # fmt: skip
case("a shape that is wrong", "classifier",
     fails({"x": tensor(np.zeros((1, 5), np.float32))}, "SHAPE_MISMATCH", "shape [1,5] is given, float32[batch,4] is wanted"), classify(ONE))  # fmt: skip
case("a rank that is wrong", "classifier", fails({"x": tensor(np.zeros(4, np.float32))}, "SHAPE_MISMATCH", "shape [4] is given"), classify(ONE))
case("shapes that do not go together", "two_inputs", fails(
    {"left": tensor(np.zeros((1, 2), np.float32)), "right": tensor(np.zeros((2, 2), np.float32))}, "SHAPE_MISMATCH", "'rows' is 1"))  # fmt: skip

case("options", "classifier",
     {"do": "option", "key": "threads", "value": "2"},
     {"do": "option", "key": "optimize", "value": "off", "read": "0"},
     {"do": "option", "key": "program_cache", "value": "1M", "read": "1048576"},
     {"do": "option", "key": "colour", "value": "red", "error": error("INVALID_ARGUMENT", "there is no option 'colour'")},
     {"do": "option", "key": "threads", "value": "many", "error": error("INVALID_ARGUMENT", "'many' is not a number")},
     {"do": "option", "key": "decryption", "value": "none", "error": error("ALREADY_LOADED")},
     classify(ONE))  # fmt: skip

times = lambda n: {"times": tensor(np.int64(n)), "start": tensor(np.float32(0.5))}
counted = run(times(10), {"total": tensor(np.float32(10.5))})
frames = sequence("float32", *(tensor(np.array(x, np.float32)) for x in ([1, 2], [[3, 4, 5]], [])))
names, scores = tensor(np.array(["low", "Zoë"]), "string"), tensor(np.array([0.25, 0.75], np.float32))
kinds = lambda maybe: {"frames": frames, "maybe": optional("float32", maybe), "scores": mapping(names, scores), "names": names}
case("values of all kinds", "values", *(
    run(kinds(maybe), {f"{n}_out": value for n, value in kinds(maybe).items()}) for maybe in (None, tensor(np.float32(7)), None)
))  # fmt: skip
case("no elements", "values", *(
    run(given, {f"{n}_out": value for n, value in given.items()})
    for given in [{"frames": sequence("float32"), "maybe": optional("float32"), "scores": mapping(
        tensor(np.array([], str), "string"), tensor(np.array([], np.float32))), "names": tensor(np.array([], str), "string")}]
))  # fmt: skip
case("a value of another kind", "values",
     fails({"frames": scores}, "INVALID_ARGUMENT"), fails({"scores": frames}, "INVALID_ARGUMENT"),
     fails({"frames": sequence("string", names)}, "INVALID_ARGUMENT"), fails({"nobody": frames}, "NOT_FOUND", "nobody"))  # fmt: skip

# models/locked.lite is models/classifier.onnx, packed with this key; README.md says how.
KEY = bytes(range(32))
case("encrypted", "locked.lite", FACTS, classify(ONE), key=KEY.hex())
case("encrypted, in memory", "locked.lite", classify(TWO), key=KEY.hex(), **{"from": "memory"})
refused("encrypted, with another key", "locked.lite", "INVALID_MODEL", "AES_256_GCM", key=KEY[::-1].hex())
refused("encrypted, with a short key", "locked.lite", "INVALID_ARGUMENT", "32", key=KEY[:5].hex())

case("time limit", "count", counted, fails(times(FOREVER), "TIMED_OUT", timeout_ms=30), counted)
case("cancelling", "count", counted, fails(times(FOREVER), "CANCELLED", cancel_after_ms=30), counted)
case("asynchronously", "classifier", classify(ONE, asynchronous=True), classify(TWO, asynchronous=True), classify(ONE))

case("shared weights", "classifier", classify(ONE), {"do": "share"}, FACTS, classify(TWO))
case("statistics", "classifier", classify(ONE), classify(TWO), classify(ONE),
     fails({"x": tensor(np.zeros((1, 5), np.float32))}, "SHAPE_MISMATCH"),
     {"do": "statistics", "exactly": {"programs": 2, "program_hits": 1}, "at_least": {"runs": 3, "weight_bytes": 60}})  # fmt: skip
case("profiling", "classifier", {"do": "profile", "text": ""}, classify(ONE), {"do": "profile", "text": "Softmax"})
case("closed", "classifier", classify(ONE), {"do": "close"}, {"do": "close"}, fails({"x": good}, "CLOSED"))


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    (target / "models").mkdir(parents=True, exist_ok=True)
    for name, data in models.items():
        (target / f"models/{name}.onnx").write_bytes(data)
    # One line a step.
    lines = []
    for c in cases:
        head = json.dumps({k: v for k, v in c.items() if k != "steps"}, ensure_ascii=False)
        steps = ",\n".join("    " + json.dumps(s, ensure_ascii=False) for s in c.get("steps", []))
        lines.append(f'{head[:-1]}, "steps": [\n{steps}\n  ]}}' if steps else head)
    text = '{"cases": [\n  ' + ",\n  ".join(lines) + "\n]}\n"
    json.loads(text)
    (target / "scenario.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
