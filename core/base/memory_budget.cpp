#include "core/base/memory_budget.h"

#include <utility>

namespace lite {
namespace {

constinit thread_local const MemoryBudget::Scope* innermost = nullptr;

}  // namespace

std::shared_ptr<MemoryBudget> MemoryBudget::current() {
  return innermost == nullptr ? nullptr : innermost->budget_;
}

MemoryBudget::Scope::Scope(std::shared_ptr<MemoryBudget> budget) noexcept
    : budget_(std::move(budget)), outer_(innermost) {
  innermost = this;
}

MemoryBudget::Scope::~Scope() { innermost = outer_; }

}  // namespace lite
