// oneDNN as this library runs it: on our pool, within the caller's threads, without allocation.
//
// oneDNN cuts a primitive's work by the number of threads that it is told. To give the same bits with any
// number of threads it is always told the same number of parts; the pool then shares these among the threads
// there are. docs/decisions/layouts.md has what that costs.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <oneapi/dnnl/dnnl.hpp>

#include "core/base/status.h"
#include "core/kernels/kernel.h"

namespace lite::onednn {

// The CPU engine, made at first use; before that, oneDNN is limited to the instruction sets of cpu_isa().
const dnnl::engine& engine();
// Into how many parts work is cut: fixed for the process.
enum class Work {
  kImage,   // convolutions, pools, reorders: many parts cost nothing and balance well
  kMatrix,  // products: fewer columns a part cost speed
};
int parts(Work work);
// For measurements only, before the first primitive is made.
void set_parts(int parts);
// nullptr when oneDNN may be used under these options. Its instruction sets hold for the whole process.
WhyNot rejects_options(const KernelOptions& options);

// Whether the processor multiplies this floating type itself, adding in float32.
bool multiplies(DType dtype, const KernelOptions& options);

std::optional<dnnl::memory::data_type> data_type(DType dtype) noexcept;
// The descriptor of an operand of rank 3 to 5 as it lies in memory, or of any rank up to 12 when it is plain.
dnnl::memory::desc descriptor(const Operand& operand);
dnnl::memory::desc plain_descriptor(DType dtype, std::span<const int64_t> dims);
// The same dims in the layout that the primitive likes best.
dnnl::memory::desc any_descriptor(DType dtype, std::span<const int64_t> dims);

// Whether oneDNN has a fast implementation behind this primitive: not one of its plain loops.
bool is_fast(const dnnl::primitive_desc_base& pd);

// Calls make(), which returns Result<T>, with everything set that primitives depend on when they are made,
// and turns oneDNN's exceptions into errors. `who` names the kernel.
template <class Make>
auto guarded(const char* who, Work work, Make&& make) -> decltype(make());

// Attributes that every primitive is made with: the caller gives the scratchpad.
dnnl::primitive_attr base_attr();

// A primitive and the descriptors of its arguments, ready to run on any number of threads at once.
class Exec {
 public:
  struct Arg {
    int id;  // DNNL_ARG_...
    dnnl::memory::desc md;
  };
  // May throw dnnl::error: call inside guarded(), whose parts it keeps. The scratchpad is added as the last
  // argument when there is one.
  Exec(const dnnl::primitive& primitive, std::vector<Arg> args);
  ~Exec();
  Exec(const Exec&) = delete;
  Exec& operator=(const Exec&) = delete;

  // `pointers` in the order of args, then the scratchpad, 64-byte aligned, of scratchpad_bytes(), last.
  Status run(std::span<const void* const> pointers, const Parallel& parallel) const;
  size_t scratchpad_bytes() const { return scratchpad_bytes_; }

 private:
  struct State;
  State* take() const;
  void give_back(State* state) const;

  dnnl::primitive primitive_;
  std::vector<Arg> args_;
  size_t scratchpad_bytes_ = 0;
  int parts_ = 1;
  // Sets of oneDNN's memory objects, one for each run under way. More runs at once than this make their own.
  mutable std::array<std::atomic<State*>, 8> states_{};
};

// Copies from one descriptor to another, now, on this thread.
Status reorder_now(const dnnl::memory::desc& from, const void* source, const dnnl::memory::desc& to,
                   void* target);
// A constant in the layout that a primitive wants, from the cache; the constant's own bytes when it lies so
// already.
Result<std::shared_ptr<const PackCache::Packed>> packed(const Tensor& source, const dnnl::memory::desc& from,
                                                        const dnnl::memory::desc& to, PackCache& cache,
                                                        const std::string& how = {});

// Sets, for this thread, what primitives are cut by.
class CreationScope {
 public:
  explicit CreationScope(Work work);
  ~CreationScope();
  CreationScope(const CreationScope&) = delete;
  CreationScope& operator=(const CreationScope&) = delete;

 private:
  int before_ = 0;
};

Error to_error(const char* who, const dnnl::error& e);

template <class Make>
auto guarded(const char* who, Work work, Make&& make) -> decltype(make()) {
  try {
    const CreationScope scope(work);
    return make();
  } catch (const dnnl::error& e) {
    return to_error(who, e);
  }
}

}  // namespace lite::onednn
