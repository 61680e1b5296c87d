// The calling thread's last error: a code and a text in fixed storage, so that reporting a failure cannot
// fail.
#pragma once

#include <string_view>

#include "core/base/status.h"
#include "lite-c/common_enum_c.h"

namespace lite::capi {

inline constexpr size_t kErrorTextBytes = 4096;

// Codes that core does not have.
enum class Extra { kClosed, kBufferTooSmall, kAlreadyLoaded, kUnknown };

// What a function of the C API failed with.
struct Failure {
  int code;
  std::string message;
  Failure(Error error);
  Failure(Extra kind, std::string text);
};

int code_of(Code code) noexcept;
// What a callback's code means: kCallback for those that only the library itself gives, and for no code.
Code code_from_callback(int code) noexcept;

// Both return the code. The text is cut at a character and marked when it is too long.
int set_error(int code, std::string_view function, std::string_view message) noexcept;
int clear_error() noexcept;

int last_status() noexcept;
const char* last_error_text() noexcept;

}  // namespace lite::capi
