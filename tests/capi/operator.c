/* Registered operators: what callbacks see and may do, failures at each stage, lifetimes, threads. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "check.h"
#include "model_writer.h"

#define DOMAIN "test.domain"

/* What a callback of Probe does, and what it saw. */
typedef struct Probe {
  atomic_int infers, creates, destroys, runs, releases;
  int infer_code, create_code, run_code;
  const char* message;
  int wrong_shape, no_shape;
} Probe;

static int fail_with(LiteOperatorContext context, int code, const char* message) {
  if (code != LITE_OK && message != NULL) LITE_operator_set_error(context, message);
  return code;
}

static int probe_infer(void* user_data, LiteOperatorContext context) {
  Probe* const probe = (Probe*)user_data;
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT;
  ++probe->infers;
  if (LITE_operator_get_input(context, 0, &x) != LITE_OK || !x.present) return LITE_INVALID_ARGUMENT;
  if (!probe->no_shape && LITE_operator_set_output(context, 0, x.dtype, x.rank, x.dims) != LITE_OK)
    return LITE_INVALID_ARGUMENT;
  return fail_with(context, probe->infer_code, probe->message);
}

static int probe_create(void* user_data, LiteOperatorContext context, void** state) {
  Probe* const probe = (Probe*)user_data;
  int64_t* const factor = (int64_t*)malloc(sizeof *factor);
  if (factor == NULL) return LITE_OUT_OF_MEMORY;
  *factor = 2;
  LITE_operator_get_attribute_int(context, "factor", factor);
  if (probe->create_code != LITE_OK) {
    free(factor);
    return fail_with(context, probe->create_code, probe->message);
  }
  ++probe->creates;
  *state = factor;
  return LITE_OK;
}

static void probe_destroy(void* user_data, void* state) {
  ++((Probe*)user_data)->destroys;
  free(state);
}

/* y = factor * x */
static int probe_run(void* user_data, void* state, LiteOperatorContext context) {
  Probe* const probe = (Probe*)user_data;
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  int code;
  ++probe->runs;
  if (probe->run_code != LITE_OK) return fail_with(context, probe->run_code, probe->message);
  if ((code = LITE_operator_get_input(context, 0, &x)) != LITE_OK) return code;
  if (probe->wrong_shape) {
    const int64_t dims[1] = {7};
    return LITE_operator_allocate_output(context, 0, LITE_FLOAT, 1, dims, NULL);
  }
  if ((code = LITE_operator_get_output(context, 0, &y)) != LITE_OK) return code;
  if (y.data == NULL) return LITE_OK; /* of no known shape */
  for (size_t i = 0; i < x.size / sizeof(float); ++i)
    ((float*)y.data)[i] = ((const float*)x.data)[i] * (float)*(const int64_t*)state;
  return LITE_OK;
}

static void probe_release(void* user_data) { ++((Probe*)user_data)->releases; }

static LiteOperator probe_operator(Probe* probe, const char* name) {
  LiteOperator op = LITE_OPERATOR_INIT;
  op.domain = DOMAIN;
  op.name = name;
  op.infer = probe_infer;
  op.create = probe_create;
  op.destroy = probe_destroy;
  op.run = probe_run;
  op.user_data = probe;
  op.release = probe_release;
  return op;
}

/* y[N,3] = op(x[N,3]), N known if batch is not -1; factor 0: no attribute */
static Message node_model(const char* op, int64_t batch, int64_t factor, int version) {
  const int64_t dims[2] = {batch, 3};
  Message graph = {NULL, 0}, attributes = {NULL, 0};
  if (factor != 0) put_int_attribute(&attributes, "factor", factor);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_domain_node(&graph, DOMAIN, op, "x", "y", "the_node", &attributes);
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  return finish_domain_model(&graph, DOMAIN, version);
}

/* Loads; the code is the load's. */
static int load(LiteNetwork* network, const Message* model) {
  CHECK_OK(LITE_make_default_network(network));
  return LITE_load_model_memory(*network, model->data, model->size, NULL);
}

/* Runs on rows of 1, 2, 3, ... and gives output 0. */
static int run(LiteNetwork network, int64_t rows, const float** y) {
  const int64_t dims[2] = {rows, 3};
  LiteTensor in = NULL, out = NULL;
  void* data = NULL;
  int code;
  CHECK_OK(LITE_get_io_tensor(network, "x", LITE_INPUT, &in));
  CHECK_OK(LITE_set_tensor_dims(in, LITE_FLOAT, 2, dims));
  CHECK_OK(LITE_get_tensor_memory(in, &data));
  for (int64_t i = 0; i < rows * 3; ++i) ((float*)data)[i] = (float)(i + 1);
  code = LITE_forward(network);
  if (code != LITE_OK) return code;
  CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &out));
  CHECK_OK(LITE_get_tensor_memory(out, &data));
  *y = (const float*)data;
  return LITE_OK;
}

