#include "tests/import/hostile_onnx.h"

#include "tests/import/onnx_writer.h"

namespace lite::test {
namespace {

GraphParts unary(const Texts& nodes) {
  return {.nodes = nodes, .inputs = {value("x", kFloat, {"2", "3"})}, .outputs = {untyped("y")}};
}

// A model with that initializer w added to x.
std::string with_tensor(const std::string& t) { return one_node(node("Add", {"x", "w"}, {"y"}), 17, {t}); }

std::string with_sparse(const std::string& s) {
  GraphParts g = unary({node("Add", {"x", "w"}, {"y"})});
  g.sparse = {s};
  return model(g);
}

std::string sparse(const std::string& values, const std::string& indices, const Ints& dims) {
  return Proto().s(1, values).s(2, indices).packed(3, dims);
}

std::string nested_ifs(int depth) {
  std::string n = node("Neg", {"x"}, {"y"});
  for (int i = 0; i < depth; ++i) {
    const GraphParts body{.nodes = {n}, .outputs = {untyped("y")}};
    n = node("If", {"c"}, {"y"}, {attr_g("then_branch", body), attr_g("else_branch", body)});
  }
  GraphParts g = unary({n});
  g.inputs.push_back(value("c", kBool, {}));
  return model(g);
}

// One branch each, so that the text grows by a little a level.
std::string deep_bodies(int depth) {
  std::string n = node("Neg", {"x"}, {"y"});
  for (int i = 0; i < depth; ++i)
    n = node("If", {"x"}, {"y"},
             {attr_g("then_branch", GraphParts{.nodes = {n}, .outputs = {untyped("y")}})});
  return model(unary({n}));
}

std::string deep_type(int depth) {
  std::string t = tensor_type(kFloat, {});
  for (int i = 0; i < depth; ++i) t = Proto().s(4, Proto().s(1, t));
  GraphParts g = unary({node("Neg", {"x"}, {"y"})});
  g.inputs.push_back(Proto().s(1, "deep").s(2, t));
  return model(g);
}

FunctionParts function(const std::string& name, const Texts& nodes) {
  return {.name = name, .in = {"a"}, .out = {"b"}, .nodes = nodes};
}
std::string call(const std::string& name, const std::string& in, const std::string& out) {
  return node(name, {in}, {out}, {}, "", "local");
}

// Each function calls the one before ten times.
std::string function_bomb(int depth) {
  Texts functions{function("f0", {node("Neg", {"a"}, {"b"})})};
  for (int i = 1; i < depth; ++i) {
    Texts nodes;
    for (int k = 0; k < 10; ++k)
      nodes.push_back(call("f" + std::to_string(i - 1), k == 0 ? "a" : "t" + std::to_string(k),
                           k == 9 ? "b" : "t" + std::to_string(k + 1)));
    functions.push_back(function("f" + std::to_string(i), nodes));
  }
  return model(unary({call("f" + std::to_string(depth - 1), "x", "y")}), 17, functions);
}

std::string length_prefix(uint64_t length) {
  std::string s = Proto().i(1, 8).str() + "\x3a";  // graph
  for (; length >= 0x80; length >>= 7) s += static_cast<char>(length | 0x80);
  return s + static_cast<char>(length);
}

void add_bytes(std::vector<HostileModel>& m) {
  const std::string good = with_tensor(floats("w", {3}, {1, 2, 3}));
  m.push_back({"empty", "", "it is empty"});
  m.push_back({"text", "this is not a model at all", "not a valid ONNX model"});
  m.push_back({"zeros", std::string(100, '\0'), "not a valid ONNX model"});
  m.push_back({"ones", std::string(100, '\xff'), "not a valid ONNX model"});
  m.push_back({"only_version", Proto().i(1, 8), "it has no graph"});
  m.push_back({"no_version", Proto().s(7, unary({})), "it has no ir_version"});
  m.push_back({"future_version", Proto().i(1, 99).s(7, unary({})), "IR version 99"});
  m.push_back({"future_opset", model(unary({node("Neg", {"x"}, {"y"})}), 1000), "opset 1000"});
  m.push_back({"negative_opset", model(unary({node("Neg", {"x"}, {"y"})}), -3), "version -3"});
  m.push_back({"opset_twice", good + Proto().s(8, opset(9)).str(), "imported twice"});
  m.push_back({"no_opset", Proto().i(1, 8).s(7, unary({node("Neg", {"x"}, {"y"})})), "imports no opset"});
  m.push_back({"graph_twice", good + Proto().s(7, unary({})).str(), "the graph is there twice"});
  m.push_back({"two_gigabytes", length_prefix(uint64_t{1} << 31), "not a valid ONNX model"});
  m.push_back({"length_wraps", length_prefix(UINT64_MAX), "not a valid ONNX model"});
  m.push_back({"graph_as_number", Proto().i(1, 8).i(7, 5), "wire type"});
  m.push_back({"version_as_text", Proto().s(1, "8"), "wire type"});
  m.push_back({"group", Proto().i(1, 8).str() + "\x3b\x3c", "not a valid ONNX model"});
  m.push_back({"field_zero", std::string("\x00\x01", 2), "not a valid ONNX model"});
  m.push_back({"truncated", good.substr(0, good.size() / 2), "not a valid ONNX model"});
  m.push_back({"name_as_number", model(unary({Proto().i(1, 7).str()})), "wire type"});
  m.push_back({"odd_floats", with_tensor(tensor("w", kFloat, {1}).s(4, "abcde")), "float_data"});
  m.push_back({"deep_bodies", deep_bodies(3000), "max_depth"});
  m.push_back({"deep_type", deep_type(3000), "max_depth"});
}

void add_tensors(std::vector<HostileModel>& m) {
  const auto t = [&](const char* name, const std::string& tensor, const char* message) {
    m.push_back({std::string("tensor_") + name, with_tensor(tensor), message});
  };
  const std::string twelve(12, 'a');
  t("raw_short", raw_tensor("w", kFloat, {3}, "abc"), "raw_data has 3 bytes");
  t("raw_long", raw_tensor("w", kFloat, {2}, twelve), "raw_data has 12 bytes");
  t("raw_twice", raw_tensor("w", kFloat, {3}, twelve).s(9, twelve), "raw_data twice");
  t("no_data", tensor("w", kFloat, {3}), "raw_data has 0 bytes");
  t("no_name", floats("", {3}, {1, 2, 3}), "has no name");
  t("same_name_as_input", floats("x", {3}, {1, 2, 3}), "'w' is made by no node");
  t("wrong_field", tensor("w", kFloat, {1}).packed(5, {1}), "int32_data");
  t("string_field", tensor("w", kFloat, {1}).s(6, "1"), "string_data");
  t("two_forms", raw_tensor("w", kInt32, {1}, "abcd").packed(5, {1}), "more than one form");
  t("too_few", tensor("w", kInt32, {3}).packed(5, {1, 2}), "int32_data holds 2 values");
  t("too_many", tensor("w", kInt32, {1}).packed(5, {1, 2}), "int32_data holds 2 values");
  t("too_few_strings", tensor("w", kString, {3}).s(6, "a"), "holds 1 strings");
  t("raw_strings", raw_tensor("w", kString, {3}, twelve), "string_data");
  t("does_not_fit", tensor("w", kInt8, {1}).packed(5, {300}), "300");
  t("bad_varint", tensor("w", kInt64, {2}).s(7, std::string(12, '\xff')), "int64_data");
  t("type_zero", raw_tensor("w", 0, {3}, twelve), "element type is number 0");
  t("type_huge", raw_tensor("w", 1 << 30, {3}, twelve), "element type is number");
  t("type_negative", raw_tensor("w", -1, {3}, twelve), "element type is number -1");
  t("negative_dim", raw_tensor("w", kFloat, {-3}, twelve), "dimension -3");
  t("overflow", raw_tensor("w", kFloat, {INT64_MAX, INT64_MAX}, twelve), "overflows");
  t("bytes_overflow", raw_tensor("w", kFloat, {INT64_MAX / 2}, twelve), "overflows");
  t("huge", raw_tensor("w", kFloat, {int64_t{1} << 45}, twelve), "max_tensor_bytes");
  t("huge_typed", tensor("w", kFloat, {1 << 30}).f(4, 1), "float_data holds 1 values");
  t("huge_typed_int", tensor("w", kInt64, {1 << 30}).i(7, 1), "int64_data holds");
  t("many_dims", raw_tensor("w", kFloat, Ints(10000, 1), "abcd"), "max_rank");
  t("segment", raw_tensor("w", kFloat, {3}, twelve).s(3, ""), "segments");
  t("sub_byte_odd", raw_tensor("w", kInt4, {3}, "a"), "raw_data has 1 bytes");
  t("external_strings", external_tensor("w", kString, {1}, {{"location", "w.bin"}}), "string_data");
  t("external_and_raw", external_tensor("w", kFloat, {3}, {{"location", "w.bin"}}).s(9, twelve),
    "more than one form");
  t("external_from_memory", external_tensor("w", kFloat, {3}, {{"location", "w.bin"}}), "no folder");
  GraphParts twice = unary({node("Add", {"x", "w"}, {"y"})});
  twice.initializers = {floats("w", {3}, {1, 2, 3}), floats("w", {3}, {1, 2, 3})};
  m.push_back({"tensor_twice", model(twice), "'w' is there twice"});

  const std::string two = floats("w", {2}, {1, 2});
  const auto s = [&](const char* name, const std::string& tensor, const char* message) {
    m.push_back({std::string("sparse_") + name, with_sparse(tensor), message});
  };
  s("outside", sparse(two, ints("", {0, 6}), {2, 3}), "index 6");
  s("negative", sparse(two, ints("", {-1, 5}), {2, 3}), "index -1");
  s("outside_axis", sparse(two, raw_tensor("", kInt64, {2, 2}, bytes_of(Ints{0, 0, 0, 3})), {2, 3}),
    "index 3");
  s("unsorted", sparse(two, ints("", {5, 0}), {2, 3}), "ascending");
  s("count", sparse(two, ints("", {0}), {2, 3}), "indices are int64");
  s("index_type", sparse(two, floats("", {2}, {0, 1}), {2, 3}), "indices are float32");
  s("no_indices", Proto().s(1, two).packed(3, {2, 3}), "no indices");
  s("huge", sparse(floats("w", {0}, {}), ints("", {}), {1 << 20, 1 << 18}), "max_decoded_bytes");
  s("overflow", sparse(two, ints("", {0, 1}), {INT64_MAX, 4}), "overflows");
  s("values_matrix", sparse(floats("w", {1, 2}, {1, 2}), ints("", {0, 1}), {2, 3}), "values have shape");
}

void add_graphs(std::vector<HostileModel>& m) {
  const auto g = [&](const char* name, const GraphParts& parts, const char* message) {
    m.push_back({std::string("graph_") + name, model(parts), message});
  };
  g("missing_input", unary({node("Add", {"x", "nothing"}, {"y"}, {}, "sum")}),
    "'nothing' is made by no node");
  g("required_left_out", unary({node("Add", {"x", ""}, {"y"})}), "input 1");
  g("too_many_inputs", unary({node("Neg", {"x", "x"}, {"y"})}), "Neg");
  g("no_inputs", unary({node("Neg", {}, {"y"})}), "input 0");
  g("too_many_outputs", unary({node("Neg", {"x"}, {"y", "z"})}), "output");
  g("no_op_type", unary({node("", {"x"}, {"y"})}), "no operator");
  g("missing_output", unary({node("Neg", {"x"}, {"z"})}), "output 'y'");
  g("self_loop", unary({node("Neg", {"y"}, {"y"})}), "cycle");
  g("cycle", unary({node("Neg", {"b"}, {"a"}), node("Neg", {"a"}, {"b"}), node("Add", {"x", "b"}, {"y"})}),
    "cycle");
  g("made_twice", unary({node("Neg", {"x"}, {"y"}), node("Abs", {"x"}, {"y"})}), "made twice");
  g("makes_input", unary({node("Neg", {"x"}, {"x"}), node("Abs", {"x"}, {"y"})}), "'x', which is an input");
  g("same_output_twice", unary({node("Split", {"x"}, {"y", "y"})}), "made twice");
  g("broadcast",
    {.nodes = {node("Add", {"x", "w"}, {"y"})},
     .initializers = {floats("w", {4}, {1, 2, 3, 4})},
     .inputs = {value("x", kFloat, {"2", "3"})},
     .outputs = {untyped("y")}},
    "Add");
  g("types_differ",
    {.nodes = {node("Add", {"x", "w"}, {"y"})},
     .initializers = {ints("w", {4})},
     .inputs = {value("x", kFloat, {"2", "3"})},
     .outputs = {untyped("y")}},
    "int64");
  GraphParts parts = unary({node("Neg", {"x"}, {"y"})});
  parts.outputs = {value("y", kInt64, {"2", "3"})};
  g("declared_type", parts, "output 'y'");
  parts.outputs = {value("y", kFloat, {"2", "4"})};
  g("declared_shape", parts, "output 'y'");
  parts.outputs = {value("y", kFloat, {"6"})};
  g("declared_rank", parts, "output 'y'");
  parts.outputs = {};
  g("no_outputs", parts, "no outputs");
  parts.outputs = {untyped("y"), untyped("y")};
  g("output_twice", parts, "'y' of graph 'g' is there twice");
  parts = unary({node("Neg", {"x"}, {"y"})});
  parts.inputs.push_back(parts.inputs[0]);
  g("input_twice", parts, "'x' of graph 'g' is there twice");
  parts.inputs = {untyped("x")};
  g("input_without_type", parts, "no element type");
  parts.inputs = {value("x", 0, {})};
  g("input_undefined_type", parts, "no element type");
  parts.inputs = {value("x", 77, {})};
  g("input_unknown_type", parts, "element type number 77");
  parts.inputs = {value("x", kFloat, {"-5"})};
  g("input_negative_dim", parts, "dimension -5");
  parts.inputs = {value("x", kFloat, Texts(10000, "1"))};
  g("input_many_dims", parts, "max_rank");
  parts.inputs = {value("", kFloat, {})};
  g("input_without_name", parts, "has no name");
  parts.inputs = {Proto().s(1, "x").s(2, Proto().s(8, ""))};
  g("input_sparse", parts, "sparse");
  parts.inputs = {Proto().s(1, "x").s(2, Proto().s(7, ""))};
  g("input_opaque", parts, "opaque");
  GraphParts typed = unary({node("Add", {"x", "w"}, {"y"})});
  typed.inputs.push_back(value("w", kInt64, {"3"}));
  typed.initializers = {floats("w", {3}, {1, 2, 3})};
  g("initializer_type", typed, "'w' is declared int64");
}

void add_attributes(std::vector<HostileModel>& m) {
  const auto n = [&](const char* name, const std::string& text, const char* message) {
    m.push_back({std::string("attribute_") + name, one_node(text), message});
  };
  const auto leaky = [](const std::string& attr) { return node("LeakyRelu", {"x"}, {"y"}, {attr}, "leaky"); };
  n("unknown", leaky(attr_f("beta", 1)), "'beta'");
  n("wrong_type", leaky(attr_i("alpha", 1)), "'alpha'");
  n("twice", node("LeakyRelu", {"x"}, {"y"}, {attr_f("alpha", 1), attr_f("alpha", 2)}, "leaky"),
    "'alpha' is there twice");
  n("no_name", leaky(attr_f("", 1)), "has no name");
  n("no_type", leaky(Proto().s(1, "alpha")), "type number 0");
  n("bad_type", leaky(Proto().s(1, "alpha").i(20, 55)), "type number 55");
  n("reference_outside", leaky(attr_ref("alpha", "a", 1)), "is in none");
  n("no_tensor", node("Constant", {}, {"y"}, {Proto().s(1, "value").i(20, 4)}), "holds 0 tensors");
  n("two_tensors", node("Constant", {}, {"y"}, {Proto().s(1, "value").i(20, 4).s(5, "").s(5, "")}),
    "holds 2 tensors");
  n("no_constant", node("Constant", {}, {"y"}), "has no value");
  n("two_constants", node("Constant", {}, {"y"}, {attr_i("value_int", 1), attr_f("value_float", 1)}),
    "more than one attribute");
  const GraphParts body{.nodes = {node("Neg", {"x"}, {"z"})}, .outputs = {untyped("z")}};
  n("constant_type", node("Constant", {}, {"y"}, {attr_g("value", body)}), "'value' is of type graph");
  n("constant_input", node("Constant", {"x"}, {"y"}, {attr_i("value_int", 1)}), "no inputs");
}

void add_functions(std::vector<HostileModel>& m) {
  const auto f = [&](const char* name, const Texts& nodes, const Texts& functions, const char* message) {
    m.push_back({std::string("function_") + name, model(unary(nodes), 17, functions), message});
  };
  f("recursive", {call("f", "x", "y")}, {function("f", {call("f", "a", "b")})}, "calls itself");
  f("mutual", {call("f", "x", "y")},
    {function("f", {call("g", "a", "b")}), function("g", {call("f", "a", "b")})}, "calls itself");
  const GraphParts body{.nodes = {call("f", "a", "b")}, .outputs = {untyped("b")}};
  f("recursive_body", {call("f", "x", "y")},
    {function("f", {node("If", {"a"}, {"b"}, {attr_g("then_branch", body), attr_g("else_branch", body)})})},
    "calls itself");
  f("twice", {call("f", "x", "y")},
    {function("f", {node("Neg", {"a"}, {"b"})}), function("f", {node("Abs", {"a"}, {"b"})})},
    "is there twice");
  f("no_output", {call("f", "x", "y")}, {function("f", {node("Neg", {"a"}, {"c"})})},
    "'b' is made by no node");
  f("too_many_inputs", {node("f", {"x", "x"}, {"y"}, {}, "", "local")},
    {function("f", {node("Neg", {"a"}, {"b"})})}, "2 inputs");
  f("too_many_outputs", {node("f", {"x"}, {"y", "z"}, {}, "", "local")},
    {function("f", {node("Neg", {"a"}, {"b"})})}, "2 outputs");
  FunctionParts same = function("f", {node("Neg", {"a"}, {"b"})});
  same.in = {"a", "a"};
  f("input_twice", {call("f", "x", "y")}, {same}, "'a' twice");
  m.push_back({"function_bomb", function_bomb(12), "max_nodes"});
  m.push_back({"function_deep",
               [] {
                 Texts functions{function("f0", {node("Neg", {"a"}, {"b"})})};
                 for (int i = 1; i < 200; ++i)
                   functions.push_back(
                       function("f" + std::to_string(i), {call("f" + std::to_string(i - 1), "a", "b")}));
                 return model(unary({call("f199", "x", "y")}), 17, functions);
               }(),
               "max_depth"});
}

// ---- ai.onnx.ml and what becomes many nodes

std::string in_domain(const std::string& domain, const GraphParts& graph) {
  return model(graph, 20, {}, {opset(1, domain)});
}

std::string ml_model(const std::string& op, const Texts& attrs, const Texts& outputs = {"y"}) {
  GraphParts g = unary({node(op, {"x"}, outputs, attrs, "", "ai.onnx.ml")});
  g.outputs = {untyped(outputs[0])};
  return in_domain("ai.onnx.ml", g);
}

// One tree with two leaves; node 1 of the children given.
std::string tree_model(const Ints& yes, const Ints& no, const Ints& features = {0, 0, 0}) {
  return ml_model(
      "TreeEnsembleClassifier",
      {attr_ints("nodes_treeids", {0, 0, 0}), attr_ints("nodes_nodeids", {0, 1, 2}),
       attr_ints("nodes_featureids", features), attr_ints("nodes_truenodeids", yes),
       attr_ints("nodes_falsenodeids", no), attr_floats("nodes_values", {0, 0, 0}),
       attr_strings("nodes_modes", {"BRANCH_LEQ", "BRANCH_LT", "LEAF"}), attr_ints("class_treeids", {0}),
       attr_ints("class_nodeids", {2}), attr_ints("class_ids", {1}), attr_floats("class_weights", {1}),
       attr_strings("classlabels_strings", {"a", "b"})},
      {"y", "z"});
}

std::string svm_model(const Ints& per_class) {
  return ml_model(
      "SVMClassifier",
      {attr_ints("vectors_per_class", per_class), attr_floats("support_vectors", {1, 2, 3, 4, 5, 6}),
       attr_floats("coefficients", {1, 2}), attr_floats("rho", {0}), attr_ints("classlabels_ints", {1, 2})},
      {"y", "z"});
}

std::string flex_model() {
  const GraphParts body{
      .nodes = {node("Neg", {"s"}, {"t"})}, .inputs = {untyped("s")}, .outputs = {untyped("t")}};
  GraphParts g{.nodes = {node("FlexAttention", {"x", "x", "x"}, {"y"}, {attr_g("score_mod", body)}, "",
                              "ai.onnx.preview")},
               .inputs = {value("x", kFloat, {"1", "2", "3", "4"})},
               .outputs = {untyped("y")}};
  return in_domain("ai.onnx.preview", g);
}

std::string gradient_model(int order) {
  const std::string domain = "ai.onnx.preview.training";
  Texts nodes = {node("Tanh", {"x"}, {"y0"})};
  for (int i = 0; i < order; ++i)
    nodes.push_back(node("Gradient", {"x"}, {"y" + std::to_string(i + 1)},
                         {attr_strings("xs", {"x"}), attr_s("y", "y" + std::to_string(i))}, "", domain));
  GraphParts g = unary(nodes);
  g.outputs = {untyped("y" + std::to_string(order))};
  return in_domain(domain, g);
}

void add_domains(std::vector<HostileModel>& m) {
  m.push_back({"tree_cycle", tree_model({1, 0, 0}, {2, 2, 0}), "back to entry 0"});
  m.push_back({"tree_child", tree_model({1, 7, 0}, {2, 2, 0}), "nodes_truenodeids"});
  m.push_back({"tree_feature", tree_model({1, 2, 0}, {2, 2, 0}, {0, 3, 0}), "nodes_featureids"});
  m.push_back({"tree_lengths", tree_model({1, 2}, {2, 2, 0}), "nodes_truenodeids"});
  m.push_back({"svm_vectors", svm_model({1, int64_t{1} << 62}), "support_vectors"});
  m.push_back({"svm_negative", svm_model({-1, 3}), "vectors_per_class"});
  m.push_back({"gradient_growth", gradient_model(64), "limit"});
}

}  // namespace

std::vector<HostileModel> hostile_onnx_models() {
  std::vector<HostileModel> m;
  add_bytes(m);
  add_tensors(m);
  add_graphs(m);
  add_attributes(m);
  add_functions(m);
  add_domains(m);
  return m;
}

std::vector<HostileModel> sane_onnx_models() {
  std::vector<HostileModel> m;
  m.push_back({"unary", one_node(node("Neg", {"x"}, {"y"})), ""});
  m.push_back({"binary", with_tensor(floats("w", {3}, {1, 2, 3})), ""});
  m.push_back({"sparse", with_sparse(sparse(floats("w", {2}, {1, 2}), ints("", {0, 5}), {2, 3})), ""});
  m.push_back({"clip", one_node(node("Clip", {"x"}, {"y"}, {attr_f("min", 0), attr_f("max", 6)}), 6), ""});
  m.push_back({"function",
               model(unary({call("f", "x", "y")}), 17, {function("f", {node("Neg", {"a"}, {"b"})})}), ""});
  m.push_back({"if", nested_ifs(2), ""});
  m.push_back({"external",
               with_tensor(external_tensor("w", kFloat, {3},
                                           {{"location", "w.bin"}, {"offset", "4"}, {"length", "12"}})),
               ""});
  m.push_back({"trees", tree_model({1, 2, 0}, {2, 2, 0}), ""});
  m.push_back({"svm", svm_model({1, 1}), ""});
  m.push_back({"flex_attention", flex_model(), ""});
  m.push_back({"gradient", gradient_model(2), ""});
  return m;
}

}  // namespace lite::test
