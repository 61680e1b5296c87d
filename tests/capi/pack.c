/* Packs and encrypted models through the C ABI. Usage: pack DATA, the folder tests/data. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

enum { MAX_ROWS = 12 };

static const char* data;
static char place[1024];

static const char* in_data(const char* name) {
  snprintf(place, sizeof place, "%s/%s", data, name);
  return place;
}

/* The whole file; the caller frees it. */
static char* read_all(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* bytes = NULL;
  long end = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) end = ftell(file);
  if (end > 0 && fseek(file, 0, SEEK_SET) == 0) bytes = (char*)malloc((size_t)end);
  if (bytes == NULL || fread(bytes, 1, (size_t)end, file) != (size_t)end) {
    printf("cannot read %s\n", path);
    exit(1);
  }
  fclose(file);
  *size = (size_t)end;
  return bytes;
}

/* Sets so many rows, runs, and gives what the rows make. */
static void run(LiteNetwork network, size_t rows, float* out) {
  LiteTensor in = NULL, prob = NULL;
  LiteLayout layout = LITE_LAYOUT_INIT;
  void* memory = NULL;
  size_t i;
  CHECK_OK(LITE_get_io_tensor(network, "data", LITE_INPUT, &in));
  CHECK_OK(LITE_get_io_tensor(network, "output0", LITE_OUTPUT, &prob));
  layout.ndim = 2;
  layout.shapes[0] = rows;
  layout.shapes[1] = 2;
  CHECK_OK(LITE_set_tensor_layout(in, layout));
  CHECK_OK(LITE_get_tensor_memory(in, &memory));
  for (i = 0; i < rows * 2; ++i) ((float*)memory)[i] = (float)(i % 5) / 5;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_get_tensor_memory(prob, &memory));
  memcpy(out, memory, rows * 2 * sizeof(float));
}

static float expected[MAX_ROWS * 2];

static void check_run(LiteNetwork network) {
  float out[MAX_ROWS * 2];
  size_t i;
  run(network, MAX_ROWS, out);
  /* Without graph passes other kernels run. */
  for (i = 0; i < MAX_ROWS * 2; ++i) CHECK(fabsf(out[i] - expected[i]) < 1e-6f);
}

static size_t rows_of(LiteNetwork network) {
  LiteTensor in = NULL;
  LiteLayout layout = LITE_LAYOUT_INIT;
  CHECK_OK(LITE_get_io_tensor(network, "data", LITE_INPUT, &in));
  CHECK_OK(LITE_get_tensor_layout(in, &layout));
  return layout.shapes[0];
}

static size_t threads_of(LiteNetwork network) {
  size_t threads = 0;
  CHECK_OK(LITE_get_cpu_threads_number(network, &threads));
  return threads;
}

static LiteNetwork network_for(const char* method) {
  LiteNetwork network = NULL;
  LiteConfig config = LITE_CONFIG_INIT;
  config.bare_model_cryption_name = method;
  CHECK_OK(LITE_make_network_config(&network, config));
  return network;
}

static LitePackOptions pack_options(const char* method, const uint8_t* key, size_t key_size) {
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  options.model_method = method;
  options.key_data = key;
  options.key_size = key_size;
  return options;
}

static uint8_t key[32];
static const char* const kSecret = "0123456789abcdef"; /* what messages must not say */

static int load_with_key(LiteNetwork network, const char* bytes, size_t size, const void* k,
                         size_t key_size) {
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  options.key_data = (const uint8_t*)k;
  options.key_size = key_size;
  return LITE_load_model_memory(network, bytes, size, &options);
}

/* ---- what MegEngine made */