static void test_life(void) {
  Probe probe = {0};
  const LiteOperator op = probe_operator(&probe, "Probe");
  Message model = node_model("Probe", -1, 5, 1), plain = node_model("Probe", 2, 0, 1);
  LiteNetwork network = NULL, shared = NULL, other = NULL;
  LiteIOInfo info = LITE_IO_INFO_INIT;
  const float* y = NULL;
  CHECK_OK(LITE_register_operator(&op));
  CHECK_ARGUMENT(LITE_register_operator(&op));
  CHECK_TEXT("'Probe' of domain 'test.domain', version 1, is registered already");
  CHECK_OK(load(&network, &model));
  CHECK(probe.creates == 1 && probe.runs == 0 && probe.infers > 0);
  /* the dimension that infer handed on is still that of the input */
  CHECK_OK(LITE_get_output_info(network, 0, &info));
  CHECK(info.rank == 2 && info.dims[0] == -1 && info.dims[1] == 3 && strcmp(info.dim_names[0], "N") == 0);
  for (int64_t rows = 1; rows < 4; ++rows) {
    CHECK_OK(run(network, rows, &y));
    for (int64_t i = 0; i < rows * 3; ++i) CHECK(y[i] == (float)(5 * (i + 1)));
  }
  CHECK(probe.creates == 1 && probe.runs == 3);

  CHECK_OK(LITE_make_default_network(&shared));
  CHECK_OK(LITE_shared_weight_with_network(shared, network));
  CHECK_OK(run(shared, 2, &y));
  CHECK(y[5] == 30 && probe.creates == 1);
  CHECK_OK(load(&other, &plain));
  CHECK_OK(run(other, 2, &y));
  CHECK(y[5] == 12 && probe.creates == 2);

  CHECK_OK(LITE_unregister_operator(DOMAIN, "Probe", 1));
  CHECK(probe.releases == 0);
  CHECK_CODE(LITE_unregister_operator(DOMAIN, "Probe", 1), LITE_NOT_FOUND);
  CHECK_OK(run(network, 2, &y));
  CHECK(y[5] == 30);
  /* made anew, with the operator that it was loaded with */
  CHECK_OK(LITE_set_option(network, "optimize", "0"));
  CHECK_OK(run(network, 2, &y));
  CHECK(y[5] == 30 && probe.creates == 3 && probe.destroys == 0);
  CHECK_OK(LITE_destroy_network(shared));
  CHECK(probe.destroys == 1);
  CHECK_OK(LITE_destroy_network(other));
  CHECK(probe.destroys == 2 && probe.releases == 0);
  CHECK_OK(LITE_destroy_network(network));
  CHECK(probe.destroys == 3 && probe.releases == 1);

  CHECK_CODE(load(&network, &model), LITE_UNSUPPORTED);
  CHECK_TEXT("there is no such operator");
  CHECK_OK(LITE_destroy_network(network));
  free(model.data);
  free(plain.data);
}

