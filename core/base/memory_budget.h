// A limit on the memory of the tensors that one piece of work makes, whoever allocates them.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace lite {

// Any thread. Tensors give back what they took when they are freed, wherever that is.
class MemoryBudget {
 public:
  // `name` is the setting that the limit comes from, for messages; a literal.
  MemoryBudget(size_t limit, const char* name) : limit_(limit), name_(name) {}

  // False when that would go over the limit; nothing is taken then.
  bool take(size_t bytes) noexcept {
    size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (bytes > limit_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  size_t limit() const noexcept { return limit_; }
  const char* name() const noexcept { return name_; }

  // What this thread's tensors count against; may be null.
  static std::shared_ptr<MemoryBudget> current();

  // While one lives, tensors that this thread allocates count against `budget`, or against none when it is
  // null. Scopes nest; they end in the opposite order.
  class Scope {
   public:
    explicit Scope(std::shared_ptr<MemoryBudget> budget) noexcept;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();

   private:
    friend class MemoryBudget;
    std::shared_ptr<MemoryBudget> budget_;
    const Scope* outer_;
  };

 private:
  std::atomic<size_t> used_{0};
  const size_t limit_;
  const char* const name_;
};

}  // namespace lite
