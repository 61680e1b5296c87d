/* Tensors beyond MegEngine Lite: any rank and element type, lent memory, strings. */
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

static int released;
static void release(void* user_data) { *(int*)user_data += 1; }

static void test_lent_memory(void) {
  float data[12] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const int64_t dims[2] = {3, 2}, transposed[2] = {1, 3}, negative[2] = {-1, 1}, far[2] = {100, 1};
  int64_t got[2];
  LiteTensor tensor = NULL, part = NULL, copy;
  const size_t start[1] = {1}, end[1] = {2};
  CHECK_OK(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, transposed, data, sizeof data, release,
                                        &released, &tensor));
  CHECK_OK(LITE_get_tensor_strides(tensor, 2, got));
  CHECK(got[0] == 1 && got[1] == 3);
  copy = make(LITE_FLOAT, 1, 1);
  CHECK_OK(LITE_tensor_copy(copy, tensor));
  CHECK(floats(copy)[0] == 0 && floats(copy)[1] == 3 && floats(copy)[5] == 5);
  CHECK_OK(LITE_tensor_slice(tensor, start, end, NULL, 1, &part));
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK(released == 0);
  CHECK_OK(LITE_destroy_tensor(part));
  CHECK(released == 1);
  CHECK_ARGUMENT(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, negative, data, sizeof data, release,
                                              &released, &tensor));
  CHECK_CODE(
      LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, far, data, sizeof data, release, &released, &tensor),
      LITE_SHAPE_MISMATCH);
  CHECK_CODE(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, NULL, data, 23, release, &released, &tensor),
             LITE_SHAPE_MISMATCH);
  CHECK_ARGUMENT(
      LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, NULL, NULL, 24, release, &released, &tensor));
  CHECK_ARGUMENT(
      LITE_make_tensor_from_memory(LITE_FLOAT, 2, NULL, NULL, data, 24, release, &released, &tensor));
  CHECK_ARGUMENT(
      LITE_make_tensor_from_memory(LITE_STRING, 2, dims, NULL, data, 24, release, &released, &tensor));
  CHECK_ARGUMENT(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, NULL, data, 24, release, &released, NULL));
  CHECK(released == 1);
  CHECK_OK(LITE_destroy_tensor(copy));
}

static void test_types(void) {
  static const struct {
    LiteDataType type;
    size_t bits;
  } types[] = {{LITE_FLOAT, 32},     {LITE_HALF, 16},      {LITE_INT64, 64},       {LITE_BOOL, 8},
               {LITE_BFLOAT16, 16},  {LITE_DOUBLE, 64},    {LITE_UINT64, 64},      {LITE_STRING, 0},
               {LITE_INT4, 4},       {LITE_UINT2, 2},      {LITE_FLOAT8E4M3FN, 8}, {LITE_FLOAT8E8M0, 8},
               {LITE_FLOAT4E2M1, 4}, {LITE_COMPLEX64, 64}, {LITE_COMPLEX128, 128}, {LITE_UINT, 32}};
  size_t i, bits = 0;
  const int64_t five = 5;
  LiteTensor tensor = NULL;
  for (i = 0; i < sizeof types / sizeof types[0]; ++i) {
    LiteDataType got = LITE_FLOAT;
    CHECK_OK(LITE_get_dtype_bits(types[i].type, &bits));
    CHECK(bits == types[i].bits);
    CHECK(strcmp(LITE_get_dtype_name(types[i].type), "unknown") != 0);
    CHECK_OK(LITE_make_tensor_with_dims(types[i].type, 1, &five, &tensor));
    CHECK_OK(LITE_get_tensor_dtype(tensor, &got));
    CHECK(got == types[i].type);
    if (types[i].type != LITE_STRING) {
      size_t size = 0;
      CHECK_OK(LITE_tensor_fill_zero(tensor));
      CHECK_OK(LITE_get_tensor_total_size_in_byte(tensor, &size));
      CHECK(size == (5 * bits + 7) / 8);
    }
    CHECK_OK(LITE_destroy_tensor(tensor));
  }
  CHECK(strcmp(LITE_get_dtype_name((LiteDataType)12), "unknown") == 0);
  CHECK_ARGUMENT(LITE_get_dtype_bits((LiteDataType)12, &bits));
  CHECK_ARGUMENT(LITE_get_dtype_bits(LITE_FLOAT, NULL));
  /* Elements that share bytes cannot be cut apart. */
  CHECK_OK(LITE_make_tensor_with_dims(LITE_INT4, 1, &five, &tensor));
  {
    const size_t start = 1, end = 2;
    LiteTensor part = NULL;
    CHECK_CODE(LITE_tensor_slice(tensor, &start, &end, NULL, 1, &part), LITE_UNSUPPORTED);
  }
  CHECK_OK(LITE_destroy_tensor(tensor));
}

