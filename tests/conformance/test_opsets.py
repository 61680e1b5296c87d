"""Every version of every operator of ONNX's domains: a file of that opset runs as that opset meant it.

For each version the newest case of ONNX's own is taken down to it: as it is where the older schema takes the node, or
rewritten by DOWN (inputs that were attributes, and the like). What has changed its meaning has numbers of its own in
MEANT. A version with neither must be in REASONS.
"""

import collections
import copy
import warnings

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.loader import load_model_tests
from onnx_cases import compare

import lite

warnings.filterwarnings("ignore")

HISTORY = collections.defaultdict(list)
for _schema in onnx.defs.get_all_schemas_with_history():
    HISTORY[_schema.domain, _schema.name].append(_schema.since_version)
for _versions in HISTORY.values():
    _versions.sort()
NEWEST = onnx.defs.onnx_opset_version()

# Versions that no file here can show, and why.
REASONS = {
    ("ai.onnx.ml", "*", 0): "held against ONNX Runtime on their own",
    ("ai.onnx.preview.training", "*", 0): "one version each, which ONNX's cases show",
    ("ai.onnx.preview", "*", 0): "previews may change with every release",
}


def cases():
    by_op = collections.defaultdict(list)
    for case in load_model_tests(kind="node"):
        m = case.model
        if m is not None and len(m.graph.node) == 1 and not m.functions and not m.graph.node[0].domain:
            by_op["", m.graph.node[0].op_type].append(case)
    return by_op


CASES = cases()


# ---- taking a case down to an older version


def attr(node, name):
    return next((helper.get_attribute_value(a) for a in node.attribute if a.name == name), None)


def drop_attr(node, name):
    kept = [a for a in node.attribute if a.name != name]
    del node.attribute[:]
    node.attribute.extend(kept)


def to_attrs(below, *names, scalar=(), cast=None):
    """Inputs 1, 2, ... were the attributes `names`; those in `scalar` one number each."""

    def down(version, model, values):
        if version >= below:
            return False
        node = model.graph.node[0]
        for i, name in enumerate(names, 1):
            if i >= len(node.input) or not node.input[i]:
                continue
            k = [v.name for v in model.graph.input].index(node.input[i])
            v = values[k]
            if name is None:
                return False
            if name in scalar:
                v = v.reshape(-1)[0].item()
            else:
                v = [x.item() for x in v.reshape(-1)]
            if v != []:
                node.attribute.append(helper.make_attribute(name, (cast or (lambda x: x))(v)))
            del model.graph.input[k], values[k]
        del node.input[1:]
        return True

    return down


def clip(version, model, values):
    if version >= 11:
        return False
    node = model.graph.node[0]
    if len(node.input) < 3 or not node.input[1] or not node.input[2] or values[0].dtype != np.float32:
        return False
    return to_attrs(11, "min", "max", scalar=("min", "max"))(version, model, values)


def pad(version, model, values):
    if len(model.graph.node[0].input) > 3 or not to_attrs(11, "pads", "value", scalar=("value",))(version, model, values):
        return False
    for a in model.graph.node[0].attribute:
        if a.name == "pads" and version < 2:
            a.name = "paddings"
    return True


def slice_(version, model, values):
    node = model.graph.node[0]
    if version >= 10 or len(node.input) > 4 and not (values[4] == 1).all():
        return False
    if len(node.input) > 4:
        del model.graph.input[4], values[4], node.input[4]
    return to_attrs(10, "starts", "ends", "axes")(version, model, values)


def reduce(below):
    def down(version, model, values):
        node = model.graph.node[0]
        if version >= below or attr(node, "noop_with_empty_axes"):
            return False
        drop_attr(node, "noop_with_empty_axes")
        return to_attrs(below, "axes")(version, model, values)

    return down


def split(version, model, values):
    node = model.graph.node[0]
    if version < 18 and len(node.input) == 1 and values[0].shape[attr(node, "axis") or 0] % len(node.output):
        return False  # parts without given sizes were equal
    drop_attr(node, "num_outputs")
    return to_attrs(13, "split")(version, model, values) or version < 18


def cast(version, model, values):
    node = model.graph.node[0]
    to = attr(node, "to")
    if version >= 6 or to > 13 or to == TensorProto.STRING or values[0].dtype == object:
        return False
    drop_attr(node, "to")
    node.attribute.append(helper.make_attribute("to", TensorProto.DataType.Name(to)))
    return True


