"""Inferred types and shapes against ONNX's own inference, over all cases of the onnx package.

What value_info and outputs declare is taken away first. Each case is taken with its shapes as they are, with every
dimension a name of its own, and with all of them unknown: whatever ONNX knows of an output, this library knows as well,
and what it knows is true of the case's real outputs. With a shape that is wrong, what ONNX refuses is refused.
"""

import os
import warnings

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.loader import load_model_tests

import lite

warnings.filterwarnings("ignore")

# By the start of a case's name.
LESS_PRECISE = {
    "test_flexattention": "a preview; its expansion tells less than ONNX's inference",
    "test_loop11": "ONNX believes the shapes that a body declares",
    "test_scan": "ONNX believes the shapes that a body declares",
    "test_linear_attention": "expanded: the states of a Scan in it, as declared",
    "test_operator": "before opset 7 ONNX gives sums the shape of the first operand",
    "test_swiglu": "names of both operands differ, and only the operator itself says that they are equal",
}
NOT_REFUSED = {
    "test_ai_onnx_ml_tree_ensemble": "one row may come without its batch",
    "test_flexattention": "a preview; batches broadcast here",
    "test_scan": "ONNX believes the shapes that a body declares",
    "test_sequence_map": "ONNX believes the shapes that a body declares",
    "test_mvn": "ONNX's function for it is for one shape only",
    "test_onehot_without_axis": "indices may be a scalar here",
}


def excused(case, table):
    return any(case.name.startswith(start) for start in table)


def named(model, keep):
    """A copy whose inputs have the dimensions `keep(input, axis, size)` says: a number, a name, or None for unknown."""
    model = onnx.ModelProto.FromString(model.SerializeToString())
    del model.graph.value_info[:]
    for value in model.graph.input:
        if value.type.WhichOneof("value") != "tensor_type" or not value.type.tensor_type.HasField("shape"):
            continue
        for axis, dim in enumerate(value.type.tensor_type.shape.dim):
            new = keep(value.name, axis, dim.dim_value if dim.HasField("dim_value") else None)
            dim.Clear()
            if isinstance(new, str):
                dim.dim_param = new
            elif new is not None:
                dim.dim_value = new
    outputs = [o.name for o in model.graph.output]
    del model.graph.output[:]
    model.graph.output.extend(helper.make_value_info(name, onnx.TypeProto()) for name in outputs)
    return model


def theirs(model):
    """name: (element type, dimensions or None), for the tensors that ONNX infers; None when it refuses the model."""
    try:
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception:
        return None
    facts = {}
    for value in inferred.graph.output:
        if value.type.WhichOneof("value") != "tensor_type" or not value.type.tensor_type.elem_type:
            continue
        t = value.type.tensor_type
        dims = [d.dim_value if d.HasField("dim_value") else d.dim_param or None for d in t.shape.dim] if t.HasField("shape") else None
        facts[value.name] = (t.elem_type, dims)
    return facts


def ours(model):
    with lite.Network(model.SerializeToString(), threads=1) as net:
        return {o.name: (o.dtype, o.shape, o.kind) for o in net.outputs}


def less_precise(model):
    """What ONNX knows and this library does not, in words."""
    want = theirs(model)
    if want is None:
        return []
    got = ours(model)
    names = {i.name for i in model.graph.input}
    symbols = {d.dim_param for i in model.graph.input for d in i.type.tensor_type.shape.dim if d.dim_param}
    found = []
    for name, (elem, dims) in want.items():
        if name in names or name not in got:
            continue
        dtype, shape, kind = got[name]
        if kind != "tensor":
            found.append(f"{name} is a {kind}")
        elif dtype != type_name(elem):
            found.append(f"{name} is {dtype}, ONNX says {type_name(elem)}")
        elif dims is not None and shape is None:
            found.append(f"{name} has unknown rank, ONNX says {dims}")
        elif dims is not None and len(shape) != len(dims):
            found.append(f"{name} has shape {list(shape)}, ONNX says {dims}")
        elif dims is not None:
            for a, (mine, other) in enumerate(zip(shape, dims)):
                if isinstance(other, int):
                    # Where dimensions have names, ONNX's Attention multiplies them to 0.
                    worse = mine != other and not (other == 0 and mine is None)
                else:
                    # Any name of an input says as much as another: an operator makes them equal. Those that ONNX
                    # makes up say nothing.
                    worse = other in symbols and not isinstance(mine, int) and mine not in symbols
                if worse:
                    found.append(f"dimension {a} of {name} is {mine}, ONNX says {other}: {list(shape)}, {dims}")
    return found


