// MegEngine Lite's container: a model, information about it, and MegEngine's caches, each perhaps encrypted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/mapped_file.h"
#include "core/base/status.h"

namespace lite::package {

inline constexpr std::string_view kNoMethod = "NONE";  // what is not encrypted
inline constexpr std::string_view kDefaultParser = "LITE_default";
inline constexpr std::string_view kCacheParser = "LITE_parse_cache";

struct Pack {
  std::string name;
  std::string model_method{kNoMethod}, info_method{kNoMethod};
  std::string info_parser{kDefaultParser};
  Bytes model;
  Bytes info;                 // empty: none
  Bytes cache, binary_cache;  // MegEngine's; empty: none
};

bool looks_like_pack(std::span<const std::byte> bytes) noexcept;

// Views into `bytes`, whose owner they share; checked, and no more read than its tables. kInvalidModel names
// what is wrong; kUnsupported for a pack of several models.
Result<Pack> read_pack(const Bytes& bytes);

// The model lies at a multiple of 32 bytes. kLimitExceeded above 2 GiB, which the format does not reach.
Result<std::vector<std::byte>> write_pack(const Pack& pack);

}  // namespace lite::package
