/* Values: sequences, optionals and maps, alone and in networks. */
#include "check.h"
#include "model_writer.h"

static LiteTensor tensor_of(int64_t n, float first) {
  LiteTensor tensor = NULL;
  void* data = NULL;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 1, &n, &tensor));
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  for (int64_t i = 0; i < n; ++i) ((float*)data)[i] = first + (float)i;
  return tensor;
}

static LiteTensor strings_of(const char* first, const char* second) {
  const int64_t two = 2;
  LiteTensor tensor = NULL;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_STRING, 1, &two, &tensor));
  CHECK_OK(LITE_set_tensor_string(tensor, 0, first, strlen(first)));
  CHECK_OK(LITE_set_tensor_string(tensor, 1, second, strlen(second)));
  return tensor;
}

static LiteTensor integers_of(int64_t first, int64_t second) {
  const int64_t two = 2;
  LiteTensor tensor = NULL;
  void* data = NULL;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_INT64, 1, &two, &tensor));
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  ((int64_t*)data)[0] = first;
  ((int64_t*)data)[1] = second;
  return tensor;
}

static LiteValue value_of(LiteTensor tensor) {
  LiteValue value = NULL;
  CHECK_OK(LITE_make_tensor_value(tensor, 0, &value));
  CHECK_OK(LITE_destroy_tensor(tensor));
  return value;
}

/* A sequence of float vectors of 1, 2, ... elements that count from 10, 20, ... */
static LiteValue frames_of(int count) {
  LiteValue list = NULL;
  CHECK_OK(LITE_make_sequence(LITE_FLOAT, &list));
  for (int i = 1; i <= count; ++i) {
    LiteValue item = value_of(tensor_of(i, 10.0f * (float)i));
    CHECK_OK(LITE_append_value(list, item));
    CHECK_OK(LITE_destroy_value(item));
  }
  return list;
}

static size_t length_of(LiteValue value) {
  size_t length = 12345;
  CHECK_OK(LITE_get_value_length(value, &length));
  return length;
}

static LiteValueKind kind_of(LiteValue value) {
  LiteValueKind kind = LITE_VALUE_TENSOR;
  CHECK_OK(LITE_get_value_kind(value, &kind));
  return kind;
}

/* The first number of element `index`. */
static float first_of(LiteValue sequence, size_t index) {
  LiteValue item = NULL;
  LiteTensor tensor = NULL;
  void* data = NULL;
  float first;
  CHECK_OK(LITE_get_value_element(sequence, index, &item));
  CHECK_OK(LITE_get_value_tensor(item, &tensor));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  first = ((float*)data)[0];
  CHECK_OK(LITE_destroy_tensor(tensor));
  return first;
}

static void test_tensor_values(void) {
  LiteTensor tensor = tensor_of(3, 1), part = NULL, back = NULL;
  LiteValue copy = NULL, shared = NULL;
  LiteDataType dtype = LITE_INT;
  const int64_t dims[2] = {2, 2};
  const size_t start[2] = {0, 0}, end[2] = {2, 1};
  void *data = NULL, *mine = NULL;
  size_t length;
  CHECK_OK(LITE_make_tensor_value(tensor, 0, &copy));
  CHECK_OK(LITE_make_tensor_value(tensor, LITE_VALUE_SHARE_MEMORY, &shared));
  CHECK_CODE(LITE_make_tensor_value(tensor, 2, &shared), LITE_UNSUPPORTED);
  CHECK(kind_of(copy) == LITE_VALUE_TENSOR);
  CHECK_OK(LITE_get_value_dtype(copy, &dtype));
  CHECK(dtype == LITE_FLOAT);
  CHECK_ARGUMENT(LITE_get_value_length(copy, &length));
  CHECK_TEXT("LITE_get_value_tensor");
  CHECK_OK(LITE_get_tensor_memory(tensor, &mine));
  ((float*)mine)[0] = 50;
  CHECK_OK(LITE_get_value_tensor(copy, &back));
  CHECK_OK(LITE_get_tensor_memory(back, &data));
  CHECK(((float*)data)[0] == 1 && ((float*)data)[2] == 3);
  CHECK_OK(LITE_destroy_tensor(back));
  CHECK_OK(LITE_get_value_tensor(shared, &back));
  CHECK_OK(LITE_get_tensor_memory(back, &data));
  CHECK(data == mine);
  /* What was taken out outlives what it was taken out of. */
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_value(shared));
  CHECK(((float*)data)[0] == 50);
  CHECK_OK(LITE_destroy_tensor(back));
  CHECK_OK(LITE_destroy_value(copy));
  CHECK_CODE(LITE_get_value_tensor(copy, &back), LITE_CLOSED);

  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 2, dims, &tensor));
  CHECK_OK(LITE_tensor_fill_zero(tensor));
  CHECK_OK(LITE_tensor_slice(tensor, start, end, NULL, 2, &part));
  CHECK_ARGUMENT(LITE_make_tensor_value(part, LITE_VALUE_SHARE_MEMORY, &shared));
  CHECK_OK(LITE_make_tensor_value(part, 0, &copy));
  CHECK_OK(LITE_destroy_tensor(part));
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_value(copy));
}

