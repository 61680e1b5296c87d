#include "core/kernels/kernel.h"

#include <map>
#include <mutex>
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

// The kernels of the operator, in the order in which they are asked. Looked up once for each operator that
// is met: a small network meets few, and none should wait for a table of all.
const std::vector<const KernelDef*>& kernels_of(const OpDef& op) {
  const char* const name = (op.traits & kRegistered) != 0 ? kRegisteredOps : op.name;
  static constinit std::mutex mutex;
  // Never destroyed: networks may be compiled while the program's static objects go.
  static auto* const known = new std::map<std::string_view, std::vector<const KernelDef*>>;
  const std::lock_guard lock(mutex);
  if (const auto it = known->find(name); it != known->end()) return it->second;
  std::vector<const KernelDef*>& list = (*known)[name];
  for (const KernelDef* k : all())
    if (std::string_view(name) == k->op) list.push_back(k);
  return list;
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
