#include "core/passes/shapes.h"

#include <algorithm>
#include <numeric>

#include "core/base/half.h"

namespace lite::passes {

bool same_shape(const Fact& a, const Fact& b) {
  if (!a.has_rank || !b.has_rank || a.rank() != b.rank()) return false;
  for (size_t i = 0; i < a.rank(); ++i)
    if (!same_dim(a.dims[i], b.dims[i])) return false;
  return true;
}

bool same_shape_after_reshape(const Fact& in, const Fact& out) {
  if (!in.has_rank || !out.has_rank || in.rank() != out.rank()) return false;
  int doubtful = 0;
  for (size_t i = 0; i < in.rank(); ++i) {
    if (in.dims[i] == 0 || out.dims[i] == 0) return false;
    if (!same_dim(in.dims[i], out.dims[i])) ++doubtful;
  }
  return doubtful <= 1;
}

std::optional<std::vector<int64_t>> reshape_target(const Fact& in, const Fact& out) {
  if (!out.has_rank) return std::nullopt;
  std::vector<int64_t> target;
  bool inferred = false;
  for (size_t i = 0; i < out.rank(); ++i) {
    const int64_t d = out.dims[i];
    if (d == 0) return std::nullopt;
    if (d > 0) {
      target.push_back(d);
    } else if (in.has_rank && i < in.rank() && same_dim(d, in.dims[i])) {
      target.push_back(0);
    } else if (!inferred) {
      inferred = true;
      target.push_back(-1);
    } else {
      return std::nullopt;
    }
  }
  return target;
}

std::optional<int64_t> extent_along(const Tensor& t, size_t rank, size_t axis) {
  if (t.rank() > rank) return std::nullopt;
  int64_t extent = 1;
  for (size_t i = 0; i < t.rank(); ++i) {
    if (t.dims()[i] == 1) continue;
    if (rank - t.rank() + i != axis) return std::nullopt;
    extent = t.dims()[i];
  }
  return extent;
}

std::optional<std::vector<int64_t>> reduced_axes(const Rewriter& r, NodeId n) {
  const Fact& x = r.fact(r.in(n, 0));
  if (!x.has_rank) return std::nullopt;
  const auto rank = static_cast<int64_t>(x.rank());
  std::vector<int64_t> axes;
  if (r.in(n, 1) != kNoValue) {
    const Tensor* t = r.constant_in(n, 1);
    if (t == nullptr) return std::nullopt;
    const Dims d = t->to_ints();
    axes.assign(d.begin(), d.end());
  } else {
    const auto a = r.attrs(n).ints("axes");
    axes.assign(a.begin(), a.end());
  }
  if (axes.empty()) {
    if (r.attrs(n).i64("noop_with_empty_axes") != 0) return axes;
    axes.resize(static_cast<size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
  }
  for (int64_t& a : axes) {
    if (a < 0) a += rank;
    if (a < 0 || a >= rank) return std::nullopt;
  }
  std::sort(axes.begin(), axes.end());
  return axes;
}

bool trailing(const std::vector<int64_t>& axes, size_t rank) {
  for (size_t i = 0; i < axes.size(); ++i)
    if (axes[i] != static_cast<int64_t>(rank - axes.size() + i)) return false;
  return !axes.empty();
}

std::optional<std::vector<int64_t>> permutation(const Rewriter& r, NodeId transpose) {
  const auto attr = r.attrs(transpose).ints("perm");
  if (!attr.empty()) {
    // Inference looks at it only once the rank is known.
    std::vector<char> seen(attr.size(), 0);
    for (const int64_t p : attr) {
      if (p < 0 || p >= static_cast<int64_t>(attr.size()) || seen[static_cast<size_t>(p)])
        return std::nullopt;
      seen[static_cast<size_t>(p)] = 1;
    }
    return std::vector<int64_t>(attr.begin(), attr.end());
  }
  const Fact& x = r.fact(r.in(transpose, 0));
  if (!x.has_rank) return std::nullopt;
  std::vector<int64_t> perm(x.rank());
  std::iota(perm.rbegin(), perm.rend(), 0);
  return perm;
}

bool is_identity(const std::vector<int64_t>& perm) {
  for (size_t i = 0; i < perm.size(); ++i)
    if (perm[i] != static_cast<int64_t>(i)) return false;
  return true;
}

std::vector<int64_t> compose(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  std::vector<int64_t> c;
  for (const int64_t i : b) c.push_back(a[static_cast<size_t>(i)]);
  return c;
}

std::optional<size_t> fact_bytes(const Fact& f) {
  if (!f.is_static()) return std::nullopt;
  const auto n = checked_elements(f.dims);
  return n ? dtype_bytes(f.dtype, *n) : std::nullopt;
}

std::vector<double> to_doubles(const Tensor& t) {
  std::vector<double> v(static_cast<size_t>(t.elements()));
  for (size_t i = 0; i < v.size(); ++i) v[i] = t.float_at(static_cast<int64_t>(i));
  return v;
}

Result<Tensor> from_doubles(DType dtype, Dims dims, const std::vector<double>& values) {
  LITE_ASSIGN(Tensor t, Tensor::allocate(dtype, std::move(dims)));
  for (size_t i = 0; i < values.size(); ++i) {
    switch (dtype) {
      case DType::kF32:
        t.mutable_data<float>()[i] = static_cast<float>(values[i]);
        break;
      case DType::kF64:
        t.mutable_data<double>()[i] = values[i];
        break;
      case DType::kF16:
        t.mutable_data<uint16_t>()[i] = f32_to_f16(static_cast<float>(values[i]));
        break;
      case DType::kBF16:
        t.mutable_data<uint16_t>()[i] = f32_to_bf16(static_cast<float>(values[i]));
        break;
      default:
        return unsupported("constant of type ", dtype_name(dtype), " from real numbers");
    }
  }
  return t;
}

Result<Tensor> filled(DType dtype, Dims dims, double v) {
  const auto n = static_cast<size_t>(elements(dims));
  return from_doubles(dtype, std::move(dims), std::vector<double>(n, v));
}

}  // namespace lite::passes
