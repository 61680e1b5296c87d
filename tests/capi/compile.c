/* Compiled models through the C ABI. Usage: compile DIGITS.mge, MegEngine's dump of examples/data/digits. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static const char* digits;
static char folder[] = "/tmp/lite-compile-XXXXXX";

/* A file of the test's own; good until the fourth next call. */
static const char* file(const char* name) {
  static char places[4][256];
  static int next;
  char* const place = places[next++ % 4];
  snprintf(place, sizeof places[0], "%s/%s", folder, name);
  return place;
}

/* The whole file with `spare` bytes before it, or NULL; the caller frees it. */
static char* read_all(const char* path, size_t spare, size_t* size) {
  FILE* f = fopen(path, "rb");
  char* bytes = NULL;
  long end = -1;
  if (f == NULL) return NULL;
  if (fseek(f, 0, SEEK_END) == 0) end = ftell(f);
  if (end > 0 && fseek(f, 0, SEEK_SET) == 0) bytes = (char*)malloc((size_t)end + spare);
  if (bytes != NULL && fread(bytes + spare, 1, (size_t)end, f) != (size_t)end) bytes[spare] = 0;
  fclose(f);
  *size = end > 0 ? (size_t)end : 0;
  return bytes;
}

static void write_all(const char* path, const char* bytes, size_t size) {
  FILE* f = fopen(path, "wb");
  CHECK(f != NULL);
  if (f == NULL) return;
  CHECK(fwrite(bytes, 1, size, f) == size);
  fclose(f);
}

/* What the network makes of `batch` images. */
static void run(LiteNetwork network, int64_t batch, float* tens) {
  int64_t dims[] = {1, 1, 8, 8};
  LiteTensor in = NULL, out = NULL;
  void* memory = NULL;
  int i;
  dims[0] = batch;
  CHECK_OK(LITE_get_io_tensor(network, "data", LITE_INPUT, &in));
  CHECK_OK(LITE_set_tensor_dims(in, LITE_FLOAT, 4, dims));
  CHECK_OK(LITE_get_tensor_memory(in, &memory));
  for (i = 0; i < 64 * batch; ++i) ((float*)memory)[i] = (float)(i % 7) / 7;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &out));
  CHECK_OK(LITE_get_tensor_memory(out, &memory));
  memcpy(tens, memory, (size_t)batch * 10 * sizeof(float));
}

/* The network does what that of the source model does, for one image and for three, bit for bit. */
static void check_same(LiteNetwork network, const char* winograd) {
  LiteNetwork source = NULL;
  float want[30], got[30];
  int batch;
  CHECK_OK(LITE_make_default_network(&source));
  CHECK_OK(LITE_load_model_from_path(source, digits));
  CHECK_OK(LITE_set_option(source, "winograd", winograd));
  for (batch = 1; batch <= 3; batch += 2) {
    run(source, batch, want);
    run(network, batch, got);
    CHECK(memcmp(want, got, (size_t)batch * 10 * sizeof(float)) == 0);
  }
  CHECK_OK(LITE_destroy_network(source));
}

static void test_file(void) {
  LiteNetwork network = NULL;
  LiteLoadOptions load = LITE_LOAD_OPTIONS_INIT;
  const char *key = NULL, *value = NULL;
  char* report = NULL;
  size_t i = 0, count = 0;
  int found = 0;
  CHECK_OK(LITE_compile_model(digits, file("a.lite"), NULL, &report));
  CHECK(strstr(report, "\"shapes\": [{\"data\": [1, 1, 8, 8]}]") != NULL);
  CHECK(strstr(report, "\"packings\": 0") == NULL);
  LITE_free_string(report);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, file("a.lite")));
  check_same(network, "on");
  CHECK_OK(LITE_get_metadata_count(network, &count));
  for (i = 0; i < count; ++i) {
    CHECK_OK(LITE_get_metadata_item(network, i, &key, &value));
    if (strcmp(key, "compiled_for") == 0) found = strstr(value, "data float32[1,1,8,8]") != NULL;
  }
  CHECK(found);
  /* An option that needs the model anew. */
  CHECK_OK(LITE_set_option(network, "winograd", "off"));
  check_same(network, "off");
  load.format = "lite";
  CHECK_OK(LITE_load_model_file(network, file("a.lite"), &load));
  load.format = "onnx";
  CHECK_CODE(LITE_load_model_file(network, file("a.lite"), &load), LITE_INVALID_MODEL);
  CHECK_OK(LITE_check_model(network, file("a.lite"), NULL));
  CHECK_OK(LITE_destroy_network(network));
}

static void test_memory(void) {
  LiteNetwork network = NULL;
  LiteLoadOptions load = LITE_LOAD_OPTIONS_INIT;
  size_t size = 0;
  char* bytes = read_all(file("a.lite"), 3, &size);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, bytes + 3, size));
  check_same(network, "on");
  load.flags = LITE_LOAD_NO_COPY;
  CHECK_OK(LITE_load_model_memory(network, bytes + 3, size, &load));
  check_same(network, "on");
  CHECK_OK(LITE_destroy_network(network));
  free(bytes);
}