def depth_to_space(version, model, values):
    node = model.graph.node[0]
    if version >= 11 or attr(node, "mode") == b"CRD":
        return False
    drop_attr(node, "mode")
    return True


def roi_align(version, model, values):
    node = model.graph.node[0]
    if version >= 16 or attr(node, "coordinate_transformation_mode") != b"output_half_pixel":
        return False
    drop_attr(node, "coordinate_transformation_mode")
    return True


def lp_pool(version, model, values):
    node = model.graph.node[0]
    if version >= 2 or attr(node, "dilations") or attr(node, "ceil_mode"):
        return False
    p = attr(node, "p")
    drop_attr(node, "p")
    node.attribute.append(helper.make_attribute("p", float(p)))
    return True


def batch_norm(version, model, values):
    node = model.graph.node[0]
    if version >= 7 or len(node.output) > 1:
        return False
    drop_attr(node, "training_mode")
    node.attribute.append(helper.make_attribute("is_test", 1))
    if version < 6:
        node.attribute.append(helper.make_attribute("consumed_inputs", [0, 0, 0, 1, 1]))
    return True


def resize_11(version, model, values):
    """Opset 11 wanted a region and scales, empty when they did not count."""
    node = model.graph.node[0]
    if not 11 <= version < 13:
        return False
    for i, shape in ((1, [0]), (2, [0])):
        if i < len(node.input) and node.input[i]:
            continue
        if i >= len(node.input):
            node.input.append("")
        name = f"empty{i}"
        node.input[i] = name
        model.graph.initializer.append(numpy_helper.from_array(np.zeros(shape, np.float32), name))
    return True


DOWN = {
    "BatchNormalization": [batch_norm],
    "Cast": [cast],
    "Clip": [clip],
    "DepthToSpace": [depth_to_space],
    "LpPool": [lp_pool],
    "Pad": [pad],
    "Reshape": [to_attrs(5, "shape")],
    "Resize": [resize_11],
    "RoiAlign": [roi_align],
    "Slice": [slice_],
    "Split": [split],
    "Squeeze": [to_attrs(13, "axes")],
    "TopK": [to_attrs(10, "k", scalar=("k",))],
    "Unsqueeze": [to_attrs(13, "axes")],
    "Upsample": [to_attrs(9, "scales")],
    "ReduceSum": [reduce(13)],
}
for _op in ("L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"):
    DOWN["Reduce" + _op] = [reduce(18)]

# Versions whose meaning differs, so that the newest case, though the schema takes it, does not tell.
CHANGED = {
    "BatchNormalization": lambda v, m: v < 14 and len(m.graph.node[0].output) > 1,
    "Dropout": lambda v, m: v < 12,
    "Softmax": lambda v, m: v < 13,
    "PRelu": lambda v, m: v < 7,
    "LogSoftmax": lambda v, m: v < 13,
    "Hardmax": lambda v, m: v < 13,
    "Resize": lambda v, m: v < 11,
    "Split": lambda v, m: v < 18 and "uneven" in m.graph.name,
}


def arrays(values):
    """Tensors as arrays; sequences and the like as they are."""
    values = [numpy_helper.to_array(v) if isinstance(v, TensorProto) else v for v in values]
    return [v if isinstance(v, (list, dict, type(None))) else np.asarray(v) for v in values]


def valid(model):
    try:
        onnx.checker.check_model(model)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
        return True
    except Exception:
        return False


def taken_down(domain, op, version):
    """(model, inputs, outputs, tolerances) of the cases that can be said in that version."""
    for case in CASES[domain, op]:
        if op in CHANGED and CHANGED[op](version, case.model):
            continue
        for down in [None, *DOWN.get(op, [])]:
            model = copy.deepcopy(case.model)
            values = arrays(case.data_sets[0][0])
            if down is not None and not down(version, model, values):
                continue
            del model.opset_import[:]
            model.opset_import.append(helper.make_opsetid("", version))
            model.ir_version = 3 if version < 9 else 10
            if model.ir_version < 4:
                # Before IR 4 what has a value is an input as well.
                for t in model.graph.initializer:
                    model.graph.input.append(helper.make_tensor_value_info(t.name, t.data_type, t.dims))
            if valid(model):
                yield case, model, values
                break


