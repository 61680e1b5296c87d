// Reverse-mode differentiation: what one node passes back. The rules are in gradient_rules.cpp.
#pragma once

#include <map>
#include <string_view>

#include "core/import/onnx/versions.h"

namespace lite::onnx {

// One node on the way back.
class Backward {
 public:
  Backward(Draft& draft, const Node& n, std::vector<ValueId> grads)
      : d(draft), node(n), grads_(std::move(grads)) {}

  Draft& d;
  const Node& node;  // forward

  ValueId x(size_t i = 0) const { return node.in[i]; }
  ValueId y(size_t i = 0) const { return node.out[i]; }
  bool has(size_t i) const { return i < node.in.size() && node.in[i] != kNoValue; }
  AttrReader attrs() const { return AttrReader(node); }
  const Fact& fact(ValueId v) const { return d.graph().value(v).fact; }
  // Of output i; kNoValue when nothing comes back to it.
  ValueId dy(size_t i = 0) const { return grads_[i]; }

  Result<ValueId> emit(const char* op, std::vector<ValueId> in, const Draft::Attrs& attrs = {}) {
    return d.emit(op, std::move(in), attrs);
  }
  // A scalar of the type of `like`.
  Result<ValueId> number(double v, ValueId like) { return d.scalar(fact(like).dtype, v); }
  // Adds to what comes back to input i; `grad` has the shape that x(i) is broadcast to.
  Status give(size_t i, Result<ValueId> grad);
  // By input, what give() collected.
  const std::map<size_t, ValueId>& given() const { return given_; }

 private:
  std::vector<ValueId> grads_;
  std::map<size_t, ValueId> given_;
};

// `grad`, summed over the dimensions along which `x` was broadcast to its shape. kUnsupported when shapes are
// not known well enough to say which they are.
Result<ValueId> sum_to_shape(Draft& d, ValueId grad, ValueId x);

// What passes back through one operator. nullptr: there is no rule. Rules for operators that nothing passes
// back through give nothing.
using GradientRule = Status (*)(Backward& b);
GradientRule find_gradient_rule(std::string_view op);

}  // namespace lite::onnx