static void test_megengines_files(void) {
  static const struct {
    const char *file, *method;
  } kFiles[] = {{"packs/aes.mge", "AES_default"},
                {"packs/rc4.mge", "RC4_default"},
                {"packs/sfrc4.mge", "SIMPLE_FAST_RC4_default"},
                {"mge/xor/model.mge", "NONE"},
                {"packs/plain.lite", NULL},
                {"packs/rc4.lite", NULL},
                {"packs/sfrc4.lite", NULL},
                {"packs/aes.lite", NULL},
                {"packs/cache.lite", NULL},
                {"packs/no_info.lite", NULL},
                {"packs/plain.lite", "AES_default"}}; /* is for what is not packed */
  size_t i;
  for (i = 0; i < sizeof kFiles / sizeof *kFiles; ++i) {
    LiteNetwork network = network_for(kFiles[i].method);
    LiteConfig config = LITE_CONFIG_INIT;
    LiteNetworkIO ios;
    size_t size;
    char* bytes = read_all(in_data(kFiles[i].file), &size);
    CHECK_OK(LITE_load_model_from_path(network, place));
    check_run(network);
    CHECK_OK(LITE_load_model_from_mem(network, bytes, size));
    check_run(network);
    CHECK_OK(LITE_destroy_network(network));
    config.bare_model_cryption_name = kFiles[i].method;
    CHECK_OK(LITE_get_model_io_info_by_path(place, config, &ios));
    CHECK(ios.input_size == 1 && strcmp(ios.inputs[0].name, "data") == 0);
    CHECK_OK(LITE_get_model_io_info_by_memory(bytes, size, config, &ios));
    CHECK(ios.output_size == 1 && ios.outputs[0].config_layout.shapes[1] == 2);
    free(bytes);
  }
}

/* ONNX behind a cipher that pads. */
static void test_padded_onnx(void) {
  LiteNetwork network = network_for("RC4_default");
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/rc4_onnx.bin")));
  CHECK_OK(LITE_destroy_network(network));
  network = network_for("SIMPLE_FAST_RC4_default");
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/sfrc4_onnx.bin")));
  CHECK_OK(LITE_destroy_network(network));
}

/* ---- the information in a pack */

static void test_information(void) {
  LiteNetwork network = NULL;
  LiteConfig config = LITE_CONFIG_INIT;
  LiteExtraConfig extra = {1};
  LiteIO io = LITE_IO_INIT;
  LiteNetworkIO ios = LITE_NETWORK_IO_INIT;
  const char* info = NULL;
  int size = 0;

  /* Alone, it says all. */
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/plain.lite")));
  CHECK(rows_of(network) == 3 && threads_of(network) == 2);
  CHECK_OK(LITE_get_model_extra_info(network, &info, &size));
  CHECK(info != NULL && strcmp(info, "{\"labels\":[\"false\",\"true\"],\"since\":2026}") == 0);
  CHECK(info != NULL && (size_t)size == strlen(info));
  CHECK_OK(LITE_destroy_network(network));

  /* As in MegEngine Lite: of threads the pack's number goes first, of inputs and outputs what the network
   * says. */
  io.name = "data";
  io.config_layout.ndim = 2;
  io.config_layout.shapes[0] = 5;
  io.config_layout.shapes[1] = 2;
  ios.inputs = &io;
  ios.input_size = 1;
  CHECK_OK(LITE_make_network(&network, config, ios));
  CHECK_OK(LITE_set_cpu_threads_number(network, 4));
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/plain.lite")));
  CHECK(rows_of(network) == 5 && threads_of(network) == 2);
  CHECK_OK(LITE_destroy_network(network));
  io.config_layout.ndim = 0;
  CHECK_OK(LITE_make_network(&network, config, ios));
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/plain.lite")));
  CHECK(rows_of(network) == 12);
  CHECK_OK(LITE_destroy_network(network));

  /* Nothing of it but the extra information when the caller wants so. */
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_extra_configure(network, extra));
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/aes.lite")));
  CHECK(rows_of(network) == 12 && threads_of(network) == 1);
  CHECK_OK(LITE_get_model_extra_info(network, &info, &size));
  CHECK(info != NULL && strstr(info, "2026") != NULL);
  CHECK_OK(LITE_destroy_network(network));
}

/* A pack of the XOR model with that information. */
static int load_info(LiteNetwork network, const char* info) {
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  size_t model_size, size = 0;
  char *model = read_all(in_data("mge/xor/model.mge"), &model_size), *packed = NULL;
  int code;
  options.name = "m";
  options.info = info;
  options.info_size = strlen(info);
  options.info_parser = "LITE_default";
  options.info_method = "NONE";
  options.flags = LITE_PACK_AS_IS;
  /* The library refuses to make such a pack, so the text is put in afterwards. */
  options.info_parser = "later_____on";
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  {
    size_t i;
    for (i = 0; i + 12 < size; ++i)
      if (memcmp(packed + i, "later_____on", 12) == 0) memcpy(packed + i, "LITE_default", 12);
  }
  code = LITE_load_model_from_mem(network, packed, size);
  LITE_free_string(packed);
  free(model);
  return code;
}

