// Gradient (domain ai.onnx.preview.training): derivatives of the sum of a tensor's elements.
//
//   attr y string, xs strings, zs strings: names of values of the graph around the node. y is a function of
//   xs and zs,
//                                          which between them cut off all that y depends on, but for
//                                          constants
//   in  the values of xs and then of zs at which to differentiate, often xs and zs themselves
//   out dy/dx for each of xs, of its shape; zeros where y does not depend on it
//
// The nodes between are differentiated by gradient_rules.cpp, last to first, into ordinary nodes; where other
// values are given for xs or zs the nodes are copied first.
#include "core/import/onnx/gradient.h"

#include <algorithm>
#include <set>

namespace lite::onnx {
namespace {

class Differentiation {
 public:
  explicit Differentiation(Draft& d) : d_(d) {}

  Status run() {
    LITE_TRY(read_names());
    LITE_TRY(find_path());
    LITE_TRY(copy_path());
    LITE_TRY(go_back());
    d_.done = true;
    return make_outputs();
  }

 private:
  Result<ValueId> named(const char* attr, const std::string& name) const {
    const auto v = d_.scope().find(name);
    if (!v || *v == kNoValue)
      return invalid_model("attribute '", attr, "' names ", quoted(name), ", which is no value of the graph");
    return *v;
  }

  Status read_names() {
    for (const Attr& a : d_.node.attrs)
      if (a.name != "xs" && a.name != "zs" && a.name != "y")
        return invalid_model("has no attribute ", quoted(a.name));
    const auto xs = d_.attrs().strs("xs"), zs = d_.attrs().strs("zs");
    if (xs.empty() || d_.node.find("y") == nullptr)
      return invalid_model("attributes 'xs' and 'y' are wanted");
    if (d_.node.in.size() != xs.size() + zs.size())
      return invalid_model("has ", d_.node.in.size(), " inputs, 'xs' and 'zs' name ", xs.size() + zs.size());
    if (d_.node.out.size() > xs.size())
      return invalid_model("has ", d_.node.out.size(), " outputs, 'xs' names ", xs.size());
    LITE_ASSIGN(y_, named("y", std::string(d_.attrs().str("y"))));
    for (size_t i = 0; i < d_.node.in.size(); ++i) {
      const bool is_x = i < xs.size();
      LITE_ASSIGN(const ValueId v, named(is_x ? "xs" : "zs", is_x ? xs[i] : zs[i - xs.size()]));
      if (!d_.has(i)) return invalid_model("input ", i, " is left out");
      if (!given_.emplace(v, d_.node.in[i]).second)
        return invalid_model("attributes 'xs' and 'zs' name ", quoted(d_.graph().value(v).name), " twice");
      if (!is_x) continue;
      xs_.push_back(v);
      const DType type = d_.graph().value(v).fact.dtype;
      if (type != DType::kUndefined && !types::kFloat.has(type))
        return invalid_model("attribute 'xs' names ", quoted(xs[i]), ", which is ", dtype_name(type));
    }
    return ok();
  }

  // Nodes between xs, zs and y, in the order in which they were placed, which is that of the data.
  Status find_path() {
    std::vector<ValueId> open{y_};
    std::set<ValueId> seen;
    while (!open.empty()) {
      const ValueId v = open.back();
      open.pop_back();
      if (!seen.insert(v).second || given_.contains(v)) continue;
      const Value& value = d_.graph().value(v);
      if (value.is_constant()) continue;
      if (value.producer == kNoNode)
        return invalid_model("'y' depends on ", quoted(value.name), ", which is in neither 'xs' nor 'zs'");
      path_.insert(value.producer);
      for (const ValueId in : d_.graph().node(value.producer).in)
        if (in != kNoValue) open.push_back(in);
    }
    return ok();
  }

  ValueId now(ValueId v) const {
    const auto it = now_.find(v);
    return it == now_.end() ? v : it->second;
  }

  Status copy_path() {
    now_ = given_;
    const bool same =
        std::all_of(given_.begin(), given_.end(), [](const auto& g) { return g.first == g.second; });
    for (const NodeId id : path_) {
      if (same) {
        nodes_.push_back(id);
        continue;
      }
      const Node n = d_.graph().node(id);  // placing moves nodes
      std::vector<ValueId> in, out;
      for (const ValueId v : n.in) in.push_back(v == kNoValue ? kNoValue : now(v));
      for (const ValueId v : n.out) out.push_back(v == kNoValue ? kNoValue : d_.add_value(n.op->name));
      for (size_t i = 0; i < out.size(); ++i)
        if (n.out[i] != kNoValue) now_[n.out[i]] = out[i];
      const int32_t before = d_.graph().num_nodes();
      LITE_TRY(d_.emit_copy(n, std::move(in), std::move(out)));
      if (d_.graph().num_nodes() == before + 1) nodes_.push_back(before);
    }
    return ok();
  }