static void test_shapes(void) {
  static const int64_t three[] = {3, 1, 8, 8}, one[] = {1, 1, 8, 8}, wrong[] = {1, 1, 8};
  LiteCompileOptions o = LITE_COMPILE_OPTIONS_INIT;
  LiteInputShape shapes[2];
  LiteNetwork network = NULL;
  char* report = NULL;
  shapes[0].name = shapes[1].name = "data";
  shapes[0].dims = three;
  shapes[1].dims = one;
  shapes[0].rank = shapes[1].rank = 4;
  o.shapes = shapes;
  o.shape_count = 2;
  o.flags = LITE_COMPILE_NO_WINOGRAD | LITE_COMPILE_REPRODUCIBLE;
  CHECK_OK(LITE_compile_model(digits, file("b.lite"), &o, &report));
  CHECK(strstr(report, "\"shapes\": [{\"data\": [3, 1, 8, 8]}, {\"data\": [1, 1, 8, 8]}]") != NULL);
  LITE_free_string(report);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, file("b.lite")));
  check_same(network, "on");
  CHECK_OK(LITE_destroy_network(network));

  shapes[1].dims = wrong;
  shapes[1].rank = 3;
  CHECK_CODE(LITE_compile_model(digits, file("c.lite"), &o, NULL), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("input 'data'");
  shapes[1].name = "nobody";
  CHECK_CODE(LITE_compile_model(digits, file("c.lite"), &o, NULL), LITE_NOT_FOUND);
  CHECK_TEXT("'nobody'");
  shapes[1].name = NULL;
  CHECK_ARGUMENT(LITE_compile_model(digits, file("c.lite"), &o, NULL));
  shapes[1].name = "data";
  shapes[1].dims = NULL;
  CHECK_ARGUMENT(LITE_compile_model(digits, file("c.lite"), &o, NULL));
  o.shapes = NULL;
  CHECK_ARGUMENT(LITE_compile_model(digits, file("c.lite"), &o, NULL));
  o.shape_count = 0;
  o.flags = 64;
  CHECK_CODE(LITE_compile_model(digits, file("c.lite"), &o, NULL), LITE_UNSUPPORTED);
  CHECK(access(file("c.lite"), F_OK) != 0);
}

static void test_refusals(void) {
  static const char key[32] = "thirty-two bytes that are a key";
  LitePackOptions pack = LITE_PACK_OPTIONS_INIT;
  LiteCompileOptions o = LITE_COMPILE_OPTIONS_INIT;
  LiteLoadOptions load = LITE_LOAD_OPTIONS_INIT;
  LiteNetwork network = NULL;
  size_t size = 0;
  char *bytes = read_all(file("a.lite"), 0, &size), *report = NULL;
  CHECK_ARGUMENT(LITE_compile_model(NULL, file("x.lite"), NULL, NULL));
  CHECK_ARGUMENT(LITE_compile_model(digits, NULL, NULL, NULL));
  CHECK_CODE(LITE_compile_model(file("none"), file("x.lite"), NULL, NULL), LITE_NOT_FOUND);
  CHECK_CODE(LITE_compile_model(digits, file("none/x.lite"), NULL, &report), LITE_IO_ERROR);
  CHECK(report == NULL);
  CHECK_ARGUMENT(LITE_compile_model(file("a.lite"), file("x.lite"), NULL, NULL));
  CHECK_TEXT("compiled model already");

  /* Damaged: in its tables, in a weight, at its end. */
  CHECK_OK(LITE_make_default_network(&network));
  bytes[300] ^= 1;
  write_all(file("x.lite"), bytes, size);
  CHECK_CODE(LITE_load_model_from_path(network, file("x.lite")), LITE_INVALID_MODEL);
  CHECK_TEXT("compile it again from the source model");
  bytes[300] ^= 1;
  bytes[size - 1] ^= 1;
  write_all(file("x.lite"), bytes, size);
  CHECK_CODE(LITE_check_model(network, file("x.lite"), NULL), LITE_INVALID_MODEL);
  CHECK_TEXT("is damaged");
  bytes[size - 1] ^= 1;
  write_all(file("x.lite"), bytes, size - 1);
  CHECK_CODE(LITE_load_model_from_path(network, file("x.lite")), LITE_INVALID_MODEL);
  /* Of another build. */
  bytes[20] ^= 1;
  write_all(file("x.lite"), bytes, size);
  CHECK_CODE(LITE_load_model_from_path(network, file("x.lite")), LITE_UNSUPPORTED);
  CHECK_TEXT("this is Lite 1.");
  free(bytes);

  /* Encrypted models are not written in the clear; compiled ones may be encrypted. */
  pack.model_method = "AES_256_GCM";
  load.key_data = pack.key_data = (const uint8_t*)key;
  load.key_size = pack.key_size = sizeof key;
  o.load = &load;
  CHECK_OK(LITE_pack_model(digits, file("secret.lite"), &pack));
  CHECK_CODE(LITE_compile_model(file("secret.lite"), file("x.lite"), &o, NULL), LITE_UNSUPPORTED);
  CHECK_TEXT("encrypted");
  CHECK_OK(LITE_pack_model(file("a.lite"), file("secret.lite"), &pack));
  CHECK_OK(LITE_load_model_file(network, file("secret.lite"), &load));
  check_same(network, "on");
  CHECK_OK(LITE_destroy_network(network));
}

int main(int argc, char** argv) {
  static const char* const left[] = {"a.lite", "b.lite", "x.lite", "secret.lite"};
  size_t i;
  if (argc != 2 || mkdtemp(folder) == NULL) return 2;
  digits = argv[1];
  test_file();
  test_memory();
  test_shapes();
  test_refusals();
  for (i = 0; i < sizeof left / sizeof *left; ++i) CHECK(unlink(file(left[i])) == 0);
  CHECK(rmdir(folder) == 0); /* nothing half written is left */
  return check_report("compile");
}
