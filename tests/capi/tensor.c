/* Tensors: making, shapes, memory, slices, copies; NULL in each place. */
#include "check.h"

static LiteTensor make(LiteDataType dtype, size_t rows, size_t columns) {
  LiteTensorDesc desc = LITE_TENSOR_DESC_INIT;
  LiteTensor tensor = NULL;
  desc.layout.data_type = dtype;
  desc.layout.ndim = 2;
  desc.layout.shapes[0] = rows;
  desc.layout.shapes[1] = columns;
  CHECK_OK(LITE_make_tensor(desc, &tensor));
  return tensor;
}

static float* floats(LiteTensor tensor) {
  void* data = NULL;
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  return (float*)data;
}

static LiteTensor counting(size_t rows, size_t columns) {
  LiteTensor tensor = make(LITE_FLOAT, rows, columns);
  float* data = floats(tensor);
  size_t i;
  for (i = 0; i < rows * columns; ++i) data[i] = (float)i;
  return tensor;
}

static void test_making(void) {
  LiteTensorDesc desc = LITE_TENSOR_DESC_INIT;
  LiteTensor tensor = NULL;
  LiteLayout layout = LITE_LAYOUT_INIT;
  LiteDeviceType device = LITE_CUDA;
  size_t size = 99;
  int number = 99;
  void* data = NULL;
  CHECK_OK(LITE_make_tensor(desc, &tensor));
  CHECK_OK(LITE_get_tensor_total_size_in_byte(tensor, &size));
  CHECK(size == 0);
  CHECK_OK(LITE_get_tensor_layout(tensor, &layout));
  CHECK(layout.ndim == 0 && layout.data_type == LITE_FLOAT);
  CHECK_ARGUMENT(LITE_get_tensor_memory(tensor, &data));
  CHECK_ARGUMENT(LITE_tensor_fill_zero(tensor));
  CHECK_OK(LITE_get_tensor_rank(tensor, &number));
  CHECK(number == -1);
  CHECK_OK(LITE_get_tensor_device_type(tensor, &device));
  CHECK(device == LITE_CPU);
  CHECK_OK(LITE_is_pinned_host(tensor, &number));
  CHECK(number == 0);
  CHECK_OK(LITE_destroy_tensor(tensor));

  desc.is_pinned_host = 1;
  desc.device_id = 3;
  CHECK_OK(LITE_make_tensor(desc, &tensor));
  CHECK_OK(LITE_is_pinned_host(tensor, &number));
  CHECK(number == 1);
  CHECK_OK(LITE_get_tensor_device_id(tensor, &number));
  CHECK(number == 3);
  CHECK_OK(LITE_destroy_tensor(tensor));

  CHECK_ARGUMENT(LITE_make_tensor(desc, NULL));
  desc.device_type = LITE_CUDA;
  CHECK_CODE(LITE_make_tensor(desc, &tensor), LITE_UNSUPPORTED);
  CHECK_TEXT("CUDA");
  desc.device_type = (LiteDeviceType)50;
  CHECK_ARGUMENT(LITE_make_tensor(desc, &tensor));
  desc.device_type = LITE_CPU;
  desc.layout.ndim = 8;
  CHECK_ARGUMENT(LITE_make_tensor(desc, &tensor));
  desc.layout.ndim = 1;
  desc.layout.data_type = (LiteDataType)11;
  CHECK_ARGUMENT(LITE_make_tensor(desc, &tensor));
  desc.layout.data_type = LITE_DOUBLE;
  desc.layout.shapes[0] = (size_t)-1;
  CHECK_ARGUMENT(LITE_make_tensor(desc, &tensor));
  desc.layout.shapes[0] = (size_t)1 << 61;
  CHECK_ARGUMENT(LITE_make_tensor(desc, &tensor));
}

static void test_dead_handles(void) {
  LiteTensor tensor = make(LITE_FLOAT, 2, 2), other;
  LiteLayout layout;
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_CODE(LITE_get_tensor_layout(tensor, &layout), LITE_CLOSED);
  CHECK_TEXT("destroyed");
  CHECK_CODE(LITE_tensor_fill_zero((LiteTensor)(void*)&layout), LITE_CLOSED);
  CHECK_CODE(LITE_forward((LiteNetwork)(void*)tensor), LITE_CLOSED);
  CHECK_ARGUMENT(LITE_destroy_tensor(NULL));
  other = make(LITE_FLOAT, 2, 2);
  CHECK(other != tensor);
  CHECK_CODE(LITE_tensor_copy(other, tensor), LITE_CLOSED);
  CHECK_OK(LITE_destroy_tensor(other));
}

