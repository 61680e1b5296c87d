/* Encrypted models: how to make one, and three ways of loading one - with a key for one load, with a key for
 * the process, and with a method of one's own.
 *
 * usage: decrypt MODEL SCAN.png
 */
#include <lite.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

enum { SIDE = 8, CLASSES = 10, KEY = 32 };

static int failed(const char* what) {
  fprintf(stderr, "%s: %s\n", what, LITE_get_last_error());
  return 1;
}

static int classify(LiteNetwork network, const char* how, const char* scan) {
  const int64_t shape[] = {1, 1, SIDE, SIDE};
  LiteTensor data, prob;
  void* memory;
  if (LITE_get_io_tensor(network, "data", LITE_INPUT, &data) != LITE_OK) return failed("data");
  if (LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &prob) != LITE_OK) return failed("prob");
  if (LITE_set_tensor_dims(data, LITE_FLOAT, 4, shape) != LITE_OK) return failed("data");
  if (LITE_get_tensor_memory(data, &memory) != LITE_OK) return failed("data");
  if (scan_read(scan, memory, SIDE, SIDE) != 0) return 1;
  if (LITE_forward(network) != LITE_OK || LITE_wait(network) != LITE_OK) return failed("running");
  if (LITE_get_tensor_memory(prob, &memory) != LITE_OK) return failed("prob");
  printf("%s: %u\n", how, (unsigned)scan_argmax(memory, CLASSES));
  return 0;
}

/* The key only opens this load; the library does not keep it. */
static int with_key_for_one_load(const char* packed, size_t size, const uint8_t* key, const char* scan) {
  LiteNetwork network;
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  int status;
  options.key_data = key;
  options.key_size = KEY;
  if (LITE_make_default_network(&network) != LITE_OK) return failed("making the network");
  if (LITE_load_model_memory(network, packed, size, &options) != LITE_OK) return failed("loading");
  status = classify(network, "a key for one load", scan);
  LITE_destroy_network(network);
  return status;
}

/* The way of MegEngine Lite: every load that meets the method uses that key. */
static int with_key_for_the_process(const char* packed, size_t size, const uint8_t* key, const char* scan) {
  LiteNetwork network;
  int status;
  if (LITE_update_decryption_or_key("AES_256_GCM", NULL, key, KEY) != LITE_OK) return failed("the key");
  if (LITE_make_default_network(&network) != LITE_OK) return failed("making the network");
  if (LITE_load_model_memory(network, packed, size, NULL) != LITE_OK) return failed("loading");
  status = classify(network, "a key for the process", scan);
  LITE_destroy_network(network);
  return status;
}

/* Asked twice: for the size, and to write the plain text. */
static size_t flip(const void* in, size_t size, const uint8_t* key, size_t key_size, const void* out) {
  unsigned char* plain = (unsigned char*)(uintptr_t)out; /* writable, whatever its type says */
  size_t i;
  if (key_size != 1) return 0;
  for (i = 0; plain != NULL && i < size; ++i) plain[i] = ((const unsigned char*)in)[i] ^ key[0];
  return size;
}

static int with_a_method_of_ones_own(const char* path, const char* scan) {
  static const uint8_t kMask[] = {0x5A};
  LiteNetwork network;
  LiteConfig config = LITE_CONFIG_INIT;
  FILE* file = fopen(path, "rb");
  unsigned char* model = NULL;
  long size = 0, i;
  int status;
  if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0) return perror(path), 1;
  rewind(file);
  model = malloc((size_t)size);
  if (model == NULL || fread(model, 1, (size_t)size, file) != (size_t)size) return perror(path), 1;
  fclose(file);
  for (i = 0; i < size; ++i) model[i] ^= kMask[0];

  if (LITE_register_decryption_and_key("flip", flip, kMask, sizeof kMask) != LITE_OK) return failed("flip");
  config.bare_model_cryption_name = "flip";
  if (LITE_make_network_config(&network, config) != LITE_OK) return failed("making the network");
  if (LITE_load_model_from_mem(network, model, (size_t)size) != LITE_OK) return failed("loading");
  free(model); /* the library has its own copy */
  status = classify(network, "a method of one's own", scan);
  LITE_destroy_network(network);
  return status;
}

int main(int argc, char** argv) {
  static const char kInfo[] = "{\"valid\": true, \"name\": \"digits\", \"version\": \"1.13.0\"}";
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  uint8_t key[KEY];
  char *packed = NULL, *model = NULL;
  size_t size = 0, model_size = 0;
  FILE* random = fopen("/dev/urandom", "rb");
  int status;
  if (argc != 3) {
    fprintf(stderr, "usage: %s MODEL SCAN.png\n", argv[0]);
    return 2;
  }
  if (random == NULL || fread(key, 1, KEY, random) != KEY) return perror("/dev/urandom"), 1;
  fclose(random);

  /* As `lite pack MODEL --encrypt AES_256_GCM --key-file KEY --info INFO` does with files. */
  options.model_method = options.info_method = "AES_256_GCM";
  options.key_data = key;
  options.key_size = KEY;
  options.info = kInfo;
  options.info_size = sizeof kInfo - 1;
  if (LITE_unpack_model(argv[1], LITE_PACK_MODEL, NULL, NULL, 0, &model, &model_size) != LITE_OK)
    return failed(argv[1]);
  if (LITE_pack_model_memory(model, model_size, &options, &packed, &size) != LITE_OK)
    return failed("packing");
  LITE_free_string(model);

  status = with_key_for_one_load(packed, size, key, argv[2]) ||
           with_key_for_the_process(packed, size, key, argv[2]) ||
           with_a_method_of_ones_own(argv[1], argv[2]);
  memset(key, 0, sizeof key);
  LITE_free_string(packed);
  return status;
}