static void test_scalars_and_empty(void) {
  LiteTensor tensor = NULL;
  LiteLayout layout;
  const int64_t none[2] = {0, 3};
  int rank = -1;
  size_t size = 99;
  void* data = NULL;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 0, NULL, &tensor));
  CHECK_OK(LITE_get_tensor_rank(tensor, &rank));
  CHECK(rank == 0);
  CHECK_OK(LITE_get_tensor_dims(tensor, 0, NULL));
  CHECK_OK(LITE_get_tensor_layout(tensor, &layout));
  CHECK(layout.ndim == 1 && layout.shapes[0] == 1);
  CHECK_OK(LITE_get_tensor_total_size_in_byte(tensor, &size));
  CHECK(size == 4);
  CHECK_OK(LITE_set_tensor_dims(tensor, LITE_FLOAT, 2, none));
  CHECK_OK(LITE_get_tensor_total_size_in_byte(tensor, &size));
  CHECK(size == 0);
  CHECK_OK(LITE_get_tensor_memory(tensor, &data));
  CHECK(data != NULL);
  CHECK_OK(LITE_tensor_fill_zero(tensor));
  CHECK_OK(LITE_reset_tensor_with_dims(tensor, LITE_FLOAT, 2, none, NULL, 0));
  CHECK_ARGUMENT(LITE_set_tensor_dims(tensor, LITE_FLOAT, 65, none));
  CHECK_ARGUMENT(LITE_set_tensor_dims(tensor, LITE_FLOAT, 2, NULL));
  CHECK_OK(LITE_destroy_tensor(tensor));
}

static void test_strings(void) {
  const int64_t dims[2] = {2, 2};
  LiteTensor tensor = NULL, copy = NULL, part = NULL;
  const char* text = NULL;
  size_t size = 0;
  const size_t start[2] = {0, 1}, end[2] = {2, 2};
  void* data = NULL;
  CHECK_OK(LITE_make_tensor_with_dims(LITE_STRING, 2, dims, &tensor));
  CHECK_OK(LITE_get_tensor_string(tensor, 3, &text, &size));
  CHECK(size == 0 && text[0] == '\0');
  CHECK_OK(LITE_set_tensor_string(tensor, 1, "one\0two", 7));
  CHECK_OK(LITE_set_tensor_string(tensor, 3, "three", 5));
  CHECK_OK(LITE_set_tensor_string(tensor, 0, NULL, 0));
  CHECK_OK(LITE_get_tensor_string(tensor, 1, &text, &size));
  CHECK(size == 7 && memcmp(text, "one\0two", 8) == 0);
  CHECK_ARGUMENT(LITE_set_tensor_string(tensor, 4, "x", 1));
  CHECK_ARGUMENT(LITE_get_tensor_string(tensor, 4, &text, &size));
  CHECK_ARGUMENT(LITE_get_tensor_string(tensor, 0, NULL, &size));
  CHECK_ARGUMENT(LITE_get_tensor_memory(tensor, &data));
  CHECK_OK(LITE_tensor_slice(tensor, start, end, NULL, 2, &part));
  CHECK_OK(LITE_get_tensor_string(part, 1, &text, NULL));
  CHECK(strcmp(text, "three") == 0);
  CHECK_OK(LITE_make_tensor_with_dims(LITE_FLOAT, 2, dims, &copy));
  CHECK_ARGUMENT(LITE_get_tensor_string(copy, 0, &text, &size));
  CHECK_OK(LITE_tensor_copy(copy, part));
  CHECK_OK(LITE_destroy_tensor(tensor));
  CHECK_OK(LITE_destroy_tensor(part));
  CHECK_OK(LITE_get_tensor_string(copy, 1, &text, &size));
  CHECK(strcmp(text, "three") == 0);
  CHECK_OK(LITE_tensor_fill_zero(copy));
  CHECK_OK(LITE_get_tensor_string(copy, 1, &text, &size));
  CHECK(size == 0);
  CHECK_OK(LITE_destroy_tensor(copy));
}

int main(void) {
  test_lent_memory();
  test_types();
  test_scalars_and_empty();
  test_strings();
  return check_report("tensor_ex");
}
