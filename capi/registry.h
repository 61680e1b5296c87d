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
  LiteDecryptionFunc plain = nullptr;  // at most one of the two
  LiteDecryptionFuncWithData with_data = nullptr;
  std::shared_ptr<LentData> user_data;

  bool empty() const { return plain == nullptr && with_data == nullptr; }
};

struct ParseFunction {
  LiteParseInfoFunc plain = nullptr;  // one of the two; neither: the parser of LITE_default
  LiteParseInfoFuncWithData with_data = nullptr;
  std::shared_ptr<LentData> user_data;
};

// What a decryption method gave, in memory that is left out of core dumps and wiped when it goes.
struct PlainText {
  Bytes bytes;
  bool padded = false;  // up to seven zeros follow
};

namespace registry {

Outcome add_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size);
// An empty function or key keeps the present one.
Outcome update_decryption(const char* name, DecryptionFunction function, const uint8_t* key, size_t key_size);
// With `key` instead of the registered one unless it is empty.
Outcome decrypt(const std::string& name, std::span<const std::byte> cipher, std::span<const uint8_t> key,
                PlainText* out);

Outcome add_parser(const char* name, ParseFunction function);
// nullptr when there is none of that name.
std::shared_ptr<const ParseFunction> find_parser(const std::string& name);

}  // namespace registry
}  // namespace lite::capi