  Status collect(ValueId v, ValueId grad) {
    ValueId& sum = grads_.try_emplace(v, kNoValue).first->second;
    if (sum == kNoValue) {
      sum = grad;
      return ok();
    }
    LITE_ASSIGN(sum, d_.emit("Add", {sum, grad}));
    return ok();
  }

  Result<ValueId> filled(ValueId like, double with) {
    const DType type = d_.graph().value(like).fact.dtype;
    LITE_ASSIGN(const ValueId shape, d_.emit("Shape", {like}));
    LITE_ASSIGN(Tensor value, Tensor::allocate(type == DType::kF64 ? DType::kF64 : DType::kF32, Dims{1}));
    if (type == DType::kF64)
      *value.mutable_data<double>() = with;
    else
      *value.mutable_data<float>() = static_cast<float>(with);
    LITE_ASSIGN(const ValueId full, d_.emit("ConstantOfShape", {shape}, {{"value", std::move(value)}}));
    if (type == DType::kF32 || type == DType::kF64) return full;
    return d_.emit("Cast", {full}, {{"to", static_cast<int64_t>(type)}});
  }

  Status go_back() {
    const ValueId y = now(y_);
    // What a derivative is wanted of: values that an x leads to.
    std::set<ValueId> varies;
    for (const ValueId x : xs_) varies.insert(now(x));
    for (const NodeId id : nodes_) {
      const Node& n = d_.graph().node(id);
      if (std::any_of(n.in.begin(), n.in.end(), [&](ValueId v) { return varies.contains(v); }))
        varies.insert(n.out.begin(), n.out.end());
    }
    if (!varies.contains(y)) return ok();
    LITE_ASSIGN(const ValueId ones, filled(y, 1));
    grads_[y] = ones;
    for (auto it = nodes_.rbegin(); it != nodes_.rend(); ++it) {
      const Node n = d_.graph().node(*it);  // placing moves nodes
      if (std::none_of(n.in.begin(), n.in.end(), [&](ValueId v) { return varies.contains(v); })) continue;
      std::vector<ValueId> back;
      for (const ValueId v : n.out) {
        const auto g = grads_.find(v);
        back.push_back(v == kNoValue || g == grads_.end() ? kNoValue : g->second);
      }
      if (std::all_of(back.begin(), back.end(), [](ValueId v) { return v == kNoValue; })) continue;
      const GradientRule rule = n.op->domain[0] == '\0' ? find_gradient_rule(n.op->name) : nullptr;
      if (rule == nullptr)
        return unsupported("'y' depends on 'xs' through ", n.op->name, " ", quoted(n.name),
                           ", whose derivative is not known here");
      Backward b(d_, n, std::move(back));
      LITE_TRY(rule(b).with_context(cat("derivative of ", n.op->name, " ", quoted(n.name))));
      for (const auto& [i, grad] : b.given())
        if (varies.contains(n.in[i])) LITE_TRY(collect(n.in[i], grad));
    }
    return ok();
  }

  Status make_outputs() {
    for (size_t i = 0; i < d_.node.out.size(); ++i) {
      if (!d_.wants(i)) continue;
      const ValueId x = now(xs_[i]);
      const auto it = grads_.find(x);
      ValueId grad = it == grads_.end() ? kNoValue : it->second;
      if (grad == kNoValue) {
        LITE_ASSIGN(grad, filled(x, 0));
      }
      LITE_TRY(d_.emit_to(d_.node.out[i], "Identity", {grad}));
    }
    return ok();
  }

  Draft& d_;
  ValueId y_ = kNoValue;
  std::vector<ValueId> xs_;
  std::map<ValueId, ValueId> given_;  // the value named and the one given for it
  std::set<NodeId> path_;
  std::vector<NodeId> nodes_;       // to differentiate
  std::map<ValueId, ValueId> now_;  // what stands for a value that was named or copied
  std::map<ValueId, ValueId> grads_;
};

}  // namespace

Status decompose_gradient(Draft& d) { return Differentiation(d).run(); }

}  // namespace lite::onnx
