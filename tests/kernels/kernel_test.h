// Runs one node by a kernel, in given layouts and on several thread counts, against the operator's reference.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/kernels/kernel.h"
#include "core/ops/registry.h"

namespace lite::test {

struct NodeUnderTest {
  std::string op, domain;
  std::vector<Attr> attrs;
  std::vector<Tensor> in;          // row-major; undefined where left out
  std::vector<bool> constant;      // which inputs the kernel may pack; shorter = not constant
  std::vector<Layout> in_layouts;  // shorter = plain
  Layout out_layout = Layout::kPlain;
};

struct Outcome {
  std::string declined;  // why the kernel would not run the node, or could not be made; empty = it ran
  Tensor got, want;      // row-major
};

// Runs `kernel` (by its name in kernels::all()) with 1, 2, 3, 4 and 7 threads and checks that each gives the
// same bits, that padding channels hold zeros, that nothing is written outside the output, and that no run
// allocates memory once things have settled.
Outcome run_kernel(const std::string& kernel, const NodeUnderTest& node);

// All elements within `relative` of the largest magnitude in `want`.
void expect_close(const Outcome& outcome, double relative);
void expect_same(const Outcome& outcome);

Tensor random_f32(Dims dims, uint32_t seed);
// The same as float16 or bfloat16.
Tensor narrowed(const Tensor& f32, DType dtype);
// Integers in [lo, hi].
Tensor random_int(DType dtype, Dims dims, int lo, int hi, uint32_t seed);

}  // namespace lite::test