static void test_failures(void) {
  Probe probe = {0};
  const LiteOperator op = probe_operator(&probe, "Failing");
  Message model = node_model("Failing", 2, 0, 1);
  LiteNetwork network = NULL;
  LiteUnsupportedNode node = LITE_UNSUPPORTED_NODE_INIT;
  size_t count = 0;
  const float* y = NULL;
  CHECK_OK(LITE_register_operator(&op));

  probe.infer_code = LITE_INVALID_ARGUMENT;
  probe.message = "no such thing";
  CHECK_ARGUMENT(load(&network, &model));
  CHECK_TEXT("Failing 'the_node': infer failed with LITE_INVALID_ARGUMENT: no such thing");
  CHECK_OK(LITE_destroy_network(network));
  probe.infer_code = LITE_UNSUPPORTED;
  CHECK_CODE(load(&network, &model), LITE_UNSUPPORTED);
  CHECK_OK(LITE_get_unsupported_count(network, &count));
  CHECK(count == 1);
  CHECK_OK(LITE_get_unsupported_node(network, 0, &node));
  CHECK(strcmp(node.op_type, "Failing") == 0 && strcmp(node.domain, DOMAIN) == 0 &&
        strstr(node.reason, "no such thing") != NULL);
  CHECK_OK(LITE_destroy_network(network));
  probe.infer_code = LITE_OK;

  probe.create_code = LITE_IO_ERROR;
  CHECK_CODE(load(&network, &model), LITE_IO_ERROR);
  CHECK_TEXT("'the_node': create failed with LITE_IO_ERROR: no such thing");
  CHECK(probe.creates == 0 && probe.destroys == 0);
  CHECK_OK(LITE_destroy_network(network));
  probe.create_code = LITE_OK;

  CHECK_OK(load(&network, &model));
  probe.run_code = LITE_IO_ERROR;
  CHECK_CODE(run(network, 2, &y), LITE_IO_ERROR);
  CHECK_TEXT("test.domain.Failing 'the_node': run failed with LITE_IO_ERROR: no such thing");
  /* codes that say nothing, or what is not so */
  probe.message = NULL;
  for (int code = -99; code < 99; code += 99 + LITE_INTERNAL_ERROR) {
    probe.run_code = code == 0 ? 1 : code;
    CHECK_CODE(run(network, 2, &y), LITE_UNKNOWN_ERROR);
    CHECK_TEXT("'the_node': run failed with LITE_UNKNOWN_ERROR");
  }
  probe.run_code = LITE_CANCELLED;
  CHECK_CODE(run(network, 2, &y), LITE_UNKNOWN_ERROR);
  probe.run_code = LITE_OK;
  /* the text of a function of the library that failed in it */
  probe.wrong_shape = 1;
  CHECK_CODE(run(network, 2, &y), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("output 0 is float32[7] in the run, float32[2,3] was inferred");
  probe.wrong_shape = 0;
  CHECK_OK(run(network, 2, &y));
  CHECK(y[5] == 12);
  CHECK_OK(LITE_destroy_network(network));

  /* shapes that only the run knows, and that it does not tell */
  probe.no_shape = 1;
  CHECK_OK(load(&network, &model));
  CHECK_CODE(run(network, 2, &y), LITE_SHAPE_MISMATCH);
  CHECK_TEXT("the run gave output 0 no shape");
  CHECK_OK(LITE_destroy_network(network));
  CHECK(probe.creates == probe.destroys && probe.releases == 0);
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Failing", 1));
  CHECK(probe.releases == 1);
  free(model.data);
}

static void test_registering(void) {
  static char long_name[2000];
  Probe probe = {0};
  LiteOperator op = probe_operator(&probe, "Checked");
  const uint64_t types[2] = {LITE_TYPE_BIT(LITE_FLOAT) | LITE_TYPE_BIT(LITE_INT64), LITE_TYPE_BIT(10)};
  memset(long_name, 'x', sizeof long_name - 1);
  CHECK_ARGUMENT(LITE_register_operator(NULL));
  CHECK_ARGUMENT(LITE_unregister_operator(DOMAIN, NULL, 1));
#define REFUSED(field, value)                         \
  do {                                                \
    LiteOperator changed = op;                        \
    changed.field = value;                            \
    CHECK_ARGUMENT(LITE_register_operator(&changed)); \
    CHECK_TEXT(#field);                               \
  } while (0)
  REFUSED(struct_size, 0);
  REFUSED(name, NULL);
  REFUSED(name, "");
  REFUSED(name, long_name);
  REFUSED(domain, long_name);
  REFUSED(run, NULL);
  REFUSED(create, NULL); /* destroy without it */
  REFUSED(since_version, 0);
  REFUSED(min_inputs, -1);
  REFUSED(min_inputs, 2);
  REFUSED(max_inputs, 100000);
  REFUSED(min_outputs, 0);
  REFUSED(max_outputs, 0);
  REFUSED(input_type_count, -1);
  REFUSED(flags, LITE_OPERATOR_SAME_AS_INPUT); /* beside infer */
#undef REFUSED
  op.min_inputs = 0;
  op.max_inputs = -1;
  CHECK_ARGUMENT(LITE_register_operator(&op));
  op.min_inputs = op.max_inputs = 1;
  op.flags = 1u << 30;
  CHECK_CODE(LITE_register_operator(&op), LITE_UNSUPPORTED);
  op.flags = 0;
  op.input_types = types;
  CHECK_ARGUMENT(LITE_register_operator(&op));
  op.input_type_count = 2;
  CHECK_ARGUMENT(LITE_register_operator(&op));
  CHECK_TEXT("bit 10");
  op.input_type_count = 1;

  /* the library's own, and what it replaces when it loads a model */
  op.name = "Conv";
  op.domain = "";
  CHECK_ARGUMENT(LITE_register_operator(&op));
  CHECK_TEXT("the library's own");
  op.domain = "ai.onnx";
  CHECK_ARGUMENT(LITE_register_operator(&op));
  op.name = "Upsample";
  op.domain = NULL;
  CHECK_ARGUMENT(LITE_register_operator(&op));
  op.name = "Constant";
  CHECK_ARGUMENT(LITE_register_operator(&op));
  op.name = "Anything";
  op.domain = "lite";
  CHECK_ARGUMENT(LITE_register_operator(&op));
  CHECK(probe.releases == 0);

  /* of no opset of ONNX's, in its domain */
  op.domain = "ai.onnx";
  CHECK_OK(LITE_register_operator(&op));
  {
    char* json = NULL;
    CHECK_OK(LITE_get_operators(&json));
    CHECK(strstr(json,
                 "{\"name\": \"Anything\", \"domain\": \"\", \"since\": 1, \"inputs\": [{\"name\": "
                 "\"input\", \"types\": [\"float32\", \"int64\"], \"arity\": \"required\"}]") != NULL);
    LITE_free_string(json);
  }
  CHECK_OK(LITE_unregister_operator(NULL, "Anything", 1));
  CHECK(probe.releases == 1);
}

/* The newest version that the model's opset reaches; element types. */
static void test_versions(void) {
  Probe first = {0}, third = {0};
  const uint64_t integers = LITE_TYPE_BIT(LITE_INT);
  LiteOperator op = probe_operator(&first, "Versioned");
  LiteNetwork network = NULL;
  CHECK_OK(LITE_register_operator(&op));
  op.user_data = &third;
  op.since_version = 3;
  op.input_types = &integers;
  op.input_type_count = 1;
  CHECK_OK(LITE_register_operator(&op));
  for (int version = 1; version < 5; ++version) {
    Message model = node_model("Versioned", 2, 0, version);
    first.infers = 0;
    CHECK_CODE(load(&network, &model), version < 3 ? LITE_OK : LITE_UNSUPPORTED);
    CHECK((first.infers > 0) == (version < 3) && third.infers == 0);
    if (version >= 3) CHECK_TEXT("input 0 'input' is float32; allowed: int32");
    CHECK_OK(LITE_destroy_network(network));
    free(model.data);
  }
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Versioned", 1));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Versioned", 3));
  CHECK(first.releases == 1 && third.releases == 1);
}

