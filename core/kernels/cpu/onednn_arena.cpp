#include "core/kernels/cpu/onednn_arena.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace lite::onednn {
namespace {

constexpr size_t kHeader = 16;
constexpr size_t kArenaBytes = 64 * 1024;  // some closures hold 2 KB, and oneDNN copies them several times
constexpr int kArenas = 64;                // more threads than that at once use the heap

// In front of each block. Blocks are freed in about the reverse order; one that is freed early waits for
// those above it.
struct Header {
  uint32_t below;               // where the block below starts
  std::atomic<uint32_t> freed;  // any thread may set it, only the owner of the arena acts on it
};
static_assert(sizeof(Header) <= kHeader);

struct alignas(64) Arena {
  std::atomic<bool> taken;
  uint32_t top;  // where the topmost block starts; meaningful when used > 0
  uint32_t used;
  alignas(16) std::byte bytes[kArenaBytes];

  Header* header(uint32_t at) noexcept { return reinterpret_cast<Header*>(bytes + at); }

  void pop() noexcept {
    while (used > 0 && header(top)->freed.load(std::memory_order_acquire) != 0) {
      used = top;
      top = header(top)->below;
    }
  }
  void* allocate(size_t n) noexcept {
    pop();
    if (n > kArenaBytes) return nullptr;
    const size_t size = kHeader + (n + 15) / 16 * 16;
    if (size > kArenaBytes - used) return nullptr;
    new (bytes + used) Header{top, 0};
    top = used;
    used += static_cast<uint32_t>(size);
    return bytes + top + kHeader;
  }
};

// Zero pages until a thread uses its own.
constinit Arena g_arenas[kArenas] = {};

struct Lease {
  Arena* arena = nullptr;
  Lease() noexcept {
    for (Arena& a : g_arenas) {
      if (a.taken.load(std::memory_order_relaxed) || a.taken.exchange(true, std::memory_order_acquire))
        continue;
      arena = &a;
      return;
    }
  }
  ~Lease() {
    if (arena == nullptr) return;
    arena->pop();
    if (arena->used == 0) arena->taken.store(false, std::memory_order_release);
  }
};

constinit thread_local Arena* t_current = nullptr;

Arena* mine() noexcept {
  thread_local Lease lease;
  return lease.arena;
}

Arena* owner(const void* p) noexcept {
  const auto offset = reinterpret_cast<uintptr_t>(p) - reinterpret_cast<uintptr_t>(g_arenas);
  return offset < sizeof g_arenas ? &g_arenas[offset / sizeof(Arena)] : nullptr;
}

void* arena_new(size_t n) noexcept { return t_current == nullptr ? nullptr : t_current->allocate(n); }

bool arena_delete(void* p) noexcept {
  Arena* const a = owner(p);
  if (a == nullptr) return false;
  auto* const header = reinterpret_cast<Header*>(static_cast<std::byte*>(p) - kHeader);
  header->freed.store(1, std::memory_order_release);
  if (a == t_current) a->pop();
  return true;
}

}  // namespace

ArenaScope::ArenaScope() noexcept : outer_(t_current) { t_current = mine(); }
ArenaScope::~ArenaScope() { t_current = static_cast<Arena*>(outer_); }

}  // namespace lite::onednn

// What the linker's --wrap makes of operator new, new[], delete and delete[]. Weak: without --wrap there is
// no __real_.
extern "C" {
__attribute__((weak)) void* __real__Znwm(size_t n);
__attribute__((weak)) void* __real__Znam(size_t n);
__attribute__((weak)) void __real__ZdlPv(void* p) noexcept;
__attribute__((weak)) void __real__ZdaPv(void* p) noexcept;

void* __wrap__Znwm(size_t n);
void* __wrap__Znam(size_t n);
void __wrap__ZdlPv(void* p) noexcept;
void __wrap__ZdaPv(void* p) noexcept;
void __wrap__ZdlPvm(void* p, size_t n) noexcept;
void __wrap__ZdaPvm(void* p, size_t n) noexcept;

void* __wrap__Znwm(size_t n) {
  void* const p = lite::onednn::arena_new(n);
  return p != nullptr ? p : __real__Znwm(n);
}
void* __wrap__Znam(size_t n) {
  void* const p = lite::onednn::arena_new(n);
  return p != nullptr ? p : __real__Znam(n);
}
void __wrap__ZdlPv(void* p) noexcept {
  if (!lite::onednn::arena_delete(p)) __real__ZdlPv(p);
}
void __wrap__ZdaPv(void* p) noexcept {
  if (!lite::onednn::arena_delete(p)) __real__ZdaPv(p);
}
void __wrap__ZdlPvm(void* p, size_t) noexcept { __wrap__ZdlPv(p); }
void __wrap__ZdaPvm(void* p, size_t) noexcept { __wrap__ZdaPv(p); }
}
