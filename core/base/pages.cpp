#include "core/base/pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace lite {
namespace {

size_t page_bytes() noexcept {
  static const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  return page;
}

// 0: more than there is.
size_t whole_pages(size_t bytes) noexcept {
  const size_t page = page_bytes(), mapped = (bytes / page + 1) * page;
  return mapped < bytes ? 0 : mapped;
}

// As whole_pages(), where what is left over gets a huge page.
size_t huge_pages(size_t bytes) noexcept {
  if (on_huge_pages(bytes) < bytes) return whole_pages(bytes);
  const size_t mapped = (bytes / kHugePage + 1) * kHugePage;
  return mapped < bytes ? 0 : mapped;
}

}  // namespace

void* allocate_pages(size_t bytes) noexcept {
  const size_t mapped = whole_pages(bytes);
  if (mapped == 0) return nullptr;
  void* const p = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}

size_t on_huge_pages(size_t bytes) noexcept {
  const size_t left = bytes % kHugePage;
  return left < kHugePage / 2 ? bytes - left : bytes;
}

void* allocate_huge_pages(size_t bytes) noexcept {
  const size_t mapped = huge_pages(bytes);
  if (mapped == 0 || mapped + kHugePage < mapped) return nullptr;
  void* const p =
      ::mmap(nullptr, mapped + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  // What lies before and behind the aligned part goes back.
  auto* const all = static_cast<std::byte*>(p);
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(p) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(all, before);
  if (before < kHugePage) ::munmap(all + before + mapped, kHugePage - before);
#if defined(MADV_HUGEPAGE)
  ::madvise(all + before, mapped, MADV_HUGEPAGE);
#endif
  return all + before;
}

void free_huge_pages(void* pages, size_t bytes) noexcept { ::munmap(pages, huge_pages(bytes)); }

void populate([[maybe_unused]] void* data, [[maybe_unused]] size_t bytes) noexcept {
#if defined(MADV_POPULATE_WRITE)
  constexpr size_t kWorthIt = size_t{64} << 10;
  if (bytes < kWorthIt) return;
  const size_t page = page_bytes(), before = (page - reinterpret_cast<uintptr_t>(data) % page) % page;
  // Before Linux 5.14 an error, and no harm.
  ::madvise(static_cast<std::byte*>(data) + before, (bytes - before) / page * page, MADV_POPULATE_WRITE);
#endif
}

void free_pages(void* pages, size_t bytes) noexcept { ::munmap(pages, whole_pages(bytes)); }

void drop_pages(void* pages, size_t bytes) noexcept { ::madvise(pages, whole_pages(bytes), MADV_DONTNEED); }

void keep_out_of_dumps([[maybe_unused]] void* pages, [[maybe_unused]] size_t bytes) noexcept {
#if defined(MADV_DONTDUMP)
  ::madvise(pages, whole_pages(bytes), MADV_DONTDUMP);
#endif
}

}  // namespace lite
