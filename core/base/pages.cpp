#include "core/base/pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace lite {
namespace {

// 0: more than there is.
size_t whole_pages(size_t bytes) noexcept {
  static const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  const size_t mapped = (bytes / page + 1) * page;
  return mapped < bytes ? 0 : mapped;
}

}  // namespace

void* allocate_pages(size_t bytes) noexcept {
  const size_t mapped = whole_pages(bytes);
  if (mapped == 0) return nullptr;
  void* const p = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? nullptr : p;
}

void free_pages(void* pages, size_t bytes) noexcept { ::munmap(pages, whole_pages(bytes)); }

void drop_pages(void* pages, size_t bytes) noexcept { ::madvise(pages, whole_pages(bytes), MADV_DONTNEED); }

void prefer_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] size_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
  const auto begin = (reinterpret_cast<uintptr_t>(memory) + kHugePage - 1) / kHugePage * kHugePage;
  const auto end = (reinterpret_cast<uintptr_t>(memory) + bytes) / kHugePage * kHugePage;
  // No address is lost by going back to a pointer: begin lies in the block.
  if (begin < end)
    ::madvise(static_cast<char*>(memory) + (begin - reinterpret_cast<uintptr_t>(memory)), end - begin,
              MADV_HUGEPAGE);
#endif
}

void keep_out_of_dumps([[maybe_unused]] void* pages, [[maybe_unused]] size_t bytes) noexcept {
#if defined(MADV_DONTDUMP)
  ::madvise(pages, whole_pages(bytes), MADV_DONTDUMP);
#endif
}

}  // namespace lite