/* first[N,3], second[2] = of x, an input left out, and z */
static int several_infer(void* user_data, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, t = LITE_OPERATOR_TENSOR_INIT;
  const int64_t two = 2;
  size_t inputs = 0, outputs = 0;
  (void)user_data;
  CHECK_OK(LITE_operator_get_input_count(context, &inputs));
  CHECK_OK(LITE_operator_get_output_count(context, &outputs));
  CHECK(inputs == 3 && outputs >= 1);
  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK(x.present && x.dtype == LITE_FLOAT && x.rank == 2 && x.dims[1] == 3);
  CHECK_OK(LITE_operator_get_input(context, 1, &t));
  CHECK(!t.present);
  CHECK_OK(LITE_operator_get_input(context, 2, &t));
  CHECK(t.present && t.rank == 1 && t.dims[0] == 3 && t.data != NULL && t.size == 12);
  CHECK_OK(LITE_operator_get_input(context, 3, &t));
  CHECK(!t.present);
  CHECK_ARGUMENT(LITE_operator_get_output(context, 0, &t));
  CHECK_ARGUMENT(LITE_operator_allocate_output(context, 0, LITE_FLOAT, 1, &two, NULL));
  CHECK_ARGUMENT(LITE_operator_set_output(context, 0, 10, 1, &two));
  CHECK_ARGUMENT(LITE_operator_set_output(context, 0, LITE_FLOAT, 65, &two));
  CHECK_ARGUMENT(LITE_operator_set_output(context, 0, LITE_FLOAT, 1, NULL));
  CHECK_OK(LITE_operator_set_output(context, 0, LITE_FLOAT, 2, x.dims));
  CHECK_OK(LITE_operator_set_output(context, 1, LITE_INT64, 1, &two));
  CHECK_OK(LITE_operator_set_output(context, 2, LITE_INT64, 1, &two)); /* there is none */
  return LITE_OK;
}

