/* A steady run allocates nothing; whichever allocation fails, the call says so and nothing breaks. */
#include "counting_malloc.h"

#include "check.h"
#include "model_writer.h"

/* y = x + 1, with an attribute and an input that is left out */
static int increment(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, none = x, y = x;
  int64_t by = 0;
  int code;
  (void)user_data;
  (void)state;
  if ((code = LITE_operator_get_input(context, 0, &x)) != LITE_OK ||
      (code = LITE_operator_get_input(context, 1, &none)) != LITE_OK ||
      (code = LITE_operator_get_output(context, 0, &y)) != LITE_OK ||
      (code = LITE_operator_get_attribute_int(context, "by", &by)) != LITE_OK)
    return code;
  if (none.present) return LITE_INVALID_ARGUMENT;
  for (size_t i = 0; i < x.size / sizeof(float); ++i)
    ((float*)y.data)[i] = ((const float*)x.data)[i] + (float)by;
  return LITE_OK;
}

static int register_increment(void) {
  LiteOperator op = LITE_OPERATOR_INIT;
  op.domain = "test.domain";
  op.name = "Increment";
  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
  op.max_inputs = 2;
  op.run = increment;
  return LITE_register_operator(&op);
}

/* y[2,4] = x[2,4] + 1, by a registered operator */
static Message increment_model(void) {
  const int64_t dims[2] = {2, 4};
  Message graph = {NULL, 0}, attributes = {NULL, 0};
  put_int_attribute(&attributes, "by", 1);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_domain_node(&graph, "test.domain", "Increment", "x", "y", "increment", &attributes);
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  return finish_domain_model(&graph, "test.domain", 1);
}

static void test_steady_run(Message model) {
  LiteNetwork network = NULL;
  LiteTensor x = NULL, y = NULL;
  void* data = NULL;
  long before;
  int i, failed = 0;
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_from_mem(network, model.data, model.size));
  CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &x));
  CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &y));
  CHECK_OK(LITE_get_tensor_memory(x, &data));
  for (i = 0; i < 3; ++i) CHECK_OK(LITE_forward(network));
  before = allocations;
  for (i = 0; i < 1000; ++i) {
    ((float*)data)[0] = (float)i;
    failed += LITE_forward(network) != LITE_OK;
    failed += LITE_wait(network) != LITE_OK;
    failed += LITE_get_tensor_memory(y, &data) != LITE_OK;
    failed += LITE_get_tensor_memory(x, &data) != LITE_OK;
  }
  CHECK(allocations == before && failed == 0);
  CHECK_OK(LITE_destroy_network(network));
  free(model.data);
}

static int lent_back;
static void on_release(void* data) { ++*(int*)data; }

/* Everything a small program does. Returns the first code that is not LITE_OK. */
static int whole_life(const Message* model, const Message* custom) {
  LiteNetwork network = NULL, other = NULL, third = NULL;
  LiteTensor x = NULL, part = NULL, mine = NULL;
  struct DLManagedTensor* managed = NULL;
  const size_t start[1] = {0}, end[1] = {1};
  const int64_t dims[2] = {2, 4};
  float memory[8] = {0};
  char* text = NULL;
  void* data = NULL;
  int code, i;
#define TRY(call)       \
  do {                  \
    code = (call);      \
    if (code) goto out; \
  } while (0)
  TRY(LITE_make_default_network(&network));
  TRY(LITE_make_default_network(&other));
  TRY(LITE_load_model_memory(network, model->data, model->size, NULL));
  TRY(LITE_shared_weight_with_network(other, network));
  TRY(LITE_get_io_tensor(network, "x", LITE_INPUT, &x));
  TRY(LITE_get_tensor_memory(x, &data));
  for (i = 0; i < 2; ++i) TRY(LITE_forward(network));
  TRY(LITE_forward(other));
  TRY(LITE_tensor_slice(x, start, end, NULL, 1, &part));
  TRY(LITE_tensor_to_dlpack(part, (void*)&managed));
  TRY(LITE_make_tensor_from_memory(LITE_FLOAT, 2, dims, NULL, memory, sizeof memory, on_release, &lent_back,
                                   &mine));
  TRY(LITE_tensor_share_memory_with(x, mine));
  TRY(LITE_forward(network));
  TRY(LITE_dump_graph(network, "imported", "json", &text));
  TRY(register_increment());
  TRY(LITE_make_default_network(&third));
  TRY(LITE_load_model_memory(third, custom->data, custom->size, NULL));
  TRY(LITE_unregister_operator("test.domain", "Increment", 1));
  for (i = 0; i < 2; ++i) TRY(LITE_forward(third));
#undef TRY
out:
  LITE_free_string(text);
  if (third != NULL) LITE_destroy_network(third);
  /* It allocates, too. */
  do {
    i = LITE_unregister_operator("test.domain", "Increment", 1);
  } while (i == LITE_OUT_OF_MEMORY);
  if (part != NULL) LITE_destroy_tensor(part);
  if (mine != NULL) LITE_destroy_tensor(mine);
  if (managed != NULL) ((void (**)(struct DLManagedTensor*))((char*)managed + 56))[0](managed);
  if (other != NULL) LITE_destroy_network(other);
  if (network != NULL) LITE_destroy_network(network);
  return code;
}

static void test_failing_allocations(void) {
  Message model = affine_model(2), custom = increment_model();
  long n, failing = 0;
  CHECK(whole_life(&model, &custom) == LITE_OK);
  for (n = 0; n < 100000; ++n) {
    int code;
    long rest;
    fail_after = n;
    code = whole_life(&model, &custom);
    rest = fail_after;
    fail_after = -1;
    if (rest >= 0) break; /* there were not so many */
    if (code != LITE_OK && code != LITE_OUT_OF_MEMORY) {
      printf("allocation %ld: %s\n", n, LITE_get_status_name(code));
      ++failures;
    }
    failing += code == LITE_OUT_OF_MEMORY;
  }
  printf("%ld allocations failed in turn, %ld noticed\n", n, failing);
  CHECK(failing > 50);
  CHECK(whole_life(&model, &custom) == LITE_OK);
  free(model.data);
  free(custom.data);
}

int main(void) {
  test_steady_run(affine_model(2));
  CHECK_OK(register_increment());
  test_steady_run(increment_model());
  CHECK_OK(LITE_unregister_operator("test.domain", "Increment", 1));
  test_failing_allocations();
  return check_report("memory");
}
