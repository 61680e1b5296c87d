"""Operators written in Python: what callbacks see, where in a model their nodes may be, failures, lifetimes, threads."""

import gc
import threading

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

import lite

DOMAIN = "test.python"
F, I64, S = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING


def value(name, dtype=F, shape=("N", 3)):
    return helper.make_tensor_value_info(name, dtype, shape)


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, name="the_node", domain=DOMAIN, **attributes)


def model(nodes, inputs, outputs, initializers=(), functions=(), version=1):
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(DOMAIN, version)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10, functions=list(functions)).SerializeToString()


def unary(op, **attributes):
    return model([node(op, ["x"], ["y"], **attributes)], [value("x")], [value("y")])


def run(model, **feeds):
    with lite.Network(model, threads=2) as net:
        return net.run(feeds)


@pytest.fixture
def double():
    with lite.register_operator("Double", DOMAIN, same_as_input=True, run=lambda n, x: 2 * x) as registration:
        yield registration


X = np.arange(6, dtype=np.float32).reshape(2, 3)


def test_views_and_shapes():
    def infer(n, x):
        assert x.dtype == "float32" and len(x.shape) == 2 and x.shape[1] == 3 and x.value is None
        return x.dtype, (x.shape[0], 6)

    def twice(n, x):
        assert not x.flags.writeable and not x.flags.owndata
        n.outputs[0][:, :3] = x
        n.output(0)[:, 3:] = -x

    with lite.register_operator("Twice", DOMAIN, infer=infer, run=twice):
        m = model([node("Twice", ["x"], ["y"])], [value("x")], [value("y", shape=("N", 6))])
        with lite.Network(m) as net:
            for rows in (1, 2, 5, 2):
                x = np.random.default_rng(rows).random((rows, 3), np.float32)
                np.testing.assert_array_equal(net.run([x])["y"], np.hstack([x, -x]))


def test_attributes_and_state():
    table = np.array([[1, 2], [3, 4]], np.int64)
    seen = []

    def create(n, x, w):
        assert n.name == "the_node" and x.value is None
        np.testing.assert_array_equal(w.value, [5, 6, 7])
        seen.append(n.attributes)
        return {"factor": n.attributes["f"]}

    attributes = dict(i=-3, f=0.5, s="text", ints=[1, -2], floats=[1.0, 2.5], strings=["a", "b"], table=helper.make_tensor("t", I64, [2, 2], table.ravel()))
    with lite.register_operator("Kept", DOMAIN, inputs=(2, 2), same_as_input=True, create=create, run=lambda n, x, w: x * n.state["factor"] + w):
        w = helper.make_tensor("w", F, [3], [5.0, 6.0, 7.0])
        m = model([node("Kept", ["x", "w"], ["y"], **attributes)], [value("x")], [value("y")], [w])
        with lite.Network(m) as net:
            for rows in (2, 1):
                np.testing.assert_array_equal(net.run([X[:rows]])["y"], X[:rows] * 0.5 + [5, 6, 7])
    assert len(seen) == 1
    np.testing.assert_array_equal(seen[0].pop("table"), table)
    assert seen[0] == {k: v for k, v in attributes.items() if k != "table"}


def test_data_dependent():
    """Types and shapes that only the run knows, in the middle of a model."""
    with lite.register_operator("Unique", DOMAIN, outputs=(1, 2), run=lambda n, x: np.unique(x, return_counts=True)):
        nodes = [node("Unique", ["x"], ["u", "count"]), helper.make_node("Neg", ["u"], ["y"])]
        m = model(nodes, [value("x")], [value("y", shape=("U",)), value("count", I64, ("U",))])
        out = run(m, x=np.array([[1, 2, 1], [1, 2, 3]], np.float32))
    np.testing.assert_array_equal(out["y"], [-1, -2, -3])
    np.testing.assert_array_equal(out["count"], [3, 2, 1])


@pytest.mark.parametrize("known", [True, False])
def test_outputs_left_out(known):
    def split(n, x):
        with pytest.raises(lite.Error, match="left out"):
            n._allocate(1, 0, (1,))
        return x[:, :1], None, x[:, 2:]

    infer = lambda n, x: [(x.dtype, (x.shape[0], 1))] * 3 if known else []
    with lite.register_operator("Columns", DOMAIN, outputs=(3, 3), infer=infer, run=split):
        m = model([node("Columns", ["x"], ["a", "", "c"])], [value("x")], [value("a", shape=None), value("c", shape=None)])
        out = run(m, x=X)
    assert out["a"].tolist() == [[0], [3]] and out["c"].tolist() == [[2], [5]]