static void test_wrong_information(void) {
  static const struct {
    const char *info, *text;
  } kWrong[] = {
      {"{", "not JSON (at byte 2 of 1)"},
      {"[]", "not a JSON object"},
      {"{}", "valid is missing"},
      {"{\"valid\": \"yes\"}", "valid is \"yes\", wanted: a number or true or false"},
      {"{\"valid\": true}", "name is missing"},
      {"{\"valid\": true, \"name\": \"n\"}", "name is \"n\", wanted: 'm'"},
      {"{\"valid\": true, \"name\": \"m\"}", "version is missing"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1\"}", "version is \"1\""},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"device\": 1}", "device is 1"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"device\": {}}",
       "device.type is missing"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"device\": {\"type\": \"TPU\"}}",
       "device.type is \"TPU\", wanted: one of CPU, CUDA"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"device\": {\"type\": \"CPU\", "
       "\"number_threads\": -2}}",
       "device.number_threads is -2"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"options\": {\"jit_level\": 1e30}}",
       "options.jit_level is 1e+30"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"IO\": {\"inputs\": {}}}",
       "IO.inputs is object, wanted: an array"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"IO\": {\"inputs\": [{\"name\": "
       "\"data\"}, "
       "{\"io_type\": \"shape\"}]}}",
       "IO.inputs[1].name is missing"},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"IO\": {\"outputs\": [{\"name\": "
       "\"output0\", "
       "\"dtype\": \"int64\"}]}}",
       "IO.outputs[0].dtype is \"int64\""},
      {"{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"IO\": {\"inputs\": [{\"name\": "
       "\"data\", "
       "\"shape\": {\"dim0\": \"3\"}}]}}",
       "IO.inputs[0].shape.dim0 is \"3\""},
  };
  LiteNetwork network = NULL;
  char deep[400] = "";
  size_t i;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, in_data("packs/plain.lite")));
  for (i = 0; i < sizeof kWrong / sizeof *kWrong; ++i) {
    CHECK_CODE(load_info(network, kWrong[i].info), LITE_INVALID_MODEL);
    CHECK_TEXT(kWrong[i].text);
  }
  for (i = 0; i < 100; ++i) strcat(deep, "[");
  for (i = 0; i < 100; ++i) strcat(deep, "]");
  CHECK_CODE(load_info(network, deep), LITE_INVALID_MODEL);
  CHECK_TEXT("deeper than 64");
  CHECK_CODE(load_info(network,
                       "{\"valid\": true, \"name\": \"m\", \"version\": \"1.13.0\", \"device\": {\"type\": "
                       "\"CUDA\", \"number_threads\": 7}}"),
             LITE_UNSUPPORTED);
  /* The network has the model and the settings that it had. */
  CHECK(threads_of(network) == 2);
  check_run(network);
  /* What is not valid is not looked at, and one thread is no wish. */
  CHECK_OK(load_info(network, "{\"valid\": false, \"device\": 1}"));
  CHECK_OK(
      load_info(network,
                "{\"valid\": true, \"name\": \"m\", \"version\": \"9.0.0\", \"device\": {\"type\": \"CPU\", "
                "\"number_threads\": 1}}"));
  CHECK(threads_of(network) == 2);
  CHECK_OK(
      load_info(network,
                "{\"valid\": 1, \"name\": \"m\", \"version\": \"1.0.0\", \"device\": {\"type\": \"CPU\", "
                "\"number_threads\": 3}, \"options\": {\"graph_opt_level\": 0}}"));
  CHECK(threads_of(network) == 3);
  CHECK_OK(LITE_destroy_network(network));
}

/* ---- parsers of programs */

