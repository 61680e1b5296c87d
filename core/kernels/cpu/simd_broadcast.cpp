#include "core/kernels/cpu/simd_broadcast.h"

namespace lite::simd {
namespace {

// Dims in front made 1 until there are `rank`.
Dims aligned(const Dims& dims, size_t rank) {
  Dims out(rank, 1);
  std::copy(dims.begin(), dims.end(), out.begin() + (rank - dims.size()));
  return out;
}

// Its elements follow each other in row-major order of N and C alone.
bool is_plain_channels(const Operand& o, const Dims& dims) {
  for (size_t d = 2; d < dims.size(); ++d)
    if (dims[d] != 1) return false;
  const int64_t block = block_of(o.layout);
  return block == 0 || dims[1] % block == 0;
}

// Strides of an operand in the output's physical dimensions; nullopt when its layout does not fit.
std::optional<Dims> physical_strides(const Operand& o, const Operand& out) {
  const size_t rank = out.dims.size();
  const int64_t block = block_of(out.layout);
  const Dims dims = aligned(o.dims, rank);
  if (out.layout == Layout::kPlain) {
    if (o.layout != Layout::kPlain && !is_plain_channels(o, dims)) return std::nullopt;
    Dims strides = row_major_strides(dims);
    for (size_t d = 0; d < rank; ++d)
      if (dims[d] == 1) strides[d] = 0;
    return strides;
  }
  if (o.layout == out.layout && o.dims.size() == rank) {
    const Dims stored = physical_dims(dims, o.layout);
    Dims strides = row_major_strides(stored);
    for (size_t d = 0; d < stored.size(); ++d)
      if (stored[d] == 1) strides[d] = 0;
    // A single channel stretched over all: only the first lane of its block holds it.
    if (block != 0 && dims[1] == 1 && out.dims[1] != 1) strides.back() = 0;
    return strides;
  }
  Dims strides(rank + (block != 0 ? 1 : 0), 0);
  if (lite::elements(dims) == 1) return strides;
  if (!is_plain_channels(o, dims)) return std::nullopt;
  if (dims[0] != 1) strides[0] = dims[1];
  if (dims[1] != 1) {
    strides.back() = 1;
    if (block != 0) {
      if (dims[1] % block != 0) return std::nullopt;  // its last block would be read beyond its end
      strides[1] = block;
    }
  }
  return strides;
}

}  // namespace

Dims physical_dims(const Dims& dims, Layout layout) {
  if (layout == Layout::kPlain) return dims;
  const int64_t block = block_of(layout);
  Dims out;
  out.push_back(dims[0]);
  if (block != 0) out.push_back(ceil_div(dims[1], block));
  for (size_t d = 2; d < dims.size(); ++d) out.push_back(dims[d]);
  out.push_back(block != 0 ? block : dims[1]);
  return out;
}

std::vector<Operand> present(std::span<const Operand> operands) {
  std::vector<Operand> list;
  for (const Operand& o : operands)
    if (o.present()) list.push_back(o);
  return list;
}

std::optional<BroadcastPlan> BroadcastPlan::make(const std::vector<Operand>& in, const Operand& out) {
  if (in.size() > kMaxOperands) return std::nullopt;
  BroadcastPlan plan;
  const size_t count = in.size();
  const Dims dims = physical_dims(out.dims, out.layout);
  std::vector<Dims> strides;
  for (const Operand& o : in) {
    auto s = physical_strides(o, out);
    if (!s) return std::nullopt;
    strides.push_back(std::move(*s));
  }
  if (const int64_t block = block_of(out.layout); block != 0 && out.dims[1] % block != 0) {
    plan.block_ = block;
    plan.used_ = out.dims[1] % block;
    plan.batch_ = out.dims[0];
    plan.blocks_ = dims[1];
    plan.spatial_ = lite::elements(std::span<const int64_t>(dims).subspan(2, dims.size() - 3));
  }

  // Merged dimensions, innermost first; each has `count` strides.
  std::vector<int64_t> sizes, steps;
  for (size_t d = dims.size(); d-- > 0;) {
    if (dims[d] == 1) continue;
    bool merge = !sizes.empty();
    for (size_t k = 0; k < count && merge; ++k)
      merge = strides[k][d] == steps[steps.size() - count + k] * sizes.back();
    if (merge) {
      sizes.back() *= dims[d];
      continue;
    }
    sizes.push_back(dims[d]);
    for (size_t k = 0; k < count; ++k) steps.push_back(strides[k][d]);
  }
  plan.row_stride.assign(count, 0);
  plan.inner.assign(count, 0);
  const auto steps_of = [&](size_t level) {
    return steps.begin() + static_cast<std::ptrdiff_t>(level * count);
  };
  if (!sizes.empty()) {
    plan.n = sizes[0];
    std::copy_n(steps_of(0), count, plan.inner.begin());
  }
  if (sizes.size() > 1) {
    plan.rows = sizes[1];
    std::copy_n(steps_of(1), count, plan.row_stride.begin());
  }
  for (size_t level = sizes.size(); level-- > 2;) {
    plan.outer_.push_back(sizes[level]);
    plan.outer_count_ *= sizes[level];
    plan.outer_stride_.insert(plan.outer_stride_.end(), steps_of(level),
                              steps_of(level) + static_cast<std::ptrdiff_t>(count));
  }
  if (plan.n == 0 || plan.rows == 0) plan.outer_count_ = 0;
  return plan;
}

void BroadcastPlan::clear_padding(void* out, size_t element, const Parallel& parallel) const {
  if (block_ == 0) return;
  auto* const bytes = static_cast<unsigned char*>(out);
  const size_t lead = static_cast<size_t>(used_) * element,
               rest = static_cast<size_t>(block_ - used_) * element;
  parallel.for_range(batch_ * spatial_, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t b = i / spatial_, s = i % spatial_;
      const int64_t at = ((b * blocks_ + blocks_ - 1) * spatial_ + s) * block_;
      memset(bytes + static_cast<size_t>(at) * element + lead, 0, rest);
    }
  });
}

}  // namespace lite::simd