def test_shape_from_content():
    """infer sees what an input holds when that is constant, and in the run when it is not."""

    def infer(n, x, shape):
        return x.dtype, None if shape.value is None else tuple(shape.value)

    with lite.register_operator("Fill", DOMAIN, inputs=(2, 2), infer=infer, run=lambda n, x, s: n.outputs[0].fill(x.sum())):
        fixed = helper.make_tensor("shape", I64, [2], [2, 4])
        m = model([node("Fill", ["x", "shape"], ["y"])], [value("x")], [value("y", shape=None)], [fixed])
        assert lite.Network(m).outputs[0].shape == (2, 4)
        np.testing.assert_array_equal(run(m, x=X)["y"], np.full((2, 4), 15))
        m = model([node("Fill", ["x", "shape"], ["y"])], [value("x"), value("shape", I64, ["R"])], [value("y", shape=None)])
        np.testing.assert_array_equal(run(m, x=X, shape=np.array([3, 1, 2]))["y"], np.full((3, 1, 2), 15))


def test_optional_and_variadic():
    def add(n, *inputs):
        return sum((i for i in inputs[1:] if i is not None), inputs[0])

    inputs = [value(name) for name in "abc"]
    feeds = {name: X + i for i, name in enumerate("abc")}
    with lite.register_operator("Add", DOMAIN, inputs=(1, 4), same_as_input=True, run=add):
        m = model([node("Add", ["a", "", "c"], ["y"])], inputs, [value("y")])
        np.testing.assert_array_equal(run(m, **feeds)["y"], 2 * X + 2)
        with pytest.raises(lite.Error, match="required input 0 'input' is missing"):
            lite.Network(model([node("Add", ["", "b"], ["y"])], inputs, [value("y")]))
        with pytest.raises(lite.Error, match="has 5 inputs, at most 4"):
            lite.Network(model([node("Add", list("abcab"), ["y"])], inputs, [value("y")]))
    with lite.register_operator("AddAll", DOMAIN, inputs=(2, -1), same_as_input=True, run=add):
        m = model([node("AddAll", list("abcabc"), ["y"])], inputs, [value("y")])
        np.testing.assert_array_equal(run(m, **feeds)["y"], 6 * X + 6)
        with pytest.raises(lite.Error, match="missing"):
            lite.Network(model([node("AddAll", ["a"], ["y"])], inputs, [value("y")]))


@pytest.mark.parametrize("shape", [(0, 3), ()])
def test_empty_and_scalar(double, shape):
    m = model([node("Double", ["x"], ["y"])], [value("x", shape=shape)], [value("y", shape=shape)])
    x = np.full(shape, 3, np.float32)
    np.testing.assert_array_equal(run(m, x=x)["y"], 2 * x)


def test_strings():
    def join(n, words, separator):
        rows = [str(separator).join(row) for row in words]
        return np.array(rows, object), [len(r) for r in rows]

    infer = lambda n, words, separator: [("string", words.shape[:1]), ("int64", words.shape[:1])]
    with lite.register_operator("Join", DOMAIN, inputs=(2, 2), outputs=(1, 2), infer=infer, run=join):
        comma = helper.make_tensor("comma", S, [], [b"\0,"])
        nodes = [node("Join", ["words", "comma"], ["rows", "lengths"]), helper.make_node("StringConcat", ["rows", "rows"], ["y"])]
        m = model(nodes, [value("words", S, ("N", 2))], [value("y", S, ("N",)), value("lengths", I64, ("N",))], [comma])
        out = run(m, words=np.array([["a", "b"], ["", "ü"]], object))
    assert out["y"].tolist() == ["a\0,b" * 2, "\0,ü" * 2] and out["lengths"].tolist() == [4, 3]


def test_elements_that_share_a_byte():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    with lite.register_operator("Negate", DOMAIN, same_as_input=True, run=lambda n, x: (-x).astype(x.dtype)):
        m = model([node("Negate", ["x"], ["y"])], [value("x", TensorProto.INT4, (5,))], [value("y", TensorProto.INT4, (5,))])
        out = run(m, x=np.array([1, -2, 3, -4, 5], ml_dtypes.int4))["y"]
    assert out.astype(np.int8).tolist() == [-1, 2, -3, 4, -5]


