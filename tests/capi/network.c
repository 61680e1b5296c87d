/* Networks: loading, inputs and outputs, runs, bad input. */
#include "check.h"
#include "model_writer.h"

static LiteNetwork load(Message model) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  free(model.data);
  return network;
}

static LiteTensor io(LiteNetwork network, const char* name, LiteTensorPhase phase) {
  LiteTensor tensor = NULL;
  CHECK_OK(LITE_get_io_tensor(network, name, phase, &tensor));
  return tensor;
}

static float* floats(LiteTensor tensor) {
  void* data = NULL;
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  return (float*)data;
}

static float affine(float x, int column) {
  const float y = x * (float)(column + 1) + 0.5f;
  return y > 0 ? y : 0;
}

static void check_run(LiteNetwork network, int rows, float seed) {
  float *x = floats(io(network, "x", LITE_INPUT)), *y;
  int i;
  for (i = 0; i < 4 * rows; ++i) x[i] = seed + (float)(i - 4);
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
  y = floats(io(network, "y", LITE_OUTPUT));
  for (i = 0; i < 4 * rows; ++i) CHECK(y[i] == affine(seed + (float)(i - 4), i % 4));
}

static void test_basic(void) {
  LiteNetwork network = load(affine_model(2));
  LiteLayout layout;
  LiteTensor x, y;
  const char *name = NULL, *names[2] = {NULL, NULL};
  size_t size = 0;
  const float* before;
  x = io(network, "x", LITE_IO);
  y = io(network, "y", LITE_IO);
  CHECK(x == io(network, "x", LITE_INPUT));
  CHECK_OK(LITE_get_tensor_layout(x, &layout));
  CHECK(layout.ndim == 2 && layout.shapes[0] == 2 && layout.shapes[1] == 4 && layout.data_type == LITE_FLOAT);
  /* Known before the first run, and the address stays. */
  CHECK_OK(LITE_get_tensor_layout(y, &layout));
  CHECK(layout.ndim == 2 && layout.shapes[0] == 2 && layout.shapes[1] == 4);
  before = floats(y);
  check_run(network, 2, 0);
  check_run(network, 2, 1);
  CHECK(floats(y) == before);
  CHECK_OK(LITE_get_input_name(network, 0, &name));
  CHECK(strcmp(name, "x") == 0);
  CHECK_OK(LITE_get_output_name(network, 0, &name));
  CHECK(strcmp(name, "y") == 0);
  CHECK_OK(LITE_get_all_input_name(network, &size, names));
  CHECK(size == 1 && strcmp(names[0], "x") == 0);
  CHECK_OK(LITE_get_all_output_name(network, NULL, names));
  CHECK(strcmp(names[0], "y") == 0);
  CHECK_OK(LITE_get_all_output_name(network, NULL, NULL));
  CHECK_ARGUMENT(LITE_get_input_name(network, 1, &name));
  CHECK_ARGUMENT(LITE_get_output_name(network, 1, &name));
  /* A network's tensor is not the caller's to destroy. */
  CHECK_OK(LITE_destroy_tensor(x));
  check_run(network, 2, 2);
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_destroy_network(network));
  CHECK_CODE(LITE_forward(network), LITE_CLOSED);
  CHECK_CODE(LITE_tensor_fill_zero(x), LITE_CLOSED);
  CHECK_OK(LITE_destroy_tensor(x));
}