static void test_sequences(void) {
  LiteValue list = frames_of(2), wrong = value_of(strings_of("a", "b")), item = NULL, nested = NULL;
  LiteDataType dtype = LITE_INT;
  LiteTensor tensor = NULL;
  CHECK(kind_of(list) == LITE_VALUE_SEQUENCE && length_of(list) == 2);
  CHECK(first_of(list, 0) == 10 && first_of(list, 1) == 20);
  CHECK_OK(LITE_get_value_dtype(list, &dtype));
  CHECK(dtype == LITE_FLOAT);
  CHECK_ARGUMENT(LITE_get_value_element(list, 2, &item));
  CHECK_ARGUMENT(LITE_append_value(list, wrong));
  CHECK_TEXT("string");
  CHECK_ARGUMENT(LITE_append_value(list, list));
  CHECK_ARGUMENT(LITE_append_value(wrong, list));
  CHECK_ARGUMENT(LITE_get_value_tensor(list, &tensor));
  CHECK_ARGUMENT(LITE_get_map_keys(list, &tensor));
  CHECK_ARGUMENT(LITE_get_map_values(list, &item));
  CHECK_ARGUMENT(LITE_make_sequence((LiteDataType)99, &item));
  CHECK(length_of(list) == 2);
  /* Copied when it is put in: what is appended later does not show. */
  CHECK_OK(LITE_make_sequence(LITE_FLOAT, &nested));
  CHECK_OK(LITE_append_value(nested, list));
  item = value_of(tensor_of(1, 7));
  CHECK_OK(LITE_append_value(list, item));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_get_value_element(nested, 0, &item));
  CHECK(length_of(list) == 3 && length_of(item) == 2);
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_destroy_value(nested));
  CHECK_OK(LITE_destroy_value(list));
  CHECK_OK(LITE_destroy_value(list));
  CHECK_CODE(LITE_append_value(list, wrong), LITE_CLOSED);
  CHECK_OK(LITE_destroy_value(wrong));

  /* In itself, and too deep. */
  CHECK_OK(LITE_make_sequence(LITE_FLOAT, &list));
  CHECK_OK(LITE_append_value(list, list));
  CHECK(length_of(list) == 1);
  for (int i = 0; i < 20; ++i) {
    LiteValue outer = NULL;
    const int code = LITE_make_optional(list, LITE_FLOAT, &outer);
    if (code != LITE_OK) {
      CHECK(code == LITE_LIMIT_EXCEEDED && i > 10);
      break;
    }
    CHECK(i < 19);
    CHECK_OK(LITE_destroy_value(list));
    list = outer;
  }
  CHECK_OK(LITE_make_sequence(LITE_FLOAT, &nested));
  CHECK_CODE(LITE_append_value(nested, list), LITE_LIMIT_EXCEEDED);
  CHECK_OK(LITE_destroy_value(nested));
  CHECK_OK(LITE_destroy_value(list));
}

