// The shapes of matrix products with broadcast batches, for the operators, the passes and the kernels.
#pragma once

#include <vector>

#include "core/ops/op.h"

namespace lite::ops {

// Y[batch..., m, n] = A[batch..., m, k] * B[batch..., k, n]; a vector A is a row that vanishes from Y, a
// vector B a column that does. Offsets of the batches of A and B are in matrices.
struct MatMulShape {
  int64_t m = 1, n = 1, k = 1;
  Dims batch;             // of Y
  Dims a_batch, b_batch;  // as stored, to be broadcast to `batch`
  Dims y;                 // whole shape of Y
};
// From complete shapes. trans_a, trans_b: the last two dimensions are stored the other way round (rank 2 and
// above).
Result<MatMulShape> resolve_matmul(const char* op, const Dims& a, const Dims& b, bool trans_a = false,
                                   bool trans_b = false);
// `infer`: as much of the shape of Y as the facts of A and B tell.
Result<Fact> infer_matmul(const char* op, const Fact& a, const Fact& b, DType out, bool trans_a = false,
                          bool trans_b = false);

// acc[m,n] += A[m,k] * B[k,n]; a and b may be stored transposed. The plain triple loop, ordered for the
// cache.
template <class In, class Acc>
void multiply(int64_t m, int64_t n, int64_t k, const In* a, bool trans_a, const In* b, bool trans_b,
              Acc* acc) {
  if (k == 0) return;
  for (int64_t i = 0; i < m; ++i) {
    Acc* row = acc + i * n;
    const int64_t a_step = trans_a ? m : 1;
    const In* a_row = trans_a ? a + i : a + i * k;
    if (trans_b) {
      for (int64_t j = 0; j < n; ++j) {
        Acc sum = row[j];
        for (int64_t p = 0; p < k; ++p)
          sum += static_cast<Acc>(a_row[p * a_step]) * static_cast<Acc>(b[j * k + p]);
        row[j] = sum;
      }
    } else {
      for (int64_t p = 0; p < k; ++p) {
        const Acc v = static_cast<Acc>(a_row[p * a_step]);
        const In* b_row = b + p * n;
        for (int64_t j = 0; j < n; ++j) row[j] += v * static_cast<Acc>(b_row[j]);
      }
    }
  }
}

// Calls done(at, acc) with each finished matrix of m * n sums; `at` is where it starts in Y. Stops early,
// with the run's error, when the run is to stop.
template <class In, class Acc, class Done>
Status multiply_batches(const EvalArgs& args, const MatMulShape& s, const In* a, bool trans_a, const In* b,
                        bool trans_b, Done&& done) {
  std::vector<Acc> acc(static_cast<size_t>(s.m * s.n));
  const int64_t batches = elements(s.batch);
  Walker<2> walk(s.batch, {broadcast_strides(s.a_batch, s.batch), broadcast_strides(s.b_batch, s.batch)});
  for (int64_t i = 0; i < batches; ++i, walk.next()) {
    if (args.stop_requested()) return args.parallel->cancel->error();
    std::fill(acc.begin(), acc.end(), Acc(0));
    multiply(s.m, s.n, s.k, a + walk.offset(0) * s.m * s.k, trans_a, b + walk.offset(1) * s.k * s.n, trans_b,
             acc.data());
    done(i * s.m * s.n, acc.data());
  }
  return ok();
}

}  // namespace lite::ops
