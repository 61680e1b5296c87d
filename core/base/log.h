// The library's log: silent but for errors unless a level or a sink is set. Thread-safe.
#pragma once

#include <string_view>

namespace lite {

enum class LogLevel : int { kDebug = 0, kInfo = 1, kWarn = 2, kError = 3 };

using LogSink = void (*)(LogLevel level, const char* message, void* user);

void set_log_level(LogLevel level) noexcept;
LogLevel log_level() noexcept;
// nullptr restores the default sink, stderr. The sink may be called from any thread, one call at a time.
void set_log_sink(LogSink sink, void* user) noexcept;
// Never throws; a message that cannot be formatted is dropped.
void log(LogLevel level, std::string_view message) noexcept;

}  // namespace lite
