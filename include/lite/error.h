// How the C++ API reports failures: with exceptions that carry the C API's code.
//
// All of the C++ API is in the inline namespace lite::v1, which nobody writes: it keeps its symbols apart
// from those inside a statically linked library.
#ifndef LITE_ERROR_H_
#define LITE_ERROR_H_

#include <stdexcept>
#include <string>

#include "../lite-c/global_c.h"
#include "../lite-c/status_c.h"

// A type that is thrown must be one type in every library of the process.
#if defined(__GNUC__)
#define LITE_CPP_TYPE __attribute__((visibility("default")))
#else
#define LITE_CPP_TYPE
#endif

namespace lite {
inline namespace v1 {

/// What every failing call throws. what() is the text of LITE_get_last_error().
class LITE_CPP_TYPE Error : public std::runtime_error {
 public:
  Error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}

  /// One of LiteErrorCode, such as LITE_NOT_FOUND.
  int code() const noexcept { return code_; }
  const char* name() const noexcept { return LITE_get_status_name(code_); }

 private:
  int code_;
};

namespace detail {

inline void check(int code) {
  if (code != LITE_OK) throw Error(code, LITE_get_last_error());
}

}  // namespace detail
}  // namespace v1
}  // namespace lite

#endif
