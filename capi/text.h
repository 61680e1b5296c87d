// Text that leaves the library.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "capi/guard.h"

namespace lite::capi {

// A JSON string, quotes included. Bytes that are no UTF-8 become U+FFFD.
std::string json_quote(std::string_view text);
// A copy that LITE_free_string frees.
Outcome give_string(std::string_view text, char** out);
// Puts the path in front of a failure's message.
Outcome with_path(Outcome outcome, const char* path);
// Replaces a file so that a reader sees the old one or the new one, never a part; IO_ERROR with the system's
// reason.
Outcome replace_file(const std::string& path, std::string_view bytes);
// The same with what `write` puts, one after the other; its failure leaves the old file.
using Put = std::function<Outcome(std::string_view bytes)>;
Outcome replace_file(const std::string& path, const std::function<Outcome(const Put& put)>& write);
// Writes a file; IO_ERROR with the system's reason.
Outcome write_file(const std::string& path, std::string_view text);

}  // namespace lite::capi
