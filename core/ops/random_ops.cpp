// Random numbers, and Dropout.
//
//   RandomNormal, RandomUniform          attrs shape ints, dtype int default float32, seed float
//   RandomNormalLike, RandomUniformLike  in input, whose shape is taken; attrs dtype int, default its type,
//   seed
//        Normal: attrs mean float, default 0, scale float, default 1; Uniform: low, default 0, high, default
//        1
//   Bernoulli    in input, probabilities; out 1 or 0 of attr dtype, default the type of the input
//   Multinomial  in input [batch, classes], logarithms of weights; attrs sample_size int, default 1, dtype
//   int, default
//                int32; out classes [batch, sample_size]
//   Dropout      in data, ratio optional float, default 0.5, training_mode optional bool, default false; attr
//   seed int
//                out output, mask optional bool. In training, elements are 0 with probability ratio, else
//                scaled by 1 / (1 - ratio); otherwise output is data and mask is true.
//
// The same seed gives the same numbers, those that ONNX's reference implementation draws from NumPy; without
// one every run has its own.

#include <atomic>
#include <bit>
#include <cmath>
#include <random>

#include "core/ops/strided.h"

namespace lite::ops {
namespace {

// The Mersenne twister, drawn from as NumPy's RandomState does, so that a seed gives the numbers that models
// were tested with. Statistical use only.
class Generator {
 public:
  explicit Generator(uint32_t seed) : bits_(seed) {}
  // In [0, 1).
  double uniform() {
    const auto high = static_cast<double>(bits_() >> 5), low = static_cast<double>(bits_() >> 6);
    return (high * 0x1p26 + low) * 0x1p-53;
  }
  // Whether a trial succeeds whose probability is p, as RandomState's binomial(1, p) draws it: the rarer
  // outcome is found by inversion, which falls back on another number in what rounding leaves of the range.
  bool trial(double p) {
    const bool likely = p > 0.5;
    const double rare = likely ? 1 - p : p;
    const double none = std::exp(std::log(1.0 - rare));
    while (true) {
      const double u = uniform();
      if (!(u > none)) return likely;
      if (!(u - none > rare * none / (1.0 - rare))) return !likely;
    }
  }
  // The polar method gives two numbers at a time.
  double normal() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    double x = 0, y = 0, r = 0;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      r = x * x + y * y;
    } while (r >= 1 || r == 0);
    const double f = std::sqrt(-2 * std::log(r) / r);
    spare_ = f * x;
    has_spare_ = true;
    return f * y;
  }

 private:
  std::mt19937 bits_;
  double spare_ = 0;
  bool has_spare_ = false;
};

Generator generator(const AttrReader& r) {
  // An int for Dropout, a float for all others.
  if (r.has("seed")) {
    const auto* whole = std::get_if<int64_t>(&r.node().find("seed")->data);
    if (whole != nullptr) return Generator(static_cast<uint32_t>(*whole));
    // A whole number is the seed itself; of others the bits are.
    const float seed = r.f32("seed");
    const bool plain = seed >= 0 && seed < 0x1p32f && std::trunc(seed) == seed;
    return Generator(plain ? static_cast<uint32_t>(seed) : std::bit_cast<uint32_t>(seed));
  }
  static std::atomic<uint32_t> count{std::random_device{}()};
  return Generator(count.fetch_add(0x9e3779b9u, std::memory_order_relaxed));
}

Result<DType> type_of(const AttrReader& r, DType otherwise, TypeSet allowed) {
  if (!r.has("dtype")) return otherwise;
  const int64_t t = r.i64("dtype");
  if (t <= 0 || t >= kNumDTypes || !allowed.has(static_cast<DType>(t)))
    return unsupported(r.node().op->name, ": dtype ", t, " is no type that it can make");
  return static_cast<DType>(t);
}

// Fills a tensor of any numeric type or bool from doubles.
template <class F>
Status fill(const char* op, Tensor& y, F&& next) {
  using enum DType;
  return dispatch<kF32, kF64, kF16, kBF16, kI8, kI16, kI32, kI64, kU8, kU16, kU32, kU64, kBool>(
      op, y.dtype(), [&]<class T>() -> Status {
        for (int64_t i = 0; i < y.elements(); ++i)
          y.mutable_data<T>()[i] = store<T>(static_cast<Compute<T>>(next(i)));
        return ok();
      });
}

template <bool like>
Status infer_numbers(const InferArgs& a) {
  DType otherwise = DType::kF32;
  if constexpr (like) otherwise = a.in[0].dtype;
  LITE_ASSIGN(const DType t, type_of(a.attrs, otherwise, types::kFloat));
  if constexpr (like) {
    if (t != DType::kUndefined && !types::kFloat.has(t))
      return unsupported(a.attrs.node().op->name, ": ", dtype_name(t),
                         " is no float; the attribute dtype is wanted");
    a.out[0] = a.in[0];
    a.out[0].dtype = t;
  } else {
    const Dims dims(a.attrs.ints("shape"));
    for (const int64_t d : dims)
      if (d < 0)
        return invalid_model(a.attrs.node().op->name, ": shape ", dims, " holds a negative dimension");
    a.out[0] = Fact(t, dims);
  }
  return ok();
}

