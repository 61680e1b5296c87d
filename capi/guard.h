// The exception barrier, and the checks that every function begins with.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <optional>

#include "capi/error.h"
#include "lite-c/macro.h"

namespace lite::capi {

// What the body of a guarded function returns. Both core's errors and the C API's own convert to it.
class [[nodiscard]] Outcome {
 public:
  Outcome() noexcept = default;
  Outcome(Status&& status) {
    if (!status.is_ok()) failure_.emplace(std::move(status).take());
  }
  Outcome(Error error) : failure_(Failure(std::move(error))) {}
  Outcome(Failure failure) : failure_(std::move(failure)) {}

  bool is_ok() const noexcept { return !failure_; }
  const Failure& failure() const { return *failure_; }
  Failure take() && { return std::move(*failure_); }

 private:
  std::optional<Failure> failure_;
};

// As LITE_TRY, for Outcome.
#define LITE_CHECK(expr)                                                                         \
  do {                                                                                           \
    if (::lite::capi::Outcome lite_outcome = (expr); !lite_outcome.is_ok()) return lite_outcome; \
  } while (false)

// Calls body() and turns what it returns or throws into a code. `function` is the name in front of the text.
template <class F>
int guard(const char* function, F&& body) noexcept {
  try {
    const Outcome outcome = body();
    if (outcome.is_ok()) return clear_error();
    return set_error(outcome.failure().code, function, outcome.failure().message);
  } catch (const std::bad_alloc&) {
    return set_error(LITE_OUT_OF_MEMORY, function, "out of memory");
  } catch (const std::exception& e) {
    return set_error(LITE_INTERNAL_ERROR, function, e.what());
  } catch (...) {
    return set_error(LITE_INTERNAL_ERROR, function, "an exception of unknown type");
  }
}

inline Outcome done() noexcept { return {}; }

// "name is NULL" for a required pointer.
inline Outcome require(const void* pointer, const char* name) {
  if (pointer == nullptr) return invalid_argument(name, " is NULL");
  return done();
}
template <class R, class... A>
Outcome require(R (*function)(A...), const char* name) {
  if (function == nullptr) return invalid_argument(name, " is NULL");
  return done();
}
#define LITE_REQUIRE(pointer) LITE_CHECK(::lite::capi::require(pointer, #pointer))

// A caller's enumerator may be any number.
template <class E>
int number(E e) noexcept {
  return static_cast<int>(e);
}

// A struct that begins with struct_size, as this library knows it: what an older caller's lacks has the value
// in `defaults`. Refuses what a newer caller has set and this library does not know.
template <class T>
Result<T> read_versioned(const T* in, const T& defaults, const char* name) {
  T out = defaults;
  if (in == nullptr) return out;
  const size_t size = in->struct_size;
  if (size < sizeof(in->struct_size))
    return invalid_argument(name, ".struct_size is ", size, "; set it with the _INIT macro");
  std::memcpy(&out, in, std::min(size, sizeof(T)));
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  for (size_t i = sizeof(T); i < size; ++i)
    if (bytes[i] != 0)
      return unsupported(name, ": byte ", i, " is set, but this library knows only ", sizeof(T));
  out.struct_size = sizeof(T);
  return out;
}

// Writes as much as the caller's struct has room for, and zeros into what this library does not know.
template <class T>
Outcome write_versioned(const T& value, T* out, const char* name) {
  LITE_CHECK(require(out, name));
  const uint32_t size = out->struct_size;
  if (size < sizeof(out->struct_size))
    return invalid_argument(name, "->struct_size is ", size, "; set it with the _INIT macro");
  if (size > 64 * sizeof(T)) return invalid_argument(name, "->struct_size is ", size, ", which cannot be");
  std::memcpy(out, &value, std::min<size_t>(size, sizeof(T)));
  if (size > sizeof(T)) std::memset(reinterpret_cast<unsigned char*>(out) + sizeof(T), 0, size - sizeof(T));
  out->struct_size = size;
  return done();
}

}  // namespace lite::capi
