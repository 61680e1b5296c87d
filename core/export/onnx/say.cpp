#include "core/export/onnx/say.h"

namespace lite::onnx {

ValueId Say::operator()(const char* op, std::vector<ValueId> in, std::vector<Attr> attrs) {
  return r.add(op, std::move(in), std::move(attrs));
}
ValueId Say::operator()(const char* op, std::initializer_list<ValueId> in) {
  return r.add(op, std::vector<ValueId>(in));
}
ValueId Say::operator()(const char* op, std::initializer_list<ValueId> in,
                        std::initializer_list<Attr> attrs) {
  return r.add(op, std::vector<ValueId>(in), std::vector<Attr>(attrs));
}

ValueId Say::number(double v) {
  if (type == DType::kF32) return r.add_constant({}, Tensor::scalar_f32(static_cast<float>(v)));
  if (type == DType::kI64) return r.add_constant({}, Tensor::scalar_i64(static_cast<int64_t>(v)));
  Tensor t = std::move(Tensor::allocate(DType::kF64, {})).value();
  *t.mutable_data<double>() = v;
  return r.add_constant({}, std::move(t));
}
ValueId Say::ints(const std::vector<int64_t>& v) { return r.add_constant({}, Tensor::vector_i64(v)); }
ValueId Say::ints(std::initializer_list<int64_t> v) { return ints(std::vector<int64_t>(v)); }
ValueId Say::cast(ValueId v, DType to) {
  return r.dtype(v) == to ? v : (*this)("Cast", {v}, {{"to", static_cast<int64_t>(to)}});
}
ValueId Say::add(ValueId a, ValueId b) { return (*this)("Add", {a, b}); }
ValueId Say::sub(ValueId a, ValueId b) { return (*this)("Sub", {a, b}); }
ValueId Say::mul(ValueId a, ValueId b) { return (*this)("Mul", {a, b}); }
ValueId Say::div(ValueId a, ValueId b) { return (*this)("Div", {a, b}); }
ValueId Say::equal(ValueId a, ValueId b) { return (*this)("Equal", {a, b}); }
ValueId Say::less(ValueId a, ValueId b) { return (*this)("Less", {a, b}); }
ValueId Say::min(ValueId a, ValueId b) { return (*this)("Min", {a, b}); }
ValueId Say::max(ValueId a, ValueId b) { return (*this)("Max", {a, b}); }
ValueId Say::abs(ValueId a) { return (*this)("Abs", {a}); }
ValueId Say::where(ValueId c, ValueId a, ValueId b) { return (*this)("Where", {c, a, b}); }

bool finish(passes::Rewriter& r, ValueId y, ValueId v) {
  if (r.dtype(v) == r.dtype(y))
    r.replace(y, v);
  else
    r.remake(y, "Cast", {v}, {{"to", static_cast<int64_t>(r.dtype(y))}});
  return true;
}

}  // namespace lite::onnx