static void test_open_shape(void) {
  LiteNetwork network = load(affine_model(-1));
  LiteTensor x = io(network, "x", LITE_INPUT), y = io(network, "y", LITE_OUTPUT);
  LiteIOInfo info = LITE_IO_INFO_INIT;
  LiteLayout layout = LITE_LAYOUT_INIT;
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  size_t rows;
  CHECK_OK(LITE_get_input_info(network, 0, &info));
  CHECK(strcmp(info.name, "x") == 0 && info.rank == 2 && info.dims[0] == -1 && info.dims[1] == 4);
  CHECK(strcmp(info.dim_names[0], "N") == 0 && info.dim_names[1] == NULL &&
        strcmp(info.type, "tensor(float)") == 0);
  CHECK_OK(LITE_get_output_info(network, 0, &info));
  CHECK(strcmp(info.name, "y") == 0 && info.kind == LITE_VALUE_TENSOR && info.dtype == LITE_FLOAT);
  CHECK_ARGUMENT(LITE_forward(network));
  CHECK_TEXT("'x'");
  CHECK_TEXT("[N,4]");
  layout.ndim = 2;
  layout.shapes[1] = 4;
  for (rows = 1; rows < 6; ++rows) {
    layout.shapes[0] = rows;
    CHECK_OK(LITE_set_tensor_layout(x, layout));
    check_run(network, (int)rows, (float)rows);
    CHECK_OK(LITE_get_tensor_layout(y, &layout));
    CHECK(layout.shapes[0] == rows);
  }
  layout.shapes[0] = 2;
  CHECK_OK(LITE_set_tensor_layout(x, layout));
  check_run(network, 2, 0);
  CHECK_OK(LITE_get_statistics(network, &statistics));
  CHECK(statistics.programs >= 1 && statistics.program_misses >= 5 && statistics.program_hits >= 1);
  CHECK(statistics.runs == 7 && statistics.failed_runs == 1 && statistics.run_nanoseconds > 0);
  CHECK(statistics.threads == 1 && statistics.program_evictions == 0);
  layout.shapes[1] = 5;
  CHECK_OK(LITE_set_tensor_layout(x, layout));
  CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("[2,5]");
  layout.shapes[1] = 4;
  layout.data_type = LITE_INT;
  CHECK_OK(LITE_set_tensor_layout(x, layout));
  CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("int32");
  layout.data_type = LITE_FLOAT;
  CHECK_OK(LITE_set_tensor_layout(x, layout));
  check_run(network, 2, 3);
  CHECK_OK(LITE_trim(network));
  check_run(network, 2, 4);
  CHECK_OK(LITE_destroy_network(network));
}

static void test_callers_memory(void) {
  LiteNetwork network = load(affine_model(2));
  LiteTensor x = io(network, "x", LITE_INPUT), y = io(network, "y", LITE_OUTPUT);
  LiteLayout layout = LITE_LAYOUT_INIT;
  float in[8] = {0, 1, 2, 3, 4, 5, 6, 7}, out[16] = {0}, big[40];
  int i;
  layout.ndim = 2;
  layout.shapes[0] = 2;
  layout.shapes[1] = 4;
  CHECK_OK(LITE_reset_tensor_memory(x, in, sizeof in));
  CHECK_OK(LITE_reset_tensor(y, layout, out));
  CHECK_OK(LITE_forward(network));
  CHECK(floats(y) == out);
  for (i = 0; i < 8; ++i) CHECK(out[i] == affine(in[i], i % 4));
  in[3] = -9;
  CHECK_OK(LITE_forward(network));
  CHECK(out[3] == 0 && out[7] == affine(7, 3));
  /* Room for more than is needed. */
  {
    const int64_t dims[2] = {2, 4}, wrong[2] = {1, 4};
    CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_FLOAT, 2, dims, big, sizeof big));
    CHECK_OK(LITE_forward(network));
    CHECK(big[7] == affine(7, 3));
    /* Too little. */
    CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_FLOAT, 2, wrong, out, 16));
    CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
    CHECK_TEXT("32 bytes");
    CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_INT, 2, dims, out, 32));
    CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
    CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_FLOAT, 2, dims, out, 32));
    CHECK_OK(LITE_forward(network));
  }
  /* Another tensor's memory, and one that does not lie densely. */
  {
    const int64_t dims[2] = {2, 4}, columns[2] = {1, 2};
    LiteTensor mine = NULL;
    CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 2, dims, &mine));
    for (i = 0; i < 8; ++i) floats(mine)[i] = (float)(10 + i);
    CHECK_OK(LITE_tensor_share_memory_with(x, mine));
    CHECK_OK(LITE_forward(network));
    CHECK(out[5] == affine(15, 1));
    CHECK_OK(LITE_destroy_tensor(mine));
    CHECK_OK(LITE_forward(network));
    CHECK(out[5] == affine(15, 1));
    CHECK_OK(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, columns, in, sizeof in, NULL, NULL, &mine));
    CHECK_OK(LITE_tensor_share_memory_with(x, mine));
    CHECK_OK(LITE_forward(network));
    CHECK(out[1] == affine(in[2], 1) && out[4] == affine(in[1], 0));
    CHECK_OK(LITE_destroy_tensor(mine));
  }
  CHECK_OK(LITE_destroy_network(network));
}

