#include "core/kernels/kernel.h"

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

const char* table_name(const OpDef& op) { return (op.traits & kRegistered) != 0 ? kRegisteredOps : op.name; }

}  // namespace

const KernelDef* find(const NodeQuery& query, std::vector<std::string>* why) {
  const std::string_view op = table_name(*query.node.op);
  for (const KernelTable* table : kTables) {
    if (table == nullptr) break;
    for (const KernelDef& k : table->kernels) {
      if (op != k.op) continue;
      const WhyNot reason = k.rejects(query);
      if (reason == nullptr) return &k;
      if (why != nullptr) why->push_back(cat(k.name, ": ", reason));
    }
  }
  return nullptr;
}

std::vector<const KernelDef*> candidates(const NodeQuery& query) {
  const std::string_view op = table_name(*query.node.op);
  std::vector<const KernelDef*> list;
  for (const KernelTable* table : kTables) {
    if (table == nullptr) break;
    for (const KernelDef& k : table->kernels)
      if (op == k.op && k.rejects(query) == nullptr) list.push_back(&k);
  }
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
