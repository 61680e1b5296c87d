#include <bit>

#include "core/kernels/cpu/simd_strips.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

using pointwise::Opcode;

// How far a value is from the exact one, in units of the last place of float; subnormal results count as
// zero.
double ulps(float got, double want) {
  if (std::isnan(want)) return std::isnan(got) ? 0 : 1e9;
  if (std::fabs(want) < 1.17549435e-38) return std::fabs(got) < 1.2e-38 ? 0 : 1e9;
  if (std::fabs(want) > 3.4028235677973366e38)
    return got == std::copysign(kInf, want) || std::fabs(got) >= 3.4028234e38f ? 0 : 1e9;
  if (!std::isfinite(got)) return 1e9;
  int exponent;
  std::frexp(want, &exponent);
  return std::fabs(static_cast<double>(got) - want) / std::ldexp(1.0, std::max(exponent, -125) - 24);
}

struct Bound {
  Opcode op;
  double (*exact)(double);
  double limit;
  float lo = -100, hi = 100;
};

double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double exact_softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }
double exact_mish(double x) { return x * std::tanh(exact_softplus(x)); }

TEST(SimdPointwise, FunctionsKeepTheirBounds) {
  const Bound bounds[] = {
      {Opcode::kExp, [](double x) { return std::exp(x); }, 2},
      {Opcode::kLog, [](double x) { return std::log(x); }, 2, 0, 1e4f},
      {Opcode::kSigmoid, exact_sigmoid, 4, -90, 40},
      {Opcode::kTanh, [](double x) { return std::tanh(x); }, 5.5, -12, 12},
      {Opcode::kErf, [](double x) { return std::erf(x); }, 6, -5, 5},
      {Opcode::kSoftplus, exact_softplus, 5},
      {Opcode::kMish, exact_mish, 6, -80, 60},
      {Opcode::kSin, [](double x) { return std::sin(x); }, 200, -20, 20},
      {Opcode::kAtan, [](double x) { return std::atan(x); }, 4, -40, 40},
      {Opcode::kSqrt, [](double x) { return std::sqrt(x); }, 0.51, 0, 1e9f},
      {Opcode::kReciprocal, [](double x) { return 1 / x; }, 0.51},
  };
  constexpr int kCount = 200003;
  std::vector<float> x(kCount), y(kCount);
  for (const Bound& b : bounds) {
    for (int i = 0; i < kCount; ++i)
      x[static_cast<size_t>(i)] = b.lo + (b.hi - b.lo) * static_cast<float>(i) / kCount;
    for (const uint32_t isa : isa_levels()) {
      simd::strip(b.op, 0,
                  KernelOptions{.isa = isa})(simd::Strip{.src = {x.data()}, .dst = y.data(), .n = kCount});
      double worst = 0, where = 0;
      for (size_t i = 0; i < kCount; ++i)
        if (const double u = ulps(y[i], b.exact(static_cast<double>(x[i]))); u > worst) {
          worst = u;
          where = static_cast<double>(x[i]);
        }
      EXPECT_LE(worst, b.limit) << pointwise::name(b.op) << " at " << where << ", isa " << isa;
    }
  }
}

// Every opcode, every mixture of vector and scalar operands, against the definition.
TEST(SimdPointwise, StripsFollowTheDefinition) {
  const Tensor values = random_f32({3, 200}, 7, -4, 4);
  const float* v = values.data<float>();
  const float special[] = {kNaN, kInf, -kInf, 0.0f, -0.0f, 1e-30f, -88.5f, 89.5f, -1e30f};
  for (const uint32_t isa : isa_levels())
    for (int code = 0; code < pointwise::kNumOpcodes; ++code) {
      const auto op = static_cast<Opcode>(code);
      const int arity = pointwise::arity(op);
      for (uint32_t scalars = 0; scalars < 1u << arity; ++scalars)
        for (int64_t n : {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 35}) {
          std::vector<float> src[3];
          simd::Strip s{.dst_row = n + 3, .n = n, .rows = 2};
          for (int k = 0; k < arity; ++k) {
            src[k].assign(v + 200 * k + n, v + 200 * k + n + 2 * n + 5);
            if (k == 0 && n >= 9)
              std::copy(std::begin(special), std::end(special), src[0].begin() + (n > 20 ? 11 : 0));
            s.src[k] = src[k].data();
            s.src_row[k] = n + 1;
          }
          std::vector<float> got(static_cast<size_t>(2 * n + 8), 77.0f);
          s.dst = got.data();
          simd::strip(op, scalars, KernelOptions{.isa = isa})(s);
          for (int64_t r = 0; r < 2; ++r)
            for (int64_t i = 0; i < n + 3; ++i) {
              const float y = got[static_cast<size_t>(r * (n + 3) + i)];
              if (i >= n) {
                ASSERT_EQ(y, 77.0f) << pointwise::name(op);
                continue;
              }
              float a[3] = {};
              for (int k = 0; k < arity; ++k)
                a[k] = src[k][static_cast<size_t>(r * (n + 1) + (scalars >> k & 1 ? 0 : i))];
              const float want = pointwise::apply(op, a[0], a[1], a[2]);
              const std::string where =
                  cat(pointwise::name(op), "(", a[0], ",", a[1], ",", a[2], ") isa ", isa, " n ", n);
              if (std::isnan(want) || std::isinf(want)) {
                ASSERT_TRUE(std::isnan(want) ? std::isnan(y) : y == want)
                    << where << " = " << y << ", wanted " << want;
              } else {
                ASSERT_NEAR(y, want,
                            4e-6f * std::max({std::fabs(want),
                                              std::fabs(a[0]) < 1e20f ? std::fabs(a[0]) : 0.0f, 1.2e-33f}))
                    << where;
              }
            }
        }
    }
}