# ---- what older versions meant


def one(op, inputs, outputs=1, version=1, attrs=None, shapes=None, optional=()):
    names = [f"x{i}" if v is not None else "" for i, v in enumerate(inputs)]
    out = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(op, names, out, **(attrs or {}))
    graph = helper.make_graph(
        [node], "g",
        [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
         for n, v in zip(names, inputs) if n],
        [helper.make_value_info(n, onnx.TypeProto()) for n in out])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)],
                             ir_version=3 if version < 9 else 10)


def f(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def as_matrix(function):
    def y(x, axis):
        return function(x.reshape(int(np.prod(x.shape[:axis])), -1), 1).reshape(x.shape)

    return y


def hardmax(x, axis):
    return (np.arange(x.shape[axis]) == np.expand_dims(x.argmax(axis), axis)).astype(x.dtype)


def meant():
    """(operator, version, model, inputs, expected outputs; None where any number of that shape will do)."""
    x = f(2, 3, 4, 5)
    # Broadcasting on request, from an axis on.
    arithmetic = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.divide}
    logic = {"And": np.logical_and, "Or": np.logical_or, "Xor": np.logical_xor}
    compare = {"Equal": np.equal, "Greater": np.greater, "Less": np.less}
    for versions, table in (((1, 6), arithmetic), ((1,), {"Pow": np.power, **logic, **compare})):
        for version in versions:
            for op, function in table.items():
                for shape, axis, seen in (((), None, ()), ((1, 1), None, (1, 1)), ((5,), None, (5,)),
                                          ((4, 5), None, (4, 5)), ((3, 4), 1, (3, 4, 1)), ((2,), 0, (2, 1, 1, 1)),
                                          ((3,), 1, (3, 1, 1)), ((3,), -3, (3, 1, 1))):
                    a, b = np.abs(x) + 1, np.abs(f(*shape, seed=1)) + 1
                    if op == "Equal":
                        a, b = (np.round(a).astype(np.int32), np.round(b).astype(np.int32))
                    if op in logic:
                        a, b = a > 1.5, b > 1.5
                    attrs = {"broadcast": 1, **({} if axis is None else {"axis": axis})}
                    if version == 1 and op in arithmetic:
                        attrs["consumed_inputs"] = [0, 0]
                    b = np.asarray(b)
                    yield op, version, one(op, [a, b], version=version, attrs=attrs), [a, b], [function(a, b.reshape(seen))]
    # A slope per channel.
    for version in (1, 6):
        slope = f(3, seed=2)
        attrs = {"consumed_inputs": [0, 0]} if version == 1 else {}
        yield ("PRelu", version, one("PRelu", [x, slope], version=version, attrs=attrs), [x, slope],
               [np.where(x < 0, x * slope.reshape(3, 1, 1), x)])
    # Statistics of channels, and of single elements.
    for version in (1, 6, 7):
        for shape in ((3,), (3, 4, 5)):
            s, b, m, v = f(*shape, seed=3), f(*shape, seed=4), f(*shape, seed=5), np.abs(f(*shape, seed=6)) + 0.1
            attrs = {"epsilon": 1e-3, "spatial": int(shape == (3,))}
            if version < 7:
                attrs["is_test"] = 1
            if version == 1:
                attrs["consumed_inputs"] = [0] * 5
            wide = [t.reshape(3, 1, 1) if shape == (3,) else t for t in (s, b, m, v)]
            want = (x - wide[2]) / np.sqrt(wide[3] + np.float32(1e-3)) * wide[0] + wide[1]
            yield ("BatchNormalization", version, one("BatchNormalization", [x, s, b, m, v], version=version, attrs=attrs),
                   [x, s, b, m, v], [want])
    # Dimensions behind the axis were one.
    for op, function in (("Softmax", softmax), ("LogSoftmax", lambda x, a: np.log(softmax(x, a))), ("Hardmax", hardmax)):
        for version in (1, 11):
            for axis in (None, 0, 1, 2, 3) + ((-1, -2) if version == 11 else ()):
                attrs = {} if axis is None else {"axis": axis}
                at = 1 if axis is None else axis % 4
                yield op, version, one(op, [x], version=version, attrs=attrs), [x], [as_matrix(function)(x, at)]
    # Dropout never drops here; its mask had the type of the data, then bool.
    for version in (1, 6, 7, 10):
        attrs = {"ratio": 0.4, **({"is_test": 1} if version < 7 else {}), **({"consumed_inputs": [0]} if version == 1 else {})}
        mask = np.ones(x.shape, bool if version >= 10 else np.float32)
        yield "Dropout", version, one("Dropout", [x], version=version, attrs=attrs), [x], [x]
        yield "Dropout", version, one("Dropout", [x], 2, version=version, attrs=attrs), [x], [x, mask]
    # Constants that have been made more exact, and defaults.
    yield ("Selu", 1, one("Selu", [x]), [x],
           [np.float32(1.0507) * np.where(x > 0, x, np.float32(1.6732) * (np.exp(x) - 1))])
    yield "Concat", 1, one("Concat", [x, x]), [x, x], [np.concatenate([x, x], 1)]
    yield "Split", 1, one("Split", [x], 2, attrs={"axis": 3, "split": [2, 3]}), [x], [x[..., :2], x[..., 2:]]
    for p, version in ((3.0, 1), (3, 2), (3, 22)):
        yield ("GlobalLpPool", version, one("GlobalLpPool", [x], version=version, attrs={"p": p}), [x],
               [(np.abs(x) ** 3).sum((2, 3), keepdims=True) ** np.float32(1 / 3)])
    pooled = (x[..., :-1, :-1] ** 2 + x[..., 1:, :-1] ** 2 + x[..., :-1, 1:] ** 2 + x[..., 1:, 1:] ** 2) ** 0.5
    for p, version in ((2.0, 1), (2, 2), (2, 11)):
        yield "LpPool", version, one("LpPool", [x], version=version, attrs={"p": p, "kernel_shape": [2, 2]}), [x], [pooled]
    big = x.repeat(2, 2).repeat(3, 3)
    yield "Upsample", 1, one("Upsample", [x], attrs={"height_scale": 2.0, "width_scale": 3.0}), [x], [big]
    yield "Upsample", 7, one("Upsample", [x], version=7, attrs={"scales": [1.0, 1.0, 2.0, 3.0]}), [x], [big]
    scales = np.array([1, 1, 2, 3], np.float32)
    for op, version in (("Upsample", 9), ("Upsample", 10), ("Resize", 10)):
        yield op, version, one(op, [x, scales], version=version), [x, scales], [big]
    ids, data, new = np.array([[1, 0]], np.int64), f(3, 2), np.array([[7, 8]], np.float32)
    for version in (9, 11):
        want = data.copy()
        want[1, 0], want[0, 1] = 7, 8
        yield "Scatter", version, one("Scatter", [data, ids, new], version=version), [data, ids, new], [want]
    flat = x.reshape(2, 3, 20)
    groups = f(2, 4, 5)
    s, b = np.array([2, 3], np.float32), np.array([0, 1], np.float32)
    split_ = groups.reshape(2, 2, 10)
    want = ((split_ - split_.mean(2, keepdims=True)) / np.sqrt(split_.var(2, keepdims=True) + np.float32(1e-5)))
    want = (want * s.reshape(2, 1) + b.reshape(2, 1)).reshape(groups.shape)
    yield ("GroupNormalization", 18, one("GroupNormalization", [groups, s, b], version=18, attrs={"num_groups": 2}),
           [groups, s, b], [want])
    mvn = (x - x.mean((0, 2, 3), keepdims=True)) / (x.std((0, 2, 3), keepdims=True) + 1e-9)
    for version in (9, 13):
        yield "MeanVarianceNormalization", version, one("MeanVarianceNormalization", [x], version=version), [x], [mvn]
    roi = np.array([[0, 0, 0, 3, 3], [1, 1, 1, 4, 3]], np.float32)
    want = np.stack([x[0, :, :4, :4].max((1, 2)), x[1, :, 1:, 1:].max((1, 2))])[..., None, None]
    for version in (1, 22):
        yield ("MaxRoiPool", version, one("MaxRoiPool", [x, roi], version=version, attrs={"pooled_shape": [1, 1]}),
               [x, roi], [want])
    # Random numbers: their number and range.
    for version in (1, 22):
        for op in ("RandomNormal", "RandomUniform"):
            yield op, version, one(op, [], version=version, attrs={"shape": [3, 4], "seed": 1.0}), [], [np.empty((3, 4), np.float32)]
            yield op + "Like", version, one(op + "Like", [x], version=version, attrs={"seed": 1.0}), [x], [np.empty(x.shape, np.float32)]
    for version in (7, 22):
        p = np.log(softmax(f(2, 5), 1))
        yield "Multinomial", version, one("Multinomial", [p], version=version, attrs={"sample_size": 6}), [p], [np.empty((2, 6), np.int32)]