static int several_run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, z = x, first = x, second = x, none = x;
  const char* name = NULL;
  int64_t value = 77;
  size_t length = 0;
  LiteAttributeType type;
  const int64_t* ints = NULL;
  (void)user_data;
  CHECK(state == NULL);
  CHECK_OK(LITE_operator_get_node_name(context, &name));
  CHECK(strcmp(name, "the_node") == 0);
  CHECK_OK(LITE_operator_get_attribute_count(context, &length));
  CHECK(length == 1);
  CHECK_OK(LITE_operator_get_attribute_name(context, 0, &name));
  CHECK(strcmp(name, "factor") == 0);
  CHECK_ARGUMENT(LITE_operator_get_attribute_name(context, 1, &name));
  CHECK_OK(LITE_operator_get_attribute_type(context, "factor", &type, &length));
  CHECK(type == LITE_ATTRIBUTE_INT && length == 1);
  CHECK_CODE(LITE_operator_get_attribute_int(context, "missing", &value), LITE_NOT_FOUND);
  CHECK_ARGUMENT(LITE_operator_get_attribute_ints(context, "factor", &ints, &length));
  CHECK_TEXT("attribute 'factor' is of type int, ints is wanted");
  CHECK(value == 77);
  CHECK_OK(LITE_operator_get_attribute_int(context, "factor", &value));
  CHECK(value == 3);
  CHECK_ARGUMENT(LITE_operator_set_output(context, 0, LITE_FLOAT, 0, NULL));

  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK_OK(LITE_operator_get_input(context, 2, &z));
  CHECK_OK(LITE_operator_get_output(context, 0, &first));
  CHECK_OK(LITE_operator_get_output(context, 1, &second));
  CHECK_OK(LITE_operator_get_output(context, 2, &none));
  CHECK(first.present && first.data != NULL && first.size == x.size && !none.present);
  for (size_t i = 0; i < x.size / sizeof(float); ++i)
    ((float*)first.data)[i] = ((const float*)x.data)[i] + ((const float*)z.data)[i % 3];
  if (second.present) {
    CHECK(second.dtype == LITE_INT64 && second.size == 16);
    ((int64_t*)second.data)[0] = x.dims[0];
    ((int64_t*)second.data)[1] = value;
  }
  return LITE_OK;
}

static void test_several(int with_second) {
  static const float z[3] = {10, 20, 30};
  const int64_t dims[2] = {-1, 3}, three = 3, two = 2;
  LiteOperator op = LITE_OPERATOR_INIT;
  Message graph = {NULL, 0}, attributes = {NULL, 0}, model;
  LiteNetwork network = NULL;
  LiteTensor out = NULL;
  void* data = NULL;
  const float* y = NULL;
  op.domain = DOMAIN;
  op.name = "Several";
  op.max_inputs = 4;
  op.max_outputs = 3;
  op.infer = several_infer;
  op.run = several_run;
  CHECK_OK(LITE_register_operator(&op));
  put_int_attribute(&attributes, "factor", 3);
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_initializer(&graph, "z", 1, &three, z);
  add_domain_node(&graph, DOMAIN, "Several", "x  z", "y second", "the_node", &attributes);
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  if (with_second) add_value(&graph, 12, "second", ONNX_INT64, 1, &two);
  model = finish_domain_model(&graph, DOMAIN, 1);
  CHECK_OK(load(&network, &model));
  for (int64_t rows = 0; rows < 3; ++rows) {
    CHECK_OK(run(network, rows, &y));
    for (int64_t i = 0; i < rows * 3; ++i) CHECK(y[i] == (float)(i + 1) + z[i % 3]);
    if (!with_second) continue;
    CHECK_OK(LITE_get_io_tensor(network, "second", LITE_OUTPUT, &out));
    CHECK_OK(LITE_get_tensor_memory(out, &data));
    CHECK(((const int64_t*)data)[0] == rows && ((const int64_t*)data)[1] == 3);
  }
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Several", 1));
  free(model.data);
}

/* y = the positive elements of x, of which only the run knows how many */
static int positive_run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  int64_t n = 0;
  void* data = NULL;
  int code;
  (void)user_data;
  (void)state;
  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK_OK(LITE_operator_get_output(context, 0, &y));
  CHECK(y.present && y.data == NULL && y.rank == -1);
  for (size_t i = 0; i < x.size / sizeof(float); ++i) n += ((const float*)x.data)[i] > 2;
  CHECK_ARGUMENT(LITE_operator_allocate_output(context, 1, LITE_FLOAT, 1, &n, &data));
  code = LITE_operator_allocate_output(context, 0, LITE_FLOAT, 1, &n, &data);
  if (code != LITE_OK) return code;
  n = 0;
  for (size_t i = 0; i < x.size / sizeof(float); ++i)
    if (((const float*)x.data)[i] > 2) ((float*)data)[n++] = ((const float*)x.data)[i];
  return LITE_OK;
}