def type_name(elem):
    return "string" if elem == onnx.TensorProto.STRING else helper.tensor_dtype_to_np_dtype(elem).name



CASES = [c for kind in ("node", "simple", "pytorch-converted", "pytorch-operator") for c in load_model_tests(kind=kind)]
SHAPES = {
    "numbers": lambda name, axis, size: size,
    "names": lambda name, axis, size: f"{name}_{axis}",
    "unknown": lambda name, axis, size: None,
}


def model_of(case):
    if case.model is not None:
        return case.model
    return onnx.load(os.path.join(case.model_dir, "model.onnx"))


def untrue(case, model):
    """Where the inferred shapes of a case's outputs, names filled in, are not those that the case has."""
    sets = [[numpy_helper.to_array(v) if isinstance(v, TensorProto) else v for v in side] for side in case.data_sets[0]]
    sizes = {f"{value.name}_{axis}": size for value, x in zip(model.graph.input, sets[0]) if hasattr(x, "shape")
             for axis, size in enumerate(x.shape)}
    found = []
    for (name, (_, shape, kind)), want in zip(ours(model).items(), sets[1]):
        if kind != "tensor" or shape is None or not hasattr(want, "shape"):
            continue
        real = [sizes.get(d, d) for d in shape]
        if len(real) != want.ndim or any(isinstance(d, int) and d != w for d, w in zip(real, want.shape)):
            found.append(f"{name} is {list(shape)}, really {want.shape}")
    return found


def over_all(cases, problems_of):
    """Runs it over the models that this build can load."""
    problems, compared = [], 0
    for case in cases:
        try:
            found = problems_of(case)
            compared += 1
        except lite.Error as e:
            if getattr(e, "unsupported", None):
                continue
            found = [str(e)]
        if found:
            problems.append(f"{case.name}: {'; '.join(found)[:300]}")
    assert compared > len(cases) * 0.9
    assert not problems, f"{len(problems)} cases:\n" + "\n".join(problems)


@pytest.mark.parametrize("shapes", SHAPES)
def test_as_precise(shapes):
    over_all([c for c in CASES if not excused(c, LESS_PRECISE)], lambda case: less_precise(named(model_of(case), SHAPES[shapes])))


@pytest.mark.parametrize("shapes", SHAPES)
def test_true(shapes):
    over_all([c for c in CASES if c.model is not None and c.data_sets],
             lambda case: untrue(case, named(case.model, SHAPES[shapes])))


def wrong_shapes(model):
    """Copies with one dimension of one input removed, added, or greater by one."""
    constants = {t.name for t in model.graph.initializer}
    for i, value in enumerate(model.graph.input):
        if value.type.WhichOneof("value") != "tensor_type" or value.name in constants:
            continue
        rank = len(value.type.tensor_type.shape.dim)
        for change in [*(["one less"] if rank else []), "one more", *range(rank)]:
            wrong = named(model, SHAPES["numbers"])
            dims = wrong.graph.input[i].type.tensor_type.shape.dim
            if change == "one less":
                del dims[-1]
            elif change == "one more":
                dims.add().dim_value = 2
            else:
                dims[change].dim_value += 1
            yield wrong, f"{value.name} with {change if isinstance(change, str) else f'a greater dimension {change}'}"


def test_refuses():
    def accepted(case):
        found = []
        for wrong, what in wrong_shapes(case.model):
            if theirs(wrong) is None:
                try:
                    ours(wrong)
                    found.append(f"{what} is accepted")
                except lite.Error:
                    pass
        return found

    single = [c for c in CASES if c.model is not None and len(c.model.graph.node) == 1 and not c.model.functions]
    over_all([c for c in single if not excused(c, NOT_REFUSED)], accepted)
