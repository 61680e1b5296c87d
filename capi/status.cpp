// status_c.h: codes, versions, the log.

#include "lite-c/status_c.h"

#include <dlfcn.h>

#include <mutex>

#include "build_config.h"
#include "capi/guard.h"
#include "core/base/cpu.h"
#include "core/base/log.h"

using namespace lite;
using namespace lite::capi;

namespace {

// What the log's sink calls. Changed while the sink is not this one, or under the log's own lock.
struct LogTarget {
  std::mutex mutex;  // one change at a time
  LiteLogCallback callback = nullptr;
  void* user_data = nullptr;
};
LogTarget& log_target() {
  static LogTarget* const target = new LogTarget;
  return *target;
}

void log_to_callback(LogLevel level, const char* message, void* target) {
  const auto* const t = static_cast<const LogTarget*>(target);
  t->callback(static_cast<LiteLogLevel>(level), message, t->user_data);
}

std::string library_file() {
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&LITE_check_version), &info) != 0 && info.dli_fname != nullptr)
    return info.dli_fname;
  return "unknown file";
}

}  // namespace

extern "C" {

int LITE_get_last_status(void) { return last_status(); }

const char* LITE_get_status_name(int code) {
  switch (code) {
    case LITE_OK:
      return "LITE_OK";
    case LITE_INTERNAL_ERROR:
      return "LITE_INTERNAL_ERROR";
    case LITE_INVALID_ARGUMENT:
      return "LITE_INVALID_ARGUMENT";
    case LITE_INVALID_MODEL:
      return "LITE_INVALID_MODEL";
    case LITE_UNSUPPORTED:
      return "LITE_UNSUPPORTED";
    case LITE_NOT_FOUND:
      return "LITE_NOT_FOUND";
    case LITE_OUT_OF_MEMORY:
      return "LITE_OUT_OF_MEMORY";
    case LITE_IO_ERROR:
      return "LITE_IO_ERROR";
    case LITE_DEVICE_ERROR:
      return "LITE_DEVICE_ERROR";
    case LITE_CANCELLED:
      return "LITE_CANCELLED";
    case LITE_TIMED_OUT:
      return "LITE_TIMED_OUT";
    case LITE_BUSY:
      return "LITE_BUSY";
    case LITE_SHAPE_MISMATCH:
      return "LITE_SHAPE_MISMATCH";
    case LITE_NOT_LOADED:
      return "LITE_NOT_LOADED";
    case LITE_CLOSED:
      return "LITE_CLOSED";
    case LITE_BUFFER_TOO_SMALL:
      return "LITE_BUFFER_TOO_SMALL";
    case LITE_LIMIT_EXCEEDED:
      return "LITE_LIMIT_EXCEEDED";
    case LITE_ALREADY_LOADED:
      return "LITE_ALREADY_LOADED";
    default:
      return "LITE_UNKNOWN_ERROR";
  }
}

int LITE_check_version(int major, int minor) {
  return guard("LITE_check_version", [&]() -> Outcome {
    if (major == LITE_BUILD_VERSION_MAJOR && minor <= LITE_BUILD_VERSION_MINOR) return done();
    return unsupported("the program was built for version ", major, ".", minor,
                       ", the library is " LITE_BUILD_VERSION ", loaded from ", library_file());
  });
}

const char* LITE_get_build_info(void) {
  // Made once and kept for ever.
  static const std::string* const text = [] {
    try {
      return new std::string(cat("version: " LITE_BUILD_VERSION "\n"
                                 "megengine-lite: " LITE_MEGENGINE_VERSION_STRING "\n"
                                 "compiler: " LITE_BUILD_COMPILER "\n"
                                 "build-type: " LITE_BUILD_TYPE "\n"
                                 "onednn: " LITE_BUILD_ONEDNN "\n"
                                 "formats: onnx, mge, pack\n"
                                 "devices: cpu\n"
                                 "file: ",
                                 library_file(),
                                 "\n"
                                 "cpu: ",
                                 cpu_model_name(),
                                 "\n"
                                 "cpu-isa: ",
                                 cpu_isa_name(),
                                 "\n"
                                 "cpus: ",
                                 usable_cpus(), "\n"));
    } catch (...) {
      static const std::string nothing;
      return const_cast<std::string*>(&nothing);
    }
  }();
  return text->c_str();
}

int LITE_set_log_callback(LiteLogCallback callback, void* user_data) {
  return guard("LITE_set_log_callback", [&]() -> Outcome {
    LogTarget& target = log_target();
    const std::lock_guard lock(target.mutex);
    // Nobody calls the old one when this returns; then the target may change.
    set_log_sink(nullptr, nullptr);
    if (callback == nullptr) return done();
    target.callback = callback;
    target.user_data = user_data;
    set_log_sink(&log_to_callback, &target);
    return done();
  });
}

}  // extern "C"
