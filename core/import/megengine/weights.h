// Weights that an operator has one after another in a single constant.
#pragma once

#include "core/import/megengine/translator.h"

namespace lite::mge {

struct Weights {
  Builder& b;
  ValueId flat;  // rank 1
  int64_t at = 0;

  // The next rows x columns of them.
  Result<ValueId> take(int64_t rows, int64_t columns) {
    const auto n = checked_mul(rows, columns);
    const auto end = n ? checked_add(at, *n) : std::nullopt;
    if (!end) return invalid_model("its sizes overflow");
    const ValueId v = b.slice(flat, 0, at, *end);
    at = *end;
    return b.reshape(v, {rows, columns});
  }
  // After the last one: as many were there as were taken, if that can be told.
  Status check_all_taken() const {
    const int64_t size = b.dim(flat, 0);
    if (size >= 0 && size != at) return invalid_model("it has ", size, " weights, its sizes want ", at);
    return ok();
  }
};

}  // namespace lite::mge
