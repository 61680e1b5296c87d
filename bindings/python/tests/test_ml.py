"""Models of classical machine learning (ai.onnx.ml), as exporters of scikit-learn, XGBoost and LightGBM write them, against ONNX Runtime;
random draws against ONNX's reference implementation."""

import numpy as np
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

import lite

ML = "ai.onnx.ml"
node = helper.make_node

def model(nodes, inputs, outputs, ml=3, opset=18):
    graph = helper.make_graph(nodes, "g", inputs, [helper.make_empty_tensor_value_info(n) for n in outputs])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid(ML, ml)], ir_version=8)

def float_input(features, dtype=TensorProto.FLOAT):
    return [helper.make_tensor_value_info("x", dtype, ["N", features])]

def compare(made, feeds, rtol=1e-5, atol=1e-6):
    """Every output like ONNX Runtime's, optimised and not, on one thread and on all."""
    ort = pytest.importorskip("onnxruntime")
    options = ort.SessionOptions()
    options.log_severity_level = 4
    text = made.SerializeToString()
    want = ort.InferenceSession(text, options, providers=["CPUExecutionProvider"]).run(None, feeds)
    for threads, optimise in ((1, "on"), (0, "on"), (1, "off")):
        with lite.Network(text, threads=threads, options={"optimize": optimise}) as net:
            got = list(net.run(feeds).values())
        for g, w in zip(got, want, strict=True):
            w = np.asarray(w)
            assert g.shape == w.shape
            if w.dtype == object:
                np.testing.assert_array_equal(g.astype(object), w)
            else:
                assert g.dtype == w.dtype
                np.testing.assert_allclose(g, w, rtol=rtol, atol=atol)

