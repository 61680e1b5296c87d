// What the SIMD kernels share. Each simd_*.cpp is compiled once per instruction set by Highway's
// foreach_target; the copy to use is picked when a kernel is made, from KernelOptions, and kept as a function
// pointer.
//
// Include before hwy/foreach_target.h: it says which targets are built.
#pragma once

#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SVE | HWY_SVE_256 | HWY_SVE2 | HWY_SVE2_128)

#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include "core/kernels/kernel.h"

// The copies of a function of this file's target namespaces, best first; null where a target is not built.
// LITE_SIMD_TABLE(kRows, rows) defines kRows, to be given to simd::choose().
#define LITE_SIMD_TABLE(table, fn)                                                                  \
  constexpr decltype(&HWY_STATIC_DISPATCH(fn)) table[] = {HWY_CHOOSE_AVX3(fn), HWY_CHOOSE_AVX2(fn), \
                                                          HWY_CHOOSE_SSE4(fn), HWY_CHOOSE_NEON(fn), \
                                                          HWY_CHOOSE_FALLBACK(fn)}

// LITE_VECTORIZE: elements may be taken in any order, source and destination are the same or do not overlap.
// LITE_UNROLL: a short loop of constant length whose arrays are to live in registers.
#if defined(__clang__)
#define LITE_VECTORIZE \
  _Pragma("clang diagnostic ignored \"-Wpass-failed\"") _Pragma("clang loop vectorize(assume_safety)")
#define LITE_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define LITE_VECTORIZE _Pragma("GCC ivdep")
#define LITE_UNROLL _Pragma("GCC unroll 16")
#else
#define LITE_VECTORIZE
#define LITE_UNROLL
#endif

namespace lite::simd {

// The best copy that may run with these options. With `reproducible` the baseline's: one copy gives one
// answer.
template <class F>
F* choose(F* const (&table)[5], const KernelOptions& options) {
  constexpr uint32_t kNeed[] = {isa::kAvx512Level, isa::kAvx2Level, isa::kSse41, isa::kNeon};
  for (size_t i = 0; i < std::size(kNeed) && !options.reproducible; ++i)
    if (table[i] != nullptr && isa::runs_on(kNeed[i], options.isa)) return table[i];
  return table[4];
}

// A kernel that is one callable: Status or void f(const Launch&).
template <class F>
class CallableKernel final : public Kernel {
 public:
  CallableKernel(F f, size_t workspace) : f_(std::move(f)), workspace_(workspace) {}
  Status run(const Launch& launch) const override {
    if constexpr (std::is_void_v<std::invoke_result_t<const F&, const Launch&>>) {
      f_(launch);
      return ok();
    } else {
      return f_(launch);
    }
  }
  size_t workspace_bytes() const override { return workspace_; }

 private:
  F f_;
  size_t workspace_;
};
template <class F>
Result<std::unique_ptr<Kernel>> make_kernel(F f, size_t workspace_bytes = 0) {
  return std::unique_ptr<Kernel>(std::make_unique<CallableKernel<F>>(std::move(f), workspace_bytes));
}

// Elements, or bytes for what only moves them, that are worth handing to another thread.
inline constexpr int64_t kGrain = 16384;

// Rows of `width` elements a chunk.
inline int64_t rows_grain(int64_t width, int64_t grain = kGrain) {
  return std::max<int64_t>(1, grain / std::max<int64_t>(1, width));
}

// Channels in one block of a blocked layout, else 0.
inline int64_t block_of(Layout layout) {
  return layout == Layout::kBlocked8 ? 8 : layout == Layout::kBlocked16 ? 16 : 0;
}
inline bool all_plain(const NodeQuery& q) {
  for (const Operand& o : q.in)
    if (o.present() && o.layout != Layout::kPlain) return false;
  for (const Operand& o : q.out)
    if (o.present() && o.layout != Layout::kPlain) return false;
  return true;
}
// Elements stored, padding channels included.
inline int64_t stored_elements(const Operand& o) {
  const int64_t block = block_of(o.layout);
  if (block == 0 || o.dims[1] == 0) return o.elements();
  return o.elements() / o.dims[1] * round_up(o.dims[1], block);
}

}  // namespace lite::simd
