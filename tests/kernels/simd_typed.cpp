#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

constexpr DType kNumbers[] = {DType::kI8,  DType::kU8,  DType::kI16, DType::kU16, DType::kI32,
                              DType::kU32, DType::kI64, DType::kU64, DType::kF64};

TEST(SimdTyped, Arithmetic) {
  const std::pair<Dims, Dims> shapes[] = {{{}, {}},          {{37}, {1}},       {{1}, {37}},
                                          {{3, 17}, {17}},   {{3, 17}, {3, 1}}, {{2, 1, 5}, {3, 1}},
                                          {{30000}, {30000}}};
  for (const DType t : kNumbers)
    for (const auto& [a, b] : shapes)
      for (const char* op : {"Add", "Sub", "Mul", "Min", "Max", "Less", "Equal", "GreaterOrEqual"})
        check_kernels({.op = op,
                       .in = {random_ints(t, a, 1, 0, 120), random_ints(t, b, 2, 0, 120)},
                       .kernel = "typed:simd"});
}

TEST(SimdTyped, ComparisonsAndLogic) {
  for (const char* op : {"Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"})
    check_kernels(
        {.op = op, .in = {f32({6}, {1, kNaN, kInf, 3, -0.0f, 2}), f32({6}, {1, kNaN, kInf, 2, 0.0f, 3})}});
  for (const char* op : {"And", "Or", "Xor", "Equal"})
    check_kernels(
        {.op = op,
         .in = {random_ints(DType::kBool, {5, 33}, 1, 0, 1), random_ints(DType::kBool, {33}, 2, 0, 1)}});
  check_kernels({.op = "Not", .in = {random_ints(DType::kBool, {5, 33}, 1, 0, 1)}});
  check_kernels({.op = "IsNaN", .in = {f32({1, 5}, {1, kNaN, kInf, -kNaN, 0})}});
  check_kernels({.op = "IsNaN", .in = {random_f32({7, 67}, 1)}});
}

TEST(SimdTyped, Where) {
  for (const DType t : {DType::kU8, DType::kI16, DType::kF32, DType::kI64})
    for (const auto& [c, x, y] : {std::tuple<Dims, Dims, Dims>{{37}, {37}, {37}},
                                  {{2, 1, 5}, {3, 5}, {}},
                                  {{3, 1}, {3, 35}, {35}},
                                  {{35}, {}, {3, 35}},
                                  {{1}, {5}, {5}},
                                  {{9}, {}, {}}})
      check_kernels({.op = "Where",
                     .in = {random_ints(DType::kBool, c, 1, 0, 1), random_ints(t, x, 2, 0, 100),
                            random_ints(t, y, 3, 0, 100)}});
}

TEST(SimdTyped, Cast) {
  const DType types[] = {DType::kF32, DType::kF64, DType::kBool, DType::kI8,
                         DType::kU8,  DType::kI32, DType::kI64};
  for (const DType from : types)
    for (const DType to : types) {
      if (from == to) continue;
      check_kernels({.op = "Cast",
                     .in = {random_ints(from, {3, 35}, 1, 0, from == DType::kBool ? 1 : 100)},
                     .attrs = {{"to", static_cast<int64_t>(to)}}});
    }
  for (const DType to : {DType::kI32, DType::kI64, DType::kU8, DType::kI8})
    check_kernels({.op = "Cast",
                   .in = {f32({9}, {1.5f, -1.5f, kNaN, kInf, -kInf, 3e9f, -3e9f, 300, -300})},
                   .attrs = {{"to", static_cast<int64_t>(to)}}});
  // The ends of 64 bits, in whole vectors and behind them.
  for (const int64_t n : {1, 3, 4, 8, 13, 33}) {
    Tensor large = random_f32({n}, 6, -9.2e18f, 9.2e18f);
    check_kernels({.op = "Cast", .in = {large}, .attrs = {{"to", static_cast<int64_t>(DType::kI64)}}});
    for (const float end : {9223372036854775808.0f, 9223371487098961920.0f}) {
      large.mutable_data<float>()[n - 1] = end;
      large.mutable_data<float>()[n / 2] = -end;
      check_kernels({.op = "Cast", .in = {large}, .attrs = {{"to", static_cast<int64_t>(DType::kI64)}}});
    }
  }
  // Numbers of which one in many does not fit.
  Tensor some = random_f32({1, 200}, 5, -100, 100);
  some.mutable_data<float>()[130] = kNaN;
  some.mutable_data<float>()[131] = 1e30f;
  for (const DType to : {DType::kI32, DType::kI64, DType::kU8})
    check_kernels({.op = "Cast", .in = {some}, .attrs = {{"to", static_cast<int64_t>(to)}}});
}

TEST(SimdTyped, Gather) {
  for (const DType t : {DType::kU8, DType::kF32, DType::kI64})
    for (const int64_t axis : {0, 1, -1}) {
      check_kernels({.op = "Gather",
                     .in = {random_ints(t, {5, 6, 7}, 1, 0, 100), i64({2, 3}, {0, -1, 4, 2, 2, -5})},
                     .attrs = {{"axis", axis}}});
      check_kernels({.op = "Gather",
                     .in = {random_ints(t, {5, 6, 7}, 1, 0, 100), i32({}, {3})},
                     .attrs = {{"axis", axis}}});
    }
  check_kernels({.op = "Gather", .in = {random_f32({50, 300}, 1), i64({40}, std::vector<int64_t>(40, 7))}});
}

}  // namespace
}  // namespace lite::test
