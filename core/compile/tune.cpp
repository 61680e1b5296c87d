// Times the kernels of a node on numbers of its own, for networks that ask for it.

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/compile/choices.h"
#include "core/compile/compiler.h"

namespace lite {
namespace {

using Clock = std::chrono::steady_clock;

// Numbers of ordinary size, whatever the type: neither denormal nor NaN. False for types whose contents may
// be indices, which must not be made up.
bool fill(DType dtype, void* to, size_t bytes) {
  uint32_t state = 12345;
  const auto next = [&] { return (state = state * 1664525 + 1013904223) >> 8; };
  const auto write = [&](auto make) {
    using T = decltype(make(0u));
    auto* const p = static_cast<T*>(to);
    for (size_t i = 0; i < bytes / sizeof(T); ++i) p[i] = make(next());
    return true;
  };
  switch (dtype) {
    case DType::kF32:
      return write([](uint32_t r) { return static_cast<float>(r & 0xffff) / 32768.0f - 1.0f; });
    case DType::kF64:
      return write([](uint32_t r) { return static_cast<double>(r & 0xffff) / 32768.0 - 1.0; });
    case DType::kF16:  // +-[0.5, 1)
      return write([](uint32_t r) { return static_cast<uint16_t>(0x3800 | (r & 0x83ff)); });
    case DType::kBF16:
      return write([](uint32_t r) { return static_cast<uint16_t>(0x3f00 | (r & 0x807f)); });
    case DType::kI8:
    case DType::kU8:
      return write([](uint32_t r) { return static_cast<uint8_t>(r); });
    default:
      return false;
  }
}

// A node's buffers, apart from those of any program.
class Bench {
 public:
  static Result<std::unique_ptr<Bench>> make(const NodeQuery& q) {
    auto b = std::make_unique<Bench>();
    for (const Operand& o : q.in) {
      if (o.constant != nullptr) {
        LITE_ASSIGN(Tensor constant, o.constant->aligned());
        b->in_ids_.push_back(b->add(const_cast<void*>(constant.raw())));
        b->constants_.push_back(std::move(constant));
        continue;
      }
      LITE_TRY(b->allocate(o, b->in_ids_));
      if (o.present() && !fill(o.dtype, b->table_.back(), b->blocks_.back().bytes))
        return unsupported("numbers of this type are not made up");
    }
    for (const Operand& o : q.out) LITE_TRY(b->allocate(o, b->out_ids_));
    return b;
  }

  // Runs the kernel once; microseconds.
  Result<double> time(const Kernel& kernel, int threads) {
    if (kernel.workspace_bytes() > workspace_.bytes) {
      LITE_ASSIGN(workspace_, PackCache::allocate(kernel.workspace_bytes()));
    }
    const Parallel parallel{threads, nullptr};
    const Launch launch{table_.data(), in_ids_.data(), out_ids_.data(), workspace_.data.get(), &parallel};
    const auto begin = Clock::now();
    LITE_TRY(kernel.run(launch));
    return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
  }

 private:
  uint32_t add(void* p) {
    table_.push_back(p);
    return static_cast<uint32_t>(table_.size() - 1);
  }
  Status allocate(const Operand& o, std::vector<uint32_t>& ids) {
    if (!o.present()) {
      ids.push_back(add(nullptr));
      return ok();
    }
    LITE_ASSIGN(PackCache::Packed block, PackCache::allocate(layout_bytes(o.dtype, o.dims, o.layout)));
    ids.push_back(add(block.data.get()));
    blocks_.push_back(std::move(block));
    return ok();
  }

  std::vector<void*> table_;
  std::vector<uint32_t> in_ids_, out_ids_;
  std::vector<PackCache::Packed> blocks_;
  std::vector<Tensor> constants_;
  PackCache::Packed workspace_;
};

struct Candidate {
  const KernelDef* def;
  std::unique_ptr<Kernel> kernel;
  double least = std::numeric_limits<double>::infinity(), sum = 0;  // microseconds
};

// In turns, so that what else the machine does meets all alike. The first turn warms up, and counts only
// where it takes long.
Status time_in_turns(Bench& bench, std::vector<Candidate>& list, int threads) {
  constexpr double kEnough = 3000, kTooMuch = 300000, kHopeless = 3;
  constexpr int kTurns = 6;
  double best = std::numeric_limits<double>::infinity();
  for (int turn = 0;; ++turn) {
    bool more = false;
    for (Candidate& c : list) {
      if (turn > 1 && c.least > kHopeless * best) continue;
      LITE_ASSIGN(const double us, bench.time(*c.kernel, threads));
      c.sum += us;
      if (turn > 0 || us > kTooMuch) c.least = std::min(c.least, us);
      best = std::min(best, c.least);
      more = more || (c.sum < kTooMuch && (turn < kTurns || c.sum < kEnough));
    }
    if (!more) return ok();
  }
}

}  // namespace

Result<const KernelDef*> Compiler::fastest(const NodeQuery& query) {
  // A choice by time may be another one tomorrow.
  if (query.options.reproducible || !options_.optimise) return nullptr;
  if (!options_.tune && choices::size() == 0) return nullptr;
  NodeQuery unranked = query;
  unranked.options.unranked = true;
  const std::vector<const KernelDef*> all = kernels::candidates(unranked);
  if (all.size() < 2) return nullptr;

  const std::string key = choices::key(query, options_.threads);
  if (const auto known = choices::find(key)) {
    for (const KernelDef* k : all)
      if (known->kernel == k->name) return k;
  }
  if (!options_.tune) return nullptr;

  auto bench = Bench::make(query);
  if (!bench.is_ok()) {
    if (bench.error().code == Code::kUnsupported) return nullptr;
    return std::move(bench).take_error();
  }
  std::vector<Candidate> list;
  for (const KernelDef* k : all) {
    auto kernel = k->make(unranked, packs_);
    if (kernel.is_ok())
      list.push_back({.def = k, .kernel = std::move(kernel).value()});
    else if (kernel.error().code != Code::kUnsupported)
      return std::move(kernel).take_error();
  }
  if (list.size() < 2) return nullptr;
  LITE_TRY(time_in_turns(*bench.value(), list, options_.threads));
  // The rank decides between those that are as good as the fastest.
  constexpr double kAsGood = 1.05;
  const std::vector<const KernelDef*> ranked = kernels::candidates(query);
  const auto faster = [](const Candidate& a, const Candidate& b) { return a.least < b.least; };
  const double least = std::min_element(list.begin(), list.end(), faster)->least;
  std::stable_partition(list.begin(), list.end(), [&](const Candidate& c) {
    return std::find(ranked.begin(), ranked.end(), c.def) != ranked.end();
  });
  const auto best =
      std::find_if(list.begin(), list.end(), [&](const Candidate& c) { return c.least <= kAsGood * least; });
  choices::remember(key, {best->def->name, best->least});
  measured_ = true;
  return best->def;
}

}  // namespace lite
