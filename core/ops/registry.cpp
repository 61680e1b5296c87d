#include "core/ops/registry.h"

#include <algorithm>
#include <cassert>

#include "core/ops/op.h"

namespace lite::ops {

#define LITE_OPS(file) extern const OpTable file;
#include "core/ops/op_files.inc"
#undef LITE_OPS

namespace {

const OpTable* const kTables[] = {
#define LITE_OPS(file) &file,
#include "core/ops/op_files.inc"
#undef LITE_OPS
};

bool before(const OpDef* a, const OpDef* b) {
  const int d = std::string_view(a->domain).compare(b->domain);
  return d != 0 ? d < 0 : std::string_view(a->name) < b->name;
}

const std::vector<const OpDef*>& sorted() {
  static const std::vector<const OpDef*> list = [] {
    std::vector<const OpDef*> l;
    for (const OpTable* t : kTables)
      for (const OpDef& op : t->ops) l.push_back(&op);
    std::sort(l.begin(), l.end(), before);
    return l;
  }();
  return list;
}

}  // namespace

const OpDef* find(std::string_view domain, std::string_view name) {
  if (domain == "ai.onnx") domain = "";
  const auto& list = sorted();
  const auto it = std::lower_bound(list.begin(), list.end(), 0, [&](const OpDef* a, int) {
    const int d = std::string_view(a->domain).compare(domain);
    return d != 0 ? d < 0 : std::string_view(a->name) < name;
  });
  return it != list.end() && name == (*it)->name && domain == (*it)->domain ? *it : nullptr;
}

const OpDef& get(std::string_view name, std::string_view domain) {
  const OpDef* op = find(domain, name);
  assert(op != nullptr);
  return *op;
}

std::vector<const OpDef*> all() { return sorted(); }

}  // namespace lite::ops
