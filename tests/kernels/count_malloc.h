// Counts the heap allocations of the whole program, through malloc and its relatives.
#pragma once

#include <cstdint>

namespace lite::test {

// Since the program started; always 0 where malloc belongs to somebody else (sanitizers, other C libraries
// than glibc).
int64_t allocations() noexcept;

}  // namespace lite::test
