"""As lite_backend.py, for models that `lite.convert` has written anew. What it wrote is a valid ONNX model with the inputs and
outputs of the one it read, which LITE_CASE_RUNTIME=onnxruntime lets ONNX Runtime run instead of this library."""

import os

import lite_backend
import numpy as np
import onnx

import lite


def names(values):
    return [v.name for v in values]


def passes(model):
    try:
        onnx.checker.check_model(model, full_check=True)
    except onnx.shape_inference.InferenceError:
        return False
    return True


def check(converted, path):
    original, model = onnx.load(path, load_external_data=False), onnx.load_model_from_string(converted)
    defaults = {t.name for t in original.graph.initializer}
    assert names(model.graph.input) == [n for n in names(original.graph.input) if n not in defaults]
    assert names(model.graph.output) == names(original.graph.output)
    try:
        onnx.checker.check_model(model, full_check=True)
    except onnx.shape_inference.InferenceError:
        # A few cases of ONNX's own do not pass either.
        if not passes(original):
            return model
        raise
    return model


def run(path, inputs):
    """One case: outputs in the graph's order."""
    converted = lite.convert(path)
    model = check(converted, path)
    if os.environ.get("LITE_CASE_RUNTIME") != "onnxruntime":
        return lite_backend.run(converted, inputs)
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)
    session = onnxruntime.InferenceSession(converted, providers=["CPUExecutionProvider"])
    feeds = {
        name: np.asarray(value) if isinstance(value, (np.ndarray, np.generic)) else value
        for name, value in zip(names(model.graph.input), inputs)
    }
    return session.run(None, feeds)
