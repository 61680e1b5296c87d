// Normalisations, softmax, and random numbers.
#include <numeric>

#include "core/import/megengine/translator.h"

namespace lite::mge {
namespace {

// (x - mean) / sqrt(var + eps) over axes; tells mean and 1 / deviation.
struct Normalised {
  ValueId y, mean, inverse;
};
Normalised normalise(Builder& b, ValueId x, std::vector<int64_t> axes, double eps) {
  const ValueId over = b.ints(axes), mean = b.add("ReduceMean", {x, over});
  const ValueId centred = b.add("Sub", {x, mean});
  const ValueId variance = b.add("ReduceMean", {b.add("Mul", {centred, centred}), over});
  const ValueId deviation = b.add("Sqrt", {b.add("Add", {variance, b.number(b.dtype(x), eps)})});
  return {b.add("Div", {centred, deviation}), mean, b.add("Reciprocal", {deviation})};
}

// One for each channel of x.
ValueId per_channel(Builder& b, ValueId x, double v) {
  return b.add("Expand", {b.number(b.dtype(x), v), b.dims_of(x, 1, 2)});
}

}  // namespace

// Outputs end with y; what is before it is for training.
Status batch_norm(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(3, 5));
  const fb::BN* p = c.param<fb::BN>();
  const ValueId x = c.in(0);
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  if (p->param_dim() > 3) return invalid_model("its param_dim is ", p->param_dim(), ", which is none");
  const double eps = p->epsilon();
  const size_t last = c.num_out() - 1;
  if (p->fwd_mode() == 0) {
    // Training: the batch's own mean and variance.
    static constexpr int64_t kKept[4][2] = {{2, 3}, {1, 3}, {1, 1}, {3, 3}};
    std::vector<int64_t> axes;
    for (int64_t d = 0; d < rank; ++d)
      if (d < kKept[p->param_dim()][0] || d > kKept[p->param_dim()][1]) axes.push_back(d);
    const Normalised n = normalise(b, x, axes, eps);
    c.out(last, b.add("Add", {b.add("Mul", {n.y, c.in(1)}), c.in(2)}));
    return c.done();
  }
  LITE_TRY(c.want_inputs(5, 5));
  if (p->param_dim() == 2) {
    const auto flat = [&](size_t i) { return b.reshape(c.in(i), {-1}); };
    c.out(last, b.add("BatchNormalization", {x, flat(1), flat(2), flat(3), flat(4)},
                      {attr("epsilon", static_cast<float>(eps))}));
    return c.done();
  }
  const ValueId deviation = b.add("Sqrt", {b.add("Add", {c.in(4), b.number(b.dtype(c.in(4)), eps)})});
  const ValueId y = b.add("Div", {b.add("Sub", {x, c.in(3)}), deviation});
  c.out(last, b.add("Add", {b.add("Mul", {y, c.in(1)}), c.in(2)}));
  return c.done();
}

Status layer_norm(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 3));
  const fb::LayerNorm* p = c.param<fb::LayerNorm>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  const uint64_t dims = p->normalized_dim();
  if (dims < 1 || dims > static_cast<uint64_t>(rank))
    return invalid_model("it normalises ", dims, " of ", rank, " dimensions");
  if (p->affine()) LITE_TRY(c.want_inputs(3, 3));
  const auto n = static_cast<int64_t>(dims);
  const ValueId x = c.in(0);
  const ValueId scale = p->affine() ? c.in(1) : b.reshape(b.number(b.dtype(x), 1), {1});
  const auto out = b.add_all("LayerNormalization", 3, {x, scale, p->affine() ? c.in(2) : kNoValue},
                             {attr("axis", rank - n), attr("epsilon", p->eps())});
  std::vector<int64_t> gone(dims);
  std::iota(gone.begin(), gone.end(), rank - n);
  c.out(0, out[0]);
  for (size_t i = 1; i < 3 && c.makes(i); ++i) c.out(i, b.squeeze(out[i], gone));
  return c.done();
}

// Over the axes from axis_start to before axis_end.
Status general_norm(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 3));
  const fb::GeneralNorm* p = c.param<fb::GeneralNorm>();
  const int64_t rank = c.rank(0);
  LITE_TRY(c.done());
  if (p->axis_start() >= p->axis_end() || p->axis_end() > static_cast<uint64_t>(rank))
    return invalid_model("it normalises axes from ", p->axis_start(), " to ", p->axis_end(), " of ", rank);
  if (p->affine()) LITE_TRY(c.want_inputs(3, 3));
  std::vector<int64_t> axes(p->axis_end() - p->axis_start()), behind;
  std::iota(axes.begin(), axes.end(), static_cast<int64_t>(p->axis_start()));
  for (int64_t d = 0; d < rank - static_cast<int64_t>(p->axis_end()); ++d)
    behind.push_back(static_cast<int64_t>(axes.size()) + d);
  Normalised n = normalise(b, c.in(0), axes, static_cast<double>(p->eps()));
  const ValueId mean = n.mean, inverse = n.inverse;
  if (p->affine())
    n.y = b.add("Add", {b.add("Mul", {n.y, b.unsqueeze(c.in(1), behind)}), b.unsqueeze(c.in(2), behind)});
  c.out(0, n.y);
  if (c.makes(1)) c.out(1, b.squeeze(mean, axes));
  if (c.makes(2)) c.out(2, b.squeeze(inverse, axes));
  return c.done();
}

