// Operands of attention as matrices in the values that they are rearrangements of: heads that are split off,
// transposed, sliced out or repeated are read where they were made.
#pragma once

#include <vector>

#include "core/ops/fused_attention.h"
#include "core/passes/rewrite.h"

namespace lite::passes {

// Matrices, one for each index of a batch, in the elements of `value`.
struct StridedView {
  ValueId value = kNoValue;
  int64_t rows = 0, columns = 0;
  ops::Matrices at;
};

// Views with the batch in common.
class StridedViews {
 public:
  Dims batch;

  // A view of all of `value`: its last two dimensions are rows and columns, those before them are broadcast
  // to `over`, as are rows and columns. Adds it after the others, with a batch that says both; nullopt when
  // there is none.
  std::optional<size_t> add(const Rewriter& r, ValueId value, const Dims& over);
  // A view that is known, of a batch of those dimensions.
  std::optional<size_t> add(StridedView view, Dims own);
  StridedView& operator[](size_t i) { return views_[i]; }

  // Goes back from the view's value to what it was made from by nodes that only move elements, and, when
  // `factor` is given, multiply all by one number, as far as the matrices can be said there.
  void look_back(const Rewriter& r, size_t i, double* factor);
  // Goes on from the view's value over nodes that only move elements and are its only use; `value` and `dims`
  // become those of the last one.
  void look_ahead(const Rewriter& r, size_t i, Dims& dims);

  // Dimensions of the batch that are one in every view become one.
  void merge();

 private:
  bool look_back_once(const Rewriter& r, size_t i, double* factor);
  // The view's elements lie in a row-major tensor of `dims`, whose element [i...] is element
  // base + sum(i * steps) of another; says the matrices there.
  bool rebase(size_t i, const Dims& dims, const Dims& steps, int64_t base);
  void split(size_t d, int64_t inner);

  std::vector<StridedView> views_;
};

}  // namespace lite::passes