static void test_optionals_and_maps(void) {
  LiteValue none = NULL, some = NULL, item = value_of(tensor_of(2, 4)), map = NULL, values = NULL;
  LiteTensor keys = integers_of(7, -7), same = integers_of(3, 3), words = strings_of("b", "a"), got = NULL;
  LiteDataType dtype = LITE_INT;
  const char* text = NULL;
  size_t size = 0;
  CHECK_OK(LITE_make_optional(NULL, LITE_HALF, &none));
  CHECK(kind_of(none) == LITE_VALUE_OPTIONAL && length_of(none) == 0);
  CHECK_OK(LITE_get_value_dtype(none, &dtype));
  CHECK(dtype == LITE_HALF);
  CHECK_ARGUMENT(LITE_make_optional(NULL, (LiteDataType)-1, &some));
  CHECK_OK(LITE_make_optional(item, (LiteDataType)-1, &some));
  CHECK(length_of(some) == 1 && first_of(some, 0) == 4);

  CHECK_OK(LITE_make_map(keys, item, &map));
  CHECK(kind_of(map) == LITE_VALUE_MAP && length_of(map) == 2);
  CHECK_OK(LITE_get_value_dtype(map, &dtype));
  CHECK(dtype == LITE_FLOAT);
  CHECK_ARGUMENT(LITE_get_value_element(map, 0, &values));
  CHECK_TEXT("LITE_get_map_values");
  CHECK_OK(LITE_get_map_keys(map, &got));
  CHECK_OK(LITE_get_tensor_dtype(got, &dtype));
  CHECK(dtype == LITE_INT64);
  CHECK_OK(LITE_destroy_tensor(got));
  CHECK_OK(LITE_get_map_values(map, &values));
  CHECK(kind_of(values) == LITE_VALUE_TENSOR);
  CHECK_OK(LITE_destroy_value(values));
  CHECK_OK(LITE_destroy_value(map));
  CHECK_ARGUMENT(LITE_make_map(same, item, &map));
  CHECK_TEXT("twice");
  values = frames_of(2);
  CHECK_OK(LITE_make_map(words, values, &map));
  CHECK_OK(LITE_get_map_keys(map, &got));
  CHECK_OK(LITE_get_tensor_string(got, 0, &text, &size));
  CHECK(size == 1 && strcmp(text, "b") == 0);
  CHECK_OK(LITE_destroy_tensor(got));
  CHECK_OK(LITE_destroy_value(map));
  CHECK_OK(LITE_destroy_value(values));
  /* Single numbers become one tensor. */
  CHECK_OK(LITE_make_sequence(LITE_FLOAT, &values));
  for (int i = 0; i < 2; ++i) {
    LiteTensor scalar = NULL;
    void* data = NULL;
    LiteValue number;
    CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 0, NULL, &scalar));
    CHECK_OK(LITE_get_tensor_memory(scalar, &data));
    *(float*)data = 8.0f + (float)i;
    number = value_of(scalar);
    CHECK_OK(LITE_append_value(values, number));
    CHECK_OK(LITE_destroy_value(number));
  }
  CHECK_OK(LITE_make_map(words, values, &map));
  CHECK_OK(LITE_destroy_value(values));
  CHECK_OK(LITE_get_map_values(map, &values));
  CHECK_OK(LITE_get_value_tensor(values, &got));
  {
    void* data = NULL;
    CHECK_OK(LITE_get_tensor_memory(got, &data));
    CHECK(((float*)data)[0] == 8 && ((float*)data)[1] == 9);
  }
  CHECK_OK(LITE_destroy_tensor(got));
  CHECK_OK(LITE_destroy_value(values));
  CHECK_OK(LITE_destroy_value(map));
  values = frames_of(3);
  CHECK_CODE(LITE_make_map(words, values, &map), LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(LITE_make_map(words, some, &map));
  CHECK_OK(LITE_destroy_value(values));
  CHECK_OK(LITE_destroy_tensor(words));
  words = tensor_of(2, 0);
  CHECK_ARGUMENT(LITE_make_map(words, item, &map));
  CHECK_OK(LITE_destroy_tensor(words));
  CHECK_OK(LITE_destroy_tensor(keys));
  CHECK_OK(LITE_destroy_tensor(same));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_destroy_value(none));
  CHECK_OK(LITE_destroy_value(some));
}

static LiteNetwork load(Message model) {
  LiteNetwork network = NULL;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  free(model.data);
  return network;
}

static void run(LiteNetwork network) {
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_wait(network));
}

static LiteValue output_of(LiteNetwork network, const char* name) {
  LiteValue value = NULL;
  CHECK_OK(LITE_get_output_value(network, name, &value));
  return value;
}