def trees(rng, count, depth, features, mode="BRANCH_LEQ", missing=False):
    """Attributes of random trees, and (tree, node) of their leaves. Some branches end early."""
    t = {k: [] for k in ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")}
    leaves = []

    def grow(tree, level, ids):
        me = next(ids)
        at = len(t["treeids"])
        leaf = level == depth or (level > 0 and rng.random() < 0.15)
        row = (tree, me, 0 if leaf else int(rng.integers(features)), "LEAF" if leaf else mode,
               0.0 if leaf else float(np.float32(rng.normal())), 0, 0, int(missing and rng.random() < 0.5))
        for key, value in zip(t, row, strict=True):
            t[key].append(value)
        if leaf:
            leaves.append((tree, me))
        else:
            t["truenodeids"][at] = grow(tree, level + 1, ids)
            t["falsenodeids"][at] = grow(tree, level + 1, ids)
        return me

    for tree in range(count):
        grow(tree, 0, iter(range(1 << 20)))
    if not missing:
        del t["missing_value_tracks_true"]
    return {f"nodes_{k}": v for k, v in t.items()}, leaves

def rows(rng, n, features, dtype=np.float32, missing=False):
    x = rng.normal(size=(n, features)).astype(dtype)
    if missing:
        x[rng.random(x.shape) < 0.1] = np.nan
    return x

@pytest.mark.parametrize("mode", ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GT", "BRANCH_GTE"])
@pytest.mark.parametrize("n", [1, 7, 200])
def test_boosted_regression(mode, n):
    """As XGBoost and LightGBM are exported: one vote a leaf, a base value, NaN where a value is missing."""
    rng = np.random.default_rng(n)
    attrs, leaves = trees(rng, 60, 6, 8, mode, missing=True)
    regressor = node("TreeEnsembleRegressor", ["x"], ["y"], domain=ML, **attrs, n_targets=1, base_values=[0.5], target_treeids=[t for t, _ in leaves],
                     target_nodeids=[i for _, i in leaves], target_ids=[0] * len(leaves), target_weights=rng.normal(size=len(leaves)).tolist())
    compare(model([regressor], float_input(8), ["y"]), {"x": rows(rng, n, 8, missing=True)}, atol=1e-5)

@pytest.mark.parametrize("aggregate", ["SUM", "AVERAGE", "MIN", "MAX"])
def test_forest_of_several_targets(aggregate):
    rng = np.random.default_rng(3)
    attrs, leaves = trees(rng, 30, 5, 6)
    votes = [(t, i, k) for t, i in leaves for k in range(3)]
    regressor = node("TreeEnsembleRegressor", ["x"], ["y"], domain=ML, **attrs, n_targets=3, aggregate_function=aggregate,
                     target_treeids=[v[0] for v in votes], target_nodeids=[v[1] for v in votes], target_ids=[v[2] for v in votes],
                     target_weights=rng.normal(size=len(votes)).tolist())
    compare(model([regressor], float_input(6), ["y"]), {"x": rows(rng, 50, 6)})

@pytest.mark.parametrize("labels", [{"classlabels_int64s": [3, 1, 2]}, {"classlabels_strings": ["setosa", "versicolor", "virginica"]}])
@pytest.mark.parametrize("transform", ["NONE", "SOFTMAX", "LOGISTIC"])
@pytest.mark.parametrize("n", [1, 100])
def test_forest_of_three_classes(labels, transform, n):
    """As scikit-learn's random forests: every leaf votes for all classes with their shares."""
    rng = np.random.default_rng(4)
    attrs, leaves = trees(rng, 25, 5, 6)
    votes = [(t, i, k) for t, i in leaves for k in range(3)]
    classifier = node("TreeEnsembleClassifier", ["x"], ["label", "scores"], domain=ML, **attrs, **labels, post_transform=transform,
                      class_treeids=[v[0] for v in votes], class_nodeids=[v[1] for v in votes], class_ids=[v[2] for v in votes],
                      class_weights=(rng.random(len(votes)) / 25).tolist())
    compare(model([classifier], float_input(6), ["label", "scores"]), {"x": rows(rng, n, 6)})

@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("class_id", [0, 1])
@pytest.mark.parametrize("transform", ["NONE", "LOGISTIC"])
def test_boosted_classifier_of_two_classes(signed, class_id, transform):
    rng = np.random.default_rng(5)
    attrs, leaves = trees(rng, 20, 4, 6)
    weights = rng.normal(size=len(leaves)) / 20 if signed else rng.random(len(leaves)) / 20
    classifier = node("TreeEnsembleClassifier", ["x"], ["label", "scores"], domain=ML, **attrs, classlabels_int64s=[10, 20], post_transform=transform,
                      class_treeids=[t for t, _ in leaves], class_nodeids=[i for _, i in leaves], class_ids=[class_id] * len(leaves),
                      class_weights=weights.tolist())
    compare(model([classifier], float_input(6), ["label", "scores"]), {"x": rows(rng, 40, 6)})

@pytest.mark.parametrize("dtype", [TensorProto.FLOAT, TensorProto.DOUBLE])
def test_tree_ensemble_of_version_5(dtype):
    """The conversion of a random regressor: inner nodes and leaves apart."""
    rng = np.random.default_rng(6)
    attrs, leaves = trees(rng, 12, 5, 4)
    kind = helper.tensor_dtype_to_np_dtype(dtype)
    inner, leaf = {}, {}
    for t, i, m in zip(attrs["nodes_treeids"], attrs["nodes_nodeids"], attrs["nodes_modes"], strict=True):
        (leaf if m == "LEAF" else inner)[t, i] = len(leaf if m == "LEAF" else inner)
    keep = [k for k, m in enumerate(attrs["nodes_modes"]) if m != "LEAF"]
    child = {}
    for side in ("true", "false"):
        at = [(attrs["nodes_treeids"][k], attrs[f"nodes_{side}nodeids"][k]) for k in keep]
        child[f"nodes_{side}nodeids"] = [leaf[c] if c in leaf else inner[c] for c in at]
        child[f"nodes_{side}leafs"] = [int(c in leaf) for c in at]
    ensemble = node(
        "TreeEnsemble", ["x"], ["y"], domain=ML, n_targets=2, aggregate_function=1, post_transform=0, **child,
        tree_roots=[inner[t, 0] for t in range(12)],
        nodes_featureids=[attrs["nodes_featureids"][k] for k in keep],
        nodes_modes=helper.make_tensor("m", TensorProto.UINT8, (len(keep),), [0] * len(keep)),
        nodes_splits=helper.make_tensor("s", dtype, (len(keep),), [attrs["nodes_values"][k] for k in keep]),
        leaf_targetids=[k % 2 for k in range(len(leaf))],
        leaf_weights=helper.make_tensor("w", dtype, (len(leaf),), rng.normal(size=len(leaf)).tolist()))
    compare(model([ensemble], float_input(4, dtype), ["y"], ml=5), {"x": rows(rng, 33, 4, kind)})

@pytest.mark.parametrize("transform", ["NONE", "SOFTMAX", "LOGISTIC"])
def test_logistic_regression_behind_a_scaler(transform):
    rng = np.random.default_rng(7)
    nodes = [
        node("Imputer", ["x"], ["full"], domain=ML, imputed_value_floats=[0.5, 1.0, -1.0, 2.0], replaced_value_float=float("nan")),
        node("Scaler", ["full"], ["scaled"], domain=ML, offset=rng.normal(size=4).tolist(), scale=rng.random(4).tolist()),
        node("LinearClassifier", ["scaled"], ["label", "raw"], domain=ML, coefficients=rng.normal(size=12).tolist(), intercepts=[0.1, 0.2, 0.3],
             classlabels_strings=["a", "b", "c"], multi_class=1, post_transform=transform),
        node("Normalizer", ["raw"], ["scores"], domain=ML, norm="L1"),
    ]
    compare(model(nodes, float_input(4), ["label", "scores"]), {"x": rows(rng, 20, 4, missing=True)})

def test_linear_regression_of_two_targets():
    rng = np.random.default_rng(8)
    regressor = node("LinearRegressor", ["x"], ["y"], domain=ML, targets=2, coefficients=rng.normal(size=6).tolist(), intercepts=[1.0, -1.0])
    for dtype in (TensorProto.FLOAT, TensorProto.DOUBLE):
        kind = helper.tensor_dtype_to_np_dtype(dtype)
        want = rows(rng, 5, 3, kind)
        if dtype == TensorProto.FLOAT:
            compare(model([regressor], float_input(3, dtype), ["y"]), {"x": want})
        with lite.Network(model([regressor], float_input(3, dtype), ["y"]).SerializeToString()) as net:
            assert net.run({"x": want})["y"].dtype == np.float32

KERNELS = ["LINEAR", "POLY", "RBF", "SIGMOID"]

@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("one_class", [0, 1])
def test_support_vector_regression(kernel, one_class):
    rng = np.random.default_rng(9)
    svm = node("SVMRegressor", ["x"], ["y"], domain=ML, kernel_type=kernel, kernel_params=[0.3, 0.1, 2.0], n_supports=7,
               support_vectors=rng.normal(size=21).tolist(), coefficients=rng.normal(size=7).tolist(), rho=[0.2], one_class=one_class)
    compare(model([svm], float_input(3), ["y"]), {"x": rows(rng, 25, 3)}, rtol=1e-4, atol=1e-5)

@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("probabilities", [False, True])
def test_support_vector_classification(kernel, classes, probabilities):
    rng = np.random.default_rng(10)
    pairs = classes * (classes - 1) // 2
    vectors = 3 * classes
    more = {"prob_a": (-rng.random(pairs) - 0.5).tolist(), "prob_b": (rng.normal(size=pairs) / 5).tolist()} if probabilities else {}
    svm = node("SVMClassifier", ["x"], ["label", "scores"], domain=ML, kernel_type=kernel, kernel_params=[0.3, 0.1, 2.0],
               support_vectors=rng.normal(size=vectors * 3).tolist(), vectors_per_class=[3] * classes,
               coefficients=rng.normal(size=vectors * (classes - 1)).tolist(), rho=rng.normal(size=pairs).tolist(),
               classlabels_strings=[f"c{k}" for k in range(classes)], **more)
    compare(model([svm], float_input(3), ["label", "scores"]), {"x": rows(rng, 25, 3)}, rtol=1e-4, atol=1e-5)

def test_categories_encoded():
    inputs = [helper.make_tensor_value_info("x", TensorProto.STRING, ["N", 2])]
    x = np.array([["red", "small"], ["blue", "large"], ["green", "tiny"]], dtype=object)
    nodes = [
        node("LabelEncoder", ["x"], ["codes"], domain=ML, keys_strings=["red", "green", "small"], values_int64s=[1, 2, 3], default_int64=-7),
        node("OneHotEncoder", ["codes"], ["hot"], domain=ML, cats_int64s=[1, 2, 3]),
        node("CategoryMapper", ["codes"], ["names"], domain=ML, cats_int64s=[1, 3], cats_strings=["one", "three"], default_string="none"),
        node("ArrayFeatureExtractor", ["codes", "last"], ["column"], domain=ML),
        node("Binarizer", ["floats"], ["above"], domain=ML, threshold=1.5),
        node("Cast", ["codes"], ["floats"], to=TensorProto.FLOAT),
        node("FeatureVectorizer", ["floats", "above"], ["all"], domain=ML, inputdimensions=[2, 2]),
        node("Constant", [], ["last"], value=helper.make_tensor("c", TensorProto.INT64, (1,), [1])),
    ]
    compare(model(nodes, inputs, ["codes", "hot", "names", "column", "above", "all"]), {"x": x})

def test_bernoulli_and_dropout_draw_as_onnx_does():
    """With a seed the numbers are those of NumPy's RandomState, as in ONNX's reference implementation."""
    p = np.random.default_rng(11).random(500)
    p[:2] = 0, 1
    for dtype, element in ((np.float64, TensorProto.DOUBLE), (np.float32, TensorProto.FLOAT)):
        inputs = [helper.make_tensor_value_info("x", element, [500])]
        for nodes in (
            [node("Bernoulli", ["x"], ["y"], seed=3.0)],
            [node("Bernoulli", ["x"], ["y"], seed=3.0, dtype=TensorProto.INT32)],
            [node("Constant", [], ["on"], value=helper.make_tensor("t", TensorProto.BOOL, (), [True])),
             node("Constant", [], ["half"], value=helper.make_tensor("r", element, (), [0.5])),
             node("Dropout", ["x", "half", "on"], ["y", "mask"], seed=5)],
        ):
            made = model(nodes, inputs, [n for n in nodes[-1].output], opset=22)
            want = ReferenceEvaluator(made).run(None, {"x": p.astype(dtype)})
            with lite.Network(made.SerializeToString()) as net:
                got = list(net.run({"x": p.astype(dtype)}).values())
            for g, w in zip(got, want, strict=True):
                np.testing.assert_allclose(g, w, rtol=1e-6)

def test_without_a_seed_every_run_draws_anew():
    made = model([node("Bernoulli", ["x"], ["y"])], [helper.make_tensor_value_info("x", TensorProto.FLOAT, [200])], ["y"], opset=22)
    with lite.Network(made.SerializeToString()) as net:
        first, second = (net.run({"x": np.full(200, 0.5, np.float32)})["y"].copy() for _ in range(2))
    assert (first != second).any()

def test_broken_models_say_what_is_wrong():
    rng = np.random.default_rng(12)
    attrs, leaves = trees(rng, 2, 2, 2)
    attrs["nodes_truenodeids"][0] = 999
    regressor = node("TreeEnsembleRegressor", ["x"], ["y"], domain=ML, **attrs, n_targets=1, target_treeids=[t for t, _ in leaves],
                     target_nodeids=[i for _, i in leaves], target_ids=[0] * len(leaves), target_weights=[0.0] * len(leaves))
    with pytest.raises(lite.Error, match="nodes_truenodeids.*999"):
        lite.Network(model([regressor], float_input(2), ["y"]).SerializeToString())
