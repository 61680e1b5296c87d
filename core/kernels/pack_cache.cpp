#include "core/kernels/pack_cache.h"

#include <new>

#include "core/base/mapped_file.h"
#include "core/base/pages.h"

namespace lite {

Result<PackCache::Packed> PackCache::allocate(size_t bytes) {
  const auto packed = [bytes](void* p, auto free) -> Result<Packed> {
    if (p == nullptr) return fail(Code::kOutOfMemory, "packing weights: no memory for ", bytes, " bytes");
    return Packed{std::shared_ptr<void>(p, free), bytes};
  };
  if (on_huge_pages(bytes) != 0)
    return packed(allocate_huge_pages(bytes), [bytes](void* p) { free_huge_pages(p, bytes); });
  constexpr std::align_val_t kAlign{64};
  return packed(::operator new(bytes == 0 ? 64 : bytes, kAlign, std::nothrow),
                [](void* p) { ::operator delete(p, kAlign); });
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
    LITE_TRY(fill(packed.data.get()));
    // Packed weights replace those in the file; another packing, if ever, reads them again.
    forget_pages(source.address(), source.bytes());
    if (readers_ == 1) source.release();
  }
  auto shared = std::make_shared<const Packed>(std::move(packed));
  entries_[key] = Entry{shared, source.owner(), bytes, source.bytes()};
  return std::shared_ptr<const Packed>(shared);
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
  --packs_.readers_;
}

size_t PackCache::bytes() const {
  const std::lock_guard lock(mutex_);
  size_t sum = 0;
  for (const auto& [key, entry] : entries_)
    if (!entry.packed.expired()) sum += entry.bytes;
  return sum;
}

}  // namespace lite