template <bool like, bool gaussian>
Status numbers(const EvalArgs& a) {
  DType otherwise = DType::kF32;
  Dims dims(a.attrs.ints("shape"));
  if constexpr (like) {
    otherwise = a.input(0).dtype();
    dims = a.input(0).dims();
  }
  LITE_ASSIGN(const DType t, type_of(a.attrs, otherwise, types::kFloat));
  LITE_ASSIGN(Tensor* const y, a.output(0, t, dims));
  Generator g = generator(a.attrs);
  const double mean = static_cast<double>(a.attrs.f32("mean", 0)),
               scale = static_cast<double>(a.attrs.f32("scale", 1));
  const double low = static_cast<double>(a.attrs.f32("low", 0)),
               high = static_cast<double>(a.attrs.f32("high", 1));
  return fill(a.attrs.node().op->name, *y, [&](int64_t) {
    return gaussian ? mean + scale * g.normal() : low + (high - low) * g.uniform();
  });
}

constexpr TypeSet kBernoulliTypes = types::kNumeric | types::kBool;

Status infer_bernoulli(const InferArgs& a) {
  a.out[0] = a.in[0];
  LITE_ASSIGN(a.out[0].dtype, type_of(a.attrs, a.in[0].dtype, kBernoulliTypes));
  return ok();
}

Status bernoulli(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const DType t, type_of(a.attrs, x.dtype(), kBernoulliTypes));
  LITE_ASSIGN(Tensor* const y, a.output(0, t, x.dims()));
  Generator g = generator(a.attrs);
  return fill("Bernoulli", *y, [&](int64_t i) { return g.trial(x.float_at(i)) ? 1 : 0; });
}

Status infer_multinomial(const InferArgs& a) {
  LITE_ASSIGN(const DType t, type_of(a.attrs, DType::kI32, types::kIndex));
  const int64_t n = a.attrs.i64("sample_size", 1);
  if (n < 0) return invalid_model("Multinomial: sample_size is ", n, ", wanted 0 or more");
  a.out[0] = Fact(t, Dims{kUnknownDim, n});
  if (!a.in[0].has_rank) return ok();
  if (a.in[0].rank() != 2) return invalid_model("Multinomial: input has rank ", a.in[0].rank(), ", wanted 2");
  a.out[0].dims[0] = a.in[0].dims[0];
  return ok();
}

Status multinomial(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  LITE_ASSIGN(const Dims dims, output_dims(a, infer_multinomial));
  LITE_ASSIGN(const DType t, type_of(a.attrs, DType::kI32, types::kIndex));
  LITE_ASSIGN(Tensor* const y, a.output(0, t, dims));
  const int64_t classes = x.dims()[1];
  if (y->elements() == 0) return ok();
  if (classes == 0) return invalid_argument("Multinomial: input of ", x.dims(), " has no classes");
  Generator g = generator(a.attrs);
  // The running sum of the weights of one batch, relative to the largest.
  std::vector<double> sums(static_cast<size_t>(classes));
  int64_t batch = -1;
  return fill("Multinomial", *y, [&](int64_t i) {
    if (i / dims[1] != batch) {
      batch = i / dims[1];
      double top = -std::numeric_limits<double>::infinity(), sum = 0;
      for (int64_t c = 0; c < classes; ++c) top = std::max(top, x.float_at(batch * classes + c));
      for (int64_t c = 0; c < classes; ++c)
        sums[static_cast<size_t>(c)] = sum += std::exp(x.float_at(batch * classes + c) - top);
    }
    const auto it = std::upper_bound(sums.begin(), sums.end(), g.uniform() * sums.back());
    return std::min<int64_t>(it - sums.begin(), classes - 1);
  });
}

Status infer_dropout(const InferArgs& a) {
  a.out[0] = a.in[0];
  if (a.out.size() > 1) {
    a.out[1] = a.in[0];
    a.out[1].dtype = DType::kBool;
  }
  for (size_t i = 1; i < a.num_in() && i < 3; ++i)
    if (a.in[i].is_static() && checked_elements(a.in[i].dims) != 1)
      return invalid_model("Dropout: ", i == 1 ? "ratio" : "training_mode", " has shape ", a.in[i].dims,
                           ", a scalar is wanted");
  return ok();
}

