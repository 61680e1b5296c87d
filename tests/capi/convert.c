/* Writing models as ONNX through the C ABI. Usage: convert DIGITS.mge, MegEngine's dump of
 * examples/data/digits. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"

static const char* digits;
static char folder[] = "/tmp/lite-convert-XXXXXX";

/* A file of the test's own; good until the fourth next call. */
static const char* file(const char* name) {
  static char places[4][256];
  static int next;
  char* const place = places[next++ % 4];
  snprintf(place, sizeof places[0], "%s/%s", folder, name);
  return place;
}

/* The whole file, or NULL; the caller frees it. */
static char* read_all(const char* path, size_t* size) {
  FILE* f = fopen(path, "rb");
  char* bytes = NULL;
  long end = -1;
  if (f == NULL) return NULL;
  if (fseek(f, 0, SEEK_END) == 0) end = ftell(f);
  if (end > 0 && fseek(f, 0, SEEK_SET) == 0) bytes = (char*)malloc((size_t)end);
  if (bytes != NULL && fread(bytes, 1, (size_t)end, f) != (size_t)end) bytes[0] = 0;
  fclose(f);
  *size = end > 0 ? (size_t)end : 0;
  return bytes;
}

/* What the network makes of an image of ones. */
static void run(LiteNetwork network, float* ten) {
  static const int64_t dims[] = {1, 1, 8, 8};
  LiteTensor in = NULL, out = NULL;
  void* memory = NULL;
  int i;
  CHECK_OK(LITE_get_io_tensor(network, "data", LITE_INPUT, &in));
  CHECK_OK(LITE_set_tensor_dims(in, LITE_FLOAT, 4, dims));
  CHECK_OK(LITE_get_tensor_memory(in, &memory));
  for (i = 0; i < 64; ++i) ((float*)memory)[i] = (float)(i % 7) / 7;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_get_io_tensor(network, "prob", LITE_OUTPUT, &out));
  CHECK_OK(LITE_get_tensor_memory(out, &memory));
  memcpy(ten, memory, 10 * sizeof(float));
}

static void run_file(const char* path, float* ten) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, path));
  run(network, ten);
  CHECK_OK(LITE_destroy_network(network));
}

static void check_same_results(const char* path) {
  float want[10], got[10];
  int i;
  run_file(digits, want);
  run_file(path, got);
  for (i = 0; i < 10; ++i) CHECK(want[i] - got[i] < 1e-6F && got[i] - want[i] < 1e-6F);
}

static void test_file_and_memory(void) {
  char *model, *written, *onnx = NULL, *report = NULL;
  size_t size = 0, onnx_size = 0, written_size = 0;
  CHECK_OK(LITE_convert_model(digits, file("a.onnx"), NULL, &report));
  CHECK(strstr(report, "\"opset\": 14") != NULL && strstr(report, "\"external_data\": \"\"") != NULL);
  LITE_free_string(report);
  check_same_results(file("a.onnx"));
  CHECK_OK(LITE_convert_model(digits, file("a.onnx"), NULL, NULL));

  model = read_all(digits, &size);
  CHECK_OK(LITE_convert_model_memory(model, size, NULL, &onnx, &onnx_size, NULL));
  written = read_all(file("a.onnx"), &written_size);
  CHECK(onnx_size == written_size && memcmp(onnx, written, onnx_size) == 0);
  LITE_free_string(onnx);
  free(written);
  free(model);

  /* ONNX to ONNX, in place: what is read stays until all is written. */
  CHECK_OK(LITE_convert_model(file("a.onnx"), file("a.onnx"), NULL, NULL));
  check_same_results(file("a.onnx"));
}

static void test_external_data(void) {
  LiteConvertOptions o = LITE_CONVERT_OPTIONS_INIT;
  char* report = NULL;
  size_t model_size = 0, data_size = 0;
  o.flags = LITE_CONVERT_EXTERNAL_DATA;
  CHECK_OK(LITE_convert_model(digits, file("b.onnx"), &o, &report));
  CHECK(strstr(report, "\"external_data\": \"b.onnx.data\"") != NULL);
  LITE_free_string(report);
  free(read_all(file("b.onnx"), &model_size));
  free(read_all(file("b.onnx.data"), &data_size));
  CHECK(model_size < 10000 && data_size > 200000);
  check_same_results(file("b.onnx"));
  /* Read and written again at once, under the same names. */
  CHECK_OK(LITE_convert_model(file("b.onnx"), file("b.onnx"), &o, NULL));
  check_same_results(file("b.onnx"));

  o.external_data = "w.bin";
  CHECK_OK(LITE_convert_model(digits, file("c.onnx"), &o, NULL));
  check_same_results(file("c.onnx"));
  CHECK(access(file("w.bin"), R_OK) == 0);
  o.external_data = "../w.bin";
  CHECK_ARGUMENT(LITE_convert_model(digits, file("c.onnx"), &o, NULL));
  CHECK_TEXT("beside the model");
  o.external_data = "c.onnx";
  CHECK_ARGUMENT(LITE_convert_model(digits, file("c.onnx"), &o, NULL));
  CHECK_TEXT("the model itself");
}