static void set_position(LiteNetwork network, int64_t position) {
  LiteTensor at = NULL;
  void* data = NULL;
  CHECK_OK(LITE_get_io_tensor(network, "at", LITE_INPUT, &at));
  CHECK_OK(LITE_get_tensor_memory(at, &data));
  *(int64_t*)data = position;
}

static void test_sequence_network(void) {
  LiteNetwork network = load(sequence_model(ONNX_FLOAT));
  LiteValue two = frames_of(2), three = frames_of(3), first, second, value = NULL;
  LiteTensor tensor = NULL;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  void* data = NULL;
  CHECK_OK(LITE_get_input_info(network, 0, &info));
  CHECK(info.kind == LITE_VALUE_SEQUENCE && info.dtype == LITE_FLOAT && info.rank == -1);
  CHECK(strcmp(info.type, "seq(tensor(float))") == 0);
  CHECK_OK(LITE_get_input_value_type(network, 0, 0, &type));
  CHECK(type.kind == LITE_VALUE_SEQUENCE && type.has_element == 1 && type.rank == -1);
  CHECK_OK(LITE_get_input_value_type(network, 0, 1, &type));
  CHECK(type.kind == LITE_VALUE_TENSOR && type.dtype == LITE_FLOAT && type.has_element == 0);
  CHECK_ARGUMENT(LITE_get_input_value_type(network, 0, 2, &type));
  CHECK_ARGUMENT(LITE_get_input_value_type(network, 2, 0, &type));
  CHECK_OK(LITE_get_output_value_type(network, 1, 0, &type));
  CHECK(type.kind == LITE_VALUE_TENSOR && type.rank == 1 && type.dims[0] == -1);
  CHECK_ARGUMENT(LITE_get_output_value_type(network, 3, 0, &type));
  type.struct_size = 0;
  CHECK_ARGUMENT(LITE_get_output_value_type(network, 1, 0, &type));

  /* The old ways say where the new ones are. */
  CHECK_ARGUMENT(LITE_get_io_tensor(network, "frames", LITE_INPUT, &tensor));
  CHECK_TEXT("LITE_set_input_value");
  CHECK_ARGUMENT(LITE_get_io_tensor(network, "longer", LITE_OUTPUT, &tensor));
  CHECK_TEXT("LITE_get_output_value");
  CHECK_ARGUMENT(LITE_forward(network));
  CHECK_TEXT("LITE_set_input_value");
  CHECK_CODE(LITE_get_output_value(network, "longer", &value), LITE_NOT_FOUND);

  CHECK_OK(LITE_set_input_value(network, "frames", two));
  set_position(network, 1);
  run(network);
  first = output_of(network, "longer");
  CHECK(length_of(first) == 3 && first_of(first, 2) == 20);
  CHECK_OK(LITE_get_io_tensor(network, "picked", LITE_OUTPUT, &tensor));
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  CHECK(((float*)data)[1] == 21);
  value = output_of(network, "picked");
  CHECK(kind_of(value) == LITE_VALUE_TENSOR);
  CHECK_OK(LITE_destroy_value(value));

  /* It stays for the next run, and another takes its place. Results of earlier runs stay what they were. */
  set_position(network, 0);
  run(network);
  second = output_of(network, "longer");
  CHECK(first_of(second, 2) == 10 && first_of(first, 2) == 20);
  CHECK_OK(LITE_destroy_value(second));
  CHECK_OK(LITE_set_input_value(network, "frames", three));
  CHECK_OK(LITE_destroy_value(three));
  set_position(network, -1);
  run(network);
  second = output_of(network, "longer");
  CHECK(length_of(second) == 4 && first_of(second, 3) == 30);
  CHECK(length_of(first) == 3 && first_of(first, 2) == 20);

  /* A result as the next input. */
  CHECK_OK(LITE_set_input_value(network, "frames", second));
  CHECK_OK(LITE_destroy_value(second));
  run(network);
  second = output_of(network, "longer");
  CHECK(length_of(second) == 5);
  CHECK_OK(LITE_destroy_value(second));

  /* An input that is a tensor takes one too, and nothing else. */
  CHECK_ARGUMENT(LITE_set_input_value(network, "at", two));
  value = value_of(tensor_of(1, 0));
  CHECK_CODE(LITE_set_input_value(network, "at", value), LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(LITE_set_input_value(network, "frames", value));
  CHECK_OK(LITE_destroy_value(value));
  value = value_of(integers_of(0, 1));
  CHECK_CODE(LITE_set_input_value(network, "at", value), LITE_SHAPE_MISMATCH);
  CHECK_OK(LITE_destroy_value(value));

  /* Failing in the middle names the position. */
  set_position(network, 9);
  CHECK_ARGUMENT(LITE_forward(network));
  CHECK_TEXT("position 9");
  CHECK_CODE(LITE_set_input_value(network, "nothing", two), LITE_NOT_FOUND);
  CHECK_TEXT("'frames'");
  CHECK_CODE(LITE_set_input_value(network, "longer", two), LITE_NOT_FOUND);
  CHECK_CODE(LITE_get_output_value(network, "frames", &value), LITE_NOT_FOUND);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(first_of(first, 0) == 10);
  CHECK_OK(LITE_destroy_value(first));
  CHECK_OK(LITE_destroy_value(two));
  CHECK_CODE(LITE_set_input_value(network, "frames", two), LITE_CLOSED);
}

static void test_string_network(void) {
  LiteNetwork network = load(sequence_model(ONNX_STRING));
  LiteValue list = NULL, item = value_of(strings_of("one", "größer")), wrong = frames_of(1);
  LiteTensor tensor = NULL;
  const char* text = NULL;
  size_t size = 0;
  CHECK_OK(LITE_make_sequence(LITE_STRING, &list));
  CHECK_OK(LITE_append_value(list, item));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_ARGUMENT(LITE_set_input_value(network, "frames", wrong));
  CHECK_TEXT("float32");
  CHECK_OK(LITE_set_input_value(network, "frames", list));
  CHECK_OK(LITE_destroy_value(list));
  set_position(network, 0);
  run(network);
  list = output_of(network, "longer");
  CHECK_OK(LITE_get_value_element(list, 1, &item));
  CHECK_OK(LITE_get_value_tensor(item, &tensor));
  CHECK_OK(LITE_get_tensor_string(tensor, 1, &text, &size));
  CHECK(size == strlen("größer") && strcmp(text, "größer") == 0);
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_destroy_value(list));
  CHECK_OK(LITE_destroy_value(wrong));
  CHECK_OK(LITE_destroy_network(network));
}