static void test_data_dependent(void) {
  const int64_t dims[2] = {-1, 3}, unknown = -1;
  LiteOperator op = LITE_OPERATOR_INIT;
  Message graph = {NULL, 0}, model;
  LiteNetwork network = NULL;
  LiteTensor out = NULL;
  int64_t got = -1;
  const float* y = NULL;
  op.domain = DOMAIN;
  op.name = "Positive";
  op.run = positive_run;
  CHECK_OK(LITE_register_operator(&op));
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_domain_node(&graph, DOMAIN, "Positive", "x", "p", "the_node", NULL);
  add_node(&graph, "Neg", "p", "y", "neg");
  add_value(&graph, 12, "y", ONNX_FLOAT, 1, &unknown);
  model = finish_domain_model(&graph, DOMAIN, 1);
  CHECK_OK(load(&network, &model));
  for (int64_t rows = 2; rows > 0; --rows) {
    CHECK_OK(run(network, rows, &y));
    CHECK_OK(LITE_get_io_tensor(network, "y", LITE_OUTPUT, &out));
    CHECK_OK(LITE_get_tensor_dims(out, 1, &got));
    CHECK(got == rows * 3 - 2);
    for (int64_t i = 0; i < got; ++i) CHECK(y[i] == (float)(-3 - i));
  }
  CHECK_OK(LITE_set_option(network, "arena_limit", "8"));
  CHECK_CODE(run(network, 2, &y), LITE_LIMIT_EXCEEDED);
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Positive", 1));
  free(model.data);
}

/* ---- tasks, and stopping */

typedef struct Loop {
  LiteOperatorContext context;
  const float* x;
  float* y;
  int64_t failing;
  atomic_int done;
  int wait;
} Loop;

static int square(void* data, int64_t index) {
  Loop* const loop = (Loop*)data;
  if (index == loop->failing) return LITE_NOT_FOUND;
  loop->y[index] = loop->x[index] * loop->x[index];
  ++loop->done;
  return LITE_OK;
}

static int wait_for_stop(void* data, int64_t index) {
  int stop = 0;
  (void)index;
  while (!stop)
    if (LITE_operator_should_stop(((Loop*)data)->context, &stop) != LITE_OK) return LITE_UNKNOWN_ERROR;
  return LITE_OK;
}

static int loop_run(void* user_data, void* state, LiteOperatorContext context) {
  Loop* const loop = (Loop*)user_data;
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  size_t threads = 0;
  (void)state;
  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK_OK(LITE_operator_get_output(context, 0, &y));
  CHECK_OK(LITE_operator_get_threads(context, &threads));
  CHECK(threads == 2);
  CHECK_ARGUMENT(LITE_operator_parallel_for(context, -1, square, loop));
  CHECK_ARGUMENT(LITE_operator_parallel_for(context, 1, NULL, loop));
  CHECK_OK(LITE_operator_parallel_for(context, 0, square, loop));
  loop->context = context;
  loop->x = (const float*)x.data;
  loop->y = (float*)y.data;
  loop->done = 0;
  if (loop->wait) return LITE_operator_parallel_for(context, 2, wait_for_stop, loop);
  return LITE_operator_parallel_for(context, (int64_t)(x.size / sizeof(float)), square, loop);
}

static void test_loops(void) {
  Loop loop = {.failing = -1};
  LiteOperator op = LITE_OPERATOR_INIT;
  Message model = node_model("Loop", -1, 0, 1);
  LiteNetwork network = NULL;
  const float* y = NULL;
  op.domain = DOMAIN;
  op.name = "Loop";
  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
  op.run = loop_run;
  op.user_data = &loop;
  CHECK_OK(LITE_set_process_threads(2));
  CHECK_OK(LITE_register_operator(&op));
  CHECK_OK(load(&network, &model));
  CHECK_OK(LITE_set_option(network, "threads", "2"));
  CHECK_OK(run(network, 300, &y));
  CHECK(loop.done == 900);
  for (int i = 0; i < 900; ++i) CHECK(y[i] == (float)(i + 1) * (float)(i + 1));
  loop.failing = 5;
  CHECK_CODE(run(network, 300, &y), LITE_NOT_FOUND);
  CHECK_TEXT("task 5");
  CHECK(loop.done < 900);
  loop.failing = -1;
  loop.wait = 1;
  CHECK_OK(LITE_set_run_timeout(network, 20000));
  CHECK_CODE(run(network, 2, &y), LITE_TIMED_OUT);
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Loop", 1));
  CHECK_OK(LITE_set_process_threads(0));
  free(model.data);
}

