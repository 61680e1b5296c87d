// From a file's bytes to a model's: out of a pack, decrypted.
#pragma once

#include <optional>

#include "capi/config.h"
#include "core/base/mapped_file.h"

namespace lite::capi {

struct Unpacked {
  Bytes model;                          // what is neither packed nor encrypted is the file's
  std::string decrypted_by;             // the method; "" when the model was not encrypted
  std::optional<NetworkConfig> config;  // the network's, as the pack changes it
  std::string extra_info;               // the pack's, for the user
};

// `key` is for all that is encrypted; empty: the registered ones.
Outcome unpack(Bytes file, const NetworkConfig& config, std::span<const uint8_t> key, Unpacked* out);

// "", and "NONE" in a pack, mean that nothing is encrypted.
bool is_method(std::string_view name);

}  // namespace lite::capi