static int parses;
static int parse(const void* info, size_t size, const char* name, LiteConfig* config, LiteNetworkIO* io,
                 int* device_id, size_t* threads, int* inplace, int* tensorrt) {
  static LiteIO input = LITE_IO_INIT;
  ++parses;
  CHECK(size == 5 && memcmp(info, "hello", 5) == 0 && strcmp(name, "greeting") == 0);
  CHECK(config->device_type == LITE_CPU && io->input_size == 0 && *threads == 4 && *inplace == 0);
  CHECK(*device_id == 0 || *device_id == -1);
  CHECK(*tensorrt == 0);
  input.name = "data";
  input.config_layout.ndim = 2;
  input.config_layout.shapes[0] = 7;
  input.config_layout.shapes[1] = 2;
  io->inputs = &input;
  io->input_size = 1;
  config->options.graph_opt_level = 0;
  *threads = 3;
  return 0; /* not looked at */
}
static int parse_with_data(const void* info, size_t size, const char* name, LiteConfig* config,
                           LiteNetworkIO* io, int* device_id, size_t* threads, int* inplace, int* tensorrt,
                           const char** extra, void* user_data) {
  (void)info, (void)size, (void)name, (void)config, (void)io, (void)device_id, (void)threads, (void)tensorrt;
  *inplace = 1;
  *extra = "more";
  return *(int*)user_data;
}

static void test_parsers(void) {
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  LiteNetwork network = NULL;
  size_t model_size, size = 0;
  char *model = read_all(in_data("mge/xor/model.mge"), &model_size), *packed = NULL;
  const char* info = NULL;
  int succeed = 1, length = 0, inplace = 0;
  options.name = "greeting";
  options.info = "hello";
  options.info_size = 5;
  options.info_parser = "greet";
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size), LITE_NOT_FOUND);
  CHECK_TEXT("parse method 'greet' is not registered");
  CHECK_OK(LITE_register_parse_info_func("greet", parse));
  CHECK_ARGUMENT(LITE_register_parse_info_func("greet", parse));
  CHECK_ARGUMENT(LITE_register_parse_info_func("LITE_default", parse));
  CHECK_OK(LITE_set_cpu_threads_number(network, 4));
  CHECK_OK(LITE_load_model_from_mem(network, packed, size));
  CHECK(parses == 1 && rows_of(network) == 7 && threads_of(network) == 3);
  check_run(network);
  LITE_free_string(packed);
  CHECK_OK(LITE_destroy_network(network));

  options.info_parser = "with_data";
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK_OK(LITE_register_parse_info_with_userdata("with_data", parse_with_data, &succeed, NULL));
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, packed, size));
  CHECK_OK(LITE_get_model_extra_info(network, &info, &length));
  CHECK(length == 4 && strcmp(info, "more") == 0);
  CHECK_OK(LITE_is_cpu_inplace_mode(network, &inplace));
  CHECK(inplace == 1);
  succeed = 0;
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size), LITE_INVALID_MODEL);
  CHECK_TEXT("parse method 'with_data' failed");
  LITE_free_string(packed);
  free(model);
  CHECK_OK(LITE_destroy_network(network));
}

/* ---- keys */

