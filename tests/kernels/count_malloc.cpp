#include "tests/kernels/count_malloc.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define LITE_FOREIGN_MALLOC 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define LITE_FOREIGN_MALLOC 1
#endif

namespace lite::test {
namespace {
std::atomic<int64_t> g_count{0};
}  // namespace

int64_t allocations() noexcept { return g_count.load(); }

}  // namespace lite::test

#ifndef LITE_FOREIGN_MALLOC
extern "C" {
void* __libc_malloc(size_t n);
void* __libc_calloc(size_t n, size_t size);
void* __libc_memalign(size_t alignment, size_t n);

void* malloc(size_t n) {
  ++lite::test::g_count;
  return __libc_malloc(n);
}
void* calloc(size_t n, size_t size) {
  ++lite::test::g_count;
  return __libc_calloc(n, size);
}
void* aligned_alloc(size_t alignment, size_t n) {
  ++lite::test::g_count;
  return __libc_memalign(alignment, n);
}
int posix_memalign(void** to, size_t alignment, size_t n) {
  ++lite::test::g_count;
  *to = __libc_memalign(alignment, n);
  return *to != nullptr ? 0 : ENOMEM;
}
}
#endif
