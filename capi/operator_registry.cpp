#include "capi/operator_registry.h"

#include <algorithm>
#include <mutex>
#include <tuple>

#include "core/import/onnx/onnx.h"
#include "core/ops/registry.h"

namespace lite::capi::operators {
namespace {

using Key = std::tuple<std::string_view, std::string_view, int>;
Key key_of(const ops::CustomOp& op) { return {op.domain(), op.name(), op.def().since}; }

// The list is never changed: loads that have it go on with it while another takes its place.
struct Registry {
  std::mutex mutex;
  std::shared_ptr<const ops::CustomOps> list = std::make_shared<const ops::CustomOps>();
};

// Never destroyed: models may be loaded while the program's static objects go.
Registry& registry() {
  static Registry* const r = new Registry;
  return *r;
}

thread_local Batch* t_batch = nullptr;

std::string title(std::string_view domain, std::string_view name, int since) {
  return cat("operator '", name, "' of domain '", domain.empty() ? "ai.onnx" : domain, "', version ", since,
             ",");
}

Outcome check_own(const ops::CustomOp& op) {
  const auto replaced = replaced_onnx_ops();
  const bool own = op.domain() == "lite" || ops::find(op.domain(), op.name()) != nullptr ||
                   std::any_of(replaced.begin(), replaced.end(), [&](const ReplacedOp& r) {
                     return op.name() == r.name && op.domain() == r.domain;
                   });
  if (own)
    return invalid_argument(title(op.domain(), op.name(), op.def().since),
                            " is one of the library's own; register it in a domain of yours");
  return done();
}

// Puts `op` in its place in the order.
Outcome insert(ops::CustomOps& list, std::shared_ptr<const ops::CustomOp> op) {
  const auto at = std::lower_bound(list.begin(), list.end(), key_of(*op),
                                   [](const auto& a, const Key& key) { return key_of(*a) < key; });
  if (at != list.end() && key_of(**at) == key_of(*op))
    return invalid_argument(title(op->domain(), op->name(), op->def().since), " is registered already");
  list.insert(at, std::move(op));
  return done();
}

// Changes a copy. What the old list was the last to hold goes after the lock, for it calls back.
template <class F>
Outcome change(F&& f) {
  Registry& r = registry();
  std::shared_ptr<const ops::CustomOps> old;
  const std::lock_guard lock(r.mutex);
  auto copy = std::make_shared<ops::CustomOps>(*r.list);
  LITE_CHECK(f(*copy));
  old = std::exchange(r.list, std::move(copy));
  return done();
}

}  // namespace

Batch::Batch() : outer_(std::exchange(t_batch, this)) {}
Batch::~Batch() { t_batch = outer_; }

Outcome Batch::publish() {
  return change([&](ops::CustomOps& list) -> Outcome {
    for (const auto& op : ops_) LITE_CHECK(insert(list, op));
    return done();
  });
}

Outcome add(std::shared_ptr<const ops::CustomOp> op) {
  LITE_CHECK(check_own(*op));
  if (t_batch != nullptr) return insert(t_batch->ops_, std::move(op));
  return change([&](ops::CustomOps& list) { return insert(list, std::move(op)); });
}

Outcome remove(std::string_view domain, std::string_view name, int since) {
  ops::CustomOps removed;
  return change([&](ops::CustomOps& list) -> Outcome {
    const Key key{domain, name, since};
    const auto at =
        std::find_if(list.begin(), list.end(), [&](const auto& op) { return key_of(*op) == key; });
    if (at == list.end()) return fail(Code::kNotFound, title(domain, name, since), " is not registered");
    list.erase(at);
    return done();
  });
}

std::shared_ptr<const ops::CustomOps> current() {
  Registry& r = registry();
  const std::lock_guard lock(r.mutex);
  return r.list;
}

}  // namespace lite::capi::operators