/* A callback may use the library, but not the network that it is called for. */
static LiteNetwork own_network, other_network;
static int nested_run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  const float* twice = NULL;
  (void)user_data;
  (void)state;
  CHECK_CODE(LITE_forward(own_network), LITE_BUSY);
  CHECK_OK(run(other_network, 2, &twice));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Nested", 1));
  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK_OK(LITE_operator_get_output(context, 0, &y));
  memcpy(y.data, x.data, x.size);
  return twice != NULL && twice[0] == 2 ? LITE_OK : LITE_INVALID_ARGUMENT;
}

static void test_nested(void) {
  Probe probe = {0};
  LiteOperator inner = probe_operator(&probe, "Probe"), op = LITE_OPERATOR_INIT;
  Message model = node_model("Nested", 2, 0, 1), other = node_model("Probe", 2, 0, 1);
  const float* y = NULL;
  op.domain = DOMAIN;
  op.name = "Nested";
  op.flags = LITE_OPERATOR_SAME_AS_INPUT;
  op.run = nested_run;
  op.user_data = &probe;
  op.release = probe_release;
  CHECK_OK(LITE_register_operator(&inner));
  CHECK_OK(LITE_register_operator(&op));
  CHECK_OK(load(&own_network, &model));
  CHECK_OK(load(&other_network, &other));
  CHECK_OK(run(own_network, 2, &y));
  CHECK(y[5] == 6 && probe.releases == 0);
  CHECK_OK(LITE_destroy_network(own_network));
  CHECK(probe.releases == 1);
  CHECK_OK(LITE_destroy_network(other_network));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Probe", 1));
  CHECK(probe.releases == 2);
  free(model.data);
  free(other.data);
}

/* Some threads register, load, run and unregister one operator while another registers others. */
static Probe common;
static atomic_int working;
static void* work(void* model) {
  const LiteOperator op = probe_operator(&common, "Common");
  for (int i = 0; i < 40; ++i) {
    LiteNetwork network = NULL;
    const float* y = NULL;
    LITE_register_operator(&op);
    if (load(&network, (const Message*)model) == LITE_OK) {
      CHECK_OK(run(network, 2, &y));
      CHECK(y[5] == 12);
    }
    LITE_unregister_operator(DOMAIN, "Common", 1);
    CHECK_OK(LITE_destroy_network(network));
  }
  --working;
  return NULL;
}

static void test_threads(void) {
  Probe probe = {0};
  const LiteOperator op = probe_operator(&probe, "Another");
  Message model = node_model("Common", 2, 0, 1);
  pthread_t threads[3];
  int registered = 0;
  working = 3;
  for (int i = 0; i < 3; ++i) CHECK(pthread_create(&threads[i], NULL, work, &model) == 0);
  while (working > 0) {
    CHECK_OK(LITE_register_operator(&op));
    CHECK_OK(LITE_unregister_operator(DOMAIN, "Another", 1));
    ++registered;
  }
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  CHECK(probe.releases == registered);
  CHECK(common.creates == common.destroys && common.runs > 0 && common.releases > 0);
  free(model.data);
}

static int pure_runs;
static int constant_run(void* user_data, void* state, LiteOperatorContext context) {
  LiteOperatorTensor x = LITE_OPERATOR_TENSOR_INIT, y = LITE_OPERATOR_TENSOR_INIT;
  (void)user_data;
  (void)state;
  ++pure_runs;
  CHECK_OK(LITE_operator_get_input(context, 0, &x));
  CHECK_OK(LITE_operator_get_output(context, 0, &y));
  for (size_t i = 0; i < x.size / sizeof(float); ++i) ((float*)y.data)[i] = ((const float*)x.data)[i] + 1;
  return LITE_OK;
}

