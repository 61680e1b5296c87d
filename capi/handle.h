// Handles: numbers that name objects, so that a handle which was destroyed, or is of another kind, or is no
// handle at all is recognised instead of followed.
//
// A handle has a mark that no address has, the slot's generation, the slot and the kind. Looking one up takes
// no lock. What it does not protect from is one thread destroying an object while another one uses it.
#pragma once

#include <atomic>
#include <cstdint>

#include "capi/guard.h"

namespace lite::capi {

enum class HandleKind : uintptr_t { kTensor = 1, kNetwork = 2, kValue = 3 };

namespace handles {

// A new handle for `object`; throws std::bad_alloc when there are too many.
uintptr_t add(HandleKind kind, void* object);
// The object; nullptr when there is none.
void* find(HandleKind kind, uintptr_t handle) noexcept;
// Takes the object out; nullptr when there is none (any more). Of several threads only one gets it.
void* remove(HandleKind kind, uintptr_t handle) noexcept;

}  // namespace handles

// "tensor is NULL" or "tensor is not (or no longer) a tensor".
Failure bad_handle(const char* kind, const char* name, const void* handle);

}  // namespace lite::capi
