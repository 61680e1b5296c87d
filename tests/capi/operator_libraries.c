/* LITE_load_operator_library on libraries that are as they should be, and on others: operator_library.c. */
#include "check.h"
#include "model_writer.h"

static int is_listed(const char* name) {
  char *json = NULL, entry[100];
  int found;
  snprintf(entry, sizeof entry, "{\"name\": \"%s\", \"domain\": \"test.library\"", name);
  CHECK_OK(LITE_get_operators(&json));
  found = strstr(json, entry) != NULL;
  LITE_free_string(json);
  return found;
}

static void test_run(void) {
  const int64_t three = 3;
  Message graph = {NULL, 0}, model;
  LiteNetwork network = NULL;
  LiteTensor x = NULL, y = NULL;
  void *in = NULL, *out = NULL;
  add_value(&graph, 11, "x", ONNX_FLOAT, 1, &three);
  add_domain_node(&graph, "test.library", "Good", "x", "y", "the_node", NULL);
  add_value(&graph, 12, "y", ONNX_FLOAT, 1, &three);
  model = finish_domain_model(&graph, "test.library", 1);
  CHECK_OK(LITE_make_default_network(&network));
  CHECK_OK(LITE_load_model_memory(network, model.data, model.size, NULL));
  CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &x));
  CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &y));
  CHECK_OK(LITE_get_tensor_memory(x, &in));
  for (int i = 0; i < 3; ++i) ((float*)in)[i] = (float)i;
  CHECK_OK(LITE_forward(network));
  CHECK_OK(LITE_get_tensor_memory(y, &out));
  for (int i = 0; i < 3; ++i) CHECK(((const float*)out)[i] == (float)-i);
  CHECK_OK(LITE_destroy_network(network));
  free(model.data);
}

/* Paths of the libraries: good, failing, newer, twice, and one of no operators. */
int main(int argc, char** argv) {
  if (argc != 6) return 2;
  for (int times = 0; times < 2; ++times) { /* the second time it is left as it is */
    CHECK_OK(LITE_load_operator_library(argv[1]));
    CHECK(is_listed("Good"));
  }
  test_run();
  CHECK_ARGUMENT(LITE_load_operator_library(argv[2]));
  CHECK_TEXT(argv[2]);
  CHECK_TEXT("LITE_register_operators failed with LITE_INVALID_ARGUMENT");
  CHECK_TEXT("op->name is empty");
  CHECK(!is_listed("Failing"));
  CHECK_CODE(LITE_load_operator_library(argv[3]), LITE_UNSUPPORTED);
  CHECK_TEXT(argv[3]);
  CHECK_TEXT("it was built for version");
  CHECK(!is_listed("Newer"));
  CHECK_ARGUMENT(LITE_load_operator_library(argv[4]));
  CHECK_TEXT("is registered already");
  CHECK(!is_listed("Twice"));
  CHECK_CODE(LITE_load_operator_library(argv[5]), LITE_NOT_FOUND);
  CHECK_TEXT(argv[5]);
  CHECK_TEXT("it is no library of operators");
  return check_report("operator_libraries");
}