def loops():
    """A sum that grows as often as the trip count and the condition say, and what it was each time."""
    value = lambda name, dtype, shape: helper.make_tensor_value_info(name, dtype, shape)
    body = helper.make_graph(
        [helper.make_node("Add", ["sum", "step"], ["next"]), helper.make_node("Identity", ["next"], ["each"]),
         helper.make_node("Identity", ["going"], ["on"])], "b",
        [value("i", TensorProto.INT64, []), value("going", TensorProto.BOOL, []), value("sum", TensorProto.FLOAT, [2])],
        [value("on", TensorProto.BOOL, []), value("next", TensorProto.FLOAT, [2]), value("each", TensorProto.FLOAT, [2])])
    start, step = np.array([1, 2], np.float32), np.array([10, 20], np.float32)
    for version in HISTORY["", "Loop"]:
        graph = helper.make_graph(
            [helper.make_node("Loop", ["n", "", "start"], ["y0", "y1"], body=body)], "g",
            [value("n", TensorProto.INT64, []), value("start", TensorProto.FLOAT, [2]), value("step", TensorProto.FLOAT, [2])],
            [helper.make_value_info(n, onnx.TypeProto()) for n in ("y0", "y1")])
        # Adding without a broadcast attribute is the same in all versions, for equal shapes.
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", version)], ir_version=3 if version < 9 else 10)
        yield ("Loop", version, model, [np.array(3, np.int64), start, step],
               [start + 3 * step, np.stack([start + k * step for k in (1, 2, 3)])])