static void test_data_dependent(void) {
  LiteNetwork network = load(nonzero_model());
  LiteTensor x = io(network, "x", LITE_INPUT), y = io(network, "y", LITE_OUTPUT);
  float in[4] = {0, 1, 0, 2};
  int64_t dims[2], room[4] = {-1, -1, -1, -1};
  void* data = NULL;
  CHECK_OK(LITE_reset_tensor_memory(x, in, sizeof in));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_get_tensor_dims(y, 2, dims));
  CHECK(dims[0] == 1 && dims[1] == 2);
  CHECK_OK(LITE_get_tensor_memory(y, &data));
  CHECK(((int64_t*)data)[0] == 1 && ((int64_t*)data)[1] == 3);
  in[0] = 5;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_get_tensor_dims(y, 2, dims));
  CHECK(dims[1] == 3);
  /* The caller's memory has a capacity. */
  dims[0] = 1;
  dims[1] = 4;
  CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_INT64, 2, dims, room, sizeof room));
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_get_tensor_dims(y, 2, dims));
  CHECK(dims[1] == 3 && room[0] == 0 && room[2] == 3 && room[3] == -1);
  dims[1] = 1;
  CHECK_OK(LITE_reset_tensor_with_dims(y, LITE_INT64, 2, dims, room, 8));
  CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("24 bytes");
  CHECK_OK(LITE_destroy_network(network));
}

static void test_facts(void) {
  LiteNetwork network = load(affine_model(2));
  LiteIOInfo info = LITE_IO_INFO_INIT;
  const char *key = NULL, *value = NULL, *text = NULL;
  char* graph = NULL;
  size_t count = 0, i;
  int size = 0;
  CHECK_OK(LITE_get_input_count(network, &count));
  CHECK(count == 1);
  CHECK_OK(LITE_get_output_count(network, &count));
  CHECK(count == 1);
  CHECK_ARGUMENT(LITE_get_input_info(network, 1, &info));
  info.struct_size = 0;
  CHECK_ARGUMENT(LITE_get_input_info(network, 0, &info));
  CHECK_OK(LITE_get_metadata(network, "author", &value));
  CHECK(strcmp(value, "nobody") == 0);
  CHECK_OK(LITE_get_metadata(network, "opset_import", &value));
  CHECK(strcmp(value, "ai.onnx 17") == 0);
  CHECK_CODE(LITE_get_metadata(network, "editor", &value), LITE_NOT_FOUND);
  CHECK_OK(LITE_get_metadata_count(network, &count));
  for (i = 0; i < count; ++i) CHECK_OK(LITE_get_metadata_item(network, i, &key, &value));
  CHECK_ARGUMENT(LITE_get_metadata_item(network, count, &key, &value));
  CHECK_OK(LITE_get_model_extra_info(network, &text, &size));
  CHECK(size == (int)strlen(text) && strstr(text, "\"author\": \"nobody\"") != NULL);
  {
    static const char *const stages[2] = {"imported", "optimized"}, *const formats[3] = {"text", "dot",
                                                                                         "json"};
    size_t s, f;
    for (s = 0; s < 2; ++s)
      for (f = 0; f < 3; ++f) {
        CHECK_OK(LITE_dump_graph(network, stages[s], formats[f], &graph));
        CHECK(strlen(graph) > 20);
        LITE_free_string(graph);
      }
  }
  CHECK_OK(LITE_dump_graph(network, "imported", "text", &graph));
  CHECK(strstr(graph, "Relu") != NULL);
  LITE_free_string(graph);
  CHECK_ARGUMENT(LITE_dump_graph(network, "eventual", "text", &graph));
  CHECK_ARGUMENT(LITE_dump_graph(network, "imported", "rtf", &graph));
  LITE_free_string(NULL);
  CHECK_OK(LITE_destroy_network(network));
}

