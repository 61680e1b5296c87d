// Errors as values. Core throws nothing of its own; std::bad_alloc is left to travel to the C boundary.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace lite {

enum class Code : int32_t {
  kOk = 0,
  kInvalidArgument,  // the caller passed something wrong
  kInvalidModel,     // the model's bytes contradict themselves or the format
  kUnsupported,      // valid, but this build cannot do it
  kNotFound,
  kOutOfMemory,
  kIo,
  kDevice,
  kCancelled,
  kTimedOut,
  kBusy,
  kShapeMismatch,
  kNotLoaded,
  kLimitExceeded,  // a budget that the caller can set is used up; the message names it
  kCallback,       // a function of the caller's failed
  kInternal,       // a bug of ours
};

const char* code_name(Code code) noexcept;

struct Error {
  Code code;
  std::string message;
};

// Joins its arguments as an ostream would print them.
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream s;
  (s << ... << parts);
  return std::move(s).str();
}

template <class... Parts>
Error fail(Code code, const Parts&... parts) {
  return Error{code, cat(parts...)};
}
template <class... Parts>
Error invalid_argument(const Parts&... parts) {
  return fail(Code::kInvalidArgument, parts...);
}
template <class... Parts>
Error invalid_model(const Parts&... parts) {
  return fail(Code::kInvalidModel, parts...);
}
template <class... Parts>
Error unsupported(const Parts&... parts) {
  return fail(Code::kUnsupported, parts...);
}

// Success, or an Error. One pointer wide; success is null and costs nothing.
class [[nodiscard]] Status {
 public:
  Status() noexcept = default;
  Status(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

  bool is_ok() const noexcept { return error_ == nullptr; }
  Code code() const noexcept { return error_ ? error_->code : Code::kOk; }
  const std::string& message() const noexcept;
  // Precondition: !is_ok().
  Error take() && { return std::move(*error_); }

  // Puts `who` and ": " in front of the message of a failure; leaves success alone.
  Status with_context(std::string_view who) &&;

 private:
  std::unique_ptr<Error> error_;
};

inline Status ok() noexcept { return {}; }

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Error error) : error_(std::move(error)) {}
  // Precondition: !status.is_ok().
  Result(Status status) : error_(std::move(status).take()) {}

  bool is_ok() const noexcept { return value_.has_value(); }
  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return std::move(*value_); }
  const Error& error() const { return error_; }
  Error take_error() && { return std::move(error_); }
  Status status() const { return is_ok() ? Status() : Status(error_); }

 private:
  std::optional<T> value_;
  Error error_{Code::kOk, {}};
};

}  // namespace lite

#define LITE_CONCAT_INNER(a, b) a##b
#define LITE_CONCAT(a, b) LITE_CONCAT_INNER(a, b)

// Passes the error of a Status on to the caller.
#define LITE_TRY(expr)                                                     \
  do {                                                                     \
    if (::lite::Status lite_try_status = (expr); !lite_try_status.is_ok()) \
      return std::move(lite_try_status).take();                            \
  } while (false)

// Unwraps a Result into `decl`, or passes its error on: LITE_ASSIGN(auto x, f()).
#define LITE_ASSIGN(decl, expr) LITE_ASSIGN_IMPL(LITE_CONCAT(lite_result_, __LINE__), decl, expr)
#define LITE_ASSIGN_IMPL(tmp, decl, expr)               \
  auto tmp = (expr);                                    \
  if (!tmp.is_ok()) return std::move(tmp).take_error(); \
  decl = std::move(tmp).value()