static void test_optional_network(void) {
  LiteNetwork network = load(identity_model("o"));
  LiteValue none = NULL, some = NULL, item = value_of(tensor_of(2, 5)), long_one = value_of(tensor_of(3, 5)),
            out;
  LiteTensor has = NULL;
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  void* data = NULL;
  CHECK_OK(LITE_get_input_value_type(network, 0, 1, &type));
  CHECK(type.rank == 1 && type.dims[0] == 2);
  CHECK_OK(LITE_make_optional(NULL, LITE_FLOAT, &none));
  CHECK_OK(LITE_make_optional(item, LITE_FLOAT, &some));
  for (int with = 0; with < 3; ++with) {
    /* Empty, full, and what it could hold. */
    CHECK_OK(LITE_set_input_value(network, "x", with == 0 ? none : with == 1 ? some : item));
    run(network);
    CHECK_OK(LITE_get_io_tensor(network, "has", LITE_OUTPUT, &has));
    CHECK_OK(LITE_get_tensor_memory(has, &data));
    CHECK(*(unsigned char*)data == (with > 0));
    out = output_of(network, "same");
    CHECK(kind_of(out) == LITE_VALUE_OPTIONAL && length_of(out) == (with > 0));
    if (with > 0) CHECK(first_of(out, 0) == 5);
    CHECK_OK(LITE_destroy_value(out));
  }
  CHECK_CODE(LITE_set_input_value(network, "x", long_one), LITE_SHAPE_MISMATCH);
  CHECK_OK(LITE_destroy_value(none));
  CHECK_OK(LITE_make_optional(NULL, LITE_INT, &none));
  CHECK_OK(LITE_set_input_value(network, "x", none));
  CHECK_OK(LITE_destroy_value(none));
  CHECK_OK(LITE_destroy_value(some));
  CHECK_OK(LITE_destroy_value(item));
  CHECK_OK(LITE_destroy_value(long_one));
  CHECK_OK(LITE_destroy_network(network));
}

