/* MegEngine's files through the C ABI: facts before loading, sizes of the dump, other sizes. Usage: mge
 * MODEL, a classifier of digits that was dumped for one scan. */
#include <stdlib.h>

#include "check.h"

static void check_info(const LiteNetworkIO* ios) {
  CHECK(ios->input_size == 1 && ios->output_size == 1);
  if (ios->input_size != 1 || ios->output_size != 1) return;
  CHECK(strcmp(ios->inputs[0].name, "data") == 0);
  CHECK(ios->inputs[0].config_layout.ndim == 4);
  CHECK(ios->inputs[0].config_layout.shapes[0] == 1 && ios->inputs[0].config_layout.shapes[3] == 8);
  CHECK(ios->inputs[0].config_layout.data_type == LITE_FLOAT);
  CHECK(strcmp(ios->outputs[0].name, "prob") == 0);
  CHECK(ios->outputs[0].config_layout.ndim == 2 && ios->outputs[0].config_layout.shapes[1] == 10);
}

/* The whole file; the caller frees it. */
static char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  char* data = NULL;
  long end = -1;
  if (file != NULL && fseek(file, 0, SEEK_END) == 0) end = ftell(file);
  if (end > 0 && fseek(file, 0, SEEK_SET) == 0) data = malloc((size_t)end);
  if (data != NULL && fread(data, 1, (size_t)end, file) != (size_t)end) {
    free(data);
    data = NULL;
  }
  if (file != NULL) fclose(file);
  *size = data == NULL ? 0 : (size_t)end;
  return data;
}

static void run(LiteNetwork network, size_t batch) {
  LiteTensor data = NULL, prob = NULL;
  LiteLayout layout = LITE_LAYOUT_INIT;
  void* memory = NULL;
  size_t i;
  float sum = 0;
  CHECK_OK(LITE_get_io_tensor(network, "data", LITE_IO, &data));
  CHECK_OK(LITE_get_io_tensor(network, "prob", LITE_IO, &prob));
  CHECK_OK(LITE_get_tensor_layout(data, &layout));
  CHECK(layout.ndim == 4);
  if (layout.shapes[0] != batch) {
    layout.shapes[0] = batch;
    CHECK_OK(LITE_set_tensor_layout(data, layout));
  }
  CHECK_OK(LITE_get_tensor_memory(data, &memory));
  for (i = 0; i < batch * 64; ++i) ((float*)memory)[i] = (float)(i % 7) / 7;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  CHECK_OK(LITE_get_tensor_layout(prob, &layout));
  CHECK(layout.ndim == 2 && layout.shapes[0] == batch && layout.shapes[1] == 10);
  CHECK_OK(LITE_get_tensor_memory(prob, &memory));
  for (i = 0; i < batch * 10; ++i) sum += ((float*)memory)[i];
  CHECK(sum > 0.999f * (float)batch && sum < 1.001f * (float)batch);
}

int main(int argc, char** argv) {
  LiteNetwork network = NULL;
  LiteNetworkIO ios, other;
  const LiteConfig config = LITE_CONFIG_INIT;
  const char* info = NULL;
  int length = 0;
  size_t size;
  char* bytes;
  if (argc != 2) return 2;
  bytes = read_file(argv[1], &size);
  CHECK(bytes != NULL);
  if (bytes == NULL) return 1;
  CHECK_OK(LITE_get_model_io_info_by_path(argv[1], config, &ios));
  check_info(&ios);
  CHECK_OK(LITE_get_model_io_info_by_memory(bytes, size, config, &other));
  check_info(&other);
  check_info(&ios);
  CHECK(strstr(LITE_get_build_info(), "formats: onnx, mge, ") != NULL);

  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_path(network, argv[1]));
  CHECK_OK(LITE_get_model_extra_info(network, &info, &length));
  CHECK(info != NULL && strstr(info, "MegEngine 1.13.0") != NULL);
  /* As dumped without a word about sizes, then another batch, then back. */
  run(network, 1);
  run(network, 5);
  run(network, 1);
  CHECK_OK(LITE_destroy_network(network));

  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, bytes, size));
  run(network, 1);
  CHECK_OK(LITE_destroy_network(network));

  /* Half of a file is no model. */
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_CODE(LITE_load_model_from_mem(network, bytes, size / 2), LITE_INVALID_MODEL);
  CHECK_TEXT("not a valid .mge model");
  CHECK_OK(LITE_destroy_network(network));
  free(bytes);
  return check_report("mge");
}