static void test_layouts(void) {
  LiteTensor tensor = make(LITE_FLOAT, 3, 20);
  LiteLayout layout = LITE_LAYOUT_INIT, got;
  float *before = floats(tensor), mine[120];
  int dense = 0;
  size_t size = 0;
  layout.ndim = 2;
  layout.shapes[0] = 5;
  layout.shapes[1] = 7;
  CHECK_OK(LITE_set_tensor_layout(tensor, layout));
  CHECK(floats(tensor) == before);
  CHECK_OK(LITE_get_tensor_total_size_in_byte(tensor, &size));
  CHECK(size == 140);
  CHECK_OK(LITE_reset_tensor_memory(tensor, mine, sizeof mine));
  CHECK(floats(tensor) == mine);
  CHECK_CODE(LITE_reset_tensor_memory(tensor, mine, 139), LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(LITE_reset_tensor_memory(tensor, NULL, 140));
  CHECK_ARGUMENT(LITE_reset_tensor_memory(tensor, (char*)mine + 1, 140));
  CHECK(floats(tensor) == mine);
  layout.shapes[0] = 6;
  layout.shapes[1] = 20;
  CHECK_OK(LITE_reset_tensor(tensor, layout, mine));
  CHECK_OK(LITE_get_tensor_layout(tensor, &got));
  CHECK(got.ndim == 2 && got.shapes[0] == 6 && got.shapes[1] == 20);
  layout.shapes[0] = 100;
  CHECK_OK(LITE_set_tensor_layout(tensor, layout));
  CHECK(floats(tensor) != mine);
  CHECK_ARGUMENT(LITE_reset_tensor(tensor, layout, NULL));
  layout.ndim = 0;
  CHECK_ARGUMENT(LITE_reset_tensor(tensor, layout, mine));
  CHECK_OK(LITE_is_memory_continue(tensor, &dense));
  CHECK(dense == 1);
  CHECK_OK(LITE_destroy_tensor(tensor));
}

static void test_reshape(void) {
  LiteTensor tensor = counting(8, 6);
  const float* data = floats(tensor);
  const int one_open[2] = {-1, 12}, two_open[2] = {-1, -1}, wrong[2] = {5, 10}, odd[2] = {-1, 7},
            zero[2] = {0, 48};
  const int64_t dims[9] = {1, 1, 2, 1, 4, 1, 3, 1, 2};
  int64_t got[9] = {0};
  LiteLayout layout;
  CHECK_OK(LITE_tensor_reshape(tensor, one_open, 2));
  CHECK_OK(LITE_get_tensor_layout(tensor, &layout));
  CHECK(layout.ndim == 2 && layout.shapes[0] == 4 && layout.shapes[1] == 12);
  CHECK_ARGUMENT(LITE_tensor_reshape(tensor, two_open, 2));
  CHECK_ARGUMENT(LITE_tensor_reshape(tensor, zero, 2));
  CHECK_CODE(LITE_tensor_reshape(tensor, wrong, 2), LITE_SHAPE_MISMATCH);
  CHECK_CODE(LITE_tensor_reshape(tensor, odd, 2), LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(LITE_tensor_reshape(tensor, wrong, 0));
  CHECK_ARGUMENT(LITE_tensor_reshape(tensor, NULL, 2));
  CHECK_OK(LITE_tensor_reshape_dims(tensor, 9, dims));
  CHECK_OK(LITE_get_tensor_dims(tensor, 9, got));
  CHECK(memcmp(dims, got, sizeof dims) == 0);
  CHECK_CODE(LITE_get_tensor_dims(tensor, 8, got), LITE_BUFFER_TOO_SMALL);
  CHECK_CODE(LITE_get_tensor_layout(tensor, &layout), LITE_UNSUPPORTED);
  CHECK_TEXT("LITE_get_tensor_dims");
  CHECK(floats(tensor) == data);
  CHECK_OK(LITE_destroy_tensor(tensor));
}

static void check_slice(size_t start, size_t end, size_t step) {
  LiteTensor whole = counting(20, 20), part = NULL, copy = make(LITE_INT8, 1, 1);
  const size_t starts[2] = {start, start}, ends[2] = {end, end}, steps[2] = {step, step};
  const float* data;
  size_t i, j;
  int dense = 1;
  CHECK_OK(LITE_tensor_slice(whole, starts, ends, step == 1 ? NULL : steps, 2, &part));
  CHECK_OK(LITE_is_memory_continue(part, &dense));
  CHECK(dense == 0);
  CHECK_OK(LITE_tensor_copy(copy, part));
  data = floats(copy);
  for (i = start; i < end; i += step)
    for (j = start; j < end; j += step) CHECK(*data++ == (float)(20 * i + j));
  /* The part outlives the whole. */
  CHECK_OK(LITE_destroy_tensor(whole));
  CHECK_OK(LITE_tensor_fill_zero(part));
  CHECK_OK(LITE_tensor_copy(copy, part));
  CHECK(floats(copy)[0] == 0);
  CHECK_OK(LITE_destroy_tensor(part));
  CHECK_OK(LITE_destroy_tensor(copy));
}

static void check_clipped(LiteTensor whole, const size_t* start, const size_t* end, size_t rows,
                          size_t columns) {
  LiteTensor part = NULL;
  LiteLayout layout;
  CHECK_OK(LITE_tensor_slice(whole, start, end, NULL, 2, &part));
  CHECK_OK(LITE_get_tensor_layout(part, &layout));
  CHECK(layout.ndim == 2 && layout.shapes[0] == rows && layout.shapes[1] == columns);
  CHECK_OK(LITE_destroy_tensor(part));
}

static void test_slices(void) {
  LiteTensor whole = counting(4, 6), part = NULL, row, mine;
  const size_t start[3] = {1, 2, 0}, end[3] = {3, 6, 0}, beyond[2] = {5, SIZE_MAX}, steps[2] = {0, 1},
               two[2] = {1, 2};
  size_t index[2] = {1, 1};
  void* data = NULL;
  check_slice(1, 8, 1);
  check_slice(2, 10, 2);
  check_slice(10, 18, 4);
  check_clipped(whole, start, beyond, 3, 4);
  check_clipped(whole, beyond, end, 0, 0);
  check_clipped(whole, end, start, 0, 0);
  CHECK_ARGUMENT(LITE_tensor_slice(whole, start, end, steps, 2, &part));
  CHECK_ARGUMENT(LITE_tensor_slice(whole, start, end, NULL, 3, &part));
  CHECK_ARGUMENT(LITE_tensor_slice(whole, NULL, end, NULL, 2, &part));
  CHECK_ARGUMENT(LITE_tensor_slice(whole, start, NULL, NULL, 2, &part));
  CHECK_ARGUMENT(LITE_tensor_slice(whole, start, end, NULL, 2, NULL));
  CHECK_OK(LITE_tensor_slice(whole, start, end, two, 2, &part));
  CHECK_OK(LITE_get_tensor_memory_with_index(part, index, 2, &data));
  CHECK(*(float*)data == 2 * 6 + 4);
  CHECK_OK(LITE_get_tensor_memory_with_index(part, index, 1, &data));
  CHECK(*(float*)data == 2 * 6 + 2);
  index[0] = 2;
  CHECK_ARGUMENT(LITE_get_tensor_memory_with_index(part, index, 2, &data));
  /* Writing into a slice writes into the whole. */
  mine = make(LITE_FLOAT, 2, 2);
  CHECK_OK(LITE_tensor_fill_zero(mine));
  CHECK_OK(LITE_tensor_copy(part, mine));
  CHECK(floats(whole)[6 + 2] == 0 && floats(whole)[6 + 3] == 9);
  CHECK_CODE(LITE_tensor_copy(part, whole), LITE_SHAPE_MISMATCH);
  /* Rows are dense: another layout sees the same place if it fits there, and leaves the whole alone if not.
   */
  CHECK_OK(LITE_tensor_slice(whole, start, end, NULL, 1, &row));
  {
    LiteLayout layout = LITE_LAYOUT_INIT;
    LiteTensor flat = counting(1, 12);
    CHECK_OK(LITE_tensor_copy(row, flat));
    CHECK(floats(whole)[6] == 0 && floats(whole)[17] == 11 && floats(whole)[18] == 18);
    layout.ndim = 1;
    layout.shapes[0] = 3;
    CHECK_OK(LITE_set_tensor_layout(row, layout));
    CHECK_OK(LITE_tensor_fill_zero(row));
    CHECK(floats(whole)[8] == 0 && floats(whole)[9] == 3);
    layout.shapes[0] = 4;
    CHECK_OK(LITE_set_tensor_layout(row, layout));
    CHECK_OK(LITE_tensor_fill_zero(row));
    CHECK(floats(whole)[9] == 3);
    CHECK_OK(LITE_destroy_tensor(flat));
  }
  /* Overlapping copies read before they write. */
  {
    LiteTensor line = counting(1, 6), left = NULL, right = NULL;
    const size_t from0[2] = {0, 0}, to5[2] = {1, 5}, from1[2] = {0, 1}, to6[2] = {1, 6};
    CHECK_OK(LITE_tensor_slice(line, from0, to5, NULL, 2, &left));
    CHECK_OK(LITE_tensor_slice(line, from1, to6, NULL, 2, &right));
    CHECK_OK(LITE_tensor_copy(right, left));
    CHECK(floats(line)[0] == 0 && floats(line)[5] == 4);
    LITE_destroy_tensor(line);
    LITE_destroy_tensor(left);
    LITE_destroy_tensor(right);
  }
  LITE_destroy_tensor(whole);
  LITE_destroy_tensor(part);
  LITE_destroy_tensor(mine);
  LITE_destroy_tensor(row);
}

static void test_sharing(void) {
  LiteTensorDesc empty_desc = LITE_TENSOR_DESC_INIT;
  LiteTensor empty = NULL, a = counting(3, 4), b = make(LITE_INT8, 1, 1);
  float* data;
  CHECK_OK(LITE_make_tensor(empty_desc, &empty));
  CHECK_ARGUMENT(LITE_tensor_copy(a, empty));
  CHECK_ARGUMENT(LITE_tensor_share_memory_with(a, empty));
  CHECK_OK(LITE_tensor_share_memory_with(b, a));
  CHECK(floats(b) == floats(a));
  CHECK_OK(LITE_destroy_tensor(a));
  data = floats(b);
  CHECK(data[11] == 11);
  CHECK_OK(LITE_tensor_copy(empty, b));
  CHECK(floats(empty) != data && floats(empty)[11] == 11);
  CHECK_OK(LITE_tensor_copy(b, b));
  LITE_destroy_tensor(b);
  LITE_destroy_tensor(empty);
}

static void test_concat(void) {
  LiteTensor parts[3], result = NULL, other = make(LITE_INT, 1, 4);
  LiteLayout layout;
  parts[0] = counting(1, 4);
  parts[1] = counting(2, 4);
  parts[2] = other;
  CHECK_OK(LITE_tensor_concat(parts, 2, 0, LITE_DEVICE_DEFAULT, -1, &result));
  CHECK_OK(LITE_get_tensor_layout(result, &layout));
  CHECK(layout.shapes[0] == 3 && layout.shapes[1] == 4);
  CHECK(floats(result)[3] == 3 && floats(result)[4] == 0 && floats(result)[11] == 7);
  LITE_destroy_tensor(result);
  CHECK_CODE(LITE_tensor_concat(parts, 2, 1, LITE_CPU, 0, &result), LITE_SHAPE_MISMATCH);
  CHECK_CODE(LITE_tensor_concat(parts, 3, 0, LITE_CPU, 0, &result), LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(LITE_tensor_concat(parts, 2, 2, LITE_CPU, 0, &result));
  CHECK_ARGUMENT(LITE_tensor_concat(parts, 2, -1, LITE_CPU, 0, &result));
  CHECK_ARGUMENT(LITE_tensor_concat(NULL, 2, 0, LITE_CPU, 0, &result));
  CHECK_ARGUMENT(LITE_tensor_concat(parts, 2, 0, LITE_CPU, 0, NULL));
  CHECK_CODE(LITE_tensor_concat(parts, 2, 0, LITE_CUDA, 0, &result), LITE_UNSUPPORTED);
  CHECK_OK(LITE_tensor_concat(parts, 0, 0, LITE_CPU, 0, &result));
  LITE_destroy_tensor(result);
  {
    LiteTensor columns[2];
    columns[0] = columns[1] = parts[1];
    CHECK_OK(LITE_tensor_concat(columns, 2, 1, LITE_CPU, 0, &result));
    CHECK(floats(result)[4] == 0 && floats(result)[8] == 4 && floats(result)[15] == 7);
    LITE_destroy_tensor(result);
  }
  LITE_destroy_tensor(parts[0]);
  LITE_destroy_tensor(parts[1]);
  LITE_destroy_tensor(other);
}

static void test_nulls(void) {
  LiteTensor t = counting(1, 1);
  LiteLayout layout = LITE_LAYOUT_INIT;
  size_t n = 0;
  int i = 0;
  void* p = NULL;
  LiteDeviceType device;
  LiteDataType type;
  int64_t d;
  CHECK_ARGUMENT(LITE_set_tensor_layout(NULL, layout));
  CHECK_ARGUMENT(LITE_reset_tensor_memory(NULL, &i, 4));
  CHECK_ARGUMENT(LITE_reset_tensor(NULL, layout, &i));
  CHECK_ARGUMENT(LITE_tensor_reshape(NULL, &i, 1));
  CHECK_ARGUMENT(LITE_tensor_slice(NULL, &n, &n, &n, 1, &t));
  CHECK_ARGUMENT(LITE_tensor_fill_zero(NULL));
  CHECK_ARGUMENT(LITE_tensor_copy(NULL, t));
  CHECK_ARGUMENT(LITE_tensor_copy(t, NULL));
  CHECK_ARGUMENT(LITE_tensor_share_memory_with(NULL, t));
  CHECK_ARGUMENT(LITE_tensor_share_memory_with(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_memory(NULL, &p));
  CHECK_ARGUMENT(LITE_get_tensor_memory(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_memory_with_index(NULL, &n, 1, &p));
  CHECK_ARGUMENT(LITE_get_tensor_memory_with_index(t, NULL, 1, &p));
  CHECK_ARGUMENT(LITE_get_tensor_memory_with_index(t, &n, 1, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_total_size_in_byte(NULL, &n));
  CHECK_ARGUMENT(LITE_get_tensor_total_size_in_byte(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_layout(NULL, &layout));
  CHECK_ARGUMENT(LITE_get_tensor_layout(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_device_type(NULL, &device));
  CHECK_ARGUMENT(LITE_get_tensor_device_type(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_device_id(NULL, &i));
  CHECK_ARGUMENT(LITE_get_tensor_device_id(t, NULL));
  CHECK_ARGUMENT(LITE_is_pinned_host(NULL, &i));
  CHECK_ARGUMENT(LITE_is_pinned_host(t, NULL));
  CHECK_ARGUMENT(LITE_is_memory_continue(NULL, &i));
  CHECK_ARGUMENT(LITE_is_memory_continue(t, NULL));
  CHECK_ARGUMENT(LITE_make_tensor_with_dims(LITE_FLOAT, 0, NULL, NULL));
  CHECK_ARGUMENT(LITE_set_tensor_dims(NULL, LITE_FLOAT, 0, NULL));
  CHECK_ARGUMENT(LITE_reset_tensor_with_dims(NULL, LITE_FLOAT, 0, NULL, &i, 4));
  CHECK_ARGUMENT(LITE_reset_tensor_with_dims(t, LITE_FLOAT, 0, NULL, NULL, 4));
  CHECK_ARGUMENT(LITE_tensor_reshape_dims(NULL, 0, NULL));
  CHECK_ARGUMENT(LITE_tensor_reshape_dims(t, 1, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_dtype(NULL, &type));
  CHECK_ARGUMENT(LITE_get_tensor_dtype(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_rank(NULL, &i));
  CHECK_ARGUMENT(LITE_get_tensor_rank(t, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_dims(NULL, 1, &d));
  CHECK_ARGUMENT(LITE_get_tensor_dims(t, 2, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_strides(NULL, 1, &d));
  CHECK_ARGUMENT(LITE_get_tensor_strides(t, 2, NULL));
  CHECK_ARGUMENT(LITE_get_tensor_string(NULL, 0, NULL, NULL));
  CHECK_ARGUMENT(LITE_set_tensor_string(NULL, 0, NULL, 0));
  CHECK_ARGUMENT(LITE_tensor_to_dlpack(NULL, NULL));
  CHECK_ARGUMENT(LITE_tensor_to_dlpack(t, NULL));
  CHECK_ARGUMENT(LITE_tensor_to_dlpack_versioned(t, NULL));
  CHECK_ARGUMENT(LITE_tensor_from_dlpack(NULL, &t));
  CHECK_ARGUMENT(LITE_tensor_from_dlpack_versioned(NULL, &t));
  CHECK_OK(LITE_destroy_tensor(t));
}

static void test_many(void) {
  enum { kMany = 5000 };
  static LiteTensor tensors[kMany];
  int round, i;
  for (round = 0; round < 4; ++round) {
    for (i = 0; i < kMany; ++i) tensors[i] = make(LITE_INT8, 1, 1);
    for (i = 0; i < kMany; ++i) CHECK(LITE_destroy_tensor(tensors[i]) == LITE_OK);
    for (i = 0; i < kMany; ++i) {
      size_t size;
      CHECK(LITE_get_tensor_total_size_in_byte(tensors[i], &size) == LITE_CLOSED);
    }
  }
}

int main(void) {
  test_making();
  test_dead_handles();
  test_layouts();
  test_reshape();
  test_slices();
  test_sharing();
  test_concat();
  test_nulls();
  test_many();
  return check_report("tensor");
}
