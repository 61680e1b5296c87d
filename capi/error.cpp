#include "capi/error.h"

#include <algorithm>
#include <cstring>

namespace lite::capi {
namespace {

struct LastError {
  int code = LITE_OK;
  char text[kErrorTextBytes] = {};
};
constinit thread_local LastError t_last;

int code_of_extra(Extra kind) noexcept {
  switch (kind) {
    case Extra::kClosed:
      return LITE_CLOSED;
    case Extra::kBufferTooSmall:
      return LITE_BUFFER_TOO_SMALL;
    case Extra::kAlreadyLoaded:
      return LITE_ALREADY_LOADED;
    case Extra::kUnknown:
      return LITE_UNKNOWN_ERROR;
  }
  return LITE_INTERNAL_ERROR;
}

// Appends as much of `s` as fits, whole UTF-8 characters only. False when something was left out.
bool append(char*& at, const char* end, std::string_view s) noexcept {
  size_t n = std::min(s.size(), static_cast<size_t>(end - at));
  const bool all = n == s.size();
  while (!all && n > 0 && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) --n;
  std::memcpy(at, s.data(), n);
  at += n;
  return all;
}

}  // namespace

Failure::Failure(Error error) : code(code_of(error.code)), message(std::move(error.message)) {}
Failure::Failure(Extra kind, std::string text) : code(code_of_extra(kind)), message(std::move(text)) {}

int code_of(Code code) noexcept {
  switch (code) {
    case Code::kOk:
      return LITE_OK;
    case Code::kInvalidArgument:
      return LITE_INVALID_ARGUMENT;
    case Code::kInvalidModel:
      return LITE_INVALID_MODEL;
    case Code::kUnsupported:
      return LITE_UNSUPPORTED;
    case Code::kNotFound:
      return LITE_NOT_FOUND;
    case Code::kOutOfMemory:
      return LITE_OUT_OF_MEMORY;
    case Code::kIo:
      return LITE_IO_ERROR;
    case Code::kDevice:
      return LITE_DEVICE_ERROR;
    case Code::kCancelled:
      return LITE_CANCELLED;
    case Code::kTimedOut:
      return LITE_TIMED_OUT;
    case Code::kBusy:
      return LITE_BUSY;
    case Code::kShapeMismatch:
      return LITE_SHAPE_MISMATCH;
    case Code::kNotLoaded:
      return LITE_NOT_LOADED;
    case Code::kLimitExceeded:
      return LITE_LIMIT_EXCEEDED;
    case Code::kCallback:
      return LITE_UNKNOWN_ERROR;
    case Code::kInternal:
      return LITE_INTERNAL_ERROR;
  }
  return LITE_INTERNAL_ERROR;
}

Code code_from_callback(int code) noexcept {
  for (int c = 1; c < static_cast<int>(Code::kCallback); ++c)
    if (code_of(static_cast<Code>(c)) == code) return static_cast<Code>(c);
  return Code::kCallback;
}

int set_error(int code, std::string_view function, std::string_view message) noexcept {
  constexpr std::string_view kMore = " ...";
  LastError& last = t_last;
  last.code = code;
  char* at = last.text;
  const char* const end = last.text + kErrorTextBytes - kMore.size() - 1;
  const bool all = append(at, end, function) && append(at, end, ": ") && append(at, end, message);
  if (!all) append(at, last.text + kErrorTextBytes - 1, kMore);
  *at = '\0';
  return code;
}

int clear_error() noexcept {
  LastError& last = t_last;
  last.code = LITE_OK;
  last.text[0] = '\0';
  return LITE_OK;
}

int last_status() noexcept { return t_last.code; }
const char* last_error_text() noexcept { return t_last.text; }

}  // namespace lite::capi
