// UTF-8 to code points and back; a byte that is not part of valid text stands for itself (as U+DC80 + its low
// bits).
#pragma once

#include <cwchar>
#include <string>
#include <string_view>

namespace lite::ops {

std::u32string from_utf8(std::string_view text);
std::string to_utf8(std::u32string_view text);

}  // namespace lite::ops