TEST(SimdPointwise, Broadcasts) {
  const std::pair<Dims, Dims> shapes[] = {{{}, {}},
                                          {{5}, {1}},
                                          {{1}, {5}},
                                          {{33, 65}, {65}},
                                          {{33, 65}, {33, 1}},
                                          {{2, 3, 35}, {3, 1}},
                                          {{4, 1, 7}, {5, 1}},
                                          {{2, 1, 3, 1}, {4, 1, 6}},
                                          {{1, 40000}, {1, 1}},
                                          {{40000}, {40000}},
                                          {{3, 1, 2, 1, 5}, {3, 2, 1, 4, 5}},
                                          {{20000, 3}, {3}},
                                          {{300, 1}, {1, 300}}};
  for (const auto& [a, b] : shapes)
    for (const char* op : {"Add", "Sub", "Mul", "Div", "Max", "PRelu"}) {
      if (std::string(op) == "PRelu" && std::move(ops::broadcast(a, b)).value() != a) continue;
      check_kernels(
          {.op = op, .in = {random_f32(a, 1), random_f32(b, 2)}, .relative = 1e-6, .absolute = 1e-7});
    }
}

TEST(SimdPointwise, Layouts) {
  for (const Layout l : {Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16})
    for (const int64_t c : {1, 3, 16, 21, 32}) {
      const Tensor x = random_f32({2, c, 3, 5}, 3), y = random_f32({2, c, 3, 5}, 4),
                   gate = random_f32({2, c, 1, 1}, 5);
      check_kernels({.op = "Sigmoid",
                     .in = {x},
                     .in_layouts = {l},
                     .out_layouts = {l},
                     .relative = 1e-6,
                     .absolute = 1e-7});
      check_kernels({.op = "Add", .in = {x, y}, .in_layouts = {l, l}, .out_layouts = {l}, .relative = 1e-6});
      check_kernels(
          {.op = "Mul", .in = {x, gate}, .in_layouts = {l, l}, .out_layouts = {l}, .relative = 1e-6});
      check_kernels(
          {.op = "Mul", .in = {gate, x}, .in_layouts = {l, l}, .out_layouts = {l}, .relative = 1e-6});
      check_kernels({.op = "Add",
                     .in = {x, random_f32({1}, 6)},
                     .in_layouts = {l},
                     .out_layouts = {l},
                     .relative = 1e-6});
      check_kernels({.op = "Add",
                     .in = {x, random_f32({1, 1, 3, 5}, 6)},
                     .in_layouts = {l, l},
                     .out_layouts = {l},
                     .relative = 1e-6});
      if (l == Layout::kChannelsLast || c % 16 == 0)
        check_kernels({.op = "Sub",
                       .in = {x, random_f32({c, 1, 1}, 6)},
                       .in_layouts = {l},
                       .out_layouts = {l},
                       .relative = 1e-6});
    }
}

TEST(SimdPointwise, Clip) {
  const Tensor x = random_f32({77}, 1);
  check_kernels({.op = "Clip", .in = {x, f32({}, {0}), f32({}, {1.5f})}, .constant = {false, true, true}});
  check_kernels({.op = "Clip", .in = {x, Tensor(), f32({}, {1.5f})}, .constant = {false, false, true}});
  EXPECT_TRUE(declined({.op = "Clip", .in = {x, f32({}, {0})}}));
}

