#include <cstring>

#include "core/ops/widen.h"
#include "tests/kernels/simd_test.h"

namespace lite::test {
namespace {

// Numbers from all of the type's range.
Tensor codes(DType type, const Dims& dims, uint32_t seed) {
  const int64_t half = int64_t{1} << (dtype_bits(type) - 1), low = is_signed_int(type) ? -half : 0;
  const Tensor wide = random_ints(DType::kI32, dims, seed, low, low + 2 * half - 1);
  Tensor t = Tensor::allocate(type, dims).value();
  std::memset(t.mutable_raw(), 0, t.bytes());
  ops::narrow(wide.data<int32_t>(), wide.elements(), t, 0);
  return t;
}

KernelCase product(DType type, const Dims& a, int64_t n, int64_t stored, int64_t block, bool zeros,
                   uint32_t seed) {
  const Dims blocks{n, ceil_div(stored, block)};
  const float unit = 1 / static_cast<float>(1 << dtype_bits(type));  // weights about 1, whatever the type
  return {.op = "BlockMatMul",
          .in = {random_f32(a, seed), codes(type, {n, stored}, seed + 1),
                 random_f32(blocks, seed + 2, 0.1f * unit, unit),
                 zeros ? codes(type, blocks, seed + 3) : Tensor()},
          .attrs = {{"block_size", block}},
          .domain = "lite",
          .constant = {false, true, true, true},
          .relative = 1e-4,
          .absolute = 1e-4};
}

// One row and more; panels, blocks and bytes that are not whole.
TEST(SimdBlockMatMul, FollowsTheReference) {
  for (const DType type : {DType::kU8, DType::kI8, DType::kU4, DType::kI4, DType::kU2})
    for (const bool zeros : {false, true}) {
      check_kernels(product(type, {1, 64}, 48, 64, 16, zeros, 1));
      check_kernels(product(type, {1, 1000}, 301, 1024, 32, zeros, 2));
      check_kernels(product(type, {7, 129}, 65, 160, 32, zeros, 3));
      check_kernels(product(type, {2, 3, 300}, 17, 384, 128, zeros, 4));
      check_kernels(product(type, {33}, 5, 36, 12, zeros, 5));
      check_kernels(product(type, {40, 4}, 1, 4, 4, zeros, 6));
    }
  KernelCase broken = product(DType::kU4, {1, 9}, 4, 9, 3, true, 7);
  EXPECT_TRUE(declined(broken));
}

}  // namespace
}  // namespace lite::test