static void test_bad_models(void) {
  LiteNetwork network = load(affine_model(2));
  Message good = affine_model(2), unknown = unknown_model();
  LiteUnsupportedNode node = LITE_UNSUPPORTED_NODE_INIT;
  char junk[] = "this is no model, whatever its name says", zero = 0;
  size_t count = 9, cut;
  CHECK_CODE(LITE_load_model_from_mem(network, junk, sizeof junk), LITE_INVALID_MODEL);
  CHECK_CODE(LITE_load_model_from_mem(network, &zero, 0), LITE_INVALID_MODEL);
  CHECK_TEXT("empty");
  CHECK_ARGUMENT(LITE_load_model_from_mem(network, NULL, 3));
  CHECK_CODE(LITE_load_model_from_mem(network, (void*)"packed_model....", 16), LITE_INVALID_MODEL);
  CHECK_CODE(LITE_load_model_from_path(network, "/nonexistent/model.onnx"), LITE_NOT_FOUND);
  CHECK_TEXT("/nonexistent/model.onnx");
  CHECK_CODE(LITE_load_model_from_path(network, "/"), LITE_IO_ERROR);
  CHECK_ARGUMENT(LITE_load_model_from_path(network, NULL));
  for (cut = 1; cut < good.size; cut += 3) {
    const int code = LITE_load_model_memory(network, good.data, cut, NULL);
    CHECK(code == LITE_INVALID_MODEL || code == LITE_UNSUPPORTED || code == LITE_OK);
  }
  CHECK_OK(LITE_check_model_memory(network, good.data, good.size, NULL));
  CHECK_OK(LITE_get_unsupported_count(network, &count));
  CHECK(count == 0);
  CHECK_CODE(LITE_check_model_memory(network, unknown.data, unknown.size, NULL), LITE_UNSUPPORTED);
  CHECK_TEXT("Flibber");
  CHECK_TEXT("Gibbet");
  CHECK_OK(LITE_get_unsupported_count(network, &count));
  CHECK(count == 2);
  CHECK_OK(LITE_get_unsupported_node(network, 1, &node));
  CHECK(strcmp(node.op_type, "Gibbet") == 0 && strcmp(node.name, "second") == 0 && node.domain[0] == '\0');
  CHECK(node.opset == 17 && node.reason[0] != '\0' && strcmp(node.device, "cpu") == 0);
  CHECK_ARGUMENT(LITE_get_unsupported_node(network, 2, &node));
  node.struct_size = 1;
  CHECK_ARGUMENT(LITE_get_unsupported_node(network, 0, &node));
  CHECK_CODE(LITE_load_model_from_mem(network, unknown.data, unknown.size), LITE_UNSUPPORTED);
  /* After all that it still has its model. */
  CHECK_OK(LITE_load_model_from_mem(network, good.data, good.size));
  check_run(network, 2, 1);
  CHECK_CODE(LITE_load_model_from_mem(network, junk, sizeof junk), LITE_INVALID_MODEL);
  check_run(network, 2, 2);
  free(good.data);
  free(unknown.data);
  CHECK_OK(LITE_destroy_network(network));
}

static int releases;
static void release(void* user_data) { ++*(int*)user_data; }

