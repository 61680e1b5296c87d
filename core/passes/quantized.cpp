#include "core/passes/quantized.h"

#include <cstring>

namespace lite::passes {
namespace {

constexpr TypeSet kByte = DType::kI8 | DType::kU8;

std::optional<Quantized> read(const Rewriter& r, NodeId n, ValueId q, bool along_axis) {
  Quantized result{q, r.in(n, 1), r.in(n, 2), r.dtype(q), 0};
  const Tensor* const scale = r.constant(result.scale);
  if (!kByte.has(result.type) || scale == nullptr || scale->dtype() != DType::kF32) return std::nullopt;
  if (r.attrs(n).i64("block_size") != 0 || (scale->elements() != 1 && (!along_axis || scale->rank() != 1)))
    return std::nullopt;
  if (result.zero != kNoValue) {
    const Tensor* const zero = r.constant(result.zero);
    if (zero == nullptr || zero->elements() != scale->elements()) return std::nullopt;
  }
  result.axis = r.attrs(n).i64("axis", 1);
  if (result.axis < 0 && r.fact(q).has_rank) result.axis += static_cast<int64_t>(r.fact(q).rank());
  return result;
}

}  // namespace

std::optional<Quantized> dequantized(const Rewriter& r, ValueId v) {
  const NodeId n = r.made_by(v, "DequantizeLinear");
  return n == kNoNode || r.dtype(v) != DType::kF32 ? std::nullopt : read(r, n, r.in(n, 0), false);
}

std::optional<Quantized> dequantized_constant(const Rewriter& r, ValueId v) {
  const NodeId n = r.made_by(v, "DequantizeLinear");
  if (n == kNoNode || r.dtype(v) != DType::kF32 || r.constant_in(n, 0) == nullptr) return std::nullopt;
  return read(r, n, r.in(n, 0), true);
}

std::optional<Quantized> read_quantize(const Rewriter& r, NodeId n) {
  if (!r.is(n, "QuantizeLinear") || r.dtype(r.in(n, 0)) != DType::kF32) return std::nullopt;
  return read(r, n, r.out(n), false);
}

std::optional<Quantized> quantized_result(const Rewriter& r, ValueId v) {
  const NodeId n = r.only_user(v);
  return n == kNoNode ? std::nullopt : read_quantize(r, n);
}

int64_t zero_point(const Rewriter& r, const Quantized& q) {
  return q.zero == kNoValue ? 0 : r.constant(q.zero)->int_at(0);
}

float scale_of(const Rewriter& r, const Quantized& q) {
  return static_cast<float>(r.constant(q.scale)->float_at(0));
}

bool same_parameters(const Rewriter& r, const Quantized& a, const Quantized& b) {
  return a.type == b.type && scale_of(r, a) == scale_of(r, b) && zero_point(r, a) == zero_point(r, b);
}

ValueId zero_value(Rewriter& r, const Quantized& q) {
  if (q.zero != kNoValue) return q.zero;
  Tensor zero = std::move(Tensor::allocate(q.type, r.constant(q.scale)->dims())).value();
  std::memset(zero.mutable_raw(), 0, zero.bytes());
  return r.add_constant({}, std::move(zero));
}

}  // namespace lite::passes
