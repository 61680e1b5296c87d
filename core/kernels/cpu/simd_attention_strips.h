// What the kernels of FusedAttention share: their operands, and how the queries are divided among threads.
#pragma once

#include "core/kernels/cpu/simd_float_matrix.h"
#include "core/ops/fused_attention.h"

namespace lite::kernels {

// Queries are taken a few at a time, from their first key to their last, by one thread: so the result does
// not depend on the number of threads. They are divided into strips, each with a workspace of its own.
class AttentionStrips : public Kernel {
 public:
  Status run(const Launch& l) const override;
  size_t workspace_bytes() const override {
    return static_cast<size_t>(strips_ * strip_floats_) * sizeof(float);
  }

  static WhyNot rejects(const NodeQuery& q);

 protected:
  static constexpr size_t kQ = 0, kK = 1, kV = 2, kMask = 3, kFilled = 4;
  static constexpr int64_t kTileKeys = 128;  // keys at a time, at most

  // Reads the node.
  Status read(const NodeQuery& q);
  // Divides the work, by the problem alone: `queries` at a time, strips of at least `worth` multiplications
  // where there are so many. Then sizes of workspaces do not overflow. `who` is for the error.
  Status divide(const char* who, int64_t queries, int64_t worth);
  // How many keys there are for batch b.
  int64_t filled(const Launch& l, int64_t b) const {
    return counted_ ? l.in<int64_t>(kFilled)[s_.filled.at(b, s_.batch)] : s_.keys;
  }
  // The queries from i0 on of batch b, as many as are taken at a time.
  virtual void attend(const Launch& l, int64_t b, int64_t i0, float* workspace) const = 0;

  ops::AttentionShape s_;
  ops::AttentionRules rules_;
  simd::FloatMatrix q_, k_, v_, y_, mask_;
  bool masked_ = false, counted_ = false;
  bool keeps_ = false;        // the mask tells which scores stay
  int64_t strip_floats_ = 0;  // of a workspace

 private:
  int64_t batch_ = 0, at_once_ = 1, down_ = 0, strips_ = 0;
};

}  // namespace lite::kernels