static void test_load_options(void) {
  LiteNetwork network = NULL, sharing = NULL;
  Message model = affine_model(2);
  LiteLoadOptions options = LITE_LOAD_OPTIONS_INIT;
  struct {
    LiteLoadOptions options;
    uint64_t newer;
  } future;
  CHECK_OK(LITE_make_default_network(&network));
  options.flags = LITE_LOAD_NO_COPY;
  options.release = release;
  options.user_data = &releases;
  CHECK_CODE(LITE_load_model_memory(network, "nonsense", 8, &options), LITE_INVALID_MODEL);
  CHECK(releases == 0);
  CHECK_OK(LITE_load_model_memory(network, model.data, model.size, &options));
  check_run(network, 2, 1);
  CHECK_OK(LITE_make_default_network(&sharing));
  CHECK_OK(LITE_shared_weight_with_network(sharing, network));
  CHECK_OK(LITE_destroy_network(network));
  CHECK(releases == 0);
  check_run(sharing, 2, 2);
  CHECK_OK(LITE_load_model_memory(sharing, model.data, model.size, NULL));
  CHECK(releases == 1);
  options.struct_size = 0;
  CHECK_ARGUMENT(LITE_load_model_memory(sharing, model.data, model.size, &options));
  /* An older program knows fewer members. */
  options.struct_size = offsetof(LiteLoadOptions, format);
  options.flags = 0;
  options.format = (const char*)1;
  CHECK_OK(LITE_load_model_memory(sharing, model.data, model.size, &options));
  /* A newer one more: fine if it does not use them. */
  memset(&future, 0, sizeof future);
  future.options.struct_size = sizeof future;
  CHECK_OK(LITE_load_model_memory(sharing, model.data, model.size, &future.options));
  future.newer = 1;
  CHECK_CODE(LITE_load_model_memory(sharing, model.data, model.size, &future.options), LITE_UNSUPPORTED);
  future.newer = 0;
  future.options.flags = 0x8000;
  CHECK_CODE(LITE_load_model_memory(sharing, model.data, model.size, &future.options), LITE_UNSUPPORTED);
  future.options.flags = 0;
  future.options.format = "caffe";
  CHECK_ARGUMENT(LITE_load_model_memory(sharing, model.data, model.size, &future.options));
  future.options.format = "onnx";
  CHECK_OK(LITE_load_model_memory(sharing, model.data, model.size, &future.options));
  future.options.max_nodes = 2;
  CHECK_CODE(LITE_load_model_memory(sharing, model.data, model.size, &future.options), LITE_LIMIT_EXCEEDED);
  CHECK_TEXT("max_nodes");
  future.options.max_nodes = 0;
  future.options.external_data_count = 1;
  CHECK_ARGUMENT(LITE_load_model_memory(sharing, model.data, model.size, &future.options));
  check_run(sharing, 2, 3);
  free(model.data);
  CHECK_OK(LITE_destroy_network(sharing));
}

static void test_io_info(void) {
  LiteConfig config = LITE_CONFIG_INIT;
  LiteNetworkIO ios = LITE_NETWORK_IO_INIT;
  Message model = affine_model(-1);
  CHECK_OK(LITE_get_model_io_info_by_memory(model.data, model.size, config, &ios));
  CHECK(ios.input_size == 1 && ios.output_size == 1 && strcmp(ios.inputs[0].name, "x") == 0);
  CHECK(ios.inputs[0].config_layout.ndim == 2 && ios.inputs[0].config_layout.shapes[0] == 0);
  CHECK(ios.inputs[0].config_layout.shapes[1] == 4 && ios.inputs[0].is_host == 1);
  CHECK_ARGUMENT(LITE_get_model_io_info_by_memory(NULL, 3, config, &ios));
  CHECK_ARGUMENT(LITE_get_model_io_info_by_memory(model.data, model.size, config, NULL));
  CHECK_CODE(LITE_get_model_io_info_by_path("/nonexistent", config, &ios), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_get_model_io_info_by_path(NULL, config, &ios));
  free(model.data);
}