static void test_map_network(void) {
  LiteNetwork network = load(identity_model("m"));
  LiteTensor keys = integers_of(5, 6), words = strings_of("a", "b"), got = NULL;
  LiteValue values = frames_of(2), map = NULL, named = NULL, out;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  void* data = NULL;
  CHECK_OK(LITE_get_output_info(network, 0, &info));
  CHECK(info.kind == LITE_VALUE_MAP && strcmp(info.type, "map(int64,tensor(float))") == 0);
  CHECK_OK(LITE_make_map(keys, values, &map));
  CHECK_OK(LITE_make_map(words, values, &named));
  CHECK_ARGUMENT(LITE_set_input_value(network, "x", named));
  CHECK_ARGUMENT(LITE_set_input_value(network, "x", values));
  CHECK_OK(LITE_set_input_value(network, "x", map));
  CHECK_OK(LITE_destroy_value(map));
  run(network);
  out = output_of(network, "same");
  CHECK(kind_of(out) == LITE_VALUE_MAP && length_of(out) == 2);
  CHECK_OK(LITE_get_map_keys(out, &got));
  CHECK_OK(LITE_get_tensor_memory(got, &data));
  CHECK(((int64_t*)data)[1] == 6);
  CHECK_OK(LITE_destroy_tensor(got));
  CHECK_OK(LITE_destroy_value(out));
  CHECK_OK(LITE_destroy_value(named));
  CHECK_OK(LITE_destroy_value(values));
  CHECK_OK(LITE_destroy_tensor(keys));
  CHECK_OK(LITE_destroy_tensor(words));
  CHECK_OK(LITE_destroy_network(network));
}

struct Seen {
  LiteNetwork network;
  LiteValue next;
  int starts, finishes;
};

static int on_start(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* user_data) {
  struct Seen* const seen = (struct Seen*)user_data;
  CHECK(size == 2 && strcmp(ios[0].name, "frames") == 0 && tensors[0] == NULL && tensors[1] != NULL);
  CHECK_OK(LITE_set_input_value(seen->network, "frames", seen->next));
  ++seen->starts;
  return 0;
}

static int on_finish(const LiteIO* ios, const LiteTensor* tensors, size_t size, void* user_data) {
  struct Seen* const seen = (struct Seen*)user_data;
  LiteValue out = output_of(seen->network, "longer");
  CHECK(size == 3 && strcmp(ios[0].name, "longer") == 0 && tensors[0] == NULL && tensors[1] != NULL);
  CHECK(length_of(out) == 5);
  CHECK_OK(LITE_destroy_value(out));
  ++seen->finishes;
  return 0;
}

static void test_callbacks(void) {
  struct Seen seen = {NULL, NULL, 0, 0};
  seen.network = load(sequence_model(ONNX_FLOAT));
  seen.next = frames_of(4);
  CHECK_OK(LITE_set_start_callback_with_userdata(seen.network, on_start, &seen));
  CHECK_OK(LITE_set_finish_callback_with_userdata(seen.network, on_finish, &seen));
  set_position(seen.network, 3);
  run(seen.network);
  CHECK(seen.starts == 1 && seen.finishes == 1);
  CHECK_OK(LITE_destroy_value(seen.next));
  CHECK_OK(LITE_destroy_network(seen.network));
}

static void test_not_for_layouts(void) {
  LiteNetwork network = NULL;
  LiteConfig config = LITE_CONFIG_INIT;
  LiteIO io = LITE_IO_INIT;
  LiteNetworkIO ios = LITE_NETWORK_IO_INIT;
  Message model = sequence_model(ONNX_FLOAT);
  io.name = "frames";
  io.config_layout.ndim = 1;
  io.config_layout.shapes[0] = 3;
  ios.inputs = &io;
  ios.input_size = 1;
  CHECK_OK(LITE_make_network(&network, config, ios));
  CHECK_ARGUMENT(LITE_load_model_from_mem(network, model.data, model.size));
  CHECK_TEXT("sequence");
  CHECK_CODE(LITE_set_input_value(network, "frames", frames_of(1)), LITE_NOT_LOADED);
  CHECK_OK(LITE_destroy_network(network));
  free(model.data);
}

