#include "core/kernels/pack_cache.h"

#include <new>

#include "core/base/mapped_file.h"

namespace lite {

Result<PackCache::Packed> PackCache::allocate(size_t bytes) {
  constexpr std::align_val_t kAlign{64};
  void* p = ::operator new(bytes == 0 ? 64 : bytes, kAlign, std::nothrow);
  if (p == nullptr) return fail(Code::kOutOfMemory, "packing weights: no memory for ", bytes, " bytes");
  return Packed{std::shared_ptr<void>(p, [](void* q) { ::operator delete (q, std::align_val_t{64}); }),
                bytes};
}

Result<std::shared_ptr<const PackCache::Packed>> PackCache::get(const Tensor& source, const std::string& how,
                                                                const std::function<Result<Packed>()>& make) {
  const std::lock_guard lock(mutex_);
  const std::pair<const void*, std::string> key(source.address(), how);
  if (const auto it = entries_.find(key); it != entries_.end()) {
    auto held = it->second.packed.lock();
    const bool same =
        source.owner() ? it->second.source.lock() == source.owner() : it->second.source.expired();
    if (held && same) return held;
    entries_.erase(it);
  }
  std::erase_if(entries_, [](const auto& e) { return e.second.packed.expired(); });
  LITE_ASSIGN(Packed packed, make());
  // Packed weights replace those in the file; another packing, if ever, reads them again.
  forget_pages(source.address(), source.bytes());
  if (readers_ == 1) source.release();
  const size_t bytes = packed.bytes;
  auto shared = std::make_shared<const Packed>(std::move(packed));
  entries_[key] = Entry{shared, source.owner(), bytes};
  return std::shared_ptr<const Packed>(shared);
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