static void test_keys(void) {
  LitePackOptions options = pack_options("AES_256_GCM", key, sizeof key);
  LiteNetwork network = NULL;
  LiteNetworkIO ios;
  const LiteConfig config = LITE_CONFIG_INIT;
  size_t info_size, model_size, size = 0;
  char *info = read_all(in_data("packs/info.json"), &info_size), *packed = NULL;
  char* model = read_all(in_data("mge/xor/model.mge"), &model_size);
  uint8_t wrong[32];
  memcpy(wrong, key, sizeof wrong);
  wrong[31] ^= 1;
  options.info_method = "AES_256_GCM";
  options.info = info;
  options.info_size = info_size;
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK(memmem(packed, size, "labels", 6) == NULL && memmem(packed, size, "output0", 7) == NULL);

  CHECK_OK(LITE_make_default_network(&network));
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size), LITE_INVALID_ARGUMENT);
  CHECK_TEXT("'AES_256_GCM': it has no key yet");
  CHECK_ARGUMENT(load_with_key(network, packed, size, kSecret, 16));
  CHECK_TEXT("the key has 16 bytes, 32 wanted");
  CHECK(strstr(LITE_get_last_error(), kSecret) == NULL);
  CHECK_CODE(load_with_key(network, packed, size, wrong, 32), LITE_INVALID_MODEL);
  CHECK_TEXT("'AES_256_GCM': the tag is wrong");
  CHECK_OK(load_with_key(network, packed, size, key, 32));
  CHECK(rows_of(network) == 3 && threads_of(network) == 2);
  check_run(network);
  /* The key was for that load only. */
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size), LITE_INVALID_ARGUMENT);
  CHECK_CODE(LITE_get_model_io_info_by_memory(packed, size, config, &ios), LITE_INVALID_ARGUMENT);
  CHECK_ARGUMENT(LITE_update_decryption_or_key("AES_256_GCM", NULL, key, 31));
  CHECK_TEXT("31 bytes, 32 wanted");
  CHECK_OK(LITE_update_decryption_or_key("AES_256_GCM", NULL, key, 32));
  CHECK_OK(LITE_load_model_from_mem(network, packed, size));
  CHECK_OK(LITE_get_model_io_info_by_memory(packed, size, config, &ios));
  CHECK(ios.input_size == 1 && ios.inputs[0].config_layout.shapes[0] == 12);
  packed[size / 2] ^= 1;
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size), LITE_INVALID_MODEL);
  packed[size / 2] ^= 1;
  check_run(network);
  /* Other options make the model anew from what was decrypted. */
  CHECK_OK(LITE_set_option(network, "optimize", "0"));
  check_run(network);
  /* Plain text does not reach files. */
  CHECK_CODE(LITE_dump_layout_transform_model(network, "plain_text.mge"), LITE_UNSUPPORTED);
  CHECK(access("plain_text.mge", F_OK) != 0);
  LITE_free_string(packed);
  CHECK_OK(LITE_destroy_network(network));

  /* Bare. */
  options = pack_options("AES_256_GCM", key, sizeof key);
  options.flags = LITE_PACK_BARE;
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK(size == model_size + 40 && memcmp(packed, "LITE-GCM", 8) == 0);
  network = network_for("AES_256_GCM");
  CHECK_OK(LITE_load_model_from_mem(network, packed, size));
  check_run(network);
  CHECK_CODE(LITE_load_model_from_mem(network, packed, size / 2), LITE_INVALID_MODEL);
  CHECK_CODE(LITE_load_model_from_mem(network, packed, 30), LITE_INVALID_MODEL);
  CHECK_TEXT("30 bytes are cut short");
  CHECK_CODE(LITE_load_model_from_mem(network, model, model_size), LITE_INVALID_MODEL);
  CHECK_TEXT("do not begin with 'LITE-GCM'");
  CHECK_OK(LITE_destroy_network(network));
  LITE_free_string(packed);

  /* MegEngine's methods cannot always tell, but what comes out is no model. */
  network = network_for("AES_default");
  CHECK_CODE(LITE_load_model_from_path(network, in_data("packs/aes_own_key.mge")), LITE_INVALID_MODEL);
  CHECK_TEXT("decryption method 'AES_default'");
  CHECK_OK(LITE_destroy_network(network));
  network = network_for("RC4_default");
  CHECK_CODE(LITE_load_model_from_path(network, in_data("packs/rc4_own_key.mge")), LITE_INVALID_MODEL);
  CHECK_TEXT("the checksum is wrong");
  CHECK_ARGUMENT(LITE_update_decryption_or_key("RC4_default", NULL, key, 15));
  CHECK_TEXT("15 bytes, 16 or more wanted");
  CHECK_OK(LITE_destroy_network(network));
  network = network_for("ROT13");
  CHECK_CODE(LITE_load_model_from_path(network, in_data("packs/rc4.mge")), LITE_NOT_FOUND);
  CHECK_TEXT("'ROT13' is not registered; there are 'AES_256_GCM'");
  CHECK_OK(LITE_destroy_network(network));
  CHECK_ARGUMENT(LITE_register_decryption_with_userdata("NONE", NULL, key, 1, NULL, NULL));
  free(info);
  free(model);
}

