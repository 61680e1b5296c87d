// Memory in whole pages, whose contents can be dropped without freeing it.
#pragma once

#include <cstddef>

namespace lite {

// Zeroed, aligned to a page; nullptr when memory is short.
void* allocate_pages(size_t bytes) noexcept;
// The same, aligned to huge pages and on them, where the system has them and leaves the choice to programs:
// memory that is read through again and again costs fewer misses of the TLB.
inline constexpr size_t kHugePage = size_t{1} << 21;
// From half a huge page on, what is left over gets one to itself: as many small ones take longer to get.
void* allocate_huge_pages(size_t bytes) noexcept;
void free_huge_pages(void* pages, size_t bytes) noexcept;
// How many of these bytes are on huge pages; 0: too few for one.
size_t on_huge_pages(size_t bytes) noexcept;
// Takes the memory of any allocation now, for one who is going to write all of it: page by page, as they are
// written, costs twice as much.
void populate(void* data, size_t bytes) noexcept;
// The same for what is not on huge pages, of which a few are soon taken one by one.
inline void populate_small_pages(void* data, size_t bytes) noexcept {
  const size_t huge = on_huge_pages(bytes);
  populate(static_cast<std::byte*>(data) + huge, bytes - huge);
}
// `bytes` as they were asked for.
void free_pages(void* pages, size_t bytes) noexcept;
// The memory goes back, the address stays: reading then gives zeros, writing takes memory again.
void drop_pages(void* pages, size_t bytes) noexcept;
// A core dump leaves the contents out, where the system can do so.
void keep_out_of_dumps(void* pages, size_t bytes) noexcept;

}  // namespace lite