RANDOM = {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial"}


def sequences():
    """Operators on sequences and optionals, inside a model whose inputs and outputs are tensors."""
    a, b, i = f(2, 3), f(4, 3, seed=1), np.array(1, np.int64)
    make = helper.make_node("SequenceConstruct", ["x0", "x1"], ["s"])
    for op, nodes, want in (
        ("SequenceConstruct", [helper.make_node("SequenceAt", ["s", "x2"], ["y0"])], b),
        ("SequenceAt", [helper.make_node("SequenceAt", ["s", "x2"], ["y0"])], b),
        ("SequenceLength", [helper.make_node("SequenceLength", ["s"], ["y0"])], np.array(2, np.int64)),
        ("SequenceErase", [helper.make_node("SequenceErase", ["s", "x2"], ["t"]),
                           helper.make_node("SequenceLength", ["t"], ["y0"])], np.array(1, np.int64)),
        ("SequenceInsert", [helper.make_node("SequenceInsert", ["s", "x1", "x2"], ["t"]),
                            helper.make_node("SequenceLength", ["t"], ["y0"])], np.array(3, np.int64)),
        ("ConcatFromSequence", [helper.make_node("ConcatFromSequence", ["s"], ["y0"], axis=0)], np.concatenate([a, b])),
        ("SequenceEmpty", [helper.make_node("SequenceEmpty", [], ["t"]),
                           helper.make_node("SequenceInsert", ["t", "x0"], ["u"]),
                           helper.make_node("SequenceLength", ["u"], ["y0"])], np.array(1, np.int64)),
        ("SplitToSequence", [helper.make_node("SplitToSequence", ["x1"], ["t"], axis=0),
                             helper.make_node("SequenceLength", ["t"], ["y0"])], np.array(4, np.int64)),
        ("Optional", [helper.make_node("Optional", ["x1"], ["t"]), helper.make_node("OptionalGetElement", ["t"], ["y0"])], b),
        ("OptionalGetElement", [helper.make_node("Optional", ["x1"], ["t"]),
                                helper.make_node("OptionalGetElement", ["t"], ["y0"])], b),
        ("OptionalHasElement", [helper.make_node("Optional", ["x1"], ["t"]),
                                helper.make_node("OptionalHasElement", ["t"], ["y0"])], np.array(True)),
    ):
        for version in HISTORY["", op]:
            opset = max(version, 15 if op.startswith("Optional") else 11)
            graph = helper.make_graph(
                [make, *nodes], "g",
                [helper.make_tensor_value_info(f"x{k}", helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
                 for k, v in enumerate((a, b, i))],
                [helper.make_value_info("y0", onnx.TypeProto())])
            model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
            yield op, version, model, [a, b, i], [want]
    # The body maps a sequence to one of other shapes.
    body = helper.make_graph([helper.make_node("Neg", ["e"], ["n"])], "b",
                             [helper.make_tensor_value_info("e", TensorProto.FLOAT, None)],
                             [helper.make_tensor_value_info("n", TensorProto.FLOAT, None)])
    graph = helper.make_graph(
        [make, helper.make_node("SequenceMap", ["s"], ["t"], body=body), helper.make_node("SequenceAt", ["t", "x2"], ["y0"])],
        "g", [helper.make_tensor_value_info(f"x{k}", helper.np_dtype_to_tensor_dtype(v.dtype), v.shape)
              for k, v in enumerate((a, b, i))], [helper.make_value_info("y0", onnx.TypeProto())])
    yield ("SequenceMap", 17, helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10),
           [a, b, i], [-b])


def tile_v1():
    """Operands that are constants."""
    x = f(2, 3)
    graph = helper.make_graph(
        [helper.make_node("Tile", ["x", "n", "a"], ["y"])], "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 3])], [helper.make_value_info("y", onnx.TypeProto())],
        [numpy_helper.from_array(np.array([3], np.float32), "n"), numpy_helper.from_array(np.array([1], np.float32), "a")])
    yield ("Tile", 1, helper.make_model(graph, opset_imports=[helper.make_opsetid("", 1)], ir_version=3), [x],
           [np.tile(x, (1, 3))])


MEANT = collections.defaultdict(list)
for _m in [*meant(), *loops(), *sequences(), *tile_v1()]:
    MEANT["", _m[0], _m[1]].append(_m)


# ---- the tests


def run(model, values):
    with lite.Network(model.SerializeToString(), threads=1) as net:
        feeds = [np.asarray(v) for v in values]
        return list(net.run(feeds).values())


def is_tensors(case):
    types = [v.type.WhichOneof("value") for v in [*case.model.graph.input, *case.model.graph.output]]
    return set(types) == {"tensor_type"}


ALL = [(domain, op, version) for (domain, op), versions in sorted(HISTORY.items()) for version in versions]


@pytest.mark.parametrize("domain,op,version", ALL, ids=[f"{d or 'ai.onnx'}-{o}-{v}" for d, o, v in ALL])
def test_version(domain, op, version):
    reason = REASONS.get((domain, op, version)) or REASONS.get((domain, "*", 0))
    shown = 0
    if not reason:
        for case, model, values in taken_down(domain, op, version):
            if not is_tensors(case):
                continue
            try:
                got = run(model, values)
            except lite.Error as e:
                raise AssertionError(f"{case.name} at opset {version}: {e}") from e
            if op in RANDOM or op == "Bernoulli" or "training" in case.name or "dropout" in case.name and op == "Dropout":
                assert [g.shape for g in got] == [w.shape for w in arrays(case.data_sets[0][1])]
            else:
                try:
                    compare(arrays(case.data_sets[0][1]), got, case.rtol, max(case.atol, 1e-6))
                except AssertionError as e:
                    raise AssertionError(f"{case.name} at opset {version}: {e}") from e
            shown += 1
        for _, _, model, values, want in MEANT[domain, op, version]:
            got = run(model, values)
            if op in RANDOM:
                assert [g.shape for g in got] == [w.shape for w in want] and got[0].dtype == want[0].dtype
            else:
                compare([np.asarray(w) for w in want], got, 1e-4, 1e-5)
            shown += 1
    assert shown or reason, f"nothing shows {op} of opset {version}; take a case down to it, or say why not in REASONS"


def test_reasons_hold():
    """What is listed as impossible is refused, and says why."""
    for (domain, op, version), reason in REASONS.items():
        if op == "*":
            assert any(d == domain for d, _ in HISTORY), reason
            continue
        for case in CASES[domain, op]:
            model = copy.deepcopy(case.model)
            model.opset_import[0].version = version
            with pytest.raises(lite.Error, match=op):
                lite.Network(model.SerializeToString())
