// A per-channel scale and shift after Conv, ConvTranspose, Gemm or MatMul goes into their weights and bias:
// BatchNormalization, and Mul, Div, Add, Sub by a constant with one number a channel, or one for all; an Add
// also past a sum with something else. A BatchNormalization that finds no such node becomes Mul and Add,
// which fuse with what is around them.

#include <cmath>
#include <cstring>

#include "core/base/mapped_file.h"
#include "core/passes/passes.h"
#include "core/passes/shapes.h"

namespace lite::passes {
namespace {

// y * scale + shift, a number a channel.
struct Affine {
  std::vector<double> scale, shift;
  bool scales() const {
    for (const double s : scale)
      if (s != 1) return true;
    return false;
  }
  bool shifts() const {
    for (const double s : shift)
      if (s != 0) return true;
    return false;
  }
};

bool is_inference_batch_norm(const Rewriter& r, NodeId n) {
  if (!r.is(n, "BatchNormalization") || r.attrs(n).i64("training_mode") != 0 || r.node(n).out.size() != 1)
    return false;
  for (size_t i = 1; i < 5; ++i)
    if (r.constant_in(n, i) == nullptr || r.constant_in(n, i)->elements() != r.constant_in(n, 1)->elements())
      return false;
  return true;
}

Affine of_batch_norm(const Rewriter& r, NodeId n) {
  const double epsilon = static_cast<double>(r.attrs(n).f32("epsilon", 1e-5F));
  Affine a{to_doubles(*r.constant_in(n, 1)), to_doubles(*r.constant_in(n, 2))};
  const Tensor &mean = *r.constant_in(n, 3), &var = *r.constant_in(n, 4);
  for (size_t c = 0; c < a.scale.size(); ++c) {
    const auto i = static_cast<int64_t>(c);
    a.scale[c] /= std::sqrt(var.float_at(i) + epsilon);
    a.shift[c] -= mean.float_at(i) * a.scale[c];
  }
  return a;
}

// What node n does to input y, which has `rank` dimensions and `channels` along `axis`; nullopt, too, when
// that is a shift and there is no place for one.
std::optional<Affine> read_affine(const Rewriter& r, NodeId n, ValueId y, size_t rank, size_t axis,
                                  int64_t channels, bool can_shift) {
  if (is_inference_batch_norm(r, n) && r.in(n, 0) == y && axis == 1) {
    Affine a = of_batch_norm(r, n);
    if (static_cast<int64_t>(a.scale.size()) != channels || (a.shifts() && !can_shift)) return std::nullopt;
    return a;
  }
  const bool add = r.is(n, "Add"), sub = r.is(n, "Sub"), mul = r.is(n, "Mul"), div = r.is(n, "Div");
  if (!add && !sub && !mul && !div) return std::nullopt;
  const bool first = r.in(n, 0) == y;
  const Tensor* const c = r.constant_in(n, first ? 1 : 0);
  if (c == nullptr || (div && !first)) return std::nullopt;
  const auto extent = extent_along(*c, rank, axis);
  if (!extent || (*extent != 1 && *extent != channels)) return std::nullopt;
  // The bias behind every MatMul comes by here, in each round, for each new shape.
  for (int64_t i = 0; (add || sub) && !can_shift && i < *extent; ++i)
    if (c->float_at(i) != 0) return std::nullopt;
  const auto size = static_cast<size_t>(channels);
  Affine a{std::vector<double>(size, 1), std::vector<double>(size, 0)};
  for (size_t i = 0; i < size; ++i) {
    const double v = c->float_at(*extent == 1 ? 0 : static_cast<int64_t>(i));
    if (mul) a.scale[i] = v;
    if (div) a.scale[i] = 1 / v;
    if (add) a.shift[i] = v;
    if (sub) a.shift[i] = first ? -v : v;
    if (sub && !first) a.scale[i] = -1;
    if (!std::isfinite(a.scale[i]) || !std::isfinite(a.shift[i])) return std::nullopt;
  }
  return a;
}

// How the weights of a node lie: channel of element i is (i / inner) % per_group, plus, for a grouped
// transposed convolution, the group's first channel.
struct Weights {
  int64_t channels = 0, inner = 1, per_group = 0, group_stride = 0;
  size_t channel(int64_t i) const {
    const int64_t group = group_stride == 0 ? 0 : i / group_stride;
    return static_cast<size_t>(group * per_group + i / inner % per_group);
  }
};

struct Target {
  Weights weights;
  size_t rank, axis;  // of the output
  size_t bias_input = 2;
  bool can_shift = true;
  double bias_factor = 1;  // Gemm's beta
};

std::optional<Target> read_target(const Rewriter& r, NodeId n) {
  const bool conv = r.is(n, "Conv"), deconv = r.is(n, "ConvTranspose"), gemm = r.is(n, "Gemm"),
             matmul = r.is(n, "MatMul");
  if (!conv && !deconv && !gemm && !matmul) return std::nullopt;
  const Tensor* const w = r.constant_in(n, 1);
  if (w == nullptr || !types::kFloat.has(w->dtype()) || w->rank() < 2) return std::nullopt;
  const ValueId bias = r.in(n, 2);
  if (bias != kNoValue && r.constant(bias) == nullptr) return std::nullopt;
  const Dims& d = w->dims();
  if (gemm && d.size() != 2) return std::nullopt;
  const auto inner_of = [&](size_t axis) { return elements(std::span<const int64_t>(d).subspan(axis + 1)); };
  Target t{{}, d.size(), 1};
  if (conv) {
    t.weights = {d[0], inner_of(0), d[0], 0};
  } else if (deconv) {
    const int64_t group = r.attrs(n).i64("group", 1);
    if (group <= 0 || d[0] % group != 0) return std::nullopt;
    t.weights = {d[1] * group, inner_of(1), d[1], d[0] / group * d[1] * inner_of(1)};
  } else if (gemm) {
    const size_t axis = r.attrs(n).i64("transB") != 0 ? 0 : 1;
    t.weights = {d[axis], inner_of(axis), d[axis], 0};
    t.bias_factor = static_cast<double>(r.attrs(n).f32("beta", 1));
    if (bias != kNoValue && !extent_along(*r.constant(bias), 2, 1)) return std::nullopt;
  } else {
    const Fact& y = r.fact(r.out(n));
    if (d.size() != 2 || !y.has_rank || y.rank() < 1) return std::nullopt;
    t.weights = {d[1], 1, d[1], 0};
    t.rank = y.rank();
    t.axis = y.rank() - 1;
    t.can_shift = false;
  }
  if (t.weights.channels <= 0 || t.weights.inner <= 0) return std::nullopt;
  if (bias == kNoValue) return t;
  const int64_t biases = r.constant(bias)->elements();
  return biases == 1 || biases == t.weights.channels ? std::optional(t) : std::nullopt;
}

// kCount elements, together, so that the compiler takes vectors.
template <int64_t kCount, class T>
void scale(const std::byte* from, T* to, double by) {
  T v[kCount];
  std::memcpy(v, from, sizeof v);
  for (T& e : v) e = static_cast<T>(static_cast<double>(e) * by);
  std::memcpy(to, v, sizeof v);
}

// Runs of `inner` elements belong to one channel. `from` need not be aligned.
template <class T>
void scale_runs(const void* from, T* to, int64_t elements, const Weights& layout,
                const std::vector<double>& factors) {
  constexpr int64_t kCount = 8;
  const auto at = [&](int64_t k) {
    return static_cast<const std::byte*>(from) + static_cast<size_t>(k) * sizeof(T);
  };
  for (int64_t i = 0; i < elements; i += layout.inner) {
    const double by = factors[layout.channel(i)];
    int64_t k = i;
    for (; k + kCount <= i + layout.inner; k += kCount) scale<kCount>(at(k), to + k, by);
    for (; k < i + layout.inner; ++k) scale<1>(at(k), to + k, by);
  }
}

// Weights below this are not worth memory of their own kind.
constexpr size_t kLarge = size_t{64} << 10;

// The stored weights stay where they are; a kernel that packs the scaled ones needs them for as long only.
template <class T>
Result<Tensor> scaled_as(const Tensor& weights, const Weights& layout, const std::vector<double>& scale) {
  const auto fill = [weights, layout, scale](void* to) {
    scale_runs(weights.raw(), static_cast<T*>(to), weights.elements(), layout, scale);
    forget_pages(weights.address(), weights.bytes());
  };
  if (weights.bytes() >= kLarge) return Tensor::derived(weights.dtype(), weights.dims(), fill);
  LITE_ASSIGN(Tensor to, Tensor::allocate(weights.dtype(), weights.dims()));
  fill(to.mutable_raw());
  return to;
}

Result<Tensor> scaled(const Tensor& weights, const Weights& layout, const std::vector<double>& scale) {
  switch (weights.dtype()) {
    case DType::kF32:
      return scaled_as<float>(weights, layout, scale);
    case DType::kF64:
      return scaled_as<double>(weights, layout, scale);
    default: {
      std::vector<double> values = to_doubles(weights);
      scale_runs(values.data(), values.data(), weights.elements(), layout, scale);
      return from_doubles(weights.dtype(), weights.dims(), values);
    }
  }
}

Status fold_into(Rewriter& r, NodeId n, const Target& t, const Affine& a, ValueId y) {
  std::vector<ValueId> in = r.node(n).in;
  std::vector<Attr> attrs = r.node(n).attrs;
  const char* const op = r.node(n).op->name;
  const Tensor& w = *r.constant(in[1]);
  const DType type = w.dtype();
  const auto channels = static_cast<size_t>(t.weights.channels);
  if (a.scales()) {
    LITE_ASSIGN(Tensor folded, scaled(w, t.weights, a.scale));
    in[1] = r.add_constant(r.graph().value(in[1]).name, std::move(folded));
  }
  if (t.can_shift) {
    const Tensor* const old = in.size() > 2 ? r.constant(in[2]) : nullptr;
    std::vector<double> bias(channels, 0);
    for (size_t c = 0; c < channels; ++c) {
      const double b = old == nullptr ? 0 : old->float_at(old->elements() == 1 ? 0 : static_cast<int64_t>(c));
      bias[c] = b * t.bias_factor * a.scale[c] + a.shift[c];
    }
    if (old != nullptr || a.shifts()) {
      LITE_ASSIGN(Tensor folded, from_doubles(type, Dims{t.weights.channels}, bias));
      in.resize(3, kNoValue);
      in[2] = r.add_constant(old != nullptr ? r.graph().value(in[2]).name : std::string(), std::move(folded));
      if (t.bias_factor != 1) std::erase_if(attrs, [](const Attr& x) { return x.name == "beta"; });
    }
  }
  r.remake(y, op, std::move(in), std::move(attrs));
  return ok();
}

Result<bool> fold_after(Rewriter& r, NodeId n) {
  if (!r.is(n, "Add") && !r.is(n, "Sub") && !r.is(n, "Mul") && !r.is(n, "Div") &&
      !r.is(n, "BatchNormalization"))
    return false;
  for (const ValueId v : std::vector<ValueId>(r.node(n).in)) {
    const NodeId core = r.producer(v);
    if (core == kNoNode || !r.used_once(v) || r.node(core).out.size() != 1) continue;
    const auto target = read_target(r, core);
    if (!target) continue;
    const auto affine =
        read_affine(r, n, v, target->rank, target->axis, target->weights.channels, target->can_shift);
    if (!affine) continue;
    // The constant may broadcast the other way round and make the result larger.
    if (r.fact(r.out(n)).has_rank && r.fact(r.out(n)).rank() != target->rank) continue;
    LITE_TRY(fold_into(r, core, *target, *affine, r.out(n)));
    return true;
  }
  return false;
}

// (p + conv) + c is p + (conv + c): what is added after a residual sum goes into the node before it.
Result<bool> fold_before_sum(Rewriter& r, NodeId n) {
  if (!r.is(n, "Add")) return false;
  for (const ValueId v : std::vector<ValueId>(r.node(n).in)) {
    const NodeId sum = r.made_by(v, "Add");
    if (sum == kNoNode || !r.used_once(v)) continue;
    for (const ValueId part : std::vector<ValueId>(r.node(sum).in)) {
      const NodeId core = r.producer(part);
      if (core == kNoNode || !r.used_once(part) || r.node(core).out.size() != 1) continue;
      const auto target = read_target(r, core);
      const Fact& y = r.fact(r.out(n));
      if (!target || !target->can_shift || !y.has_rank || y.rank() != target->rank) continue;
      const auto affine = read_affine(r, n, v, target->rank, target->axis, target->weights.channels, true);
      if (!affine || affine->scales()) continue;
      const ValueId other = r.other_input(sum, part);
      LITE_TRY(fold_into(r, core, *target, *affine, part));
      r.remake(r.out(n), "Add", {other, part});
      return true;
    }
  }
  return false;
}

Status to_mul_add(Rewriter& r, NodeId n) {
  const ValueId x = r.in(n, 0), y = r.out(n);
  const Fact& f = r.fact(x);
  if (!f.has_rank || f.rank() < 2 || !types::kFloat.has(f.dtype)) return ok();
  const Affine a = of_batch_norm(r, n);
  Dims dims(f.rank() - 1, 1);
  dims[0] = static_cast<int64_t>(a.scale.size());
  const DType type = f.dtype;
  LITE_ASSIGN(Tensor scale, from_doubles(type, dims, a.scale));
  LITE_ASSIGN(Tensor shift, from_doubles(type, dims, a.shift));
  const ValueId product = r.add("Mul", {x, r.add_constant({}, std::move(scale))});
  r.remake(y, "Add", {product, r.add_constant({}, std::move(shift))});
  return ok();
}

}  // namespace

Result<bool> fold_batch_norm(Rewriter& r, const PassOptions&) {
  if (!r.has_any({"Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization"})) return false;
  LITE_ASSIGN(const std::vector<NodeId> order, r.graph().topological_order());
  for (const NodeId n : order) {
    if (!r.alive(n)) continue;
    LITE_ASSIGN(bool folded, fold_after(r, n));
    if (!folded && r.alive(n)) {
      LITE_ASSIGN(folded, fold_before_sum(r, n));
    }
    if (!folded && r.alive(n) && is_inference_batch_norm(r, n)) LITE_TRY(to_mul_add(r, n));
  }
  return r.changed();
}

}  // namespace lite::passes
