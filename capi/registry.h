// What programs register for loading: decryption methods and readers of packed information.
#pragma once

#include <memory>
#include <string>

#include "capi/guard.h"
#include "capi/lent.h"
#include "core/base/mapped_file.h"
#include "lite-c/userdata_c.h"

namespace lite::capi {

struct DecryptionFunction {
  LiteDecryptionFunc plain = nullptr;  // one of the two
  LiteDecryptionFuncWithData with_data = nullptr;
  std::shared_ptr<LentData> user_data;
};

struct ParseFunction {
  LiteParseInfoFunc plain = nullptr;  // one of the two
  LiteParseInfoFuncWithData with_data = nullptr;
  std::shared_ptr<LentData> user_data;
};

namespace registry {

Outcome add_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size);
// An empty function or key keeps the present one.
Outcome update_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size);
// The plain text, in memory that is left out of core dumps and wiped when it goes.
Outcome decrypt(const std::string& name, std::span<const std::byte> cipher, Bytes* plain);

Outcome add_parser(const char* name, ParseFunction function);
// nullptr when there is none of that name.
std::shared_ptr<const ParseFunction> find_parser(const std::string& name);

}  // namespace registry
}  // namespace lite::capi
