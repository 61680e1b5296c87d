#include "core/base/log.h"

#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>

namespace lite {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kError};
constinit std::mutex g_mutex;
constinit LogSink g_sink = nullptr;
constinit void* g_user = nullptr;

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "?";
}

}  // namespace

void set_log_level(LogLevel level) noexcept { g_level.store(level, std::memory_order_relaxed); }
LogLevel log_level() noexcept { return g_level.load(std::memory_order_relaxed); }

void set_log_sink(LogSink sink, void* user) noexcept {
  const std::lock_guard lock(g_mutex);
  g_sink = sink;
  g_user = user;
}

void log(LogLevel level, std::string_view message) noexcept {
  if (level < log_level()) return;
  try {
    const std::string text(message);
    const std::lock_guard lock(g_mutex);
    if (g_sink != nullptr)
      g_sink(level, text.c_str(), g_user);
    else
      std::fprintf(stderr, "lite: %s: %s\n", level_name(level), text.c_str());
  } catch (...) {
  }
}

}  // namespace lite