Status dropout(const EvalArgs& a) {
  const Tensor& x = a.input(0);
  const double ratio = a.has(1) && a.input(1).elements() == 1 ? a.input(1).float_at(0) : 0.5;
  const bool training = a.has(2) && a.input(2).elements() == 1 && a.input(2).int_at(0) != 0;
  Tensor* mask = nullptr;
  if (a.out.size() > 1 && a.wants(1)) {
    LITE_ASSIGN(mask, a.output(1, DType::kBool, x.dims()));
    std::fill_n(mask->mutable_data<bool>(), mask->elements(), true);
  }
  if (!training || ratio == 0) return pass_through(a, 0, x, x.dims());
  if (!(ratio > 0 && ratio < 1)) return invalid_argument("Dropout: ratio is ", ratio, ", wanted in [0,1)");
  LITE_ASSIGN(Tensor* const y, a.output(0, x.dtype(), x.dims()));
  Generator g = generator(a.attrs);
  return dispatch_float("Dropout", x.dtype(), [&]<class T>() -> Status {
    using C = Compute<T>;
    const C scale = static_cast<C>(1 / (1 - ratio));
    for (int64_t i = 0; i < x.elements(); ++i) {
      const bool keep = g.uniform() >= ratio;
      y->mutable_data<T>()[i] = store<T>(keep ? load(x.data<T>()[i]) * scale : C{0});
      if (mask != nullptr) mask->mutable_data<bool>()[i] = keep;
    }
    return ok();
  });
}

constexpr OperandSpec kFloatOut[] = {{"output", types::kFloat}};
constexpr OperandSpec kLikeIn[] = {{"input", kMovable}};
constexpr OperandSpec kFloatIn[] = {{"input", types::kFloat}};
constexpr OperandSpec kBernoulliOut[] = {{"output", kBernoulliTypes}};
constexpr OperandSpec kIndexOut[] = {{"output", types::kIndex}};
constexpr TypeSet kDropTypes = types::kFloat | types::kFloat8;
constexpr OperandSpec kDropIn[] = {{"data", kDropTypes, 'T'},
                                   {"ratio", kDropTypes, 0, OperandSpec::kOptional},
                                   {"training_mode", types::kBool, 0, OperandSpec::kOptional}};
constexpr OperandSpec kDropOut[] = {{"output", kDropTypes, 'T'},
                                    {"mask", types::kBool, 0, OperandSpec::kOptional}};
constexpr AttrSpec kNormal[] = {{"dtype", AttrType::kInt},
                                {"mean", AttrType::kFloat},
                                {"scale", AttrType::kFloat},
                                {"seed", AttrType::kFloat},
                                {"shape", AttrType::kInts, true}};
constexpr AttrSpec kUniform[] = {{"dtype", AttrType::kInt},
                                 {"high", AttrType::kFloat},
                                 {"low", AttrType::kFloat},
                                 {"seed", AttrType::kFloat},
                                 {"shape", AttrType::kInts, true}};
constexpr AttrSpec kMultinomial[] = {
    {"dtype", AttrType::kInt}, {"sample_size", AttrType::kInt}, {"seed", AttrType::kFloat}};
constexpr AttrSpec kBernoulli[] = {{"dtype", AttrType::kInt}, {"seed", AttrType::kFloat}};
constexpr AttrSpec kSeed[] = {{"seed", AttrType::kInt}};
// The same without the shape.
constexpr std::span<const AttrSpec> kNormalLike = std::span(kNormal).first(4);
constexpr std::span<const AttrSpec> kUniformLike = std::span(kUniform).first(4);

constexpr OpDef kOps[] = {
    {.name = "RandomNormal",
     .since = 22,
     .outputs = kFloatOut,
     .attrs = kNormal,
     .traits = kRandom,
     .infer = infer_numbers<false>,
     .reference = numbers<false, true>},
    {.name = "RandomUniform",
     .since = 22,
     .outputs = kFloatOut,
     .attrs = kUniform,
     .traits = kRandom,
     .infer = infer_numbers<false>,
     .reference = numbers<false, false>},
    {.name = "RandomNormalLike",
     .since = 22,
     .inputs = kLikeIn,
     .outputs = kFloatOut,
     .attrs = kNormalLike,
     .traits = kRandom,
     .infer = infer_numbers<true>,
     .reference = numbers<true, true>},
    {.name = "RandomUniformLike",
     .since = 22,
     .inputs = kLikeIn,
     .outputs = kFloatOut,
     .attrs = kUniformLike,
     .traits = kRandom,
     .infer = infer_numbers<true>,
     .reference = numbers<true, false>},
    {.name = "Bernoulli",
     .since = 22,
     .inputs = kFloatIn,
     .outputs = kBernoulliOut,
     .attrs = kBernoulli,
     .traits = kRandom,
     .infer = infer_bernoulli,
     .reference = bernoulli},
    {.name = "Multinomial",
     .since = 22,
     .inputs = kFloatIn,
     .outputs = kIndexOut,
     .attrs = kMultinomial,
     .traits = kRandom,
     .infer = infer_multinomial,
     .reference = multinomial},
    {.name = "Dropout",
     .since = 22,
     .inputs = kDropIn,
     .outputs = kDropOut,
     .attrs = kSeed,
     .traits = kRandom | kMayAliasInput0,
     .infer = infer_dropout,
     .reference = dropout},
};

}  // namespace

extern constinit const OpTable random_ops;
constinit const OpTable random_ops{kOps};

}  // namespace lite::ops
