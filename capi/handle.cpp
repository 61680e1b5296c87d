#include "capi/handle.h"

#include <pthread.h>

#include <array>
#include <deque>
#include <memory>
#include <mutex>

namespace lite::capi {
namespace handles {
namespace {

// Low to high: kind, slot, generation, mark.
constexpr bool kWide = sizeof(uintptr_t) == 8;
constexpr int kKindBits = 2;
constexpr int kSlotBits = kWide ? 22 : 17;
constexpr int kGenerationBits = kWide ? 32 : 13;
constexpr int kGenerationShift = kKindBits + kSlotBits;
// On 64-bit machines no address of a process begins with this byte.
constexpr uintptr_t kMark = kWide ? uintptr_t{0x4C} << (sizeof(uintptr_t) * 8 - 8) : 0;
constexpr uintptr_t kMarkMask = kWide ? ~uintptr_t{0} << (kGenerationShift + kGenerationBits) : 0;

constexpr size_t kChunkSlots = 128;
constexpr size_t kChunks = (size_t{1} << kSlotBits) / kChunkSlots;

struct Slot {
  std::atomic<uintptr_t> handle{0};  // 0: free
  std::atomic<void*> object{nullptr};
  uintptr_t generation = 0;  // under g_mutex
};
using Chunk = std::array<Slot, kChunkSlots>;

std::array<std::atomic<Chunk*>, kChunks> g_chunks{};
constinit std::mutex g_mutex;

// Never destroyed: handles may be used while the program's static objects go.
struct Free {
  std::deque<uint32_t> slots;  // oldest first, so that a slot rests long before it is used again
  uint32_t used = 0;
};
Free& free_slots() {
  static Free* const f = [] {
    // A child of fork() finds the mutex free, whatever other threads were doing.
    pthread_atfork([] { g_mutex.lock(); }, [] { g_mutex.unlock(); }, [] { g_mutex.unlock(); });
    return new Free;
  }();
  return *f;
}

Slot* slot_at(uintptr_t index) noexcept {
  Chunk* const chunk = g_chunks[index / kChunkSlots].load(std::memory_order_acquire);
  return chunk == nullptr ? nullptr : &(*chunk)[index % kChunkSlots];
}

Slot* slot_of(HandleKind kind, uintptr_t handle) noexcept {
  if ((handle & kMarkMask) != kMark || (handle & ((1u << kKindBits) - 1)) != static_cast<uintptr_t>(kind))
    return nullptr;
  return slot_at(handle >> kKindBits & ((uintptr_t{1} << kSlotBits) - 1));
}

}  // namespace

uintptr_t add(HandleKind kind, void* object) {
  const std::lock_guard lock(g_mutex);
  Free& f = free_slots();
  constexpr size_t kRest = 1024;  // slots that rest before one is used again
  uint32_t index;
  const bool room = f.used < kChunks * kChunkSlots;
  if (f.slots.size() > kRest || (!room && !f.slots.empty())) {
    index = f.slots.front();
    f.slots.pop_front();
  } else if (room) {
    if (f.used % kChunkSlots == 0) g_chunks[f.used / kChunkSlots].store(new Chunk, std::memory_order_release);
    index = f.used++;
  } else {
    throw std::bad_alloc();
  }
  Slot& slot = *slot_at(index);
  slot.generation = (slot.generation + 1) & ((uintptr_t{1} << kGenerationBits) - 1);
  if (slot.generation == 0) slot.generation = 1;  // so that no handle is 0
  const uintptr_t handle = kMark | slot.generation << kGenerationShift | uintptr_t{index} << kKindBits |
                           static_cast<uintptr_t>(kind);
  slot.object.store(object, std::memory_order_relaxed);
  slot.handle.store(handle, std::memory_order_release);
  return handle;
}

void* find(HandleKind kind, uintptr_t handle) noexcept {
  const Slot* const slot = slot_of(kind, handle);
  if (slot == nullptr || slot->handle.load(std::memory_order_acquire) != handle) return nullptr;
  return slot->object.load(std::memory_order_relaxed);
}

void* remove(HandleKind kind, uintptr_t handle) noexcept {
  Slot* const slot = slot_of(kind, handle);
  uintptr_t expected = handle;
  if (slot == nullptr) return nullptr;
  void* const object = slot->object.load(std::memory_order_relaxed);
  if (!slot->handle.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) return nullptr;
  const std::lock_guard lock(g_mutex);
  try {
    free_slots().slots.push_back(
        static_cast<uint32_t>(handle >> kKindBits & ((uintptr_t{1} << kSlotBits) - 1)));
  } catch (const std::bad_alloc&) {
    // The slot is lost; the object is not.
  }
  return object;
}

}  // namespace handles

Failure bad_handle(const char* kind, const char* name, const void* handle) {
  if (handle == nullptr) return invalid_argument(name, " is NULL");
  return Failure(Extra::kClosed, cat(name, " is not a ", kind, ", or was destroyed"));
}

}  // namespace lite::capi
