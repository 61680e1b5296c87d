// Any bytes behind a pack's magic: a model, or an error. Through the C API, so that information is parsed and
// what is encrypted with MegEngine's own keys is decrypted.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "lite.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const char kMagic[] = "packed_model";
  if (size < sizeof kMagic - 1 || std::memcmp(data, kMagic, sizeof kMagic - 1) != 0) return -1;
  LiteNetwork network = nullptr;
  if (LITE_make_default_network(&network) != LITE_OK) std::abort();
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  options.max_nodes = 1u << 12;
  options.max_bytes = uint64_t{64} << 20;
  const int code = LITE_check_model_memory(network, data, size, &options);
  if (code == LITE_INTERNAL_ERROR || (code != LITE_OK && LITE_get_last_error()[0] == '\0')) std::abort();
  LITE_destroy_network(network);
  return 0;
}