Status group_norm(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 3));
  const fb::GroupNorm* p = c.param<fb::GroupNorm>();
  LITE_TRY(c.done());
  if (p->format() > 1) return unsupported("a group normalisation of format ", p->format());
  if (p->affine()) LITE_TRY(c.want_inputs(3, 3));
  const Blocked format = p->format() == 1 ? Blocked::kNhwc : Blocked::kNone;
  const ValueId x = c.plain(0, format);
  const ValueId scale = p->affine() ? c.in(1) : per_channel(b, x, 1),
                bias = p->affine() ? c.in(2) : per_channel(b, x, 0);
  const ValueId y = b.add("GroupNormalization", {x, scale, bias},
                          {attr("epsilon", p->eps()), attr("num_groups", static_cast<int64_t>(p->group()))});
  c.out_plain(0, y, format, b.dtype(y));
  if (c.num_out() > 1) {
    // Mean and deviation of each group, which nobody reads in inference, but who knows.
    const ValueId grouped =
        b.reshape_to(x, {b.dims_of(x, 0, 1), b.ints({static_cast<int64_t>(p->group()), -1})});
    const Normalised n = normalise(b, grouped, {2}, static_cast<double>(p->eps()));
    c.out(1, b.squeeze(n.mean, {2}));
    c.out(2, b.squeeze(n.inverse, {2}));
  }
  return c.done();
}

Status instance_norm(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 3));
  const fb::GroupNorm* p = c.param<fb::GroupNorm>();
  LITE_TRY(c.done());
  if (p->format() > 1) return unsupported("an instance normalisation of format ", p->format());
  if (p->affine()) LITE_TRY(c.want_inputs(3, 3));
  const Blocked format = p->format() == 1 ? Blocked::kNhwc : Blocked::kNone;
  const ValueId x = c.plain(0, format);
  const ValueId scale = p->affine() ? b.reshape(c.in(1), {-1}) : per_channel(b, x, 1),
                bias = p->affine() ? b.reshape(c.in(2), {-1}) : per_channel(b, x, 0);
  const ValueId y = b.add("InstanceNormalization", {x, scale, bias}, {attr("epsilon", p->eps())});
  c.out_plain(0, y, format, b.dtype(y));
  if (c.num_out() > 1) {
    const Normalised n = normalise(b, x, {2, 3}, static_cast<double>(p->eps()));
    c.out(1, b.squeeze(n.mean, {2, 3}));
    c.out(2, b.squeeze(n.inverse, {2, 3}));
  }
  return c.done();
}

Status softmax(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Softmax* p = c.param<fb::Softmax>();
  c.out(0, c.b.add("Softmax", {c.in(0)}, {attr("axis", int64_t{p->axis()})}));
  return c.done();
}

Status dropout(Call& c) {
  LITE_TRY(c.want_inputs(1, 1));
  const fb::Dropout* p = c.param<fb::Dropout>();
  LITE_TRY(c.done());
  if (p->drop_prob() != 0) return unsupported("it drops at random, which is for training");
  c.out(0, c.b.add("Identity", {c.in(0)}));
  return c.done();
}

Status uniform_rng(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::UniformRNG* p = c.param<fb::UniformRNG>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const ElementType type, element_type(p->dtype()));
  const ValueId zeros = b.add("ConstantOfShape", {b.reshape(b.cast(c.in(0), DType::kI64), {-1})});
  c.out(0, b.add("RandomUniformLike", {zeros},
                 {attr("dtype", static_cast<int64_t>(type.dtype)),
                  attr("seed", static_cast<float>(p->seed()))}));
  return c.done();
}

Status gaussian_rng(Call& c) {
  Builder& b = c.b;
  LITE_TRY(c.want_inputs(1, 1));
  const fb::GaussianRNG* p = c.param<fb::GaussianRNG>();
  LITE_TRY(c.done());
  LITE_ASSIGN(const ElementType type, element_type(p->dtype()));
  const ValueId zeros = b.add("ConstantOfShape", {b.reshape(b.cast(c.in(0), DType::kI64), {-1})});
  c.out(0,
        b.add("RandomNormalLike", {zeros},
              {attr("dtype", static_cast<int64_t>(type.dtype)), attr("seed", static_cast<float>(p->seed())),
               attr("mean", p->mean()), attr("scale", p->std())}));
  return c.done();
}

}  // namespace lite::mge