/* Of every format: ONNX here. */
static void test_onnx(void) {
  static const char* const kMethods[] = {NULL, "AES_default", "AES_256_GCM"};
  size_t model_size, size = 0, i;
  char *model = read_all(in_data("packs/add.onnx"), &model_size), *packed = NULL;
  for (i = 0; i < 3; ++i) {
    LitePackOptions options = pack_options(kMethods[i], key, sizeof key);
    LiteNetwork network = NULL;
    LiteTensor out = NULL;
    void* memory = NULL;
    CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
    CHECK_OK(LITE_make_default_network(&network));
    CHECK_OK(load_with_key(network, packed, size, key, sizeof key));
    CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &out));
    CHECK_OK(LITE_tensor_fill_zero(out));
    CHECK_OK(LITE_forward(network));
    CHECK_OK(LITE_wait(network));
    CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &out));
    CHECK_OK(LITE_get_tensor_memory(out, &memory));
    CHECK(((float*)memory)[0] == 1 && ((float*)memory)[2] == 3);
    CHECK_OK(LITE_destroy_network(network));
    LITE_free_string(packed);
  }
  free(model);
}

/* ---- making packs and looking into them */

static void test_pack(void) {
  LitePackOptions options = LITE_PACK_OPTIONS_INIT;
  size_t model_size, info_size, size = 0, again_size = 0;
  char *model = read_all(in_data("mge/xor/model.mge"), &model_size), *packed = NULL, *again = NULL;
  char* info = read_all(in_data("packs/info.json"), &info_size);
  char path[] = "pack_test.lite";
  char from[1100];
  options.info = info;
  options.info_size = info_size;
  options.cache = "cache";
  options.cache_size = 5;
  snprintf(from, sizeof from, "%s", in_data("mge/xor/model.mge"));
  CHECK_OK(LITE_pack_model(from, path, &options));
  CHECK_OK(LITE_describe_pack(path, &packed));
  CHECK(strstr(packed,
               "\"packed\": true, \"name\": \"xor\", \"model\": {\"method\": \"NONE\", \"size\": 3520, "
               "\"format\": \"mge\"}") != NULL);
  CHECK(strstr(packed, "\"parser\": \"LITE_default\"") != NULL && strstr(packed, "\\\"labels\\\"") != NULL);
  CHECK(strstr(packed, "\"cache\": {\"size\": 5}") != NULL && strstr(packed, "binary_cache") == NULL);
  LITE_free_string(packed);
  CHECK_OK(LITE_unpack_model(path, LITE_PACK_MODEL, NULL, NULL, 0, &packed, &size));
  CHECK(size == model_size && memcmp(packed, model, size) == 0);
  LITE_free_string(packed);
  CHECK_OK(LITE_unpack_model(path, LITE_PACK_INFO, NULL, NULL, 0, &packed, &size));
  CHECK(size == info_size && memcmp(packed, info, size) == 0);
  LITE_free_string(packed);
  CHECK_OK(LITE_unpack_model(path, LITE_PACK_CACHE, NULL, NULL, 0, &packed, &size));
  CHECK(size == 5 && memcmp(packed, "cache", 5) == 0);
  LITE_free_string(packed);
  CHECK_CODE(LITE_unpack_model(path, LITE_PACK_BINARY_CACHE, NULL, NULL, 0, &packed, &size), LITE_NOT_FOUND);
  CHECK_CODE(LITE_unpack_model(from, LITE_PACK_INFO, NULL, NULL, 0, &packed, &size), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_unpack_model(path, (LitePackPart)4, NULL, NULL, 0, &packed, &size));
  CHECK_OK(
      LITE_unpack_model(in_data("packs/aes.mge"), LITE_PACK_MODEL, "AES_default", NULL, 0, &packed, &size));
  CHECK(size == model_size && memcmp(packed, model, size) == 0);
  LITE_free_string(packed);

  /* Nothing of what is encrypted. */
  CHECK_OK(LITE_describe_pack(in_data("packs/aes.lite"), &packed));
  CHECK(strstr(packed, "\"method\": \"AES_default\"") != NULL && strstr(packed, "labels") == NULL);
  CHECK(strstr(packed, "\"format\": \"\"") != NULL);
  LITE_free_string(packed);
  CHECK_OK(LITE_describe_pack(from, &packed));
  CHECK(strstr(packed, "\"packed\": false") != NULL && strstr(packed, "\"format\": \"mge\"") != NULL);
  LITE_free_string(packed);
  CHECK_CODE(LITE_describe_pack("no such file", &packed), LITE_NOT_FOUND);

  /* A pack gets other information, and keeps its model. */
  CHECK_OK(LITE_unpack_model(path, LITE_PACK_MODEL, NULL, NULL, 0, &packed, &size));
  LITE_free_string(packed);
  options.cache_size = 0;
  packed = read_all(path, &size);
  CHECK_OK(LITE_pack_model_memory(packed, size, &options, &again, &again_size));
  CHECK(again_size >= model_size + info_size && memmem(again, again_size, "cache", 5) != NULL);
  LITE_free_string(again);
  options.model_method = "AES_default";
  CHECK_ARGUMENT(LITE_pack_model_memory(packed, size, &options, &again, &again_size));
  CHECK_TEXT("is a pack already");
  free(packed);

  /* What cannot be. */
  options = pack_options("RC4_default", NULL, 0);
  CHECK_CODE(LITE_pack_model_memory(model, model_size, &options, &packed, &size), LITE_UNSUPPORTED);
  CHECK_TEXT("only read");
  options = pack_options("AES_256_GCM", NULL, 0);
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK_TEXT("no key");
  options = pack_options("AES_256_GCM", key, 16);
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  options = pack_options("mine", key, 16);
  CHECK_CODE(LITE_pack_model_memory(model, model_size, &options, &packed, &size), LITE_NOT_FOUND);
  options.flags = LITE_PACK_AS_IS;
  CHECK_OK(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  LITE_free_string(packed);
  options = pack_options(NULL, NULL, 0);
  options.flags = LITE_PACK_BARE;
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  options.flags = 4;
  CHECK_CODE(LITE_pack_model_memory(model, model_size, &options, &packed, &size), LITE_UNSUPPORTED);
  options.flags = 0;
  options.info = "not JSON";
  options.info_size = 8;
  CHECK_CODE(LITE_pack_model_memory(model, model_size, &options, &packed, &size), LITE_INVALID_MODEL);
  options.info = NULL;
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  options = pack_options("AES_256_GCM", NULL, 32);
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, &options, &packed, &size));
  CHECK_CODE(LITE_pack_model_memory(model, 0, NULL, &packed, &size), LITE_INVALID_MODEL);
  CHECK_ARGUMENT(LITE_pack_model_memory(NULL, 0, NULL, &packed, &size));
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, NULL, NULL, &size));
  CHECK_ARGUMENT(LITE_pack_model_memory(model, model_size, NULL, &packed, NULL));
  CHECK_ARGUMENT(LITE_pack_model(NULL, path, NULL));
  CHECK_ARGUMENT(LITE_pack_model(from, NULL, NULL));
  CHECK_CODE(LITE_pack_model("no such file", path, NULL), LITE_NOT_FOUND);
  CHECK_CODE(LITE_pack_model(from, "no such folder/pack", NULL), LITE_IO_ERROR);
  CHECK_ARGUMENT(LITE_unpack_model(NULL, LITE_PACK_MODEL, NULL, NULL, 0, &packed, &size));
  CHECK_ARGUMENT(LITE_unpack_model(path, LITE_PACK_MODEL, NULL, NULL, 0, NULL, &size));
  CHECK_ARGUMENT(LITE_unpack_model(path, LITE_PACK_MODEL, NULL, NULL, 0, &packed, NULL));
  CHECK_ARGUMENT(LITE_unpack_model(path, LITE_PACK_MODEL, NULL, NULL, 1, &packed, &size));
  CHECK_ARGUMENT(LITE_describe_pack(NULL, &packed));
  CHECK_ARGUMENT(LITE_describe_pack(path, NULL));
  remove(path);
  free(model);
  free(info);
}

int main(int argc, char** argv) {
  LiteNetwork network = NULL;
  size_t i;
  if (argc != 2) return 2;
  data = argv[1];
  for (i = 0; i < sizeof key; ++i) key[i] = (uint8_t)(200 - 3 * i);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, in_data("mge/xor/model.mge")));
  run(network, MAX_ROWS, expected);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(strstr(LITE_get_build_info(), ", pack\n") != NULL);
  test_megengines_files();
  test_padded_onnx();
  test_information();
  test_wrong_information();
  test_parsers();
  test_keys();
  test_onnx();
  test_pack();
  return check_report("pack");
}
