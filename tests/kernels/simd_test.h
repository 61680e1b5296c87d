// Runs the SIMD kernels of one node on every instruction set of this machine, with 1 and with more threads,
// from buffers that are aligned to the element only and have guards around them, in place where the kernel
// allows it, and compares with the operator's reference. The kernel must accept the node.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/kernels/kernel.h"
#include "tests/ops/op_test.h"

namespace lite::test {

struct KernelCase {
  std::string op;
  std::vector<Tensor> in;  // undefined: left out
  Attrs attrs = {};
  std::string domain = "";
  size_t outputs = 1;
  std::vector<Layout> in_layouts = {}, out_layouts = {};  // absent: plain
  std::vector<bool> constant = {};                        // inputs whose content is known; absent: none
  double relative = 0, absolute = 0;                      // 0, 0: equal
  std::string kernel = ":simd";                           // in the name of the kernels to test
  const KernelDef* def = nullptr;                         // the one to test, whatever its name
  std::vector<int> threads = {3};                         // which must give the same bits as 1
  uint32_t needs = 0;     // instruction sets that the kernels cannot do without
  bool unranked = false;  // as KernelOptions has it
};

// The instruction sets to test: each level that this machine has, and none.
std::vector<uint32_t> isa_levels();

void check_kernels(const KernelCase& c);
// As check_kernels, but the kernels must fail at run time with a message that contains `message`.
void check_kernels_fail(const KernelCase& c, const std::string& message);
// Output 0, row-major, of the first such kernel on the best instruction set.
Tensor kernel_result(const KernelCase& c);
// Whether the kernel with exactly this name takes the node with these options.
bool accepted_by(const std::string& kernel, const KernelCase& c, const KernelOptions& options);
// No kernel of that name takes the node.
bool declined(const KernelCase& c);

// Values between lo and hi that depend on seed only.
Tensor random_f32(const Dims& dims, uint32_t seed, float lo = -3, float hi = 3);
Tensor random_ints(DType dtype, const Dims& dims, uint32_t seed, int64_t lo, int64_t hi);
// Of an 8-bit type: numbers from its whole range, and one number.
Tensor random_bytes(DType type, const Dims& dims, uint32_t seed);
Tensor one_byte(DType type, int v);

// The stored bytes of a tensor in a layout, padding zeros, and back.
std::vector<unsigned char> to_layout(const Tensor& t, Layout layout);

}  // namespace lite::test