def test_in_bodies_and_functions(double):
    """In branches and loops, in what they capture, and in the model's functions."""
    body = helper.make_graph(
        [node("Double", ["v"], ["w"]), helper.make_node("Identity", ["go"], ["go_on"])],
        "body", [value("i", I64, ()), value("go", TensorProto.BOOL, ()), value("v", shape=None)],
        [value("go_on", TensorProto.BOOL, ()), value("w", shape=None)],
    )  # fmt: skip
    yes = helper.make_graph([node("Double", ["looped"], ["yes"])], "yes", [], [value("yes", shape=None)])
    no = helper.make_graph([helper.make_node("Neg", ["looped"], ["no"])], "no", [], [value("no", shape=None)])
    function = helper.make_function(
        DOMAIN, "Quadruple", ["a"], ["c"], [node("Double", ["a"], ["b"]), node("Double", ["b"], ["c"])],
        [helper.make_opsetid("", 21), helper.make_opsetid(DOMAIN, 1)],
    )  # fmt: skip
    nodes = [
        node("Quadruple", ["x"], ["four"]),
        helper.make_node("Loop", ["times", "", "four"], ["looped"], body=body),
        helper.make_node("If", ["flag"], ["y"], then_branch=yes, else_branch=no),
    ]
    inputs = [value("x"), value("times", I64, ()), value("flag", TensorProto.BOOL, ())]
    m = model(nodes, inputs, [value("y")], functions=[function])
    with lite.Network(m) as net:
        for times, flag in ((3, True), (1, False), (0, True)):
            out = net.run({"x": X, "times": np.array(times), "flag": np.array(flag)})["y"]
            np.testing.assert_array_equal(out, X * 4 * 2**times * (2 if flag else -1))


def test_instead_of_a_function(double):
    """A registered operator goes before the model's function of that name."""
    negate = helper.make_function(DOMAIN, "Double", ["a"], ["b"], [helper.make_node("Neg", ["a"], ["b"])], [helper.make_opsetid("", 21)])
    m = model([node("Double", ["x"], ["y"])], [value("x")], [value("y")], functions=[negate])
    np.testing.assert_array_equal(run(m, x=X)["y"], 2 * X)
    double.unregister()
    np.testing.assert_array_equal(run(m, x=X)["y"], -X)


def test_between_convolutions():
    """Layouts that kernels choose do not reach it, and its name is not mistaken for ONNX's."""
    rng = np.random.default_rng(2)
    w = rng.random((4, 4, 3, 3), np.float32)
    conv = lambda a, b: helper.make_node("Conv", [a, "w"], [b], pads=[1] * 4)
    nodes = [conv("x", "a"), node("Conv", ["a", "w"], ["b"]), helper.make_node("Relu", ["b"], ["c"]), conv("c", "y")]
    image = lambda name: value(name, shape=("N", 4, 6, 5))
    initializers = [onnx.numpy_helper.from_array(w, "w")]
    x = rng.random((2, 4, 6, 5), np.float32)
    plain = [conv("x", "a"), helper.make_node("Sub", ["a", "w0"], ["b"]), helper.make_node("Relu", ["b"], ["c"]), conv("c", "y")]
    w0 = onnx.numpy_helper.from_array(w[0, 0, 0, 0].reshape(()), "w0")
    with lite.register_operator("Conv", DOMAIN, inputs=(2, 2), same_as_input=True, pure=True, run=lambda n, x, w: x - w[0, 0, 0, 0]):
        got = run(model(nodes, [image("x")], [image("y")], initializers), x=x)["y"]
    want = run(model(plain, [image("x")], [image("y")], [*initializers, w0]), x=x)["y"]
    np.testing.assert_allclose(got, want, rtol=1e-5)


def test_sequences_are_refused():
    sequence = helper.make_tensor_sequence_value_info("x", F, None)
    with lite.register_operator("Sequence", DOMAIN, run=lambda n, x: x):
        with pytest.raises(lite.Error, match="is a sequence, a tensor is wanted"):
            lite.Network(model([node("Sequence", ["x"], ["y"])], [sequence], [value("y", shape=None)]))


def test_graph_attributes_are_refused(double):
    body = helper.make_graph([helper.make_node("Neg", ["x"], ["z"])], "body", [], [value("z")])
    with pytest.raises(lite.Error, match="attribute 'body' is a graph, which no registered operator takes") as e:
        lite.Network(unary("Double", body=body))
    assert [u.op_type for u in e.value.unsupported] == ["Double"]


@pytest.mark.parametrize("stage", ["infer", "create", "run"])
def test_exceptions(stage):
    def fail(*_):
        raise ValueError("it does not\0like this")

    ok = {"infer": lambda n, x: (x.dtype, x.shape), "create": lambda n, x: None, "run": lambda n, x: x}
    with lite.register_operator("Fails", DOMAIN, **{**ok, stage: fail}):
        with pytest.raises(lite.Error, match=f"'the_node': {stage} failed with LITE_UNKNOWN_ERROR: ValueError: it does not.like this") as e:
            run(unary("Fails"), x=X)
    assert isinstance(e.value.__cause__, ValueError)


