#include "core/kernels/kernel.h"

#include <atomic>
#include <string_view>

namespace lite {

const char* layout_name(Layout layout) noexcept {
  switch (layout) {
    case Layout::kPlain:
      return "plain";
    case Layout::kChannelsLast:
      return "nhwc";
    case Layout::kBlocked8:
      return "nChw8c";
    case Layout::kBlocked16:
      return "nChw16c";
  }
  return "?";
}

size_t layout_bytes(DType dtype, const Dims& dims, Layout layout) {
  Dims stored = dims;
  if (layout == Layout::kBlocked8) stored[1] = round_up(stored[1], 8);
  if (layout == Layout::kBlocked16) stored[1] = round_up(stored[1], 16);
  return dtype_bytes(dtype, elements(stored)).value_or(0);
}

namespace kernels {

#define LITE_KERNELS(file) extern const KernelTable file;
#include "core/kernels/kernel_files.inc"
#undef LITE_KERNELS

namespace {

const KernelTable* const kTables[] = {
#define LITE_KERNELS(file) &file,
#include "core/kernels/kernel_files.inc"
#undef LITE_KERNELS
    nullptr,
};

// The kernels of an operator, in the order in which they are asked.
struct Known {
  std::string op;
  std::vector<const KernelDef*> list;
  const Known* next;
};

// Looked up once for each operator that is met: a small network meets few, and none should wait for a table
// of all. Entries live for ever, and no lock is held that a child of fork() would find taken.
const std::vector<const KernelDef*>& kernels_of(const OpDef& op) {
  const std::string_view name = (op.traits & kRegistered) != 0 ? kRegisteredOps : op.name;
  static constinit std::atomic<const Known*> first{nullptr};
  for (const Known* k = first.load(std::memory_order_acquire); k != nullptr; k = k->next)
    if (k->op == name) return k->list;
  auto* const known = new Known{std::string(name), {}, first.load(std::memory_order_relaxed)};
  for (const KernelTable* const* table = kTables; *table != nullptr; ++table)
    for (const KernelDef& k : (*table)->kernels)
      if (name == k.op) known->list.push_back(&k);
  // Two threads that meet it at once make it twice.
  while (!first.compare_exchange_weak(known->next, known, std::memory_order_release)) {
  }
  return known->list;
}

}  // namespace

const KernelDef* find(const NodeQuery& query, std::vector<std::string>* why) {
  for (const KernelDef* k : kernels_of(*query.node.op)) {
    const WhyNot reason = k->rejects(query);
    if (reason == nullptr) return k;
    if (why != nullptr) why->push_back(cat(k->name, ": ", reason));
  }
  return nullptr;
}

std::vector<const KernelDef*> candidates(const NodeQuery& query) {
  std::vector<const KernelDef*> list;
  for (const KernelDef* k : kernels_of(*query.node.op))
    if (k->rejects(query) == nullptr) list.push_back(k);
  return list;
}

std::vector<const KernelDef*> all() {
  std::vector<const KernelDef*> list;
  for (const KernelTable* table : kTables) {
    if (table == nullptr) break;
    for (const KernelDef& k : table->kernels) list.push_back(&k);
  }
  return list;
}

}  // namespace kernels
}  // namespace lite
