#include "core/ops/op.h"

namespace lite::ops {

Result<Dims> broadcast(const Dims& a, const Dims& b) {
  Dims out(std::max(a.size(), b.size()));
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t back = out.size() - i;
    const int64_t x = back <= a.size() ? a[a.size() - back] : 1;
    const int64_t y = back <= b.size() ? b[b.size() - back] : 1;
    if (x == y || y == 1)
      out[i] = x;
    else if (x == 1)
      out[i] = y;
    else if (x >= 0 && y >= 0)
      return invalid_model("shapes ", a, " and ", b, " cannot be broadcast together");
    else if (x > 1 || y > 1)
      out[i] = x > 1 ? x : y;  // the unknown one must be 1 or equal
    else if (x == 0 || y == 0)
      out[i] = 0;
    else
      out[i] = kUnknownDim;
  }
  return out;
}

Result<Fact> broadcast(std::span<const Fact> facts) {
  Fact out(facts.empty() ? DType::kUndefined : facts[0].dtype);
  Dims dims;
  for (const Fact& f : facts) {
    if (!f.has_rank) return out;
    LITE_ASSIGN(dims, broadcast(dims, f.dims));
  }
  out.has_rank = true;
  out.dims = std::move(dims);
  return out;
}

Result<int64_t> normalize_axis(const char* op, int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return invalid_model(op, ": axis ", axis, " is out of range for rank ", rank, ", wanted in [", -rank, ",",
                         rank, ")");
  return axis < 0 ? axis + rank : axis;
}

Result<std::vector<int64_t>> normalize_axes(const char* op, std::span<const int64_t> axes, int64_t rank) {
  std::vector<int64_t> out;
  for (const int64_t axis : axes) {
    LITE_ASSIGN(const int64_t a, normalize_axis(op, axis, rank));
    out.push_back(a);
  }
  std::sort(out.begin(), out.end());
  const auto twice = std::adjacent_find(out.begin(), out.end());
  if (twice != out.end()) return invalid_model(op, ": axis ", *twice, " is given twice");
  return out;
}

Fact unknown_dims(DType dtype, size_t rank) { return Fact(dtype, Dims(rank, kUnknownDim)); }

Status infer_same(const InferArgs& a) {
  a.out[0] = a.in[0];
  return ok();
}

Dims broadcast_strides(const Dims& dims, const Dims& to) {
  const Dims own = row_major_strides(dims);
  Dims out(to.size(), 0);
  const size_t lead = to.size() - dims.size();
  for (size_t i = 0; i < dims.size(); ++i) out[lead + i] = dims[i] == 1 ? 0 : own[i];
  return out;
}

}  // namespace lite::ops
