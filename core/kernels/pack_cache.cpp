#include "core/kernels/pack_cache.h"

#include <algorithm>
#include <new>

#include "core/base/mapped_file.h"
#include "core/base/pages.h"

namespace lite {
namespace {

Result<PackCache::Packed> packed(void* p, size_t bytes, void (*free)(void*, size_t)) {
  if (p == nullptr) return fail(Code::kOutOfMemory, "packing weights: no memory for ", bytes, " bytes");
  return PackCache::Packed{std::shared_ptr<void>(p, [bytes, free](void* data) { free(data, bytes); }), bytes};
}

}  // namespace

Result<PackCache::Packed> PackCache::allocate(size_t bytes) {
  if (on_huge_pages(bytes) != 0) return packed(allocate_huge_pages(bytes), bytes, free_huge_pages);
  constexpr std::align_val_t kAlign{64};
  return packed(::operator new(bytes == 0 ? 64 : bytes, kAlign, std::nothrow), bytes,
                [](void* p, size_t) { ::operator delete(p, kAlign); });
}

Result<std::shared_ptr<const PackCache::Packed>> PackCache::get(const Tensor& source, const std::string& how,
                                                                size_t bytes, const Fill& fill) {
  const std::lock_guard lock(mutex_);
  const auto is_of = [&](const std::weak_ptr<const void>& owner) {
    return source.owner() ? owner.lock() == source.owner() : owner.expired();
  };
  const Key key(source.address(), how);
  if (const auto it = entries_.find(key); it != entries_.end()) {
    auto held = it->second.packed.lock();
    if (held && held->bytes == bytes && is_of(it->second.source)) return held;
    entries_.erase(it);
  }
  std::erase_if(entries_, [](const auto& e) { return e.second.packed.expired(); });
  Packed packed;
  if (const auto it = stored_.find(key);
      it != stored_.end() && it->second.packed.bytes == bytes && is_of(it->second.source)) {
    packed = it->second.packed;
  } else {
    LITE_ASSIGN(packed, allocate(bytes));
    populate(packed.data.get(), bytes);
    LITE_ASSIGN(const void* const from, contents(source));
    LITE_TRY(fill(packed.data.get(), from));
    // What is large would be missed elsewhere.
    if (readers_ == 0 || scratch_.bytes >= kHugePage) scratch_ = {};
    // Packed weights replace those in the file; another packing, if ever, reads them again.
    forget_pages(source.address(), source.bytes());
    if (readers_ == 1) source.release();
  }
  auto shared = std::make_shared<const Packed>(std::move(packed));
  entries_[key] = Entry{shared, source.owner(), bytes, source.bytes()};
  return std::shared_ptr<const Packed>(shared);
}

// Weights that are made for packing alone are made in memory that stays, as fresh pages for each cost more
// than the making. Twice what the last one took: pages that nobody writes are not taken.
Result<const void*> PackCache::contents(const Tensor& source) {
  if (!source.is_away()) return source.raw();
  const size_t bytes = source.bytes();
  if (scratch_.bytes < bytes) {
    const size_t wanted = std::max(bytes, std::min(2 * scratch_.bytes, kHugePage - 1));
    scratch_ = {};
    LITE_ASSIGN(scratch_, packed(allocate_pages(wanted), wanted, free_pages));
  }
  populate(scratch_.data.get(), bytes);
  source.make(scratch_.data.get());
  return static_cast<const void*>(scratch_.data.get());
}

void PackCache::store(const Tensor& source, std::string how, Packed packed) {
  const std::lock_guard lock(mutex_);
  stored_[Key(source.address(), std::move(how))] = Stored{std::move(packed), source.owner()};
}

Status PackCache::visit(const Visit& visit) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, entry] : entries_)
    if (const auto held = entry.packed.lock())
      LITE_TRY(visit(key.first, entry.source_bytes, key.second, *held));
  for (const auto& [key, stored] : stored_)
    if (const auto it = entries_.find(key); it == entries_.end() || it->second.packed.expired())
      LITE_TRY(visit(key.first, 0, key.second, stored.packed));
  return ok();
}

PackCache::Reader::Reader(PackCache& packs) : packs_(packs) {
  const std::lock_guard lock(packs_.mutex_);
  ++packs_.readers_;
}

PackCache::Reader::~Reader() {
  const std::lock_guard lock(packs_.mutex_);
  if (--packs_.readers_ == 0) packs_.scratch_ = {};
}

size_t PackCache::bytes() const {
  const std::lock_guard lock(mutex_);
  size_t sum = 0;
  for (const auto& [key, entry] : entries_)
    if (!entry.packed.expired()) sum += entry.bytes;
  return sum;
}

}  // namespace lite