static void test_nulls(void) {
  LiteNetwork network = load(sequence_model(ONNX_FLOAT));
  LiteTensor tensor = tensor_of(1, 0), keys = integers_of(1, 2), got = NULL;
  LiteValue list = frames_of(1), value = NULL;
  LiteValueKind kind;
  LiteDataType dtype;
  LiteValueType type = LITE_VALUE_TYPE_INIT;
  size_t length;
  CHECK_ARGUMENT(LITE_make_tensor_value(NULL, 0, &value));
  CHECK_ARGUMENT(LITE_make_tensor_value(tensor, 0, NULL));
  CHECK_ARGUMENT(LITE_make_sequence(LITE_FLOAT, NULL));
  CHECK_ARGUMENT(LITE_append_value(NULL, list));
  CHECK_ARGUMENT(LITE_append_value(list, NULL));
  CHECK_ARGUMENT(LITE_make_optional(NULL, LITE_FLOAT, NULL));
  CHECK_ARGUMENT(LITE_make_optional(list, LITE_FLOAT, NULL));
  CHECK_ARGUMENT(LITE_make_map(NULL, list, &value));
  CHECK_ARGUMENT(LITE_make_map(keys, NULL, &value));
  CHECK_ARGUMENT(LITE_make_map(keys, list, NULL));
  CHECK_ARGUMENT(LITE_destroy_value(NULL));
  CHECK_ARGUMENT(LITE_get_value_kind(NULL, &kind));
  CHECK_ARGUMENT(LITE_get_value_kind(list, NULL));
  CHECK_ARGUMENT(LITE_get_value_dtype(NULL, &dtype));
  CHECK_ARGUMENT(LITE_get_value_dtype(list, NULL));
  CHECK_ARGUMENT(LITE_get_value_length(NULL, &length));
  CHECK_ARGUMENT(LITE_get_value_length(list, NULL));
  CHECK_ARGUMENT(LITE_get_value_element(NULL, 0, &value));
  CHECK_ARGUMENT(LITE_get_value_element(list, 0, NULL));
  CHECK_ARGUMENT(LITE_get_value_tensor(NULL, &got));
  CHECK_ARGUMENT(LITE_get_value_tensor(list, NULL));
  CHECK_ARGUMENT(LITE_get_map_keys(NULL, &got));
  CHECK_ARGUMENT(LITE_get_map_keys(list, NULL));
  CHECK_ARGUMENT(LITE_get_map_values(NULL, &value));
  CHECK_ARGUMENT(LITE_get_map_values(list, NULL));
  CHECK_ARGUMENT(LITE_set_input_value(NULL, "frames", list));
  CHECK_ARGUMENT(LITE_set_input_value(network, NULL, list));
  CHECK_ARGUMENT(LITE_set_input_value(network, "frames", NULL));
  CHECK_ARGUMENT(LITE_get_output_value(NULL, "longer", &value));
  CHECK_ARGUMENT(LITE_get_output_value(network, NULL, &value));
  CHECK_ARGUMENT(LITE_get_output_value(network, "longer", NULL));
  CHECK_ARGUMENT(LITE_get_input_value_type(NULL, 0, 0, &type));
  CHECK_ARGUMENT(LITE_get_input_value_type(network, 0, 0, NULL));
  CHECK_ARGUMENT(LITE_get_output_value_type(NULL, 0, 0, &type));
  CHECK_ARGUMENT(LITE_get_output_value_type(network, 0, 0, NULL));
  /* Handles of another kind. */
  CHECK_CODE(LITE_get_value_kind((LiteValue)(void*)tensor, &kind), LITE_CLOSED);
  CHECK_CODE(LITE_get_tensor_dtype((LiteTensor)(void*)list, &dtype), LITE_CLOSED);
  CHECK_CODE(LITE_make_tensor_value((LiteTensor)(void*)list, 0, &value), LITE_CLOSED);
  CHECK(value == NULL && got == NULL);
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_tensor(keys));
  CHECK_OK(LITE_destroy_value(list));
  CHECK_OK(LITE_destroy_network(network));
}

int main(void) {
  test_tensor_values();
  test_sequences();
  test_optionals_and_maps();
  test_sequence_network();
  test_string_network();
  test_optional_network();
  test_map_network();
  test_callbacks();
  test_not_for_layouts();
  test_nulls();
  return check_report("value");
}
