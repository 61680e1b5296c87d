/*
 * The program's own malloc, which the library uses too: counts calls, and fails the one that it is told to
 * fail. glibc only, and not with sanitizers, which have a malloc of their own.
 */
#ifndef LITE_TESTS_CAPI_COUNTING_MALLOC_H_
#define LITE_TESTS_CAPI_COUNTING_MALLOC_H_

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t align, size_t size);

static atomic_long allocations;     /* since the start */
static atomic_long fail_after = -1; /* so many succeed, the next one fails once; negative: none fails */

static int may_allocate(void) {
  ++allocations;
  if (fail_after < 0) return 1;
  return fail_after-- != 0;
}

/* The library finds them only if the program exports them. */
#pragma GCC visibility push(default)
void* malloc(size_t size) { return may_allocate() ? __libc_malloc(size) : NULL; }
void* calloc(size_t count, size_t size) { return may_allocate() ? __libc_calloc(count, size) : NULL; }
void* realloc(void* old, size_t size) { return may_allocate() ? __libc_realloc(old, size) : NULL; }
void* memalign(size_t align, size_t size) { return may_allocate() ? __libc_memalign(align, size) : NULL; }
void* aligned_alloc(size_t align, size_t size) { return memalign(align, size); }
int posix_memalign(void** out, size_t align, size_t size) {
  *out = memalign(align, size);
  return *out == NULL ? ENOMEM : 0;
}
#pragma GCC visibility pop

#endif
