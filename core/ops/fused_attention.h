// What FusedAttention's attributes say, for its reference, its kernels and the pass that makes it.
#pragma once

#include "core/ops/op.h"

namespace lite::ops {

// A matrix for each index of a batch, somewhere in a row-major tensor. Steps are in elements, none negative.
struct Matrices {
  int64_t offset = 0;
  Dims batch;  // the step of each dimension of the batch
  int64_t row = 0, column = 0;

  // The first element of the matrix with that index, counted row-major over `dims`.
  int64_t at(int64_t index, const Dims& dims) const {
    int64_t to = offset;
    for (size_t d = dims.size(); d-- > 0; index /= dims[d]) to += index % dims[d] * batch[d];
    return to;
  }
};

struct AttentionShape {
  Dims batch;
  int64_t queries = 0, keys = 0, head = 0, v_head = 0;
  Matrices q, k, v, y;  // queries x head, keys x head, keys x v_head, queries x v_head
  Matrices mask;        // queries x keys
  Matrices filled;      // one number
  Dims y_dims;
};

Result<AttentionShape> read_attention(const AttrReader& attrs);
// Writes the attributes that read_attention() reads. Those of mask and filled are left out when not `masked`,
// not `counted`.
void write_attention(const AttentionShape& shape, bool masked, bool counted, std::vector<Attr>& attrs);

// What rows that see no key become.
enum class EmptyRows : uint8_t {
  kNaN,    // what Softmax makes of them
  kZero,   // zeros
  kClean,  // zeros, and so do rows with a NaN among their scores
};

// Which keys a query may see by its position, and the rest of what is not a shape.
struct AttentionRules {
  float scale = 1, softcap = 0, mask_value = 0;
  int64_t left = -1, right = -1, first_query = 0;
  EmptyRows empty = EmptyRows::kNaN;

  // Keys [first, last) are those that query i sees when `filled` of the keys are there. `counted`: queries
  // are the last of those.
  struct Range {
    int64_t first, last;
  };
  Range range(int64_t i, int64_t queries, int64_t filled, bool counted) const {
    const int64_t at = i + (counted ? filled - queries : first_query);
    Range r{0, filled};
    if (left >= 0 && at > left) r.first = std::min(at - left, filled);
    if (right >= 0 && at < filled - right) r.last = std::max<int64_t>(at + right + 1, 0);
    r.last = std::max(r.first, r.last);
    return r;
  }
};
Result<AttentionRules> read_attention_rules(const AttrReader& attrs);
// A count of keys that are there, as the input gives it.
Status check_filled(int64_t filled, int64_t keys);

}  // namespace lite::ops
