// The process's registered operators.
#pragma once

#include <memory>
#include <string_view>

#include "capi/guard.h"
#include "core/ops/custom.h"

namespace lite::capi::operators {

// While one lives, what this thread registers is kept apart. The library of operators that it was made for
// either registers all of its operators or none.
class Batch {
 public:
  Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch();
  // Registers them all.
  Outcome publish();

 private:
  friend Outcome add(std::shared_ptr<const ops::CustomOp> op);
  ops::CustomOps ops_;
  Batch* outer_;
};

// INVALID_ARGUMENT when there is one of that domain, name and version, or the library has one of its own.
Outcome add(std::shared_ptr<const ops::CustomOp> op);
Outcome remove(std::string_view domain, std::string_view name, int since);
// Those that a model which is loaded now may use, by domain, name and version. Never null.
std::shared_ptr<const ops::CustomOps> current();

}  // namespace lite::capi::operators
