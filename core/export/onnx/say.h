// Formulas in ONNX's words, for what lowers our own operators.
#pragma once

#include <string>
#include <vector>

#include "core/passes/rewrite.h"

namespace lite::onnx {

// Nodes in front of the one that is replaced, one formula's worth.
class Say {
 public:
  Say(passes::Rewriter& rewriter, DType calculated_in) : r(rewriter), type(calculated_in) {}

  passes::Rewriter& r;
  const DType type;

  ValueId operator()(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs = {}) {
    return r.add(op, std::move(in), std::move(attrs));
  }
  ValueId number(double v) {
    if (type == DType::kF32) return r.add_constant({}, Tensor::scalar_f32(static_cast<float>(v)));
    if (type == DType::kI64) return r.add_constant({}, Tensor::scalar_i64(static_cast<int64_t>(v)));
    Tensor t = std::move(Tensor::allocate(DType::kF64, {})).value();
    *t.mutable_data<double>() = v;
    return r.add_constant({}, std::move(t));
  }
  ValueId ints(const std::vector<int64_t>& v) { return r.add_constant({}, Tensor::vector_i64(v)); }
  ValueId cast(ValueId v, DType to) {
    return r.dtype(v) == to ? v : (*this)("Cast", {v}, {{"to", static_cast<int64_t>(to)}});
  }
  ValueId add(ValueId a, ValueId b) { return (*this)("Add", {a, b}); }
  ValueId sub(ValueId a, ValueId b) { return (*this)("Sub", {a, b}); }
  ValueId mul(ValueId a, ValueId b) { return (*this)("Mul", {a, b}); }
  ValueId div(ValueId a, ValueId b) { return (*this)("Div", {a, b}); }
  ValueId abs(ValueId a) { return (*this)("Abs", {a}); }
  ValueId equal(ValueId a, ValueId b) { return (*this)("Equal", {a, b}); }
  ValueId less(ValueId a, ValueId b) { return (*this)("Less", {a, b}); }
  ValueId min(ValueId a, ValueId b) { return (*this)("Min", {a, b}); }
  ValueId max(ValueId a, ValueId b) { return (*this)("Max", {a, b}); }
  ValueId where(ValueId c, ValueId a, ValueId b) { return (*this)("Where", {c, a, b}); }
};

// y, whose type the graph expects, becomes v.
inline bool finish(passes::Rewriter& r, ValueId y, ValueId v) {
  if (r.dtype(v) == r.dtype(y))
    r.replace(y, v);
  else
    r.remake(y, "Cast", {v}, {{"to", static_cast<int64_t>(r.dtype(y))}});
  return true;
}

// False when the node stays; in lower_sampling.cpp and lower_regions.cpp.
bool lower_warp(passes::Rewriter& r, NodeId n);
bool lower_remap(passes::Rewriter& r, NodeId n);
bool lower_roi_align(passes::Rewriter& r, NodeId n);
bool lower_correlation(passes::Rewriter& r, NodeId n);
bool lower_roi_pooling(passes::Rewriter& r, NodeId n);
bool lower_nms(passes::Rewriter& r, NodeId n);

}  // namespace lite::onnx
