#include "core/ops/registry.h"

#include <algorithm>
#include <bit>
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

// By name, with open addressing: quicker to make than a sorted list, which counts where a small model is
// loaded.
class Index {
 public:
  Index() {
    size_t count = 0;
    for (const OpTable* t : kTables) count += t->ops.size();
    slots_.resize(std::bit_ceil(2 * count));
    for (const OpTable* t : kTables)
      for (const OpDef& op : t->ops) {
        size_t i = first(op.name);
        while (slots_[i] != nullptr) i = after(i);
        slots_[i] = &op;
      }
  }
  const OpDef* find(std::string_view domain, std::string_view name) const {
    for (size_t i = first(name); slots_[i] != nullptr; i = after(i))
      if (name == slots_[i]->name && domain == slots_[i]->domain) return slots_[i];
    return nullptr;
  }

 private:
  size_t after(size_t i) const { return (i + 1) & (slots_.size() - 1); }
  // FNV-1a.
  size_t first(std::string_view name) const {
    uint32_t h = 2166136261u;
    for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    return (h ^ h >> 16) & (slots_.size() - 1);
  }
  std::vector<const OpDef*> slots_;
};

}  // namespace

const OpDef* find(std::string_view domain, std::string_view name) {
  static const auto* const index = new Index;
  return index->find(domain == "ai.onnx" ? "" : domain, name);
}

uint32_t number_of(const OpDef& op) {
  uint32_t before = 0;
  for (const OpTable* t : kTables) {
    if (!t->ops.empty() && &op >= t->ops.data() && &op < t->ops.data() + t->ops.size())
      return before + static_cast<uint32_t>(&op - t->ops.data());
    before += static_cast<uint32_t>(t->ops.size());
  }
  assert(false);
  return before;
}

const OpDef* at(uint32_t number, std::string_view domain, std::string_view name) {
  for (const OpTable* t : kTables) {
    if (number < t->ops.size()) {
      const OpDef& op = t->ops[number];
      return name == op.name && domain == op.domain ? &op : nullptr;
    }
    number -= static_cast<uint32_t>(t->ops.size());
  }
  return nullptr;
}

const OpDef& get(std::string_view name, std::string_view domain) {
  const OpDef* op = find(domain, name);
  assert(op != nullptr);
  return *op;
}

std::vector<const OpDef*> all() {
  std::vector<const OpDef*> list;
  for (const OpTable* t : kTables)
    for (const OpDef& op : t->ops) list.push_back(&op);
  std::sort(list.begin(), list.end(), before);
  return list;
}

}  // namespace lite::ops