def test_wrong_results():
    for result, message in ((X[:1], "output 0 is float32.1,3. in the run"), (X.astype(np.int64), "int64 in the run, float32"), (None, None)):
        with lite.register_operator("Wrong", DOMAIN, same_as_input=True, run=lambda n, x: result):
            if message is None:
                run(unary("Wrong"), x=X)  # written in place, or not at all: it is the operator's affair
                continue
            with pytest.raises(lite.Error, match=message):
                run(unary("Wrong"), x=X)
    with lite.register_operator("Wrong", DOMAIN, run=lambda n, x: None):
        with pytest.raises(lite.Error, match="the run gave output 0 no shape"):
            run(unary("Wrong"), x=X)


def test_out_of_memory():
    def fail(n, x):
        raise lite.Error("no room", -5)

    with lite.register_operator("Fails", DOMAIN, same_as_input=True, run=fail):
        with pytest.raises(MemoryError, match="no room"):
            run(unary("Fails"), x=X)


def test_interrupt():
    def stop(n, x):
        raise KeyboardInterrupt

    with lite.register_operator("Stops", DOMAIN, same_as_input=True, run=stop):
        with pytest.raises(KeyboardInterrupt):
            run(unary("Stops"), x=X)


def test_lifetime():
    from lite.operator import _operators

    class State:
        alive = 0

        def __init__(self):
            State.alive += 1

        def __del__(self):
            State.alive -= 1

    before = len(_operators)
    registration = lite.register_operator("Lives", DOMAIN, same_as_input=True, create=lambda n, x: State(), run=lambda n, x: x + 1)
    with pytest.raises(lite.Error, match="is registered already"):
        lite.register_operator("Lives", DOMAIN, run=lambda n, x: x)
    net = lite.Network(unary("Lives"))
    registration.unregister()
    registration.unregister()
    np.testing.assert_array_equal(net.run([X])["y"], X + 1)
    assert State.alive == 1 and len(_operators) == before + 1
    with pytest.raises(lite.Error, match="there is no such operator"):
        lite.Network(unary("Lives"))
    net.close()
    gc.collect()
    assert State.alive == 0 and len(_operators) == before


def test_listed(double):
    found = [o for o in lite.operators() if o["domain"] == DOMAIN]
    assert len(found) == 1 and found[0]["name"] == "Double" and found[0]["registered"]
    double.unregister()
    assert not [o for o in lite.operators() if o["domain"] == DOMAIN]


def test_wrong_registrations():
    with pytest.raises(ValueError, match="NUL"):
        lite.register_operator("a\0b", DOMAIN, run=lambda n, x: x)
    with pytest.raises(lite.Error, match="the library's own"):
        lite.register_operator("Conv", run=lambda n, x: x)
    with pytest.raises(lite.Error, match="no_such"):
        lite.load_operators("/no_such.so")


def test_loops_on_the_threads_of_the_network():
    def rows(n, x):
        y = n.output(0)

        def row(i):
            y[i] = 2 * x[i]

        n.parallel(len(x), row)

    def fails(n, x):
        n.parallel(9, lambda i: [][i] if i > 2 else None)

    with lite.register_operator("Rows", DOMAIN, same_as_input=True, run=rows):
        np.testing.assert_array_equal(run(unary("Rows"), x=X)["y"], 2 * X)
    with lite.register_operator("Rows", DOMAIN, same_as_input=True, run=fails):
        with pytest.raises(lite.Error, match="IndexError"):
            run(unary("Rows"), x=X)


def test_threads(double):
    """Networks in several threads call one operator at once."""
    m = unary("Double")
    errors = []

    def work(seed):
        try:
            x = np.random.default_rng(seed).random((4, 3), np.float32)
            with lite.Network(m) as net:
                for _ in range(50):
                    np.testing.assert_array_equal(net.run([x])["y"], 2 * x)
        except Exception as e:
            errors.append(e)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors


def test_cancel():
    running = threading.Event()

    def wait(n, x):
        running.set()
        while not n.should_stop():
            pass

    with lite.register_operator("Waits", DOMAIN, same_as_input=True, run=wait), lite.Network(unary("Waits")) as net:
        killer = threading.Thread(target=lambda: (running.wait(), net.cancel()))
        killer.start()
        with pytest.raises(lite.Error) as e:
            net.run([X])
        killer.join()
    assert e.value.code == -8