static void test_shapes(void) {
  LiteConvertOptions o = LITE_CONVERT_OPTIONS_INIT;
  const int64_t wanted[] = {5, 1, 8, 8}, wrong[] = {5, 1, 8};
  LiteInputShape shape;
  LiteNetwork network = NULL;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  shape.name = "data";
  shape.dims = wanted;
  shape.rank = 4;
  o.shapes = &shape;
  o.shape_count = 1;
  CHECK_OK(LITE_convert_model(digits, file("d.onnx"), &o, NULL));
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, file("d.onnx")));
  CHECK_OK(LITE_get_output_info(network, 0, &info));
  CHECK(info.rank == 2 && info.dims[0] == 5 && info.dims[1] == 10);
  CHECK_OK(LITE_destroy_network(network));

  shape.dims = wrong;
  shape.rank = 3;
  CHECK_CODE(LITE_convert_model(digits, file("d.onnx"), &o, NULL), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("input 'data' cannot have the shape [5,1,8]");
  shape.name = "nobody";
  CHECK_CODE(LITE_convert_model(digits, file("d.onnx"), &o, NULL), LITE_NOT_FOUND);
  shape.name = NULL;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("d.onnx"), &o, NULL));
  shape.name = "data";
  shape.dims = NULL;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("d.onnx"), &o, NULL));
  o.shapes = NULL;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("d.onnx"), &o, NULL));
  o.shape_count = 0;
  o.flags = LITE_CONVERT_FIXED_SHAPES;
  CHECK_OK(LITE_convert_model(digits, file("e.onnx"), &o, NULL));
  check_same_results(file("e.onnx"));
}

typedef struct Heard {
  uint64_t written, total;
  int calls, stop_after;
} Heard;

static int hear(void* user_data, uint64_t written, uint64_t total) {
  Heard* const h = (Heard*)user_data;
  CHECK(written > h->written && written <= total && (h->total == 0 || h->total == total));
  h->written = written;
  h->total = total;
  return ++h->calls == h->stop_after;
}

static void test_progress(void) {
  LiteConvertOptions o = LITE_CONVERT_OPTIONS_INIT;
  Heard heard = {0, 0, 0, 0};
  char *before, *after;
  size_t before_size = 0, after_size = 0;
  o.progress = hear;
  o.user_data = &heard;
  CHECK_OK(LITE_convert_model(digits, file("f.onnx"), &o, NULL));
  CHECK(heard.calls > 0 && heard.written == heard.total);
  before = read_all(file("f.onnx"), &before_size);
  memset(&heard, 0, sizeof heard);
  heard.stop_after = 1;
  o.opset = 20;
  CHECK_CODE(LITE_convert_model(digits, file("f.onnx"), &o, NULL), LITE_CANCELLED);
  /* The old file is still there, whole. */
  after = read_all(file("f.onnx"), &after_size);
  CHECK(before_size == after_size && memcmp(before, after, before_size) == 0);
  free(before);
  free(after);
}

static void test_refusals(void) {
  LiteConvertOptions o = LITE_CONVERT_OPTIONS_INIT;
  LiteLoadOptions load = LITE_LOAD_OPTIONS_INIT;
  char *onnx = NULL, *report = NULL, kept[] = "kept";
  size_t size = 7;
  CHECK_ARGUMENT(LITE_convert_model(NULL, file("x.onnx"), NULL, NULL));
  CHECK_ARGUMENT(LITE_convert_model(digits, NULL, NULL, NULL));
  CHECK_ARGUMENT(LITE_convert_model_memory(NULL, 1, NULL, &onnx, &size, NULL));
  CHECK_ARGUMENT(LITE_convert_model_memory("x", 1, NULL, NULL, &size, NULL));
  CHECK_ARGUMENT(LITE_convert_model_memory("x", 1, NULL, &onnx, NULL, NULL));
  CHECK_CODE(LITE_convert_model(file("none.onnx"), file("x.onnx"), NULL, NULL), LITE_NOT_FOUND);
  CHECK_CODE(LITE_convert_model(digits, file("none/x.onnx"), NULL, NULL), LITE_IO_ERROR);
  report = kept;
  CHECK_CODE(LITE_convert_model_memory("rubbish", 7, NULL, &onnx, &size, &report), LITE_INVALID_MODEL);
  CHECK(onnx == NULL && size == 7 && report == kept);
  o.struct_size = 0;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("x.onnx"), &o, NULL));
  o.struct_size = 8; /* an older caller's: flags only */
  o.opset = 99;
  CHECK_OK(LITE_convert_model(digits, file("x.onnx"), &o, NULL));
  o.struct_size = sizeof o;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("x.onnx"), &o, NULL));
  CHECK_TEXT("opset is 99, one of 13 to 28 is wanted");
  o.opset = 13;
  CHECK_CODE(LITE_convert_model(digits, file("x.onnx"), &o, NULL), LITE_UNSUPPORTED);
  CHECK_TEXT("BatchNormalization");
  o.opset = 0;
  o.flags = 64;
  CHECK_CODE(LITE_convert_model(digits, file("x.onnx"), &o, NULL), LITE_UNSUPPORTED);
  o.flags = LITE_CONVERT_EXTERNAL_DATA;
  CHECK_ARGUMENT(LITE_convert_model_memory("x", 1, &o, &onnx, &size, NULL));
  o.flags = 0;
  o.load = &load;
  load.format = "onnx";
  CHECK_CODE(LITE_convert_model(digits, file("x.onnx"), &o, NULL), LITE_INVALID_MODEL);
  load.struct_size = 0;
  CHECK_ARGUMENT(LITE_convert_model(digits, file("x.onnx"), &o, NULL));
}

int main(int argc, char** argv) {
  static const char* const left[] = {"a.onnx", "b.onnx", "b.onnx.data", "c.onnx", "w.bin",
                                     "d.onnx", "e.onnx", "f.onnx",      "x.onnx"};
  size_t i;
  if (argc != 2 || mkdtemp(folder) == NULL) return 2;
  digits = argv[1];
  test_file_and_memory();
  test_external_data();
  test_shapes();
  test_progress();
  test_refusals();
  for (i = 0; i < sizeof left / sizeof *left; ++i) CHECK(unlink(file(left[i])) == 0);
  CHECK(rmdir(folder) == 0); /* nothing half written is left */
  return check_report("convert");
}