/* Only what is pure is computed when the model is loaded. */
static void test_pure(int pure) {
  static const float w[3] = {1, 2, 3};
  const int64_t dims[2] = {2, 3}, three = 3;
  LiteOperator op = LITE_OPERATOR_INIT;
  Message graph = {NULL, 0}, model;
  LiteNetwork network = NULL;
  const float* y = NULL;
  op.domain = DOMAIN;
  op.name = "Constant";
  op.flags = LITE_OPERATOR_SAME_AS_INPUT | (pure ? LITE_OPERATOR_PURE : 0u);
  op.run = constant_run;
  CHECK_OK(LITE_register_operator(&op));
  add_value(&graph, 11, "x", ONNX_FLOAT, 2, dims);
  add_initializer(&graph, "w", 1, &three, w);
  add_domain_node(&graph, DOMAIN, "Constant", "w", "v", "the_node", NULL);
  add_node(&graph, "Mul", "x v", "y", "mul");
  add_value(&graph, 12, "y", ONNX_FLOAT, 2, dims);
  model = finish_domain_model(&graph, DOMAIN, 1);
  pure_runs = 0;
  CHECK_OK(load(&network, &model));
  CHECK(pure_runs == pure);
  CHECK_OK(run(network, 2, &y));
  CHECK_OK(run(network, 2, &y));
  CHECK(y[5] == 24 && pure_runs == (pure ? 1 : 2));
  CHECK_OK(LITE_destroy_network(network));
  CHECK_OK(LITE_unregister_operator(DOMAIN, "Constant", 1));
  free(model.data);
}

static void test_nulls(void) {
  LiteOperatorTensor t = LITE_OPERATOR_TENSOR_INIT;
  LiteAttributeType type;
  const char* text = NULL;
  const int64_t* ints = NULL;
  const float* floats = NULL;
  int64_t i = 0;
  float f = 0;
  size_t n = 0;
  int stop = 0;
  CHECK_ARGUMENT(LITE_operator_get_node_name(NULL, &text));
  CHECK_ARGUMENT(LITE_operator_get_input_count(NULL, &n));
  CHECK_ARGUMENT(LITE_operator_get_output_count(NULL, &n));
  CHECK_ARGUMENT(LITE_operator_get_input(NULL, 0, &t));
  CHECK_ARGUMENT(LITE_operator_get_input_string(NULL, 0, 0, &text, &n));
  CHECK_ARGUMENT(LITE_operator_set_error(NULL, "x"));
  CHECK_ARGUMENT(LITE_operator_get_attribute_count(NULL, &n));
  CHECK_ARGUMENT(LITE_operator_get_attribute_name(NULL, 0, &text));
  CHECK_ARGUMENT(LITE_operator_get_attribute_type(NULL, "a", &type, &n));
  CHECK_ARGUMENT(LITE_operator_get_attribute_int(NULL, "a", &i));
  CHECK_ARGUMENT(LITE_operator_get_attribute_float(NULL, "a", &f));
  CHECK_ARGUMENT(LITE_operator_get_attribute_string(NULL, "a", 0, &text, &n));
  CHECK_ARGUMENT(LITE_operator_get_attribute_ints(NULL, "a", &ints, &n));
  CHECK_ARGUMENT(LITE_operator_get_attribute_floats(NULL, "a", &floats, &n));
  CHECK_ARGUMENT(LITE_operator_get_attribute_tensor(NULL, "a", &t));
  CHECK_ARGUMENT(LITE_operator_set_output(NULL, 0, LITE_FLOAT, 0, NULL));
  CHECK_ARGUMENT(LITE_operator_get_output(NULL, 0, &t));
  CHECK_ARGUMENT(LITE_operator_allocate_output(NULL, 0, LITE_FLOAT, 0, NULL, NULL));
  CHECK_ARGUMENT(LITE_operator_set_output_string(NULL, 0, 0, "", 0));
  CHECK_ARGUMENT(LITE_operator_parallel_for(NULL, 1, square, NULL));
  CHECK_ARGUMENT(LITE_operator_get_threads(NULL, &n));
  CHECK_ARGUMENT(LITE_operator_should_stop(NULL, &stop));
  CHECK_ARGUMENT(LITE_load_operator_library(NULL));
  CHECK_CODE(LITE_load_operator_library("./no_such_library.so"), LITE_NOT_FOUND);
  CHECK_TEXT("'./no_such_library.so': ");
}

int main(void) {
  test_nulls();
  test_registering();
  test_life();
  test_failures();
  test_versions();
  test_several(0);
  test_several(1);
  test_data_dependent();
  test_loops();
  test_nested();
  test_pure(0);
  test_pure(1);
  test_threads();
  return check_report("operator");
}