static void test_wishes(void) {
  LiteConfig config = LITE_CONFIG_INIT;
  LiteNetworkIO wishes = LITE_NETWORK_IO_INIT;
  LiteIO in = LITE_IO_INIT, out = LITE_IO_INIT;
  LiteNetwork network = NULL;
  Message model = affine_model(-1);
  LiteTensor tensor = NULL;
  int i;
  in.name = "x";
  in.config_layout.ndim = 2;
  in.config_layout.shapes[0] = 3;
  in.config_layout.shapes[1] = 4;
  out.name = "y";
  wishes.inputs = &in;
  wishes.input_size = 1;
  wishes.outputs = &out;
  wishes.output_size = 1;
  CHECK_OK(LITE_make_network(&network, config, wishes));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  check_run(network, 3, 1);
  CHECK_OK(LITE_destroy_network(network));
  out.config_layout = in.config_layout;
  out.config_layout.shapes[0] = 7;
  CHECK_OK(LITE_make_network(&network, config, wishes));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  CHECK_CODE(LITE_forward(network), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("'y'");
  CHECK_OK(LITE_destroy_network(network));
  /* Names that the model does not have are ignored, unless nothing else would be computed. */
  in.name = "nothing";
  out.name = "nowhere";
  out.config_layout.ndim = 0;
  CHECK_OK(LITE_make_network(&network, config, wishes));
  CHECK_OK(LITE_set_option(network, "compute_only_configured_output", "1"));
  CHECK_ARGUMENT(LITE_load_model_from_mem(network, model.data, model.size));
  CHECK_OK(LITE_set_option(network, "compute_only_configured_output", "0"));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  CHECK_CODE(LITE_set_option(network, "compute_only_configured_output", "1"), LITE_ALREADY_LOADED);
  CHECK_OK(LITE_destroy_network(network));
  in.name = NULL;
  CHECK_ARGUMENT(LITE_make_network(&network, config, wishes));
  wishes.inputs = NULL;
  CHECK_ARGUMENT(LITE_make_network(&network, config, wishes));
  config.device_type = LITE_CUDA;
  CHECK_CODE(LITE_make_network_config(&network, config), LITE_UNSUPPORTED);
  config.device_type = LITE_CPU;
  CHECK_ARGUMENT(LITE_make_network_config(NULL, config));
  CHECK_ARGUMENT(LITE_make_default_network(NULL));
  /* One tensor per batch item. */
  config.discrete_input_name = "x";
  wishes.inputs = &in;
  in.name = "x";
  wishes.output_size = 0;
  CHECK_OK(LITE_make_network(&network, config, wishes));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  {
    size_t count = 0;
    CHECK_OK(LITE_get_discrete_tensor_count(network, "x", &count));
    CHECK(count == 3);
  }
  for (i = 0; i < 3; ++i) {
    CHECK_OK(LITE_get_discrete_tensor(network, "x", (size_t)i, LITE_INPUT, &tensor));
    floats(tensor)[1] = (float)i;
  }
  CHECK_ARGUMENT(LITE_get_discrete_tensor(network, "x", 3, LITE_INPUT, &tensor));
  CHECK_ARGUMENT(LITE_get_discrete_tensor(network, "x", 0, LITE_OUTPUT, &tensor));
  CHECK_CODE(LITE_get_discrete_tensor(network, "z", 0, LITE_INPUT, &tensor), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_get_io_tensor(network, "x", LITE_INPUT, &tensor));
  CHECK_OK(LITE_forward(network));
  for (i = 0; i < 3; ++i) CHECK(floats(io(network, "y", LITE_OUTPUT))[4 * i + 1] == affine((float)i, 1));
  CHECK_OK(LITE_destroy_network(network));
  free(model.data);
}

/* The cache of programs keeps to its limit, and says what it dropped; results are the same. */
static void test_full_cache(void) {
  LiteNetwork network = load(affine_model(-1));
  LiteTensor x = io(network, "x", LITE_INPUT);
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  int64_t dims[] = {0, 4};
  int round;
  CHECK_OK(LITE_set_option(network, "threads", "3"));
  CHECK_OK(LITE_set_option(network, "program_cache_entries", "2"));
  for (round = 0; round < 2; ++round)
    for (dims[0] = 1; dims[0] <= 4; ++dims[0]) {
      CHECK_OK(LITE_set_tensor_dims(x, LITE_FLOAT, 2, dims));
      check_run(network, (int)dims[0], (float)round);
    }
  CHECK_OK(LITE_get_statistics(network, &statistics));
  CHECK(statistics.threads == 3);
  CHECK(statistics.programs == 2 && statistics.program_misses == 8 && statistics.program_evictions == 6);
  CHECK_OK(LITE_destroy_network(network));
}

static void test_not_loaded(void) {
  LiteNetwork network = NULL, other = NULL;
  LiteTensor tensor = NULL;
  const char* text = NULL;
  char* owned = NULL;
  size_t n = 0;
  int i = 0;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  LiteStatistics statistics = LITE_STATISTICS_INIT;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_make_default_network(&other));
  CHECK_CODE(LITE_forward(network), LITE_NOT_LOADED);
  CHECK_CODE(LITE_wait(network), LITE_NOT_LOADED);
  CHECK_CODE(LITE_wait_for(network, 1), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_io_tensor(network, "x", LITE_IO, &tensor), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_discrete_tensor(network, "x", 0, LITE_IO, &tensor), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_discrete_tensor_count(network, "x", &n), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_input_name(network, 0, &text), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_output_name(network, 0, &text), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_all_input_name(network, &n, NULL), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_all_output_name(network, &n, NULL), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_model_extra_info(network, &text, &i), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_input_count(network, &n), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_output_count(network, &n), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_input_info(network, 0, &info), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_metadata_count(network, &n), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_metadata(network, "a", &text), LITE_NOT_LOADED);
  CHECK_CODE(LITE_dump_graph(network, "imported", "text", &owned), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_profile(network, "table", &owned), LITE_NOT_LOADED);
  CHECK_CODE(LITE_get_static_memory_alloc_info(network, "/tmp"), LITE_NOT_LOADED);
  CHECK_CODE(LITE_dump_layout_transform_model(network, "/tmp/x"), LITE_NOT_LOADED);
  CHECK_CODE(LITE_shared_weight_with_network(network, other), LITE_NOT_LOADED);
  CHECK_OK(LITE_cancel(network));
  CHECK_OK(LITE_trim(network));
  CHECK_OK(LITE_get_statistics(network, &statistics));
  CHECK(statistics.runs == 0);
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_destroy_network(other));
}

static void keep_message(LiteLogLevel level, const char* message, void* user_data) {
  CHECK(level == LITE_LOG_INFO);
  strncpy((char*)user_data, message, 99);
}

static void test_log(void) {
  char message[100] = "";
  CHECK_OK(LITE_set_log_callback(keep_message, message));
  CHECK_OK(LITE_destroy_network(load(affine_model(2))));
  CHECK(message[0] == '\0');
  CHECK_OK(LITE_set_log_level(LITE_LOG_INFO));
  CHECK_OK(LITE_destroy_network(load(affine_model(2))));
  CHECK(strstr(message, "a model is loaded: ") == message);
  CHECK_OK(LITE_set_log_level(LITE_LOG_ERROR));
  CHECK_OK(LITE_set_log_callback(NULL, NULL));
}

int main(void) {
  test_basic();
  test_log();
  test_open_shape();
  test_callers_memory();
  test_data_dependent();
  test_facts();
  test_bad_models();
  test_load_options();
  test_io_info();
  test_wishes();
  test_full_cache();
  test_not_loaded();
  return check_report("network");
}