// Quotients that round up to a whole number, that do not fit a float's digits, zeros, what is not finite.
TEST(SimdPointwise, PowKeepsItsSpecialCases) {
  const std::vector<float> v{0,       -0.0f, 1,     -1,    0.5f,     -0.5f,    2,      -2,
                             3,       -3,    0.33f, 7.25f, 1e30f,    -1e30f,   1e-30f, 1e-40f,
                             -1e-40f, kInf,  -kInf, kNaN,  0.99999f, 1.00001f, 120};
  const auto n = static_cast<int64_t>(v.size());
  const auto check = [](const Tensor& x, const Tensor& y) {
    check_kernels({.op = "Pow", .in = {x, y}, .relative = 1.2e-7, .absolute = 1.2e-38});
  };
  // Each beside all others, and in any place of a vector.
  check(f32({n, 1}, v), f32({n}, v));
  check(f32({n}, v), f32({n, 1}, v));
  for (const int64_t size : {1, 7, 16, 33, 1000})
    check(random_f32({3, size}, 1, 0, 20), random_f32({size}, 2, -25, 25));
}

TEST(SimdPointwise, ModIsExact) {
  std::vector<float> a, b;
  for (const float x : {0.0f, 5.5f, 7.0f, 1e9f, 16777215.0f, 0.3f, 2.9999998f, kInf, kNaN, 1e-38f})
    for (const float y : {1.0f, 0.1f, 0.3f, 3.0f, 1e-3f, 0.99999994f, 7.0000005f, kInf, kNaN, 0.0f, 1e30f})
      for (const float sign : {1.0f, -1.0f}) {
        a.push_back(sign * x);
        b.push_back(y);
      }
  for (uint32_t i = 0; i < 4000; ++i) {
    a.push_back(static_cast<float>(i * 7919 % 100003) / 13);
    b.push_back(static_cast<float>(1 + i % 97) / 7);
  }
  const auto n = static_cast<int64_t>(a.size());
  check_kernels({.op = "Mod", .in = {f32({n}, a), f32({n}, b)}, .attrs = {{"fmod", int64_t{1}}}});
  EXPECT_TRUE(declined({.op = "Mod", .in = {f32({n}, a), f32({n}, b)}}));
}

TEST(SimdPointwise, ThresholdedRelu) {
  check_kernels({.op = "ThresholdedRelu",
                 .in = {f32({7}, {-1, 0.5f, 0.50000006f, kNaN, kInf, -kInf, 2})},
                 .attrs = {{"alpha", 0.5f}}});
}

TEST(SimdPointwise, SeluAndCelu) {
  const auto check = [](const char* op, const Tensor& x, Attrs attrs) {
    check_kernels({.op = op, .in = {x}, .attrs = std::move(attrs), .relative = 2e-6, .absolute = 1e-7});
  };
  for (const char* op : {"Selu", "Celu"}) {
    check(op, f32({8}, {-1, 0.5f, 0, -0.0f, kNaN, kInf, -kInf, -1e-6f}), {});
    for (const Dims& d : {Dims{}, Dims{5}, Dims{3, 35}, Dims{2, 2049}, Dims{1, 40000}})
      check(op, random_f32(d, 1), {});
  }
  check("Selu", random_f32({3, 35}, 2), {{"alpha", 1.5f}, {"gamma", 2.5f}});
  EXPECT_TRUE(declined({.op = "Celu", .in = {random_f32({5}, 1)}, .attrs = {{"alpha", 2.0f}}}));
}

TEST(SimdPointwise, FusedPrograms) {
  using pointwise::Instruction;
  pointwise::Program p;
  p.num_inputs = 3;
  p.num_registers = 6;
  p.consts = {0.5f, 3.0f};
  p.code = {{Opcode::kMul, 3, {0, 1, 0}},
            {Opcode::kAdd, 4, {3, 2, 0}},
            {Opcode::kSigmoid, 5, {4, 0, 0}},
            {Opcode::kMul, 4, {4, 5, 0}},
            {Opcode::kClip, 3, {4, -1, -2}}};
  for (const bool two : {false, true}) {
    p.results = two ? std::vector<uint8_t>{3, 4} : std::vector<uint8_t>{3};
    Node n;
    pointwise::encode(p, n);
    for (const Dims& d : {Dims{2, 21, 4, 9}, Dims{1, 3, 1, 40000}, Dims{1, 1, 1, 1}}) {
      const KernelCase c{.op = "FusedElementwise",
                         .in = {random_f32(d, 1), random_f32({d[1], 1, 1}, 2), random_f32(d, 3)},
                         .attrs = n.attrs,
                         .domain = "lite",
                         .outputs = two ? 2u : 1u,
                         .relative = 2e-6,
                         .absolute = 1e-6};
      check_kernels(c);
      KernelCase gate = c;
      gate.in[1] = random_f32({d[0], d[1], 1, 1}, 2);
      for (const Layout l : {Layout::kChannelsLast, Layout::kBlocked8, Layout::kBlocked16}) {
        gate.in_layouts = {l, l, l};
        gate.out_layouts = {l, l};
        check_kernels(gate);
      }
    }
  }
}

}  // namespace
}  // namespace lite::test
